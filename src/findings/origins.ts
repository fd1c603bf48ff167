/**
 * Findings in text that was rendered or merged: each opens at the line that a person would edit, names what decided it,
 * and is told once, with the sets of values or overlays in which it holds.
 */
import type { RawFinding } from '../rules/run-rules.ts';
import type { Addition, DecidingPlace, Place, Related } from '../types.ts';
import { addNames, withAddition } from './addition-messages.ts';
import { joinConcerns } from './concerns.ts';
import { compareFindings, placeKey } from './order-findings.ts';

type Sets = readonly (readonly string[])[];

/** `sources`: files that documents were made of; what stands there may be made many times. */
export function tellOrigins(all: readonly RawFinding[], sets: Sets, sources?: ReadonlySet<string>): readonly RawFinding[] {
  const findings = all.filter(({ place }) => canBeOpened(place)).map(withoutArchives);
  const plain: RawFinding[] = [];
  const groups = new Map<string, RawFinding[]>();
  for (const finding of findings) {
    const isSource = isMadePlace(finding.place) || sources?.has(finding.place.path) === true;
    if (!isSource && !isMade(finding)) {
      plain.push(finding);
      continue;
    }
    const opened = openAtEdit(finding, isSource);
    const key = [opened.rule, opened.service ?? '', placeKey(opened.place), opened.subject].join('\0');
    const group = groups.get(key);
    if (group) group.push(opened);
    else groups.set(key, [opened]);
  }
  return groups.size ? joinCopies([...plain, ...joinNames(groups.values()).map((group) => tellOnce(group, sets))]) : findings;
}

const isOfWorkload = ({ subject }: RawFinding): boolean => /^[A-Z]\w{2,40}\//.test(subject);
const holdsEverywhere = ({ additions = [] }: RawFinding): boolean => !additions.some(({ id }) => id.startsWith('holds-with'));

/** Repositories keep what a chart or base makes a second time, rendered: what is wrong with a workload in each is told once. */
function joinCopies(findings: readonly RawFinding[]): readonly RawFinding[] {
  const groups = new Map<string, RawFinding[]>();
  findings.forEach((finding, index) => {
    const { rule, messageId, service, subject, level, text } = finding;
    const isCopy = service !== undefined && isOfWorkload(finding) && holdsEverywhere(finding);
    const key = isCopy ? [rule, messageId, service, subject, level, text].join('\0') : String(index);
    groups.set(key, [...(groups.get(key) ?? []), finding]);
  });
  return [...groups.values()].flatMap((group) => {
    if (group.length < 2 || group.every(({ made }) => made === undefined)) return group;
    const [first, ...others] = group.toSorted(compareFindings) as [RawFinding, ...RawFinding[]];
    const copies = others.flatMap(({ place, related }): Related[] => [{ place, message: 'the same here' }, ...related]);
    return [{ ...joinConcerns(first, others), related: [...first.related, ...copies] }];
  });
}

/** Overlays may rename what they share: then the same finding has another subject in each, at one place. */
function joinNames(groups: Iterable<readonly RawFinding[]>): readonly (readonly RawFinding[])[] {
  const joined = new Map<string, readonly RawFinding[][]>();
  for (const group of groups) {
    const [first] = group as readonly [RawFinding];
    const key = [first.rule, first.messageId, first.service ?? '', placeKey(first.place)].join('\0');
    const others = joined.get(key) ?? [];
    const holds = new Set(group.map(({ place }) => place.set));
    const fitting = others.find(
      (other) => !holds.has(undefined) && other.every(({ place }) => place.set !== undefined && !holds.has(place.set)),
    );
    if (fitting) fitting.push(...group);
    else joined.set(key, [...others, [...group]]);
  }
  return [...joined.values()].flat();
}

/** What others packed cannot be opened, only the values that the repository gives it. */
const canBeOpened = (place: Place): boolean => !(place.inArchive || installs.test(place.path)) || editOf(place) !== undefined;
/** Flux writes it anew at each upgrade ("Flux bootstrap"). */
const installs = /(?:^|\/)gotk-components\.ya?ml$/;
const withoutArchives = (finding: RawFinding): RawFinding =>
  finding.related.some(({ place }) => !canBeOpened(place))
    ? { ...finding, related: finding.related.filter(({ place }) => canBeOpened(place)) }
    : finding;

const isMadePlace = ({ decidedBy, set }: Place): boolean => decidedBy !== undefined || set !== undefined;
const isMade = ({ place, related }: RawFinding): boolean => isMadePlace(place) || related.some((one) => isMadePlace(one.place));

const editOf = (place: Place): DecidingPlace | undefined => place.decidedBy?.find(({ edit }) => edit);
const named = ({ path, key, line }: DecidingPlace): string => (key === undefined ? `${path}:${line}` : `\`${key}\` in ${path}`);
const bare = ({ path, line, column, endLine, endColumn }: Place): Place => ({ path, line, column, endLine, endColumn });
/** The set stays until the groups are told. */
const bareOfSet = (place: Place): Place => (place.set === undefined ? bare(place) : { ...bare(place), set: place.set });

function openAtEdit(finding: RawFinding, isSource: boolean): RawFinding {
  const edit = editOf(finding.place);
  const related = finding.related.map(({ place, message }) => ({ place: bare(editOf(place) ?? place), message }));
  const deciding: Related[] = (finding.place.decidedBy ?? [])
    .filter((place) => place !== edit)
    .map((place) => ({ place: bare(place), message: `${named(place)} decides it` }));
  const made: Related[] = edit && !finding.place.inArchive ? [{ place: bare(finding.place), message: `${named(edit)} is used here` }] : [];
  const set = finding.place.set;
  const place = edit ? { ...bare(edit), ...(set === undefined ? {} : { set }) } : bareOfSet(finding.place);
  const elsewhere = [...made, ...deciding].map((one) => one.place);
  return { ...finding, place, related: [...made, ...deciding, ...related], ...(isSource ? { made: elsewhere } : {}) };
}

/** The worst report of a group stays; the places of the others are kept beside it. */
function tellOnce(group: readonly RawFinding[], sets: Sets): RawFinding {
  const [worst, ...others] = group.toSorted(compareFindings) as [RawFinding, ...RawFinding[]];
  const holds = new Set(group.map(({ place }) => place.set));
  const related = [worst, ...others].flatMap((finding) => finding.related);
  const limit = holds.has(undefined) ? undefined : limitOf(holds as ReadonlySet<string>, sets);
  const made = group.some((finding) => finding.made) ? { made: group.flatMap((finding) => finding.made ?? []) } : {};
  const told = { ...joinConcerns(worst, others), place: bare(worst.place), related, ...made };
  return limit ? withAddition(told, limit) : told;
}

/** Says nothing where it holds in every set, or where there is no other. */
function limitOf(holds: ReadonlySet<string>, sets: Sets): Addition | undefined {
  const siblings = sets.filter((group) => group.some((set) => holds.has(set)));
  if (!siblings.some((group) => group.some((set) => !holds.has(set)))) return undefined;
  return addNames('holds-with', [...holds].sort());
}
