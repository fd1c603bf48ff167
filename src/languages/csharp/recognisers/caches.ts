import type { CallView, MethodView } from '../names.ts';
import { type Emit, type ProgramView, placeAt, placeOf, type Recogniser, storeAt } from '../recogniser.ts';
import { distributedStores } from './stores.ts';

const setters = /^(?:Set|SetAsync|SetString|SetStringAsync|CreateEntry)$/;
const getters = /^(?:Get|GetAsync|GetString|GetStringAsync|TryGetValue)$/;
const both = /^(?:GetOrCreate|GetOrCreateAsync|GetOrAdd|GetOrAddAsync)$/;

interface Use {
  readonly call: CallView;
  readonly what: 'set' | 'get' | 'both';
}

const names = [
  ...['Set', 'SetAsync', 'SetString', 'SetStringAsync', 'CreateEntry'],
  ...['Get', 'GetAsync', 'GetString', 'GetStringAsync', 'TryGetValue'],
  ...['GetOrCreate', 'GetOrCreateAsync', 'GetOrAdd', 'GetOrAddAsync'],
];

/** IDistributedCache is a cache of one process where nothing but the one in memory is registered. */
const isDistributedInMemory = (view: ProgramView): boolean => {
  const stores = distributedStores(view);
  return stores.length > 0 && stores.every(({ kind, when }) => kind === 'memory' && !when?.length);
};

/** Calls of a cache that each process has for itself. */
function usesOf(view: ProgramView): readonly Use[] {
  const types = isDistributedInMemory(view)
    ? /^(?:IMemoryCache|MemoryCache|IAppCache|IDistributedCache)$/
    : /^(?:IMemoryCache|MemoryCache|IAppCache)$/;
  return view.callsNamed(...names).flatMap((call): readonly Use[] => {
    if (!types.test(view.names.typeOf(call.call.on, call) ?? '')) return [];
    const { name } = call.call;
    return [{ call, what: both.test(name) ? 'both' : setters.test(name) ? 'set' : getters.test(name) ? 'get' : 'both' }];
  });
}

const methodKey = ({ type, method }: MethodView) => `${type.name}.${method.name}`;

/**
 * A cache that one request writes and another one reads, and that neither fills when something is missing, is no copy of
 * anything: it is the only place where that is known.
 */
function emitState(view: ProgramView, uses: readonly Use[], emit: Emit): boolean {
  const inMethod = new Map<string, Set<Use['what']>>();
  for (const { call, what } of uses) inMethod.set(methodKey(call), (inMethod.get(methodKey(call)) ?? new Set()).add(what));
  const isLone = ({ call, what }: Use): boolean => [...inMethod.get(methodKey(call))!].every((one) => one === what);
  const types = new Set(uses.filter((use) => !isLone(use)).map(({ call }) => call.type));
  const lone = uses.filter((use) => isLone(use) && !types.has(use.call.type) && view.answersRequest(use.call));
  const writes = lone.filter(({ what }) => what === 'set');
  const reads = uses.filter((use) => use.what === 'get' && isLone(use) && !types.has(use.call.type));
  const [first] = writes;
  if (!first || reads.length === 0 || !isSameKey(first, reads, view)) return false;
  const field = first.call.call.on?.is === 'name' ? first.call.call.on.path.at(-1)! : 'IMemoryCache';
  const declared = view.names.field(first.call, field);
  emit(
    'process-state',
    declared ? placeAt(declared.owner.path, declared.field.at) : placeOf(first.call),
    {
      name: field,
      type: 'map',
      holds: 'state',
      writes: writes.map(({ call }) => placeOf(call)),
      reads: reads.map(({ call }) => placeOf(call)),
    },
    { within: first.call.id },
  );
  return true;
}

/** The shape of a key: its fixed parts. */
const shapeOf = ({ call }: Use, view: ProgramView): string | undefined => {
  const value = view.evaluator.value(call.call.args[0], call);
  if (value.is === 'literal') return String(value.value);
  return value.is === 'text' ? value.parts.map((part) => (part.is === 'literal' ? String(part.value) : '*')).join('') : undefined;
};
const isSameKey = (write: Use, reads: readonly Use[], view: ProgramView): boolean => {
  const shape = shapeOf(write, view);
  return shape !== undefined && reads.some((read) => shapeOf(read, view) === shape);
};

/** Whole answers that each process keeps for itself, unless a shared store is added. */
function emitAnswers(view: ProgramView, emit: Emit): void {
  const [added] = view.callsNamed('AddOutputCache');
  if (!added || view.callsNamed('AddStackExchangeRedisOutputCache', 'AddRedisDistributedOutputCache').length > 0) return;
  if (view.callsNamed('UseOutputCache', 'CacheOutput', 'AddBasePolicy').length > 0)
    emit('cache', placeOf(added), {
      library: 'Microsoft.AspNetCore.OutputCaching',
      stores: [storeAt(view, added, 'memory')],
      holds: 'data',
    });
}

/** IMemoryCache: copies of data that each process keeps for itself, and what is kept nowhere else. */
export const caches: Recogniser = {
  text: ['IMemoryCache', 'IAppCache', 'MemoryCache', 'IDistributedCache', 'OutputCache'],
  recognise(view, emit) {
    emitAnswers(view, emit);
    const uses = usesOf(view);
    const typeOf = ({ call }: Use): string =>
      view.names.typeOf(call.call.on, call) === 'IDistributedCache' ? 'IDistributedCache' : 'IMemoryCache';
    emitState(view, uses, emit);
    const filled = uses.find(({ call, what }) => what === 'both' || (what === 'set' && view.answersRequest(call)));
    if (!filled) return;
    emit(
      'cache',
      placeOf(filled.call),
      { library: typeOf(filled), stores: [{ kind: 'memory', place: placeOf(filled.call) }], holds: 'data' },
      { within: filled.call.id },
    );
  },
};
