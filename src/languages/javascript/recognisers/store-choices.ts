import type { Condition, StoreChoice, Value } from '../../../facts.ts';
import type { Place } from '../../../types.ts';
import { originOf } from '../call-sites.ts';
import type { CallSite, ProgramView } from '../recogniser.ts';

/** Store packages that keep data on the disk or in the memory of one process; every other store package is shared. */
const localPackages: Readonly<Record<string, 'memory' | 'file'>> = {
  memorystore: 'memory',
  'session-memory-store': 'memory',
  'koa-session-memory': 'memory',
  'cache-manager-memory-store': 'memory',
  '@isaacs/ttlcache': 'memory',
  'lru-cache': 'memory',
  'quick-lru': 'memory',
  'node-cache': 'memory',
  '@hapi/catbox-memory': 'memory',
  'catbox-memory': 'memory',
  'session-file-store': 'file',
  'connect-sqlite3': 'file',
  'better-sqlite3-session-store': 'file',
  'connect-loki': 'file',
  'nedb-session-store': 'file',
  'connect-nedb-session': 'file',
  'keyv-file': 'file',
  '@keyv/sqlite': 'file',
  'cache-manager-fs-hash': 'file',
};

/** Stores of sessions alone: whoever makes one keeps sessions in it. */
const localSessionStores: ReadonlySet<string> = new Set([
  'memorystore',
  'session-memory-store',
  'koa-session-memory',
  'session-file-store',
  'connect-sqlite3',
  'better-sqlite3-session-store',
  'connect-loki',
  'nedb-session-store',
  'connect-nedb-session',
]);

/** Where options come from elsewhere and get their store later (`options.store = new FileStore()`): the one such store that the program makes. */
export function madeSessionStore(program: ProgramView): StoreChoice | undefined {
  const made = program.callsOf(...localSessionStores).find(({ how }) => how === 'new');
  const kind = made && localPackages[made.package ?? ''];
  return kind && { kind, place: made.namePlace };
}

const technologies: readonly (readonly [RegExp, string])[] = [
  [/redis|valkey/, 'redis'],
  [/mongo/, 'mongodb'],
  [/pg|postgres/, 'postgresql'],
  [/mysql/, 'mysql'],
  [/dynamo/, 'dynamodb'],
  [/firestore|firebase/, 'firestore'],
  [/memcache/, 'memcached'],
];
export const technologyOf = (packageName: string): string | undefined => technologies.find(([pattern]) => pattern.test(packageName))?.[1];

const memoryClass = /(?:^|\.)(?:MemoryStore|MemoryCache|Memory|RateLimiterMemory|ThrottlerStorageService)\b/;

/** The stores that an option may come to; `fallback` is what the library takes when nothing is given. */
export function storeChoices(value: Value | undefined, fallback: StoreChoice): StoreChoice[] {
  if (!value) return [fallback];
  if (value.is === 'choice')
    return meant(value.options).flatMap((option) => storeChoices(option.value, fallback).map((store) => whenAlso(store, option.when)));
  if (value.is === 'literal') return [{ ...fallback, place: value.place }];
  const origin = originOf(value);
  if (!origin || origin.package === '') return [{ kind: 'unknown', place: value.place }];
  const local = localPackages[origin.package] ?? (memoryClass.test(origin.path) ? 'memory' : undefined);
  if (local) return [{ kind: local, place: value.place }];
  const technology = technologyOf(origin.package);
  return [{ kind: 'external', place: value.place, ...(technology ? { technology } : {}) }];
}

/** `store ?? undefined` and `let store = null` beside an assignment of unknown condition say nothing of the default. */
function meant(options: (Value & { is: 'choice' })['options']): (Value & { is: 'choice' })['options'] {
  const given = options.filter(({ value, when }) => value.is !== 'literal' && !when?.length);
  return given.length > 0 ? options.filter(({ value, when }) => value.is !== 'literal' || when?.length) : options;
}

export const whenAlso = (store: StoreChoice, when: readonly Condition[] | undefined): StoreChoice =>
  when?.length ? { ...store, when: [...(store.when ?? []), ...when] } : store;

/** The first argument that can hold options, given as a constant, a choice or a name. */
export const optionsOf = (call: CallSite): Value | undefined =>
  call.args.find(
    (argument) =>
      argument.is === 'object' ||
      argument.is === 'choice' ||
      argument.is === 'reference' ||
      argument.is === 'parameter' ||
      argument.is === 'unknown',
  );

/** Every object that options may come to, with the conditions of each; an `undefined` object could not be read. */
export function optionObjects(options: Value): { object?: Value & { is: 'object' }; when?: readonly Condition[]; place: Place }[] {
  if (options.is !== 'choice') return [options.is === 'object' ? { object: options, place: options.place } : { place: options.place }];
  return options.options.map(({ value, when }) => ({
    ...(value.is === 'object' ? { object: value } : {}),
    ...(when ? { when } : {}),
    place: value.place,
  }));
}

/** The stores that the option named `option` may come to; `kind` is the library's own default. */
export function storesByOption(
  options: Value | undefined,
  option: string | readonly string[],
  fallback: StoreChoice,
  hasArguments: boolean,
): StoreChoice[] {
  if (!options) return [hasArguments ? { kind: 'unknown', place: fallback.place } : fallback];
  const names = typeof option === 'string' ? [option] : option;
  return optionObjects(options).flatMap(({ object, when, place }) => {
    if (!object) return [{ kind: 'unknown' as const, place }];
    const given = names.map((name) => object.properties[name]).find((value) => value !== undefined);
    const stores: StoreChoice[] = !given && object.open ? [{ kind: 'unknown', place }] : storeChoices(given, fallback);
    return stores.map((store) => whenAlso(store, when));
  });
}

/** A plugin handed to `register`, alone or as `{ plugin, options }`, with its options. */
export function registered(
  call: CallSite,
  packages: ReadonlySet<string>,
): { package: string; options: Value | undefined; place: Place } | undefined {
  const candidates = call.args[0]?.is === 'list' ? call.args[0].items : call.args.slice(0, 1);
  for (const candidate of candidates) {
    const plugin = candidate.is === 'object' ? (candidate.properties['plugin'] ?? candidate) : candidate;
    const origin = originOf(plugin);
    if (origin && packages.has(origin.package))
      return {
        package: origin.package,
        options: candidate.is === 'object' ? candidate.properties['options'] : call.args[1],
        place: call.args[0]?.is === 'list' ? candidate.place : call.namePlace,
      };
  }
  return undefined;
}
