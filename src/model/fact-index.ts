import type { FactKind } from '../facts.ts';
import type { AnyFact, Fact, FactIndex, Place } from '../types.ts';

export const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Order of places: path, line, column. */
export const comparePlaces = (a: Place, b: Place): number => compareText(a.path, b.path) || a.line - b.line || a.column - b.column;

/** Facts by kind in order of path and place; facts of one place keep their given order. */
export function indexFacts(facts: Iterable<AnyFact>): FactIndex {
  const byKind = new Map<FactKind, AnyFact[]>();
  let size = 0;
  for (const fact of facts) {
    const list = byKind.get(fact.kind);
    if (list) list.push(fact);
    else byKind.set(fact.kind, [fact]);
    size++;
  }
  for (const list of byKind.values()) list.sort((a, b) => comparePlaces(a.place, b.place));
  return {
    all: <K extends FactKind>(kind: K) => (byKind.get(kind) ?? []) as unknown as readonly Fact<K>[],
    has: (kind) => byKind.has(kind),
    size,
  };
}

export const emptyIndex: FactIndex = indexFacts([]);
