/** Reads one program: from its `package main` over the packages that it loads to facts. */
import type { FactKind, FactValues } from '../../facts.ts';
import type { AnyFact, Confidence, NotAssessed } from '../../types.ts';
import { type Entry, nothingRead, type Program, type ProgramRequest } from '../language.ts';
import { findEntries } from './entries.ts';
import { PackageGraph } from './package-graph.ts';
import { isParserLoaded } from './parser.ts';
import { makeView } from './program-view.ts';
import type { Anchor, Emit } from './recogniser.ts';
import { recognisers } from './recognisers/index.ts';
import { placeAt } from './value-shapes.ts';
import { folderOf, Workspace } from './workspace.ts';

export function readProgram(request: ProgramRequest): Program {
  const workspace = new Workspace(request.files, request.root);
  const entries = findEntries(request, workspace);
  if (entries.length === 0) return nothingRead([]);
  if (!isParserLoaded()) {
    const message = `The Go code in ${request.root || 'the root'} was not read: its parser was not loaded. Await prepareLanguages() before analyse().`;
    return nothingRead([{ reason: 'parser-not-loaded', message, failed: true }]);
  }
  const graph = new PackageGraph(workspace);
  for (const { path } of entries) graph.follow(folderOf(path));
  const errors = errorsOf(graph);
  const facts: AnyFact[] = graph.reached.map((path) => ({
    kind: 'module',
    place: placeAt(path, [1, 1, 1, 1]),
    confidence: 'certain',
    value: { path, imports: (graph.summary(path)?.imports ?? []).map((one) => one.path) },
  }));
  const { view, graph: calls } = makeView(graph, request, entries);
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
    complete: graph.complete && errors.length === 0,
    files: graph.reached,
    facts,
    notAssessed: errors,
    reached: (functions) => calls.reached(functions),
  };
}

function errorsOf(graph: PackageGraph): readonly NotAssessed[] {
  return graph.reached.flatMap((path) => {
    const error = graph.summary(path)?.error;
    if (!error) return [];
    const [line, column] = error;
    const place = { path, line, column, endLine: line, endColumn: column + 1 };
    return [{ reason: 'syntax-error', message: 'A part of the Go code cannot be parsed.', place, failed: true }];
  });
}
