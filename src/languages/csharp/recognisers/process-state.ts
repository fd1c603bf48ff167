import type { Condition, FactValues } from '../../../facts.ts';
import type { Place } from '../../../types.ts';
import type { MethodView, TypeView } from '../names.ts';
import { type Emit, type ProgramView, placeAt, type Recogniser } from '../recogniser.ts';
import type { Expression, Field, Guard, Variable } from '../summary.ts';
import { readIn } from './paths-read.ts';

type Kind = FactValues['process-state']['type'];
type Holds = FactValues['process-state']['holds'];

const containers: Readonly<Record<string, Kind>> = {
  Dictionary: 'map',
  IDictionary: 'map',
  ConcurrentDictionary: 'map',
  SortedDictionary: 'map',
  Hashtable: 'map',
  List: 'list',
  IList: 'list',
  ICollection: 'list',
  ConcurrentBag: 'list',
  LinkedList: 'list',
  ConcurrentStack: 'list',
  Stack: 'list',
  ObservableCollection: 'list',
  HashSet: 'set',
  ISet: 'set',
  SortedSet: 'set',
};
const queues = /^(?:ConcurrentQueue|Queue|BlockingCollection|PriorityQueue)$/;

/** What they hold is of this process: connections, locks, types, functions. */
const ownThings =
  /(?:Type|Func|Action|Lazy|SemaphoreSlim|Task|TaskCompletionSource|CancellationTokenSource|WebSocket|Socket|HttpClient|Regex|PropertyInfo|MethodInfo|FieldInfo|Delegate|Channel|ChannelWriter|Timer|Stream|Connection\w*|Client|Process|Thread|Assembly|Expression|Compiled\w*|Counter|Gauge|Histogram|Meter|ILogger|Lock|object|WeakReference|IDisposable|StreamWriter|Handler|Descriptor|Converter|Factory|Validator|Provider)[?>\]]*$/;
const memo =
  /cache|memo(?!r)|lookup|index|compiled|loaded|known|seen|warned|regist(?:ry|ered)|handlers?$|plugins?$|listeners?|callbacks?|routes?$|mappings?$|maps?$|types?$|instances?|singleton|metrics?|stats?$|gauges?|locks?$|clients?$|connections?$|pools?$|sockets?|subscri(?:bers|ptions)|channels|semaphores?|errors?$|config|settings|options|templates?$|policies|providers?$|factories|converters|validators|keyboard|properties|translations|resources|throttl|limiter|attempts?History/i;

/** Who is connected, by name or id: in a program with hubs, each copy knows only its own. */
const presence = /connections?$|clients?$|subscri(?:bers|ptions)$/i;
const hub = /^(?:Hub|DynamicHub)$/;
/** Counts how often somebody asked. */
const limits = /rate_?limit|limiter/i;

const adds = /^(?:Add|TryAdd|AddOrUpdate|AddRange|Insert|Push|AddFirst|AddLast|Append|Update|TryUpdate)$/;
const fills = /^(?:GetOrAdd)$/;
const takesAway = /^(?:Remove\w*|TryRemove|Clear|Pop|TryPop|Dequeue|TryDequeue|TryTake)$/;

const saves = /^(?:SaveChanges|Save|InsertOne|Insert|Upsert|ReplaceOne|ExecuteNonQuery)(?:Async)?$/;

interface Holder {
  readonly owner: TypeView;
  readonly field: Field;
  /** What a program without a class declares, where it is no field. */
  readonly variable?: Variable;
  readonly type: Kind;
  readonly isQueue: boolean;
  readonly when: readonly Condition[];
  readonly writes: Place[];
  readonly reads: Place[];
  isFilled: boolean;
  /** What is missing is made when it is asked for. */
  isDefaulted: boolean;
  /** Requests change what lies in it. */
  isChangedInside: boolean;
  /** A service of the host takes from it. */
  isServed: boolean;
}

const untouched = { isFilled: false, isDefaulted: false, isChangedInside: false, isServed: false };
const lastOf = (name: string): string => name.slice(name.lastIndexOf('.') + 1);

/** Types of which one object serves all requests, with the conditions of their registration. */
export function singletons(view: ProgramView): ReadonlyMap<string, readonly Condition[]> {
  const found = new Map<string, readonly Condition[]>();
  for (const call of view.callsNamed('AddSingleton', 'TryAddSingleton', 'AddKeyedSingleton')) {
    const made = call.call.args.flatMap((argument) => {
      if (argument.is === 'new') return [argument.type];
      return argument.is === 'lambda' ? (call.type.methods[argument.index]?.creations ?? []).map(({ creation }) => creation.type) : [];
    });
    for (const name of [...call.call.types.slice(-1), ...made]) found.set(lastOf(name), view.conditions(call));
  }
  // Middleware is made once, unless it asks to be made for each request.
  for (const call of view.callsNamed('UseMiddleware'))
    for (const name of call.call.types) if (!found.has(lastOf(name))) found.set(lastOf(name), view.conditions(call));
  return found;
}

/** What is registered for each interface. */
function registrations(view: ProgramView): ReadonlyMap<string, ReadonlySet<string>> {
  const byInterface = new Map<string, Set<string>>();
  const calls = view.callsNamed('AddSingleton', 'TryAddSingleton', 'AddScoped', 'TryAddScoped', 'AddTransient', 'TryAddTransient');
  for (const { call } of calls) {
    const [wanted, given] = call.types;
    if (wanted === undefined || call.types.length > 2) continue;
    const made = given ?? call.args.find(({ is }) => is === 'new' || is === 'lambda')?.is ?? wanted;
    const known = byInterface.get(lastOf(wanted)) ?? new Set();
    byInterface.set(lastOf(wanted), known.add(lastOf(made)));
  }
  return byInterface;
}
/** Another type is registered in its place, or may be: something decides which of them serves. */
const isReplaceable = (owner: TypeView, registered: ReadonlyMap<string, ReadonlySet<string>>, view: ProgramView): boolean =>
  view.names.basesOf(owner).some((base) => [...(registered.get(base) ?? [])].some((one) => one !== lastOf(owner.type.name)));

/** A container that starts empty: a field with items is a table that somebody wrote down. */
const startsEmpty = (value: Expression | undefined): boolean =>
  value === undefined ||
  (value.is === 'new' && value.args.every((one) => one.is !== 'name' || /Comparer/.test(one.path[0] ?? ''))) ||
  // Samples to begin with are no table that somebody wrote down, once requests add to them.
  (value.is === 'list' && value.items.every(({ is }) => is === 'new'));

/** `ConcurrentDictionary<string, RequestCounter>` of a limiter counts requests; elsewhere counters are metrics of the copy. */
const isCount = (type: string, owner: TypeView): boolean => limits.test(owner.type.name) && /\wCounter[?>\]]*$/.test(type);

function findHolders(view: ProgramView): readonly Holder[] {
  const shared = singletons(view);
  const given = registrations(view);
  return view.types.flatMap((owner) => {
    const registered = shared.get(lastOf(owner.type.name));
    return owner.type.fields.flatMap((field): readonly Holder[] => {
      const isStatic = field.modifiers.includes('static');
      const name = lastOf(field.type);
      const isQueue = queues.test(name);
      const type = Object.hasOwn(containers, name) ? containers[name] : isQueue ? 'list' : undefined;
      if (!type || (/memory/i.test(owner.type.name) && isReplaceable(owner, given, view))) return [];
      if (!(isStatic || registered) || field.modifiers.includes('const')) return [];
      if (field.attributes.some((one) => one.name === 'ThreadStatic')) return [];
      if (!startsEmpty(field.value) || (!isQueue && field.types.some((one) => ownThings.test(one) && !isCount(one, owner)))) return [];
      return [{ owner, field, type, isQueue, when: isStatic ? [] : registered!, writes: [], reads: [], ...untouched }];
    });
  });
}

/** `var todos = new List<Todo>();` of a program without a class, which its lambdas share. */
function findVariables(view: ProgramView): readonly Holder[] {
  return view.running
    .filter(({ type, method }) => type.kind === 'main' && method.name === '<main>')
    .flatMap(({ method, ...owner }) =>
      method.locals.flatMap((variable): readonly Holder[] => {
        const { value } = variable;
        const name = lastOf(variable.type === 'var' && value?.is === 'new' ? value.type : variable.type);
        const type = Object.hasOwn(containers, name) ? containers[name] : undefined;
        if (!type || value === undefined || !startsEmpty(value) || variable.types.some((one) => ownThings.test(one))) return [];
        const field: Field = { ...variable, modifiers: ['static'], isProperty: false, attributes: [] };
        return [{ owner, field, variable, type, isQueue: false, when: [], writes: [], reads: [], ...untouched }];
      }),
    );
}

/** What a path begins with: `_carts`, `Store.Carts`. */
function holderOf(
  path: readonly string[],
  view: MethodView,
  byField: ReadonlyMap<Variable, Holder>,
  program: ProgramView,
): Holder | undefined {
  const [first = '', second] = path;
  for (const { method } of program.names.around(view)) {
    const local = [...method.locals, ...method.parameters].find(({ name }) => name === first);
    if (local) return byField.get(local);
  }
  const own = program.names.field(view, first)?.field;
  const found = own && byField.get(own);
  if (found || second === undefined) return found;
  // `Store.Carts`, `_store.Carts`
  const type = program.names.typeOf({ is: 'name', path: [first], at: view.method.at }, view) ?? first;
  for (const owner of [...program.names.find(type, view), ...program.names.subtypesOf(type)]) {
    const field = owner.type.fields.find(({ name }) => name === second);
    const holder = field && byField.get(field);
    if (holder) return holder;
  }
  return undefined;
}

function mentions(expression: Expression, name: string, depth = 0): boolean {
  if (depth > 6) return false;
  switch (expression.is) {
    case 'name':
      return expression.path.includes(name);
    case 'call':
      return (
        (expression.on !== undefined && mentions(expression.on, name, depth + 1)) ||
        expression.args.some((one) => mentions(one, name, depth + 1))
      );
    case 'not':
      return mentions(expression.value, name, depth + 1);
    case 'and':
    case 'or':
    case 'compare':
      return mentions(expression.left, name, depth + 1) || mentions(expression.right, name, depth + 1);
    case 'index':
      return mentions(expression.of, name, depth + 1);
    default:
      return false;
  }
}
const finds = /^(?:TryGetValue|ContainsKey|Contains)$/;
const findsItself = (when: readonly Guard[] | undefined, name: string): boolean =>
  (when ?? []).some(({ test, holds }) => test.is === 'call' && holds && finds.test(test.name) && mentions(test, name));
/** The test around a write asks the container itself: it fills what is missing, unless the test found it there. */
const asksItself = (when: readonly Guard[] | undefined, name: string): boolean =>
  !findsItself(when, name) &&
  (when ?? []).some(({ test, holds }) => mentions(test, name) && !(test.is === 'call' && holds && test.name === 'TryAdd'));

const changesInside = (name: string): boolean => adds.test(name) || takesAway.test(name);
/** `var ids = _ids.GetOrAdd(user, new())`, then `ids.Add(id)`: what is inside of the container changes. */
function insides(one: MethodView, byField: ReadonlyMap<Variable, Holder>, view: ProgramView): ReadonlyMap<string, Holder> {
  const found = new Map<string, Holder>();
  for (const { name, value } of one.method.locals) {
    const of = value?.is === 'call' && fills.test(value.name) ? value.on : value?.is === 'index' ? value.of : undefined;
    const holder = of?.is === 'name' ? holderOf(of.path, one, byField, view) : undefined;
    const isChanged = ({ call }: { readonly call: { readonly on?: Expression; readonly name: string } }): boolean =>
      call.on?.is === 'name' && call.on.path.length === 1 && call.on.path[0] === name && changesInside(call.name);
    if (holder && one.method.calls.some(isChanged)) found.set(name, holder);
  }
  return found;
}

/** `ids.Add(id)` of such a variable, `_ids[user].Add(id)`. */
function insideOf(
  on: Expression | undefined,
  inside: ReadonlyMap<string, Holder>,
  one: MethodView,
  byField: ReadonlyMap<Variable, Holder>,
  view: ProgramView,
): Holder | undefined {
  // `_carts.GetOrAdd(user, …).Add(item)`
  if (on?.is === 'call' && fills.test(on.name)) return on.on?.is === 'name' ? holderOf(on.on.path, one, byField, view) : undefined;
  if (on?.is === 'index') return on.of.is === 'name' ? holderOf(on.of.path, one, byField, view) : undefined;
  return on?.is === 'name' && on.path.length === 1 ? inside.get(on.path[0]!) : undefined;
}

function noteMethod(one: MethodView, byField: ReadonlyMap<Variable, Holder>, open: ReadonlySet<string>, view: ProgramView): void {
  const written = new Set<number>();
  const inside = insides(one, byField, view);
  // What is saved as well is a copy of it.
  const isSaved = one.method.calls.some(({ call }) => saves.test(call.name));
  const write = (holder: Holder, at: readonly [number, number, number, number], when: readonly Guard[] | undefined) => {
    written.add(at[0]);
    if (findsItself(when, holder.field.name)) holder.isChangedInside = true;
    const isFill = isSaved || (asksItself(when, holder.field.name) && holder.type === 'map');
    if (isFill) holder.isFilled = true;
    else holder.writes.push(placeAt(one.path, at));
  };
  for (const { target, how, when, at } of one.method.assignments) {
    const holder = how === 'element' ? holderOf(target, one, byField, view) : undefined;
    if (holder) write(holder, at, when);
  }
  for (const { call, when } of one.method.calls) {
    const own = insideOf(call.on, inside, one, byField, view);
    if (own && adds.test(call.name)) {
      own.isChangedInside = true;
      write(own, call.at, undefined);
    }
    const holder = call.on?.is === 'name' ? holderOf(call.on.path, one, byField, view) : undefined;
    if (!holder) continue;
    if (fills.test(call.name)) holder.isDefaulted = true;
    else if (adds.test(call.name) || (holder.isQueue && call.name === 'Enqueue')) write(holder, call.at, when);
    else if (takesAway.test(call.name) && !holder.isQueue) written.add(call.at[0]);
    else holder.reads.push(placeAt(one.path, call.at));
  }
  for (const { name, at } of one.method.reads) {
    const holder = written.has(at[0]) ? undefined : holderOf([name], one, byField, view);
    if (holder) holder.reads.push(placeAt(one.path, at));
  }
  if (open.size === 0) return;
  // `game.Players` of an object that others hold.
  for (const { path, at } of readIn(one)) {
    const isOpen = path.length === 2 && open.has(path[1]!) && !written.has(at[0]);
    const holder = isOpen ? holderOf(path, one, byField, view) : undefined;
    if (holder) holder.reads.push(placeAt(one.path, at));
  }
}

/** Work that requests put in, and that something takes out in its own time. */
function noteTakers(view: ProgramView, byField: ReadonlyMap<Variable, Holder>): void {
  for (const call of view.callsNamed('TryDequeue', 'Dequeue', 'Take', 'TryTake', 'GetConsumingEnumerable')) {
    const holder = call.call.on?.is === 'name' ? holderOf(call.call.on.path, call, byField, view) : undefined;
    if (holder?.isQueue) holder.isServed = true;
  }
}

/** `OnlineUserCache`: who is there is told by requests, and read from nowhere else. */
const whoIsThere = /online|presence|logged_?in/i;
const isNamedMemo = (owner: TypeView, field: Field): boolean =>
  memo.test(field.name) || (memo.test(owner.type.name) && !whoIsThere.test(owner.type.name));
/** Who is there, in what a hub keeps for itself or by its name. */
function holdsPresence(owner: TypeView, field: Field, view: ProgramView): boolean {
  if (view.callsNamed('MapHub').length === 0) return false;
  return presence.test(field.name) || (!/cache|memo/i.test(field.name) && view.names.basesOf(owner).some((name) => hub.test(name)));
}

function emitHolder(holder: Holder, view: ProgramView, emit: Emit): void {
  const { owner, field, type, isQueue, when, writes, reads, isServed } = holder;
  const place = placeAt(owner.path, field.at);
  if (limits.test(owner.type.name) || limits.test(field.name)) {
    const isCounted = writes.length > 0 || holder.isFilled || holder.isDefaulted;
    if (isCounted && !isQueue)
      emit('rate-limit', place, { library: `\`${owner.type.name}\``, stores: [{ kind: 'memory', place }] }, { when });
    return;
  }
  if (writes.length === 0 || (reads.length === 0 && !isQueue)) return;
  const isFilled = (holder.isFilled || holder.isDefaulted) && !holder.isChangedInside;
  const isMemo = isFilled || (isNamedMemo(owner, field) && !holdsPresence(owner, field, view));
  const holds: Holds = isMemo ? 'memo' : isServed ? 'queue' : isQueue ? 'unknown' : 'state';
  if (holds === 'state') told.get(view)?.add(owner.type);
  emit('process-state', place, { name: field.name, type, holds, writes, reads }, { when });
}

const told = new WeakMap<ProgramView, Set<TypeView['type']>>();
/** Classes of which collections have been told: their plain fields are the same cause. */
export const toldTypes = (view: ProgramView): ReadonlySet<TypeView['type']> => told.get(view) ?? new Set();

/** Data that requests leave in static fields and in objects that all of them share. */
export const processState: Recogniser = {
  text: [
    ...['readonly', 'static', 'private'].flatMap((word) =>
      [...Object.keys(containers), 'ConcurrentQueue', 'BlockingCollection'].map((type) => `${word} ${type}<`),
    ),
    'AddSingleton',
    'UseMiddleware',
    'MapPost',
  ],
  recognise(view, emit) {
    const holders = [...findHolders(view), ...findVariables(view)];
    const byField = new Map<Variable, Holder>(holders.map((holder) => [holder.variable ?? holder.field, holder]));
    if (holders.length === 0) return;
    told.set(view, new Set());
    const open = new Set(holders.flatMap(({ field }) => (field.modifiers.includes('public') ? [field.name] : [])));
    for (const one of view.running)
      if (view.answersRequest(one) && !/^<(?:new|static|main)>$/.test(one.method.name)) noteMethod(one, byField, open, view);
    if (view.callsNamed('AddHostedService').length > 0) noteTakers(view, byField);
    for (const holder of holders) emitHolder(holder, view, emit);
  },
};
