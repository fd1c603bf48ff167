import { isDevelopmentFile } from '../development.ts';
import { type CallSite, type Recogniser, textOf } from '../recogniser.ts';
import { generators } from './secrets.ts';
import { anchor } from './servers.ts';

const opensToWrite = (call: CallSite): boolean => call.dotted === 'open' && /[wx]/.test(textOf(call.argument('mode', 1)) ?? '');
const saysSecret = /secret|(?:^|[_./-])key|signing/i;

/** A start that finds no key in a file makes one and writes it there: each copy has a key of its own. */
export const keyFiles: Recogniser = {
  id: 'key-files',
  recognise(program, emit) {
    const seen = new Set<string>();
    for (const { dotted, within, path } of program.calls) {
      if (within === undefined || seen.has(within) || !generators.test(`${dotted}()`) || !program.runsAtStart(within)) continue;
      seen.add(within);
      const write = program.callsWithin(within).find(opensToWrite);
      const name = program.evaluator.functionOf(within)?.name ?? '';
      if (!write || !saysSecret.test(`${name} ${textOf(write.args[0]) ?? ''}`) || isDevelopmentFile(path, program.root)) continue;
      emit('file-write', anchor(write), {
        library: 'builtins',
        api: 'open',
        target: write.args[0],
        content: 'key',
        temporary: false,
        duringRequest: false,
      });
    }
  },
};
