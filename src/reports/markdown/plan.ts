import type { Assessment, GateId, Wave, WorkItem } from '../../assessment/types.ts';
import { code, escapeProse } from '../../reporters/markdown-text.ts';
import type { Tell } from '../../reporters/terms.ts';
import type { Finding, Result } from '../../types.ts';
import { levelMarks, listLimited, placeOf, table } from './write.ts';

const mostPlaces = 8;
const mostServices = 4;

/** Waves with their items as a table, then each item with what to do and where. */
export function writePlan(assessment: Assessment, result: Result, tell: Tell): readonly string[] {
  const { waves, items, services } = assessment;
  if (!waves.length) return [`## ${tell('report.plan')}`, '', tell('report.plan.none'), ''];
  const numbers = new Map(waves.flatMap((wave) => wave.items).map((id, index) => [id, index + 1]));
  const findings = new Map((result.allFindings ?? result.findings).map((finding) => [finding.fingerprint, finding]));
  const titles = new Map((services[0]?.gates ?? []).map(({ id, title }) => [id, title]));
  const plan: Plan = { items: new Map(items.map((item) => [item.id, item])), numbers, findings, titles, tell };
  return [`## ${tell('report.plan')}`, '', ...waves.flatMap((wave) => writeWave(wave, plan))];
}

interface Plan {
  readonly items: ReadonlyMap<string, WorkItem>;
  /** Place in the order of work, from 1. */
  readonly numbers: ReadonlyMap<string, number>;
  readonly findings: ReadonlyMap<string, Finding>;
  readonly titles: ReadonlyMap<GateId, string>;
  readonly tell: Tell;
}

function writeWave(wave: Wave, plan: Plan): readonly string[] {
  const { tell } = plan;
  const items = wave.items.flatMap((id) => plan.items.get(id) ?? []);
  return [
    `### ${wave.title}: ${tell.count('n.item', items.length)}, ${tell.count('n.point', wave.effort)}`,
    '',
    ...writeOpened(wave, plan),
    ...table(
      ['#', '', tell('column.what'), tell('column.where'), tell('column.points'), tell('column.after'), tell('column.fix')],
      items.map((item) => [
        String(plan.numbers.get(item.id)),
        levelMarks[item.level],
        `${escapeProse(item.title)} ${code(item.rule)}`,
        writeServices(item, tell),
        String(item.effort),
        item.dependsOn
          .map((id) => plan.numbers.get(id))
          .toSorted((a, b) => (a ?? 0) - (b ?? 0))
          .join(', '),
        item.fix === undefined ? '' : tell(`fix.${item.fix}`),
      ]),
    ),
    '',
    ...items.filter(({ level }) => level !== 'note').flatMap((item) => writeItem(item, plan)),
  ];
}

function writeServices({ services }: WorkItem, tell: Tell): string {
  if (!services.length) return tell('report.whole');
  const shown = services.slice(0, mostServices).map(escapeProse).join(', ');
  return services.length > mostServices ? tell('report.more', { names: shown, n: services.length - mostServices }) : shown;
}

/** The gates that turn green, service by service. */
function writeOpened({ opens, verdicts }: Wave, { titles, tell }: Plan): readonly string[] {
  if (!opens.length) return [];
  const byGate = new Map<GateId, string[]>();
  for (const { service, gate } of opens) byGate.set(gate, [...(byGate.get(gate) ?? []), service]);
  const lines = [...byGate].map(([gate, services]) =>
    tell('report.for', { gate: titles.get(gate) ?? gate, services: services.map(escapeProse).join(', ') }),
  );
  const moved = verdicts.map(
    ({ service, before, after }) => `${escapeProse(service)} ${tell(`verdict.${before}`)} → ${tell(`verdict.${after}`)}`,
  );
  return [
    tell('report.opens'),
    '',
    ...listLimited(lines, 20, tell),
    '',
    ...(moved.length ? [tell('report.moves', { moved: moved.join(', ') }), ''] : []),
  ];
}

function writeItem(item: WorkItem, { numbers, findings, tell }: Plan): readonly string[] {
  const own = item.findings.flatMap((fingerprint) => findings.get(fingerprint) ?? []);
  const places = own.map((finding) => `${placeOf(finding.place)} ${escapeProse(finding.text)}`);
  return [
    `**${numbers.get(item.id)}. ${escapeProse(item.title)}** (${escapeProse(item.formula)})`,
    '',
    `${escapeProse(own[0]?.consequence ?? '')} ${escapeProse(item.next)}`,
    '',
    ...(own.length === 1 ? [tell('report.at', { place: placeOf(own[0]!.place) })] : listLimited(places, mostPlaces, tell)),
    '',
  ];
}
