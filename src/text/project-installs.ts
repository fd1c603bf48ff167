/** Commands of an image that install what pyproject.toml lists. */
import { splitCommands } from './shell-words.ts';

export interface ProjectInstall {
  readonly command: string;
  /** pip, also that of uv, reads the ranges of pyproject.toml and never a lock file. */
  readonly passesLock: boolean;
}

const isProject = (word: string): boolean => /^\.{0,2}(?:\/[\w./-]*)?(?:\[[\w,-]+\])?$/.test(word) && /^[./]/.test(word);

function readWords(words: readonly string[]): ProjectInstall | 'versions' | undefined {
  const at = words[1] === '-m' ? 2 : 0;
  const name = words[at]?.split('/').at(-1) ?? '';
  const rest = words.slice(at + 1);
  if (/^(?:poetry|pdm)$/.test(name) && rest[0] === 'install') return { command: `${name} install`, passesLock: false };
  if (name === 'uv' && rest[0] === 'sync') return { command: 'uv sync', passesLock: false };
  if (/^(?:poetry|pdm|uv)$/.test(name) && /^(?:export|lock)$/.test(rest[0] ?? '')) return 'versions';
  const isUv = name === 'uv' && rest[0] === 'pip';
  if (!isUv && !/^pip[\d.]*$/.test(name)) return undefined;
  const [subcommand, ...given] = isUv ? rest.slice(1) : rest;
  if (subcommand === 'sync') return 'versions';
  if (subcommand !== 'install') return undefined;
  const file = given.find((_, index) => /^(?:-r|--requirements?)$/.test(given[index - 1] ?? ''));
  if (given.some((word) => /^(?:--no-deps|-c|--constraints?)\b/.test(word)) || (file !== undefined && !file.endsWith('pyproject.toml')))
    return 'versions';
  if (given.some((word) => /^-(?:r|-requirements?=)./.test(word))) return 'versions';
  return file !== undefined || given.some(isProject) ? { command: isUv ? 'uv pip install' : 'pip install', passesLock: true } : undefined;
}

/** The command that decides the versions; none where another file gives them. */
export function readProjectInstall(commands: readonly string[]): (ProjectInstall & { readonly index: number }) | undefined {
  const read = commands.flatMap((command, index) =>
    splitCommands(command).flatMap(({ words }) => {
      const found = readWords(words);
      return found === undefined ? [] : [{ found, index }];
    }),
  );
  if (read.some(({ found }) => found === 'versions')) return undefined;
  const installs = read.flatMap(({ found, index }) => (found === 'versions' ? [] : [{ ...found, index }]));
  return installs.find(({ passesLock }) => !passesLock) ?? installs[0];
}
