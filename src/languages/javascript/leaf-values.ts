import type { Value } from '../../facts.ts';
import type { Place } from '../../types.ts';
import type { At, Expression } from './summary.ts';

export const placeOf = (path: string, at: At): Place => ({ path, line: at[0], column: at[1], endLine: at[2], endColumn: at[3] });

function read(expression: Expression, path: string): Value {
  switch (expression.k) {
    case 'literal':
      return { is: 'literal', value: expression.value, place: placeOf(path, expression.at) };
    case 'global':
      return { is: 'package', package: '', path: expression.name, place: placeOf(path, expression.at) };
    case 'function':
      return { is: 'function', id: `${path}#${expression.id}`, place: placeOf(path, expression.at) };
    case 'class':
      return { is: 'class', id: `${path}#${expression.id}`, place: placeOf(path, expression.at) };
    default:
      return { is: 'unknown', place: placeOf(path, expression.at) };
  }
}

const leaves: ReadonlySet<Expression['k']> = new Set(['literal', 'global', 'function', 'class', 'not', 'equal', 'unknown'] as const);

/** The values of expressions that ask nothing of others, made when they are first asked for. */
export class LeafValues {
  readonly #known = new Map<Expression, Value>();

  of(expression: Expression, path: string): Value | undefined {
    if (!leaves.has(expression.k)) return undefined;
    let value = this.#known.get(expression);
    if (!value) {
      value = read(expression, path);
      this.#known.set(expression, value);
    }
    return value;
  }
}
