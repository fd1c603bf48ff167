/** What a function gives, with what one call hands over. */
import type { Value } from '../../facts.ts';
import { standardCall } from './standard-values.ts';
import { choose, concat, targetOf, unknownAt } from './value-shapes.ts';

/** Whether a parameter stands anywhere in a value; most hold none. */
const holding = new WeakMap<Value, boolean>();
const mostDepth = 8;

function holdsParameter(value: Value, depth = 0): boolean {
  if (value.is === 'parameter') return true;
  // Deeper than anything is put in.
  if (depth > mostDepth) return false;
  const known = holding.get(value);
  if (known !== undefined) return known;
  const holds = partsOf(value).some((part) => holdsParameter(part, depth + 1));
  if (holds || depth === 0) holding.set(value, holds);
  return holds;
}

function partsOf(value: Value): readonly Value[] {
  switch (value.is) {
    case 'choice':
      return value.options.map((option) => option.value);
    case 'text':
      return value.parts;
    case 'env':
      return value.fallback ? [value.fallback] : [];
    case 'made':
      return [value.callee, ...value.args];
    case 'member':
      return [value.of];
    case 'object':
      return Object.values(value.properties);
    case 'list':
      return value.items;
    default:
      return [];
  }
}

/** A value with what a call hands over in the place of a function's parameters. */
export function substitute(value: Value, functionId: string, args: readonly Value[], depth = 0): Value {
  if (depth > mostDepth || !holdsParameter(value)) return value;
  const inner = (one: Value): Value => substitute(one, functionId, args, depth + 1);
  switch (value.is) {
    case 'parameter':
      return value.function === functionId ? (args[value.index] ?? unknownAt(value.place)) : value;
    case 'choice':
      return choose(
        value.options.map(({ value: one, when }) => ({ value: inner(one), ...(when ? { when } : {}) })),
        value.place,
      );
    case 'text':
      return concat(value.parts.map(inner), value.place);
    case 'env':
      return value.fallback ? { ...value, fallback: inner(value.fallback) } : value;
    case 'made': {
      const made = { ...value, callee: inner(value.callee), args: value.args.map(inner) };
      const target = targetOf(made.callee);
      return (target === undefined ? undefined : standardCall(target, made.args, made.place)) ?? made;
    }
    case 'member':
      return { ...value, of: inner(value.of) };
    case 'object':
      return { ...value, properties: Object.fromEntries(Object.entries(value.properties).map(([key, one]) => [key, inner(one)])) };
    case 'list':
      return { ...value, items: value.items.map(inner) };
    default:
      return value;
  }
}
