import type { Condition, Value } from '../../facts.ts';
import type { Place } from '../../types.ts';

/** More alternatives than that say nothing. */
export const maximumOptions = 8;

/** Conditions as optional data. */
export const whenOf = (when: readonly Condition[]): { when?: readonly Condition[] } => (when.length > 0 ? { when } : {});
/** The opposite of one condition; of several, nothing certain can be said. */
export const negate = (conditions: readonly Condition[]): readonly Condition[] => {
  const [only] = conditions;
  if (conditions.length !== 1 || !only) return [];
  const opposite = { set: 'unset', unset: 'set', equals: 'differs', differs: 'equals' } as const;
  return [{ ...only, test: opposite[only.test] }];
};

/** Options without doubles; nested choices are flattened, their conditions added up. */
export function choice(options: readonly { value: Value; when?: readonly Condition[] }[], place: Place): Value {
  const flat = options.flatMap((option) =>
    option.value.is === 'choice'
      ? option.value.options.map((inner) => ({ value: inner.value, ...whenOf([...(option.when ?? []), ...(inner.when ?? [])]) }))
      : [option],
  );
  const seen = new Set<string>();
  const distinct = flat.filter(({ value, when }) => {
    const key = `${value.is}:${value.place.path}:${value.place.line}:${value.place.column}:${value.is === 'literal' ? String(value.value) : ''}:${JSON.stringify(when ?? [])}`;
    return !seen.has(key) && seen.add(key);
  });
  const [only] = distinct;
  return distinct.length === 1 && only && !only.when?.length
    ? only.value
    : { is: 'choice', options: distinct.slice(0, maximumOptions), place };
}

/** Text of its parts: a literal when all of them are. */
export function joinText(parts: readonly Value[], place: Place): Value {
  const literal = parts.every((part) => part.is === 'literal');
  return literal
    ? { is: 'literal', value: parts.map((part) => String((part as Value & { is: 'literal' }).value ?? '')).join(''), place }
    : { is: 'text', parts, place };
}

/** What `Object.assign` and spreads make of several objects. */
export function mergeObjects(args: readonly Value[], place: Place): Value {
  const properties: Record<string, Value> = {};
  let open = false;
  for (const argument of args) {
    if (argument.is === 'object') {
      Object.assign(properties, argument.properties);
      open ||= argument.open;
    } else open = true;
  }
  return { is: 'object', properties, open, place };
}
