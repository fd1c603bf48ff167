/** Tests on the environment as conditions; other tests say nothing. */
import type { Condition, Value } from '../../facts.ts';
import type { Expression } from './summary.ts';

type Read = (expression: Expression) => Value;
type Env = Extract<Value, { is: 'env' }>;

const falsy = new Set(['', '0', 'false', 'no', 'off', 'none']);

/** What stands in for a variable that is not set. */
const otherwiseOf = ({ fallback }: Env): Pick<Condition, 'otherwise'> => {
  if (fallback?.is === 'env') return { otherwise: { env: fallback.name } };
  return fallback?.is === 'literal' && fallback.value !== null ? { otherwise: { value: String(fallback.value) } } : {};
};

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
  const value = read(test);
  if (value.is !== 'env') return [];
  // A default that is true holds whether or not the variable is set.
  const { fallback } = value;
  if (fallback && !(fallback.is === 'literal' && (!fallback.value || falsy.has(String(fallback.value).toLowerCase())))) return [];
  return [{ env: value.name, test: holds ? 'set' : 'unset' }];
}

function compared(test: Extract<Expression, { is: 'compare' }>, holds: boolean, read: Read): readonly Condition[] {
  const [left, right] = [read(test.left), read(test.right)];
  const env = left.is === 'env' ? left : right.is === 'env' ? right : undefined;
  const other = env === left ? right : left;
  if (!env || other.is !== 'literal') return [];
  const isSame = test.operator === '==' || test.operator === 'is';
  if (!isSame && test.operator !== '!=' && test.operator !== 'is not') return [];
  if (other.value === null) return [{ env: env.name, test: isSame === holds ? 'unset' : 'set' }];
  return [{ env: env.name, test: isSame === holds ? 'equals' : 'differs', value: String(other.value), ...otherwiseOf(env) }];
}
