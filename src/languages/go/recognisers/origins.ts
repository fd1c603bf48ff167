import type { Value } from '../../../facts.ts';
import { anchor, type Emit, type ProgramView, type Recogniser } from '../recogniser.ts';

/** Settings of the libraries that answer for CORS. */
const settings = /(?:^|\/)cors(?:\/v\d+)?\.(?:Config|Options)$|(?:^|\/)middleware\.CORSConfig$/;
const fields = ['AllowOrigins', 'AllowedOrigins'];

/** The origins, where all of them are written down; fiber takes one text with commas. */
function originsOf(value: Value | undefined): readonly string[] {
  if (value?.is === 'literal') return typeof value.value === 'string' ? value.value.split(',').map((one) => one.trim()) : [];
  if (value?.is !== 'list') return [];
  const all = value.items.map((item) => (item.is === 'literal' ? String(item.value) : ''));
  return all.includes('') ? [] : all;
}
const isWritten = (value: Value | undefined): boolean => {
  const found = originsOf(value);
  return found.length > 0 && found.every((origin) => /^https?:\/\/[^*]/.test(origin));
};

function findWritten(program: ProgramView, emit: Emit): boolean {
  for (const one of program.literals)
    for (const name of settings.test(one.type) ? fields : []) {
      const value = one.field(name);
      if (!value || !isWritten(value) || one.when?.length) continue;
      emit('environment-config', { ...anchor(one), place: value.place }, { how: 'origins', environments: [] });
      return true;
    }
  return false;
}

/** Origins of browsers that may call, written down. */
export const origins: Recogniser = {
  id: 'origins',
  recognise(program, emit) {
    if (program.importedLike(/cors|echo/) === undefined || findWritten(program, emit)) return;
    // `config := cors.DefaultConfig(); config.AllowOrigins = …`
    for (const name of fields)
      for (const one of program.evaluator.index.fields(name)) {
        const { value } = program.evaluator.assignedOption(one);
        if (program.importedLike(/gin-contrib\/cors/) === undefined || !isWritten(value) || one.own.when?.length) continue;
        emit('environment-config', { place: value.place }, { how: 'origins', environments: [] });
        return;
      }
  },
};
