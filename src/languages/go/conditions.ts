/** Tests on the environment as conditions; other tests say nothing. */
import type { Condition, Value } from '../../facts.ts';
import type { Expression } from './summary.ts';

type Read = (expression: Expression) => Value;
type Env = Extract<Value, { is: 'env' }>;

/** What stands in for a variable that is not set. */
const otherwiseOf = ({ fallback }: Env): Pick<Condition, 'otherwise'> => {
  if (fallback?.is === 'env') return { otherwise: { env: fallback.name } };
  return fallback?.is === 'literal' && fallback.value !== null ? { otherwise: { value: String(fallback.value) } } : {};
};

export function conditionsOf(test: Expression, holds: boolean, read: Read, depth = 0): readonly Condition[] {
  if (depth > 12) return [];
  const both = (left: Expression, right: Expression): readonly Condition[] => [
    ...conditionsOf(left, holds, read, depth + 1),
    ...conditionsOf(right, holds, read, depth + 1),
  ];
  if (test.is === 'not') return conditionsOf(test.value, !holds, read, depth + 1);
  if (test.is === 'binary') {
    if (test.operator === '&&') return holds ? both(test.left, test.right) : [];
    if (test.operator === '||') return holds ? [] : both(test.left, test.right);
    return test.operator === '==' || test.operator === '!=' ? compared(test, holds, read) : [];
  }
  if (test.is === 'literal' || test.is === 'unknown') return [];
  const value = read(test);
  return value.is === 'env' && !value.fallback ? [{ env: value.name, test: holds ? 'set' : 'unset' }] : [];
}

function compared(test: Extract<Expression, { is: 'binary' }>, holds: boolean, read: Read): readonly Condition[] {
  const [left, right] = [read(test.left), read(test.right)];
  const env = left.is === 'env' ? left : right.is === 'env' ? right : undefined;
  const other = env === left ? right : left;
  if (!env || other.is !== 'literal' || other.value === null) return [];
  const isSame = (test.operator === '==') === holds;
  if (other.value === '') return [{ env: env.name, test: isSame ? 'unset' : 'set' }];
  return [{ env: env.name, test: isSame ? 'equals' : 'differs', value: String(other.value), ...otherwiseOf(env) }];
}
