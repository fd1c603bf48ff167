import { purposeOf } from '../../../text/purpose.ts';
import { type Emit, type ProgramView, placeAt, type Recogniser } from '../recogniser.ts';
import type { Expression } from '../summary.ts';
import { inFiles } from '../views.ts';

/** A drive and a folder; `C:/` alone is a comparison or an example. */
const drive = /^(?:file:\/{2,3})?[A-Za-z]:[\\/]{1,2}[\w$%.-]/;
const longest = 120;

const isLocalOnly = (profile: string | undefined): boolean =>
  profile !== undefined && ['development', 'test'].includes(purposeOf(`${profile}.yml`));
/** Keys by which a program chooses among platforms: `Globals.path.windows`. */
const namesPlatform = /(?:^|[._-])(?:win|windows|pc|local|dev|test|sample)(?:$|[._-])/i;

/** Folders of a Windows machine in settings, which the packed archive takes with it. */
function emitSettings(view: ProgramView, emit: Emit): void {
  for (const { key, text, place, profile, when } of view.settings.all) {
    if (!drive.test(text) || namesPlatform.test(key) || isLocalOnly(profile)) continue;
    emit('host-path', place, { path: text.slice(0, longest), os: 'windows' }, { when });
  }
}

const opens = /(?:^|\.)(?:File|FileInputStream|FileOutputStream|FileReader|FileWriter|RandomAccessFile|PrintWriter)$/;

const driveIn = (argument: Expression | undefined): string | undefined => {
  const first = argument?.is === 'sum' ? argument.parts[0] : argument;
  return first?.is === 'text' && drive.test(first.value) ? first.value : undefined;
};

const openedFolders = inFiles(({ path, methods }) =>
  methods.flatMap(({ method }) => {
    const opened = [
      ...method.creations.filter(({ type }) => opens.test(type)),
      ...method.calls.filter(
        ({ name, on }) => on?.is === 'name' && /^(?:Paths|Path)$/.test(on.path.at(-1) ?? '') && /^(?:get|of)$/.test(name),
      ),
    ];
    return opened.flatMap(({ args, at }) => {
      const found = driveIn(args[0]);
      return found ? [{ found, place: placeAt(path, at) }] : [];
    });
  }),
);

const pathField = /dir|path|folder|upload|file|root|dic|home|location/i;
const otherField = /win|test|sample|example|default|pattern|regex/i;
const keptFolders = inFiles(({ path, types }) =>
  types.flatMap(({ type }) =>
    type.fields.flatMap(({ name, value, modifiers, at }) => {
      // What is no constant is a default that settings replace.
      const found = modifiers.includes('final') ? driveIn(value) : undefined;
      return found && pathField.test(name) && !otherField.test(name) && !otherField.test(type.name)
        ? [{ found, place: placeAt(path, at) }]
        : [];
    }),
  ),
);

/** Files and folders of a Windows machine: in settings, and where code opens them. */
export const hostPaths: Recogniser = {
  text: [':\\\\', ':/'],
  recognise(view, emit) {
    emitSettings(view, emit);
    for (const { found, place } of [...openedFolders(view), ...keptFolders(view)])
      emit('host-path', place, { path: found.slice(0, longest), os: 'windows' });
  },
};
