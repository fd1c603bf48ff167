import { lastSegment } from '../path-tree.ts';
import type { Meaning } from './meaning.ts';

/** Starts with a path to what a package brings: `node_modules/next/dist/bin/next start`. */
export const isInstalled = (command: string): boolean => /^\S*node_modules\//.test(command);

/** JavaScript runtimes and reloaders whose first plain word is the program. */
const runtimes = new Set([
  'node',
  'nodejs',
  'ts-node',
  'ts-node-esm',
  'ts-node-dev',
  'tsnd',
  'tsx',
  'babel-node',
  'esno',
  'esmo',
  'vite-node',
  'swc-node',
  'sucrase-node',
  'node-dev',
  'deno',
  'bun',
  'nodemon',
  'pm2',
  'pm2-runtime',
  'pm2-docker',
  'pm2-dev',
  'forever',
  'micro',
  'coffee',
  'supervisor',
  'meteor',
]);
const runtimeOptionsWithValue = new Set([
  '-r',
  '--require',
  '--import',
  '--loader',
  '--experimental-loader',
  '-C',
  '--conditions',
  '-P',
  '--project',
  '--tsconfig',
  '-w',
  '--watch',
  '-e',
  '--ext',
  '--ignore',
  '-x',
  '--exec',
  '-d',
  '--delay',
  '--env',
  '--name',
  '-i',
  '--instances',
  '-n',
  '--env-file',
  '--config',
  '-l',
  '--log',
  '-o',
  '--output',
  '--error',
  '--title',
  '-L',
]);
const subcommands: Readonly<Record<string, readonly string[]>> = {
  pm2: ['start', 'startOrRestart', 'restart', 'reload'],
  'pm2-runtime': ['start'],
  'pm2-docker': ['start'],
  'pm2-dev': ['start'],
  forever: ['start'],
  deno: ['run'],
  bun: ['run'],
  tsx: ['watch'],
};
const programFile = /\.(?:[cm]?[jt]sx?|json|ya?ml|coffee)$/;

/** `node -r x server.js --flag`, `nodemon --exec "ts-node src/index.ts"`, `pm2-runtime start dist/main.js`. */
export function readRuntime(name: string, words: readonly string[]): Meaning | undefined {
  if (!runtimes.has(name)) return undefined;
  const exec = optionValue(words, name === 'nodemon' ? ['-x', '--exec'] : []);
  const runs = words.filter((word) => !(subcommands[name] ?? []).includes(word));
  if (name === 'node' && runs.some((word) => /^(?:-e|-p|--eval|--print|--test|--check|-v|--version)$/.test(word))) return { is: 'other' };
  const program = firstPlain(runs, name === 'nodemon' ? 'nodemon' : 'node');
  if (exec !== undefined) {
    const line = program === undefined || / \S+\.\w+/.test(exec) ? exec : `${exec} ${program}`;
    return { is: 'shell', line };
  }
  if (program === undefined) return name === 'nodemon' ? { is: 'program', paths: ['.'] } : { is: 'other' };
  const tool = /(?:^|\/)node_modules\/(?:\.bin\/)?(.+)$/.exec(program)?.[1];
  if (tool !== undefined)
    return { is: 'wrapper', rest: [toolName(tool), ...runs.slice(runs.indexOf(program) + 1)], env: {}, replaces: true, becomes: true };
  if ((name === 'pm2' || name.startsWith('pm2-')) && program === 'npm')
    return { is: 'wrapper', rest: ['npm', ...runs.slice(runs.indexOf('--') + 1)], env: {}, replaces: false, becomes: false };
  return { is: 'program', paths: [program] };
}

/** `pm2/bin/pm2-runtime`, `next/dist/bin/next`, `@nestjs/cli/bin/nest.js`: the file's name without its ending. */
const toolName = (path: string): string => lastSegment(path).replace(/\.[cm]?js$/, '');

function firstPlain(words: readonly string[], runtime: 'node' | 'nodemon'): string | undefined {
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    if (word === '--') continue;
    // `nodemon --watch src.ts` alone watches its own program; further words name another one.
    const watchesProgram = word === '--watch' && (runtime === 'node' || (at + 2 >= words.length && programFile.test(words[at + 1] ?? '')));
    if (runtimeOptionsWithValue.has(word) && !watchesProgram) at++;
    else if (!word.startsWith('-')) return word;
  }
  return undefined;
}

function optionValue(words: readonly string[], names: readonly string[]): string | undefined {
  for (let at = 0; at < words.length; at++) {
    if (names.includes(words[at]!)) return words[at + 1];
    const joined = names.find((name) => words[at]!.startsWith(`${name}=`));
    if (joined) return words[at]!.slice(joined.length + 1);
  }
  return undefined;
}

/** Scripts of application servers that lie in their images: those that stay in the foreground, and tools that set them up. */
const serverScripts = /(?:^|\/)(?:standalone|domain|startWebLogic|run-java|activemq|jboss-cli|add-user|wlst|wsadmin)\.sh$/;
export const isOfServer = (words: readonly string[]): boolean =>
  serverScripts.test(words[0]!) || (/(?:^|\/)catalina\.sh$/.test(words[0]!) && words.includes('run'));
