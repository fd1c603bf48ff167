/** Tests on the environment as conditions; other tests say nothing. */
import type { Condition, Value } from '../../facts.ts';
import type { Place } from '../../types.ts';
import type { Expression } from './summary.ts';
import { choose } from './value-shapes.ts';

type Read = (expression: Expression) => Value;
type Env = Extract<Value, { is: 'env' }>;

const falsy = new Set(['', '0', 'false', 'no', 'off', 'none']);

/** What stands in for a variable that is not set. */
const otherwiseOf = ({ fallback }: Env): Pick<Condition, 'otherwise'> => {
  if (fallback?.is === 'env') return { otherwise: { env: fallback.name } };
  return fallback?.is === 'literal' && fallback.value !== null ? { otherwise: { value: String(fallback.value) } } : {};
};

/** A name that only one branch binds has that value wherever it can be read. */
const bound = (value: Value): Value => (value.is === 'choice' && value.options.length === 1 ? value.options[0]!.value : value);

export function conditionsOf(test: Expression, holds: boolean, read: Read): readonly Condition[] {
  if (test.is === 'not') return conditionsOf(test.value, !holds, read);
  // Variables that are asked for together are set together: where the first is missing, they are.
  if (test.is === 'and') {
    const [left, right] = [conditionsOf(test.left, holds, read), conditionsOf(test.right, holds, read)];
    if (holds) return [...left, ...right];
    return left.length > 0 && right.length > 0 ? left : [];
  }
  if (test.is === 'or') return holds ? [] : [...conditionsOf(test.left, false, read), ...conditionsOf(test.right, false, read)];
  if (test.is === 'compare') return compared(test, holds, read);
  const value = bound(read(test));
  if (value.is === 'choice') return chosen(value, holds);
  if (value.is !== 'env') return [];
  // A default that is true holds whether or not the variable is set.
  const { fallback } = value;
  if (fallback && !(fallback.is === 'literal' && (!fallback.value || falsy.has(String(fallback.value).toLowerCase())))) return [];
  return [{ env: value.name, test: holds ? 'set' : 'unset' }];
}

/** A flag that was computed before: what its only option of that truth says. */
function chosen({ options }: Extract<Value, { is: 'choice' }>, holds: boolean): readonly Condition[] {
  const isFlag = options.every(({ value }) => value.is === 'literal' && typeof value.value === 'boolean');
  const fitting = isFlag ? options.filter(({ value }) => value.is === 'literal' && value.value === holds) : [];
  return fitting.length === 1 ? (fitting[0]!.when ?? []) : [];
}

/** A test as a value: true under its conditions, else false. */
export function truthOf(test: Expression, read: Read, place: Place): Value | undefined {
  const [yes, no] = [conditionsOf(test, true, read), conditionsOf(test, false, read)];
  if (yes.length === 0 || no.length === 0) return undefined;
  const option = (value: boolean, when: readonly Condition[]) => ({ value: { is: 'literal', value, place } as const, when });
  return choose([option(true, yes), option(false, no)], place);
}

/** `True` and `TRUE` beside `true`, where the text is compared in lower case. */
const spellings = (word: string): readonly string[] => [
  ...new Set([word, word.charAt(0).toUpperCase() + word.slice(1), word.toUpperCase()]),
];

/** The variable is one of some words, or none of them. One word stands for all where it has to be one: that of the default, if it is among them. */
export function truthConditions(env: Env, words: readonly string[], holds: boolean): readonly Condition[] {
  const { otherwise } = otherwiseOf(env);
  const standard = otherwise?.value?.toLowerCase();
  const rest = otherwise ? { otherwise: standard === undefined ? otherwise : { value: standard } } : {};
  if (!holds) return words.flatMap(spellings).map((value) => ({ env: env.name, test: 'differs', value, ...rest }));
  const value = words.find((word) => word === standard) ?? words[0]!;
  return [{ env: env.name, test: 'equals', value, ...rest }];
}

const isLowered = (test: Expression): boolean => test.is === 'call' && test.callee.is === 'attribute' && test.callee.name === 'lower';

function compared(test: Extract<Expression, { is: 'compare' }>, holds: boolean, read: Read): readonly Condition[] {
  const [left, right] = [bound(read(test.left)), bound(read(test.right))];
  const env = left.is === 'env' ? left : right.is === 'env' ? right : undefined;
  const other = env === left ? right : left;
  if (env && env === left && other.is === 'list' && /^(?:not )?in$/.test(test.operator)) {
    const words = other.items.flatMap((item) => (item.is === 'literal' && typeof item.value === 'string' ? [item.value] : []));
    // `in (True, 'true', '1')`: the default alone can be no text.
    const isKnown = other.items.every((item) => item.is === 'literal' && /^(?:string|boolean)$/.test(typeof item.value));
    return words.length > 0 && isKnown ? truthConditions(env, words, (test.operator === 'in') === holds) : [];
  }
  if (!env || other.is !== 'literal') return [];
  const isSame = test.operator === '==' || test.operator === 'is';
  if (!isSame && test.operator !== '!=' && test.operator !== 'is not') return [];
  if (other.value === null) return [{ env: env.name, test: isSame === holds ? 'unset' : 'set' }];
  if (isLowered(test.left)) return truthConditions(env, [String(other.value)], isSame === holds);
  return [{ env: env.name, test: isSame === holds ? 'equals' : 'differs', value: String(other.value), ...otherwiseOf(env) }];
}
