/** The order of work: dependencies between items, waves, and what each wave opens. */
import type { Level, Verdict } from '../types.ts';
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

/** What decides gates: findings above a note, by fingerprint. */
export type Deciding = ReadonlyMap<string, Level>;

/** The state of all gates after some findings are gone: one that was not assessed stays so. */
const isOpenWithout = (
  { service }: ServiceAssessment,
  { id, state, against }: Gate,
  gone: ReadonlySet<string>,
  deciding: Deciding,
): boolean =>
  state === 'open' ||
  (state !== 'unknown' && isGateRead(id, service) && against.every((fingerprint) => gone.has(fingerprint) || !deciding.has(fingerprint)));

const findOpened = (
  services: readonly ServiceAssessment[],
  before: ReadonlySet<string>,
  after: ReadonlySet<string>,
  deciding: Deciding,
): Wave['opens'] =>
  services.flatMap((one) =>
    one.gates
      .filter((gate) => !isOpenWithout(one, gate, before, deciding) && isOpenWithout(one, gate, after, deciding))
      .map(({ id }) => ({ service: one.service.name, gate: id })),
  );

function verdictWithout(assessed: ServiceAssessment, gone: ReadonlySet<string>, deciding: Deciding): Verdict {
  const { gates, verdict } = assessed;
  const left = gates.flatMap(({ against }) =>
    against.flatMap((fingerprint) => (gone.has(fingerprint) ? [] : (deciding.get(fingerprint) ?? []))),
  );
  if (left.includes('error')) return 'blocked';
  if (verdict === 'unknown') return verdict;
  if (left.length) return 'at risk';
  return gates.every((gate) => isOpenWithout(assessed, gate, gone, deciding)) ? 'ready' : 'unknown';
}

export function makeWaves(
  items: readonly WorkItem[],
  services: readonly ServiceAssessment[],
  deciding: Deciding,
  say: Say,
): readonly Wave[] {
  let done: ReadonlySet<string> = new Set();
  return waveIds.flatMap((id): readonly Wave[] => {
    const own = orderItems(items.filter(({ wave }) => wave === id));
    if (!own.length) return [];
    const before = done;
    done = new Set([...before, ...own.flatMap(({ findings }) => findings)]);
    const moved = services.map((one) => ({
      service: one.service.name,
      before: verdictWithout(one, before, deciding),
      after: verdictWithout(one, done, deciding),
    }));
    return [
      {
        id,
        title: say(`wave.${id}`),
        items: own.map((item) => item.id),
        effort: own.reduce((sum, { effort }) => sum + effort, 0),
        opens: findOpened(services, before, done, deciding),
        verdicts: moved.filter((one) => one.before !== one.after),
      },
    ];
  });
}
