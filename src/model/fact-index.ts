import type { FactKind } from '../facts.ts';
import type { AnyFact, Fact, FactIndex, Place } from '../types.ts';

export const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Order of places: path, line, column. */
export const comparePlaces = (a: Place, b: Place): number =>
  a.path === b.path ? a.line - b.line || a.column - b.column : compareText(a.path, b.path);

/** Facts by kind in order of path and place; facts of one place keep their given order. A kind is sorted when it is asked for. */
export function indexFacts(facts: Iterable<AnyFact>): FactIndex {
  const byKind = new Map<FactKind, AnyFact[]>();
  let size = 0;
  for (const fact of facts) {
    const list = byKind.get(fact.kind);
    if (list) list.push(fact);
    else byKind.set(fact.kind, [fact]);
    size++;
  }
  const sorted = new Set<FactKind>();
  const sort = (kind: FactKind): readonly AnyFact[] => {
    const list = byKind.get(kind);
    if (list && !sorted.has(kind)) list.sort((a, b) => comparePlaces(a.place, b.place));
    sorted.add(kind);
    return list ?? [];
  };
  return {
    all: <K extends FactKind>(kind: K) => sort(kind) as unknown as readonly Fact<K>[],
    has: (kind) => byKind.has(kind),
    size,
  };
}

export const emptyIndex: FactIndex = indexFacts([]);
