import { splitCommands } from '../../text/shell-words.ts';
import { lastSegment } from '../path-tree.ts';
import { readDotnet } from './dotnet.ts';
import { clientTools, frameworkPrograms } from './frameworks.ts';
import { type PackageScriptCall, readPackageScriptCall } from './package-scripts.ts';
import { readPython } from './python.ts';
import { readRuntime } from './runtimes.ts';

/** What a command does, as far as its words tell. Paths are as written, relative to the folder that it runs in. */
export type Meaning =
  /** Runs the rest of its words. `replaces`: under its own process id, or it forwards signals; `becomes`: it leaves no process of its own worth a step. */
  | {
      readonly is: 'wrapper';
      readonly rest: readonly string[];
      readonly env: Readonly<Record<string, string>>;
      readonly replaces: boolean;
      readonly becomes: boolean;
    }
  /** Hands a text to a shell. */
  /** `replaces`: the shell becomes the only command of the line. */
  | { readonly is: 'shell'; readonly line: string; readonly replaces?: boolean }
  | { readonly is: 'shell-script'; readonly path: string; readonly args: readonly string[] }
  | ({ readonly is: 'package-script' } & PackageScriptCall)
  /** Starts several commands side by side or one after another. */
  | { readonly is: 'several'; readonly lines: readonly string[]; readonly scripts: readonly string[]; readonly inOrder: boolean }
  /** Scripts of a file beside the program that has names for them; `beside`: all at once, each of them where none is named. */
  | { readonly is: 'named-scripts'; readonly file: string; readonly names: readonly string[]; readonly beside?: true }
  /** Starts the programs of its own settings. */
  | { readonly is: 'supervisor' }
  /** A program in files of the repository. */
  | { readonly is: 'program'; readonly paths: readonly string[] }
  /** The program that a variable names, else the first of these files that is there. */
  | { readonly is: 'chosen-program'; readonly variable: string; readonly usual: readonly string[] }
  /** What a project of .NET builds, by the name of its file; or the project itself, by its folder or file. */
  | { readonly is: 'assembly'; readonly name: string }
  | { readonly is: 'project'; readonly path: string }
  /** A program that a framework finds by its own convention below `folder`. */
  | { readonly is: 'framework'; readonly name: string; readonly folder: string; readonly entry?: string }
  /** `go run`: a folder or file of a Go program. */
  | { readonly is: 'go-package'; readonly path: string }
  /** Serves or bundles browser code; no server program of the repository. */
  | { readonly is: 'client-tool' }
  | { readonly is: 'other' };

const assignment = /^[A-Za-z_][A-Za-z0-9_]*=/;
const shells = new Set(['sh', 'bash', 'ash', 'dash', 'zsh', 'busybox']);

/** Inits that forward signals to their child, and commands that become it. The number counts words of their own before it. */
const replacing: Readonly<Record<string, number>> = {
  exec: 0,
  'dumb-init': 0,
  tini: 0,
  'tini-static': 0,
  catatonit: 0,
  'wait-for-it.sh': 0,
  'wait-for-it': 0,
  env: 0,
  'su-exec': 1,
  gosu: 1,
  setpriv: 0,
  nice: 0,
  nohup: 0,
  stdbuf: 0,
  chpst: 0,
};
/** Commands that start the rest as their child. */
const starting = new Set([
  'cross-env',
  'cross-env-shell',
  'dotenv',
  'dotenvx',
  'env-cmd',
  'nyc',
  'c8',
  'doppler',
  'infisical',
  'npx',
  'bunx',
  'time',
  'timeout',
  'sudo',
  'corepack',
  'newrelic',
]);
const inits = new Set(['dumb-init', 'tini', 'tini-static', 'catatonit', 'wait-for-it.sh', 'wait-for-it']);
const optionsWithValue = new Set(['-e', '-f', '-u', '-g', '-n', '-p', '-s', '--env-file', '--file', '-c', '--config', '--project', '-w']);

/** Reads one simple command. `exec`, `env` and inits are wrappers; what is not known is `other`. */
export function readMeaning(words: readonly string[]): Meaning {
  const name = commandName(words);
  const rest = words.slice(1);
  if (name === undefined) return { is: 'other' };
  if (shells.has(name)) return readShell(rest, name);
  if (name in replacing && Object.hasOwn(replacing, name)) return readWrapper(rest.slice(replacing[name]), true, !inits.has(name));
  if (starting.has(name))
    return readWrapper(name === 'doppler' || name === 'infisical' ? rest.slice(1) : rest, false, name.startsWith('cross-env'));
  const call = readPackageScriptCall(name, rest);
  if (call?.is === 'script') return { ...call, is: 'package-script' };
  if (call?.is === 'exec') return { is: 'wrapper', rest: call.words, env: {}, replaces: false, becomes: false };
  if (name === 'concurrently') return { is: 'several', lines: plainWords(rest), scripts: [], inOrder: false };
  if (['npm-run-all', 'npm-run-all2', 'run-p', 'run-s'].includes(name)) {
    return {
      is: 'several',
      lines: [],
      scripts: plainWords(rest),
      inOrder: !(name === 'run-p' || rest.includes('-p') || rest.includes('--parallel')),
    };
  }
  if (name === 'nps') {
    const names = rest.filter((word) => !word.startsWith('-'));
    return { is: 'named-scripts', file: 'package-scripts.js', names: names.length > 0 ? names : ['default'] };
  }
  if (name === 'supervisord') return { is: 'supervisor' };
  if (runsProcfile.test(name) && rest[0] === 'start') return readProcfileCall(rest.slice(1));
  const framework = frameworkPrograms(name, rest);
  if (framework) return framework;
  const runtime = readRuntime(name, rest);
  if (runtime) return runtime;
  const dotnet = readDotnet(name, rest);
  if (dotnet) return dotnet;
  const python = readPython(name, rest);
  if (python) return python;
  if (name === 'go') return readGo(rest);
  if (clientTools(name, rest)) return { is: 'client-tool' };
  if (/\.(?:sh|bash)$/.test(name) || (words[0]!.includes('/') && /entrypoint|^start$|^run$/.test(name)))
    return { is: 'shell-script', path: words[0]!, args: rest };
  if (words[0]!.includes('/') && /\.[cm]?js$/.test(name)) return { is: 'program', paths: [words[0]!] };
  return { is: 'other' };
}

/** Shell words and file commands that start nothing worth following. */
const silent = new Set(
  ': . [ [[ alias basename break case cat cd chgrp chmod chown continue cp cut date declare dirname echo eval exit export expr false fg find grep head hostname id kill ln local ls mkdir mktemp mv printenv printf pwd read readonly return rm sed set shift sleep sort source stat tail tee test touch tr trap true type ulimit umask uname unset wait which whoami xargs awk nc curl wget until esac envsubst'.split(
    ' ',
  ),
);
export const isSilentCommand = (words: readonly string[]): boolean =>
  silent.has(words[0]!) || words[0]!.includes('=') || /^[\d*(]/.test(words[0]!);

/** The command's own name: `/usr/local/bin/node` and `node_modules/.bin/nest` are `node` and `nest`. */
export function commandName(words: readonly string[]): string | undefined {
  return words[0] === undefined || words[0] === '' ? undefined : lastSegment(words[0]);
}

/** Bash runs a command that stands alone in its place (`ONESHOT`); dash, the `sh` of Debian, waits for it. */
const givesWay = (shell: string, line: string): boolean => {
  const commands = shell === 'bash' ? splitCommands(line) : [];
  return commands.length === 1 && commands[0]!.operator === '' && !/^\s*[({]/.test(line);
};

function readShell(words: readonly string[], shell: string): Meaning {
  const start = words[0] === 'sh' || words[0] === 'ash' ? 1 : 0;
  for (let at = start; at < words.length; at++) {
    const word = words[at]!;
    const line = words[at + 1];
    if (/^-[a-z]*c[a-z]*$/.test(word)) return line === undefined ? { is: 'other' } : { is: 'shell', line, replaces: givesWay(shell, line) };
    if (word === '-o') at++;
    else if (!word.startsWith('-')) return { is: 'shell-script', path: word, args: words.slice(at + 1) };
  }
  return { is: 'other' };
}

function readWrapper(words: readonly string[], replaces: boolean, becomes: boolean): Meaning {
  const env: Record<string, string> = {};
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    if (word === '--') return { is: 'wrapper', rest: words.slice(at + 1), env, replaces, becomes };
    if (assignment.test(word)) env[word.slice(0, word.indexOf('='))] = word.slice(word.indexOf('=') + 1);
    else if (optionsWithValue.has(word)) at++;
    else if (!word.startsWith('-'))
      return { is: 'wrapper', rest: words.slice(words.includes('--', at) ? words.indexOf('--', at) + 1 : at), env, replaces, becomes };
  }
  return { is: 'other' };
}

const runsProcfile = /^(?:honcho|foreman|nf|overmind|hivemind)$/;
function readProcfileCall(words: readonly string[]): Meaning {
  const at = words.findIndex((word) => /^(?:-f|--procfile)$/.test(word));
  const names = words.filter((word, index) => !word.startsWith('-') && !/^-[a-zA-Z]$/.test(words[index - 1] ?? ''));
  return { is: 'named-scripts', file: words[at + 1] && at >= 0 ? words[at + 1]! : 'Procfile', names: at >= 0 ? [] : names, beside: true };
}

function readGo(words: readonly string[]): Meaning {
  const path = words[0] === 'run' ? words.slice(1).find((word) => /^\.|\.go$/.test(word)) : undefined;
  return path === undefined ? { is: 'other' } : { is: 'go-package', path };
}

function plainWords(words: readonly string[]): readonly string[] {
  const plain: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    if (/^(?:-n|--names|-c|--prefix-colors|-p|--prefix|--success|-s|--max-parallel)$/.test(word) && word !== '-p' && word !== '-s') at++;
    else if (!word.startsWith('-')) plain.push(word);
  }
  return plain;
}
