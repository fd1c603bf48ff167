/** Charts and overlays → virtual documents → facts that know the set for which they hold. */
import type { Purpose } from '../facts.ts';
import { fileStart } from '../files/host/list-files.ts';
import type { Steps } from '../steps.ts';
import type { AnyFact, Expander, ExpanderFiles, Expansion, NotAssessed, VirtualDocument } from '../types.ts';
import { candidatesOf, describeError, extractOne, isLeftOut, type ManifestInput } from './extract-manifests.ts';
import { type ExpandedRoot, rememberExpansion } from './remember-expansions.ts';

export interface ExpandedManifests {
  readonly facts: readonly AnyFact[];
  readonly notAssessed: readonly NotAssessed[];
  /** Paths that are not to be read by themselves. */
  readonly consumed: ReadonlySet<string>;
  readonly sets: readonly (readonly string[])[];
}

export function* expandManifests(input: ManifestInput): Steps<ExpandedManifests> {
  const facts: AnyFact[] = [];
  const notAssessed: NotAssessed[] = [];
  const consumed = new Set<string>();
  const sets: string[][] = [];
  const asks = { memory: input.memory, files: input.files, isLeftOut: (path: string) => isLeftOut(input.roleOf(path)) };
  for (const expander of input.expanders) {
    for (const root of expander.roots(input.paths, input.files)) {
      if (isLeftOut(input.roleOf(root))) continue;
      yield;
      const expanded = rememberExpansion(asks, expander, root, (files) => expandRoot(input, expander, root, files));
      for (const path of expanded.consumed) consumed.add(path);
      for (const note of expanded.notAssessed) notAssessed.push(note);
      for (const fact of expanded.facts) facts.push(fact);
      if (expanded.judged.length > 1) sets.push([...expanded.judged]);
    }
  }
  return { facts, notAssessed, consumed, sets };
}

function expandRoot(input: ManifestInput, expander: Expander, root: string, files: ExpanderFiles): ExpandedRoot {
  const { documents, consumed, ...own } = expandOne(() => expander.expand(root, files), root);
  const facts: AnyFact[] = [...(own.facts ?? [])];
  const notAssessed: NotAssessed[] = [...own.notAssessed];
  const leftOut = new Map<string, boolean>();
  const judged = new Set<string>();
  for (const document of documents) {
    const isOut = isLeftOut(input.roleOf(document.path));
    leftOut.set(document.path, isOut);
    if (isOut) continue;
    const extraction = extractOne(candidatesOf(input, document.path), document);
    const made = document.isSwitchedOff ? extraction.facts.flatMap(switchOff) : extraction.facts;
    for (const fact of made) facts.push(ofSet(fact, document));
    if (document.isSwitchedOff) continue;
    notAssessed.push(...extraction.notAssessed);
    if (document.set !== undefined && isJudged(document.purpose)) judged.add(document.set);
  }
  return { facts, notAssessed, consumed, judged: [...judged].sort(), leftOut: [...leftOut] };
}

/** A root that cannot be expanded costs itself only. */
function expandOne(expand: () => Expansion, root: string): Expansion {
  try {
    return expand();
  } catch (error) {
    const message = `Expanding it failed: ${describeError(error)}`;
    return { documents: [], consumed: [], notAssessed: [{ reason: 'internal-error', message, place: fileStart(root), failed: true }] };
  }
}

const isJudged = (purpose: Purpose | undefined): boolean => purpose !== 'development' && purpose !== 'test';

/** An object that is not deployed says only that a value could bring it. */
function switchOff({ place, confidence, ...fact }: AnyFact): readonly AnyFact[] {
  const { namespace } = fact.value as { readonly namespace?: string };
  const own = namespace === undefined ? {} : { namespace };
  if (fact.kind === 'autoscaler' && fact.value.target) {
    const { kind, name } = fact.value.target;
    const target = kind === undefined ? { name } : { kind, name };
    return [{ kind: 'switched-off', place, confidence, value: { what: 'autoscaler', ...own, target } }];
  }
  if (fact.kind === 'disruption-budget' && fact.value.selector)
    return [{ kind: 'switched-off', place, confidence, value: { what: 'disruption-budget', ...own, selector: fact.value.selector } }];
  return [];
}

/** What a set is for is known better than what a path of a template or base tells. */
function ofSet(fact: AnyFact, { set, purpose }: VirtualDocument): AnyFact {
  const known = purpose !== undefined && purpose !== 'unknown' && 'purpose' in fact.value;
  const value = known ? { ...fact.value, purpose } : fact.value;
  return { ...fact, value, ...(set === undefined ? {} : { set }) } as AnyFact;
}
