/**
 * The vocabulary that adapters write and rules read. A fact says what one place of the repository shows,
 * in the field's own terms and free of language or manifest syntax. Add a fact here when two rules or two adapters need it.
 */
import type { Place } from './types.ts';

/** A value that a manifest sets: known, or known to be decided elsewhere (a template, an undeclared variable). Absent is `undefined`. */
export type Setting<T> =
  | { readonly known: true; readonly value: T; readonly place: Place }
  | {
      readonly known: false;
      readonly because: string;
      readonly place: Place;
      /** As written, where variables of a neighbouring file can complete it; never set for values that may be secret. */
      readonly written?: string;
    };

/** A condition on the environment under which a piece of code runs or a value holds. */
export interface Condition {
  readonly env: string;
  readonly test: 'set' | 'unset' | 'equals' | 'differs';
  /** Compared text, for `equals` and `differs`. */
  readonly value?: string;
  /** What holds where nothing sets the variable: another variable, else the program's own default. */
  readonly otherwise?: { readonly env?: string; readonly value?: string };
}

/** What an expression evaluates to, as far as reading it tells. Plain data; the module linker replaces references and parameters. */
export type Value =
  | { readonly is: 'literal'; readonly value: string | number | boolean | null; readonly place: Place }
  | { readonly is: 'env'; readonly name: string; readonly fallback?: Value; readonly place: Place }
  | {
      readonly is: 'choice';
      readonly options: readonly { readonly value: Value; readonly when?: readonly Condition[] }[];
      readonly place: Place;
    }
  /** Concatenation or template literal. */
  | { readonly is: 'text'; readonly parts: readonly Value[]; readonly place: Place }
  /** `open`: a spread or a computed key may add more properties. */
  | { readonly is: 'object'; readonly properties: Readonly<Record<string, Value>>; readonly open: boolean; readonly place: Place }
  | { readonly is: 'list'; readonly items: readonly Value[]; readonly place: Place }
  /** An export of a package: `express` + `Router` is `{ package: 'express', path: 'Router' }`; globals have package `''`. */
  | { readonly is: 'package'; readonly package: string; readonly path: string; readonly place: Place }
  /** The result of calling or constructing `callee`; its place identifies the instance. */
  | { readonly is: 'made'; readonly callee: Value; readonly args: readonly Value[]; readonly place: Place }
  /** A member of a value that could not be looked up. */
  | { readonly is: 'member'; readonly of: Value; readonly name: string; readonly place: Place }
  | { readonly is: 'function'; readonly id: string; readonly place: Place }
  | { readonly is: 'class'; readonly id: string; readonly place: Place }
  | { readonly is: 'parameter'; readonly function: string; readonly index: number; readonly place: Place }
  /** An export of another module of the repository, before linking. */
  | { readonly is: 'reference'; readonly specifier: string; readonly name: string; readonly place: Place }
  | { readonly is: 'unknown'; readonly place: Place };

/** Where stateful middleware keeps its data. */
export type StoreKind = 'memory' | 'file' | 'external' | 'cookie' | 'unknown';
/** One of the stores that code may choose, and when. */
export interface StoreChoice {
  readonly kind: StoreKind;
  /** `redis`, `mongodb`, `postgresql`… as far as known. */
  readonly technology?: string;
  readonly when?: readonly Condition[];
  readonly place: Place;
}

/** Deployment platforms that a workload can belong to. */
export type Platform = 'kubernetes' | 'compose' | 'cloud-foundry' | 'ecs' | 'cloud-run' | 'heroku' | 'other';
/** What a manifest is for, from its name and folder; `unknown` counts as production. */
export type Purpose = 'production' | 'development' | 'test' | 'unknown';

export interface Port {
  readonly number: Setting<number>;
  readonly name?: string;
  readonly protocol?: string;
  readonly hostPort?: Setting<number>;
  readonly place: Place;
}

/** One environment entry of a container. `value` absent: taken from `from`, or from the shell that starts it (Compose `- NAME`). */
export interface EnvEntry {
  readonly name: string;
  readonly value?: Setting<string>;
  /** `env_file` is an entry of Compose or a `.env`; `field` is the downward API. */
  readonly from?: {
    readonly kind: 'config-map' | 'secret' | 'field' | 'env-file' | 'shell';
    readonly name?: string;
    readonly key?: string;
    readonly optional?: boolean;
  };
  readonly place: Place;
}
/** A whole source of variables: `envFrom` in Kubernetes, `env_file` in Compose. */
export interface EnvSource {
  readonly kind: 'config-map' | 'secret' | 'env-file';
  readonly name: string;
  readonly prefix?: string;
  readonly optional?: boolean;
  readonly place: Place;
}

export interface Probe {
  readonly type: 'http' | 'tcp' | 'exec' | 'grpc';
  readonly path?: Setting<string>;
  /** Number, or the name of a container port. */
  readonly port?: Setting<number | string>;
  readonly command?: readonly string[];
  readonly place: Place;
}

export interface Container {
  readonly name: string;
  readonly image?: Setting<string>;
  /** Replaces the image's ENTRYPOINT. */
  readonly command?: Setting<readonly string[]>;
  /** Replaces the image's CMD. In Compose `command` is written here and `entrypoint` in `command`. */
  readonly args?: Setting<readonly string[]>;
  /** True when the command is a string that a shell runs (Compose runs strings without a shell; Dockerfile shell form has one). */
  readonly shell?: boolean;
  readonly workingDir?: Setting<string>;
  readonly ports: readonly Port[];
  readonly env: readonly EnvEntry[];
  readonly envFrom: readonly EnvSource[];
  readonly readiness?: Probe;
  readonly liveness?: Probe;
  readonly startup?: Probe;
  /** Compose/Dockerfile healthcheck. */
  readonly healthcheck?: Probe & { readonly disabled?: boolean };
  /** Kubernetes quantities as written; CPU in cores and memory in bytes are in the parsed fields. */
  readonly resources: {
    readonly cpuRequest?: Setting<number>;
    readonly memoryRequest?: Setting<number>;
    readonly cpuLimit?: Setting<number>;
    readonly memoryLimit?: Setting<number>;
    /** Written as empty in the values of a chart: whoever installs it decides. */
    readonly isLeftOpen?: true;
    readonly place?: Place;
  };
  readonly mounts: readonly {
    readonly volume: string;
    readonly path: Setting<string>;
    readonly readOnly: boolean;
    readonly place: Place;
  }[];
  readonly security: {
    readonly runAsNonRoot?: Setting<boolean>;
    readonly runAsUser?: Setting<number | string>;
    readonly readOnlyRootFilesystem?: Setting<boolean>;
    readonly privileged?: Setting<boolean>;
    readonly place?: Place;
  };
  /** Seconds that a preStop hook sleeps, where it says so; `command` as written. */
  readonly preStop?: { readonly seconds?: number; readonly command?: readonly string[]; readonly place: Place };
  /** Keys that it lacks because values of a chart leave them out, with the place that decides each. */
  readonly leftOut?: Readonly<Record<string, Place>>;
  /** `init: true` of Compose, shareProcessNamespace of Kubernetes: something reaps and forwards signals as PID 1. */
  readonly init?: boolean;
  /** The whole container entry; `namePlace` is the line to point at for something that the container lacks. */
  readonly place: Place;
  readonly namePlace: Place;
}

export interface Volume {
  readonly name: string;
  readonly type: 'host-path' | 'empty-dir' | 'claim' | 'config' | 'secret' | 'named' | 'bind' | 'tmpfs' | 'ephemeral' | 'other';
  /** Claim name, host path, config name… */
  readonly source?: Setting<string>;
  readonly readOnly?: boolean;
  /** The pod starts without it. */
  readonly optional?: boolean;
  readonly place: Place;
}

/** A long-running or one-off unit that a platform starts, from any manifest. */
export interface Workload {
  readonly platform: Platform;
  /** The platform's own kind: `Deployment`, `StatefulSet`, `CronJob`, `service` (Compose)… */
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
  readonly purpose: Purpose;
  /** True for what keeps running and serves; false for Jobs, CronJobs, test pods, run-once containers. */
  readonly longRunning: boolean;
  readonly labels: Readonly<Record<string, string>>;
  /** Absent means the platform's default, 1. */
  readonly replicas?: Setting<number>;
  readonly containers: readonly Container[];
  readonly initContainers: readonly Container[];
  readonly volumes: readonly Volume[];
  /** StatefulSet volumeClaimTemplates: one volume for each replica. */
  readonly claimTemplates: readonly string[];
  readonly strategy?: { readonly type: Setting<string>; readonly maxUnavailable?: Setting<number | string>; readonly place: Place };
  /** Seconds; absent means the platform's default (30 in Kubernetes, 10 in Compose). */
  readonly gracePeriod?: Setting<number>;
  /** The signal that asks it to stop; absent: that of its image, else SIGTERM. */
  readonly stopSignal?: Setting<string>;
  readonly hostNetwork?: Setting<boolean>;
  /** topologySpreadConstraints or pod anti-affinity, where present. */
  readonly spread?: Place;
  /** It gets CPU only while it answers a request: Cloud Run, unless told otherwise. */
  readonly idles?: Place;
  /** It may run on one machine only, whose name is written: a placement constraint of Swarm. */
  readonly pinnedTo?: { readonly node: string; readonly place: Place };
  /** Keys that its pods lack because values of a chart leave them out, with the place that decides each. */
  readonly leftOut?: Readonly<Record<string, Place>>;
  /** Compose: build context folder and Dockerfile, from the repository's root. */
  readonly build?: {
    readonly context: string;
    readonly dockerfile?: string;
    readonly target?: string;
    /** The context is the usual one, and may be another where the command line says so. */
    readonly conventional?: true;
    /** The platform builds the folder by itself, whatever Dockerfile lies in it. */
    readonly native?: true;
    readonly args: Readonly<Record<string, string>>;
    readonly place: Place;
  };
  /** Compose `extends`: a service of another file (from the repository's root) that this one completes; within one file it is already filled in. */
  readonly extends?: { readonly service: string; readonly file?: string };
  readonly dependsOn: readonly string[];
  /** What load balancers are told of it where they name a container: ECS. */
  readonly balanced?: readonly { readonly container: string; readonly port?: Setting<number>; readonly place: Place }[];
  readonly annotations: Readonly<Record<string, string>>;
  /** Compose profiles, Kubernetes none. */
  readonly profiles: readonly string[];
  /** The application server that an operator runs it on, and the place that asks for it. */
  readonly server?: { readonly name: string; readonly place: Place };
  /** Restart policy as written. */
  readonly restart?: string;
  /** The line to point at for something that the workload lacks: its name. */
  readonly namePlace: Place;
}

/** One stage of a Dockerfile, with ARG and ENV expanded as far as they are known. */
export interface ImageStage {
  readonly name?: string;
  readonly index: number;
  readonly base: Setting<string>;
  /** Index of the stage that `base` names, when it is a stage. */
  readonly baseStage?: number;
  readonly user?: Setting<string>;
  readonly workdir?: Setting<string>;
  readonly env: readonly EnvEntry[];
  readonly args: readonly { readonly name: string; readonly default?: string; readonly place: Place }[];
  readonly expose: readonly { readonly port: Setting<number>; readonly place: Place }[];
  readonly entrypoint?: ImageCommand;
  readonly cmd?: ImageCommand;
  readonly healthcheck?: Probe & { readonly disabled?: boolean };
  /** COPY/ADD: sources relative to the build context, or of another stage. */
  readonly copies: readonly {
    readonly from?: string;
    readonly sources: readonly string[];
    /** As written; relative to `workdir`, the working directory in force at that line where it is known. */
    readonly target: string;
    readonly workdir?: string;
    readonly place: Place;
  }[];
  readonly runs: readonly { readonly command: string; readonly place: Place }[];
  readonly volumes: readonly { readonly path: string; readonly place: Place }[];
  readonly stopSignal?: Setting<string>;
  readonly place: Place;
}
export interface ImageCommand {
  /** Exec form: the argument vector. Shell form: one string, run by `/bin/sh -c`. */
  readonly form: 'exec' | 'shell';
  readonly words: readonly string[];
  readonly place: Place;
}

/** What a package.json (or another build file) says of one source root. */
export interface PackageManifest {
  readonly name?: string;
  /** Folder of the file, from the repository's root; `''` is the root itself. */
  readonly root: string;
  readonly version?: string;
  readonly private: boolean;
  readonly type: 'module' | 'commonjs';
  readonly main?: { readonly path: string; readonly place: Place };
  readonly bin: Readonly<Record<string, string>>;
  readonly scripts: Readonly<Record<string, { readonly command: string; readonly place: Place }>>;
  readonly dependencies: Readonly<Record<string, { readonly range: string; readonly place: Place }>>;
  readonly devDependencies: Readonly<Record<string, { readonly range: string; readonly place: Place }>>;
  readonly workspaces: readonly string[];
  readonly packageManager?: string;
  readonly namePlace: Place;
  /** Set for modules of Maven and Gradle, whose other fields then are empty. */
  readonly build?: BuildModule;
}

/** A library or plugin that a build file names; Gradle plugins have their id as `artifact`. */
export interface BuildReference {
  readonly group: string;
  readonly artifact: string;
  /** As written, properties filled in where the file itself defines them. */
  readonly version?: string;
  readonly scope?: string;
  readonly place: Place;
}
/** What a pom.xml or build.gradle says of its module; parents are not filled in. */
export interface BuildModule {
  /** `ant`: a web project without a build file that is read. */
  readonly tool: 'maven' | 'gradle' | 'ant';
  readonly group?: string;
  /** `jar`, `war`, `ear`, `ejb`, `pom`… */
  readonly packaging: string;
  /** The line that says so; else that of the name. */
  readonly packagingPlace: Place;
  readonly parent?: BuildReference & { readonly path?: string };
  readonly properties: Readonly<Record<string, string>>;
  readonly dependencies: readonly BuildReference[];
  /** Versions that it fixes for itself and its children: dependencyManagement, platforms. */
  readonly managed: readonly BuildReference[];
  readonly plugins: readonly BuildReference[];
  /** Plugins that children may use. */
  readonly managedPlugins: readonly BuildReference[];
  readonly modules: readonly string[];
  /** Other modules of the build that it depends on, as folders from the repository's root (Gradle `project(':x')`). */
  readonly projects: readonly string[];
  readonly profiles: readonly {
    readonly name: string;
    readonly place: Place;
    /** Used when no other is named. */
    readonly isDefault?: true;
    readonly properties?: Readonly<Record<string, string>>;
  }[];
  /** Names of the images that its plugins build: jib, Spring Boot, fabric8. */
  readonly images: readonly string[];
  /** Flags with which the JVM starts in that image (jib). */
  readonly jvmFlags?: readonly { readonly text: string; readonly place: Place }[];
}

/** A setting of an application's configuration file. Secret values are masked. */
export interface SettingEntry {
  /** Dotted, lower-case with `-`, as Spring writes it. */
  readonly key: string;
  readonly text: string;
  readonly place: Place;
}

export interface FactValues {
  // ---- what a manifest declares
  workload: Workload;
  /** A partial object that an overlay merges into a workload: never judged alone. `sets` names the fields that it gives. */
  'workload-patch': {
    readonly kind: string;
    readonly name: string;
    readonly replicas?: Setting<number>;
    readonly sets: readonly string[];
    /** The object that runs the workload instead of its own controller (a Rollout with `workloadRef`): autoscalers name it. */
    readonly by?: { readonly kind: string; readonly name: string };
    /** What it says, read as a workload: that is what it is where the repository holds nothing that it could patch. */
    readonly workload?: Workload;
  };
  /** A Dockerfile; `stages` in order, the last is what `docker build` without a target makes. */
  image: { readonly stages: readonly ImageStage[]; readonly purpose: Purpose; readonly name: string };
  /** Gives pods a stable address: Kubernetes Service. */
  exposure: {
    readonly name: string;
    readonly namespace?: string;
    readonly type?: string;
    readonly selector?: Readonly<Record<string, string>>;
    readonly ports: readonly {
      readonly port: Setting<number>;
      readonly target?: Setting<number | string>;
      readonly name?: string;
      readonly place: Place;
    }[];
    readonly affinity?: Setting<string>;
    readonly headless: boolean;
    readonly purpose: Purpose;
    readonly namePlace: Place;
  };
  /** Sends outside traffic to an exposure: Ingress, Gateway API route. */
  'traffic-route': {
    readonly name: string;
    readonly namespace?: string;
    readonly kind: string;
    readonly backends: readonly { readonly service: string; readonly port?: number | string; readonly place: Place }[];
    readonly hosts: readonly string[];
    readonly namePlace: Place;
  };
  /** Routing that pins a client to one replica, in any syntax. `to` names the exposures that it concerns; empty: all behind it. */
  'sticky-routing': {
    readonly how: string;
    readonly to: readonly string[];
    readonly namespace?: string;
    readonly purpose?: Purpose;
    /** One name stands behind it: pins only where several copies answer to that name. */
    readonly oneName?: true;
    /** Nobody asked for it: the router does so unless told otherwise. */
    readonly byDefault?: true;
  };
  autoscaler: {
    readonly kind: 'HorizontalPodAutoscaler' | 'ScaledObject' | string;
    readonly name: string;
    readonly namespace?: string;
    readonly target?: { readonly kind?: string; readonly name: string; readonly place: Place };
    readonly min?: Setting<number>;
    readonly max?: Setting<number>;
    /** Resource metrics (`cpu`, `memory`) that need a request on the target, with the place of each. */
    readonly resourceMetrics: readonly { readonly resource: string; readonly kind: 'utilization' | 'value'; readonly place: Place }[];
    /** Names of other metrics or triggers. */
    readonly otherMetrics: readonly string[];
    /** Platform of the target; absent: Kubernetes. */
    readonly platform?: Platform;
    /** Number of rules that drive it, where they stand apart from it; absent: it needs none, or not all are in sight. */
    readonly policies?: number;
    readonly purpose: Purpose;
    readonly namePlace: Place;
  };
  /** Machines, instances or a managed database that a cloud keeps at a size. */
  'scaling-group': {
    /** As people call it: `Auto Scaling group`, `managed instance group`, `virtual machine`, `database`… */
    readonly type: string;
    readonly name: string;
    readonly role: 'group' | 'machine' | 'database';
    /** The size it has where nothing scales it; for a machine how many of it there are. */
    readonly size?: Setting<number>;
    readonly min?: Setting<number>;
    readonly max?: Setting<number>;
    /** What changes its size with load or time. Absent: nothing in sight; `unknown`: whether there is something cannot be told. */
    readonly scaledBy?: Place | 'unknown';
    /** Number of zones it runs in; a database with a standby has two. */
    readonly zones?: Setting<number>;
    /** What sends it requests. */
    readonly balancer?: Place;
    /** Containers run on its machines, which have an autoscaler of their own. */
    readonly hostsContainers?: Place;
    readonly purpose: Purpose;
    readonly namePlace: Place;
  };
  'disruption-budget': {
    readonly name: string;
    readonly namespace?: string;
    readonly selector?: Readonly<Record<string, string>>;
    readonly minAvailable?: Setting<number | string>;
    readonly maxUnavailable?: Setting<number | string>;
    readonly namePlace: Place;
  };
  /** An object that the templates of a chart hold and a value switches off; the fact's place is that value. */
  'switched-off': {
    readonly what: 'autoscaler' | 'disruption-budget';
    readonly namespace?: string;
    /** The workload that an autoscaler names. */
    readonly target?: { readonly kind?: string; readonly name: string };
    /** The pods that a budget selects. */
    readonly selector?: Readonly<Record<string, string>>;
  };
  'volume-claim': {
    readonly name: string;
    readonly namespace?: string;
    readonly accessModes: Setting<readonly string[]>;
    readonly namePlace: Place;
  };
  /** A ConfigMap or Secret that the repository defines. `keys` absent: not all of them are known (generator, external secret). */
  'config-source': {
    readonly kind: 'config-map' | 'secret';
    readonly name: string;
    readonly namespace?: string;
    readonly keys?: readonly string[];
    readonly entries: readonly EnvEntry[];
    readonly purpose: Purpose;
    readonly namePlace: Place;
  };
  /** A `.env` file: committed, documented sample, or local. */
  'env-file': {
    readonly sample: boolean;
    readonly purpose: Purpose;
    readonly entries: readonly EnvEntry[];
    /** Variables that stand in comments only (`# LOG_DIR=…`): known, and left to whoever deploys. */
    readonly commented?: readonly { readonly name: string; readonly place: Place }[];
  };
  /** Values that manifests of a platform leave to a file of their own (`cf push --vars-file`). What may be a secret is not among them. */
  'manifest-variables': {
    readonly purpose: Purpose;
    readonly entries: readonly { readonly name: string; readonly text: string; readonly place: Place }[];
  };
  package: PackageManifest;
  /** A lock file beside a package manifest. */
  'lock-file': { readonly manager: 'npm' | 'yarn' | 'pnpm' | 'bun'; readonly root: string };
  /** Packages that a pnpm-workspace.yaml or lerna.json joins: globs from its folder; with negations (`!x`). */
  workspace: { readonly manager: 'pnpm' | 'lerna'; readonly root: string; readonly packages: readonly string[] };
  /** Lines of .dockerignore or .gitignore; `root` is its folder. */
  'ignore-list': {
    readonly kind: 'docker' | 'git';
    readonly root: string;
    readonly patterns: readonly string[] /** Line of each pattern. */;
    readonly lines?: readonly number[];
  };
  /** A shell script that an image or a script may start: its command lines, in order; `exec` tells whether the last hands over PID 1. */
  'shell-script': {
    readonly commands: readonly { readonly line: string; readonly place: Place }[];
    readonly exports: readonly string[];
    readonly execs: boolean;
    readonly traps: boolean;
  };
  /** pm2 ecosystem file, nodemon.json…: processes that a manager starts. */
  'process-file': {
    readonly manager: string;
    readonly scripts: readonly string[];
    /** Command lines by the names under which the manager runs them: nps. */
    readonly named?: Readonly<Record<string, string>>;
    readonly instances?: Setting<number | string>;
  };

  /** A folder whose server code a platform runs as functions: started for a request, scaled and stopped by the platform (vercel.json, netlify.toml). */
  'function-host': {
    readonly platform: string;
    readonly root: string;
    /** Only a program that lies in this folder, not below it. */
    readonly exact?: true;
  };

  /** A file whose exported function a platform calls: path from the repository's root, without ending. */
  'function-handler': { readonly platform: string; readonly path: string };

  /** A configuration file of a program (application.yml, *.properties), or one document of it. `profile`: only under that profile. */
  settings: {
    readonly name: string;
    readonly profile?: string;
    readonly entries: readonly SettingEntry[];
    /** A part of the file could not be read. */
    readonly damaged?: true;
  };
  /** Something that only an application server gives; `server` is `any` where the standard (Java EE, servlet container) is enough. */
  'server-use': {
    readonly server: string;
    readonly how: 'packaging' | 'component' | 'naming' | 'api' | 'descriptor' | 'image' | 'resource';
    readonly what: string;
  };
  /** The application server copies sessions between its members. */
  'session-replication': { readonly server: string; readonly how: string };
  /** Calls between processes that are bound to one technology: RMI, CORBA, remote EJB, T3. */
  'remote-protocol': { readonly protocol: string; readonly library: string };

  // ---- what code does
  /** One source file that belongs to the service's process, with the modules that it loads. */
  module: { readonly path: string; readonly imports: readonly string[] };
  'http-server': { readonly library: string };
  /** The process accepts connections. `port`/`host` as far as they can be read. */
  listen: {
    readonly library: string;
    readonly port?: Value;
    readonly host?: Value;
    readonly purpose: 'main' | 'metrics' | 'unknown';
    /** Identifies the application that listens, as in `route`. */
    readonly server?: string;
  };
  /** A route with its full path (prefixes applied). `:name` marks parameters, `*` the rest; `methods` empty is any. */
  route: {
    readonly methods: readonly string[];
    readonly path: string;
    /** False when a prefix or the path itself could not be read: then `path` is the known tail. */
    readonly complete: boolean;
    /** Function ids that may run for it, across files. */
    readonly handlers: readonly string[];
    /** A catch-all, static folder or SPA fallback rather than a route of its own. */
    readonly fallback: boolean;
    readonly library: string;
    /** For a fallback: `files` answers only where a file exists (a static folder); absent: may answer anything below its path. */
    readonly answers?: 'files';
    /** Identifies the application that serves it, where a process may hold several. */
    readonly server?: string;
  };
  /** The service answers health requests by a helper (terminus, lightship, @nestjs/terminus, express-healthcheck…). */
  'health-helper': {
    readonly library: string;
    /** Empty: any. */
    readonly paths: readonly string[];
    /** Where it has a port of its own. */
    readonly port?: Value;
    /** It answers so only where the program runs on this platform. */
    readonly platform?: Platform;
    /** Below this path it may answer others as well, but not those in `absent`. */
    readonly below?: string;
    readonly absent?: readonly string[];
    /** Beginnings of settings that move its paths and ports, lower case and without signs between words (`managementserver`). */
    readonly movedBy?: readonly string[];
  };
  /** Code asks whether a dependency works: a ping, `select 1`, an indicator of a health library. `on` names the dependency. */
  'dependency-check': { readonly library: string; readonly on: string };
  /** `uses`: other places that put data into it. */
  session: { readonly library: string; readonly stores: readonly StoreChoice[]; readonly uses?: readonly Place[] };
  'rate-limit': { readonly library: string; readonly stores: readonly StoreChoice[] };
  cache: { readonly library: string; readonly stores: readonly StoreChoice[]; readonly holds?: 'memo' | 'data' | 'unknown' };
  'socket-server': {
    readonly library: string;
    readonly adapters: readonly StoreChoice[];
    readonly broadcasts: boolean | 'unknown';
    readonly broadcastPlace?: Place;
  };
  /** Work that a timer starts in this process. `guard`: what keeps other replicas from doing the same. */
  'scheduled-job': {
    readonly library: string;
    readonly schedule?: string;
    readonly guard?: string;
    readonly effect: 'work' | 'harmless' | 'unknown';
  };
  /** Work handed to a queue: `memory` is lost with the process. */
  queue: { readonly library: string; readonly store: StoreKind; readonly technology?: string };
  /** Data written to the process's own file system at run time. */
  'file-write': {
    readonly library: string;
    readonly api: string;
    readonly target?: Value;
    readonly content: 'upload' | 'generated' | 'settings' | 'key' | 'log' | 'unknown';
    readonly temporary: boolean;
    readonly duringRequest: boolean | 'unknown';
  };
  /** A client of a database, cache or broker; `embedded` stores live in this process or on its disk. */
  'backing-service': {
    readonly technology: string;
    readonly library: string;
    readonly embedded: boolean;
    readonly inMemory?: boolean;
    readonly address?: Value;
    readonly database?: Value;
    readonly poolMax?: Value;
    readonly defaultPoolMax?: number;
  };
  'schema-change': { readonly library: string; readonly how: string };
  /** State of a module, static or singleton that requests write and later requests read. */
  'process-state': {
    readonly name: string;
    readonly type: 'map' | 'set' | 'list' | 'object' | 'counter' | 'value';
    readonly holds: 'state' | 'memo' | 'connection' | 'registry' | 'queue' | 'metrics' | 'unknown';
    readonly writes: readonly Place[];
    readonly reads: readonly Place[];
  };
  /** A call to another service. `timeout`: given, absent, or the client's own default. */
  'outgoing-call': {
    readonly library: string;
    readonly protocol: 'http' | 'grpc' | 'sql' | 'other';
    readonly timeout: 'set' | 'none' | 'default' | 'unknown';
    readonly target?: Value;
    readonly breaker?: string;
  };
  breaker: { readonly library: string };
  'log-sink': {
    readonly library: string;
    readonly sink: 'file' | 'console' | 'network' | 'unknown';
    readonly target?: Value;
    readonly also?: readonly string[];
  };
  metrics: { readonly library: string; readonly path?: string };
  /** `signals` handled; `closes`: the server is closed there; `seconds` it may take, where the code says so. */
  'shutdown-handler': {
    readonly library: string;
    readonly signals: readonly string[];
    readonly closes: boolean | 'unknown';
    readonly seconds?: number;
  };
  /** A read of an environment variable; the name `*` means all of them, or one with a computed name. */
  'env-read': {
    readonly name: string;
    readonly hasDefault: boolean;
    readonly fallback?: Value /** Read only where absence is handled (a condition, an optional feature). */;
    readonly optional: boolean;
  };
  /** A secret in code or config. Only its shape is kept: never the value. `literal`: plain in the file; `fallback`: used when a variable is unset; `generated`: random when the process starts. */
  secret: {
    readonly what: string;
    readonly origin: 'literal' | 'fallback' | 'generated';
    readonly env?: string;
    readonly provider?: string;
    readonly /** Salted digest prefix, to tell two secrets apart. */ digest?: string;
    /** Where a literal stands when it is not in code: an image (ENV, ARG), a `.env` file (both have rules of their own), a manifest or settings file, or a file that is nothing but a key. */
    readonly holder?: 'image' | 'env-file' | 'manifest' | 'key-file';
    /** What the holder is for. */
    readonly purpose?: Purpose;
  };
  /** Address of a backing service or peer written in code. `overridable`: a variable can replace it. */
  endpoint: {
    readonly host: string;
    readonly port?: number;
    readonly scheme?: string;
    readonly overridable: boolean;
    readonly role: 'database' | 'cache' | 'broker' | 'http' | 'unknown';
  };
  /** Configuration grouped by a named environment and shipped in the artifact. */
  'environment-config': {
    /** `map`, `file`, `sample` (the sample .env is loaded), `origins`, `profile` (of Spring, packed into the artefact) or `build` (an artefact for each). */
    readonly how: string;
    readonly environments: readonly string[];
    /** A value that is fixed for production. */
    readonly example?: Place;
  };
  'system-tool': { readonly command: string; readonly library: string };
  'native-addon': { readonly library: string };
  'host-path': { readonly path: string; readonly os: 'windows' | 'unix' };
  /** The process forks copies of itself or is run by a process manager. */
  'process-manager': { readonly library: string; readonly how: string };
  /** Copies that a delivery pipeline starts or replaces: one cluster of a stage. */
  'pipeline-deployment': {
    readonly tool: string;
    readonly pipeline: string;
    readonly stage: string;
    /** What is deployed, by its name. */
    readonly target: string;
    readonly purpose: Purpose;
    readonly strategy?: string;
    readonly capacity?: { readonly min: number; readonly max: number; readonly place: Place };
    readonly zones?: { readonly names: readonly string[]; readonly place: Place };
    /** What makes the stage content with a machine or container that runs, without asking the program in it. */
    readonly unasked?: { readonly how: string; readonly place: Place };
    /** Whether the copies before stay until the new ones have proved themselves. */
    readonly wayBack: 'kept' | 'destroyed' | 'unknown';
  };
  /** Several resources in one transaction. */
  'distributed-transaction': { readonly library: string };
}
export type FactKind = keyof FactValues;
