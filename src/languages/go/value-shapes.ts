/** Small questions to values, and values made of others. */

import type { Value } from '../../facts.ts';
import type { Place } from '../../types.ts';
import { flattenOptions, type Option } from '../alternatives.ts';
import { resultOf, usualType } from './libraries.ts';
import type { At } from './summary.ts';

const mostChoices = 12;

export const placeAt = (path: string, at: At): Place => ({ path, line: at[0], column: at[1], endLine: at[2], endColumn: at[3] });
export const unknownAt = (place: Place): Value => ({ is: 'unknown', place });

export const splitId = (id: string): readonly [string, number] => {
  const at = id.lastIndexOf('#');
  return [id.slice(0, at), Number(id.slice(at + 1))];
};
/** Types of the repository are named by file and number. */
export const isOwnType = (id: string): boolean => /\.go#\d+$/.test(id);

/** A value of which nothing but its type is known. */
export const ofType = (id: string, place: Place): Value => ({ is: 'made', callee: { is: 'class', id, place }, args: [], place });

/** `gin.Engine.GET`: what a callee is called, by the type that it belongs to; `undefined` when it could not be traced. */
export function targetOf(value: Value, depth = 0): string | undefined {
  if (depth > 12) return undefined;
  if (value.is === 'package')
    return value.package === '' ? value.path : value.path === '' ? value.package : `${value.package}.${value.path}`;
  if (value.is === 'class') return value.id;
  if (value.is === 'choice') {
    const all = new Set(value.options.map((option) => targetOf(option.value, depth + 1)));
    return all.size === 1 ? [...all][0] : undefined;
  }
  if (value.is !== 'member') return undefined;
  const type = typeOf(value.of, depth + 1);
  return type === undefined ? undefined : `${type}.${value.name}`;
}

/** The type of a value, as far as it is known. */
export function typeOf(value: Value, depth = 0): string | undefined {
  if (depth > 12) return undefined;
  if (value.is === 'made') {
    if (value.callee.is === 'class') return usualType(value.callee.id);
    const target = targetOf(value.callee, depth + 1);
    return target === undefined ? undefined : resultOf(target);
  }
  if (value.is === 'package') return resultOf(targetOf(value) ?? '').replace(/\(\)$/, '');
  if (value.is === 'member') {
    const target = targetOf(value, depth + 1);
    return target === undefined ? undefined : usualType(target);
  }
  if (value.is === 'choice') return value.options.map((option) => typeOf(option.value, depth + 1)).find((one) => one !== undefined);
  return undefined;
}

/** One of several values. A variable beside what stands in for it is that variable with a fallback. */
export function choose(options: readonly Option[], place: Place): Value {
  const flat = flattenOptions(options, mostChoices);
  const [first] = flat;
  if (first && flat.length === 1 && !first.when?.length) return first.value;
  return (
    withFallback(flat, place) ?? {
      is: 'choice',
      options: flat.map(({ value, when }) => ({ value, ...(when?.length ? { when } : {}) })),
      place,
    }
  );
}

function withFallback(options: readonly Option[], place: Place): Value | undefined {
  const env = options.map(({ value }) => value).find((value) => value.is === 'env');
  if (env?.is !== 'env' || env.fallback) return undefined;
  const others = options.filter(({ value }) => !(value.is === 'env' && value.name === env.name));
  // Other conditions decide as well: then it stays a choice.
  const isOpen = options.some(({ when }) => (when ?? []).some((condition) => condition.env !== env.name));
  if (isOpen || others.length === 0) return undefined;
  const known = others
    .map(({ value }) => value)
    .filter((value) => value.is !== 'unknown' && !(value.is === 'literal' && value.value === ''));
  const fallback =
    known.length === 0
      ? { ...unknownAt(place) }
      : choose(
          known.map((value) => ({ value })),
          place,
        );
  return { ...env, fallback };
}

/** Texts one after another; `between` stands between them. */
export function concat(parts: readonly Value[], place: Place, between = ''): Value {
  const separator: Value = { is: 'literal', value: between, place };
  const all = between === '' ? parts : parts.flatMap((part, index) => (index === 0 ? [part] : [separator, part]));
  const flat = all.flatMap((part) => (part.is === 'text' ? part.parts : [part])).slice(0, 100);
  if (flat.every((part) => part.is === 'literal')) {
    const numbers = flat.every((part) => part.is === 'literal' && typeof part.value === 'number');
    if (numbers && between === '')
      return { is: 'literal', value: flat.reduce((sum, part) => sum + Number((part as { value: unknown }).value), 0), place };
    return { is: 'literal', value: flat.map((part) => String((part as { value: unknown }).value)).join(''), place };
  }
  return { is: 'text', parts: flat, place };
}
