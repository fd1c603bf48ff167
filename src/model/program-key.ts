import type { Entry } from '../languages/language.ts';
import { isWorkerCommand } from '../text/worker-commands.ts';
import { commandName } from './process/meaning.ts';
import type { ProcessReading } from './process/reading.ts';

/** Folders of sources and of build output: `dist/main.js` and `src/main.ts` are one program. */
const interchangeable = new Set(['dist', 'build', 'src', 'lib', 'out', 'output', 'compiled', '.']);

/** Tells programs apart whatever the build did to their paths. */
export const programKey = (entries: readonly Entry[]): string =>
  entries
    .map(({ path }) =>
      path
        .replace(/\.[cm]?[jt]sx?$/, '')
        .split('/')
        .filter((segment) => !interchangeable.has(segment))
        .join('/'),
    )
    .sort()
    .join('\n');

const taskRunners = new Set(['gulp', 'grunt', 'make', 'just', 'task']);

/** The key of what a process runs; `undefined` when it is not known. Other languages are told apart by the words of the command. */
export function processKey({ entries, helpers = [], process }: ProcessReading): string | undefined {
  const foreground = entries.filter((entry) => !helpers.includes(entry));
  const own = foreground.length > 0 ? foreground : entries;
  // One module may hold what a server loads and what a worker does.
  const works = own.length > 0 && own.every(({ command }) => command !== undefined && isWorkerCommand(command.words));
  if (own.length > 0) return `${programKey(own)}${works ? ' worker' : ''}`;
  const last = process.known ? process.steps.findLast(({ ends }) => !ends) : undefined;
  // What a task of gulp starts, its file says.
  if (!last || taskRunners.has(commandName(last.words) ?? '')) return undefined;
  const plain = last.words.slice(1).filter((word) => !word.startsWith('-') && !/[=:$\s]/.test(word));
  return `command ${commandName(last.words)} ${plain.slice(0, 3).join(' ')}`;
}
