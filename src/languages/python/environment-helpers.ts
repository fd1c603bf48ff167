/** Functions of a program that read the variable whose name they are handed: `env_bool('A', False)`. */
import type { Value } from '../../facts.ts';
import type { Place } from '../../types.ts';
import { truthConditions } from './conditions.ts';
import type { Evaluator } from './evaluate.ts';
import { indexOf } from './module-index.ts';
import { isCast, isEnvironmentReader, passesThrough } from './standard-values.ts';
import type { CallExpression, Expression, FunctionSummary } from './summary.ts';
import { choose, dottedOf, splitId } from './value-shapes.ts';

const maxDepth = 6;
const truths = ['true', '1', 'yes', 'on', 'y', 't'];

interface Helper {
  readonly own: FunctionSummary;
  /** Index of the parameter that names the variable, and of the one that stands in for it. */
  readonly named: number;
  readonly fallback?: number;
  /** Says whether the variable is a word for yes. */
  readonly isTruth: boolean;
}
interface Read {
  readonly named: number;
  readonly otherwise?: Expression;
  readonly isTruth: boolean;
}

class HelperReader {
  constructor(
    readonly own: FunctionSummary,
    readonly path: string,
    readonly index: number,
    readonly evaluator: Evaluator,
  ) {}

  parameter = (expression: Expression | undefined): number | undefined => {
    const at = expression?.is === 'name' ? this.own.parameters.findIndex(({ name }) => name === expression.name) : -1;
    return at < 0 ? undefined : at;
  };

  /** How an expression comes from a variable that a parameter names. */
  read(expression: Expression, depth = 0): Read | undefined {
    if (depth > maxDepth) return undefined;
    const inner = (one: Expression): Read | undefined => this.read(one, depth + 1);
    switch (expression.is) {
      case 'call':
        return this.#call(expression, depth);
      case 'item':
        return this.#environ(expression, 'os.environ');
      case 'name':
        return this.#assigned(expression.name, depth);
      case 'or':
        return inner(expression.left) ?? inner(expression.right);
      case 'and':
        return inner(expression.right) ?? inner(expression.left);
      case 'conditional':
        return inner(expression.yes) ?? inner(expression.no);
      case 'compare': {
        const found = /^(?:==|in)$/.test(expression.operator) ? inner(expression.left) : undefined;
        return found && { ...found, isTruth: true };
      }
      default:
        return undefined;
    }
  }

  #environ(expression: Extract<Expression, { is: 'item' }>, dotted: string): Read | undefined {
    const named = this.parameter(expression.key);
    if (named === undefined || dottedOf(this.evaluator.value(expression.of, this.path, this.index)) !== dotted) return undefined;
    return { named, isTruth: false };
  }

  #call({ callee, args, named }: CallExpression, depth: number): Read | undefined {
    if (callee.is === 'attribute' && passesThrough.has(callee.name)) return this.read(callee.of, depth + 1);
    const [first, second] = args;
    if (!first) return undefined;
    const value = this.evaluator.value(callee, this.path, this.index);
    const dotted = dottedOf(value) ?? '';
    if (isCast(dotted)) return this.read(first, depth + 1);
    const at = this.parameter(first);
    if (at === undefined) return undefined;
    const otherwise = named['default'] ?? second;
    const rest = otherwise ? { otherwise } : {};
    if (isEnvironmentReader(dotted)) return { named: at, isTruth: false, ...rest };
    const further = value.is === 'function' ? helperOf(value.id, this.evaluator, depth + 1) : undefined;
    return further && { named: at, isTruth: further.isTruth, ...rest };
  }

  /** Parameters that a local variable is set to (`if not value: value = default`). */
  standIns(expression: Expression): readonly (number | undefined)[] {
    return expression.is === 'name' ? this.#valuesOf(expression.name).map(this.parameter) : [];
  }

  #valuesOf(name: string): readonly Expression[] {
    const all = indexOf(this.evaluator.summary(this.path)!).assignments.get(name) ?? [];
    return all.flatMap(({ within, value }) => (within === this.index ? [value] : []));
  }

  #assigned(name: string, depth: number): Read | undefined {
    for (const value of this.#valuesOf(name)) {
      const found = this.read(value, depth + 1);
      if (found) return found;
    }
    return undefined;
  }
}

interface KeptHelper {
  readonly helper: Helper | undefined;
  readonly asks: boolean;
}
const helpers = new WeakMap<Evaluator, Map<string, KeptHelper>>();

function helperOf(id: string, evaluator: Evaluator, depth = 0): Helper | undefined {
  const known = helpers.get(evaluator) ?? new Map<string, KeptHelper>();
  helpers.set(evaluator, known);
  const found = known.get(id);
  if (found?.asks || (depth > maxDepth && !found)) evaluator.kept.asked++;
  if (found || depth > maxDepth) return found?.helper;
  known.set(id, { helper: undefined, asks: true });
  const { asked } = evaluator.kept;
  const own = evaluator.functionOf(id);
  const helper = own && own.parameters.length > 0 && own.returns.length > 0 ? readHelper(id, own, evaluator) : undefined;
  known.set(id, { helper, asks: asked !== evaluator.kept.asked });
  return helper;
}

function readHelper(id: string, own: FunctionSummary, evaluator: Evaluator): Helper | undefined {
  const [path, index] = splitId(id);
  const reader = new HelperReader(own, path, index, evaluator);
  const reads = own.returns.flatMap(({ value }) => reader.read(value) ?? []);
  const [first] = reads;
  // `if value in ('1', 'true'): return True`.
  const tested = first
    ? undefined
    : own.returns.flatMap(({ value, when }) => (isYes(value) ? (when ?? []) : [])).map(({ test }) => reader.read(test));
  const found = first ?? tested?.find((one) => one?.isTruth);
  if (!found) return undefined;
  const returned = own.returns
    .flatMap(({ value }) => [reader.parameter(value), ...reader.standIns(value)])
    .find((at) => at !== undefined && at !== found.named);
  const fallback = reader.parameter(otherwiseName(found.otherwise)) ?? returned;
  const isTruth = found.isTruth || reads.some((one) => one.isTruth);
  return { own, named: found.named, isTruth, ...(fallback === undefined || fallback === found.named ? {} : { fallback }) };
}

const isYes = (value: Expression): boolean => value.is === 'literal' && value.value === true;
/** `str(default)` stands for the default. */
const otherwiseName = (given: Expression | undefined): Expression | undefined =>
  given?.is === 'call' && given.callee.is === 'name' && given.callee.name === 'str' ? given.args[0] : given;

/** The variable that a call of such a function comes to. */
export function helperCall(
  id: string,
  call: CallExpression,
  read: (expression: Expression) => Value,
  place: Place,
  evaluator: Evaluator,
): Value | undefined {
  const isPossible = [...call.args, ...Object.values(call.named)].some(isVariable);
  const helper = isPossible ? helperOf(id, evaluator) : undefined;
  if (!helper) return undefined;
  const [path, index] = splitId(id);
  const { own } = helper;
  const offset = /^(?:self|cls)$/.test(own.parameters[0]?.name ?? '') ? 1 : 0;
  const given = (at: number): Expression | undefined => call.named[own.parameters[at]?.name ?? ''] ?? call.args[at - offset];
  const name = given(helper.named);
  if (!name || !isVariable(name)) return undefined;
  const written = helper.fallback === undefined ? undefined : given(helper.fallback);
  const standard = helper.fallback === undefined ? undefined : own.parameters[helper.fallback]!.default;
  const fallback = written ? read(written) : standard && evaluator.value(standard, path, index);
  const isNone = fallback?.is === 'literal' && fallback.value === null;
  const env = { is: 'env', name: String(name.value), ...(fallback && !isNone ? { fallback } : {}), place } as const;
  if (!helper.isTruth) return env;
  const options = [true, false].map((holds) => ({
    value: { is: 'literal', value: holds, place } as const,
    when: truthConditions(env, truths, holds),
  }));
  return choose(options, place);
}

const isVariable = (expression: Expression): expression is Extract<Expression, { is: 'literal' }> =>
  expression.is === 'literal' && typeof expression.value === 'string' && /^[A-Z][A-Z0-9_]{2,}$/.test(expression.value);
