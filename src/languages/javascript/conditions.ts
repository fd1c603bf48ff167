import type { Condition } from '../../facts.ts';
import type { Evaluator } from './evaluate.ts';
import type { Frame } from './frame.ts';
import type { Expression, Guard } from './summary.ts';
import { otherwiseOf, own } from './values.ts';

/** Reads tests of the environment: `process.env.X`, `config.isProduction`, `!url`, `env === 'test'`, across modules. */
export class ConditionReader {
  readonly #known = new WeakMap<readonly Guard[], Condition[]>();

  constructor(readonly evaluator: Evaluator) {}

  /** The conditions on the environment that guards amount to. What depends on anything else is left out. */
  read(guards: readonly Guard[], path: string, frame: Frame | undefined): Condition[] {
    const known = !frame ? this.#known.get(guards) : undefined;
    if (known) return known;
    const conditions = guards.flatMap(({ test, holds }) => this.#condition(test, holds, path, frame, 0));
    if (!frame) this.#known.set(guards, conditions);
    return conditions;
  }

  #condition(test: Expression, holds: boolean, path: string, frame: Frame | undefined, depth: number): Condition[] {
    if (depth > 8) return [];
    const again = (inner: Expression, truth: boolean, at = path): Condition[] => this.#condition(inner, truth, at, frame, depth + 1);
    switch (test.k) {
      case 'not':
        return again(test.value, !holds);
      case 'and':
        return holds ? [...again(test.left, true), ...again(test.right, true)] : [];
      case 'or':
        if (!holds) return [...again(test.left, false), ...again(test.right, false)];
        break;
      case 'equal':
        return this.#equality(test.left, test.right, test.negated !== holds, path, frame);
      case 'call':
        if (test.callee.k === 'global' && test.callee.name === 'Boolean' && test.args[0]) return again(test.args[0], holds);
        return this.#answered(test, holds, path, frame, depth);
      case 'local':
      case 'member':
      case 'import': {
        const target = this.#definition(test, path, 0);
        if (target && /^(?:not|and|or|equal|call)$/.test(target.expression.k)) return again(target.expression, holds, target.path);
      }
    }
    const value = this.evaluator.evaluate(test, path, frame);
    if (value.is !== 'env') return [];
    const { fallback } = value;
    if (fallback && !(fallback.is === 'literal' && (fallback.value === null || fallback.value === '' || fallback.value === false)))
      return [];
    return [{ env: value.name, test: holds ? 'set' : 'unset' }];
  }

  /** `isProduction()`: the test that the function returns. */
  #answered(test: Expression & { k: 'call' }, holds: boolean, path: string, frame: Frame | undefined, depth: number): Condition[] {
    const target = this.#definition(test.callee, path, 0);
    if (target?.expression.k !== 'function') return [];
    const returns = this.evaluator.graph.summary(target.path)?.functions[target.expression.id]?.returns ?? [];
    return returns.length === 1 && !returns[0]!.when?.length
      ? this.#condition(returns[0]!.value, holds, target.path, frame, depth + 1)
      : [];
  }

  #equality(left: Expression, right: Expression, same: boolean, path: string, frame: Frame | undefined): Condition[] {
    let [env, literal] = [this.evaluator.evaluate(left, path, frame), this.evaluator.evaluate(right, path, frame)];
    if (literal.is === 'env') [env, literal] = [literal, env];
    if (env.is !== 'env' || literal.is !== 'literal') return [];
    if (literal.value === null || literal.value === '') return [{ env: env.name, test: same ? 'unset' : 'set' }];
    return [{ env: env.name, test: same ? 'equals' : 'differs', value: String(literal.value), ...otherwiseOf(env) }];
  }

  /** Follows a name to the one expression that defines it, across modules. */
  #definition(expression: Expression, path: string, depth: number): { expression: Expression; path: string } | undefined {
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
      if (of?.expression.k !== 'object') return undefined;
      const property = of.expression.properties.findLast((item) => item.key === expression.name);
      return property && this.#definition(property.value, of.path, depth + 1);
    }
    return { expression, path };
  }

  /** `this.isQueued`, which the constructor or the field itself sets. */
  #field(index: number | undefined, name: string, path: string, depth: number): { expression: Expression; path: string } | undefined {
    const summary = index === undefined ? undefined : this.evaluator.graph.summary(path)?.classes[index];
    const value = summary && (own(summary.assigned, name) ?? own(summary.fields, name));
    return value && this.#definition(value, path, depth + 1);
  }
}
