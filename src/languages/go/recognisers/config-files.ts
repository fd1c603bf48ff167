import { isAcceptedSecret, isDescriptivePath, judgeFallback } from '../../../text/secret-literals.ts';
import { secretKindOf } from '../../../text/secret-shapes.ts';
import type { Place } from '../../../types.ts';
import { isDevelopmentFile } from '../development.ts';
import { type CallSite, type Emit, type ProgramView, type Recogniser, textOf } from '../recogniser.ts';

/** Calls that read a file of settings, with the argument that names it. */
const loaders: readonly (readonly [RegExp, number])[] = [
  [/(?:^|\/)ini(?:\.v1)?\.(?:Load|LooseLoad|InsensitiveLoad)$/, 0],
  [/^viper\.(?:Viper\.)?SetConfigFile$/, 0],
  [/(?:^|\/)toml\.(?:DecodeFile|LoadFile)$/, 0],
  [/(?:^|\/)configor\.(?:Configor\.)?Load$/, 1],
  [/(?:^|\/)cleanenv\.ReadConfig$/, 0],
  [/(?:^|\/)conf\.(?:Load|MustLoad)$/, 0],
  [/^(?:os\.(?:Open|ReadFile)|io\/ioutil\.ReadFile)$/, 0],
];
const isSettingsFile = (path: string): boolean => /\.(?:ini|conf|cfg|toml|ya?ml|json|properties)$/i.test(path);
/** Names of files that are meant for a machine of developers, or to be copied. */
const isForOthers = (path: string): boolean =>
  /(?:^|[/._-])(?:example|sample|template|tmpl|dist|test|testing|tests|dev|develop|development|local|localhost|docker-?test)(?:[/._-]|$)/i.test(
    path,
  );

const longest = 200_000;
const mostLines = 2000;
const named = /^["']?([A-Za-z_][\w.-]{0,80})["']?[ \t]{0,40}[:=]/;

/**
 * `name = value`, `name: value`, `"name": "value",`, with a comment behind it.
 * @internal
 */
export function settingOf(line: string): { readonly name: string; readonly value: string } | undefined {
  const text = line.slice(0, 500).trim();
  const found = named.exec(text);
  if (!found) return undefined;
  const rest = text.slice(found[0].length).trim();
  const quote = rest[0] === '"' || rest[0] === "'" ? rest[0] : undefined;
  const end = quote === undefined ? rest.search(/[#;]/) : rest.indexOf(quote, 1);
  const value = rest.slice(quote === undefined ? 0 : 1, end < 0 ? undefined : end);
  return { name: found[1]!, value: quote === undefined ? value.trim().replace(/,$/, '') : value };
}

/** What a call names, as it is written. */
function namedBy({ target = '', args }: CallSite): readonly string[] {
  const loader = loaders.find(([pattern]) => pattern.test(target));
  const written = loader && textOf(args[loader[1]]);
  return written === undefined ? [] : [written];
}

/** Viper looks for a name with any ending in the folders that it is given. */
function searchedByViper(program: ProgramView): readonly string[] {
  const given = (method: string): readonly string[] =>
    program.calls.flatMap(({ target = '', args }) =>
      target === `viper.${method}` || target === `viper.Viper.${method}` ? (textOf(args[0]) ?? []) : [],
    );
  const folders = given('AddConfigPath').slice(0, 10);
  return given('SetConfigName')
    .slice(0, 10)
    .flatMap((name) =>
      folders.flatMap((folder) =>
        ['yaml', 'yml', 'toml', 'json', 'ini'].map((ending) => `${folder.replace(/\/+$/, '')}/${name}.${ending}`),
      ),
    );
}

/** Beego reads its settings without being told. */
const searchedByBeego = (program: ProgramView): readonly string[] =>
  program.importedLike(/^github\.com\/(?:beego|astaxie)\/beego\b/) ? ['conf/app.conf'] : [];

/** The path from the root of the repository: programs are started in the folder of their module. */
function pathOf(written: string, program: ProgramView): string | undefined {
  if (written.startsWith('/') || written.includes('..') || !isSettingsFile(written) || isForOthers(written)) return undefined;
  const inside = written.replace(/^(?:\.\/)+/, '');
  return program.root === '' ? inside : `${program.root}/${inside}`;
}

function emitFile(path: string, text: string, emit: Emit): void {
  const lines = text.split('\n').slice(0, mostLines);
  for (const [index, line] of lines.entries()) {
    const setting = settingOf(line);
    const found = setting && secretKindOf(setting.name) ? judgeFallback(setting.name, setting.value) : undefined;
    if (!found || isAcceptedSecret(lines, index + 1)) continue;
    const place: Place = { path, line: index + 1, column: 1, endLine: index + 1, endColumn: line.length + 1 };
    emit('secret', { place }, { what: found.what, origin: 'fallback', ...(found.provider ? { provider: found.provider } : {}) });
  }
}

/** Passwords in the settings files of the repository that the program reads when it starts. */
export const configFiles: Recogniser = {
  id: 'config-files',
  recognise(program, emit) {
    const seen = new Set<string>();
    const starts = program.calls.filter(({ within }) => program.runsAtStart(within));
    for (const written of [...starts.flatMap(namedBy), ...searchedByViper(program), ...searchedByBeego(program)]) {
      const path = pathOf(written, program);
      if (path === undefined || seen.has(path)) continue;
      seen.add(path);
      const text = program.text(path);
      if (text === undefined || text.length > longest) continue;
      if (!isDevelopmentFile(path, program.root) && !isDescriptivePath(path, program.root)) emitFile(path, text, emit);
    }
  },
};
