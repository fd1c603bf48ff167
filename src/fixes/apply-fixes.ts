/**
 * Applies fixes to texts in memory until none is left, and judges the repository again after each round. What does not remove
 * its finding, or leaves a file that cannot be read, is taken back.
 */
import { applyEdits, collide } from '../text/text-edits.ts';
import type { Finding, Fix, FixFailure, Result } from '../types.ts';

const maxRounds = 10;

export interface AppliedFix {
  readonly finding: Finding;
  readonly fix: Fix;
}
export interface FixedFile {
  readonly path: string;
  /** Absent: the file is new. */
  readonly before?: string;
  readonly after: string;
}
export interface FixRun {
  /** As it was found, and as it is with everything applied. */
  readonly before: Result;
  readonly after: Result;
  readonly applied: readonly AppliedFix[];
  /** Taken back: the finding stayed, or a file could not be read. */
  readonly refused: readonly AppliedFix[];
  /** Fixes that could not even be made. */
  readonly failures: readonly FixFailure[];
  readonly files: readonly FixedFile[];
}
type Texts = ReadonlyMap<string, string>;

const keyOf = ({ finding, fix }: AppliedFix): string => `${finding.fingerprint}\0${fix.title}`;

/** The best fix of each finding, as far as they do not get in each other's way. */
function choose(result: Result, unsafe: boolean, refused: ReadonlyMap<string, AppliedFix>): readonly AppliedFix[] {
  const chosen: AppliedFix[] = [];
  for (const finding of result.findings) {
    const offered = result.fixes(finding).find((each) => (unsafe || each.safe) && !refused.has(keyOf({ finding, fix: each })));
    const fix = offered?.complete ? { ...offered, edits: offered.complete() } : offered;
    const taken = chosen.flatMap((other) => other.fix.edits);
    if (fix && !fix.edits.some((edit) => taken.some((other) => collide(edit, other)))) chosen.push({ finding, fix });
  }
  return chosen;
}

function applyAll(texts: Texts, chosen: readonly AppliedFix[], result: Result): Texts {
  const edits = chosen.flatMap(({ fix }) => fix.edits);
  const changed = new Map(texts);
  for (const path of new Set(edits.map(({ place }) => place.path))) {
    const own = edits.filter(({ place }) => place.path === path);
    changed.set(path, applyEdits(path, result.text(path) ?? '', own));
  }
  return changed;
}

/** Fixes that did not do what they are for. */
function findFailed(chosen: readonly AppliedFix[], before: Result, after: Result): readonly AppliedFix[] {
  const left = new Set(after.findings.map(({ fingerprint }) => fingerprint));
  const brokenIn = ({ notAssessed }: Result) => notAssessed.flatMap(({ failed, place }) => (failed && place ? [place.path] : []));
  const brokenBefore = new Set(brokenIn(before));
  const broken = new Set(brokenIn(after).filter((path) => !brokenBefore.has(path)));
  return chosen.filter(({ finding, fix }) => left.has(finding.fingerprint) || fix.edits.some(({ place }) => broken.has(place.path)));
}

/** @param analyse judges the repository with these texts in front of the disk */
export async function applyFixes(analyse: (texts: Texts) => Promise<Result>, unsafe: boolean): Promise<FixRun> {
  const before = await analyse(new Map());
  let texts: Texts = new Map();
  let result = before;
  const refused = new Map<string, AppliedFix>();
  const applied: AppliedFix[] = [];
  const failures = new Map<string, FixFailure>();
  for (let round = 0; round < maxRounds; round++) {
    const chosen = choose(result, unsafe, refused);
    for (const failure of result.fixFailures()) failures.set(`${failure.rule}\0${failure.place.path}\0${failure.why}`, failure);
    if (chosen.length === 0) break;
    const changed = applyAll(texts, chosen, result);
    const after = await analyse(changed);
    const failed = findFailed(chosen, result, after);
    for (const each of failed) refused.set(keyOf(each), each);
    if (failed.length > 0) continue;
    texts = changed;
    result = after;
    applied.push(...chosen);
  }
  const files = [...texts].map(([path, after]): FixedFile => ({ path, before: before.text(path), after }));
  return {
    before,
    after: result,
    applied,
    refused: [...refused.values()],
    failures: [...failures.values()],
    files: files.sort((a, b) => (a.path < b.path ? -1 : 1)),
  };
}
