import type { Condition, StoreChoice, StoreKind, Value } from '../../../facts.ts';
import type { Place } from '../../../types.ts';
import { alternativesOf, type CallSite, type Emit, type ProgramView, type Recogniser, textOf } from '../recogniser.ts';
import type { Expression } from '../summary.ts';
import { dottedOf, placeAt } from '../value-shapes.ts';
import { anchor } from './servers.ts';
import { djangoCacheStores } from './store-settings.ts';

const addressKind = (text: string | undefined): StoreKind =>
  text === undefined ? 'external' : text.startsWith('memory://') || text === '' ? 'memory' : 'external';

/** Under which conditions something is switched on; nothing where that is not known. */
function enabledWhen(enabled: Value | undefined): readonly Condition[] | undefined {
  if (enabled === undefined) return [];
  const options = enabled.is === 'choice' ? enabled.options : [{ value: enabled }];
  const on = options.filter(({ value }) => !(value.is === 'literal' && value.value === false));
  return on.length === 1 && on[0]!.value.is === 'literal' ? (on[0]!.when ?? []) : undefined;
}

/** Limiters count in memory where no address of a store is given. */
function emitLimiter(call: CallSite, library: string, program: ProgramView, emit: Emit): void {
  const named = call.named('storage_uri') ?? call.named('storage_url');
  const settings = ['RATELIMIT_STORAGE_URI', 'RATELIMIT_STORAGE_URL'].flatMap((name) => program.settings(name));
  const given: readonly Value[] = named ? [named] : settings.map(({ value }) => value);
  const enabled = enabledWhen(call.named('enabled'));
  if (given.length === 0 && (call.written.call.open || enabled === undefined)) return;
  const stores = given.flatMap((value) =>
    alternativesOf(value).map(
      ({ value: one, when }): StoreChoice => ({ kind: addressKind(textOf(one)), ...(when.length > 0 ? { when } : {}), place: one.place }),
    ),
  );
  const inMemory: StoreChoice = { kind: 'memory', ...(enabled?.length ? { when: enabled } : {}), place: call.place };
  emit('rate-limit', anchor(call), { library, stores: stores.length > 0 ? stores : [inMemory] });
}

const flaskCaches: readonly (readonly [RegExp, StoreKind])[] = [
  [/^(?:flask_caching\.backends\.)?(?:simple|simplecache|SimpleCache)$/i, 'memory'],
  [/filesystem/i, 'file'],
  [/null/i, 'cookie'],
  [/redis|memcached|uwsgi|sasl/i, 'external'],
];
function emitFlaskCache(call: CallSite, program: ProgramView, emit: Emit): void {
  const config = call.named('config');
  const inline = config?.is === 'object' ? config.properties['CACHE_TYPE'] : undefined;
  const given = inline ? [inline] : program.settings('CACHE_TYPE').map(({ value }) => value);
  const stores = given.flatMap((value) =>
    alternativesOf(value).map(
      ({ value: one, when }): StoreChoice => ({
        kind: flaskCaches.find(([pattern]) => pattern.test(textOf(one) ?? ''))?.[1] ?? 'unknown',
        ...(when.length > 0 ? { when } : {}),
        place: one.place,
      }),
    ),
  );
  if (stores.length > 0) emit('cache', anchor(call), { library: 'Flask-Caching', stores, holds: 'data' });
}

/** Keys of what nobody can make again: codes that were sent, marks, counts of tries. */
const keeps =
  /otp|one_?time|verif(?:y|ication)|captcha|(?:^|_)(?:2fa|mfa|nonce|rl)(?:_|$)|reset|attempts?|failed_|lock_?out|throttl|rate_?limit|cool_?down/i;
const mostUses = 20;

/** Texts that a value holds, and the names that it is written with. */
function wordsOf(value: Value | undefined, written: Expression | undefined): string {
  const parts = value?.is === 'text' ? value.parts : value ? [value] : [];
  const texts = parts.map((part) => textOf(part) ?? '').join('_');
  return `${texts.replace(/\W+/g, '_')}_${written?.is === 'name' || written?.is === 'attribute' ? written.name : ''}`;
}

/** The key of an entry says that nobody can make it again. */
export const keepsState = (call: CallSite): boolean => {
  if (call.name === 'incr') return true;
  const [written] = call.written.call.args;
  return call.name !== 'get_or_set' && call.name !== 'set_many' && keeps.test(wordsOf(call.argument('key', 0), written));
};

/** Django's cache, where requests put something into it. */
function emitDjangoCache(program: ProgramView, emit: Emit): void {
  const uses = program.calls.filter(
    ({ dotted, within }) =>
      /^django\.core\.cache\.cache\.(?:set|add|get_or_set|incr|set_many)$/.test(dotted ?? '') && program.servesRequest(within),
  );
  if (uses.length === 0 || program.settings('INSTALLED_APPS').length === 0) return;
  const isState = new Set(uses.slice(0, mostUses).filter(keepsState));
  const data = uses.find((use) => !isState.has(use));
  for (const use of [...isState, ...(data ? [data] : [])]) {
    const stores = djangoCacheStores(program, 'default', use.place);
    emit('cache', anchor(use), { library: 'Django', stores, holds: isState.has(use) ? 'state' : 'data' });
  }
}

/** Throttles of Django REST framework count in the default cache, which is the memory of the process unless something else is set. */
function emitThrottles(program: ProgramView, emit: Emit): void {
  for (const setting of program.settings('REST_FRAMEWORK')) {
    const rates = setting.value.is === 'object' ? setting.value.properties['DEFAULT_THROTTLE_RATES'] : undefined;
    if (rates?.is !== 'object' || Object.keys(rates.properties).length === 0) continue;
    const stores = djangoCacheStores(program, 'default', rates.place);
    emit('rate-limit', { ...setting, place: rates.place }, { library: 'Django REST framework', stores });
  }
}

const memory = (call: CallSite): readonly StoreChoice[] => [{ kind: 'memory', place: call.place }];
const isMemoryCache = (value: Value | undefined): boolean =>
  value !== undefined && /(?:SimpleMemoryCache|InMemoryBackend|MEMORY)(?:\(\))?$/.test(dottedOf(value) ?? '');

/** What requests put into a cache of a module: by its keys, or as a decorator does. */
function heldBy(made: CallSite, program: ProgramView): 'data' | 'state' | undefined {
  const isIt = ({ path, line, column }: Place): boolean =>
    path === made.place.path && line === made.place.line && column === made.place.column;
  const [kept] = program.assignments.filter(({ own, path }) => isIt(placeAt(path, own.value.at)));
  const name = kept?.own.target.at(-1);
  const decorates = program
    .callsNamed('cached', 'cachedmethod')
    .some((call) => [...call.args, call.named('cache')].some((one) => one !== undefined && isIt(one.place)));
  const writes = program.assignments.filter(
    ({ own, within }) => own.key !== undefined && own.how === 'set' && own.target.at(-1) === name && program.servesRequest(within),
  );
  const isState = writes.some(({ own, path: from }) =>
    keeps.test(`${name}_${wordsOf(program.evaluator.value(own.key!, from, own.within), own.key)}`),
  );
  if (isState) return 'state';
  return decorates || writes.length > 0 ? 'data' : undefined;
}

/** Caches of one process whose entries grow old: with a time to live, or of a framework that others could share. */
function emitLocalCache(call: CallSite, program: ProgramView, emit: Emit): void {
  const { dotted = '', within } = call;
  const add = (library: string) => emit('cache', anchor(call), { library, stores: memory(call), holds: 'data' });
  if (/^cachetools\.TTLCache$/.test(dotted) && within === undefined) {
    const holds = heldBy(call, program);
    if (holds) emit('cache', anchor(call), { library: 'cachetools', stores: memory(call), holds });
  } else if (/^aiocache\.(?:\w+\.)?cached$/.test(dotted)) {
    const given = call.named('cache');
    const isConfigured = call.named('alias') !== undefined || program.callsNamed('set_config', 'from_config').length > 0;
    if (given ? isMemoryCache(given) : !isConfigured && !call.written.call.open) add('aiocache');
  } else if (/^fastapi_cache\.(?:\w+\.)?FastAPICache\.init$/.test(dotted) && isMemoryCache(call.args[0])) add('fastapi-cache');
}

/** Counters and caches: in the memory of the process, or where all replicas look. */
export const stores: Recogniser = {
  id: 'stores',
  recognise(program, emit) {
    for (const call of program.calls) {
      if (/^flask_limiter\.(?:\w+\.)?Limiter$/.test(call.dotted ?? '')) emitLimiter(call, 'Flask-Limiter', program, emit);
      else if (/^slowapi\.(?:\w+\.)?Limiter$/.test(call.dotted ?? '')) emitLimiter(call, 'SlowAPI', program, emit);
      else if (/^flask_caching\.Cache(?:\(\)\.init_app)?$/.test(call.dotted ?? '')) emitFlaskCache(call, program, emit);
      else emitLocalCache(call, program, emit);
    }
    emitDjangoCache(program, emit);
    emitThrottles(program, emit);
  },
};
