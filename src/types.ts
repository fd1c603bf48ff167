/** The nouns of the project. Read this file first, then `facts.ts`. */
import type { Condition, Container, EnvEntry, FactKind, FactValues, ImageStage, Platform, Purpose, StoreChoice, Value } from './facts.ts';
import type { Artifact, NotAssessed } from './types/adapters.ts';

export type * from './types/adapters.ts';
export type * from './types/results.ts';

/**
 * A range in one file. Lines and columns count from 1, columns in UTF-16 code units, the end is exclusive
 * (SARIF 2.1.0 §3.30 with `columnKind: utf16CodeUnits`). Paths are relative to the repository's root with `/`.
 */
export interface Place {
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  /** Where the text at this place was decided, when it was made by a template or patch: the key of a values file, the field of a base. */
  readonly decidedBy?: readonly DecidingPlace[];
  /** The set (see `Fact.set`) for which the text at this place was made; findings say in which sets they hold. */
  readonly set?: string;
  /** It stands in an archive that others made: nobody would edit it, so nothing is told of it. */
  readonly inArchive?: true;
}

/** A place that decided a text which stands elsewhere. */
export interface DecidingPlace extends Place {
  /** The name a person knows it by: `image.tag`. */
  readonly key?: string;
  /** This is the line that a person would edit: findings open here, and name the other place. */
  readonly edit?: true;
}

/** Says where a range of a text stands: in the file itself, or, for text that was rendered or merged, in what it was made from. */
export interface PlaceMap {
  /** `start` and `end` are UTF-16 offsets in the text, the end exclusive. */
  place(start: number, end: number): Place;
  /** Keys that the block map in this range lacks because a value leaves them out, with the place that decides each. */
  leftOut?(start: number, end: number): ReadonlyMap<string, LeftOutKey> | undefined;
}
export interface LeftOutKey {
  readonly place: Place;
  /** The value is there and empty, for others to fill. */
  readonly isEmpty: boolean;
}

/** How sure a fact or a link is: read directly, follows by a convention, or inferred from names. */
export type Confidence = 'certain' | 'likely' | 'guess';

export interface Fact<K extends FactKind = FactKind> {
  readonly kind: K;
  readonly place: Place;
  readonly confidence: Confidence;
  readonly value: FactValues[K];
  /** All must hold for the code to run; absent: always. */
  readonly when?: readonly Condition[];
  /** Id of the innermost function around the code; absent: module level. */
  readonly within?: string;
  /**
   * The set of values or the overlay that it was rendered for (`values-prod.yaml`, `overlays/prod`); absent: it holds in each.
   * Facts of different sets never belong together.
   */
  readonly set?: string;
}
/** A fact of any kind, discriminated by `kind`. */
export type AnyFact = { [K in FactKind]: Fact<K> }[FactKind];

/** Facts by kind, in order of path and place. */
export interface FactIndex {
  all<K extends FactKind>(kind: K): readonly Fact<K>[];
  has(kind: FactKind): boolean;
  readonly size: number;
}

/** Why two things belong together. Shown in the services map and in `--verbose`. */
export interface Link {
  readonly from: string;
  readonly to: string;
  readonly because: string;
  readonly confidence: Confidence;
  readonly places: readonly Place[];
}

/** A container of a workload that runs a service, with everything that the platform puts around it. */
export interface Deployment {
  readonly workload: Fact<'workload'>;
  readonly container: Container;
  readonly image?: ServiceImage;
  readonly platform: Platform;
  readonly purpose: Purpose;
  readonly autoscalers: readonly Fact<'autoscaler'>[];
  readonly budgets: readonly Fact<'disruption-budget'>[];
  readonly exposures: readonly Fact<'exposure'>[];
  readonly routes: readonly Fact<'traffic-route'>[];
  readonly sticky: readonly Fact<'sticky-routing'>[];
  /** Claims that its volumes name, with the claim where the repository defines it. */
  readonly claims: readonly { readonly volume: string; readonly name: string; readonly claim?: Fact<'volume-claim'> }[];
  /** Variables of this container, sources and image ENV expanded. `complete`: no source was out of reach. */
  readonly environment: { readonly given: readonly EnvEntry[]; readonly complete: boolean; readonly missing: readonly string[] };
  /** The command that becomes PID 1 after image, manifest, package scripts and shell scripts are followed. */
  readonly process: Process;
}

/** One step of the chain from PID 1 to the program: `sh -c` → `npm start` → `node server.js`. */
export interface ProcessStep {
  readonly words: readonly string[];
  readonly form: 'exec' | 'shell' | 'script' /** Replaces its parent (`exec`, or an init that forwards signals). */;
  readonly replaces: boolean;
  readonly place: Place;
  /** Runs to its end before the next step (`migrate && node server.js`): not an ancestor of the program. */
  readonly ends?: boolean;
  /** Goes on beside the next step: started with `&`, or it detaches itself. */
  readonly background?: boolean;
  /** The file that takes its standard output (`>> shop.log`). */
  readonly output?: string;
  /** Variables that the step itself sets (`NODE_ENV=production node …`, cross-env). */
  readonly env?: Readonly<Record<string, string>>;
}
export interface Process {
  readonly steps: readonly ProcessStep[] /** False when the base image decides or a step could not be followed. */;
  readonly known: boolean;
  /** Programs of the repository run in the background of another one, whose source was not found. */
  readonly foreign?: true;
  /** A shell stays only to show a log (`tail -f`); what it started before runs in the background. */
  readonly tails?: true;
}

/** A Dockerfile that builds a service. */
export interface ServiceImage {
  readonly fact: Fact<'image'>;
  /** The stage that is run. */
  readonly stage: ImageStage;
  /** `stage` and the stages that it is built from, nearest first. */
  readonly lineage: readonly ImageStage[];
  /** Build context folder, from the repository's root. */
  readonly context: string;
  /** Nothing tells the context but that a package lies there: no manifest names it, and nothing that is copied is found from it. */
  readonly contextGuessed?: true;
  readonly process: Process;
}

/** How many copies of a service run, over all production deployments. */
export interface Copies {
  /** `many`: a manifest asks for more than one or an autoscaler may; `one`: all say one; `unknown`: no manifest says. */
  readonly count: 'many' | 'one' | 'unknown';
  readonly max?: number;
  /** The lines that say so, worst first. */
  readonly evidence: readonly Related[];
}

/** A unit that is deployed and scaled on its own: code, images, workloads, joined. */
export interface Service {
  /** Unique in the repository. */
  readonly name: string;
  /** Source folder from the repository's root; `undefined` when only manifests were found. */
  readonly root?: string;
  /** `http` accepts requests, `worker` runs on, `database` is a third-party store, `third-party` an image of others, `job` ends by itself, `library` is never deployed. */
  readonly kind: 'http' | 'worker' | 'database' | 'third-party' | 'job' | 'unknown';
  /** The line that stands for the service: where it listens, else its entry, its Dockerfile or its workload. */
  readonly place: Place;
  /** Facts of the code that its process reaches. Conditions that the deployment makes false are already left out. */
  readonly code: FactIndex;
  /** True when its source was read from a known entry point, so that something absent is absent. */
  readonly codeRead: boolean;
  /** The language that most of its source is in, where that is one that is not read. */
  readonly unreadLanguage?: string;
  readonly entries: readonly { readonly path: string; readonly because: string }[];
  readonly package?: Fact<'package'>;
  readonly images: readonly ServiceImage[];
  /** All deployments, production first; development and test ones have that `purpose`. */
  readonly deployments: readonly Deployment[];
  readonly copies: Copies;
  readonly links: readonly Link[];
  /** Stores whose conditions can hold where the service is deployed, worst kind first. */
  possibleStores(stores: readonly StoreChoice[]): readonly StoreChoice[];
  /** What a value comes to where the service is deployed, or in one of its deployments: environment reads replaced by what manifests give. */
  literals(
    value: Value | undefined,
    deployment?: Deployment,
  ): {
    readonly values: readonly { readonly value: string | number | boolean; readonly place: Place }[];
    readonly complete: boolean;
  };
  /** Facts lexically or by calls inside the given functions, across files. */
  reachedFrom(functions: readonly string[]): FactIndex;
}

/** The whole repository after the join. */
export interface Repository {
  readonly services: readonly Service[];
  /** Every fact, linked to a service or not. */
  readonly facts: FactIndex;
  readonly notAssessed: readonly NotAssessed[];
  /** Paths that version control tracks; `undefined` outside of git. */
  readonly tracked?: ReadonlySet<string>;
  /** True when some adapter read a file at this path. */
  exists(path: string): boolean;
  roleOf(path: string): Artifact['role'];
}

export type Level = 'error' | 'warning' | 'note';

export interface Related {
  readonly place: Place;
  readonly message: string;
}

/** A message in plain words. `{name}` stands for data. The first sentence of `text` is the title of an alert. */
export interface Message {
  /** The fact, with both places named where there are two. */
  readonly text: string;
  readonly consequence: string;
  readonly next: string;
}

/** What a rule hands over; the pipeline adds rule, service, text and fingerprint. */
export interface Report {
  readonly message: string;
  readonly data?: Readonly<Record<string, string | number>>;
  readonly place: Place;
  readonly related?: readonly Related[];
  /** Overrides the rule's base level. */
  readonly level?: Level;
  readonly confidence?: Confidence;
  /** Overrides the rule's effort, where a cause of the same kind goes less deep. */
  readonly effort?: RuleDefinition['effort'];
  /** What was found, without line numbers or secret values: the identity of the finding between versions. */
  readonly subject: string;
}

/** Documentation of a rule, shown by `explain`, in SARIF and in the docs. Markdown without headings. */
export interface RuleDocs {
  readonly what: string;
  readonly why: string;
  readonly how: string;
  readonly bad: string;
  readonly good: string;
  readonly references: readonly string[];
}

export interface RuleDefinition {
  /** Half a sentence: "sessions are kept in the memory of one process". */
  readonly summary: string;
  /** Twelve-factor number 1–12, or 13–15 (API first, telemetry, security). */
  readonly factors: readonly number[];
  readonly level: Level;
  /** MTA story points, counted once per root cause. */
  readonly effort: 0 | 1 | 3 | 5 | 7;
  /** Set on real security rules only: CVSS-like score as GitHub reads it, e.g. `'7.5'`. */
  readonly securitySeverity?: string;
  readonly docs: RuleDocs;
  readonly messages: Readonly<Record<string, Message>>;
  /** Sees one service. */
  checkService?(service: Service, report: (finding: Report) => void, repository: Repository): void;
  /** Sees everything once; for facts that need no service. */
  checkRepository?(repository: Repository, report: (finding: Report) => void): void;
}
/** A rule with what its path tells: `rules/<category>/<id>.ts`. */
export interface Rule extends RuleDefinition {
  readonly id: string;
  readonly category: string;
}

/** Types a rule file's default export. */
export const defineRule = (rule: RuleDefinition): RuleDefinition => rule;

/** A replacement of one range. An empty range inserts. */
export interface Edit {
  readonly place: Place;
  readonly text: string;
  /** The file at `place.path` does not exist yet; the text is its whole content. */
  readonly creates?: true;
}
/** A way to remove a finding. All edits belong together, in one or several files; they do not overlap. */
export interface Fix {
  /** Half a sentence in the imperative: "Run `node server.js` instead of `npm start`". */
  readonly title: string;
  /** Behaviour stays as it was meant: applied by `--fix`. Others need `--fix-unsafe` and a look. */
  readonly safe: boolean;
  readonly edits: readonly Edit[];
  /** Edits that do more, and take longer to find out: asked for when the fix is applied. `edits` are right without them. */
  readonly complete?: () => readonly Edit[];
}

/** A fix that should be there and is not, because making it went wrong. */
export interface FixFailure {
  readonly rule: string;
  readonly place: Place;
  readonly why: string;
}

/** A service that a finding of no service, or of another one, counts for. */
export interface Concern {
  readonly service: string;
  readonly level: Level;
}
/** A sentence by the id of its template (`findings/addition-messages.ts`). */
export interface Addition {
  readonly id: string;
  readonly data: Readonly<Record<string, string | number>>;
}

export interface Finding {
  readonly rule: string;
  readonly category: string;
  readonly level: Level;
  readonly confidence: Confidence;
  readonly service?: string;
  readonly messageId: string;
  readonly data: Readonly<Record<string, string | number>>;
  /** Rendered in the chosen language. */
  readonly text: string;
  readonly consequence: string;
  readonly next: string;
  readonly place: Place;
  readonly related: readonly Related[];
  readonly subject: string;
  /** Stable between versions while the subject stays: hex, 32 digits. */
  readonly fingerprint: string;
  readonly effort: number;
  /** Services that it counts for besides `service`: the rule named none, or they share the place. By name. */
  readonly concerns?: readonly Concern[];
  /** Sentences that merging added to the text, so that a catalogue can say them too. */
  readonly additions?: readonly Addition[];
  /** Against the commit that was compared with; absent: none was. */
  readonly status?: 'new' | 'unchanged';
}

/** What is kept of a finding of an earlier version: no lines, no secrets. */
export interface KnownFinding {
  readonly fingerprint: string;
  readonly rule: string;
  /** A finding that became worse since is new. */
  readonly level: Level;
  readonly service?: string;
  readonly path: string;
  readonly subject: string;
  readonly message: string;
}

/** How the reported findings differ from those of an earlier commit. */
export interface Comparison {
  /** Id of the commit. */
  readonly since: string;
  readonly new: number;
  readonly unchanged: number;
  readonly solved: readonly KnownFinding[];
}

/** Findings that are left out because they are no news; verdicts count them. */
export interface HiddenFindings {
  /** Those that the baseline knows. */
  readonly baseline: number;
  /** Those that were there before and stand on no line that the change touches. */
  readonly untouched: number;
}
