/** Limits findings to what a change concerns. */
import type { Finding, Place } from '../types.ts';
import { findTouchedLines, isTouched, type TouchedLines } from './touched-lines.ts';

export type Touches = (place: Place) => boolean;

export interface Versions {
  /** Text of today. */
  after(path: string): string | undefined;
  /** Text of the same file before the change, also when it had another name; `undefined`: it was not there. */
  before(path: string): string | undefined;
}

/** Answers for any place; each file is compared once. A new file is touched as a whole. */
export function makeTouches({ after, before }: Versions): Touches {
  const byPath = new Map<string, TouchedLines>();
  const compare = (path: string): TouchedLines => {
    const old = before(path);
    const text = after(path);
    return old === undefined || text === undefined ? 'all' : findTouchedLines(old, text);
  };
  return (place) => {
    const touched = byPath.get(place.path) ?? compare(place.path);
    byPath.set(place.path, touched);
    return isTouched(touched, place);
  };
}

/**
 * The finding as the change shows it: when only a related line was touched (`replicas: 3`), that line becomes its place and
 * the code that it makes wrong becomes related. `undefined`: the change touches none of its places.
 */
export function focusOnChange(finding: Finding, touches: Touches): Finding | undefined {
  if (touches(finding.place)) return finding;
  const cause = finding.related.find(({ place }) => touches(place));
  if (!cause) return undefined;
  const others = finding.related.filter((related) => related !== cause);
  return { ...finding, place: cause.place, related: [{ place: finding.place, message: 'the changed line concerns this' }, ...others] };
}

/** What the change touches, and what it makes new elsewhere (a deleted manifest leaves no line to touch). */
export function selectChanged(findings: readonly Finding[], touches: Touches): readonly Finding[] {
  return findings.flatMap((finding) => focusOnChange(finding, touches) ?? (finding.status === 'new' ? finding : []));
}
