import type { FactKind, FactValues, Value } from '../../facts.ts';
import { atOnce, type Steps } from '../../steps.ts';
import type { AnyFact, Confidence, NotAssessed, Place } from '../../types.ts';
import type { Entry, FileAccess, Program, ProgramRequest } from '../language.ts';
import { Builds } from './builds/index.ts';
import { dependenciesOf } from './built-frameworks.ts';
import { mainValue, resolveCall, resolveEnvRead } from './call-sites.ts';
import { Containers } from './containers.ts';
import { conventionEntries, guessEntries, sourceOfEntry } from './entries.ts';
import { FunctionGraph } from './function-graph.ts';
import { ModuleGraph } from './module-graph.ts';
import { Modules } from './modules.ts';
import { ReachConditions } from './reach-conditions.ts';
import type { Anchor, CallSite, Emit, EnvReadSite, ProgramView } from './recogniser.ts';
import { recognisers } from './recognisers/index.ts';
import { ModuleResolver } from './resolve-modules.ts';
import type { At, ModuleSummary } from './summary.ts';
import { moduleOf } from './values.ts';

const placeOf = (path: string, at: At): Place => ({ path, line: at[0], column: at[1], endLine: at[2], endColumn: at[3] });

/** Code that no server process runs: tests, stories, bundler configuration. */
const excludedFiles =
  /(?:^|\/)(?:__tests__|__mocks__|tests?|e2e|cypress|stories|spec|node_modules)\/|\.(?:test|spec|stories|e2e)\.[cm]?[jt]sx?$|(?:^|\/)(?:webpack|vite|vitest|rollup|jest|babel|eslint|tailwind|postcss|gulpfile|Gruntfile)[\w.-]*\.[cm]?[jt]s$/;

export const readProgram = (request: ProgramRequest): Program => atOnce(readProgramInSteps(request));

/** Reads the program of one service: from its entries over the modules that it loads to facts. */
export function* readProgramInSteps(request: ProgramRequest): Steps<Program> {
  const { root } = request;
  const modules = modulesOf(request);
  const { resolver } = modules;
  const graph = new ModuleGraph(modules, (path, from) => excludedFiles.test(from === undefined ? '' : relativeTo(root, path)));
  const entries = findEntries(request, resolver);
  yield* graph.follow(entries.map((entry) => entry.path));
  const reader = new ProgramReader(graph, request, entries);
  const facts = yield* reader.read();
  return {
    entries,
    complete: entries.length > 0 && reader.errors.length === 0,
    files: graph.reached,
    facts,
    notAssessed: reader.errors,
    reached: reachOf(reader.functions),
  };
}

const shared = new WeakMap<FileAccess, Modules>();
/** Programs of one repository share its modules. */
function modulesOf({ files, packages }: ProgramRequest): Modules {
  const known = shared.get(files) ?? new Modules(files, new ModuleResolver(files, packages));
  shared.set(files, known);
  return known;
}

/** Keeps the call graph alone: a closure over the reader would keep every call of the program. */
const reachOf =
  (graph: FunctionGraph): Program['reached'] =>
  (functions) =>
    graph.reached(functions);

const relativeTo = (root: string, path: string): string => (root && path.startsWith(`${root}/`) ? path.slice(root.length + 1) : path);

function findEntries(request: ProgramRequest, resolver: ModuleResolver): Entry[] {
  const builds = new Builds(request.root, request.package, request.roots, resolver);
  const named = request.entries.flatMap((entry) => {
    const path = sourceOfEntry(entry.path, request.root, resolver, builds);
    return path ? [{ path, because: entry.because }] : [];
  });
  const found = [...named, ...conventionEntries(request.root, request.package, request.files)];
  const entries = found.length > 0 ? found : guessEntries(request.root, resolver, request.files);
  return entries.filter((entry, index) => entries.findIndex((other) => other.path === entry.path) === index);
}

/** Resolves what the modules of a program show and lets the recognisers judge it. */
class ProgramReader {
  readonly functions: FunctionGraph;
  readonly errors: NotAssessed[] = [];
  readonly #facts: AnyFact[] = [];
  #calls: CallSite[] = [];
  #byPackage = new Map<string, CallSite[]>();
  #byName = new Map<string, CallSite[]>();
  readonly #reach: ReachConditions;
  readonly #containers: Containers;

  constructor(
    readonly graph: ModuleGraph,
    readonly request: ProgramRequest,
    entries: readonly Entry[],
  ) {
    this.#containers = new Containers(
      () => this.#summaries(),
      () => this.functions.evaluator,
    );
    this.functions = new FunctionGraph(graph, callbackParameter, (token) => this.#containers.behind(token));
    this.#reach = new ReachConditions(
      graph,
      this.functions,
      new Set(entries.map(({ path }) => path)),
      () => this.#calls,
      (name) => this.#byName.get(name) ?? [],
    );
  }

  *read(): Steps<AnyFact[]> {
    const paths = this.graph.reached.filter((path) => this.graph.modules.matters(path));
    this.#noteErrors(paths);
    for (const path of this.graph.reached) this.#emitModule(path);
    this.#calls = yield* this.#resolveCalls(paths);
    this.#index();
    const view = this.#view(paths);
    for (const recogniser of recognisers) {
      yield;
      recogniser.recognise(view, this.#emit);
    }
    return this.#facts;
  }

  *#summaries(): Iterable<readonly [string, ModuleSummary]> {
    for (const path of this.graph.reached) {
      const summary = this.graph.modules.matters(path) ? this.graph.modules.summary(path) : undefined;
      if (summary) yield [path, summary];
    }
  }

  *#resolveCalls(paths: readonly string[]): Steps<CallSite[]> {
    const resolved: CallSite[][] = [];
    for (const path of paths) {
      yield;
      resolved.push(this.#callsOf(path));
    }
    return resolved.flat();
  }

  #callsOf(path: string): CallSite[] {
    return (this.graph.modules.summary(path)?.calls ?? []).map((call) => resolveCall(call, path, this.functions));
  }

  #noteErrors(paths: readonly string[]): void {
    for (const path of paths) {
      const error = this.graph.modules.summary(path)?.error;
      if (error)
        this.errors.push({
          reason: 'syntax-error',
          message: error.message,
          place: { path, line: error.line, column: error.column, endLine: error.line, endColumn: error.column + 1 },
          failed: true,
        });
    }
  }

  #emitModule(path: string): void {
    const imports = this.graph.modules.matters(path) ? (this.graph.modules.summary(path)?.imports ?? []) : [];
    this.#facts.push({
      kind: 'module',
      place: { path, line: 1, column: 1, endLine: 1, endColumn: 1 },
      confidence: 'certain',
      value: { path, imports: imports.map((item) => item.specifier) },
    });
  }

  #index(): void {
    for (const call of this.#calls) {
      if (call.package !== undefined) push(this.#byPackage, call.package, call);
      if (call.name) push(this.#byName, call.name, call);
    }
  }

  readonly #emit: Emit = <K extends FactKind>(kind: K, at: Anchor, value: FactValues[K], confidence: Confidence = 'certain') => {
    const when = [...this.#reach.of(at.place.path, at.within), ...(at.when ?? [])];
    this.#facts.push({
      kind,
      place: at.place,
      confidence,
      value,
      ...(when.length > 0 ? { when } : {}),
      ...(at.within === undefined ? {} : { within: at.within }),
    } as AnyFact);
  };

  #view(paths: readonly string[]): ProgramView {
    const { graph, request, functions } = this;
    const containers = this.#containers;
    const { evaluator } = functions;
    const dependencies = dependenciesOf(request.package);
    const imports = new Map<string, Place>();
    for (const path of paths) {
      for (const { specifier, at } of graph.modules.summary(path)?.imports ?? []) {
        const resolution = graph.modules.resolver.resolve(specifier, path);
        if (resolution && 'package' in resolution && !imports.has(resolution.package)) imports.set(resolution.package, placeOf(path, at));
      }
    }
    const envReads: EnvReadSite[] = paths.flatMap((path) =>
      (graph.modules.summary(path)?.envReads ?? []).map((read) => resolveEnvRead(read, path, functions)),
    );
    const within = callsByFunction(this.#calls);
    const asked = new Map<string, ReadonlyMap<string, readonly CallSite[]>>();
    /** Calls of a module that says something only when asked. */
    const askedIn = (path: string): ReadonlyMap<string, readonly CallSite[]> => {
      const known = asked.get(path) ?? callsByFunction(graph.modules.outline(path).asked ? this.#callsOf(path) : []);
      asked.set(path, known);
      return known;
    };
    return {
      files: graph.reached,
      root: request.root,
      started: request.entries.map(({ because }) => because),
      dependencies,
      calls: this.#calls,
      callsOf: (...packages) => packages.flatMap((name) => this.#byPackage.get(name) ?? []),
      callsNamed: (...names) => names.flatMap((name) => this.#byName.get(name) ?? []),
      envReads,
      imports,
      pass: <T>(id: string) =>
        paths.flatMap((path) => ((graph.modules.summary(path)?.passes[id] ?? []) as readonly T[]).map((item) => ({ path, item }))),
      evaluator,
      get handedOut() {
        return containers.singles();
      },
      functionOf: (id) => evaluator.functionSummary(id),
      classOf: (id) => evaluator.classSummary(id),
      receiverOf: (id) => functions.receiverOf(id),
      callsWithin: (id) => functions.nested(id).flatMap((inner) => within.get(inner) ?? askedIn(moduleOf(inner)).get(inner) ?? []),
      reached: (ids, maximum) => functions.reached(ids, maximum),
      text: (path) => request.files.text(path),
      lines: linesOf((path) => request.files.text(path)),
    };
  }
}

/** Splits a file once, however many calls of it are asked about. */
function linesOf(text: (path: string) => string | undefined): ProgramView['lines'] {
  const known = new Map<string, readonly string[]>();
  return (path) => {
    const lines = known.get(path) ?? text(path)?.split('\n') ?? [];
    known.set(path, lines);
    return lines;
  };
}

function callsByFunction(calls: readonly CallSite[]): ReadonlyMap<string, readonly CallSite[]> {
  const within = new Map<string, CallSite[]>();
  for (const call of calls) if (call.within !== undefined) push(within, call.within, call);
  return within;
}

const push = <K, V>(map: Map<K, V[]>, key: K, value: V): void => {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
};

function callbackParameter(call: CallSite, argument: number, parameter: number): Value | undefined {
  for (const recogniser of recognisers) {
    const value = recogniser.parameter?.(call, argument, parameter);
    if (value) return mainValue(value);
  }
  return undefined;
}
