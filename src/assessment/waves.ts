/** The order of work: dependencies between items, waves, and what each wave opens. */
import type { GateId } from '../types.ts';
import { byLevel } from './gates.ts';
import type { Say } from './phrases.ts';
import { prerequisites, waveIds } from './rule-table.ts';
import type { ServiceAssessment, Wave, WaveId, WorkItem } from './types.ts';

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

/** Gates whose last finding above a note goes with the wave. */
function findOpened(
  services: readonly ServiceAssessment[],
  done: ReadonlySet<string>,
  now: ReadonlySet<string>,
  weights: Weights,
): Wave['opens'] {
  return services.flatMap(({ service, gates }) =>
    gates.flatMap(({ id, state, against }): { service: string; gate: GateId }[] => {
      if (state !== 'closed' && state !== 'at risk') return [];
      const deciding = against.filter((fingerprint) => weights.has(fingerprint));
      const isDone = deciding.every((fingerprint) => done.has(fingerprint) || now.has(fingerprint));
      return isDone && deciding.some((fingerprint) => now.has(fingerprint)) ? [{ service: service.name, gate: id }] : [];
    }),
  );
}
/** Fingerprints of findings that decide a gate. */
type Weights = ReadonlySet<string>;

export function makeWaves(
  items: readonly WorkItem[],
  services: readonly ServiceAssessment[],
  deciding: Weights,
  say: Say,
): readonly Wave[] {
  const done = new Set<string>();
  return waveIds.flatMap((id) => {
    const own = orderItems(items.filter(({ wave }) => wave === id));
    if (!own.length) return [];
    const now = new Set(own.flatMap(({ findings }) => findings));
    const opens = findOpened(services, done, now, deciding);
    for (const fingerprint of now) done.add(fingerprint);
    return [
      {
        id,
        title: say(`wave.${id}`),
        items: own.map((item) => item.id),
        effort: own.reduce((sum, { effort }) => sum + effort, 0),
        opens,
      },
    ];
  });
}
