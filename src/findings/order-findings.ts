/** From raw reports to what is shown: settings, one finding per root cause, order. */
import type { RawFinding } from '../rules/run-rules.ts';
import type { Addition, Confidence, Level, Place } from '../types.ts';
import { addNames, withAddition } from './addition-messages.ts';
import { joinConcerns } from './concerns.ts';

const levelRank: Readonly<Record<Level, number>> = { error: 0, warning: 1, note: 2 };
const confidenceRank: Readonly<Record<Confidence, number>> = { certain: 0, likely: 1, guess: 2 };
const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** True when `level` is at least as bad as `least`. */
export const isAtLeast = (level: Level, least: Level): boolean => levelRank[level] <= levelRank[least];
export const isAsSure = (confidence: Confidence, least: Confidence): boolean => confidenceRank[confidence] <= confidenceRank[least];

export const comparePlaces = (a: Place, b: Place): number =>
  compareText(a.path, b.path) || a.line - b.line || a.column - b.column || a.endLine - b.endLine || a.endColumn - b.endColumn;

/** Worst first, then by place and rule: the same on every run. */
export const compareFindings = (a: RawFinding, b: RawFinding): number =>
  levelRank[a.level] - levelRank[b.level] ||
  comparePlaces(a.place, b.place) ||
  compareText(a.rule, b.rule) ||
  compareText(a.service ?? '', b.service ?? '') ||
  compareText(a.subject, b.subject);

export const placeKey = ({ path, line, column, endLine, endColumn }: Place): string => `${path}\0${line}:${column}-${endLine}:${endColumn}`;

/** Places that are named once already add nothing. */
function uniqueRelated(finding: RawFinding): RawFinding {
  const seen = new Set([placeKey(finding.place)]);
  const related = finding.related.filter(({ place }) => {
    const key = placeKey(place);
    return !seen.has(key) && seen.add(key) !== undefined;
  });
  return related.length === finding.related.length ? finding : { ...finding, related };
}

/**
 * What one place shows to one rule is one finding, also when two services share the code: the worst report stays,
 * and the places of the others are kept beside it.
 */
export function mergeRootCauses(sorted: readonly RawFinding[]): readonly RawFinding[] {
  const merged = new Map<string, RawFinding>();
  for (const finding of sorted) {
    const key = `${finding.rule}\0${placeKey(finding.place)}\0${finding.subject}`;
    const first = merged.get(key);
    merged.set(key, first ? { ...joinConcerns(first, [finding]), related: [...first.related, ...finding.related] } : finding);
  }
  return mergeMade([...merged.values()]).map(uniqueRelated);
}

/** One line of a template, of a values file or of a module can make many workloads: it is edited once. */
function mergeMade(findings: readonly RawFinding[]): readonly RawFinding[] {
  const groups = new Map<string, RawFinding[]>();
  findings.forEach((finding, index) => {
    const { rule, messageId, made, service } = finding;
    const key = made === undefined && service === undefined ? String(index) : [rule, messageId, placeKey(finding.place)].join('\0');
    const group = groups.get(key);
    // What differs within one service are several things, not several copies of one.
    if (!group) groups.set(key, [finding]);
    else if (service === undefined || group.every((other) => other.service !== service)) group.push(finding);
    else groups.set(`${key}\0${index}`, [finding]);
  });
  return [...groups.values()].map(tellMade);
}

function tellMade([worst, ...others]: readonly RawFinding[]): RawFinding {
  const { made: _, ...finding } = worst!;
  if (!others.length) return finding;
  const names = others.map((other) => other.service ?? whatDiffers(other, finding));
  const related = others.flatMap((other) => other.related);
  const told: Addition = names.every((name) => name !== undefined)
    ? addNames('same-line', [...new Set(names)])
    : { id: 'same-line.count', data: { count: names.length } };
  return withAddition({ ...joinConcerns(finding, others), related: [...finding.related, ...related] }, told);
}

/** What one message calls the thing that the other calls differently. */
const whatDiffers = ({ data }: RawFinding, worst: RawFinding): string | undefined =>
  Object.entries(data).flatMap(([name, value]) => (typeof value === 'string' && worst.data[name] !== value ? [value] : []))[0];
