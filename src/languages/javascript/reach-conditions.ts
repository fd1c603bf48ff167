import type { Condition } from '../../facts.ts';
import { ConditionReader } from './conditions.ts';
import type { FunctionGraph } from './function-graph.ts';
import type { ModuleGraph } from './module-graph.ts';
import type { CallSite } from './recogniser.ts';
import { moduleOf } from './values.ts';

interface Method {
  readonly id: string;
  readonly class: string;
  readonly name: string;
}

/** Under which conditions code of a program can run at all: a module that one `if` loads, a class that one branch makes. */
export class ReachConditions {
  readonly #modules = new Map<string, readonly Condition[]>();
  readonly #functions = new Map<string, readonly Condition[]>();
  /** Tests around imports are few: they may ask for parameters, as in a constructor that is given the settings. */
  readonly #tests: ConditionReader;
  #makers: Map<string, CallSite[]> | undefined;

  constructor(
    readonly graph: ModuleGraph,
    readonly functions: FunctionGraph,
    readonly entries: ReadonlySet<string>,
    readonly calls: () => readonly CallSite[],
    readonly callsNamed: (name: string) => readonly CallSite[],
  ) {
    this.#tests = new ConditionReader(functions.evaluator);
  }

  of(path: string, within: string | undefined): readonly Condition[] {
    const loaded = this.#loadedWhen(path);
    if (within === undefined) return loaded;
    const method = this.#methodAround(within);
    if (!method) {
      const called = this.#functionWhen(within, 0);
      return called.length > 0 ? [...loaded, ...called] : loaded;
    }
    const more = [...this.#madeWhen(method.class), ...this.#calledWhen(method, 0)];
    return more.length > 0 ? [...loaded, ...more] : loaded;
  }

  /** Known where one other module loads it. */
  #loadedWhen(path: string): readonly Condition[] {
    const known = this.#modules.get(path);
    if (known) return known;
    this.#modules.set(path, []);
    const [importer, ...others] = this.graph.importersOf(path);
    if (!importer || others.length > 0 || this.entries.has(path)) return [];
    const own = importer.when ? this.#tests.read(importer.when, importer.path, undefined) : [];
    const conditions = [...this.#loadedWhen(importer.path), ...own];
    this.#modules.set(path, conditions);
    return conditions;
  }

  /** Known where one place makes the instance. */
  #madeWhen(owner: string): readonly Condition[] {
    const [maker, ...others] = this.#makersOf(owner);
    return maker && others.length === 0 ? maker.when : [];
  }

  /** `if (!this.isQueued) this.#startTimers()`: known where nothing else of the program calls a method of that name. */
  #calledWhen({ id, name }: Method, depth: number): readonly Condition[] {
    const [call, ...others] = depth < 4 ? this.callsNamed(name) : [];
    if (!call || others.length > 0 || call.callee.is !== 'function' || call.callee.id !== id) return [];
    const outer = call.within === undefined ? undefined : this.#methodAround(call.within);
    return outer && outer.id !== id ? [...this.#calledWhen(outer, depth + 1), ...call.when] : call.when;
  }

  /** `if (forks) startWorkers()`: known where the module names the function nowhere else. */
  #functionWhen(id: string, depth: number): readonly Condition[] {
    const known = this.#functions.get(id);
    if (known) return known;
    const call = depth < 4 ? this.functions.soleCallOf(id) : undefined;
    const outer = call ? call.within : this.#parentOf(id);
    const conditions = [...(outer !== undefined && outer !== id ? this.#functionWhen(outer, depth + 1) : []), ...(call?.when ?? [])];
    this.#functions.set(id, conditions);
    return conditions;
  }

  #parentOf(id: string): string | undefined {
    const parent = this.functions.evaluator.functionSummary(id)?.parent;
    return parent === undefined ? undefined : `${moduleOf(id)}#${parent}`;
  }

  #methodAround(id: string): Method | undefined {
    const path = moduleOf(id);
    for (let at: number | undefined = Number(id.slice(path.length + 1)); at !== undefined; ) {
      const found = this.functions.evaluator.functionSummary(`${path}#${at}`);
      if (found?.class !== undefined) return { id: `${path}#${at}`, class: `${path}#${found.class}`, name: found.name ?? '' };
      at = found?.parent;
    }
    return undefined;
  }

  #makersOf(classId: string): readonly CallSite[] {
    if (!this.#makers) {
      this.#makers = new Map();
      for (const call of this.calls()) {
        if (call.how !== 'new' || call.callee.is !== 'class') continue;
        const known = this.#makers.get(call.callee.id);
        if (known) known.push(call);
        else this.#makers.set(call.callee.id, [call]);
      }
    }
    return this.#makers.get(classId) ?? [];
  }
}
