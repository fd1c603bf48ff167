/** What a function gives, with what one call hands over. */
import type { Value } from '../../facts.ts';
import { standardCall } from './standard-values.ts';
import { choose, concat, targetOf, unknownAt } from './value-shapes.ts';

/** A value with what a call hands over in the place of a function's parameters. */
export function substitute(value: Value, functionId: string, args: readonly Value[], depth = 0): Value {
  if (depth > 8) return value;
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
