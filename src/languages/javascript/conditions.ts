import type { Condition } from '../../facts.ts';
import type { Evaluator } from './evaluate.ts';
import type { Frame } from './frame.ts';
import type { Expression, Guard } from './summary.ts';
import { otherwiseOf, own } from './values.ts';

const none: readonly Condition[] = [];

/** `process.argv.includes('--mock')`. */
const asksCommandLine = (test: Expression): boolean =>
  test.k === 'call' &&
  test.callee.k === 'member' &&
  test.callee.name === 'includes' &&
  test.callee.of.k === 'member' &&
  test.callee.of.name === 'argv' &&
  test.args[0]?.k === 'literal';

interface Definition {
  readonly expression: Expression;
  readonly path: string;
}

/** Reads tests of the environment: `process.env.X`, `config.isProduction`, `!url`, `env === 'test'`, across modules. */
export class ConditionReader {
  readonly #known = new Map<Guard, readonly Condition[]>();
  readonly #definitions = new Map<Expression, Definition | null>();

  constructor(readonly evaluator: Evaluator) {}

  /** The conditions on the environment that guards amount to. What depends on anything else is left out. */
  read(guards: readonly Guard[], path: string, frame: Frame | undefined): readonly Condition[] {
    let conditions: readonly Condition[] = none;
    for (const guard of guards) {
      const found = this.#guard(guard, path, frame);
      if (found.length > 0) conditions = conditions.length > 0 ? [...conditions, ...found] : found;
    }
    return conditions;
  }

  /** What follows a function that may be left early stands behind the same guards: each is read once for a call. */
  #guard(guard: Guard, path: string, call: Frame | undefined): readonly Condition[] {
    const frame = call && this.evaluator.graph.readsParameters(guard.test, path) ? call : undefined;
    const memo = frame ? frame.conditions : this.#known;
    const known = memo.get(guard);
    if (known) return known;
    const conditions = this.#condition(guard.test, guard.holds, path, frame, 0);
    memo.set(guard, conditions);
    return conditions;
  }

  #condition(test: Expression, holds: boolean, path: string, frame: Frame | undefined, depth: number): readonly Condition[] {
    if (depth > 8) return none;
    switch (test.k) {
      case 'not':
        return this.#condition(test.value, !holds, path, frame, depth + 1);
      case 'and':
        return holds ? this.#both(test, true, path, frame, depth) : none;
      case 'or':
        if (!holds) return this.#both(test, false, path, frame, depth);
        // What is handed over by hand (`--mock`) is not what a deployment starts.
        if (asksCommandLine(test.right)) return this.#condition(test.left, true, path, frame, depth + 1);
        if (asksCommandLine(test.left)) return this.#condition(test.right, true, path, frame, depth + 1);
        break;
      case 'equal':
        return this.#equality(test.left, test.right, test.negated !== holds, path, frame);
      case 'call':
        if (test.callee.k === 'global' && test.callee.name === 'Boolean' && test.args[0])
          return this.#condition(test.args[0], holds, path, frame, depth + 1);
        return this.#answered(test, holds, path, frame, depth);
      case 'local':
      case 'member':
      case 'import': {
        const target = this.#definition(test, path, 0);
        if (target && /^(?:not|and|or|equal|call)$/.test(target.expression.k))
          return this.#condition(target.expression, holds, target.path, frame, depth + 1);
      }
    }
    const value = this.evaluator.evaluate(test, path, frame);
    if (value.is !== 'env') return none;
    const { fallback } = value;
    if (fallback && !(fallback.is === 'literal' && (fallback.value === null || fallback.value === '' || fallback.value === false)))
      return none;
    return [{ env: value.name, test: holds ? 'set' : 'unset' }];
  }

  #both(
    { left, right }: Expression & { k: 'and' | 'or' },
    holds: boolean,
    path: string,
    frame: Frame | undefined,
    depth: number,
  ): readonly Condition[] {
    return [...this.#condition(left, holds, path, frame, depth + 1), ...this.#condition(right, holds, path, frame, depth + 1)];
  }

  /** `isProduction()`: the test that the function returns. */
  #answered(test: Expression & { k: 'call' }, holds: boolean, path: string, frame: Frame | undefined, depth: number): readonly Condition[] {
    const target = this.#definition(test.callee, path, 0);
    if (target?.expression.k !== 'function') return none;
    const returns = this.evaluator.graph.summary(target.path)?.functions[target.expression.id]?.returns ?? [];
    return returns.length === 1 && !returns[0]!.when?.length
      ? this.#condition(returns[0]!.value, holds, target.path, frame, depth + 1)
      : none;
  }

  #equality(left: Expression, right: Expression, same: boolean, path: string, frame: Frame | undefined): readonly Condition[] {
    let [env, literal] = [this.evaluator.evaluate(left, path, frame), this.evaluator.evaluate(right, path, frame)];
    if (literal.is === 'env') [env, literal] = [literal, env];
    if (env.is !== 'env' || literal.is !== 'literal') return none;
    if (literal.value === null || literal.value === '') return [{ env: env.name, test: same ? 'unset' : 'set' }];
    return [{ env: env.name, test: same ? 'equals' : 'differs', value: String(literal.value), ...otherwiseOf(env) }];
  }

  /** Follows a name to the one expression that defines it, across modules. */
  #definition(expression: Expression, path: string, depth: number): Definition | undefined {
    if (depth > 0) return this.#findDefinition(expression, path, depth);
    const known = this.#definitions.get(expression);
    if (known !== undefined) return known ?? undefined;
    const found = this.#findDefinition(expression, path, 0);
    this.#definitions.set(expression, found ?? null);
    return found;
  }

  #findDefinition(expression: Expression, path: string, depth: number): Definition | undefined {
    if (depth > 8) return undefined;
    if (expression.k === 'local') {
      const binding = this.evaluator.graph.summary(path)?.bindings[expression.binding];
      if (binding?.values.length !== 1 || binding.values[0]!.when?.length) return undefined;
      return this.#definition(binding.values[0]!.value, path, depth + 1);
    }
    if (expression.k === 'import') {
      const resolution = this.evaluator.graph.resolver.resolve(expression.specifier, path);
      if (!resolution || !('path' in resolution) || !this.evaluator.opens(resolution.path)) return undefined;
      const exported = this.evaluator.graph.summary(resolution.path)?.exports.filter((item) => item.name === expression.name) ?? [];
      return exported.length === 1 ? this.#definition(exported[0]!.value, resolution.path, depth + 1) : undefined;
    }
    if (expression.k === 'member' && expression.of.k === 'this') return this.#field(expression.of.class, expression.name, path, depth);
    if (expression.k === 'member') {
      const of = this.#definition(expression.of, path, depth + 1);
      if (of?.expression.k === 'call' && of.expression.isNew) {
        const made = this.#definition(of.expression.callee, of.path, depth + 1);
        return made?.expression.k === 'class' ? this.#field(made.expression.id, expression.name, made.path, depth) : undefined;
      }
      if (of?.expression.k !== 'object') return undefined;
      const property = of.expression.properties.findLast((item) => item.key === expression.name);
      return property && this.#definition(property.value, of.path, depth + 1);
    }
    return { expression, path };
  }

  /** `this.isQueued`, which the constructor or the field itself sets. */
  #field(index: number | undefined, name: string, path: string, depth: number): Definition | undefined {
    const summary = index === undefined ? undefined : this.evaluator.graph.summary(path)?.classes[index];
    const value = summary && (own(summary.assigned, name) ?? own(summary.fields, name));
    return value && this.#definition(value, path, depth + 1);
  }
}
