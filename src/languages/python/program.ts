/** Reads one program: from its entries over the modules that it loads to facts. */
import type { FactKind, FactValues } from '../../facts.ts';
import type { AnyFact, Confidence, NotAssessed } from '../../types.ts';
import { type Entry, nothingRead, type Program, type ProgramRequest } from '../language.ts';
import { findEntries, rootsOf } from './entries.ts';
import { loadConventions } from './frameworks.ts';
import { ModuleGraph } from './module-graph.ts';
import { Modules } from './modules.ts';
import { isParserLoaded } from './parser.ts';
import { makeView } from './program-view.ts';
import type { Anchor, Emit } from './recogniser.ts';
import { recognisers } from './recognisers/index.ts';
import { placeAt } from './value-shapes.ts';

export function readProgram(request: ProgramRequest): Program {
  const entries = findEntries(request);
  if (entries.length === 0) return nothingRead([]);
  if (!isParserLoaded()) {
    const message = `The Python code in ${request.root || 'the root'} was not read: its parser was not loaded. Await prepareLanguages() before analyse().`;
    return nothingRead([{ reason: 'parser-not-loaded', message, failed: true }]);
  }
  const modules = new Modules(request.files, rootsOf(entries, request.root));
  const graph = new ModuleGraph(modules, request.root);
  graph.follow(entries.map(({ path }) => path));
  loadConventions(graph, entries);
  const errors = errorsOf(graph);
  const facts: AnyFact[] = graph.reached.map((path) => ({
    kind: 'module',
    place: placeAt(path, [1, 1, 1, 1]),
    confidence: 'certain',
    value: { path, imports: (modules.summary(path)?.imports ?? []).map(({ module }) => module) },
  }));
  const { view, calls } = makeView(graph, request, entries);
  const emit: Emit = <K extends FactKind>(kind: K, at: Anchor, value: FactValues[K], confidence: Confidence = 'certain') => {
    facts.push({
      kind,
      place: at.place,
      confidence,
      value,
      ...(at.when?.length ? { when: at.when } : {}),
      ...(at.within === undefined ? {} : { within: at.within }),
    } as AnyFact);
  };
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

function errorsOf(graph: ModuleGraph): readonly NotAssessed[] {
  return graph.reached.flatMap((path) => {
    const error = graph.modules.summary(path)?.error;
    if (!error) return [];
    const [line, column] = error;
    const place = { path, line, column, endLine: line, endColumn: column + 1 };
    return [{ reason: 'syntax-error', message: 'A part of the Python code cannot be parsed.', place, failed: true }];
  });
}

/** Modules whose names are computed: what they hold was not read. */
const loadsByName = ({ calls }: ReturnType<typeof makeView>['view']): boolean =>
  calls.some(
    ({ dotted, args }) =>
      dotted !== undefined &&
      /^(?:importlib\.import_module|__import__|pkgutil\.(?:iter_modules|walk_packages)|werkzeug\.utils\.(?:find_modules|import_string)|imp\.load_source)$/.test(
        dotted,
      ) &&
      args[0]?.is !== 'literal',
  );
