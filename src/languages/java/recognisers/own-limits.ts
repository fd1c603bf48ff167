/** Limiters of the program's own making: a filter that counts the requests of each client in a map. */
import type { MethodView, TypeView } from '../names.ts';
import { annotationOf, type ProgramView, placeAt, type Recogniser } from '../recogniser.ts';
import { inFiles } from '../views.ts';
import { isInjected, isShared } from './process-state.ts';

const limits = /(?:rate|access|request|ip|api|flow|traffic|qps)_?limit|limiter|throttl/i;
const maps = /(?:^|\.)(?:Map|ConcurrentMap|HashMap|LinkedHashMap|ConcurrentHashMap|Cache|LoadingCache)$/;
/** Limiters of libraries are told where they are made. */
const ofLibrary = /\b(?:Bucket|RateLimiter|Semaphore|Limiter|BlockingBucket)\b/;
const counts = /^(?:put|putIfAbsent|compute|computeIfAbsent|computeIfPresent|merge|replace|getOrPut|get)$/;
const shared = /Redis|Redisson|Jedis|Lettuce|Hazelcast|DataSource|Jdbc|Repository|Mapper/;

/** Stands before what answers: elsewhere a limiter slows down calls that go out. */
const before = /Filter|Interceptor|Aspect|Controller|Resource|Middleware|Guard|Advice|Plugin/;
const standsBefore = ({ type }: TypeView): boolean =>
  before.test(type.name) ||
  [type.superclass ?? '', ...type.interfaces].some((name) => before.test(name)) ||
  annotationOf(type, 'Aspect', 'RestController', 'Controller', 'WebFilter') !== undefined;
/** Advice around what answers requests. */
const isAdvice = ({ method }: MethodView): boolean => method.parameters.some(({ type }) => /^(?:Proceeding)?JoinPoint$/.test(type));

const candidates = inFiles(({ types, calls }) =>
  types.flatMap((type) => {
    if (type.type.fields.some((field) => shared.test(field.type))) return [];
    return type.type.fields.flatMap((field) => {
      if (!maps.test(field.type) || isInjected(field) || ofLibrary.test(field.of ?? '')) return [];
      if (!limits.test(type.type.name) && !limits.test(field.name)) return [];
      const uses = calls.filter(
        ({ type: owner, call }) =>
          owner === type.type && counts.test(call.name) && call.on?.is === 'name' && call.on.path.at(-1) === field.name,
      );
      return uses.some(({ call }) => call.name !== 'get') ? [{ type, field, uses }] : [];
    });
  }),
);

/** The class itself stands before requests, or one that does asks it. */
function guards(type: TypeView, uses: readonly MethodView[], view: ProgramView): boolean {
  const runs = (one: MethodView): boolean => view.answersRequest(one) || isAdvice(one);
  if (standsBefore(type)) return uses.some(runs) || type.type.methods.some((method) => isAdvice({ ...type, method, id: '' }));
  const names = new Set(uses.map(({ method }) => method.name));
  return view
    .callsNamed(...names)
    .some((call) => call.type !== type.type && standsBefore(call) && runs(call) && view.names.typeOf(call.call.on, call) !== undefined);
}

export const ownLimits: Recogniser = {
  text: ['RateLimit', 'rateLimit', 'Throttl', 'throttl', 'AccessLimit', 'RequestLimit', 'IpLimit', 'ipLimit'],
  recognise(view, emit) {
    for (const { type, field, uses } of candidates(view)) {
      if (!isShared(type, field, view) && !standsBefore(type)) continue;
      if (!guards(type, uses, view)) continue;
      const place = placeAt(type.path, field.at);
      emit(
        'rate-limit',
        place,
        { library: `\`${type.type.name.split('.').at(-1)}\``, stores: [{ kind: 'memory', place }] },
        { confidence: 'likely' },
      );
    }
  },
};
