/** From findings to work: one item for each root cause, with its effort. */
import { createHash } from 'node:crypto';
import { servicesOf } from '../text/finding-questions.ts';
import type { Finding, Place, Result } from '../types.ts';
import { byLevel } from './gates.ts';
import type { Say } from './phrases.ts';
import { gateOf, waveOf } from './rule-table.ts';
import { type WorkItem, waveIds } from './types.ts';

/** Changes up to this size are made in one go over all services; larger ones are work of their own in each. */
const trivial = 1;

const placeKey = ({ path, line, column }: Place): string => `${path}:${line}:${column}`;
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const unique = (texts: readonly string[]): readonly string[] => [...new Set(texts)].sort(compare);

/**
 * Findings of one rule with one cause: small changes together, larger ones by service. Services that share the code in which it
 * stands share the cause.
 */
function groupByCause(findings: readonly Finding[]): readonly (readonly Finding[])[] {
  const parents = new Map<string, string>();
  const find = (key: string): string => {
    let root = key;
    for (let parent = parents.get(root); parent !== undefined; parent = parents.get(root)) root = parent;
    return root;
  };
  const ownerOf = ({ rule, service, effort }: Finding): string => (effort <= trivial ? rule : `${rule}\0${service ?? ''}`);
  for (const finding of findings) {
    const owner = find(ownerOf(finding));
    const place = find(`${finding.rule}\0${placeKey(finding.place)}\0place`);
    if (owner !== place) parents.set(place, owner);
  }
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const root = find(ownerOf(finding));
    groups.set(root, [...(groups.get(root) ?? []), finding]);
  }
  return [...groups.values()];
}

/** Places that are shared count once. */
const countPlaces = (findings: readonly Finding[]): number => new Set(findings.map(({ place }) => placeKey(place))).size;

/** Story points: the root cause once, further places by their square root. */
function measureEffort(base: number, places: number, say: Say): { readonly effort: number; readonly formula: string } {
  const exact = base * Math.sqrt(places);
  const effort = Math.round(exact);
  if (base === 0) return { effort: 0, formula: say('effort.formula.none') };
  if (places === 1) return { effort, formula: say('effort.formula.one', { base }) };
  return { effort, formula: say('effort.formula', { base, places, exact: exact.toFixed(1), effort }) };
}

const longestName = 60;
/** Readable where it can be: `session-in-memory/web`. */
function nameItem(rule: string, services: readonly string[]): string {
  const names = services.join('+');
  if (names.length <= longestName) return names === '' ? rule : `${rule}/${names}`;
  return `${rule}/${services.length}-services-${createHash('sha256').update(services.join('\0')).digest('hex').slice(0, 8)}`;
}

/** The first sentence, without its full stop. */
function firstSentence(text: string): string {
  const end = text.indexOf('. ');
  return (end < 0 ? text : text.slice(0, end)).replace(/\.$/, '');
}
const capitalise = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

export type Judged = Pick<Result, 'rules' | 'fixes'>;

function fixOf(findings: readonly Finding[], { fixes }: Judged): WorkItem['fix'] {
  const best = findings.map((finding) => fixes(finding)[0]);
  if (best.length === 0 || best.some((fix) => fix === undefined)) return undefined;
  return best.every((fix) => fix?.safe) ? 'safe' : 'unsafe';
}

function makeItem(given: readonly Finding[], judged: Judged, say: Say): WorkItem {
  const findings = given.toSorted(byLevel);
  const worst = findings[0]!;
  const rule = judged.rules.find(({ id }) => id === worst.rule);
  const services = unique(findings.flatMap(servicesOf));
  const places = countPlaces(findings);
  const waves = findings.map(({ category, level }) => waveIds.indexOf(waveOf(worst.rule, category, level)));
  const fix = fixOf(findings, judged);
  return {
    id: nameItem(worst.rule, services),
    rule: worst.rule,
    title: places === 1 || !rule ? firstSentence(worst.text) : capitalise(rule.summary),
    next: worst.next,
    wave: waveIds[Math.min(...waves)]!,
    services,
    findings: findings.map(({ fingerprint }) => fingerprint),
    occurrences: places,
    ...measureEffort(Math.max(...findings.map(({ effort }) => effort)), places, say),
    level: worst.level,
    gate: gateOf(worst.rule, worst.category),
    factors: rule?.factors ?? [],
    files: unique(findings.map(({ place }) => place.path)),
    dependsOn: [],
    ...(fix ? { fix } : {}),
  };
}

/** In order of id; two items never share one. */
export function makeItems(findings: readonly Finding[], judged: Judged, say: Say): readonly WorkItem[] {
  const items = groupByCause(findings).map((group) => makeItem(group, judged, say));
  const seen = new Map<string, number>();
  return items
    .toSorted((a, b) => compare(a.id, b.id))
    .map((item) => {
      const before = seen.get(item.id) ?? 0;
      seen.set(item.id, before + 1);
      return before === 0 ? item : { ...item, id: `${item.id}/${before + 1}` };
    });
}
