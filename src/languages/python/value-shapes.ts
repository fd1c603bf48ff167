/** Small questions to values, and values made of others. */

import type { Value } from '../../facts.ts';
import type { Place } from '../../types.ts';
import { flattenOptions, type Option } from '../alternatives.ts';
import type { At, FunctionSummary } from './summary.ts';

const mostChoices = 12;

export const placeAt = (path: string, at: At): Place => ({ path, line: at[0], column: at[1], endLine: at[2], endColumn: at[3] });

/** Values that keep their meaning when they are trimmed, cast or lower-cased. */
export const carries = (value: Value): boolean => ['env', 'literal', 'text', 'choice'].includes(value.is);

export const splitId = (id: string): readonly [string, number] => {
  const at = id.lastIndexOf('#');
  return [id.slice(0, at), Number(id.slice(at + 1))];
};

/** The class whose method a function is, or stands in. */
export function methodClass(functions: readonly FunctionSummary[], within: number | undefined): number | undefined {
  for (let at = within, steps = 0; at !== undefined && steps < 20; at = functions[at]?.parent, steps++)
    if (functions[at]?.class !== undefined) return functions[at]!.class;
  return undefined;
}

export const packageValue = (dotted: string, place: Place): Value => {
  const [top = '', ...rest] = dotted.split('.');
  return { is: 'package', package: top, path: rest.join('.'), place };
};

/** The full dotted name of something that a package gives: `flask.Flask().route`. */
export function dottedOf(value: Value, depth = 0): string | undefined {
  if (depth > 12) return undefined;
  if (value.is === 'package')
    return value.package === '' ? value.path : value.path === '' ? value.package : `${value.package}.${value.path}`;
  if (value.is === 'made') {
    const callee = dottedOf(value.callee, depth + 1);
    return callee === undefined ? undefined : `${callee}()`;
  }
  if (value.is === 'member') {
    const of = dottedOf(value.of, depth + 1);
    return of === undefined ? undefined : `${of}.${value.name}`;
  }
  if (value.is === 'choice') return value.options.map((option) => dottedOf(option.value, depth + 1)).find((one) => one !== undefined);
  return undefined;
}

export function choose(options: readonly Option[], place: Place): Value {
  const flat = flattenOptions(options, mostChoices);
  const [first] = flat;
  if (first && flat.length === 1 && !first.when?.length) return first.value;
  return { is: 'choice', options: flat.map(({ value, when }) => ({ value, ...(when?.length ? { when } : {}) })), place };
}

/** `left or right`. */
export function orElse(left: Value, right: Value, place: Place): Value {
  if (left.is === 'env') {
    const isEmpty = left.fallback === undefined || (left.fallback.is === 'literal' && !left.fallback.value);
    return { ...left, fallback: isEmpty ? right : left.fallback };
  }
  if (left.is === 'literal') return left.value ? left : right;
  return choose([{ value: left }, { value: right }], place);
}
