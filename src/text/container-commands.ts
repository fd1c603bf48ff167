/** What a container starts, by the words of its manifest alone. */
import type { Container } from '../facts.ts';
import { splitCommands } from './shell-words.ts';

const baseName = (word: string): string => word.slice(word.lastIndexOf('/') + 1);
const shells = new Set(['sh', 'bash', 'ash', 'dash']);

/** The commands that it runs, one after the other: those of a text that is given to a shell, else the one that is written. */
export function commandsOf({ command, args, shell }: Container): readonly (readonly string[])[] {
  const words = [...(command?.known ? command.value : []), ...(args?.known ? args.value : [])];
  if (words.length === 0 || command?.known === false || args?.known === false) return [];
  const text = shell ? words.join(' ') : shells.has(baseName(words[0]!)) && /^-\w*c$/.test(words[1] ?? '') ? words[2] : undefined;
  if (text === undefined) return [words];
  return splitCommands(text)
    .map((one) => (one.words[0] === 'exec' ? one.words.slice(1) : one.words))
    .filter((one) => one.length > 0);
}

/** Words of scripts around the waiting. */
const asides = new Set(['true', ':', 'echo', 'printf', 'date', 'trap', 'wait', 'set']);

const waits = ([first = '', ...rest]: readonly string[]): boolean => {
  const name = baseName(first);
  if (name === 'sleep' || name === 'pause') return true;
  return name === 'cat' ? rest.length === 0 : name === 'tail' && rest.includes('/dev/null');
};

/** It only waits: people open a shell in it, or it keeps a place for others (`sleep infinity`, `tail -f /dev/null`, the pause image). */
export function isIdle(container: Container): boolean {
  const commands = commandsOf(container);
  if (commands.length > 0) return commands.some(waits) && commands.every((one) => waits(one) || asides.has(baseName(one[0]!)));
  const image = container.image?.known ? container.image.value : '';
  return container.command === undefined && container.args === undefined && /(?:^|\/)pause(?:-amd64)?(?:[:@]|$)/.test(image);
}
