import type { Value } from '../../facts.ts';
import type { Place } from '../../types.ts';
import type { At, Expression } from './summary.ts';

export const placeOf = (path: string, at: At): Place => ({ path, line: at[0], column: at[1], endLine: at[2], endColumn: at[3] });

/** The value of an expression that asks nothing of others. */
export function leafOf(expression: Expression, path: string): Value | undefined {
  switch (expression.k) {
    case 'literal':
      return { is: 'literal', value: expression.value, place: placeOf(path, expression.at) };
    case 'global':
      return { is: 'package', package: '', path: expression.name, place: placeOf(path, expression.at) };
    case 'function':
      return { is: 'function', id: `${path}#${expression.id}`, place: placeOf(path, expression.at) };
    case 'class':
      return { is: 'class', id: `${path}#${expression.id}`, place: placeOf(path, expression.at) };
    case 'not':
    case 'equal':
    case 'unknown':
      return { is: 'unknown', place: placeOf(path, expression.at) };
    default:
      return undefined;
  }
}
