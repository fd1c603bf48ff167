/** Packages that an image installs by name and without a version, where no file says which. */
import { splitCommands } from './shell-words.ts';

/** Tools of the build, and what comes with the language. */
const tools = new Set(
  'pip setuptools wheel poetry pipenv uv pdm hatch pip-tools virtualenv build cython maturin npm yarn pnpm node-gyp bundler rake supervisor awscli ansible honcho'.split(
    ' ',
  ),
);
/** Options that take the next word. */
const withValue =
  /^(?:-[rcitevfdnwC]|--(?:workspace|requirement|constraint|index-url|extra-index-url|target|editable|find-links|prefix|root|trusted-host|cache-dir|timeout|registry|loglevel|version|install-dir|bindir))$/;

export interface NamedInstall {
  readonly command: string;
  /** Packages without a version; empty where each has one. */
  readonly open: readonly string[];
  /** Versions come from a file, or from the project itself. */
  readonly fromFile: boolean;
}

function readWords(words: readonly string[]): NamedInstall | undefined {
  const rest = words[0] === 'sudo' ? words.slice(1) : words;
  const at = rest[1] === '-m' ? 2 : 0;
  const name = rest[at]?.split('/').at(-1) ?? '';
  const manager = /^pip[\d.]*$/.test(name) ? 'pip' : name;
  const [subcommand = '', ...given] = rest.slice(at + 1);
  if (manager === 'poetry' || manager === 'uv' || manager === 'pipenv' || manager === 'pdm' || manager === 'bundle')
    return { command: manager, open: [], fromFile: true };
  if (!['pip', 'npm', 'gem'].includes(manager) || !['install', 'i', 'ci'].includes(subcommand)) return undefined;
  if (given.some((word) => /^(?:-g|--global|--user-install)$/.test(word))) return undefined;
  const named = given.filter((word, index) => !word.startsWith('-') && !withValue.test(given[index - 1] ?? ''));
  const isFile = (word: string): boolean => /^[./]|[$:]|\.(?:whl|gz|tgz|zip)$/.test(word);
  const fromFile =
    given.some((word) => /^(?:-r|--requirement|-e|--editable|-c|--constraint)/.test(word)) || named.some(isFile) || named.length === 0;
  const hasVersion = (word: string): boolean => /[=<>~!]|.@/.test(word) || (manager === 'gem' && /^(?:-v|--version)/.test(given.join(' ')));
  const open = named.filter((word) => !isFile(word) && !hasVersion(word) && !tools.has(word.replace(/\[.*$/, '').toLowerCase()));
  return { command: `${manager} ${subcommand}`, open, fromFile };
}

/** What one RUN command installs for the program. */
export const readNamedInstalls = (command: string): readonly NamedInstall[] =>
  splitCommands(command).flatMap(({ words }) => readWords(words) ?? []);
