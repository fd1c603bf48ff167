/** Tests on the environment and on settings as conditions; other tests say nothing. */
import type { Condition, Value } from '../../facts.ts';
import type { Evaluator } from './evaluate.ts';
import type { MethodView } from './names.ts';
import type { Expression } from './summary.ts';

const environments: Readonly<Record<string, string>> = { IsDevelopment: 'development', IsProduction: 'production', IsStaging: 'staging' };
const maxDepth = 8;

const inEnvironment = (name: string, holds: boolean): readonly Condition[] => [
  { env: 'ASPNETCORE_ENVIRONMENT', test: holds ? 'equals' : 'differs', value: name.toLowerCase(), otherwise: { value: 'production' } },
];

export function conditionsOf(test: Expression, holds: boolean, view: MethodView, evaluator: Evaluator, depth = 0): readonly Condition[] {
  if (depth > maxDepth) return [];
  const inner = (part: Expression, yes: boolean) => conditionsOf(part, yes, view, evaluator, depth + 1);
  switch (test.is) {
    case 'not':
      return inner(test.value, !holds);
    case 'and':
      return holds ? [...inner(test.left, true), ...inner(test.right, true)] : [];
    case 'or':
      return holds ? either(inner(test.left, true), inner(test.right, true)) : [...inner(test.left, false), ...inner(test.right, false)];
    case 'compare':
      return compared(test, holds, view, evaluator);
    case 'call':
      return called(test, holds, view, evaluator, inner);
    case 'name':
      return named(test, holds, view, evaluator, inner);
    default:
      return [];
  }
}

const isDevelopment = ([only, ...others]: readonly Condition[]): boolean =>
  others.length === 0 && only?.env === 'ASPNETCORE_ENVIRONMENT' && only.test === 'equals' && only.value === 'development';

/** In production, `IsDevelopment() || flag` is what the flag says. */
const either = (left: readonly Condition[], right: readonly Condition[]): readonly Condition[] =>
  isDevelopment(left) ? right : isDevelopment(right) ? left : [];

type Inner = (part: Expression, holds: boolean) => readonly Condition[];

function called(
  test: Extract<Expression, { is: 'call' }>,
  holds: boolean,
  view: MethodView,
  evaluator: Evaluator,
  inner: Inner,
): readonly Condition[] {
  const [first] = test.args;
  if (Object.hasOwn(environments, test.name)) return inEnvironment(environments[test.name]!, holds);
  if (test.name === 'IsEnvironment') {
    const name = evaluator.text(first, view);
    return name === undefined ? [] : inEnvironment(name, holds);
  }
  if (/^IsNullOr(?:Empty|WhiteSpace)$/.test(test.name) && first) return isSet(evaluator.value(first, view), !holds);
  if (/^(?:Parse|ToBoolean)$/.test(test.name) && first) return isTrue(evaluator.value(first, view), holds);
  if (test.name === 'Equals' && test.on && first)
    return inner({ is: 'compare', left: test.on, operator: '==', right: first, at: test.at }, holds);
  return isTrue(evaluator.value(test, view), holds);
}

function named(
  test: Extract<Expression, { is: 'name' }>,
  holds: boolean,
  view: MethodView,
  evaluator: Evaluator,
  inner: Inner,
): readonly Condition[] {
  // `options.Value.Enabled`.
  if (test.path.length > 1) return isTrue(evaluator.value(test, view), holds);
  const value = test.path.length === 1 ? evaluator.names.variable(test.path[0]!, view)?.value : undefined;
  return value && value.is !== 'name' && value.is !== 'literal' ? inner(value, holds) : [];
}

const isEnvironmentName = (expression: Expression): boolean =>
  (expression.is === 'name' && expression.path.at(-1) === 'EnvironmentName') ||
  (expression.is === 'member' && expression.name === 'EnvironmentName');

function compared(
  test: Extract<Expression, { is: 'compare' }>,
  holds: boolean,
  view: MethodView,
  evaluator: Evaluator,
): readonly Condition[] {
  const isSame = (test.operator === '==') === holds;
  for (const [one, other] of [
    [test.left, test.right],
    [test.right, test.left],
  ] as const) {
    const text = evaluator.text(other, view);
    if (isEnvironmentName(one)) return text === undefined ? [] : inEnvironment(text, isSame);
    const value = evaluator.value(one, view);
    if (value.is !== 'env' || value.name === '*') continue;
    if (other.is === 'literal' && other.value === null) return isSet(value, !isSame);
    if (other.is === 'literal' && typeof other.value === 'boolean') return isTrue(value, other.value === isSame);
    if (text !== undefined)
      return /^(?:ASPNETCORE|DOTNET)_ENVIRONMENT$/.test(value.name) ? inEnvironment(text, isSame) : equals(value, text, isSame);
  }
  return [];
}

type Env = Extract<Value, { is: 'env' }>;
const otherwiseOf = ({ fallback }: Env): Pick<Condition, 'otherwise'> =>
  fallback?.is === 'literal' && fallback.value !== null ? { otherwise: { value: String(fallback.value).toLowerCase() } } : {};

const equals = (value: Env, text: string, holds: boolean): readonly Condition[] => [
  { env: value.name, test: holds ? 'equals' : 'differs', value: text, ...otherwiseOf(value) },
];

function isSet(value: Value, holds: boolean): readonly Condition[] {
  if (value.is !== 'env' || value.name === '*') return [];
  // A setting in a file holds whether or not the variable is set.
  if (value.fallback) return [];
  return [{ env: value.name, test: holds ? 'set' : 'unset' }];
}

const isTrue = (value: Value, holds: boolean): readonly Condition[] =>
  value.is === 'env' && value.name !== '*' ? equals(value, 'true', holds) : [];
