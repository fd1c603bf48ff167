/** Which lines of a shell script start something, and which of them keeps running. */
import { type SimpleCommand, splitCommands } from '../../text/shell-words.ts';
import { isSilentCommand } from './meaning.ts';

/**
 * The line that keeps running. A function that is called at the end (`main "$@"`) is the one written last: the last line of its
 * body is meant.
 */
export function findLastCommand(lines: readonly string[]): number {
  const startsSomething = (line: string) => readCommands(line).some(({ words }) => !isSilentCommand(words));
  const last = lines.findLastIndex(startsSomething);
  const name = last < 0 ? undefined : readCommands(lines[last]!)[0]?.words[0];
  const isFunction = name !== undefined && lines.slice(0, last).some((line) => line === name || line.startsWith(`function ${name}`));
  return isFunction ? lines.slice(0, last).findLastIndex(startsSomething) : last;
}

/** Commands that start something: no filters behind a pipe (`node server.js | bunyan`) and no patterns of `case`. */
export const readCommands = (line: string): readonly SimpleCommand[] =>
  splitCommands(line).filter(
    ({ words, operator }, index, all) => words.length > 0 && all[index - 1]?.operator !== '|' && !(operator === ')' && words.length === 1),
  );

/** Servers that go on by themselves when the command returns. */
export const detaches =
  /\bgunicorn\b.{0,300}\s(?:--daemon|-D)\b|\bcelery\b.{0,300}\s--detach\b|\bcelery\s+multi\s+start\b|\buwsgi\b.{0,300}\s--daemonize\b/;
