import type { FactValues } from '../../../facts.ts';

type Holds = FactValues['process-state']['holds'];

/** `userCache` → user, cache. */
export const wordsOf = (name: string): string[] =>
  name
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .split(/[^A-Za-z\d]+/)
    .map((word) => word.toLowerCase().replace(/s$/, ''));

const vocabularies: readonly (readonly [Holds, readonly string[]])[] = [
  ['metrics', ['metric', 'stat', 'statistic', 'gauge', 'histogram', 'telemetry', 'profiling', 'monitor', 'uptime', 'health']],
  [
    'connection',
    [
      'connection',
      'conn',
      'pool',
      'client',
      'socket',
      'timer',
      'timeout',
      'interval',
      'inflight',
      'subscribed',
      'fork',
      'pending',
      'lock',
      'mutex',
      'semaphore',
      'controller',
      'stream',
      'promise',
      'watcher',
      'server',
      'driver',
      'singleton',
      'instance',
      'worker',
      'process',
      'browser',
      'debounce',
      'backoff',
      'breaker',
      'throttle',
      'failure',
      'cooldown',
    ],
  ],
  [
    'registry',
    [
      'registry',
      'registered',
      'metadata',
      'support',
      'supported',
      'capability',
      'capabilitie',
      'plugin',
      'handler',
      'listener',
      'callback',
      'hook',
      'middleware',
      'provider',
      'adapter',
      'loader',
      'warned',
      'warning',
      'seenwarning',
      'logger',
      'schema',
      'route',
      'locale',
      'translation',
      'config',
      'setting',
      'option',
      'env',
      'feature',
      'flag',
    ],
  ],
  ['memo', ['cache', 'cached', 'memo', 'memoized', 'compiled', 'template', 'lru', 'parsed', 'resolved', 'regex', 'regexp', 'formatter']],
];
/** Counters of these only tell things apart, or count tries. */
export const identifierWords = new Set([
  'id',
  'seq',
  'sequence',
  'index',
  'cursor',
  'offset',
  'attempt',
  'retry',
  'retrie',
  'failure',
  'error',
  'depth',
  'generation',
  'epoch',
  'tick',
]);
/** Lists of these may be work that waits. */
export const queueWords = new Set(['queue', 'queued', 'backlog', 'task', 'job', 'buffer', 'batch', 'outbox']);

/** When this copy last tidied up: `lastCleanupAt`. */
const ofChores = /^_?last_?(?:clean|sweep|swept|prun|purg|evict|flush|gc)\w{0,20}$/i;

/** What the name of a variable says of its content; `undefined` when it says nothing. */
export function namedFor(name: string): Holds | undefined {
  // `inFlightCount`; flights alone are what an airline keeps.
  if (/^_?in_?[fF]light(?![a-z])/.test(name)) return 'connection';
  const words = wordsOf(name);
  // Lines that wait to be written, and when the last was: `logBuffer`, `lastLogTimes`.
  if (words.includes('log') && words.some((word) => /^(?:buffer|batch|queue|line|entrie|time|timestamp|throttle)$/.test(word)))
    return 'metrics';
  if (ofChores.test(name)) return 'metrics';
  return vocabularies.find(([, vocabulary]) => words.some((word) => vocabulary.includes(word)))?.[0];
}

/** `lib/metrics.ts`, `logging/index.ts`: what a module of that name buffers and counts is about the copy itself. */
const measuringFile =
  /(?:^|\/)(?:(?:[\w-]{0,40}[-_.])?(?:metrics?|telemetry|tracing|instrumentation|logg(?:er|ing))(?:[-_.]\w{1,20})?|logg(?:er|ing)\/[\w.-]{1,60})\.[cm]?[jt]s$/i;
/** `class OneSecondCounters`, `class RequestStats`. */
const measuringClass = /(?:Metrics|Counters|Stats|Statistics)(?:Impl|Collector|Registry)?$/;
export const measures = (path: string, className?: string): boolean => measuringFile.test(path) || measuringClass.test(className ?? '');

/** What waits is work of this process; where another request comes back for it, it is data. */
export const onlyWaits = (name: string): boolean => {
  const told = wordsOf(name).filter((word) => vocabularies.some(([, vocabulary]) => vocabulary.includes(word)));
  return told.length > 0 && told.every((word) => word === 'pending');
};

/** Sessions of people with another system, and what several people share: who opened one comes back for it with its key. */
const sessionWords = new Set(['session', 'transport', 'room', 'game', 'lobby', 'lobbie', 'match', 'matche', 'doc', 'document', 'board']);
export const namesSessions = (name: string): boolean => wordsOf(name).some((word) => sessionWords.has(word));

/** `class TtlCache`: a class that is a tool for keeping things, whatever its fields are called. */
const keepers = new Set([
  'cache',
  'memo',
  'lru',
  'registry',
  'pool',
  'mutex',
  'semaphore',
  'lock',
  'breaker',
  'throttle',
  'debouncer',
  'metric',
]);
export const isKeeper = (className: string | undefined): boolean =>
  className !== undefined && wordsOf(className).some((word) => keepers.has(word));
