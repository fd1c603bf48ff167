import type { Assessment, GateId, Wave, WorkItem } from '../../assessment/types.ts';
import { code, escapeProse } from '../../reporters/markdown-text.ts';
import { countOf } from '../../reporters/visible-text.ts';
import type { Finding, Result } from '../../types.ts';
import { levelMarks, listLimited, placeOf, table } from './write.ts';

const mostPlaces = 8;
const mostServices = 4;

/** Waves with their items as a table, then each item with what to do and where. */
export function writePlan(assessment: Assessment, result: Result): readonly string[] {
  const { waves, items, services } = assessment;
  if (!waves.length) return ['## Plan', '', 'Nothing was found that has to be done.', ''];
  const numbers = new Map(waves.flatMap((wave) => wave.items).map((id, index) => [id, index + 1]));
  const findings = new Map((result.allFindings ?? result.findings).map((finding) => [finding.fingerprint, finding]));
  const titles = new Map((services[0]?.gates ?? []).map(({ id, title }) => [id, title]));
  const plan: Plan = { items: new Map(items.map((item) => [item.id, item])), numbers, findings, titles };
  return ['## Plan', '', ...waves.flatMap((wave) => writeWave(wave, plan))];
}

interface Plan {
  readonly items: ReadonlyMap<string, WorkItem>;
  /** Place in the order of work, from 1. */
  readonly numbers: ReadonlyMap<string, number>;
  readonly findings: ReadonlyMap<string, Finding>;
  readonly titles: ReadonlyMap<GateId, string>;
}

function writeWave(wave: Wave, plan: Plan): readonly string[] {
  const items = wave.items.flatMap((id) => plan.items.get(id) ?? []);
  return [
    `### ${wave.title}: ${countOf(items.length, 'item')}, ${countOf(wave.effort, 'story point')}`,
    '',
    ...writeOpened(wave, plan),
    ...table(
      ['#', '', 'What', 'Where', 'Points', 'After', 'Fix'],
      items.map((item) => [
        String(plan.numbers.get(item.id)),
        levelMarks[item.level],
        `${escapeProse(item.title)} ${code(item.rule)}`,
        writeServices(item),
        String(item.effort),
        item.dependsOn
          .map((id) => plan.numbers.get(id))
          .toSorted((a, b) => (a ?? 0) - (b ?? 0))
          .join(', '),
        item.fix === undefined ? '' : item.fix,
      ]),
    ),
    '',
    ...items.filter(({ level }) => level !== 'note').flatMap((item) => writeItem(item, plan)),
  ];
}

function writeServices({ services }: WorkItem): string {
  if (!services.length) return 'repository';
  const shown = services.slice(0, mostServices).map(escapeProse).join(', ');
  return services.length > mostServices ? `${shown} and ${services.length - mostServices} more` : shown;
}

/** The gates that turn green, service by service. */
function writeOpened({ opens, verdicts }: Wave, { titles }: Plan): readonly string[] {
  if (!opens.length) return [];
  const byGate = new Map<GateId, string[]>();
  for (const { service, gate } of opens) byGate.set(gate, [...(byGate.get(gate) ?? []), service]);
  const lines = [...byGate].map(([gate, services]) => `**${titles.get(gate) ?? gate}** for ${services.map(escapeProse).join(', ')}`);
  const moved = verdicts.map(({ service, before, after }) => `${escapeProse(service)} ${before} → ${after}`);
  return [
    'When it is done, these gates are open:',
    '',
    ...listLimited(lines, 20),
    '',
    ...(moved.length ? [`And these answers change: ${moved.join(', ')}.`, ''] : []),
  ];
}

function writeItem(item: WorkItem, { numbers, findings }: Plan): readonly string[] {
  const own = item.findings.flatMap((fingerprint) => findings.get(fingerprint) ?? []);
  const places = own.map((finding) => `${placeOf(finding.place)} ${escapeProse(finding.text)}`);
  return [
    `**${numbers.get(item.id)}. ${escapeProse(item.title)}** (${escapeProse(item.formula)})`,
    '',
    `${escapeProse(own[0]?.consequence ?? '')} ${escapeProse(item.next)}`,
    '',
    ...(own.length === 1 ? [`At ${placeOf(own[0]!.place)}.`] : listLimited(places, mostPlaces)),
    '',
  ];
}
