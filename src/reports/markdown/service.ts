import type { Assessment, Gate, ServiceAssessment, TargetFit } from '../../assessment/types.ts';
import { code, escapeProse } from '../../reporters/markdown-text.ts';
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
export function writeService(assessed: ServiceAssessment, _assessment: Assessment, result: Result): readonly string[] {
  const { service, verdict, gates, strategy, targets, factors, effort } = assessed;
  const findings = new Map((result.allFindings ?? result.findings).map((finding) => [finding.fingerprint, finding]));
  const facts = [service.kind, ...(service.root === undefined ? [] : [code(service.root || '.')]), ...service.platforms];
  return [
    `## ${verdictMarks[verdict]} ${escapeProse(service.name)}: ${escapeProse(service.answer)}`,
    '',
    `${facts.join(' · ')} · ${effort} story points`,
    '',
    `**${strategy.title}.** ${strategy.reasons.map(escapeProse).join(' ')}`,
    '',
    ...gates.flatMap((gate) => writeGate(gate, findings)),
    ...writeTargets(targets),
    ...writeFactorLine(factors),
    ...(service.notAssessed.length ? ['Not assessed:', '', ...listLimited(service.notAssessed.map(escapeProse), 20), ''] : []),
  ];
}

function writeGate(gate: Gate, findings: ReadonlyMap<string, Finding>): readonly string[] {
  const against = gate.against.flatMap((fingerprint) => findings.get(fingerprint) ?? []);
  const confidence = gate.state === 'unknown' ? '' : `, confidence ${gate.confidence}`;
  return [
    `**${gateMarks[gate.state]} ${gate.title}**: ${gate.state === 'unknown' ? 'not assessed' : gate.state}${confidence}`,
    '',
    ...listLimited(
      against.map(({ level, text, place, rule }) => `${levelMarks[level]} ${escapeProse(text)} ${placeOf(place)} ${code(rule)}`),
      mostAgainst,
    ),
    ...listLimited(
      gate.for.map(({ text, place }) => `✔ ${escapeProse(text)} ${placeOf(place)}`),
      mostFor,
    ),
    ...(gate.wouldChange.length ? [`- → ${gate.wouldChange.map(escapeProse).join(' ')}`] : []),
    '',
  ];
}

function writeTargets(targets: readonly TargetFit[]): readonly string[] {
  if (!targets.length) return [];
  return [
    ...table(
      ['Target', '', 'Blockers', 'Risks', 'Points', 'Why it differs'],
      targets.map(({ target, verdict, blockers, risks, effort, reasons }) => [
        targetNames[target],
        `${verdictMarks[verdict]} ${verdict}`,
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
const writeFactorLine = (factors: ServiceAssessment['factors']): readonly string[] => [
  `Factors: ${factors.map(({ number, title, state }) => `${factorMarks[state]} ${number} ${title}`).join(' · ')}`,
  '',
];
