/** Containers that outlive a request: variables of modules, and fields of objects that a program makes once. */
import type { Condition, FactValues, Value } from '../../../facts.ts';
import type { Place } from '../../../types.ts';
import { isApplication, keyName } from '../carried-values.ts';
import { isField } from '../module-index.ts';
import { type AssignmentView, alternativesOf, type CallSite, type ProgramView } from '../recogniser.ts';
import type { ClassSummary, Expression } from '../summary.ts';
import { dottedOf, methodClass, splitId } from '../value-shapes.ts';

type State = FactValues['process-state'];

export interface Holder {
  readonly name: string;
  readonly type: State['type'];
  readonly place: Place;
  /** The class whose field it is. */
  readonly owner?: string;
  readonly when: readonly Condition[];
  readonly writes: Place[];
  readonly reads: Place[];
}

/** What makes an empty container. */
const makers: Readonly<Record<string, State['type']>> = {
  dict: 'map',
  list: 'list',
  set: 'set',
  'collections.defaultdict': 'map',
  'collections.OrderedDict': 'map',
  'collections.deque': 'list',
  'collections.Counter': 'map',
};
const typeOfMaker = (value: Value | undefined): State['type'] | undefined => {
  const dotted = value && dottedOf(value);
  return dotted !== undefined && Object.hasOwn(makers, dotted) ? makers[dotted] : undefined;
};

function typeOf(value: Value): State['type'] | undefined {
  if (value.is === 'object') return Object.keys(value.properties).length === 0 && !value.open ? 'map' : undefined;
  // A list with items is a table that somebody wrote down, until a request changes it.
  if (value.is === 'list') return 'list';
  if (value.is !== 'made') return undefined;
  if (dottedOf(value.callee) !== 'dataclasses.field') return typeOfMaker(value.callee);
  const options = value.args.at(-1);
  return options?.is === 'object' ? typeOfMaker(options.properties['default_factory']) : undefined;
}
export const keyOf = ({ path, line, column }: Place): string => `${path}:${line}:${column}`;

/** Handles of this process, as the annotation says: `dict[WebSocket, str]`. */
const handles =
  /"name":"(?:WebSocket\w*|Socket|Task|Future|Thread|Process|Popen|Lock|Event|Queue|Connection|Session|ClientSession|AsyncClient|AbstractEventLoop|Callable)"/;
const holdsHandles = ({ own }: AssignmentView): boolean => own.type !== undefined && handles.test(JSON.stringify(own.type));

/** A table that somebody wrote down under the name of a constant; an empty one is there to be filled. */
const isConstant = (name: string, value: Expression): boolean =>
  name.startsWith('__') || (/^[A-Z][A-Z0-9_]*S?$/.test(name) && !isEmpty(value));
const isEmpty = (value: Expression): boolean =>
  value.is === 'call' || (value.is === 'dict' && value.entries.length === 0) || (value.is === 'list' && value.items.length === 0);

/** Classes of which the program makes one object, with the conditions under which it does. */
class Singletons {
  readonly found = new Map<string, readonly Condition[]>();
  readonly #made = new Set<string>();

  constructor(readonly program: ProgramView) {
    for (const one of program.assignments) if (this.#outlives(one)) this.#add(one.value(), one.when ?? []);
    for (const { own, id } of program.functions)
      if (own.decorators.some((decorator) => /^(?:lru_cache|cache)$/.test(nameOf(decorator))))
        this.#add(program.evaluator.returned(id), []);
    for (const call of program.callsNamed('add_middleware'))
      if (call.args[0]?.is === 'class') {
        this.found.set(call.args[0].id, call.when);
        this.#addParts(call.args[0].id, call.when, 0);
      }
    this.#dropThoseOfRequests();
    for (const { id, path, own } of program.classes)
      if (this.#isAlone(id, path, own)) {
        this.found.set(id, []);
        this.#addParts(id, [], 0);
      }
    this.#addThoseOfTheStart();
  }

  /** `class Store(metaclass=Singleton)`, or its `__new__` hands out what it keeps: one object, whoever asks for it. */
  #isAlone(id: string, path: string, own: ClassSummary): boolean {
    if (own.decorators.some((one) => /^singleton$/i.test(nameOf(one)))) return true;
    if ([own.metaclass ?? '', ...own.bases.map(nameOf)].some((name) => /Singleton(?:Meta|Type|Base|Mixin)?$/.test(name))) return true;
    const { assignments, functions } = this.program.summary(path)!;
    const [, index] = splitId(id);
    return (
      functions.some(({ name, class: of }) => name === '__new__' && of === index) &&
      assignments.some(({ target, class: of }) => of === index && target.length === 1 && /^_*instances?$/.test(target[0]!))
    );
  }

  /** `def build(): hub = Hub(); app.include_router(routes(hub))`: made when the program starts, and handed on. */
  #addThoseOfTheStart(): void {
    const made = new Map<string, CallSite[]>();
    for (const call of this.program.calls) {
      if (call.callee.is !== 'class') continue;
      const known = made.get(call.callee.id);
      if (known) known.push(call);
      else made.set(call.callee.id, [call]);
    }
    for (const [id, [call, ...others]] of made) {
      const isOnce = call && others.length === 0 && call.written.looped === undefined;
      if (!isOnce || this.found.has(id) || !this.#runsOnce(call.within)) continue;
      this.found.set(id, call.when);
      this.#addParts(id, call.when, 0);
    }
  }
  #runsOnce(within: string | undefined): boolean {
    return within !== undefined && this.program.runsAtStart(within) && !this.program.servesRequest(within);
  }

  /** A variable of a module, also where a function sets it, and what an application carries. */
  #outlives({ own, within }: AssignmentView): boolean {
    if (own.how !== 'set' || own.key || !/^(?:call|conditional|or)$/.test(own.value.is) || own.class !== undefined) return false;
    if (own.target.length === 1) return within === undefined || this.#function(within)?.globals.includes(own.target[0]!) === true;
    return own.target.at(-2) === 'state' && this.program.runsAtStart(within);
  }
  #function(id: string) {
    return this.program.evaluator.functionOf(id);
  }

  #add(value: Value | undefined, when: readonly Condition[], depth = 0): void {
    if (!value || depth > 3) return;
    for (const { value: one, when: own } of alternativesOf(value)) {
      if (one.is !== 'made' || one.callee.is !== 'class' || this.found.has(one.callee.id)) continue;
      const all = [...when, ...own];
      this.found.set(one.callee.id, all);
      this.#made.add(keyOf(one.place));
      this.#addParts(one.callee.id, all, depth);
    }
  }

  /** What it makes for itself lives as long. */
  #addParts(id: string, when: readonly Condition[], depth: number): void {
    const [path, index] = splitId(id);
    const summary = this.program.summary(path);
    for (const { own, path: from, ...one } of this.program.assignments)
      if (from === path && own.value.is === 'call' && isField(own.target) && methodClass(summary!.functions, own.within) === index)
        this.#add(one.value(), when, depth + 1);
  }

  #dropThoseOfRequests(): void {
    for (const call of this.program.calls)
      if (call.callee.is === 'class' && this.found.has(call.callee.id) && this.program.servesRequest(call.within))
        if (!this.#made.has(keyOf(call.place))) this.found.delete(call.callee.id);
  }
}
const nameOf = (expression: {
  readonly is: string;
  readonly name?: string;
  readonly callee?: { readonly is: string; readonly name?: string };
}): string => (expression.is === 'call' ? expression.callee?.name : expression.name) ?? '';

/** Fields that a class declares are copied for each object of these. */
const copies = /(?:BaseModel|BaseSettings|SQLModel|Schema|NamedTuple|TypedDict|Enum|Model|Form|Serializer|Document|Table|Struct|TestCase)$/;

/** Containers that outlive a request, by the place where they are made. */
export function findHolders(program: ProgramView): ReadonlyMap<string, Holder> {
  const holders = new Map<string, Holder>();
  const add = (one: AssignmentView, around: Pick<Holder, 'owner' | 'when'>) => {
    const { own, place, value } = one;
    const name = own.key ? keyName(own.key) : own.target.at(-1);
    if (name === undefined || isConstant(name, own.value) || holdsHandles(one) || !/^(?:dict|list|call)$/.test(own.value.is)) return;
    const made = value();
    const type = typeOf(made);
    if (type) holders.set(keyOf(made.place), { name, type, place, ...around, writes: [], reads: [] });
  };
  const singletons = new Singletons(program).found;
  for (const one of program.assignments) {
    const { own, path } = one;
    if (own.how === 'set' && own.key && isApplication(own.target.at(-1)) && program.runsAtStart(one.within)) add(one, { when: [] });
    if (own.how !== 'set' || own.key) continue;
    const isCarried = own.target.length > 2 && own.target.at(-2) === 'state' && program.runsAtStart(one.within);
    if (isCarried || (own.target.length === 1 && own.within === undefined && own.class === undefined)) add(one, { when: [] });
    else if (isField(own.target) && singletons.size > 0) {
      const owner = methodClass(program.summary(path)!.functions, own.within);
      const when = singletons.get(`${path}#${owner}`);
      if (when) add(one, { owner: program.summary(path)!.classes[owner!]!.name, when });
    } else if (own.class !== undefined && own.target.length === 1) {
      const owner = program.summary(path)!.classes[own.class]!.name;
      // `items: dict = field(default_factory=dict)` is one for each object.
      const isOfObject = own.value.is === 'call' && nameOf(own.value) === 'field';
      const when = isOfObject ? singletons.get(`${path}#${own.class}`) : isShared(one, program) ? [] : undefined;
      if (when) add(one, { owner, when });
    }
  }
  return holders;
}

/** `class Room: members = {}`: all objects share it, unless each gets its own. */
function isShared({ own, path }: AssignmentView, program: ProgramView): boolean {
  const { classes, functions, assignments } = program.summary(path)!;
  const isCopied =
    classes[own.class!]!.decorators.some((one) => /^(?:dataclass|define|attrs|s)$/.test(nameOf(one))) ||
    [...program.basesOf(`${path}#${own.class}`)].some((name) => copies.test(name));
  if (isCopied) return false;
  return !assignments.some(
    ({ target, key, within }) => isField(target) && !key && target.at(-1) === own.target[0] && methodClass(functions, within) === own.class,
  );
}
