import { type MethodView, refersTo } from '../names.ts';
import { annotationOf, type Emit, type ProgramView, placeAt, type Recogniser } from '../recogniser.ts';
import type { Expression, Field } from '../summary.ts';
import { inFiles } from '../views.ts';
import { keptIn } from './kept-in-caches.ts';
import { isShared } from './process-state.ts';

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

interface Emptied {
  readonly path: string;
  readonly field: Field;
  /** Methods that empty it. */
  readonly by: readonly MethodView[];
}
const assigns =
  ({ name }: Field, is: 'null' | 'call') =>
  ({ method }: MethodView): boolean =>
    method.assignments.some(({ target, value }) => target.at(-1) === name && target.length <= 2 && value?.is === is);
const emptiedMaps = inFiles(({ path, types, methods }) =>
  types.flatMap(({ type }) =>
    type.fields.flatMap((field): readonly Emptied[] => {
      if (!field.modifiers.includes('static') || field.modifiers.includes('final') || !mapType.test(field.type)) return [];
      const own = methods.filter((method) => method.type === type);
      return own.some(assigns(field, 'call')) ? [{ path, field, by: own.filter(assigns(field, 'null')) }] : [];
    }),
  ),
);

/** A static map that is loaded as a whole and that a request empties again, in its own copy alone. */
function emitEmptiedMaps(view: ProgramView, emit: Emit): void {
  for (const { path, field, by } of emptiedMaps(view)) {
    if (!by.some((method) => view.answersRequest(method))) continue;
    const place = placeAt(path, field.at);
    emit('cache', place, { library: `\`${field.name}\``, stores: [{ kind: 'memory', place }], holds: 'data' }, { confidence: 'likely' });
  }
}

/** What only this copy has, or what each one works out alike. */
const ownContent = /token|credential|lock|limit|attempt|template|pattern|message|executor|client|session|future/i;
const collectionType = /(?:^|\.)(?:Map|HashMap|LinkedHashMap|ConcurrentMap|ConcurrentHashMap|List|ArrayList|Set|HashSet|Collection)$/;
const isCollection = ({ type, value }: Field): boolean =>
  collectionType.test(type) || (value?.is === 'call' && /^(?:list|map|set|emptyList|emptyMap|emptySet)(?:Of)?$/.test(value.name));
/** `fun refresh() { items = repository.findAll() }`: loaded as a whole whenever it is called. */
const reloaded = inFiles(({ path, types, methods }) =>
  types.flatMap((view) =>
    view.type.fields.flatMap((field) => {
      if (field.modifiers.includes('final') || !isCollection(field) || ownContent.test(`${view.type.name} ${field.name}`)) return [];
      const by = methods.filter(
        (method) => method.type === view.type && /^(?:refresh|reload|rebuild)/i.test(method.method.name) && assigns(field, 'call')(method),
      );
      return by.length > 0 ? [{ path, view, field, by }] : [];
    }),
  ),
);

/** A copy of what is stored elsewhere, which a request renews in its own process alone. */
function emitReloaded(view: ProgramView, emit: Emit): void {
  for (const { path, view: type, field, by } of reloaded(view)) {
    if (!isShared(type, field, view) || !by.some((method) => view.answersRequest(method))) continue;
    const place = placeAt(path, field.at);
    emit('cache', place, { library: `\`${field.name}\``, stores: [{ kind: 'memory', place }], holds: 'data' }, { confidence: 'likely' });
  }
}

/** Tokens with which the program itself signs in elsewhere: looked up or fetched anew, and never handed in. */
function isOfOwnTokens({ type, method }: MethodView, made: Expression): boolean {
  const target = method.assignments.find(({ at }) => at[0] <= made.at[0] && made.at[2] <= at[2])?.target.at(-1);
  const field = type.fields.find(({ name }) => name === target);
  const content = field?.of?.slice(field.of.indexOf(',') + 1) ?? '';
  const isPut = type.methods.some(({ calls }) =>
    calls.some(({ name, on }) => name === 'put' && on?.is === 'name' && on.path.at(-1) === target),
  );
  return field !== undefined && !isPut && /token|credential/i.test(`${field.name} ${content}`);
}

/** Methods that make a cache, with the place. */
const makers = inFiles(({ methods }) =>
  methods.flatMap((view) => {
    const { file, method } = view;
    const call = method.calls.find(
      ({ name, on }) =>
        /^new(?:Builder|CacheManagerBuilder)$/.test(name) &&
        on?.is === 'name' &&
        builders.some(([type]) => refersTo(file, on.path.join('.'), type)),
    );
    const found = call ?? method.creations.find(({ type }) => builders.some(([name]) => refersTo(file, type, name)));
    if (!found || isOfOwnTokens(view, found)) return [];
    const written = found.is === 'new' ? found.type : found.on?.is === 'name' ? found.on.path.join('.') : '';
    const library = builders.find(([type]) => refersTo(file, written, type))?.[1] ?? 'a cache';
    return [{ view, library, place: placeAt(view.path, found.at) }];
  }),
);

/** Fields that a bean makes a cache for: `LoadingCache<Long, Page> pages = CacheBuilder.newBuilder()…`. */
const inFields = inFiles(({ file, types }) =>
  types.flatMap((view) =>
    view.type.fields.flatMap(({ name, type, of, value }) => {
      let root = value?.is === 'call' ? value : undefined;
      for (let depth = 0; root?.on?.is === 'call' && depth < 20; depth++) root = root.on;
      const on = root?.name === 'newBuilder' && root.on?.is === 'name' ? root.on : undefined;
      const found = on && builders.find(([one]) => refersTo(file, on.path.join('.'), one));
      const content = of?.slice(of.indexOf(',') + 1).match(/[A-Z]\w*/g) ?? [];
      if (!found || !on || [name, view.type.name, type, ...content].some((word) => ownContent.test(word))) return [];
      return [{ view, content, library: found[1], place: placeAt(view.path, on.at) }];
    }),
  ),
);
const enablers = inFiles(({ path, types }) =>
  types.flatMap(({ type }) => {
    const enabled = annotationOf(type, 'EnableCaching');
    return enabled ? [placeAt(path, enabled.at)] : [];
  }),
);

const managesRedis = (view: ProgramView): boolean =>
  view.methods.some(
    ({ method }) =>
      /RedisCacheManager/.test(method.returns ?? '') ||
      method.calls.some(({ on }) => on?.is === 'name' && on.path.at(-1) === 'RedisCacheManager') ||
      method.creations.some(({ type }) => type === 'RedisCacheManager'),
  );

/** Caches that `ehcache.xml` sets up, where the library is packed with the program. */
function emitConfigured(view: ProgramView, emit: Emit): void {
  if (!view.dependency(/(?:^|[.:-])ehcache/i)) return;
  for (const fact of view.manifestFacts) if (fact.kind === 'cache') emit('cache', fact.place, fact.value, { confidence: fact.confidence });
}

/** The class that beans extend makes it for them. */
const isBaseOfBean = ({ type }: MethodView, view: ProgramView): boolean =>
  view.types.some(
    (other) =>
      other.type.superclass !== undefined && view.names.find(other.file, other.type.superclass)?.type === type && view.isBean(other),
  );

/** Caches in the memory of the process. */
export const caches: Recogniser = {
  text: ['EnableCaching', 'Caffeine', 'CacheBuilder', 'ConcurrentMapCacheManager', 'CacheManagerBuilder', 'fun refresh(', 'fun reload('],
  recognise(view, emit) {
    emitEmptiedMaps(view, emit);
    emitReloaded(view, emit);
    emitConfigured(view, emit);
    for (const place of enablers(view)) {
      const { library, kind } = managesRedis(view) ? { library: 'Spring Cache', kind: 'external' as const } : springCache(view);
      emit('cache', place, { library, stores: [{ kind, place }], holds: 'data' });
    }
    for (const { view: type, content, library, place } of inFields(view))
      if (view.isBean(type) && content.some((word) => view.names.find(type.file, word) !== undefined))
        emit('cache', place, { library, stores: [{ kind: 'memory', place }], holds: 'data' }, { confidence: 'likely' });
    const states = new Set(keptIn(view).map(({ type }) => type.type));
    for (const { view: method, library, place } of makers(view))
      if (!states.has(method.type) && (view.isBean(method) || isBaseOfBean(method, view)))
        emit('cache', place, { library, stores: [{ kind: 'memory', place }], holds: 'data' });
  },
};
