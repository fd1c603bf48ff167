/** The order of work: dependencies between items, waves, and what each wave opens. */
import { findingsFor } from '../text/finding-questions.ts';
import type { Finding, Level, Verdict } from '../types.ts';
import { byLevel, isGateRead } from './gates.ts';
import type { Say } from './phrases.ts';
import { prerequisites } from './rule-table.ts';
import { type Gate, type ServiceAssessment, type Wave, type WaveId, type WorkItem, waveIds } from './types.ts';

const concernsSame = (a: WorkItem, b: WorkItem): boolean =>
  !a.services.length || !b.services.length || a.services.some((service) => b.services.includes(service));

/** What has to be done first, by the table of rules; an item never comes in an earlier wave than what it waits for. */
export function linkItems(items: readonly WorkItem[]): readonly WorkItem[] {
  const byRule = new Map<string, WorkItem[]>();
  for (const item of items) byRule.set(item.rule, [...(byRule.get(item.rule) ?? []), item]);
  const before = (item: WorkItem): readonly WorkItem[] =>
    (prerequisites[item.rule] ?? []).flatMap((rule) => (byRule.get(rule) ?? []).filter((other) => concernsSame(item, other)));
  const waves = new Map<string, WaveId>();
  /** The table has no cycles (a test sees to it), so this ends. */
  const place = (item: WorkItem): WaveId => {
    const known = waves.get(item.id);
    if (known) return known;
    const earliest = Math.max(...[item.wave, ...before(item).map(place)].map((wave) => waveIds.indexOf(wave)));
    waves.set(item.id, waveIds[earliest]!);
    return waveIds[earliest]!;
  };
  return items.map((item) => ({ ...item, wave: place(item), dependsOn: before(item).map(({ id }) => id) }));
}

/** First what nothing waits for and what blocks, then what helps most services for the least effort. */
function orderItems(items: readonly WorkItem[]): readonly WorkItem[] {
  const left = items.toSorted(
    (a, b) => byLevel(a, b) || b.services.length - a.services.length || a.effort - b.effort || (a.id < b.id ? -1 : 1),
  );
  const ordered: WorkItem[] = [];
  const done = new Set<string>();
  const own = new Set(items.map(({ id }) => id));
  while (left.length > 0) {
    const next = left.findIndex(({ dependsOn }) => dependsOn.every((id) => !own.has(id) || done.has(id)));
    const [item] = left.splice(Math.max(0, next), 1);
    ordered.push(item!);
    done.add(item!.id);
  }
  return ordered;
}

/** A service with what decides its gates: findings above a note, by fingerprint, at the level that they have there. */
interface Decided extends ServiceAssessment {
  readonly deciding: ReadonlyMap<string, Level>;
}
const withDeciding =
  (findings: readonly Finding[]) =>
  (one: ServiceAssessment): Decided => {
    const own = findingsFor(findings, one.service.name).filter(({ level }) => level !== 'note');
    return { ...one, deciding: new Map(own.map(({ fingerprint, level }) => [fingerprint, level])) };
  };

type Gone = ReadonlySet<string>;

/** The state of all gates after some findings are gone: one that was not assessed stays so. */
const isOpenWithout = ({ service, deciding }: Decided, { id, state, against }: Gate, gone: Gone): boolean =>
  state === 'open' ||
  (state !== 'unknown' && isGateRead(id, service) && against.every((fingerprint) => gone.has(fingerprint) || !deciding.has(fingerprint)));

const findOpened = (services: readonly Decided[], before: Gone, after: Gone): Wave['opens'] =>
  services.flatMap((one) =>
    one.gates
      .filter((gate) => !isOpenWithout(one, gate, before) && isOpenWithout(one, gate, after))
      .map(({ id }) => ({ service: one.service.name, gate: id })),
  );

function verdictWithout(decided: Decided, gone: Gone): Verdict {
  const { gates, verdict, deciding } = decided;
  const left = gates.flatMap(({ against }) =>
    against.flatMap((fingerprint) => (gone.has(fingerprint) ? [] : (deciding.get(fingerprint) ?? []))),
  );
  if (left.includes('error')) return 'blocked';
  if (verdict === 'unknown') return verdict;
  if (left.length) return 'at risk';
  return gates.every((gate) => isOpenWithout(decided, gate, gone)) ? 'ready' : 'unknown';
}

export function makeWaves(
  items: readonly WorkItem[],
  services: readonly ServiceAssessment[],
  findings: readonly Finding[],
  say: Say,
): readonly Wave[] {
  const decided = services.map(withDeciding(findings));
  let done: Gone = new Set();
  return waveIds.flatMap((id): readonly Wave[] => {
    const own = orderItems(items.filter(({ wave }) => wave === id));
    if (!own.length) return [];
    const before = done;
    done = new Set([...before, ...own.flatMap((item) => item.findings)]);
    const moved = decided.map((one) => ({
      service: one.service.name,
      before: verdictWithout(one, before),
      after: verdictWithout(one, done),
    }));
    return [
      {
        id,
        title: say(`wave.${id}`),
        items: own.map((item) => item.id),
        effort: own.reduce((sum, { effort }) => sum + effort, 0),
        opens: findOpened(decided, before, done),
        verdicts: moved.filter((one) => one.before !== one.after),
      },
    ];
  });
}
