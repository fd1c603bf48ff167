/** Runs one adapter on a text, as the pipeline does. */
import { extractOne } from '../../src/extract/extract-manifests.ts';
import type { FactKind } from '../../src/facts.ts';
import type { Adapter, Extraction, Fact } from '../../src/types.ts';

export const read = (adapter: Adapter, path: string, text: string): Extraction => {
  if (!adapter.classify(path, text)) throw new Error(`${adapter.id} does not own ${path}`);
  return extractOne([adapter], { path, text });
};
export const factsOf = <K extends FactKind>({ facts }: Extraction, kind: K): readonly Fact<K>[] =>
  facts.filter((fact): fact is Extract<typeof fact, { kind: K }> => fact.kind === kind) as unknown as readonly Fact<K>[];

/** The value of a known setting. */
export const knownOf = <T>(setting: { known: true; value: T } | { known: false } | undefined): T | undefined =>
  setting?.known ? setting.value : undefined;
