import type { Gate, ServiceAssessment, TargetFit } from '../../assessment/types.ts';
import { code, escapeProse } from '../../reporters/markdown-text.ts';
import type { Tell } from '../../reporters/terms.ts';
import type { Finding, Result } from '../../types.ts';
import { factorMarks, gateMarks, levelMarks, listLimited, placeOf, table, verdictMarks } from './write.ts';

const mostFor = 6;
const mostAgainst = 12;
const targetNames: Readonly<Record<TargetFit['target'], string>> = {
  kubernetes: 'Kubernetes',
  'cloud-foundry': 'Cloud Foundry',
  ecs: 'ECS',
  'cloud-run': 'Cloud Run',
};

/** One service: the answer, its gates with the evidence on both sides, strategy, targets, factors. */
export function writeService(assessed: ServiceAssessment, result: Result, tell: Tell): readonly string[] {
  const { service, verdict, gates, strategy, targets, factors, effort } = assessed;
  const findings = new Map((result.allFindings ?? result.findings).map((finding) => [finding.fingerprint, finding]));
  const facts = [tell(`kind.${service.kind}`), ...(service.root === undefined ? [] : [code(service.root || '.')]), ...service.platforms];
  return [
    `## ${verdictMarks[verdict]} ${escapeProse(service.name)}: ${escapeProse(service.answer)}`,
    '',
    `${facts.join(' · ')} · ${tell.count('n.point', effort)}`,
    '',
    `**${strategy.title}.** ${strategy.reasons.map(escapeProse).join(' ')}`,
    '',
    ...gates.flatMap((gate) => writeGate(gate, findings, tell)),
    ...writeTargets(targets, tell),
    ...writeFactorLine(factors, tell),
    ...(service.notAssessed.length ? [tell('report.gaps'), '', ...listLimited(service.notAssessed.map(escapeProse), 20, tell), ''] : []),
  ];
}

function writeGate(gate: Gate, findings: ReadonlyMap<string, Finding>, tell: Tell): readonly string[] {
  const against = gate.against.flatMap((fingerprint) => findings.get(fingerprint) ?? []);
  const confidence = gate.state === 'unknown' ? '' : tell('report.confidence', { confidence: tell(`confidence.${gate.confidence}`) });
  return [
    `**${gateMarks[gate.state]} ${gate.title}**: ${tell(`gate.${gate.state}`)}${confidence}`,
    '',
    ...listLimited(
      against.map(({ level, text, place, rule }) => `${levelMarks[level]} ${escapeProse(text)} ${placeOf(place)} ${code(rule)}`),
      mostAgainst,
      tell,
    ),
    ...listLimited(
      gate.for.map(({ text, place }) => `✔ ${escapeProse(text)} ${placeOf(place)}`),
      mostFor,
      tell,
    ),
    ...(gate.wouldChange.length ? [`- → ${gate.wouldChange.map(escapeProse).join(' ')}`] : []),
    '',
  ];
}

function writeTargets(targets: readonly TargetFit[], tell: Tell): readonly string[] {
  if (!targets.length) return [];
  return [
    ...table(
      [tell('column.target'), '', tell('column.blockers'), tell('column.risks'), tell('column.points'), tell('column.differs')],
      targets.map(({ target, verdict, blockers, risks, effort, reasons }) => [
        targetNames[target],
        `${verdictMarks[verdict]} ${tell(`verdict.${verdict}`)}`,
        String(blockers),
        String(risks),
        String(effort),
        reasons.map(escapeProse).join(' '),
      ]),
    ),
    '',
  ];
}

/** The factors in one line: the table over all services has the reasons. */
const writeFactorLine = (factors: ServiceAssessment['factors'], tell: Tell): readonly string[] => [
  tell('report.factor-line', {
    factors: factors.map(({ number, title, state }) => `${factorMarks[state]} ${number} ${title}`).join(' · '),
  }),
  '',
];
