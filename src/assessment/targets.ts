/** The same evidence judged for four platforms: what each makes worse, better, or does by itself. */
import type { Finding, Level, ServiceResult, Verdict } from '../types.ts';
import { isAsked } from './gates.ts';
import type { PhraseId, Say } from './phrases.ts';
import type { Target, TargetFit } from './types.ts';

export const targets: readonly Target[] = ['kubernetes', 'cloud-foundry', 'ecs', 'cloud-run'];

interface Shift {
  readonly level: Level | 'none';
  readonly because: PhraseId;
}
/**
 * Where a platform differs from what the rule assumes. Cloud Foundry: "Considerations for Designing and Running an App in the Cloud";
 * Cloud Run: "Container runtime contract"; ECS: "Task definition parameters".
 */
const shifts: Readonly<Record<Target, Readonly<Record<string, Shift>>>> = {
  kubernetes: {},
  'cloud-foundry': {
    'local-file-state': { level: 'error', because: 'target.disk-goes' },
    'embedded-database': { level: 'error', because: 'target.disk-goes' },
    'host-path-volume': { level: 'error', because: 'target.no-host' },
    'host-network': { level: 'error', because: 'target.no-host' },
    'hardcoded-port': { level: 'error', because: 'target.port-given' },
    'loopback-bind': { level: 'error', because: 'target.loopback' },
    'image-runs-as-root': { level: 'none', because: 'target.runs-unprivileged' },
  },
  ecs: {
    'host-path-volume': { level: 'warning', because: 'target.no-host-fargate' },
  },
  'cloud-run': {
    'local-file-state': { level: 'error', because: 'target.disk-is-memory' },
    'embedded-database': { level: 'error', because: 'target.disk-is-memory' },
    'host-path-volume': { level: 'error', because: 'target.no-host' },
    'host-network': { level: 'error', because: 'target.no-host' },
    'in-process-scheduler': { level: 'error', because: 'target.no-cpu' },
    'in-process-queue': { level: 'error', because: 'target.no-cpu' },
    'remote-object-protocol': { level: 'error', because: 'target.http-only' },
    'loopback-bind': { level: 'error', because: 'target.loopback' },
    'hardcoded-port': { level: 'note', because: 'target.port-set' },
    'image-runs-as-root': { level: 'note', because: 'target.sandboxed' },
  },
};
/** Spreading and replacing copies is the platform's own work there. */
const managed: readonly string[] = ['spread-missing', 'disruption-budget-missing', 'disruption-budget-blocks'];

export interface Fitted {
  readonly service: ServiceResult;
  readonly verdict: Verdict;
  readonly findings: readonly Finding[];
}
interface Judged {
  readonly finding: Finding;
  readonly level: Level;
  readonly because?: PhraseId;
}

/** A finding in another platform's manifest says nothing about this one, but for state, which has to live somewhere. */
function isOfOther(finding: Finding, target: Target, { workloads }: ServiceResult): boolean {
  if (finding.category === 'state') return false;
  if (target !== 'kubernetes' && managed.includes(finding.rule)) return true;
  const here = workloads.filter(({ place }) => place.path === finding.place.path);
  return here.length > 0 && here.every(({ platform }) => platform !== target);
}

function shiftFinding(finding: Finding, target: Target): Judged | undefined {
  const shift = shifts[target][finding.rule];
  if (!shift) return { finding, level: finding.level };
  if (shift.level === 'none') return undefined;
  return { finding, level: shift.level, because: shift.because };
}

const isDeclared = ({ workloads }: ServiceResult, target: Target): boolean =>
  workloads.some(({ platform, purpose }) => platform === target && purpose !== 'development' && purpose !== 'test');

/** Findings of one rule are one root cause here, too. */
function sumEffort(judged: readonly Judged[]): number {
  const byRule = new Map<string, readonly Finding[]>();
  for (const { finding } of judged) byRule.set(finding.rule, [...(byRule.get(finding.rule) ?? []), finding]);
  const sizes = [...byRule.values()].map((findings) =>
    Math.round(Math.max(...findings.map(({ effort }) => effort)) * Math.sqrt(findings.length)),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** Story points for a manifest that does not exist yet, without and with an image to start from. */
const manifestEffort = { withImage: 1, withoutImage: 3 };

function listReasons({ service }: Fitted, target: Target, judged: readonly Judged[], say: Say): readonly string[] {
  const moved = [...new Set(judged.flatMap(({ because }) => because ?? []))].map((id) => say(id));
  const platform = say(`target.name.${target}`);
  const isWorker = service.kind === 'worker' && target === 'cloud-run';
  return [
    ...moved,
    ...(isWorker ? [say('target.worker')] : []),
    ...(isDeclared(service, target)
      ? []
      : [say(service.images.length || target === 'cloud-foundry' ? 'target.no-manifest' : 'target.no-image', { platform })]),
    say(`target.gives.${target}`),
  ];
}

function fitTarget(fitted: Fitted, target: Target, say: Say): TargetFit {
  const { service, findings } = fitted;
  const judged = findings
    .filter((finding) => !isOfOther(finding, target, service))
    .flatMap((finding) => shiftFinding(finding, target) ?? []);
  const declared = isDeclared(service, target);
  const blockers = judged.filter(({ level }) => level === 'error').length;
  const isWorker = service.kind === 'worker' && target === 'cloud-run';
  const risks = judged.filter(({ level }) => level === 'warning').length + (declared ? 0 : 1) + (isWorker ? 1 : 0);
  const hasImage = service.images.length > 0 || target === 'cloud-foundry';
  const extra = declared ? 0 : hasImage ? manifestEffort.withImage : manifestEffort.withoutImage;
  return {
    target,
    verdict: decide(fitted, blockers, risks),
    blockers,
    risks,
    effort: sumEffort(judged) + extra,
    reasons: listReasons(fitted, target, judged, say),
  };
}

function decide({ service }: Fitted, blockers: number, risks: number): Verdict {
  if (blockers) return 'blocked';
  if (!service.read.code) return 'unknown';
  return risks ? 'at risk' : 'ready';
}

/** Only for programs of the repository: what others make runs where its makers say. */
export const compareTargets = (fitted: Fitted, say: Say): readonly TargetFit[] =>
  isAsked(fitted.service) ? targets.map((target) => fitTarget(fitted, target, say)) : [];
