/** Whether work concerns only its own copy: everything that it calls is in sight, and what reaches out only reads. */
import type { MethodView, TypeView } from '../names.ts';
import type { ProgramView } from '../recogniser.ts';
import type { Expression, JavaFile } from '../summary.ts';
import { idOf } from '../views.ts';

const mostMethods = 60;
const logging = /^(?:trace|debug|info|warn|error|fatal)$/;
const plainTypes =
  /^(?:String|StringBuilder|CharSequence|System|Math|Integer|Long|Double|Boolean|Character|Object|Objects|Optional|Iterable|Comparable|int|long|double|boolean|Logger|Log)$/;
const plainPackages =
  /^(?:java\.(?:util(?!\.concurrent\.(?:\w*Execut|ForkJoin|Completable))|time|math|text)\.|org\.slf4j\.|org\.apache\.commons\.(?:lang3?|collections4?)\.|io\.micrometer\.core\.instrument\.|com\.google\.common\.(?:base|collect|cache|primitives)\.|com\.github\.benmanes\.caffeine\.|org\.springframework\.util\.)/;
/** Stores and clients whose answers a copy may keep. */
const sources = /(?:Repository|Dao|DAO|Mapper|JdbcTemplate|JdbcOperations|JdbcClient|RestTemplate|Client)$/;
const reads = /^(?:find|get|select|list|query|count|exists|load|read)(?:[A-Z_]\w*)?$/;
const fills =
  /^(?:put|putAll|putIfAbsent|computeIfAbsent|clear|add|addAll|remove|removeIf|set|setAll|reset|invalidate|invalidateAll|retainAll)$/;

function isPlainType(file: JavaFile, type: string): boolean {
  const head = type.split('.')[0]!;
  if (plainTypes.test(head) || plainPackages.test(`${type}.`)) return true;
  const named = file.imports.find(
    ({ name, wildcard, isStatic }) => !wildcard && !isStatic && name.slice(name.lastIndexOf('.') + 1) === head,
  );
  return named !== undefined && plainPackages.test(named.name) && !/\.(?:Timer|Scanner|ServiceLoader)$/.test(named.name);
}

type Receiver = { readonly file: JavaFile; readonly type: string };

/** The methods of this name that the type has itself or from what it extends. */
function methodsOf(owner: TypeView, name: string, view: ProgramView, depth = 0): readonly MethodView[] {
  const own = owner.type.methods
    .filter((method) => method.name === name)
    .map((method) => ({ ...owner, method, id: idOf(owner.path, owner.type, method) }));
  const parent = own.length > 0 || depth > 6 || !owner.type.superclass ? undefined : view.names.find(owner.file, owner.type.superclass);
  return parent ? methodsOf(parent, name, view, depth + 1) : own;
}

/** The type of a receiver, through calls of the program's own methods; what a plain type returns stays plain. */
function receiverOf(expression: Expression, method: MethodView, view: ProgramView, depth = 0): Receiver | 'plain' | undefined {
  if (depth > 12) return undefined;
  if (expression.is === 'call' && expression.on) {
    const on = receiverOf(expression.on, method, view, depth + 1);
    if (on === 'plain' || on === undefined) return on;
    if (isPlainType(on.file, on.type)) return 'plain';
    const owner = view.names.find(on.file, on.type);
    const [called] = owner ? methodsOf(owner, expression.name, view) : [];
    return called?.method.returns ? { file: called.file, type: called.method.returns } : undefined;
  }
  if (expression.is === 'text' || expression.is === 'sum') return 'plain';
  if (expression.is === 'field' && receiverOf(expression.on, method, view, depth + 1) === 'plain') return 'plain';
  const type = view.names.typeOf(expression, method);
  if (type !== undefined) return { file: method.file, type };
  // Kotlin's properties: `seen.entries`.
  if (expression.is !== 'name' || expression.path.length !== 2) return undefined;
  const holder = view.names.variable(method, expression.path[0]!)?.type;
  return holder !== undefined && isPlainType(method.file, holder) ? 'plain' : undefined;
}

/** What a call leads to: methods of the program, `'quiet'` where there is nothing to follow, `undefined` out of sight. */
function targetsOf(
  call: MethodView['method']['calls'][number],
  method: MethodView,
  view: ProgramView,
): readonly MethodView[] | 'quiet' | 'reads' | undefined {
  if (logging.test(call.name)) return 'quiet';
  if (!call.on) {
    const own = methodsOf(method, call.name, view);
    return own.length > 0 ? own : undefined;
  }
  const receiver = receiverOf(call.on, method, view);
  if (receiver === undefined && isGetterOfParameter(call, method, view)) return 'quiet';
  if (receiver === undefined || receiver === 'plain') return receiver && 'quiet';
  if (isPlainType(receiver.file, receiver.type)) return 'quiet';
  if (sources.test(receiver.type) && reads.test(call.name)) return 'reads';
  const owner = view.names.find(receiver.file, receiver.type);
  // The work behind an interface is done elsewhere.
  if (!owner || owner.type.kind === 'interface') return undefined;
  const found = methodsOf(owner, call.name, view);
  if (found.length > 0) return found;
  return isAccessor(owner, call.name) ? 'quiet' : undefined;
}

/** What moments answer about each other. */
const compares =
  /^(?:isBefore|isAfter|before|after|equals|compareTo|(?:plus|minus)[A-Z]\w*|to(?:EpochMilli|EpochSecond|Instant|Millis)|time)$/;
type Call = MethodView['method']['calls'][number];
const isGetter = ({ name, args }: Call): boolean => args.length === 0 && /^(?:get|is|has)[A-Z]/.test(name);
/** `tokens.forEach((key, token) -> token.getEnd())`, `entry.getValue().lastSeen.isBefore(limit)`: parameters of lambdas have no declared type. */
const isGetterOfParameter = (call: Call, method: MethodView, view: ProgramView): boolean =>
  (isGetter(call) || compares.test(call.name)) && isOfParameter(call.on, method, view);
function isOfParameter(expression: Expression | undefined, method: MethodView, view: ProgramView, depth = 0): boolean {
  if (expression === undefined || depth > 3) return false;
  if (expression.is === 'field') return isOfParameter(expression.on, method, view, depth + 1);
  if (expression.is === 'call') return isGetter(expression) && isOfParameter(expression.on, method, view, depth + 1);
  if (expression.is !== 'name' || expression.path.length > 3 || !/^[a-z]/.test(expression.path[0]!)) return false;
  return view.names.variable(method, expression.path[0]!) === undefined;
}

/** Accessors that a record or Lombok makes. */
function isAccessor({ type }: TypeView, name: string): boolean {
  const field = name.replace(/^(?:get|is|set)(?=[A-Z])/, '');
  return type.kind === 'record' || type.fields.some((one) => one.name.toLowerCase() === field.toLowerCase());
}

const makesPlain = (method: MethodView, view: ProgramView): boolean =>
  method.method.creations.every(
    ({ type }) => isPlainType(method.file, type) || ['class', 'record'].includes(view.names.find(method.file, type)?.type.kind ?? ''),
  );

/** It changes a field of its class, or a collection that is one. */
const fillsField = (method: MethodView): boolean => {
  const isField = (path: readonly string[]): boolean =>
    method.type.fields.some(({ name }) => name === path[0]) && !method.method.locals.some(({ name }) => name === path[0]);
  return (
    method.method.assignments.some(({ target }) => isField(target)) ||
    method.method.calls.some(({ on, name }) => on?.is === 'name' && fills.test(name) && isField(on.path))
  );
};

/** Only memory of this copy changes: counters and maps, or what it keeps of what it reads elsewhere. */
export function staysInMemory(start: MethodView, view: ProgramView): boolean {
  const seen = new Map<string, MethodView>([[start.id, start]]);
  const queue = [start];
  let isReading = false;
  for (let next = queue.pop(); next; next = queue.pop()) {
    if (seen.size > mostMethods || !makesPlain(next, view)) return false;
    for (const call of next.method.calls) {
      const targets = targetsOf(call, next, view);
      if (targets === undefined) return false;
      if (targets === 'reads') isReading = true;
      if (typeof targets === 'string') continue;
      for (const target of targets) {
        if (seen.has(target.id)) continue;
        seen.set(target.id, target);
        queue.push(target);
      }
    }
  }
  return !isReading || [...seen.values()].some(fillsField);
}
