/** The program as recognisers see it: calls resolved, their arguments on demand. */

import type { Value } from '../../facts.ts';
import { groupBy } from '../../text/group-by.ts';
import type { Place } from '../../types.ts';
import type { Entry, ProgramRequest } from '../language.ts';
import { CallGraph } from './call-graph.ts';
import { readSettings } from './configuration.ts';
import { isForDevelopment } from './development.ts';
import { Evaluator } from './evaluate.ts';
import { findHandlers, findStarts, findTasks } from './handlers.ts';
import { libraryOf } from './libraries.ts';
import { conditionsAround, isOption } from './options.ts';
import type { PackageGraph } from './package-graph.ts';
import type { CallSite, FunctionView, LiteralView, ProgramView } from './recogniser.ts';
import type { Around, Call, Expression, FileSummary, LiteralSummary } from './summary.ts';
import { placeAt, splitId, targetOf } from './value-shapes.ts';
import { folderOf } from './workspace.ts';

const lastName = (expression: Expression): string =>
  expression.is === 'selector' || expression.is === 'name' ? expression.name : expression.is === 'index' ? lastName(expression.of) : '';

export function makeView(
  graph: PackageGraph,
  request: ProgramRequest,
  entries: readonly Entry[],
): { readonly view: ProgramView; readonly graph: CallGraph } {
  const evaluator = new Evaluator(graph);
  const files = graph.reached;
  const runsIn =
    (path: string) =>
    ({ when, within }: Around): boolean =>
      !isForDevelopment(when) && !graph.isDead(path, within);
  evaluator.callers = indexCallers(graph, evaluator);
  evaluator.callbacks = indexCallbacks(graph, evaluator);
  evaluator.settings = readSettings(graph, evaluator);
  const each = <T, R>(list: (summary: FileSummary) => readonly T[], make: (item: T, path: string, index: number) => R): R[] =>
    files.flatMap((path) => list(graph.summary(path)!).map((item, index) => make(item, path, index)));
  const calls = files.flatMap((path) =>
    graph
      .summary(path)!
      .calls.filter(runsIn(path))
      .map((call) => new ResolvedCall(call, path, evaluator)),
  );
  const functions = each(
    ({ functions }) => functions,
    (own, path, index): FunctionView => ({ id: `${path}#${index}`, path, own }),
  );
  const literals = files.flatMap((path) =>
    graph
      .summary(path)!
      .literals.filter(runsIn(path))
      .flatMap((own) => viewLiteral(own, path, evaluator)),
  );
  const assignments = each(
    ({ assignments }) => assignments,
    (own, path) => ({ own, path }),
  );
  const callGraph = new CallGraph(functions, calls);
  const handlers = findHandlers(functions, calls, literals, evaluator);
  const starts = findStarts(functions, literals, entries, new Set(entries.map(({ path }) => folderOf(path))), evaluator);
  const tasks = findTasks(literals, starts, calls);
  const answering = callGraph.reached(handlers, tasks);
  const atPackageLevel = calls.flatMap((call) => (call.within === undefined && call.callee.is === 'function' ? [call.callee.id] : []));
  const starting = callGraph.reached([...starts, ...atPackageLevel], new Set([...handlers, ...tasks]));
  const imports = indexImports(graph);
  const byTarget = groupBy(calls, ({ target }) => target ?? '');
  const within = groupBy(calls, (call) => call.within ?? '');
  const byType = groupBy(literals, ({ type }) => type);
  const view: ProgramView = {
    root: request.root,
    entries,
    files,
    calls,
    called: (...targets) => targets.flatMap((target) => byTarget.get(target) ?? []),
    callsWithin: (id) => within.get(id) ?? [],
    functions,
    literals,
    literalsOf: (type) => byType.get(type) ?? [],
    assignments,
    summary: (path) => graph.summary(path),
    imported: (...wanted) => [...imports].find(([name]) => wanted.some((one) => name === one || name.startsWith(`${one}/`)))?.[1],
    importedLike: (pattern) => [...imports].find(([name]) => pattern.test(name))?.[1],
    evaluator,
    servesRequest: (id) => id !== undefined && answering.has(id),
    runsAtStart: (id) => id === undefined || starting.has(id),
    reached: (ids) => callGraph.reached(ids),
    isOption: (id) => isOption(evaluator, id),
    conditionsAround: (id) => conditionsAround(evaluator, id),
    text: (path) => request.files.text(path),
  };
  return { view, graph: callGraph };
}

function indexImports(graph: PackageGraph): ReadonlyMap<string, Place> {
  const found = new Map<string, Place>();
  for (const path of graph.reached)
    for (const one of graph.summary(path)?.imports ?? []) {
      const name = libraryOf(one.path);
      if (!found.has(name)) found.set(name, placeAt(path, one.at));
    }
  return found;
}

function viewLiteral(own: LiteralSummary, path: string, evaluator: Evaluator): readonly LiteralView[] {
  const type = evaluator.types.idOf(own.literal.type, path);
  if (type === undefined) return [];
  return [
    {
      type,
      path,
      own,
      place: placeAt(path, own.literal.at),
      when: evaluator.conditions(own.when, path, own.within),
      ...(own.within === undefined ? {} : { within: `${path}#${own.within}` }),
      field(name) {
        const found = own.literal.fields.find(({ key }) => key === name);
        return found && evaluator.value(found.value, path, own.within);
      },
    },
  ];
}

/** Arguments are evaluated when somebody asks. */
class ResolvedCall implements CallSite {
  readonly name: string;
  readonly callee: Value;
  readonly target: string | undefined;
  constructor(
    readonly written: Call,
    readonly path: string,
    readonly evaluator: Evaluator,
  ) {
    const { callee } = written.call;
    this.name = lastName(callee);
    this.callee = evaluator.value(callee, path, written.within);
    this.target = targetOf(this.callee);
  }

  get on(): Value | undefined {
    const { callee } = this.written.call;
    return callee.is === 'selector' ? this.#value(callee.of) : undefined;
  }
  get args(): readonly Value[] {
    return this.written.call.args.map((argument) => this.#value(argument));
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
    return this.evaluator.value(expression, this.path, this.written.within);
  }
}

/** Calls by the function that they name, found by its last name first. */
function indexCallers(graph: PackageGraph, evaluator: Evaluator): Evaluator['callers'] {
  const byName = new Map<string, { call: Call; path: string }[]>();
  for (const path of graph.reached) {
    for (const call of graph.summary(path)?.calls ?? []) {
      const name = lastName(call.call.callee);
      const known = byName.get(name);
      if (known) known.push({ call, path });
      else byName.set(name, [{ call, path }]);
    }
  }
  return (id) => {
    const [path, index] = splitId(id);
    const own = graph.summary(path)?.functions[index];
    if (!own || own.name === '') return [];
    return (byName.get(own.name) ?? []).slice(0, 30).flatMap(({ call, path: from }) => {
      const callee = evaluator.value(call.call.callee, from, call.within);
      const ids = callee.is === 'choice' ? callee.options.map(({ value }) => value) : [callee];
      return ids.some((one) => one.is === 'function' && one.id === id) ? [{ call: call.call, path: from, within: call.within }] : [];
    });
  };
}

/** Functions to which a router hands a part of itself. */
function indexCallbacks(graph: PackageGraph, evaluator: Evaluator): Evaluator['callbacks'] {
  let found: Map<string, ReturnType<Evaluator['callers']>[number]> | undefined;
  const build = (): NonNullable<typeof found> => {
    const made: NonNullable<typeof found> = new Map();
    found = made;
    for (const path of graph.reached) {
      for (const call of graph.summary(path)?.calls ?? []) {
        const last = call.call.args.at(-1);
        if (!last || !/^(?:Route|Group)$/.test(lastName(call.call.callee))) continue;
        const value =
          last.is === 'function' || last.is === 'name' || last.is === 'selector' ? evaluator.value(last, path, call.within) : undefined;
        if (value?.is === 'function')
          made.set(value.id, { call: call.call, path, ...(call.within === undefined ? {} : { within: call.within }) });
      }
    }
    return made;
  };
  return (id) => (found ?? build()).get(id);
}
