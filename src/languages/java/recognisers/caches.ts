import { type MethodView, refersTo } from '../names.ts';
import { annotationOf, type Emit, type ProgramView, placeAt, type Recogniser } from '../recogniser.ts';
import { viewsOf } from '../views.ts';

const localLibraries: readonly (readonly [RegExp, string])[] = [
  [/^com\.github\.ben-manes\.caffeine:caffeine$/, 'Caffeine'],
  [/^(?:org\.ehcache|net\.sf\.ehcache):/, 'Ehcache'],
  [/^com\.hazelcast:hazelcast(?:-spring|-all)?$/, 'embedded Hazelcast'],
  [/^org\.infinispan:infinispan-(?:core|embedded|spring-boot\d?-starter-embedded)/, 'embedded Infinispan'],
];
const sharedLibraries = /spring-boot-starter-data-redis|redisson|jedis|lettuce|spring-data-redis|memcached|hazelcast-client/;
const builders: readonly (readonly [string, string])[] = [
  ['com.github.benmanes.caffeine.cache.Caffeine', 'Caffeine'],
  ['com.google.common.cache.CacheBuilder', 'Guava'],
  ['org.springframework.cache.concurrent.ConcurrentMapCacheManager', 'ConcurrentMapCacheManager'],
  ['org.springframework.cache.caffeine.CaffeineCacheManager', 'Caffeine'],
  ['org.ehcache.config.builders.CacheManagerBuilder', 'Ehcache'],
];

/** Spring's caching uses the store that is chosen, else what is on the class path, else a map. */
function springCache(view: ProgramView): { readonly library: string; readonly kind: 'memory' | 'external' } {
  const type = view.settings.text('spring.cache.type')?.toLowerCase();
  if (type === 'redis' || type === 'couchbase') return { library: 'Spring Cache', kind: 'external' };
  const local = localLibraries.find(([pattern]) => view.dependency(pattern))?.[1];
  if (!type && !local && view.dependency(sharedLibraries)) return { library: 'Spring Cache', kind: 'external' };
  return { library: local ?? 'Spring Cache', kind: 'memory' };
}

const mapType = /(?:^|\.)(?:Map|HashMap|LinkedHashMap|ConcurrentMap|ConcurrentHashMap)$/;

/** A static map that is loaded as a whole and that a request empties again, in its own copy alone. */
function emitEmptiedMaps(view: ProgramView, emit: Emit): void {
  for (const { path, file, type } of view.types) {
    for (const field of type.fields) {
      if (!field.modifiers.includes('static') || field.modifiers.includes('final') || !mapType.test(field.type)) continue;
      const own = viewsOf(path, file).methods.filter((method) => method.type === type);
      const assigned = (is: 'null' | 'call') => (method: MethodView) =>
        method.method.assignments.some(({ target, value }) => target.at(-1) === field.name && target.length <= 2 && value?.is === is);
      const isEmptied = own.some((method) => assigned('null')(method) && view.answersRequest(method));
      if (!isEmptied || !own.some(assigned('call'))) continue;
      const place = placeAt(path, field.at);
      emit('cache', place, { library: `\`${field.name}\``, stores: [{ kind: 'memory', place }], holds: 'data' }, { confidence: 'likely' });
    }
  }
}

const managesRedis = (view: ProgramView): boolean =>
  view.methods.some(
    ({ method }) =>
      /RedisCacheManager/.test(method.returns ?? '') ||
      method.calls.some(({ on }) => on?.is === 'name' && on.path.at(-1) === 'RedisCacheManager') ||
      method.creations.some(({ type }) => type === 'RedisCacheManager'),
  );

/** Caches in the memory of the process. */
export const caches: Recogniser = {
  text: ['EnableCaching', 'Caffeine', 'CacheBuilder', 'ConcurrentMapCacheManager', 'CacheManagerBuilder'],
  recognise(view, emit) {
    emitEmptiedMaps(view, emit);
    for (const { path, type } of view.types) {
      const enabled = annotationOf(type, 'EnableCaching');
      if (!enabled) continue;
      const { library, kind } = managesRedis(view) ? { library: 'Spring Cache', kind: 'external' as const } : springCache(view);
      const place = placeAt(path, enabled.at);
      emit('cache', place, { library, stores: [{ kind, place }], holds: 'data' });
    }
    for (const method of view.methods) {
      const call = method.method.calls.find(
        ({ name, on }) =>
          /^new(?:Builder|CacheManagerBuilder)$/.test(name) &&
          on?.is === 'name' &&
          builders.some(([type]) => refersTo(method.file, on.path.join('.'), type)),
      );
      const made = method.method.creations.find(({ type }) => builders.some(([name]) => refersTo(method.file, type, name)));
      const found = call ?? made;
      if (!found || !view.isBean(method)) continue;
      const written = found.is === 'new' ? found.type : found.on?.is === 'name' ? found.on.path.join('.') : '';
      const place = placeAt(method.path, found.at);
      emit('cache', place, {
        library: builders.find(([type]) => refersTo(method.file, written, type))?.[1] ?? 'a cache',
        stores: [{ kind: 'memory', place }],
        holds: 'data',
      });
    }
  },
};
