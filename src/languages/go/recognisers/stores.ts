import type { FactValues, StoreChoice, StoreKind, Value } from '../../../facts.ts';
import { functionsOf } from '../call-graph.ts';
import { anchor, type CallSite, type Emit, isNil, type ProgramView, type Recogniser, textOf } from '../recogniser.ts';
import { pathOf } from '../summarise-reads.ts';
import { isOwnType, splitId, targetOf, typeOf } from '../value-shapes.ts';
import { folderOf } from '../workspace.ts';
import { callsBy, effectsBy } from './effects.ts';

/** Limiters by what makes their counters. */
const limiters: readonly (readonly [RegExp, StoreKind, string])[] = [
  [/^github\.com\/didip\/tollbooth\.(?:NewLimiter|NewLimiterExpiringBuckets)$/, 'memory', 'tollbooth'],
  [/^github\.com\/ulule\/limiter\/drivers\/store\/memory\.NewStore\w*$/, 'memory', 'ulule/limiter'],
  [/^github\.com\/ulule\/limiter\/drivers\/store\/redis\.NewStore\w*$/, 'external', 'ulule/limiter'],
  [/^echo\/middleware\.NewRateLimiterMemoryStore\w*$/, 'memory', 'echo'],
  [/^github\.com\/throttled\/throttled\/store\/memstore\.New\w*$/, 'memory', 'throttled'],
  [/^github\.com\/throttled\/throttled\/store\/(?:redigo|goredis)store\.New\w*$/, 'external', 'throttled'],
  [/^github\.com\/sethvargo\/go-limiter\/memorystore\.New$/, 'memory', 'go-limiter'],
  [/^github\.com\/sethvargo\/go-redisstore\.New\w*$/, 'external', 'go-limiter'],
  [/^github\.com\/JGLTechs\/gin-rate-limit\.InMemoryStore$/, 'memory', 'gin-rate-limit'],
  [/^github\.com\/JGLTechs\/gin-rate-limit\.RedisStore$/, 'external', 'gin-rate-limit'],
  [/^github\.com\/go-redis\/redis_rate\.NewLimiter$/, 'external', 'redis_rate'],
];

const choice = (call: CallSite, kind: StoreKind): StoreChoice => ({
  kind,
  place: call.place,
  ...(call.when.length > 0 ? { when: call.when } : {}),
});

/** What is made for one library in the program, and may be chosen by a setting. */
export function storesByLibrary(
  program: ProgramView,
  known: readonly (readonly [RegExp, StoreKind, string])[],
): ReadonlyMap<string, readonly { readonly call: CallSite; readonly store: StoreChoice }[]> {
  const found = new Map<string, { call: CallSite; store: StoreChoice }[]>();
  for (const call of program.calls) {
    const entry = call.target === undefined ? undefined : known.find(([pattern]) => pattern.test(call.target!));
    if (!entry) continue;
    const [, kind, library] = entry;
    found.set(library, [...(found.get(library) ?? []), { call, store: choice(call, kind) }]);
  }
  return found;
}

/** A shared counter that a setting may choose is the one for several copies. */
function emitLimiters(program: ProgramView, emit: Emit): void {
  const all = storesByLibrary(program, limiters);
  const isShared = [...all.values()].flat().some(({ store }) => store.kind === 'external' && !store.when?.length);
  for (const [library, made] of all)
    for (const { call, store } of made)
      if (store.kind === 'external' || !isShared) emit('rate-limit', anchor(call), { library, stores: [store] });
}

/** `httprate.LimitByIP(100, time.Minute)` counts in memory unless an option names a counter. */
function emitHttprate(program: ProgramView, emit: Emit): void {
  for (const call of program.calls) {
    if (!/^github\.com\/go-chi\/httprate\.(?:Limit|LimitAll|LimitByIP|LimitByRealIP|NewRateLimiter)$/.test(call.target ?? '')) continue;
    const isGiven = call.args.some((argument) => argument.is === 'made' && /Counter/.test(targetOf(argument.callee) ?? ''));
    emit('rate-limit', anchor(call), { library: 'httprate', stores: [choice(call, isGiven ? 'external' : 'memory')] });
  }
}

/** Where middleware of fiber keeps its data: in memory unless its configuration names a storage. */
export function fiberStore(call: CallSite): StoreChoice | undefined {
  const [config] = call.args;
  const options = config?.is === 'made' ? config.args[0] : config;
  if (!config) return choice(call, 'memory');
  if (options?.is !== 'object') return undefined;
  const storage = options.properties['Storage'];
  if (!storage || isNil(storage)) return choice(call, 'memory');
  return { ...choice(call, kindOfStorage(storage)), place: storage.place };
}
function kindOfStorage(storage: Value): StoreKind {
  const type = typeOf(storage) ?? '';
  if (/^github\.com\/gofiber\/storage\/(?:memory|ristretto)\b/.test(type)) return 'memory';
  if (/^github\.com\/gofiber\/storage\/(?:sqlite3|badger|bbolt|pebble)\b/.test(type)) return 'file';
  return /^github\.com\/gofiber\/storage\//.test(type) ? 'external' : 'unknown';
}

/** The function puts something into a map, or its callers do so with what it gives. */
function isKept(program: ProgramView, id: string, depth = 0): boolean {
  const [path, number] = splitId(id);
  const isPut =
    program.assignments.some((one) => one.path === path && one.own.within === number && one.own.key && one.own.how === 'set') ||
    program.callsWithin(id).some(({ name }) => /^(?:Store|LoadOrStore|SetDefault|Set|Add)$/.test(name));
  if (isPut || depth > 1) return isPut;
  return program.evaluator.callers(id).some((one) => one.within !== undefined && isKept(program, `${one.path}#${one.within}`, depth + 1));
}
/** A file beside it has a client of a shared store: the counter in memory stands in where there is none. */
export const hasSharedBeside = (program: ProgramView, path: string): boolean =>
  program.files.some(
    (other) =>
      folderOf(other) === folderOf(path) &&
      (program.summary(other)?.imports ?? []).some((one) => /redis|redigo|valkey|rueidis|memcache/i.test(one.path)),
  );

/** `visitors[ip] = rate.NewLimiter(…)`: a limiter for each client that a request finds missing. */
function emitBuckets(program: ProgramView, emit: Emit): void {
  const made = program.called('golang.org/x/time/rate.NewLimiter', 'github.com/juju/ratelimit.NewBucket');
  const refuses = program.calls.some(
    ({ name, on, within }) => /^(?:AllowN?|TakeAvailable)$/.test(name) && program.servesRequest(within) && isLimiter(on),
  );
  if (!refuses) return;
  for (const call of made) {
    const { within, path, target } = call;
    if (within === undefined || !program.servesRequest(within) || program.isOption(within)) continue;
    if (isKept(program, within) && !hasSharedBeside(program, path))
      emit('rate-limit', anchor(call), { library: libraryName(target!), stores: [choice(call, 'memory')] }, 'likely');
  }
}
const isLimiter = (value: Value | undefined): boolean => {
  const type = value && typeOf(value);
  return type === undefined || /\.(?:Limiter|Bucket)$/.test(type) || isOwnType(type);
};
const libraryName = (target: string): string => (target.startsWith('golang.org/') ? 'x/time/rate' : 'juju/ratelimit');

/** Caches of one process, by what makes them. */
const caches =
  /^github\.com\/(?:patrickmn\/go-cache\.New|dgraph-io\/ristretto\.NewCache|hashicorp\/golang-lru(?:\/\w+)?\.New\w*|allegro\/bigcache\.New\w*|coocood\/freecache\.NewCache|jellydator\/ttlcache\.New\w*|ReneKroon\/ttlcache\.New\w*|maypok86\/otter\.(?:New|Must)\w*|bluele\/gcache\.New|karlseguin\/ccache\.New|Yiling-J\/theine-go\.NewBuilder|viccon\/sturdyc\.New|goburrow\/cache\.New(?:LoadingCache)?)$/;
const keeps = /^(?:Set\w*|Add\w*|Put|Store|Insert)$/;

/** Codes that were sent and counts of tries: nobody can make them again. */
const notAgain =
  /otp|one_?time|verif(?:y|ication)|captcha|(?:^|[_.])(?:2fa|mfa|nonce)(?:[_.]|$)|reset_?(?:code|token)|attempts?(?:[_.]|$)|lock_?out/i;
/** `codes.Set("otp:"+phone, code, time.Minute)`: by its key, or what the cache is called. */
function keepsState({ args, written }: CallSite): boolean {
  const [key] = args;
  const texts = (key?.is === 'text' ? key.parts : key ? [key] : []).map((part) => textOf(part) ?? '').join('_');
  const { callee, args: given } = written.call;
  const names = [given[0], callee.is === 'selector' ? callee.of : undefined].flatMap((one) => (one && pathOf(one)) ?? []);
  return notAgain.test([texts, ...names].join('.'));
}

/** Requests put in what they read from a database or a service: it can grow stale. Anything else may be a memo. */
function holdsOf(program: ProgramView, made: CallSite): NonNullable<FactValues['cache']['holds']> {
  // What fills a cache by itself: `cache.NewLoadingCache(func(key cache.Key) …)`.
  const loaded = callsBy(
    program,
    made.args.flatMap((argument) => functionsOf(argument)),
  );
  if (loaded.some((call) => effectsBy(program, call).has('reads'))) return 'data';
  const library = made.target!.slice(0, made.target!.lastIndexOf('.'));
  const isOwn = ({ on }: CallSite): boolean =>
    on !== undefined &&
    ((on.place.path === made.place.path && on.place.line === made.place.line) || (typeOf(on) ?? '').startsWith(`${library}.`));
  const writers = program.calls.filter((call) => keeps.test(call.name) && program.servesRequest(call.within) && isOwn(call));
  if (writers.some(keepsState)) return 'state';
  return writers.some(({ within }) => program.callsWithin(within!).some((call) => effectsBy(program, call).has('reads')))
    ? 'data'
    : 'unknown';
}

const namesMemory = (value: Value | undefined): boolean =>
  /^github\.com\/mojocn\/base64Captcha\.(?:DefaultMemStore|NewMemoryStore)$/.test(
    (value && targetOf(value.is === 'made' ? value.callee : value)) ?? '',
  );
/** Answers of captchas: the request that solves one has to reach the copy that drew it, unless a store of several copies keeps them. */
function emitCaptchas(program: ProgramView, emit: Emit): void {
  const isShared = program.called('github.com/dchest/captcha.SetCustomStore').length > 0;
  for (const call of program.calls) {
    const { target = '' } = call;
    const isDrawn = /^github\.com\/dchest\/captcha\.New(?:Len)?$/.test(target) && !isShared;
    if (isDrawn || (/^github\.com\/mojocn\/base64Captcha\.NewCaptcha$/.test(target) && namesMemory(call.args[1])))
      emit('cache', anchor(call), { library: target.split('/').at(-1)!.split('.')[0]!, stores: [choice(call, 'memory')], holds: 'state' });
  }
}

/** Counters and caches in the memory of the process. */
export const stores: Recogniser = {
  id: 'stores',
  recognise(program, emit) {
    emitLimiters(program, emit);
    emitHttprate(program, emit);
    emitBuckets(program, emit);
    emitCaptchas(program, emit);
    for (const call of program.called('github.com/gofiber/fiber/middleware/limiter.New')) {
      const store = fiberStore(call);
      if (store) emit('rate-limit', anchor(call), { library: 'fiber', stores: [store] });
    }
    for (const call of program.calls)
      if (caches.test(call.target ?? '')) {
        const [, owner = '', name = ''] = /^github\.com\/([\w-]+)\/([\w-]+)/.exec(call.target!) ?? [];
        const library = name === 'cache' ? `${owner}/cache` : name;
        emit('cache', anchor(call), { library, stores: [choice(call, 'memory')], holds: holdsOf(program, call) });
      }
  },
};
