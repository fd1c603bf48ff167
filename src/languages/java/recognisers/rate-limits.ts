import { importsFrom, refersTo } from '../names.ts';
import { placeAt, type Recogniser } from '../recogniser.ts';

/** Bucket4j keeps its buckets elsewhere with one of these. */
const sharedBuckets =
  /bucket4j[-_](?:redis|lettuce|redisson|jedis|jcache|hazelcast|infinispan|ignite|coherence|postgresql|mysql|mariadb|mssql|oracle|mongodb|dynamodb)|bucket4j-spring-boot-starter/;
/** Classes that stand before requests; elsewhere a limiter slows down calls that go out. */
const standsBefore = /Filter|Interceptor|Aspect|Controller|Resource|RateLimit|Throttl|Plugin|Gateway/;

const resilience = 'io.github.resilience4j.ratelimiter';

/** Limits that each copy counts for itself. */
export const rateLimits: Recogniser = {
  text: ['io.ktor.server.plugins.ratelimit', 'bucket4j', 'util.concurrent.RateLimiter', 'resilience4j.ratelimiter'],
  recognise(view, emit) {
    const report = (path: string, at: Parameters<typeof placeAt>[1], library: string): void => {
      const place = placeAt(path, [at[0], at[1], at[0], at[1] + 3]);
      emit('rate-limit', place, { library, stores: [{ kind: 'memory', place }] });
    };
    for (const { path, file, call } of view.callsNamed('install')) {
      const [plugin] = call.args;
      if (plugin?.is === 'name' && plugin.path.at(-1) === 'RateLimit' && importsFrom(file, 'io.ktor.server.plugins.ratelimit'))
        report(path, call.at, 'The RateLimit plugin of Ktor');
    }
    for (const call of view.callsNamed('rateLimiter')) {
      const type = view.names.typeOf(call.call.on, call);
      if (type !== undefined && standsBefore.test(call.type.name) && refersTo(call.file, type, `${resilience}.RateLimiterRegistry`))
        report(call.path, call.call.at, 'RateLimiter of Resilience4j');
    }
    if (view.dependency(sharedBuckets)) return;
    for (const call of view.callsNamed('builder', 'create')) {
      const { on, at, name } = call.call;
      if (on?.is !== 'name' || !standsBefore.test(call.type.name) || importsFrom(call.file, 'io.github.bucket4j.distributed')) continue;
      const type = on.path.join('.');
      if (name === 'builder' && refersTo(call.file, type, 'io.github.bucket4j.Bucket', 'io.github.bucket4j.Bucket4j'))
        report(call.path, at, 'Bucket4j');
      if (name === 'create' && refersTo(call.file, type, 'com.google.common.util.concurrent.RateLimiter'))
        report(call.path, at, 'RateLimiter of Guava');
    }
  },
};
