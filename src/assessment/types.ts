/**
 * The assessment: what a result means for a migration. It is computed from a result as it is saved (`--format json`),
 * so that an old run can be judged again without a scan. Plain data; the same result gives the same assessment.
 */
import type { Evidence, GateId, GateState, Level, Place, ServiceResult, Verdict } from '../types.ts';

export type { GateId, GateState } from '../types.ts';

export interface Gate {
  readonly id: GateId;
  readonly title: string;
  readonly state: GateState;
  readonly for: readonly Evidence[];
  /** Fingerprints of findings, worst first. */
  readonly against: readonly string[];
  readonly confidence: 'high' | 'medium' | 'low';
  /** What would change the answer, one sentence each. */
  readonly wouldChange: readonly string[];
}

/** 1–12 of 12factor.net; 13 API first, 14 telemetry, 15 security (Hoffman, Beyond the Twelve-Factor App, 2016). */
export interface Factor {
  readonly number: number;
  readonly title: string;
  readonly state: 'met' | 'partly' | 'violated' | 'not assessed';
  readonly for: readonly Evidence[];
  readonly against: readonly string[];
  /** Why it is in this state, one sentence. */
  readonly because: string;
}

export type Target = 'kubernetes' | 'cloud-foundry' | 'ecs' | 'cloud-run';
/** The same evidence judged for one platform. */
export interface TargetFit {
  readonly target: Target;
  readonly verdict: Verdict;
  readonly blockers: number;
  readonly risks: number;
  /** Story points. */
  readonly effort: number;
  readonly reasons: readonly string[];
}

/** The field's "R"s (Gartner 2010, AWS 2016). */
export interface Strategy {
  readonly id: 'retain' | 'rehost' | 'replatform' | 'refactor' | 'rearchitect' | 'undecided' | 'not applicable';
  readonly title: string;
  readonly reasons: readonly string[];
}

/** Order of work: each wave opens gates. */
export const waveIds = ['before-second-replica', 'before-autoscaling', 'before-zero-downtime', 'hardening'] as const;
export type WaveId = (typeof waveIds)[number];

/** One root cause to remove: all findings of one rule and message with the same cause, in one or more services. */
export interface WorkItem {
  /** Stable between runs: rule and what was found, no line numbers. */
  readonly id: string;
  readonly rule: string;
  readonly title: string;
  readonly next: string;
  readonly wave: WaveId;
  readonly services: readonly string[];
  /** Fingerprints. */
  readonly findings: readonly string[];
  readonly occurrences: number;
  /** MTA story points, with the formula that gave them. */
  readonly effort: number;
  readonly formula: string;
  /** The worst of its findings. */
  readonly level: Level;
  /** The ones that it counts against. */
  readonly gate: GateId;
  readonly factors: readonly number[];
  readonly files: readonly string[];
  /** Ids of items to do first. */
  readonly dependsOn: readonly string[];
  /** A fix exists that `--fix` (safe) or `--fix-unsafe` applies. */
  readonly fix?: 'safe' | 'unsafe';
}

export interface Wave {
  readonly id: WaveId;
  readonly title: string;
  readonly items: readonly string[];
  readonly effort: number;
  /** Gates that turn green when it is done. */
  readonly opens: readonly { readonly service: string; readonly gate: GateId }[];
  /** Services whose verdict is another one when it is done. */
  readonly verdicts: readonly { readonly service: string; readonly before: Verdict; readonly after: Verdict }[];
}

export interface MapNode {
  readonly id: string;
  readonly kind: 'code' | 'image' | 'workload' | 'service' | 'store' | 'external';
  readonly label: string;
  readonly service?: string;
  readonly verdict?: Verdict;
  readonly place?: Place;
}
export interface MapEdge {
  readonly from: string;
  readonly to: string;
  /** "is built by", "runs", "uses", "calls". */
  readonly label: string;
  readonly because: string;
  readonly confidence: 'certain' | 'likely' | 'guess';
}
/** Code ↔ image ↔ workload ↔ backing services ↔ other services. Nodes and edges are in a fixed order. */
export interface ServicesMap {
  readonly nodes: readonly MapNode[];
  readonly edges: readonly MapEdge[];
}

export interface ServiceAssessment {
  readonly service: ServiceResult;
  readonly verdict: Verdict;
  readonly gates: readonly Gate[];
  readonly factors: readonly Factor[];
  readonly strategy: Strategy;
  readonly targets: readonly TargetFit[];
  /** Story points of the items that concern it; an item that several services share counts whole for each. */
  readonly effort: number;
}

/** Against an earlier result. Fingerprints. */
export interface Trend {
  readonly solved: readonly { readonly fingerprint: string; readonly rule: string; readonly message: string; readonly service?: string }[];
  readonly new: readonly string[];
  readonly unchanged: readonly string[];
  readonly verdicts: readonly { readonly service: string; readonly before: Verdict | 'absent'; readonly after: Verdict | 'absent' }[];
  readonly effort: { readonly before: number; readonly after: number };
}

export interface Assessment {
  readonly services: readonly ServiceAssessment[];
  /** Over all services. */
  readonly factors: readonly Factor[];
  readonly items: readonly WorkItem[];
  readonly waves: readonly Wave[];
  readonly map: ServicesMap;
  /** Fingerprints of findings that count for no service: they belong to the repository as a whole. */
  readonly outside: readonly string[];
  readonly effort: number;
  /** What the numbers rest on, one sentence each. */
  readonly assumptions: readonly string[];
  readonly trend?: Trend;
}
