/** The program as recognisers see it: calls and assignments resolved, the rest on demand. */

import type { Value } from '../../facts.ts';
import { groupBy } from '../../text/group-by.ts';
import type { Entry, ProgramRequest } from '../language.ts';
import { CallGraph } from './call-graph.ts';
import { collectBases } from './class-bases.ts';
import { isForDevelopment } from './development.ts';
import { isScript } from './entries.ts';
import { Evaluator } from './evaluate.ts';
import { findConsumers, findHandlers, findStartHooks } from './handlers.ts';
import { sharedValues } from './kept-values.ts';
import type { ModuleGraph } from './module-graph.ts';
import { Overrides } from './overrides.ts';
import type { AssignmentView, CallSite, ClassView, FunctionView, ProgramView } from './recogniser.ts';
import { SettingsReader } from './settings.ts';
import type { Around, Call, Expression } from './summary.ts';
import { dottedOf, placeAt, splitId } from './value-shapes.ts';

const lastName = (expression: Expression): string =>
  expression.is === 'attribute' || expression.is === 'name' ? expression.name : expression.is === 'call' ? lastName(expression.callee) : '';

export function makeView(
  graph: ModuleGraph,
  request: ProgramRequest,
  entries: readonly Entry[],
): { readonly view: ProgramView; readonly calls: CallGraph } {
  const { modules, reached: files } = graph;
  const evaluator = new Evaluator(graph, sharedValues(request.files, request.root, modules.roots));
  const scripts = new Set(entries.filter(isScript).map(({ path }) => path));
  const runs = (path: string, { when }: Around): boolean =>
    !isForDevelopment(when) && !(when ?? []).some(({ test, holds }) => isMainTest(test) && holds !== scripts.has(path));
  const each = <T, R>(list: (path: string) => readonly T[], make: (item: T, path: string, index: number) => R): R[] =>
    files.flatMap((path) => list(path).map((item, index) => make(item, path, index)));
  evaluator.callers = indexCallers(graph, evaluator, runs);
  const calls = files.flatMap((path) =>
    (modules.summary(path)?.calls ?? []).filter((call) => runs(path, call)).map((call) => new ResolvedCall(call, path, evaluator)),
  );
  const functions = each(
    (path) => modules.summary(path)?.functions ?? [],
    (own, path, index): FunctionView => ({ id: `${path}#${index}`, path, own }),
  );
  const classes = each(
    (path) => modules.summary(path)?.classes ?? [],
    (own, path, index): ClassView => ({ id: `${path}#${index}`, path, own }),
  );
  const assignments = files.flatMap((path) =>
    (modules.summary(path)?.assignments ?? [])
      .filter((own) => runs(path, own))
      .map(
        (own): AssignmentView => ({
          path,
          own,
          place: placeAt(path, own.at),
          when: evaluator.conditions(own.when, path, own.within),
          ...(own.within === undefined ? {} : { within: `${path}#${own.within}` }),
          value: () => evaluator.value(own.value, path, own.within, own.class),
        }),
      ),
  );
  const byName = groupBy(calls, ({ name }) => name);
  const within = groupBy(calls, (call) => call.within ?? '');
  const byTarget = groupBy(assignments, ({ own }) => own.target.at(-1) ?? '');
  const basesOf = (id: string): ReadonlySet<string> => collectBases(id, evaluator);
  const handlers = findHandlers(calls, functions, classes, basesOf, evaluator);
  const callGraph = new CallGraph(functions, calls, evaluator, new Overrides(classes, functions, evaluator));
  const answering = callGraph.reached(handlers);
  let consuming: ReadonlySet<string> | undefined;
  const starting = callGraph.reached([
    ...calls.flatMap((call) => (call.within === undefined ? CallGraph.targetsOf(call.callee, evaluator) : [])),
    ...findStartHooks(calls, functions, evaluator),
  ]);
  const imports = new Map<string, ReturnType<typeof placeAt>>();
  for (const path of files)
    for (const one of modules.summary(path)?.imports ?? []) if (!imports.has(one.module)) imports.set(one.module, placeAt(path, one.at));
  const settings = new SettingsReader(calls, assignments, evaluator, request.root);
  const view: ProgramView = {
    root: request.root,
    entries,
    files,
    calls,
    callsNamed: (...names) => names.flatMap((name) => byName.get(name) ?? []),
    callsWithin: (id) => within.get(id) ?? [],
    functions,
    classes,
    assignments,
    assigned: (name) => byTarget.get(name) ?? [],
    summary: (path) => modules.summary(path),
    imported: (...wanted) => [...imports].find(([module]) => wanted.some((name) => module === name || module.startsWith(`${name}.`)))?.[1],
    evaluator,
    servesRequest: (id) => id !== undefined && answering.has(id),
    takesMessage: (id) => {
      if (id === undefined) return false;
      consuming ??= callGraph.reached(findConsumers(calls, functions, evaluator));
      return consuming.has(id);
    },
    runsAtStart: (id) => id === undefined || starting.has(id),
    handlers,
    reached: (ids) => callGraph.reached(ids),
    basesOf,
    text: (path) => request.files.text(path),
    under: (folder) => request.files.under(folder),
    has: (path) => request.files.has(path),
    settings: (name) => settings.named(name),
    undecidedSettings: (name) => settings.undecided(name),
  };
  return { view, calls: callGraph };
}

/** `__name__ == '__main__'`. */
export const isMainTest = (test: Expression): boolean =>
  test.is === 'compare' &&
  test.left.is === 'name' &&
  test.left.name === '__name__' &&
  test.right.is === 'literal' &&
  test.right.value === '__main__';

/** Arguments are evaluated when somebody asks. */
class ResolvedCall implements CallSite {
  readonly name: string;
  readonly callee: Value;
  readonly dotted: string | undefined;
  constructor(
    readonly written: Call,
    readonly path: string,
    readonly evaluator: Evaluator,
  ) {
    const { callee } = written.call;
    this.name = lastName(callee);
    this.callee = evaluator.value(callee, path, written.within, written.class);
    this.dotted = dottedOf(this.callee);
  }

  get on(): Value | undefined {
    const { callee } = this.written.call;
    return callee.is === 'attribute' ? this.#value(callee.of) : undefined;
  }
  get args(): readonly Value[] {
    return this.written.call.args.map((argument) => this.#value(argument));
  }
  named(name: string): Value | undefined {
    const { named } = this.written.call;
    return Object.hasOwn(named, name) ? this.#value(named[name]!) : undefined;
  }
  argument(name: string, index: number): Value | undefined {
    const at = this.written.call.args[index];
    return this.named(name) ?? (at && this.#value(at));
  }
  get place() {
    return placeAt(this.path, this.written.call.at);
  }
  get namePlace() {
    return placeAt(this.path, this.written.nameAt);
  }
  get when() {
    return this.evaluator.conditions(this.written.when, this.path, this.written.within);
  }
  get within(): string | undefined {
    return this.written.within === undefined ? undefined : `${this.path}#${this.written.within}`;
  }
  #value(expression: Expression): Value {
    return this.evaluator.value(expression, this.path, this.written.within, this.written.class);
  }
}

/** Calls by the function that they name, found by its last name first. */
function indexCallers(graph: ModuleGraph, evaluator: Evaluator, runs: (path: string, around: Around) => boolean): Evaluator['callers'] {
  const byName = new Map<string, { call: Call; path: string }[]>();
  for (const path of graph.reached) {
    for (const call of graph.modules.summary(path)?.calls ?? []) {
      if (!runs(path, call)) continue;
      const name = lastName(call.call.callee);
      const known = byName.get(name);
      if (known) known.push({ call, path });
      else byName.set(name, [{ call, path }]);
    }
  }
  return (id) => {
    const [path, index] = splitId(id);
    const own = graph.modules.summary(path)?.functions[index];
    if (!own) return [];
    const type = own.name === '__init__' && own.class !== undefined ? graph.modules.summary(path)?.classes[own.class] : undefined;
    return (byName.get(type?.name ?? own.name) ?? []).slice(0, 30).flatMap(({ call, path: from }) => {
      const callee = evaluator.value(call.call.callee, from, call.within, call.class);
      const isIt =
        callee.is === 'function' ? callee.id === id : callee.is === 'class' && type !== undefined && callee.id === `${path}#${own.class}`;
      return isIt ? [{ call: call.call, path: from, within: call.within, class: call.class }] : [];
    });
  };
}
