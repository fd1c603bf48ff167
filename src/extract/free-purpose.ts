/** What manifests are for, below a folder that was asked for by name. */
import { purposeOf } from '../text/purpose.ts';
import type { AnyFact } from '../types.ts';

/**
 * Whoever names `test/fixtures/shop` wants to know of the shop as if it stood alone: folders at and above a base do not make its
 * manifests those of a test; folders and names below it still do.
 */
export function freePurpose(bases: readonly string[]): (fact: AnyFact) => AnyFact {
  const tests = bases.filter((base) => purposeOf(`${base}/x`) === 'test');
  return (fact) => {
    const base = tests.find((folder) => fact.place.path.startsWith(`${folder}/`));
    if (base === undefined || !('purpose' in fact.value) || fact.value.purpose !== 'test') return fact;
    const purpose = purposeOf(fact.place.path.slice(base.length + 1));
    return { ...fact, value: { ...fact.value, purpose } } as AnyFact;
  };
}
