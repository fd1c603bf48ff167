import type { Value } from '../../facts.ts';
import type { Expression } from './summary.ts';

/** One call on the way to an expression: the arguments of its function, and what each evaluator has found with them. */
export class Frame {
  readonly #known = new Map<object, Map<Expression, Value>>();
  constructor(
    readonly functionId: string,
    readonly args: readonly Value[],
  ) {}

  memoOf(evaluator: object): Map<Expression, Value> {
    const known = this.#known.get(evaluator);
    if (known) return known;
    const made = new Map<Expression, Value>();
    this.#known.set(evaluator, made);
    return made;
  }
}
