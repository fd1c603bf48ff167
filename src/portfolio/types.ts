/** Many repositories in one report. Plain data; the same results in the same order give the same portfolio. */
import type { Assessment, Strategy, WaveId } from '../assessment/types.ts';
import type { Result, Verdict } from '../types.ts';

/** One repository of the list. */
export interface Member {
  /** Unique in the portfolio; also the name of its result file. */
  readonly name: string;
  readonly team?: string;
}
/** What is known of a repository: its result with the assessment, or why there is none. */
export type Outcome =
  | { readonly member: Member; readonly result: Result; readonly assessment: Assessment }
  | { readonly member: Member; readonly failure: string };

export interface PortfolioService {
  readonly repository: string;
  readonly team?: string;
  readonly name: string;
  readonly kind: string;
  readonly verdict: Verdict;
  readonly answer: string;
  readonly blockers: number;
  readonly risks: number;
  /** Story points. */
  readonly effort: number;
  readonly strategy: Strategy['id'];
}

/** One rule that fires in several services: what one shared solution would solve. */
export interface SharedCause {
  readonly rule: string;
  readonly summary: string;
  /** `repository/service`. */
  readonly services: readonly string[];
  readonly repositories: number;
  readonly errors: number;
  readonly effort: number;
  /** The next steps that findings name, each with the services that it solves, the most first. */
  readonly solutions: readonly { readonly next: string; readonly services: number }[];
  /** What the rule advises, for where no one step helps half of the services. */
  readonly advice: string;
}

export interface TeamWaves {
  /** Absent: repositories without a team. */
  readonly team?: string;
  readonly services: number;
  readonly ready: number;
  readonly effort: number;
  readonly waves: readonly { readonly id: WaveId; readonly effort: number; readonly items: number }[];
}

/** A store outside of the repositories that services of several of them name. */
export interface SharedStore {
  readonly name: string;
  readonly technology?: string;
  readonly services: readonly string[];
}

export interface Portfolio {
  readonly repositories: readonly {
    readonly name: string;
    readonly team?: string;
    readonly services: number;
    readonly effort: number;
    readonly failure?: string;
  }[];
  /** The worst verdict first, then by effort. */
  readonly services: readonly PortfolioService[];
  readonly verdicts: Readonly<Record<Verdict, number>>;
  /** Stores, jobs and images that others make. */
  readonly notAsked: number;
  readonly causes: readonly SharedCause[];
  readonly waves: readonly { readonly id: WaveId; readonly title: string }[];
  readonly teams: readonly TeamWaves[];
  readonly stores: readonly SharedStore[];
  readonly effort: number;
}
