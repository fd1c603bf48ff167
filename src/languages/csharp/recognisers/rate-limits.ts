import { type ProgramView, placeOf, type Recogniser, storeAt } from '../recogniser.ts';

/** Windows and buckets count requests; a limit of running ones protects the copy itself. */
const counting = [
  'AddFixedWindowLimiter',
  'AddSlidingWindowLimiter',
  'AddTokenBucketLimiter',
  'GetFixedWindowLimiter',
  'GetSlidingWindowLimiter',
  'GetTokenBucketLimiter',
];
const counters = /^(?:FixedWindowRateLimiter|SlidingWindowRateLimiter|TokenBucketRateLimiter)$/;
const inMemory = ['AddInMemoryRateLimiting'];
const shared = [
  'AddRedisFixedWindowLimiter',
  'AddRedisSlidingWindowLimiter',
  'AddRedisTokenBucketLimiter',
  'AddDistributedRateLimiting',
  'AddRedisRateLimiting',
  'GetRedisFixedWindowRateLimiter',
];

const partitions = (view: ProgramView) => view.callsNamed(...counting);

/** Rate limits that each process counts for itself. */
export const rateLimits: Recogniser = {
  text: ['RateLimit', ...counting],
  recognise(view, emit) {
    const external = view.callsNamed(...shared).map((call) => storeAt(view, call, 'external', 'redis'));
    const [own] = view.callsNamed('AddRateLimiter');
    const hasCounter =
      partitions(view).length > 0 ||
      view.methods.some(({ method }) => method.creations.some(({ creation }) => counters.test(creation.type)));
    if (own && hasCounter && external.length === 0)
      emit('rate-limit', placeOf(own), { library: 'Microsoft.AspNetCore.RateLimiting', stores: [storeAt(view, own, 'memory')] });
    const library = 'AspNetCoreRateLimit';
    const [memory] = view.callsNamed(...inMemory);
    const isOfMemory = view
      .callsNamed('AddSingleton')
      .find(
        ({ call }) => /^(?:IRateLimitCounterStore|IIpPolicyStore)$/.test(call.types[0] ?? '') && /^MemoryCache/.test(call.types[1] ?? ''),
      );
    const store = memory ?? isOfMemory;
    if (store && external.length === 0 && view.callsNamed('UseIpRateLimiting', 'UseClientRateLimiting').length > 0)
      emit('rate-limit', placeOf(store), { library, stores: [storeAt(view, store, 'memory')] });
  },
};
