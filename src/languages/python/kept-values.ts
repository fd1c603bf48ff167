/** What expressions and names came to, kept so that nothing is read twice: not even by another program of the repository. */
import type { Value } from '../../facts.ts';
import type { FileAccess } from '../language.ts';
import type { Expression } from './summary.ts';

type Shared = Map<Expression, Value>;
interface KeptName {
  readonly value: Value | undefined;
  readonly asks: boolean;
}

const runs = new WeakMap<FileAccess, Map<string, Shared>>();

/** Values that are the same in all programs of a run that look for modules in the same folders. */
export function sharedValues(files: FileAccess, root: string, roots: readonly string[]): Shared {
  const known = runs.get(files) ?? new Map<string, Shared>();
  runs.set(files, known);
  const key = [root, ...roots].join('\0');
  const values = known.get(key) ?? new Map<Expression, Value>();
  known.set(key, values);
  return values;
}

export class KeptValues {
  readonly #shared: Shared;
  readonly #own = new Map<Expression, Value>();
  readonly #names = new Map<string, KeptName>();
  /** How many answers so far another program may give otherwise: they asked for callers, or gave up. */
  asked = 0;

  constructor(shared: Shared) {
    this.#shared = shared;
  }

  of(expression: Expression): Value | undefined {
    const shared = this.#shared.get(expression);
    if (shared) return shared;
    const own = this.#own.get(expression);
    if (own) this.asked++;
    return own;
  }

  keep(expression: Expression, value: Value, askedBefore: number): void {
    (this.asked === askedBefore ? this.#shared : this.#own).set(expression, value);
  }

  name(key: string): KeptName | undefined {
    const known = this.#names.get(key);
    if (known?.asks) this.asked++;
    return known;
  }

  keepName(key: string, value: Value | undefined, askedBefore: number): void {
    this.#names.set(key, { value, asks: this.asked !== askedBefore });
  }
}
