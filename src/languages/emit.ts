import type { Condition, FactKind, FactValues } from '../facts.ts';
import type { AnyFact, Confidence, Place } from '../types.ts';

/** Where a fact stands: anything with a place; `within` and `when` are taken over. */
export interface Anchor {
  readonly place: Place;
  readonly within?: string;
  readonly when?: readonly Condition[];
}
export type Emit = <K extends FactKind>(kind: K, at: Anchor, value: FactValues[K], confidence?: Confidence) => void;

/** Adds what recognisers find to the facts of a program. */
export const emitInto =
  (facts: AnyFact[]): Emit =>
  (kind, { place, when, within }, value, confidence = 'certain') => {
    facts.push({
      kind,
      place,
      confidence,
      value,
      ...(when?.length ? { when } : {}),
      ...(within === undefined ? {} : { within }),
    } as AnyFact);
  };
