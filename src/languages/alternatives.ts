/** What a resolved value may come to, for languages whose recognisers ask values rather than syntax. */
import type { Condition, Value } from '../facts.ts';

/** The text that a value comes to without asking the environment. */
export const textOf = (value: Value | undefined): string | undefined =>
  value?.is === 'literal' && typeof value.value === 'string' ? value.value : undefined;

/** One thing that a value may come to, with what decides it. */
export interface Alternative {
  readonly value: Value;
  readonly when: readonly Condition[];
  /** Stands in only where this variable is not set. */
  readonly env?: string;
}

/** Everything that a value may come to; the fallback of a variable stands under its absence. */
export function alternativesOf(value: Value | undefined, when: readonly Condition[] = [], depth = 0): readonly Alternative[] {
  if (!value || depth > 6) return [];
  if (value.is === 'choice')
    return value.options.flatMap((option) => alternativesOf(option.value, [...when, ...(option.when ?? [])], depth + 1));
  if (value.is !== 'env') return [{ value, when }];
  const fallback = value.fallback
    ? alternativesOf(value.fallback, [...when, { env: value.name, test: 'unset' }], depth + 1).map((one) => ({
        ...one,
        env: one.env ?? value.name,
      }))
    : [];
  return [{ value, when }, ...fallback];
}

/** One of several values, with what must hold for it. */
export interface Option {
  readonly value: Value;
  readonly when?: readonly Condition[];
}
/** Choices inside of choices as options of one, the first `most` of them. */
export const flattenOptions = (options: readonly Option[], most: number): readonly Option[] =>
  options
    .flatMap(({ value, when }): readonly Option[] =>
      value.is === 'choice'
        ? value.options.map((inner) => ({ value: inner.value, when: [...(when ?? []), ...(inner.when ?? [])] }))
        : [{ value, when }],
    )
    .slice(0, most);
