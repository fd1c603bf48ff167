import type { Condition, Value } from '../../facts.ts';
import type { Expression, Guard } from './summary.ts';

/** One call on the way to an expression: the arguments of its function, and what each evaluator has found with them. */
export class Frame {
  /** Hardly a frame is seen by a second evaluator. */
  #first: object | undefined;
  readonly #memo = new Map<Expression, Value>();
  #others: Map<object, Map<Expression, Value>> | undefined;
  #conditions: Map<Guard, readonly Condition[]> | undefined;
  constructor(
    readonly functionId: string,
    readonly args: readonly Value[],
  ) {}

  /** What guards come to in this call. */
  get conditions(): Map<Guard, readonly Condition[]> {
    this.#conditions ??= new Map();
    return this.#conditions;
  }

  memoOf(evaluator: object): Map<Expression, Value> {
    this.#first ??= evaluator;
    if (this.#first === evaluator) return this.#memo;
    this.#others ??= new Map();
    const known = this.#others.get(evaluator);
    if (known) return known;
    const made = new Map<Expression, Value>();
    this.#others.set(evaluator, made);
    return made;
  }
}
