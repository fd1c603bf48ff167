import { isMachineFolder } from '../../../text/machine-folders.ts';
import { purposeOf } from '../../../text/purpose.ts';
import { type Emit, type ProgramView, placeAt, type Recogniser } from '../recogniser.ts';
import type { Expression, Method } from '../summary.ts';
import { inFiles } from '../views.ts';
import { isForAll } from './packed-settings.ts';

/** A drive and a folder; `C:/` alone is a comparison or an example. */
const drive = /^(?:file:\/{2,3})?[A-Za-z]:[\\/]{1,2}[\w$%.-]/;
const longest = 120;

const isLocalOnly = (profile: string | undefined): boolean =>
  profile !== undefined && ['development', 'test'].includes(purposeOf(`${profile}.yml`));
/** Keys by which a program chooses among platforms: `Globals.path.windows`. */
const namesPlatform = /(?:^|[._-])(?:win|windows|pc|local|dev|test|sample)(?:$|[._-])/i;

/** `upload.dir=/upload/pictures`: a folder beside those of the system. */
const ownFolder = /^\/(?:uploads?|uploadfiles?|files?|images?|data|storage|attach(?:ments?)?)\/[\w.-]+/i;
const keepsFiles = /(?:path|dir|folder|store|storage|upload|root|home|local)[\w-]*$/i;

/** Folders of one machine in settings, which the packed archive takes with it; a variable of Spring Boot may replace them. */
function emitSettings(view: ProgramView, emit: Emit): void {
  for (const setting of view.settings.all) {
    const { key, text, place, profile, when } = setting;
    const isFolder = keepsFiles.test(key) && (isMachineFolder(text) || ownFolder.test(text));
    if (isFolder && isForAll(setting, view)) emit('host-path', place, { path: text.slice(0, longest), os: 'unix' }, { when });
    if (!drive.test(text) || namesPlatform.test(key) || isLocalOnly(profile)) continue;
    emit('host-path', place, { path: text.slice(0, longest), os: 'windows' }, { when });
  }
}

const opens = /(?:^|\.)(?:File|FileInputStream|FileOutputStream|FileReader|FileWriter|RandomAccessFile|PrintWriter)$/;

const firstText = (argument: Expression | undefined): string | undefined => {
  const first = argument?.is === 'sum' ? argument.parts[0] : argument;
  return first?.is === 'text' ? first.value : undefined;
};
const driveIn = (argument: Expression | undefined): string | undefined => {
  const text = firstText(argument);
  return text !== undefined && drive.test(text) ? text : undefined;
};
const homeIn = (argument: Expression | undefined): string | undefined => {
  const text = firstText(argument);
  return text !== undefined && isMachineFolder(text) ? text : undefined;
};

/** `String path = "D:/reports/all.csv"; new FileReader(path)`: a variable that is set once. */
const writtenIn = (argument: Expression | undefined, { locals, assignments }: Method): Expression | undefined => {
  const [name] = argument?.is === 'name' && argument.path.length === 1 ? argument.path : [];
  const written = name === undefined ? [] : locals.filter((local) => local.name === name);
  return written.length === 1 && !assignments.some(({ target }) => target[0] === name) ? written[0]!.value : argument;
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
      const written = writtenIn(args[0], method);
      const found = driveIn(written) ?? homeIn(written);
      return found ? [{ found, place: placeAt(path, written === args[0] ? at : written!.at) }] : [];
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

/** Files and folders of one machine: in settings, and where code opens them. */
export const hostPaths: Recogniser = {
  text: [':\\\\', ':/', '"/home/', '"/Users/', '"/opt/', '"/srv/', '"/mnt/', '"/var/'],
  recognise(view, emit) {
    emitSettings(view, emit);
    for (const { found, place } of [...openedFolders(view), ...keptFolders(view)])
      emit('host-path', place, { path: found.slice(0, longest), os: drive.test(found) ? 'windows' : 'unix' });
  },
};
