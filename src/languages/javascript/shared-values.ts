/** Values that are the same in every program of a repository: they are resolved once. */
import type { Value } from '../../facts.ts';
import type { Evaluator } from './evaluate.ts';
import type { Expression } from './summary.ts';

/** Notes which answers would be others in another program: they asked for callers or for a container, or gave up. */
export class Asking {
  count = 0;
  readonly #askers = new WeakSet<object>();

  /** A kept answer is given again. */
  again(answered: object): void {
    if (this.#askers.has(answered)) this.count++;
  }

  keep(answered: object, before: number): void {
    if (this.count !== before) this.#askers.add(answered);
  }
}

export class SharedValues {
  /** `null` where each program must look itself. */
  readonly #known = new Map<Expression, Value | null>();

  constructor(
    /** Knows no callers and no containers. */
    readonly evaluator: Evaluator,
    readonly asking: Asking,
  ) {}

  of(expression: Expression, path: string): Value | undefined {
    const known = this.#known.get(expression);
    if (known !== undefined) return known ?? undefined;
    // Parts that are only computed when somebody reads them would ask later.
    const value = this.evaluator.graph.readsParameters(expression, path) ? null : this.#resolve(expression, path);
    this.#known.set(expression, value);
    return value ?? undefined;
  }

  #resolve(expression: Expression, path: string): Value | null {
    const before = this.asking.count;
    const value = this.evaluator.evaluate(expression, path);
    return this.asking.count === before ? value : null;
  }
}
