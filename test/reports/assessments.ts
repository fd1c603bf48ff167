/** Hand-made assessments for tests of reports. */
import type {
  Assessment,
  Factor,
  Gate,
  MapEdge,
  MapNode,
  ServiceAssessment,
  TargetFit,
  Trend,
  WorkItem,
} from '../../src/assessment/types.ts';
import type { Evidence, Finding, GateId, Result, ServiceResult } from '../../src/types.ts';
import { at, hostile, makeHostileResult, makeResult } from '../reporters/results.ts';

const gateTitles: Readonly<Record<GateId, string>> = {
  'second-copy-safe': 'A second copy is safe',
  'any-copy-serves': 'Any copy can serve any request',
  'copy-replaceable': 'A copy can be killed and replaced at any time',
  'platform-scales': 'The platform can scale and spread it',
  'same-build-observable': 'The same build runs everywhere, and can be observed',
};

const makeGates = (evidence: readonly Evidence[], against: readonly string[], text: string): readonly Gate[] =>
  (Object.keys(gateTitles) as GateId[]).map((id, index) => ({
    id,
    title: gateTitles[id],
    state: index === 0 && against.length > 0 ? 'closed' : index === 4 ? 'unknown' : 'open',
    for: index === 1 ? evidence : [],
    against: index === 0 ? against : [],
    confidence: 'high',
    wouldChange: index === 0 ? [text] : [],
  }));

const states = ['met', 'partly', 'violated', 'not assessed'] as const;
const makeFactors = (evidence: readonly Evidence[], against: readonly string[], text: string): readonly Factor[] =>
  Array.from({ length: 15 }, (_, index) => ({
    number: index + 1,
    title: `Factor ${index + 1}`,
    state: states[index % 4]!,
    for: index === 0 ? evidence : [],
    against: index === 2 ? against : [],
    because: text,
  }));

const makeTargets = (text: string): readonly TargetFit[] =>
  (['kubernetes', 'cloud-foundry', 'ecs', 'cloud-run'] as const).map((target, index) => ({
    target,
    verdict: index === 0 ? 'blocked' : 'unknown',
    blockers: 1,
    risks: index,
    effort: 3,
    reasons: [text],
  }));

export interface AssessmentChange {
  /** Stands wherever a repository decides the text. */
  readonly text?: string;
  readonly trend?: Trend;
  readonly map?: Assessment['map'];
}

/** An assessment of every service and finding of a result: the findings of each rule are one work item. */
export function makeAssessment(result: Result, { text = 'Because it is so.', trend, map }: AssessmentChange = {}): Assessment {
  const byRule = new Map<string, readonly Finding[]>();
  for (const finding of result.findings) byRule.set(finding.rule, [...(byRule.get(finding.rule) ?? []), finding]);
  const items = [...byRule.values()].map(makeItem);
  const services = result.services.map((service) => makeServiceAssessment(service, result, text));
  return {
    services,
    factors: makeFactors(
      result.services[0]?.evidence ?? [],
      result.findings.slice(0, 3).map(({ fingerprint }) => fingerprint),
      text,
    ),
    items,
    waves: [
      {
        id: 'before-second-replica',
        title: 'Before a second replica',
        items: items.map(({ id }) => id),
        effort: items.length * 3,
        opens: result.services.map(({ name }) => ({ service: name, gate: 'second-copy-safe' })),
        verdicts: [],
      },
      { id: 'hardening', title: 'Hardening', items: [], effort: 0, opens: [], verdicts: [] },
    ],
    map: map ?? makeMap(result.services),
    outside: result.findings.flatMap(({ service, fingerprint }) => (service === undefined ? fingerprint : [])),
    effort: items.length * 3,
    assumptions: [text],
    trend,
  };
}

function makeItem(findings: readonly Finding[]): WorkItem {
  const { rule, text, next, level } = findings[0]!;
  return {
    id: `${rule} ${text}`,
    rule,
    title: text,
    next,
    wave: 'before-second-replica',
    services: [...new Set(findings.flatMap(({ service }) => service ?? []))],
    findings: findings.map(({ fingerprint }) => fingerprint),
    occurrences: findings.length,
    effort: 3,
    formula: '3 points for the rule',
    level,
    gate: 'second-copy-safe',
    factors: [6],
    files: [...new Set(findings.map(({ place }) => place.path))],
    dependsOn: [],
    fix: 'safe',
  };
}

function makeServiceAssessment(service: ServiceResult, { findings }: Result, text: string): ServiceAssessment {
  const against = findings.filter((finding) => finding.service === service.name).map(({ fingerprint }) => fingerprint);
  return {
    service,
    verdict: service.verdict,
    gates: makeGates(service.evidence, against, text),
    factors: makeFactors(service.evidence, against, text),
    strategy: { id: 'refactor', title: 'Refactor', reasons: [text] },
    targets: makeTargets(text),
    effort: 3,
  };
}

/** Code, image and workload of each service, and one store for all. */
export function makeMap(services: readonly ServiceResult[]): Assessment['map'] {
  const nodes: MapNode[] = services.flatMap(({ name, verdict, place }): MapNode[] => [
    { id: `code ${name}`, kind: 'code', label: name, service: name, verdict, place },
    { id: `image ${name}`, kind: 'image', label: `registry.example.com/team/${name}`, place: at('Dockerfile', 1) },
    { id: `workload ${name}`, kind: 'workload', label: name, service: name, verdict },
  ]);
  const edge = (from: string, to: string, label: string): MapEdge => ({ from, to, label, because: 'names match', confidence: 'likely' });
  return {
    nodes: [...nodes, { id: 'store', kind: 'store', label: 'postgres' }],
    edges: services.flatMap(({ name }) => [
      edge(`code ${name}`, `image ${name}`, 'is built into'),
      edge(`image ${name}`, `workload ${name}`, 'is run by'),
      edge(`workload ${name}`, 'store', 'uses'),
    ]),
  };
}

export interface Assessed {
  readonly result: Result;
  readonly assessment: Assessment;
}

export const makeAssessed = (change: Partial<Result> = {}): Assessed => {
  const result = makeResult(change);
  return { result, assessment: makeAssessment(result) };
};

/** Everything that a repository decides is hostile, also in the map, the plan and the trend. */
export function makeHostileAssessed(): Assessed {
  const made = makeHostileResult();
  const findings = made.findings.map((finding, index) => ({ ...finding, fingerprint: `${hostile}${index}` }));
  const result: Result = { ...made, root: `/tmp/${hostile}`, findings };
  const trend: Trend = {
    solved: [{ fingerprint: hostile, rule: hostile, message: hostile, service: hostile }],
    new: [`${hostile}0`, hostile],
    unchanged: [],
    verdicts: [{ service: hostile, before: 'absent', after: 'blocked' }],
    effort: { before: 5, after: 3 },
  };
  const map: Assessment['map'] = {
    nodes: (['code', 'image', 'workload', 'service', 'store', 'external'] as const).map((kind) => ({
      id: `${kind} ${hostile}`,
      kind,
      label: hostile,
      service: hostile,
      verdict: 'blocked',
      place: at(hostile, 1),
    })),
    edges: [
      { from: `code ${hostile}`, to: `store ${hostile}`, label: hostile, because: hostile, confidence: 'guess' },
      { from: `workload ${hostile}`, to: `code ${hostile}`, label: hostile, because: hostile, confidence: 'certain' },
      { from: hostile, to: `code ${hostile}`, label: hostile, because: hostile, confidence: 'likely' },
    ],
  };
  return { result, assessment: makeAssessment(result, { text: hostile, trend, map }) };
}
