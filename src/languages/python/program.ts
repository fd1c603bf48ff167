/** Reads one program: from its entries over the modules that it loads to facts. */
import type { Value } from '../../facts.ts';
import type { AnyFact } from '../../types.ts';
import { emitInto } from '../emit.ts';
import { type Entry, nothingRead, type Program, type ProgramRequest, parserNotLoaded, syntaxErrors } from '../language.ts';
import { findEntries, rootsOf } from './entries.ts';
import { loadConventions } from './frameworks.ts';
import { ModuleGraph } from './module-graph.ts';
import { Modules } from './modules.ts';
import { ownPackageFolders } from './own-packages.ts';
import { isParserLoaded } from './parser.ts';
import { makeView } from './program-view.ts';
import type { CallSite } from './recogniser.ts';
import { recognisers } from './recognisers/index.ts';
import { dottedOf, placeAt } from './value-shapes.ts';

export function readProgram(request: ProgramRequest): Program {
  const entries = findEntries(request);
  if (entries.length === 0) return nothingRead([]);
  if (!isParserLoaded()) return parserNotLoaded('Python', request.root);
  const others = ownPackageFolders(request.roots, request.root, (path) => request.files.has(path));
  const modules = new Modules(request.files, rootsOf(entries, request.root), others);
  const graph = new ModuleGraph(modules, request.root);
  graph.follow(entries.map(({ path }) => path));
  loadConventions(graph, entries);
  const errors = graph.reached.flatMap((path) => syntaxErrors('Python', path, graph.modules.summary(path)?.error));
  const facts: AnyFact[] = graph.reached.map((path) => ({
    kind: 'module',
    place: placeAt(path, [1, 1, 1, 1]),
    confidence: 'certain',
    value: { path, imports: (modules.summary(path)?.imports ?? []).map(({ module }) => module) },
  }));
  const { view, calls } = makeView(graph, request, entries);
  const emit = emitInto(facts);
  for (const recogniser of recognisers) recogniser.recognise(view, emit);
  return {
    entries: entries.map(({ path, because }): Entry => ({ path, because })),
    complete: graph.complete && errors.length === 0 && !loadsByName(view),
    files: graph.reached,
    facts,
    notAssessed: errors,
    reached: (functions) => calls.reached(functions),
  };
}

/** `'shop.backends.Mail'.rsplit('.', 1)`: one class that settings name, such as a backend; no routes come with it. */
const namesClass = ({ path, within }: CallSite, calls: readonly CallSite[]): boolean =>
  within !== undefined && calls.some((one) => one.within === within && one.path === path && /^(?:rsplit|rpartition)$/.test(one.name));
/** `import_module(settings.SESSION_ENGINE)`. */
const isSetting = (value: Value | undefined): boolean => value !== undefined && /(?:^|\.)settings\.[A-Z_]+$/.test(dottedOf(value) ?? '');

/** Modules whose names are computed: what they hold was not read. */
const loadsByName = ({ calls }: ReturnType<typeof makeView>['view']): boolean =>
  calls.some(
    (call) =>
      call.dotted !== undefined &&
      /^(?:importlib\.import_module|__import__|pkgutil\.(?:iter_modules|walk_packages)|werkzeug\.utils\.(?:find_modules|import_string)|imp\.load_source)$/.test(
        call.dotted,
      ) &&
      call.args[0]?.is !== 'literal' &&
      !isSetting(call.args[0]) &&
      !namesClass(call, calls),
  );
