import type { Assessment, Gate, ServiceAssessment } from '../assessment/types.ts';
import { escapeProse } from '../reporters/markdown-text.ts';
import { countOf } from '../reporters/visible-text.ts';
import type { Result, Verdict } from '../types.ts';
import { writeFactors } from './markdown/factors.ts';
import { writePlan } from './markdown/plan.ts';
import { writeService } from './markdown/service.ts';
import { writeTrend } from './markdown/trend.ts';
import { gateMarks, listLimited, placeOf, table, verdictMarks } from './markdown/write.ts';
import type { ReportFormat } from './report.ts';

const verdictOrder: readonly Verdict[] = ['blocked', 'at risk', 'unknown', 'ready'];

/** The whole report as a document: the answers, the plan, then the evidence of each service. */
export const markdown: ReportFormat = {
  id: 'markdown',
  render(assessment, result) {
    const lines = [
      '# Can it autoscale?',
      '',
      ...writeSummary(assessment),
      ...writeTrend(assessment, result),
      ...writePlan(assessment, result),
      ...writeFactors(assessment, result),
      ...assessment.services.filter(hasSection).flatMap((service) => writeService(service, assessment, result)),
      ...writeMap(assessment),
      ...writeGaps(result),
      ...writeAssumptions(assessment),
    ];
    return `${lines.join('\n')}\n`;
  },
};

/** Programs of the repository that serve or work on; stores, images of others and jobs are not asked whether they scale. */
const isAsked = ({ targets }: ServiceAssessment): boolean => targets.length > 0;

/** What others make needs no section of its own as long as nothing was found in it. */
const hasSection = (service: ServiceAssessment): boolean => isAsked(service) || service.gates.some(({ against }) => against.length > 0);

function writeSummary({ services, waves, effort }: Assessment): readonly string[] {
  if (!services.length) return ['No service was found: neither code with an entry point nor a workload.', ''];
  const asked = services.filter(isAsked);
  const counts = verdictOrder
    .map((verdict) => [verdict, asked.filter((service) => service.verdict === verdict).length] as const)
    .filter(([, count]) => count > 0)
    .map(([verdict, count]) => `${count} ${verdict}`);
  const ordered = services.filter(hasSection).toSorted((a, b) => verdictOrder.indexOf(a.verdict) - verdictOrder.indexOf(b.verdict));
  const others = services.filter((service) => !isAsked(service));
  const size = waves.map((wave) => `${wave.title.toLowerCase()} ${wave.effort}`).join(', ');
  return [
    `**${countOf(asked.length, 'service')}: ${counts.join(', ') || 'nothing to ask'}.** ${effort ? `What was found takes ${countOf(effort, 'story point')}: ${size}.` : ''}`.trimEnd(),
    '',
    ...table(
      ['', 'Service', 'Kind', 'Answer', 'Copy', 'Any', 'Kill', 'Scale', 'Same', 'Strategy', 'Points'],
      ordered.map((one) => [
        verdictMarks[one.verdict],
        escapeProse(one.service.name),
        one.service.kind,
        escapeProse(one.service.answer),
        ...one.gates.map(({ state }) => gateMarks[state]),
        one.strategy.id,
        String(one.effort),
      ]),
    ),
    '',
    ...(services[0]?.gates ?? []).map(
      (gate: Gate, index) =>
        `${index === 0 ? 'Gates: ' : ''}**${['Copy', 'Any', 'Kill', 'Scale', 'Same'][index]}** ${gate.title.toLowerCase()}${index < 4 ? ' ·' : '.'}`,
    ),
    '',
    ...(others.length
      ? [`Not asked: ${others.map(({ service }) => `${escapeProse(service.name)} (${service.kind})`).join(', ')}.`, '']
      : []),
    `${gateMarks.open} open, ${gateMarks['at risk']} at risk, ${gateMarks.closed} closed, ${gateMarks.unknown} not assessed. One closed gate blocks.`,
    '',
  ];
}

function writeMap({ map }: Assessment): readonly string[] {
  const labels = new Map(map.nodes.map(({ id, label, kind }) => [id, `${kind} ${label}`]));
  const lines = map.edges
    .filter(({ from, label }) => from.startsWith('service:') || label !== 'runs')
    .map(
      ({ from, to, label, because, confidence }) =>
        `${escapeProse(labels.get(from) ?? from)} ${label} ${escapeProse(labels.get(to) ?? to)}: ${escapeProse(because)}${confidence === 'certain' ? '' : ` (${confidence})`}`,
    );
  return lines.length ? ['## Services map', '', ...listLimited(lines, 200), ''] : [];
}

function writeGaps({ notAssessed }: Result): readonly string[] {
  if (!notAssessed.length) return [];
  const lines = notAssessed.map(({ message, place, service }) =>
    [service === undefined ? '' : `**${escapeProse(service)}** `, escapeProse(message), place ? ` ${placeOf(place)}` : ''].join(''),
  );
  return ['## Not assessed', '', ...listLimited(lines, 100), ''];
}

const writeAssumptions = ({ assumptions }: Assessment): readonly string[] => [
  '## What the numbers rest on',
  '',
  ...assumptions.map((text) => `- ${escapeProse(text)}`),
];
