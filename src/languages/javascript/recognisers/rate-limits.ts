import type { StoreChoice, Value } from '../../../facts.ts';
import type { Place } from '../../../types.ts';
import type { CallSite, Emit, ProgramView, Recogniser } from '../recogniser.ts';
import { isMentioned } from './request-code.ts';
import { optionsOf, registered, storeChoices, storesByOption } from './store-choices.ts';

interface Limiter {
  readonly made: RegExp;
  /** Options that name a shared store; in memory when none is given. */
  readonly options: readonly string[];
}
const libraries: Readonly<Record<string, Limiter>> = {
  'express-rate-limit': { made: /^(?:default|rateLimit|RateLimit)?$/, options: ['store'] },
  'express-slow-down': { made: /^(?:default|slowDown)?$/, options: ['store'] },
  // It counts in memory alone (README).
  'connect-ratelimit': { made: /^(?:default)?$/, options: [] },
  'koa2-ratelimit': { made: /^RateLimit\.middleware$/, options: ['store'] },
  'hono-rate-limiter': { made: /^rateLimiter$/, options: ['store'] },
  'graphql-rate-limit': { made: /^(?:createRateLimitDirective|createRateLimitRule|getGraphQLRateLimiter)$/, options: ['store'] },
  'graphql-rate-limit-directive': { made: /^(?:createRateLimitDirective|rateLimitDirective)$/, options: ['limiterClass'] },
};
const plugins: Readonly<Record<string, readonly string[]>> = {
  '@fastify/rate-limit': ['redis', 'store'],
  'fastify-rate-limit': ['redis', 'store'],
};
const pluginNames = new Set(Object.keys(plugins));
const flexible = 'rate-limiter-flexible';
const throttler = '@nestjs/throttler';

/** `export const guards = { loginLimit: rateLimit(…) }`: the name under which others would take it. */
function memberOf(program: ProgramView, { place: { path, line, column } }: CallSite): string | undefined {
  const exported = program.evaluator.graph.summary(path)?.exports ?? [];
  for (const { value } of exported) {
    const made = program.evaluator.evaluate(value, path);
    if (made.is !== 'object' || made.open) continue;
    const entry = Object.entries(made.properties).find(
      ([, { place }]) => place.path === path && place.line === line && place.column === column,
    );
    if (entry) return entry[0];
  }
  return undefined;
}

/** A limiter that nothing mentions does not run: neither the function that makes it nor the member that holds it. */
const isDead = (program: ProgramView, call: CallSite): boolean => {
  const name = call.within === undefined ? memberOf(program, call) : program.functionOf(call.within)?.name;
  return name !== undefined && !isMentioned(program, name);
};

function emitLimiters(program: ProgramView, emit: Emit): void {
  for (const [library, { made, options }] of Object.entries(libraries)) {
    for (const call of program.callsOf(library)) {
      if (!made.test(call.path) || isDead(program, call)) continue;
      const place = call.namePlace;
      emit(
        'rate-limit',
        { ...call, place },
        {
          library,
          stores:
            options.length === 0
              ? [{ kind: 'memory', place }]
              : storesByOption(optionsOf(call), options, { kind: 'memory', place }, call.args.length > 0),
        },
      );
    }
  }
}

const keyOf = ({ path, line, column }: Place): string => `${path}:${line}:${column}`;

/** `insuranceLimiter` takes over only while the shared store is out of reach. One that could not be traced may be any of them. */
function isInsurer(call: CallSite, calls: readonly CallSite[]): boolean {
  return calls.some((other) => {
    const options = optionsOf(other);
    const insurance = options?.is === 'object' ? options.properties['insuranceLimiter'] : undefined;
    return insurance !== undefined && (insurance.is !== 'made' || keyOf(insurance.place) === keyOf(call.place));
  });
}

/** rate-limiter-flexible has one class for each store: RateLimiterRedis, RateLimiterMemory… */
function emitFlexible(program: ProgramView, emit: Emit): void {
  const calls = program.callsOf(flexible);
  for (const call of calls) {
    const store = /^RateLimiter(\w+)$/.exec(call.path)?.[1];
    if (
      !store ||
      /^(?:Union|Queue|Abstract|Res|StoreAbstract)$/.test(store) ||
      (store === 'Memory' && isInsurer(call, calls)) ||
      isDead(program, call)
    )
      continue;
    const kind: StoreChoice['kind'] = store === 'Memory' || store === 'Cluster' ? 'memory' : 'external';
    emit('rate-limit', { ...call, place: call.namePlace }, { library: flexible, stores: [{ kind, place: call.namePlace }] });
  }
}

/** koa-ratelimit names its driver; its default is Redis, whose client is given as `db`. */
function emitKoa(program: ProgramView, emit: Emit): void {
  for (const call of program.callsOf('koa-ratelimit')) {
    const options = optionsOf(call);
    if (call.path !== '' || options?.is !== 'object') continue;
    const driver = options.properties['driver'];
    const kind: StoreChoice['kind'] = !driver
      ? 'external'
      : driver.is !== 'literal'
        ? 'unknown'
        : driver.value === 'memory'
          ? 'memory'
          : 'external';
    emit('rate-limit', { ...call, place: call.namePlace }, { library: 'koa-ratelimit', stores: [{ kind, place: call.namePlace }] });
  }
}

/** The object that `forRoot` is given, or that the factory of `forRootAsync` returns. */
function throttlerOptions(program: ProgramView, call: CallSite): Value | undefined {
  const [given] = call.args;
  const factory = call.name === 'forRootAsync' && given?.is === 'object' ? given.properties['useFactory'] : undefined;
  return factory?.is === 'function'
    ? program.evaluator.returned(factory.id, [], call.namePlace)
    : call.name === 'forRootAsync'
      ? undefined
      : given;
}

/** A guard of the program's own that counts by itself does not use the module's storage. */
const countsElsewhere = (program: ProgramView): boolean =>
  program.files.some((path) => {
    const text = program.text(path);
    if (!text?.includes('extends ThrottlerGuard') || !/\b(?:handleRequest|canActivate)\b/.test(text)) return false;
    // One that only looks whether to ask, and then asks the guard that it extends, counts where that one counts.
    return !/\bsuper\s?\.\s?(?:handleRequest|canActivate)\s?\(/.test(text);
  });

function emitThrottler(program: ProgramView, emit: Emit): void {
  for (const call of program.callsOf(throttler)) {
    if (!/^ThrottlerModule\.forRoot(?:Async)?$/.test(call.path)) continue;
    const place = call.namePlace;
    const options = throttlerOptions(program, call);
    const memory: StoreChoice = { kind: countsElsewhere(program) ? 'unknown' : 'memory', place };
    const stores = options?.is === 'list' ? [memory] : storesByOption(options, 'storage', memory, call.args.length > 0);
    emit('rate-limit', { ...call, place }, { library: throttler, stores });
  }
}

export const rateLimits: Recogniser = {
  id: 'rate-limits',
  packages: [...Object.keys(libraries), ...pluginNames, flexible, throttler, 'koa-ratelimit', 'express-brute'],
  methods: ['register'],
  recognise(program, emit) {
    emitLimiters(program, emit);
    emitFlexible(program, emit);
    emitKoa(program, emit);
    emitThrottler(program, emit);
    for (const call of program.callsOf('express-brute')) {
      const place = call.namePlace;
      if (call.path === '' && call.how === 'new')
        emit('rate-limit', { ...call, place }, { library: 'express-brute', stores: storeChoices(call.args[0], { kind: 'memory', place }) });
    }
    for (const call of program.callsNamed('register')) {
      const plugin = registered(call, pluginNames);
      if (!plugin) continue;
      const { place } = plugin;
      const stores = storesByOption(plugin.options, plugins[plugin.package]!, { kind: 'memory', place }, plugin.options !== undefined);
      emit('rate-limit', { ...call, place }, { library: plugin.package, stores });
    }
  },
};
