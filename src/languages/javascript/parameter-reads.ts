import type { Expression, ModuleSummary } from './summary.ts';

/** What an expression names: bindings and inner functions of its module, and whether it names a parameter itself. */
class Named {
  parameter = false;
  readonly bindings: number[] = [];
  readonly functions: number[] = [];

  see(value: unknown): this {
    if (typeof value !== 'object' || value === null) return this;
    const expression = value as Expression;
    if (expression.k === 'parameter') this.parameter = true;
    else if (expression.k === 'local') this.bindings.push(expression.binding);
    else if (expression.k === 'function') this.functions.push(expression.id);
    else if (expression.k !== 'literal') for (const key in value) if (key !== 'at') this.see((value as Record<string, unknown>)[key]);
    return this;
  }
}

/** An answer about it is found as fast as it is looked up. */
const isShort = ({ k }: Expression): boolean => k === 'local' || k === 'literal' || k === 'global' || k === 'import' || k === 'function';

/** Whether a value names a parameter, or something behind which one stands. */
function namesOneOf(value: unknown, dependent: Dependent): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const expression = value as Expression;
  if (expression.k === 'parameter') return true;
  if (expression.k === 'local') return dependent.bindings.has(expression.binding);
  if (expression.k === 'function') return dependent.functions.has(expression.id);
  if (expression.k === 'literal') return false;
  for (const key in value) if (key !== 'at' && namesOneOf((value as Record<string, unknown>)[key], dependent)) return true;
  return false;
}

interface Dependent {
  readonly bindings: ReadonlySet<number>;
  readonly functions: ReadonlySet<number>;
}

/** The bindings and inner functions of a module behind which a parameter stands: found from the parameters backwards. */
function findDependent({ bindings, functions }: ModuleSummary): Dependent {
  const users = { bindings: new Map<number, (() => void)[]>(), functions: new Map<number, (() => void)[]>() };
  const found = { bindings: new Set<number>(), functions: new Set<number>() };
  const queue: (() => void)[] = [];
  const note = (kind: 'bindings' | 'functions', index: number, named: Named): void => {
    const mark = (): void => {
      if (found[kind].has(index)) return;
      found[kind].add(index);
      queue.push(...(users[kind].get(index) ?? []));
    };
    if (named.parameter) queue.push(mark);
    for (const other of ['bindings', 'functions'] as const)
      for (const used of named[other]) {
        const known = users[other].get(used);
        if (known) known.push(mark);
        else users[other].set(used, [mark]);
      }
  };
  bindings.forEach(({ values, properties }, index) => note('bindings', index, new Named().see(values).see(properties)));
  // A function of the module itself sees no parameters but its own.
  functions.forEach(({ parent, returns }, index) => parent !== undefined && note('functions', index, new Named().see(returns)));
  for (let mark = queue.pop(); mark; mark = queue.pop()) mark();
  return found;
}

/** Tells which expressions may depend on the arguments of the call that leads to them: all others are the same in every call. */
export class ParameterReads {
  readonly #expressions = new Map<Expression, boolean>();
  readonly #modules = new Map<ModuleSummary, Dependent>();

  has(expression: Expression, summary: ModuleSummary | undefined): boolean {
    if (expression.k === 'parameter' || !summary) return true;
    if (isShort(expression)) return namesOneOf(expression, this.#dependent(summary));
    const known = this.#expressions.get(expression);
    if (known !== undefined) return known;
    const reads = namesOneOf(expression, this.#dependent(summary));
    this.#expressions.set(expression, reads);
    return reads;
  }

  #dependent(summary: ModuleSummary): Dependent {
    let dependent = this.#modules.get(summary);
    if (!dependent) {
      dependent = findDependent(summary);
      this.#modules.set(summary, dependent);
    }
    return dependent;
  }
}
