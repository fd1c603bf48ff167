import type { StoreChoice, Value } from '../../../facts.ts';
import { originOf } from '../call-sites.ts';
import type { CallSite, Emit, ProgramView, Recogniser } from '../recogniser.ts';
import { callsBy } from './effects.ts';
import { runsForRequests } from './request-code.ts';
import { storeChoices } from './store-choices.ts';

/** Caches of one process, by the way of their constructor from the package. */
const memoryCaches: Readonly<Record<string, RegExp>> = {
  'node-cache': /^(?:default|NodeCache)?$/,
  '@cacheable/node-cache': /^(?:default|NodeCache|NodeCacheStore)?$/,
  'lru-cache': /^(?:default|LRUCache|LRU)?$/,
  'quick-lru': /^(?:default)?$/,
  'memory-cache': /^(?:default|Cache)?$/,
  '@isaacs/ttlcache': /^(?:default|TTLCache)?$/,
  'flat-cache': /^(?:load|create|FlatCache|createFromFile)$/,
  'tiny-lru': /^lru$/,
};
/** Caches with exchangeable stores: the option that names one. */
const storeCaches: Readonly<Record<string, { readonly made: RegExp; readonly options: readonly string[] }>> = {
  'cache-manager': { made: /^(?:caching|createCache|default\.caching)$/, options: ['store', 'stores'] },
  '@nestjs/cache-manager': { made: /^CacheModule\.register(?:Async)?$/, options: ['store', 'stores'] },
  '@nestjs/common': { made: /^CacheModule\.register(?:Async)?$/, options: ['store', 'stores'] },
};
/** Middleware that keeps whole responses. */
const responseCaches: Readonly<Record<string, readonly string[]>> = { apicache: ['redisClient'], 'express-cache-controller': [] };

const readers =
  /^(?:mongoose|mongodb|@prisma\/client|typeorm|@nestjs\/typeorm|sequelize|knex|pg|mysql2?|drizzle-orm|kysely|axios|node-fetch|got|undici|@nestjs\/axios|ioredis|redis)$/;
const reads = /^(?:find\w*|get\w*|query|select|fetch|aggregate|count\w*|request|post|json|lean|exec)$/;
export const readsShared = (call: CallSite): boolean =>
  (call.package !== undefined && readers.test(call.package) && reads.test(call.name)) || (call.package === '' && call.path === 'fetch');

const placeKey = (value: Value | undefined): string | undefined => value && `${value.place.path}:${value.place.line}:${value.place.column}`;

/** Keys and names of what nobody can make again: codes that were sent, counts of tries. */
const keeps = /otp|one_?time|verification|captcha|(?:^|_)2fa(?:_|$)|attempts|lock_?out/i;
const wordsOf = (value: Value | undefined): string =>
  (value?.is === 'text' ? value.parts : value ? [value] : [])
    .flatMap((part) => (part.is === 'literal' ? [String(part.value)] : part.is === 'member' ? [part.name] : []))
    .join('_');
/** The key of an entry says that it is such a thing. */
export const keepsCodes = (key: Value | undefined): boolean => keeps.test(wordsOf(key));

const mostHandlers = 100;
const changes = ['post', 'put', 'patch', 'delete'];
/** A request that changes something takes what is there, and puts it back: it is the only place that has it. */
function isOnlyPlace(program: ProgramView, isOwn: (call: CallSite) => boolean): boolean {
  const handlers = program
    .callsNamed(...changes)
    .flatMap(({ args }) => args.flatMap((argument) => (argument.is === 'function' ? [argument.id] : [])));
  return handlers.slice(0, mostHandlers).some((id) => {
    const calls = callsBy(program, [id]);
    const own = calls.filter(isOwn).map(({ name }) => name);
    return own.includes('get') && (own.includes('set') || own.includes('put')) && !calls.some(readsShared);
  });
}

/** Entries of a database or another service, put in by requests: they can grow stale. Anything else may be a memo. */
function holdsOf(program: ProgramView, made: CallSite): 'data' | 'state' | 'unknown' {
  const key = `${made.place.path}:${made.place.line}:${made.place.column}`;
  const live = runsForRequests(program);
  const isOwn = (call: CallSite): boolean =>
    placeKey(call.on) === key || (call.package === 'memory-cache' && made.package === 'memory-cache');
  const writers = program.callsNamed('set', 'put').filter((call) => call.within !== undefined && live.has(call.within) && isOwn(call));
  if (writers.some(({ args }) => keepsCodes(args[0]))) return 'state';
  if (writers.some((call) => callsBy(program, [call.within!]).some(readsShared))) return 'data';
  return writers.length > 0 && isOnlyPlace(program, isOwn) ? 'state' : 'unknown';
}

function emitMemory(program: ProgramView, emit: Emit): void {
  for (const [library, made] of Object.entries(memoryCaches)) {
    const uses = program.callsOf(library);
    // memory-cache is its own instance.
    const calls =
      library === 'memory-cache'
        ? uses.filter(({ name }) => name === 'put').slice(0, 1)
        : uses.filter((call) => made.test(call.path) && call.how !== 'decorator');
    for (const call of calls) {
      const kind: StoreChoice['kind'] = library === 'flat-cache' ? 'file' : 'memory';
      emit(
        'cache',
        { ...call, place: call.namePlace },
        { library, stores: [{ kind, place: call.namePlace }], holds: holdsOf(program, call) },
      );
    }
  }
}

/** What `register` is given, or the factory of `registerAsync` returns. */
function given(call: CallSite, program: ProgramView): Value | undefined {
  const [first] = call.args;
  if (call.name !== 'registerAsync') return first;
  const factory = first?.is === 'object' ? first.properties['useFactory'] : undefined;
  const made = factory?.is === 'function' ? program.evaluator.returned(factory.id, [], call.namePlace) : undefined;
  return made?.is === 'object' ? made : { is: 'unknown', place: call.namePlace };
}

/** Stores of an options object, of a list of stores, or of a store given first. */
function storesOf(call: CallSite, options: readonly string[], program: ProgramView): StoreChoice[] {
  const memory: StoreChoice = { kind: 'memory', place: call.namePlace };
  const first = given(call, program);
  if (!first || (first.is === 'literal' && first.value === 'memory')) return [memory];
  if (first.is !== 'object') return originOf(first) ? storeChoices(first, memory) : [{ kind: 'unknown', place: first.place }];
  const store = options.map((name) => first.properties[name]).find((value) => value !== undefined);
  if (store?.is === 'list') return store.items.flatMap((item) => storeChoices(item, memory));
  if (store?.is === 'literal') return [{ kind: store.value === 'memory' ? 'memory' : 'unknown', place: store.place }];
  return !store && first.open ? [{ kind: 'unknown', place: first.place }] : storeChoices(store, memory);
}

export const caches: Recogniser = {
  id: 'caches',
  packages: [...Object.keys(memoryCaches), 'cache-manager', '@nestjs/cache-manager', ...Object.keys(responseCaches)],
  recognise(program, emit) {
    emitMemory(program, emit);
    for (const [library, { made, options }] of Object.entries(storeCaches)) {
      for (const call of program.callsOf(library)) {
        if (made.test(call.path))
          emit('cache', { ...call, place: call.namePlace }, { library, stores: storesOf(call, options, program), holds: 'data' });
      }
    }
    for (const [library, options] of Object.entries(responseCaches)) {
      const [call] = program.callsOf(library).filter(({ name }) => name === 'middleware');
      const configured = program
        .callsOf(library)
        .some(({ args }) => args.some((argument) => argument.is === 'object' && options.some((name) => name in argument.properties)));
      if (call)
        emit(
          'cache',
          { ...call, place: call.namePlace },
          { library, stores: [{ kind: configured ? 'external' : 'memory', place: call.namePlace }], holds: 'data' },
        );
    }
  },
};
