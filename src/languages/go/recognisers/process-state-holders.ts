/** Containers that outlive a request: variables of packages, and fields of what a program makes once. */
import type { FactValues } from '../../../facts.ts';
import type { Place } from '../../../types.ts';
import type { ProgramView } from '../recogniser.ts';
import type { Assignment, Expression } from '../summary.ts';
import { isOwnType, placeAt, splitId, typeOf } from '../value-shapes.ts';
import { folderOf } from '../workspace.ts';

export interface Holder {
  readonly name: string;
  readonly type: FactValues['process-state']['type'];
  readonly place: Place;
  /** Id of the type whose field it is. */
  readonly of?: string;
  /** The name that says it counts requests. */
  readonly limiter?: string;
  readonly writes: Place[];
  readonly reads: Place[];
}

/** What belongs to this process, or says nothing of users: connections, locks, functions, times. */
const bound =
  /^(?:sync|rate|context|websocket|net|http|grpc|sql|redis|prometheus|template|regexp|exec|reflect|time|tls|x509|os|io|bufio|cron|zap|slog|log|ast|jsonschema|openapi3)$/;
const isBound = (type: Expression): boolean =>
  type.is === 'unknown' ||
  type.is === 'function' ||
  (type.is === 'holder' && (type.kind === 'channel' || isBound(type.of))) ||
  (type.is === 'selector' && type.of.is === 'name' && bound.test(type.of.name)) ||
  ((type.is === 'name' || type.is === 'selector') &&
    /client|conn|subscri|session_?conn|socket|handler|func|worker|limiter|bucket|listener|watcher|driver|provider|plugin|factory|hub|room|stream|process|cmd|container/i.test(
      type.name,
    ));

/** `map[string]T`, `[]T`, `sync.Map`. */
function kindOf(type: Expression | undefined): Holder['type'] | undefined {
  if (type?.is === 'holder' && type.kind !== 'channel' && !isBound(type.of)) return type.kind;
  return type?.is === 'selector' && type.name === 'Map' && type.of.is === 'name' && type.of.name === 'sync' ? 'map' : undefined;
}
/** `type sessions map[string]User` is the map that it names. */
function withoutName(program: ProgramView, type: Expression | undefined, path: string): Expression | undefined {
  if (type?.is !== 'name') return type;
  const { types } = program.evaluator;
  const id = types.idOf(type, path);
  const own = id === undefined || !isOwnType(id) ? undefined : types.typeOf(id);
  return own?.kind === 'other' && own.of?.is === 'holder' ? own.of : type;
}
/** Counts how often somebody asked. */
const limits = /rate_?limit|limiter/i;
/** `map[string]*bucket` of a limiter; where it holds limiters of a library, these tell. */
const kindOfCounts = (type: Expression | undefined, name: string): Holder['type'] | undefined =>
  limits.test(name) && type?.is === 'holder' && type.kind === 'map' && (type.of.is === 'name' || isTimes(type.of)) ? 'map' : undefined;
/** `[]time.Time`: when somebody asked. */
const isTimes = (type: Expression): boolean =>
  (type.is === 'holder' && type.kind !== 'channel' && isTimes(type.of)) ||
  (type.is === 'selector' && type.name === 'Time' && type.of.is === 'name' && type.of.name === 'time');

function declaredType({ value, type }: Assignment): Expression | undefined {
  if (value.is === 'composite') return value.type;
  return value.is === 'call' && value.callee.is === 'name' && value.callee.name === 'make' ? value.args[0] : type;
}

/** `var reserved = map[string]bool{"admin": true}`: a table of the program. */
const isTable = ({ value }: Assignment): boolean =>
  value.is === 'composite' &&
  value.fields.length + value.items.length > 0 &&
  value.type.is === 'holder' &&
  value.type.kind === 'map' &&
  value.type.of.is === 'name' &&
  /^(?:bool|string|int)$/.test(value.type.of.name);

/** It holds behaviour: notifiers, drivers, strategies that the program knows. */
function holdsBehaviour(program: ProgramView, type: Expression | undefined, path: string): boolean {
  const id = type?.is === 'holder' ? program.evaluator.types.idOf(type.of, path) : undefined;
  return id !== undefined && isOwnType(id) && program.evaluator.types.typeOf(id)?.kind === 'interface';
}

function packageHolders(program: ProgramView): readonly (readonly [string, Holder])[] {
  return program.assignments.flatMap(({ own, path }) => {
    const [name = ''] = own.target;
    if (own.within !== undefined || own.how !== 'declare' || own.constant || own.target.length !== 1 || own.key) return [];
    const declared = withoutName(program, declaredType(own), path);
    const type = isTable(own) || holdsBehaviour(program, declared, path) ? undefined : (kindOf(declared) ?? kindOfCounts(declared, name));
    const limiter = limits.test(name) ? { limiter: name } : {};
    return type
      ? [[`${folderOf(path)} ${name}`, { name, type, place: placeAt(path, own.at), ...limiter, writes: [], reads: [] }] as const]
      : [];
  });
}

/** Types of which each literal is made when the program starts, and not for a request. */
function madeOnce(program: ProgramView): ReadonlySet<string> {
  const once = new Map<string, boolean>();
  for (const { type, within } of program.literals) {
    const isStart = program.runsAtStart(within) && !program.servesRequest(within);
    once.set(type, isStart && once.get(type) !== false);
  }
  return new Set([...once].filter(([, isOnce]) => isOnce).map(([type]) => type));
}

function fieldHolders(program: ProgramView): readonly (readonly [string, Holder])[] {
  const once = madeOnce(program);
  return program.files.flatMap((path) =>
    (program.summary(path)?.types ?? []).flatMap((own, index) => {
      const of = `${path}#${index}`;
      if (own.kind !== 'struct' || !once.has(of)) return [];
      return own.fields.flatMap((field) => {
        const held = withoutName(program, field.type, path);
        const type = holdsBehaviour(program, held, path) ? undefined : (kindOf(held) ?? kindOfCounts(held, own.name));
        const place = placeAt(path, field.at);
        const limiter = limits.test(own.name) || limits.test(field.name) ? { limiter: own.name } : {};
        return type ? [[`${of} ${field.name}`, { name: field.name, type, place, of, ...limiter, writes: [], reads: [] }] as const] : [];
      });
    }),
  );
}

/** `counts := map[string]int{}` of a middleware, which the handlers that it gives share. */
function sharedLocals(program: ProgramView): readonly (readonly [string, Holder])[] {
  return program.assignments.flatMap(({ own, path }) => {
    const [name = ''] = own.target;
    if (own.within === undefined || own.how !== 'declare' || own.target.length !== 1 || own.key || own.looped) return [];
    const id = `${path}#${own.within}`;
    if (!program.runsAtStart(id) || program.servesRequest(id)) return [];
    const around = program.summary(path)?.functions[own.within]?.name ?? '';
    const declared = withoutName(program, declaredType(own), path);
    const type = isTable(own) || holdsBehaviour(program, declared, path) ? undefined : (kindOf(declared) ?? kindOfCounts(declared, around));
    const limiter = limits.test(name) || limits.test(around) ? { limiter: limits.test(name) ? name : around } : {};
    return type ? [[`${id} ${name}`, { name, type, place: placeAt(path, own.at), ...limiter, writes: [], reads: [] }] as const] : [];
  });
}

/** Finds what names and paths of a program stand for. */
export class Holders {
  readonly all: ReadonlyMap<string, Holder>;
  readonly #names: ReadonlySet<string>;
  constructor(readonly program: ProgramView) {
    this.all = new Map([...packageHolders(program), ...fieldHolders(program), ...sharedLocals(program)]);
    this.#names = new Set([...this.all.values()].map(({ name }) => name));
  }

  /** `users`, `store.Users`, `s.users`. */
  find(target: readonly string[], path: string, within: number | undefined): Holder | undefined {
    const [head = '', second] = target;
    if (this.#names.has(head)) {
      const binding = this.#bindingOf(head, path, within);
      // What the function itself makes is its own; what one around it made outlives it.
      if (binding !== undefined) return binding === within ? undefined : this.all.get(`${path}#${binding} ${head}`);
      const own = this.all.get(`${folderOf(path)} ${head}`);
      if (own) return own;
    }
    if (second === undefined || !this.#names.has(second)) return undefined;
    const { graph } = this.program.evaluator;
    const imported = graph.importNamed(head, path);
    const folder = imported === undefined ? undefined : graph.workspace.folderOf(imported);
    if (folder !== undefined) return this.all.get(`${folder} ${second}`);
    const type = this.#typeOf(head, path, within);
    return type === undefined ? undefined : this.all.get(`${type} ${second}`);
  }

  /** The function, or one around it, that binds the name. */
  #bindingOf(name: string, path: string, within: number | undefined): number | undefined {
    const functions = this.program.summary(path)?.functions ?? [];
    for (let at = within, steps = 0; at !== undefined && steps < 20; at = functions[at]?.parent, steps++)
      if (this.program.evaluator.index.locals(path, at, name).length > 0 || functions[at]?.parameters.some((one) => one.name === name))
        return at;
    return undefined;
  }

  #typeOf(name: string, path: string, within: number | undefined): string | undefined {
    const { evaluator } = this.program;
    const functions = this.program.summary(path)?.functions ?? [];
    for (let at = within, steps = 0; at !== undefined && steps < 20; at = functions[at]?.parent, steps++) {
      const receiver = functions[at]?.receiver;
      if (receiver?.name === name) return evaluator.types.idOf(receiver.type, path);
    }
    const value = evaluator.name(name, path, within);
    return value && typeOf(value);
  }

  /** Another type of the program may stand in its place: a setting chooses between them. */
  isReplaceable(holder: Holder, writers: ReadonlySet<string>): boolean {
    if (holder.of === undefined) return false;
    const methods = this.#methods();
    const own = methods.get(holder.of) ?? new Set<string>();
    const interfaces = this.program.files.flatMap((path) =>
      (this.program.summary(path)?.types ?? []).filter(
        (type) =>
          type.kind === 'interface' && type.methods.some((name) => writers.has(name)) && type.methods.every((name) => own.has(name)),
      ),
    );
    return interfaces.some((type) =>
      [...methods].some(([id, others]) => id !== holder.of && type.methods.every((name) => others.has(name))),
    );
  }

  #byType: ReadonlyMap<string, ReadonlySet<string>> | undefined;
  #methods(): ReadonlyMap<string, ReadonlySet<string>> {
    if (this.#byType) return this.#byType;
    const found = new Map<string, Set<string>>();
    for (const { path, own } of this.program.functions) {
      const id = own.receiver && this.program.evaluator.types.idOf(own.receiver.type, path);
      if (id === undefined) continue;
      const known = found.get(id);
      if (known) known.add(own.name);
      else found.set(id, new Set([own.name]));
    }
    this.#byType = found;
    return found;
  }

  /** The named function around a place. */
  nameAround(path: string, within: number | undefined): string {
    const functions = this.program.summary(path)?.functions ?? [];
    let at = within;
    for (let steps = 0; at !== undefined && functions[at]?.name === '' && steps < 20; steps++) at = functions[at]?.parent;
    return at === undefined ? '' : (functions[at]?.name ?? '');
  }
}

export const functionAt = (id: string | undefined): number | undefined => (id === undefined ? undefined : splitId(id)[1]);
