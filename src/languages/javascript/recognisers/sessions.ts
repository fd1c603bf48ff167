import type { StoreChoice, Value } from '../../../facts.ts';
import { originOf } from '../call-sites.ts';
import type { CallSite, Recogniser } from '../recogniser.ts';

/** Packages whose middleware keeps sessions, and the option that names the store. */
const libraries: Readonly<Record<string, { readonly option: string; readonly default: 'memory' | 'cookie' }>> = {
  'express-session': { option: 'store', default: 'memory' },
  '@fastify/session': { option: 'store', default: 'memory' },
  'fastify-session': { option: 'store', default: 'memory' },
  'koa-session': { option: 'store', default: 'cookie' },
  'koa-generic-session': { option: 'store', default: 'memory' },
  'cookie-session': { option: 'store', default: 'cookie' },
};

/** Stores on the disk or in the memory of one process; every other store package is shared. */
const localStores: Readonly<Record<string, StoreChoice['kind']>> = {
  memorystore: 'memory',
  'session-memory-store': 'memory',
  'session-file-store': 'file',
  'connect-sqlite3': 'file',
  'better-sqlite3-session-store': 'file',
  'connect-loki': 'file',
  'nedb-session-store': 'file',
  'connect-nedb-session': 'file',
};

const technologies: readonly (readonly [RegExp, string])[] = [
  [/redis/, 'redis'],
  [/mongo/, 'mongodb'],
  [/pg|postgres/, 'postgresql'],
  [/mysql/, 'mysql'],
  [/dynamo/, 'dynamodb'],
  [/firestore|firebase/, 'firestore'],
  [/memcached/, 'memcached'],
];

/** The stores that an option value may come to. */
export function storeChoices(value: Value | undefined, fallback: StoreChoice): StoreChoice[] {
  if (!value) return [fallback];
  if (value.is === 'choice')
    return value.options.flatMap((option) =>
      storeChoices(option.value, fallback).map((store) => ({
        ...store,
        ...(option.when ? { when: [...(store.when ?? []), ...option.when] } : {}),
      })),
    );
  if (value.is === 'literal') return [{ ...fallback, place: value.place }];
  const origin = originOf(value);
  if (!origin) return [{ kind: 'unknown', place: value.place }];
  const local = localStores[origin.package] ?? (/(?:^|\.)MemoryStore\b/.test(origin.path) ? 'memory' : undefined);
  if (local) return [{ kind: local, place: value.place }];
  const technology = technologies.find(([pattern]) => pattern.test(origin.package))?.[1];
  return [{ kind: 'external', place: value.place, ...(technology ? { technology } : {}) }];
}

/** The options object of a call: any argument that is one, or a choice of them. */
function optionsOf(call: CallSite): Value | undefined {
  return call.args.find((argument) => argument.is === 'object' || argument.is === 'choice' || argument.is === 'reference');
}

/** Stores by every options object that may be given. */
function storesOf(call: CallSite, option: string, kind: 'memory' | 'cookie'): StoreChoice[] {
  const fallback: StoreChoice = { kind, place: call.namePlace };
  const options = optionsOf(call);
  if (!options) return call.args.length === 0 ? [fallback] : [{ kind: 'unknown', place: call.namePlace }];
  const objects = options.is === 'choice' ? options.options : [{ value: options }];
  return objects.flatMap(({ value, when }) => {
    if (value.is !== 'object') return [{ kind: 'unknown' as const, place: value.place }];
    const given = value.properties[option];
    const stores = !given && value.open ? [{ kind: 'unknown' as const, place: value.place }] : storeChoices(given, fallback);
    return when ? stores.map((store) => ({ ...store, when: [...(store.when ?? []), ...when] })) : stores;
  });
}

export const sessions: Recogniser = {
  id: 'sessions',
  packages: Object.keys(libraries),
  recognise(program, emit) {
    for (const [library, { option, default: kind }] of Object.entries(libraries)) {
      for (const call of program.callsOf(library)) {
        if (call.path === '' && call.how === 'call')
          emit('session', { ...call, place: call.namePlace }, { library, stores: storesOf(call, option, kind) });
      }
    }
  },
};
