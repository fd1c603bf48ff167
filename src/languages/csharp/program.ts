/** Reads one program: its project with those that it is built of, their settings, and the files that can matter. */
import type { AnyFact, NotAssessed, Place } from '../../types.ts';
import { emitInto } from '../emit.ts';
import { nothingRead, type Program, type ProgramRequest, parserNotLoaded } from '../language.ts';
import { BoundOptions } from './bound-options.ts';
import { CallGraph } from './call-graph.ts';
import { Evaluator, placeAt } from './evaluate.ts';
import { gate, gateVersion } from './gate.ts';
import { type CallView, type MethodView, Names, type TypeView } from './names.ts';
import { isParserLoaded } from './parser.ts';
import { asProject, type Closure, closureOf, isWeb, type Project, sourcesOf } from './projects.ts';
import type { Emit, ProgramView } from './recogniser.ts';
import { recognisers } from './recognisers/index.ts';
import { findHandlers, findModules, findServices, findStarts } from './roles.ts';
import { readSettings } from './settings.ts';
import { summariseCSharp } from './summarise.ts';
import type { CSharpFile } from './summary.ts';

interface ReadFile {
  readonly path: string;
  readonly file: CSharpFile;
  readonly project: string;
}

export function readProgram(request: ProgramRequest): Program {
  const packages = request.roots ?? new Map();
  const project = asProject(request.package);
  // A web site without a project is known by its configuration.
  const entries = request.entries.filter(({ path }) => path.endsWith('.csproj') || path === project?.dotnet.path);
  if (!project || entries.length === 0) return nothingRead([]);
  if (!isParserLoaded()) return parserNotLoaded('C#', project.root);
  const closure = closureOf(project, packages);
  const read = readFiles(closure.projects, request);
  const errors = errorsOf(read);
  const facts: AnyFact[] = [];
  const view = makeView(project, closure, read, request);
  const put = emitInto(facts);
  const emit: Emit = (kind, place, value, { confidence, ...around } = {}) => put(kind, { place, ...around }, value, confidence);
  for (const recogniser of recognisers) recogniser.recognise(view, emit);
  return {
    entries: view.methods.length > 0 ? entries : [],
    complete: errors.length === 0 && !closure.isOpen,
    files: read.map(({ path }) => path),
    facts,
    notAssessed: errors,
    reached: (functions) => view.graph.reached(functions),
  };
}

function readFiles(projects: readonly Project[], { files, roots = new Map() }: ProgramRequest): readonly ReadFile[] {
  const left = new Map<string, Omit<ReadFile, 'file'>>();
  const read = projects.flatMap((project) =>
    sourcesOf(project, roots, files).flatMap((path): readonly ReadFile[] => {
      const file = files.derive(path, `csharp:gated:${gateVersion}`, (source) => (gate(source) ? summariseCSharp(source) : null));
      if (!file) left.set(path.slice(path.lastIndexOf('/') + 1), { path, project: project.root });
      return file ? [{ path, file, project: project.root }] : [];
    }),
  );
  return left.size === 0 ? read : [...read, ...readShared(read, left, files)];
}

const sharing = /^(?:Try)?Add(?:Keyed)?Singleton$/;
/** Classes of which one object serves all requests: what they keep is asked for, whatever words their files hold. */
function readShared(
  read: readonly ReadFile[],
  left: ReadonlyMap<string, Omit<ReadFile, 'file'>>,
  files: ProgramRequest['files'],
): readonly ReadFile[] {
  const names = new Set<string>();
  for (const { file } of read)
    for (const { methods } of file.types)
      for (const { calls } of methods)
        for (const { call } of calls)
          if (sharing.test(call.name)) for (const type of call.types) names.add(`${type.slice(type.lastIndexOf('.') + 1)}.cs`);
  return [...names].flatMap((name): readonly ReadFile[] => {
    const found = left.get(name);
    const file = found && files.derive(found.path, `csharp:full:${gateVersion}`, summariseCSharp);
    return found && file ? [{ ...found, file }] : [];
  });
}

const errorsOf = (read: readonly ReadFile[]): readonly NotAssessed[] =>
  read.flatMap(({ path, file: { error } }) =>
    error
      ? [{ reason: 'syntax-error', message: 'A part of the C# code cannot be parsed.', place: placeAt(path, error), failed: true }]
      : [],
  );

const isNearest = (path: string, root: string, roots: { has(root: string): boolean }): boolean => {
  for (let end = path.lastIndexOf('/'); end > root.length; end = path.lastIndexOf('/', end - 1))
    if (roots.has(path.slice(0, end))) return false;
  return true;
};

function makeView(project: Project, { projects }: Closure, read: readonly ReadFile[], request: ProgramRequest): ProgramView {
  const types = read.flatMap(({ path, file, project: home }) =>
    file.types.map((type): TypeView => ({ path, file, type, project: home, isOwn: home === project.root })),
  );
  const methods = types.flatMap((view) =>
    view.type.methods.map(
      (method, index): MethodView => ({ ...view, method, index, id: `${view.path}#${view.type.name}.${method.name}:${index}` }),
    ),
  );
  const names = new Names(types, methods);
  const graph = new CallGraph(methods, names);
  const roots = request.roots ?? new Map();
  const manifestFacts = (request.manifestsUnder?.(project.root) ?? []).filter(({ place }) => isNearest(place.path, project.root, roots));
  const settings = readSettings(manifestFacts);
  const evaluator = new Evaluator(names, settings, graph);
  const options = new BoundOptions(methods, evaluator);
  evaluator.sectionOf = (type) => options.keyOf(type);
  const own = methods.filter(({ isOwn }) => isOwn);
  const starts = graph.reached([...findStarts(own, names), ...findModules(methods, graph)]);
  const handlers = findHandlers(methods, names, graph);
  const web = isWeb(project.dotnet) || projects.some(({ dotnet }) => isWeb(dotnet));
  const answering = graph.reached([...handlers, ...(web ? findServices(methods, graph, starts) : [])]);
  const running = methods.filter((view) => view.isOwn || starts.has(view.id) || answering.has(view.id));
  const byName = callsByName(running);
  return {
    project,
    projects,
    package: (pattern) => packageOf(projects, pattern),
    isWeb: web,
    settings,
    manifestFacts,
    types,
    methods,
    names,
    graph,
    evaluator,
    start: startOf(own, project),
    running,
    callsNamed: (...wanted) => wanted.flatMap((name) => byName.get(name) ?? []),
    handlers,
    answersRequest: ({ id }) => answering.has(id),
    runsAtStart: ({ id }) => starts.has(id),
    conditions: (call) => [...evaluator.conditions(call.written.when, call), ...evaluator.reachedWhen(call)],
    under: (folder) => request.files.under(folder),
    text: (path) => request.files.text(path),
  };
}

const packageOf = (projects: readonly Project[], pattern: RegExp): Place | undefined => {
  for (const { dotnet } of projects) for (const { name, place } of dotnet.packages) if (pattern.test(name)) return place;
  return undefined;
};

function startOf(own: readonly MethodView[], { dotnet }: Project): Place {
  const start =
    own.find(({ type, method }) => type.kind === 'main' && method.name === '<main>') ?? own.find(({ method }) => method.name === 'Main');
  return start ? placeAt(start.path, start.method.at) : { path: dotnet.path, line: 1, column: 1, endLine: 1, endColumn: 1 };
}

function callsByName(methods: readonly MethodView[]): ReadonlyMap<string, readonly CallView[]> {
  const byName = new Map<string, CallView[]>();
  for (const view of methods)
    for (const written of view.method.calls) {
      const call: CallView = { ...view, written, call: written.call };
      const known = byName.get(call.call.name);
      if (known) known.push(call);
      else byName.set(call.call.name, [call]);
    }
  return byName;
}
