import type { Assessment, Gate, ServiceAssessment } from '../assessment/types.ts';
import { code, escapeProse } from '../reporters/markdown-text.ts';
import { countSerious, findingsOfNone, sortBySeverity } from '../reporters/order.ts';
import { makeTell, type Tell } from '../reporters/terms.ts';
import type { Result, Verdict } from '../types.ts';
import { writeFactors } from './markdown/factors.ts';
import { writePlan } from './markdown/plan.ts';
import { writeService } from './markdown/service.ts';
import { writeTrend } from './markdown/trend.ts';
import { gateMarks, levelMarks, listLimited, placeOf, table, verdictMarks } from './markdown/write.ts';
import type { ReportFormat } from './report.ts';

const mostOfNone = 12;
const verdictOrder: readonly Verdict[] = ['blocked', 'at risk', 'unknown', 'ready'];

/** The whole report as a document: the answers, the plan, then the evidence of each service. */
export const markdown: ReportFormat = {
  id: 'markdown',
  render(assessment, result, { lang }) {
    const tell = makeTell(lang);
    const lines = [
      `# ${tell('question')}`,
      '',
      ...writeSummary(assessment, result, tell),
      ...writeTrend(assessment, result, tell),
      ...writePlan(assessment, result, tell),
      ...writeFactors(assessment, result, tell),
      ...assessment.services.filter(hasSection).flatMap((service) => writeService(service, result, tell)),
      ...writeMap(assessment, tell),
      ...writeGaps(result, tell),
      ...writeAssumptions(assessment, tell),
    ];
    return `${lines.join('\n')}\n`;
  },
};

/** Programs of the repository that serve or work on; stores, images of others and jobs are not asked whether they scale. */
const isAsked = ({ targets }: ServiceAssessment): boolean => targets.length > 0;

/** What others make needs no section of its own as long as nothing was found in it. */
const hasSection = (service: ServiceAssessment): boolean => isAsked(service) || service.gates.some(({ against }) => against.length > 0);

function writeSummary({ services, waves, effort }: Assessment, result: Result, tell: Tell): readonly string[] {
  if (!services.length) return [tell('report.none'), ''];
  const asked = services.filter(isAsked);
  const counts = verdictOrder
    .map((verdict) => [verdict, asked.filter((service) => service.verdict === verdict).length] as const)
    .filter(([, count]) => count > 0)
    .map(([verdict, count]) => tell('counted.verdict', { n: count, verdict: tell(`verdict.${verdict}`) }));
  const ordered = services.filter(hasSection).toSorted((a, b) => verdictOrder.indexOf(a.verdict) - verdictOrder.indexOf(b.verdict));
  const others = services.filter((service) => !isAsked(service));
  const gates = services[0]?.gates ?? [];
  const size = waves.map((wave) => `${wave.title.toLowerCase()} ${wave.effort}`).join(', ');
  return [
    `**${tell.count('n.service', asked.length)}: ${counts.join(', ') || tell('report.nothing')}.** ${effort ? tell('report.effort', { points: tell.count('n.point', effort), waves: size }) : ''}`.trimEnd(),
    '',
    ...table(
      [
        '',
        tell('column.service'),
        tell('column.kind'),
        tell('column.answer'),
        ...gates.map(({ id }) => tell(`gate.short.${id}`)),
        tell('column.strategy'),
        tell('column.points'),
      ],
      ordered.map((one) => [
        verdictMarks[one.verdict],
        escapeProse(one.service.name),
        tell(`kind.${one.service.kind}`),
        escapeProse(one.service.answer),
        ...one.gates.map(({ state }) => gateMarks[state]),
        tell(`strategy.${one.strategy.id}`),
        String(one.effort),
      ]),
    ),
    '',
    ...gates.map(
      (gate: Gate, index) =>
        `${index === 0 ? `${tell('report.gates')} ` : ''}**${tell(`gate.short.${gate.id}`)}** ${gate.title.toLowerCase()}${index < 4 ? ' ·' : '.'}`,
    ),
    '',
    ...writeOfNone(services, result, tell),
    ...(others.length
      ? [
          tell('report.not-asked', {
            names: others.map(({ service }) => `${escapeProse(service.name)} (${tell(`kind.${service.kind}`)})`).join(', '),
          }),
          '',
        ]
      : []),
    tell('report.marks', { open: gateMarks.open, risk: gateMarks['at risk'], closed: gateMarks.closed, unknown: gateMarks.unknown }),
    '',
  ];
}

/** What no verdict counts, beside the verdicts. */
function writeOfNone(services: Assessment['services'], { allFindings, findings }: Result, tell: Tell): readonly string[] {
  const outside = findingsOfNone(
    allFindings ?? findings,
    services.map(({ service }) => service),
  ).filter(({ level }) => level !== 'note');
  if (!outside.length) return [];
  const lines = sortBySeverity(outside).map(
    ({ level, text, place, rule }) => `${levelMarks[level]} ${escapeProse(text)} ${placeOf(place)} ${code(rule)}`,
  );
  return [tell('of-none', { found: `**${countSerious(outside, tell)}**` }), '', ...listLimited(lines, mostOfNone, tell), ''];
}

function writeMap({ map }: Assessment, tell: Tell): readonly string[] {
  const labels = new Map(map.nodes.map(({ id, label, kind }) => [id, `${tell(`node.${kind}`)} ${label}`]));
  const lines = map.edges
    .filter(({ from, label }) => from.startsWith('service:') || label !== 'runs')
    .map(
      ({ from, to, label, because, confidence }) =>
        `${escapeProse(labels.get(from) ?? from)} ${label} ${escapeProse(labels.get(to) ?? to)}: ${escapeProse(because)}${confidence === 'certain' ? '' : ` (${tell(`confidence.${confidence}`)})`}`,
    );
  return lines.length ? [`## ${tell('report.map')}`, '', ...listLimited(lines, 200, tell), ''] : [];
}

function writeGaps({ notAssessed }: Result, tell: Tell): readonly string[] {
  if (!notAssessed.length) return [];
  const lines = notAssessed.map(({ message, place, service }) =>
    [service === undefined ? '' : `**${escapeProse(service)}** `, escapeProse(message), place ? ` ${placeOf(place)}` : ''].join(''),
  );
  return [`## ${tell('not-assessed')}`, '', ...listLimited(lines, 100, tell), ''];
}

const writeAssumptions = ({ assumptions }: Assessment, tell: Tell): readonly string[] => [
  `## ${tell('report.rest')}`,
  '',
  ...assumptions.map((text) => `- ${escapeProse(text)}`),
];
