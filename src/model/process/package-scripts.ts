/** A script of a package.json that a package manager is asked to run. */
export interface PackageScriptCall {
  readonly script: string;
  readonly manager: 'npm' | 'yarn' | 'pnpm' | 'bun' | 'turbo' | 'nx' | 'lerna';
  /** Folder of the package, relative to where the command runs. */
  readonly folder?: string;
  /** Workspaces by name or path: `--workspace api`, `--filter web...`. */
  readonly workspaces: readonly string[];
  readonly args: readonly string[];
}
type Call = ({ readonly is: 'script' } & PackageScriptCall) | { readonly is: 'exec'; readonly words: readonly string[] };

/** Subcommands of the managers that are no script. */
const ownCommands = new Set([
  'install',
  'i',
  'ci',
  'add',
  'remove',
  'rm',
  'uninstall',
  'update',
  'upgrade',
  'up',
  'audit',
  'publish',
  'pack',
  'link',
  'config',
  'set',
  'cache',
  'version',
  'view',
  'info',
  'login',
  'whoami',
  'init',
  'create',
  'dedupe',
  'prune',
  'rebuild',
  'fetch',
  'deploy',
  'store',
  'import',
  'why',
  'list',
  'ls',
  'outdated',
  'global',
  'self-update',
  'policies',
  'node',
  'plugin',
  'env',
  'root',
  'prefix',
]);
const npmShorthands: Readonly<Record<string, string>> = { start: 'start', stop: 'stop', restart: 'restart', test: 'test', t: 'test' };
const folderOptions = new Set(['--prefix', '-C', '--dir', '--cwd']);
const workspaceOptions = new Set(['--workspace', '-w', '--filter', '-F', '--scope']);
const valueOptions = new Set(['--loglevel', '--concurrency', '--reporter', '--cache-dir', '--userconfig', '--env-mode']);
const execCommands = new Set(['exec', 'x', 'dlx']);

/** Reads `npm run x`, `yarn x`, `pnpm --filter api start`, `turbo run start --filter=web`, `nx serve api`…; `undefined` for other commands. */
export function readPackageScriptCall(name: string, words: readonly string[]): Call | undefined {
  if (name === 'npm' || name === 'yarn' || name === 'pnpm' || name === 'bun') return readManager(name, words);
  if (name === 'turbo' || name === 'lerna') return readManager(name, words);
  if (name === 'nx' && words.length > 0) return readNx(words);
  return undefined;
}

function readManager(manager: PackageScriptCall['manager'], words: readonly string[]): Call | undefined {
  const { plain, folder, workspaces, args } = sortWords(manager, words);
  const [first, second] = plain;
  if (first === undefined) return undefined;
  const call = (script: string, passed: readonly string[], more: readonly string[] = []): Call => ({
    is: 'script',
    manager,
    script,
    folder,
    workspaces: [...workspaces, ...more],
    args: [...passed, ...args],
  });
  if (execCommands.has(first)) return { is: 'exec', words: [...plain.slice(1), ...args] };
  if (first === 'workspace' && manager === 'yarn' && second)
    return plain[2] === 'run' && plain[3]
      ? call(plain[3], plain.slice(4), [second])
      : plain[2]
        ? call(plain[2], plain.slice(3), [second])
        : undefined;
  const isFile = (word: string): boolean => manager === 'bun' && /\.[cm]?[jt]sx?$/.test(word);
  if (first === 'run' || first === 'run-script') return second === undefined || isFile(second) ? undefined : call(second, plain.slice(2));
  if (manager === 'npm') return npmShorthands[first] === undefined ? undefined : call(npmShorthands[first], plain.slice(1));
  if (isFile(first)) return undefined;
  return ownCommands.has(first) ? undefined : call(first, plain.slice(1));
}

/** Splits options of the manager from plain words; what follows the script belongs to it, except workspace options. */
function sortWords(manager: string, words: readonly string[]) {
  const plain: string[] = [];
  const workspaces: string[] = [];
  let folder: string | undefined;
  let args: readonly string[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    if (word === '--') {
      args = words.slice(at + 1);
      break;
    }
    const [option, joined] =
      word.startsWith('-') && word.includes('=')
        ? [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)]
        : [word, undefined];
    const isRoot = option === '-w' && manager !== 'npm';
    if (folderOptions.has(option)) folder = joined ?? words[++at];
    else if (workspaceOptions.has(option) && !isRoot) {
      const value = joined ?? words[++at];
      if (value !== undefined) workspaces.push(value);
    } else if (valueOptions.has(option)) at += joined === undefined ? 1 : 0;
    else if (execCommands.has(word) && plain.length === 0) {
      plain.push(...words.slice(at).filter((part, index) => index === 0 || part !== '--'));
      break;
    } else if (!word.startsWith('-')) plain.push(word);
  }
  return { plain, folder, workspaces, args };
}

/** `nx serve api`, `nx run api:serve`. */
function readNx(words: readonly string[]): Call | undefined {
  const plain = words.filter((word) => !word.startsWith('-'));
  if (plain[0] === 'run') {
    const [project, script] = (plain[1] ?? '').split(':');
    return project && script ? { is: 'script', manager: 'nx', script, workspaces: [project], args: [] } : undefined;
  }
  return plain[0] && plain[1] ? { is: 'script', manager: 'nx', script: plain[0], workspaces: [plain[1]], args: [] } : undefined;
}
