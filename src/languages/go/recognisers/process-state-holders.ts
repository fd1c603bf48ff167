/** Containers that outlive a request: variables of packages, and fields of what a program makes once. */
import type { FactValues } from '../../../facts.ts';
import type { Place } from '../../../types.ts';
import type { ProgramView } from '../recogniser.ts';
import { pathOf } from '../summarise-reads.ts';
import type { Assignment } from '../summary.ts';
import { isOwnType, placeAt, splitId, typeOf } from '../value-shapes.ts';
import { folderOf } from '../workspace.ts';
import { declaredType, isTable, Kinds, limits, typeOfValue } from './process-state-kinds.ts';

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

type Entry = readonly [string, Holder];

/** `var carts = struct { sync.Mutex; byUser map[string]Cart }{byUser: map[string]Cart{}}`. */
const fieldsWithoutType = (kinds: Kinds, { value, target: [name = ''] }: Assignment, path: string): readonly Entry[] =>
  value.is !== 'composite' || value.type.is !== 'unknown'
    ? []
    : value.fields.flatMap(({ key, keyAt, value: given }): readonly Entry[] => {
        const type = kinds.container(typeOfValue(given), path, key);
        return type ? [[`${folderOf(path)} ${name}.${key}`, { name: key, type, place: placeAt(path, keyAt), writes: [], reads: [] }]] : [];
      });

function packageHolders(program: ProgramView, kinds: Kinds): readonly Entry[] {
  return program.assignments.flatMap(({ own, path }): readonly Entry[] => {
    const [name = ''] = own.target;
    if (own.within !== undefined || own.how !== 'declare' || own.constant || own.target.length !== 1 || own.key) return [];
    const type = isTable(own) ? undefined : kinds.container(declaredType(own), path, name);
    if (!type) return fieldsWithoutType(kinds, own, path);
    const limiter = limits.test(name) ? { limiter: name } : {};
    return [[`${folderOf(path)} ${name}`, { name, type, place: placeAt(path, own.at), ...limiter, writes: [], reads: [] }]];
  });
}

/** Types of which each object is made when the program starts, and not for a request. */
function madeOnce(program: ProgramView): ReadonlySet<string> {
  const { types } = program.evaluator;
  const once = new Map<string, boolean>();
  const add = (type: string | undefined, within: string | undefined): void => {
    if (type === undefined || !isOwnType(type)) return;
    const isStart = program.runsAtStart(within) && !program.servesRequest(within);
    once.set(type, isStart && once.get(type) !== false);
  };
  for (const { type, within } of program.literals) add(type, within);
  // `var desk Desk`, `desk := new(Desk)`.
  for (const { own, path } of program.assignments) {
    const isNew = own.value.is === 'call' && own.value.callee.is === 'name' && own.value.callee.name === 'new';
    if (own.how !== 'declare' || !(isNew || (own.type?.is === 'name' && own.value.is === 'unknown'))) continue;
    const type = isNew && own.value.is === 'call' ? own.value.args[0] : own.type;
    const within = own.within === undefined ? undefined : `${path}#${own.within}`;
    add(type && types.idOf(type, path), within);
  }
  const found = new Set([...once].filter(([, isOnce]) => isOnce).map(([type]) => type));
  addParts(program, found, once);
  return found;
}
/** What stands in such an object, and is made by nobody else, is made with it. */
function addParts({ evaluator: { types } }: ProgramView, found: Set<string>, known: ReadonlyMap<string, boolean>): void {
  const queue = [...found];
  for (let id = queue.pop(); id !== undefined; id = queue.pop())
    for (const field of types.typeOf(id)?.fields ?? []) {
      const part = types.idOf(field.type, splitId(id)[0]);
      if (part === undefined || !isOwnType(part) || found.has(part) || known.has(part) || types.typeOf(part)?.kind !== 'struct') continue;
      found.add(part);
      queue.push(part);
    }
}

function fieldHolders(program: ProgramView, kinds: Kinds): readonly Entry[] {
  const once = madeOnce(program);
  return program.files.flatMap((path) =>
    (program.summary(path)?.types ?? []).flatMap((own, index): readonly Entry[] => {
      const of = `${path}#${index}`;
      if (own.kind !== 'struct' || !once.has(of)) return [];
      return own.fields.flatMap((field): readonly Entry[] => {
        const type = kinds.container(field.type, path, own.name);
        const place = placeAt(path, field.at);
        const limiter = limits.test(own.name) || limits.test(field.name) ? { limiter: own.name } : {};
        return type ? [[`${of} ${field.name}`, { name: field.name, type, place, of, ...limiter, writes: [], reads: [] }]] : [];
      });
    }),
  );
}

/** `counts := map[string]int{}` of a middleware, which the handlers that it gives share. */
function sharedLocals(program: ProgramView, kinds: Kinds): readonly Entry[] {
  return program.assignments.flatMap(({ own, path }): readonly Entry[] => {
    const [name = ''] = own.target;
    if (own.within === undefined || own.how !== 'declare' || own.target.length !== 1 || own.key || own.looped) return [];
    const id = `${path}#${own.within}`;
    if (!program.runsAtStart(id) || program.servesRequest(id)) return [];
    const around = program.summary(path)?.functions[own.within]?.name ?? '';
    const type = isTable(own) ? undefined : kinds.container(declaredType(own), path, around);
    const limiter = limits.test(name) || limits.test(around) ? { limiter: limits.test(name) ? name : around } : {};
    return type ? [[`${id} ${name}`, { name, type, place: placeAt(path, own.at), ...limiter, writes: [], reads: [] }]] : [];
  });
}

/** Finds what names and paths of a program stand for. */
export class Holders {
  readonly all: ReadonlyMap<string, Holder>;
  readonly #names: ReadonlySet<string>;
  constructor(readonly program: ProgramView) {
    const kinds = new Kinds(program);
    this.all = new Map([...packageHolders(program, kinds), ...fieldHolders(program, kinds), ...sharedLocals(program, kinds)]);
    this.#names = new Set([...this.all.values()].map(({ name }) => name));
  }

  /** `users`, `store.Users`, `s.users`, `app.store.users`. */
  find(target: readonly string[], path: string, within: number | undefined, depth = 0): Holder | undefined {
    const [head = '', second] = target;
    const binding = this.#bindingOf(head, path, within);
    if (target.length === 1 && binding !== undefined && depth < 4) {
      const handed = this.#handedIn(head, path, binding, depth);
      if (handed) return handed;
    }
    if (this.#names.has(head)) {
      // What the function itself makes is its own; what one around it made outlives it.
      if (binding !== undefined) return binding === within ? undefined : this.all.get(`${path}#${binding} ${head}`);
      const own = this.all.get(`${folderOf(path)} ${head}`);
      if (own) return own;
    }
    return second !== undefined && target.some((name) => this.#names.has(name)) ? this.#fieldOf(target, path, within, binding) : undefined;
  }

  #fieldOf([head = '', ...rest]: readonly string[], path: string, within: number | undefined, binding: number | undefined) {
    const { graph } = this.program.evaluator;
    const imported = binding === undefined ? graph.importNamed(head, path) : undefined;
    const folder = imported === undefined ? undefined : graph.workspace.folderOf(imported);
    if (folder !== undefined) return this.all.get(`${folder} ${rest[0]}`);
    const plain = binding === undefined ? this.all.get(`${folderOf(path)} ${head}.${rest[0]}`) : undefined;
    if (plain) return plain;
    let type = this.#typeOf(head, path, within);
    for (const name of rest.slice(0, 4)) {
      const found = type === undefined ? undefined : this.#ofType(type, name);
      if (found) return found;
      type = type === undefined ? undefined : this.#typeOfField(type, name);
    }
    return undefined;
  }
  /** A field of a type, or of one that it embeds. */
  #ofType(id: string, name: string): Holder | undefined {
    const own = this.all.get(`${id} ${name}`);
    if (own || !isOwnType(id)) return own;
    const { types } = this.program.evaluator;
    for (const field of types.typeOf(id)?.fields ?? []) {
      const inner = field.embedded ? types.idOf(field.type, splitId(id)[0]) : undefined;
      const found = inner === undefined ? undefined : this.all.get(`${inner} ${name}`);
      if (found) return found;
    }
    return undefined;
  }
  #typeOfField(id: string, name: string): string | undefined {
    const { types } = this.program.evaluator;
    const field = isOwnType(id) ? types.typeOf(id)?.fields.find((one) => one.name === name) : undefined;
    return field && types.idOf(field.type, splitId(id)[0]);
  }

  /** `http.HandleFunc("/orders", list(orders))`: the map that a caller hands in. */
  #handedIn(name: string, path: string, binding: number, depth: number): Holder | undefined {
    const own = this.program.summary(path)?.functions[binding];
    const index = own?.parameters.findIndex((one) => one.name === name) ?? -1;
    const type = own?.parameters[index]?.type;
    if (type?.is !== 'holder' || type.kind !== 'map') return undefined;
    for (const { call, path: from, within } of this.program.evaluator.callers(`${path}#${binding}`)) {
      const given = call.args[index] && pathOf(call.args[index]);
      const found = given && this.#outer(given, from, within, depth);
      if (found) return found;
    }
    return undefined;
  }
  /** What a function made itself outlives it where it is handed on to what answers requests. */
  #outer(given: readonly string[], path: string, within: number | undefined, depth: number): Holder | undefined {
    const own = given.length === 1 && within !== undefined ? this.all.get(`${path}#${within} ${given[0]}`) : undefined;
    return own ?? this.find(given, path, within, depth + 1);
  }

  /** The function, or one around it, that binds the name. */
  #bindingOf(name: string, path: string, within: number | undefined): number | undefined {
    const functions = this.program.summary(path)?.functions ?? [];
    for (let at = within, steps = 0; at !== undefined && steps < 20; at = functions[at]?.parent, steps++)
      if (
        functions[at]?.parameters.some((one) => one.name === name) ||
        this.program.evaluator.index.locals(path, at, name).some(({ own }) => own.how === 'declare' || own.how === 'loop')
      )
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
      [...methods].some(([id, others]) => id !== holder.of && this.#isMade(id) && type.methods.every((name) => others.has(name))),
    );
  }

  #made: ReadonlySet<string> | undefined;
  /** What nothing in the program makes stands in nobody's place. */
  #isMade(id: string): boolean {
    const { program } = this;
    const runs = (within: string | undefined): boolean => program.runsAtStart(within) || program.servesRequest(within);
    this.#made ??= new Set(program.literals.filter(({ within }) => runs(within)).map(({ type }) => type));
    return this.#made.has(id);
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
