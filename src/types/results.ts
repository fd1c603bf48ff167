/** What an analysis answers, and who prints it. */
import type { Platform, Purpose } from '../facts.ts';
import type { Comparison, Confidence, Copies, Finding, Fix, FixFailure, HiddenFindings, Link, Place, Rule, Service } from '../types.ts';
import type { NotAssessed } from './adapters.ts';

export type Verdict = 'ready' | 'at risk' | 'blocked' | 'unknown';

/** The five questions that decide whether a service autoscales, in the order in which they are asked. */
export type GateId = 'second-copy-safe' | 'any-copy-serves' | 'copy-replaceable' | 'platform-scales' | 'same-build-observable';

/** `open`: nothing against it and something for it; `at risk`: warnings; `closed`: blockers; `unknown`: its place was not read. */
export type GateState = 'open' | 'at risk' | 'closed' | 'unknown';

/** Something that is right, with where it shows: counts for the verdict and is printed. */
export interface Evidence {
  /** Id of its message, kebab-case: a catalogue translates it with `data`. */
  readonly id: string;
  /** The gate that it speaks for. */
  readonly gate: GateId;
  /** The factors that it speaks for. */
  readonly factors: readonly number[];
  readonly data: Readonly<Record<string, string | number>>;
  /** Rendered in the chosen language. */
  readonly text: string;
  readonly place: Place;
}

/** Something that a service needs at run time: a store, another service of the repository, or an address outside of it. */
export interface Use {
  readonly kind: 'store' | 'service' | 'external';
  /** Name of the service or workload in the repository, else the host or the technology. */
  readonly name: string;
  /** `postgresql`, `redis`, `http`… */
  readonly technology?: string;
  readonly because: string;
  readonly confidence: Confidence;
  readonly place: Place;
}

export interface ServiceResult {
  readonly name: string;
  readonly root?: string;
  readonly kind: Service['kind'];
  readonly place: Place;
  readonly verdict: Verdict;
  /** One sentence: "No: 3 blockers". */
  readonly answer: string;
  readonly blockers: number;
  /** All five, in their order. Absent: the result was saved before they were kept. */
  readonly gates?: readonly { readonly id: GateId; readonly state: GateState }[];
  readonly platforms: readonly Platform[];
  /** What was read of it: where something was not, nothing is missing. */
  readonly read: {
    /** Its code, from a known start. */
    readonly code: boolean;
    /** The language that most of its code is in, where that is one that is not read. */
    readonly unreadLanguage?: string;
    /** The command that becomes PID 1. */
    readonly process: boolean;
    /** A manifest that is for production and runs it. */
    readonly workload: boolean;
  };
  readonly copies: Copies['count'];
  readonly images: readonly { readonly name: string; readonly place: Place }[];
  readonly workloads: readonly {
    readonly platform: Platform;
    readonly kind: string;
    readonly name: string;
    readonly purpose: Purpose;
    readonly place: Place;
    /** The Dockerfile that builds its image, where one was found. */
    readonly image?: string;
  }[];
  readonly uses: readonly Use[];
  readonly evidence: readonly Evidence[];
  readonly links: readonly Link[];
  readonly notAssessed: readonly string[];
}

/** What a run of the session gives to the faces and reporters. Plain data. */
export interface Result {
  readonly root: string;
  readonly services: readonly ServiceResult[];
  readonly findings: readonly Finding[];
  readonly suppressed: readonly { readonly finding: Finding; readonly reason: string; readonly place?: Place }[];
  /** Absent: nothing was compared. */
  readonly comparison?: Comparison;
  /** Absent: neither a baseline nor a change limited the findings. */
  readonly hidden?: HiddenFindings;
  /** `findings` as they were before a baseline or a change limited them; absent: they are the same. */
  readonly allFindings?: readonly Finding[];
  readonly notAssessed: readonly NotAssessed[];
  readonly counts: { readonly files: number; readonly read: number; readonly parsed: number };
  readonly rules: readonly Rule[];
  /** Text of one file of the repository, for excerpts; secrets are masked. */
  excerpt(place: Place, context: number): readonly { readonly line: number; readonly text: string }[] | undefined;
  /**
   * Whole decoded text of one file as it was read, secrets included: for line hashes only, never for output.
   * `undefined` when the path was not read.
   */
  text(path: string): string | undefined;
  /** Ways to remove a finding, the best first; made when asked for. */
  fixes(finding: Finding): readonly Fix[];
  /** What went wrong while fixes were made, of the findings that were asked about so far. */
  fixFailures(): readonly FixFailure[];
}

/** Prints a result; returns the whole text. Never writes to a stream itself. */
export interface Reporter {
  readonly id: string;
  /** It tells how findings can be removed. */
  readonly asksForFixes?: boolean;
  render(result: Result, options: ReporterOptions): string;
}
export interface ReporterOptions {
  readonly color: boolean;
  readonly width: number;
  readonly links: boolean;
  readonly version: string;
  readonly verbose: boolean;
  /** BCP 47 tag of the language of what stands around findings; default English. The result itself is in one already. */
  readonly lang?: string;
}
