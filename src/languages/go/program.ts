/** Reads one program: from its `package main` over the packages that it loads to facts. */
import type { AnyFact } from '../../types.ts';
import { emitInto } from '../emit.ts';
import { type Entry, nothingRead, type Program, type ProgramRequest, parserNotLoaded, syntaxErrors } from '../language.ts';
import { findEntries } from './entries.ts';
import { PackageGraph } from './package-graph.ts';
import { isParserLoaded } from './parser.ts';
import { makeView } from './program-view.ts';
import { recognisers } from './recognisers/index.ts';
import { placeAt } from './value-shapes.ts';
import { folderOf, Workspace } from './workspace.ts';

export function readProgram(request: ProgramRequest): Program {
  const workspace = new Workspace(request.files, request.root);
  const entries = findEntries(request, workspace);
  if (entries.length === 0) return nothingRead([]);
  if (!isParserLoaded()) return parserNotLoaded('Go', request.root);
  const graph = new PackageGraph(workspace);
  for (const { path } of entries) graph.follow(folderOf(path));
  const errors = graph.reached.flatMap((path) => syntaxErrors('Go', path, graph.summary(path)?.error));
  const facts: AnyFact[] = graph.reached.map((path) => ({
    kind: 'module',
    place: placeAt(path, [1, 1, 1, 1]),
    confidence: 'certain',
    value: { path, imports: (graph.summary(path)?.imports ?? []).map((one) => one.path) },
  }));
  const { view, graph: calls } = makeView(graph, request, entries);
  const emit = emitInto(facts);
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
