/** Which functions may call which, across packages. */
import type { Value } from '../../facts.ts';
import type { CallSite, FunctionView } from './recogniser.ts';

const maxReached = 50_000;

export class CallGraph {
  readonly #callees = new Map<string, Set<string>>();

  constructor(functions: readonly FunctionView[], calls: readonly CallSite[]) {
    // What is written inside of a function runs with it.
    for (const { id, path, own } of functions) if (own.parent !== undefined) this.#add(`${path}#${own.parent}`, id);
    for (const call of calls) {
      if (call.within === undefined) continue;
      for (const value of [call.callee, ...call.args]) for (const id of functionsOf(value)) this.#add(call.within, id);
    }
  }

  #add(from: string, to: string): void {
    const known = this.#callees.get(from);
    if (known) known.add(to);
    else this.#callees.set(from, new Set([to]));
  }

  /** The given functions and all that they may call; `except` are not entered. */
  reached(ids: Iterable<string>, except?: ReadonlySet<string>): ReadonlySet<string> {
    const found = new Set(ids);
    const queue = [...found];
    for (let next = queue.pop(); next !== undefined && found.size < maxReached; next = queue.pop()) {
      for (const callee of this.#callees.get(next) ?? []) {
        if (found.has(callee) || except?.has(callee)) continue;
        found.add(callee);
        queue.push(callee);
      }
    }
    return found;
  }
}

/** Functions that run when a value is called. */
export function functionsOf(value: Value | undefined, depth = 0): readonly string[] {
  if (!value || depth > 4) return [];
  if (value.is === 'function') return [value.id];
  if (value.is === 'choice') return value.options.flatMap((option) => functionsOf(option.value, depth + 1));
  // `http.HandlerFunc(f)`, `auth(f)`.
  return value.is === 'made' ? value.args.slice(0, 4).flatMap((argument) => functionsOf(argument, depth + 1)) : [];
}
