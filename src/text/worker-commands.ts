/** Commands of programs that take work from a queue or a clock, and answer no requests. */

const baseName = (word: string): string => word.slice(word.lastIndexOf('/') + 1);
/** Programs that do nothing else. */
const workers = new Set([
  'rqworker',
  'rqscheduler',
  'huey_consumer',
  'huey_consumer.py',
  'dramatiq',
  'arq',
  'sidekiq',
  'resque',
  'faktory',
]);
/** Programs, and their commands that work. */
const withCommand: Readonly<Record<string, RegExp>> = {
  celery: /^(?:worker|beat|multi)$/,
  rq: /^(?:worker|worker-pool)$/,
  taskiq: /^(?:worker|scheduler)$/,
  faust: /^worker$/,
  procrastinate: /^worker$/,
  'manage.py': /^(?:rqworker|rqscheduler|run_huey|qcluster|process_tasks|db_worker|rundramatiq|celery)$/,
  artisan: /^(?:queue:work|queue:listen|schedule:work|horizon)$/,
};

/** The one that gives out the work by a clock: two of them give out everything twice. */
export const isClockCommand = (words: readonly string[]): boolean =>
  isWorkerCommand(words) && words.map(baseName).some((word) => clocks.has(word));
const clocks = new Set(['beat', 'rqscheduler', 'scheduler', 'schedule:work']);

export function isWorkerCommand(words: readonly string[]): boolean {
  const names = words.map(baseName);
  return names.some((name, index) => {
    // A runner or an interpreter may stand before it; an argument of another program does not count.
    if (index > 3) return false;
    if (workers.has(name)) return true;
    const command = Object.hasOwn(withCommand, name) ? withCommand[name]! : undefined;
    return command !== undefined && names.slice(index + 1).some((word) => command.test(word));
  });
}
