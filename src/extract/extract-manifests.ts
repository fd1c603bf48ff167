/** One manifest → facts. Every file is read at most once, by the first adapter that owns it. */

import type { RepositoryFiles } from '../files/access.ts';
import { fileStart } from '../files/host/list-files.ts';
import type { Memory } from '../files/memory.ts';
import type { Steps } from '../steps.ts';
import type { Adapter, AnyFact, Artifact, Expander, ExpanderFiles, Extraction, NotAssessed, SourceFile, TreeAdapter } from '../types.ts';
import { expandManifests } from './expand-manifests.ts';
import { isNeverManifest } from './never-manifests.ts';
import { rememberCandidates } from './remember-candidates.ts';

const nothing: Extraction = { facts: [], notAssessed: [] };

const nobody: readonly Adapter[] = [];

/** Adapters that could own a path; the text decides between those that need it. */
export function candidateAdapters(adapters: readonly Adapter[], path: string): readonly Adapter[] {
  if (isNeverManifest(path)) return nobody;
  const candidates: Adapter[] = [];
  for (const adapter of adapters) {
    if (adapter.needsText?.(path)) candidates.push(adapter);
    else if (adapter.classify(path)) return [...candidates, adapter];
  }
  return candidates;
}

const headLength = 64 * 1024;
const chooseAdapter = (candidates: readonly Adapter[], file: SourceFile): Adapter | undefined => {
  const head = file.text.slice(0, headLength);
  return candidates.find((adapter) => adapter.classify(file.path, head));
};

/** A crash of an adapter is named, and costs the one file only. */
export function extractOne(candidates: readonly Adapter[], file: SourceFile): Extraction {
  try {
    return chooseAdapter(candidates, file)?.extract(file) ?? nothing;
  } catch (error) {
    const reason = error instanceof RangeError ? 'too-deep' : 'internal-error';
    const message = reason === 'too-deep' ? 'It is nested too deeply to be read.' : `Reading it failed: ${describeError(error)}`;
    return { facts: [], notAssessed: [{ reason, message, place: fileStart(file.path), failed: true }] };
  }
}
export const describeError = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n')[0]!.slice(0, 300);

/** A path's candidates follow from the path alone. */
export function candidatesOf({ adapters, candidates }: ManifestInput, path: string): readonly Adapter[] {
  const known = candidates?.get(path);
  if (known) return known;
  const found = candidateAdapters(adapters, path);
  candidates?.set(path, found);
  return found;
}

/** Roles whose manifests say nothing about how the program runs. */
const leftOut: ReadonlySet<Artifact['role']> = new Set(['test', 'example', 'documentation', 'generated', 'vendored']);
export const isLeftOut = (role: Artifact['role']): boolean => leftOut.has(role);

export interface ManifestInput {
  readonly adapters: readonly Adapter[];
  /** Candidates by path, as earlier runs of the same session found them. */
  readonly candidates?: Map<string, readonly Adapter[]>;
  readonly trees?: readonly TreeAdapter[];
  readonly expanders: readonly Expander[];
  readonly files: ExpanderFiles;
  /** What expansions came to in earlier runs. */
  readonly memory?: Memory;
  readonly paths: readonly string[];
  readonly roleOf: (path: string) => Artifact['role'];
  /** Reads one file and caches what is made of it. */
  readonly derive: RepositoryFiles['derive'];
}

function extractPath(input: ManifestInput, candidates: readonly Adapter[], path: string): Extraction | undefined {
  if (candidates[0]!.nameSuffices) return extractOne(candidates, { path, text: '' });
  const kind = `manifest:${candidates.map(({ id }) => id).join('+')}`;
  const matters = (head: string): boolean => chooseAdapter(candidates, { path, text: head }) !== undefined;
  return input.derive(path, kind, (file) => extractOne(candidates, file), matters);
}

export interface Manifests {
  readonly facts: readonly AnyFact[];
  readonly notAssessed: readonly NotAssessed[];
  readonly parsed: number;
  /** Sets of values or overlays that exclude each other, those that are judged only. */
  readonly sets: readonly (readonly string[])[];
  /** Files that charts and overlays are made of. */
  readonly sources: ReadonlySet<string>;
}

/** Files that are read together; a crash costs all of them, and is named at the first. */
function extractTree(adapter: TreeAdapter, input: ManifestInput): Extraction {
  const paths = input.paths.filter((path) => adapter.owns(path) && !isLeftOut(input.roleOf(path)));
  if (!paths.length) return nothing;
  try {
    return adapter.extract({ paths, has: (path) => input.files.has(path), text: (path) => input.files.text(path) });
  } catch (error) {
    const message = `Reading ${adapter.id} failed: ${describeError(error)}`;
    return { facts: [], notAssessed: [{ reason: 'internal-error', message, place: fileStart(paths[0]!), failed: true }] };
  }
}

/** An editor's session keeps its own; else an earlier run may know. */
function withCandidates(input: ManifestInput): ManifestInput {
  const { memory, adapters } = input;
  if (input.candidates) return input;
  const candidates = memory ? rememberCandidates(memory, adapters, (path) => candidateAdapters(adapters, path)) : new Map();
  return { ...input, candidates };
}

export function* extractManifests(given: ManifestInput): Steps<Manifests> {
  const input = withCandidates(given);
  const expanded = yield* expandManifests(input);
  const facts: AnyFact[] = [...expanded.facts];
  const notAssessed: NotAssessed[] = [...expanded.notAssessed];
  let parsed = 0;
  for (const path of input.paths) {
    const candidates = candidatesOf(input, path);
    if (!candidates.length || expanded.consumed.has(path) || isLeftOut(input.roleOf(path))) continue;
    yield;
    const extraction = extractPath(input, candidates, path);
    if (!extraction) continue;
    if (extraction.facts.length) parsed++;
    for (const fact of extraction.facts) facts.push(fact);
    for (const note of extraction.notAssessed) notAssessed.push(note);
  }
  for (const tree of input.trees ?? []) {
    yield;
    const extraction = extractTree(tree, input);
    for (const fact of extraction.facts) facts.push(fact);
    for (const note of extraction.notAssessed) notAssessed.push(note);
    if (extraction.facts.length) parsed++;
  }
  return { facts, notAssessed, parsed, sets: expanded.sets, sources: expanded.consumed };
}
