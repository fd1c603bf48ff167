/** Which functions may call which, across files. */
import type { Value } from '../../facts.ts';
import type { Evaluator } from './evaluate.ts';
import type { Overrides } from './overrides.ts';
import type { CallSite, FunctionView } from './recogniser.ts';
import { splitId } from './value-shapes.ts';

const maxReached = 50_000;
/** Names that many classes have: a call of them says nothing of which is meant. */
const common =
  /^(?:get|set|add|run|call|send|save|load|close|open|start|stop|update|delete|remove|create|append|pop|items|keys|values|read|write|execute|commit|init|init_app|__init__|post|put|patch|filter|all|first|count|join|split|format|connect|main|handle|process)$/;

const mostOverrides = 8;

/** Methods of one name that classes of one base give: whichever is meant, it is one of them. */
function isFamily(ids: readonly string[], evaluator: Evaluator): boolean {
  if (ids.length < 2 || ids.length > mostOverrides) return false;
  const [first, ...others] = ids.map((id) => classNames(id, evaluator));
  return [...first!].some((name) => others.every((names) => names.has(name)));
}

/** The class that a method belongs to, and those that it extends. */
function classNames(id: string, evaluator: Evaluator): ReadonlySet<string> {
  const own = evaluator.functionOf(id)?.class;
  const type = own === undefined ? undefined : evaluator.classOf(`${splitId(id)[0]}#${own}`);
  const bases = (type?.bases ?? []).flatMap((base) => (base.is === 'name' || base.is === 'attribute' ? [base.name] : []));
  return new Set(type ? [type.name, ...bases.filter((name) => name !== 'ABC' && name !== 'object')] : []);
}

export class CallGraph {
  readonly #callees = new Map<string, Set<string>>();
  readonly #byName = new Map<string, string[]>();

  constructor(
    functions: readonly FunctionView[],
    calls: readonly CallSite[],
    evaluator: Evaluator,
    readonly overrides: Overrides,
  ) {
    for (const { id, own } of functions) this.#byName.set(own.name, [...(this.#byName.get(own.name) ?? []), id]);
    for (const { id, path, own } of functions) {
      // What is defined inside of a function runs with it.
      if (own.parent !== undefined) this.#add(`${path}#${own.parent}`, id);
      for (const { default: given } of own.parameters) {
        const value = given?.is === 'call' ? evaluator.value(given, path, own.parent) : undefined;
        if (value?.is === 'made') for (const argument of value.args) this.#addValue(id, argument, evaluator);
      }
    }
    for (const call of calls) if (call.within !== undefined) this.#addCall(call.within, call, evaluator);
  }

  #add(from: string, to: string): void {
    const known = this.#callees.get(from);
    if (known) known.add(to);
    else this.#callees.set(from, new Set([to]));
  }

  #addCall(from: string, call: CallSite, evaluator: Evaluator): void {
    this.#addValue(from, call.callee, evaluator);
    for (const argument of call.args) if (argument.is === 'function') this.#add(from, argument.id);
    if (call.callee.is !== 'member' || call.dotted !== undefined || common.test(call.name)) return;
    const named = this.#byName.get(call.name) ?? [];
    if (named.length === 1 || isFamily(named, evaluator)) for (const id of named) this.#add(from, id);
  }

  #addValue(from: string, value: Value, evaluator: Evaluator): void {
    for (const id of CallGraph.targetsOf(value, evaluator)) {
      this.#add(from, id);
      for (const other of this.overrides.of(id, evaluator)) this.#add(from, other);
    }
  }

  /** Functions that run when a value is called. */
  static targetsOf(value: Value, evaluator: Evaluator): readonly string[] {
    if (value.is === 'function') return [value.id];
    if (value.is === 'choice') return value.options.flatMap((option) => CallGraph.targetsOf(option.value, evaluator));
    const made = value.is === 'class' ? evaluator.field(value.id, '__init__') : undefined;
    return made?.is === 'function' ? [made.id] : [];
  }

  /** The given functions and all that they may call. */
  reached(ids: Iterable<string>): ReadonlySet<string> {
    const found = new Set(ids);
    const queue = [...found];
    for (let next = queue.pop(); next !== undefined && found.size < maxReached; next = queue.pop()) {
      for (const callee of this.#callees.get(next) ?? []) {
        if (found.has(callee)) continue;
        found.add(callee);
        queue.push(callee);
      }
    }
    return found;
  }
}
