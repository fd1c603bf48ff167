/** Which lines of a shell script start something, and which of them keeps running. */
import { type SimpleCommand, splitCommands } from '../../text/shell-words.ts';
import { isSilentCommand, readMeaning } from './meaning.ts';
import { runsUnknown } from './script-variables.ts';

interface ScriptLine {
  readonly line: string;
  readonly background?: boolean;
  readonly within?: string;
  readonly defines?: true;
}

/** The line that keeps running; of a function that is called at the end (`main "$@"`), the last line of its body. */
function findLastCommand(commands: readonly ScriptLine[]): number {
  const startsSomething = ({ line, defines }: ScriptLine) => !defines && readCommands(line).some(({ words }) => !isSilentCommand(words));
  let last = commands.findLastIndex((command) => startsSomething(command) || runsUnknown(command.line));
  // A function may end in a call of another.
  for (let depth = 0; last >= 0 && depth < 5; depth++) {
    if (runsUnknown(commands[last]!.line)) return -1;
    const name = readCommands(commands[last]!.line)[0]?.words[0];
    const body = name === undefined ? -1 : commands.findLastIndex((command) => command.within === name && startsSomething(command));
    if (body < 0 || body === last) break;
    last = body;
  }
  return last;
}

/** `"$@"`, `${@:-help}`, `$1`: what the script is asked for. */
const asked = /^\$(?:[@*1]|\{[@*1](?::?-([^{}]*))?\})$/;
/** A script of tasks ends in the name of one of its functions: `"${@:-help}"`. Which of its lines run then is not known. */
export function runsOwnTask(lines: readonly ScriptLine[], args: readonly string[]): boolean {
  const word = lines.length === 0 ? undefined : readCommands(lines.at(-1)!.line).at(-1)?.words[0];
  const match = word === undefined ? null : asked.exec(word);
  const task = match ? (args[0] ?? match[1]) : undefined;
  return task !== undefined && lines.some(({ within }) => within === task);
}

/** `tail -f server.log`: the shell stays for as long as the log is shown. */
function isTail(line: string): boolean {
  const last = splitCommands(line).at(-1);
  const words = last?.words[0] === 'exec' ? last.words.slice(1) : (last?.words ?? []);
  return last?.operator !== '&' && words[0] === 'tail' && words.some((word) => /^(?:-\w*[fF]\w*|--follow(?:=\w+)?|--retry)$/.test(word));
}

/** `fg`, `wait`, `wait $PID`: the shell stays for what it started in the background. */
const isWaiting = (line: string): boolean => /^\s*(?:fg|wait)(?:\s+\S+)?\s*$/.test(line);

const starts = /^nohup\b|\bstart(?:up)?\b|[sS]tart\w*\.sh/;

/** The line that keeps running; where the script ends in `tail`, the one that starts what runs behind it. */
export function findEnding(commands: readonly ScriptLine[]): { readonly last: number; readonly tails: boolean } {
  const last = findLastCommand(commands);
  const end = commands.at(-1);
  const behind = end && isWaiting(end.line) ? commands.flatMap(({ background }, index) => (background ? [index] : [])) : [];
  if (behind.length === 1) return { last: behind[0]!, tails: false };
  if (last < 0 || !end || end.background || !isTail(end.line)) return { last, tails: false };
  const named = commands.findLastIndex(
    ({ line, background }) => (background || starts.test(line)) && readCommands(line).some(({ words }) => !isSilentCommand(words)),
  );
  return { last: named >= 0 ? named : last, tails: true };
}

/** Commands that start something: no filters behind a pipe (`node server.js | bunyan`) and no patterns of `case`. */
export const readCommands = (line: string): readonly SimpleCommand[] =>
  splitCommands(line).filter(
    ({ words, operator }, index, all) => words.length > 0 && all[index - 1]?.operator !== '|' && !(operator === ')' && words.length === 1),
  );

/** Servers that go on by themselves when the command returns. */
export const detaches =
  /\bgunicorn\b.{0,300}\s(?:--daemon|-D)\b|\bcelery\b.{0,300}\s--detach\b|\bcelery\s+multi\s+start\b|\buwsgi\b.{0,300}\s--daemonize\b/;

/** False where nothing is left to start, or only options of a program that is not seen. */
export const isProgramCall = (words: readonly string[]): boolean => !/^-(?![acl]$)/.test(words.find((word) => word !== 'exec') ?? '-');

export const isAllArguments = (word: string): boolean => word === '$@' || word === '$*' || word === '${@}';

/**
 * What `"$@"` stands for after a line: `set -- server "$@"` puts a program before options that the image gives, and a wrapper before
 * anything. Before a command that stands there already it is meant for other cases (`if [ "${1#-}" != "$1" ]; then set -- node "$@"`).
 */
export function resetArguments(line: string, args: readonly string[]): readonly string[] {
  if (!line.includes('set --')) return args;
  const words = splitCommands(line)
    .find((command) => command.words[0] === 'set' && command.words[1] === '--')
    ?.words.slice(2);
  if (!words || words.length === 0 || isAllArguments(words[0]!)) return args;
  const lacksProgram = args.length === 0 || args[0]!.startsWith('-');
  return lacksProgram || readMeaning(words).is === 'wrapper' ? words.flatMap((word) => (isAllArguments(word) ? args : [word])) : args;
}

/** The folder that a line changes to. */
export const movedTo = (line: string): string | undefined => /^cd\s+["']?([^\s"';&|]+)["']?\s*(?:$|;|&&|\|\|)/.exec(line.trim())?.[1];
