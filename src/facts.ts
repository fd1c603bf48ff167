/**
 * The vocabulary that adapters write and rules read. A fact says what one place of the repository shows,
 * in the field's own terms and free of language or manifest syntax. Add a fact here when two rules or two adapters need it.
 */

import type { ImageStage, PackageManifest, ProcessFile, ScriptCommand, SettingEntry, TaggedImage } from './facts/build.ts';
import type { EnvEntry, PipelineDeployment, Platform, Purpose, Workload } from './facts/deployment.ts';
import type { Sessions, Setting, StoreChoice, StoreKind, Value } from './facts/values.ts';
import type { Place } from './types.ts';

export type * from './facts/build.ts';
export type * from './facts/deployment.ts';
export type * from './facts/values.ts';

export interface FactValues {
  // ---- what a manifest declares
  workload: Workload;
  /** A partial object that an overlay merges into a workload: never judged alone. `sets` names the fields that it gives. */
  'workload-patch': {
    readonly kind: string;
    readonly name: string;
    readonly replicas?: Setting<number>;
    readonly sets: readonly string[];
    /** Runs the workload instead of its own controller (a Rollout with `workloadRef`): autoscalers name it. */
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
  /** A setting that chooses which image runs, and its default: a variable of Terraform, an argument of a template. */
  'image-default': { readonly name: string; readonly value: string; readonly purpose: Purpose };
  'tagged-image': TaggedImage;
  /** A pipeline pushes it without a version. */
  'pushed-image': { readonly name: string };
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
  /** A PersistentVolume that is a folder of one node. */
  'host-volume': { readonly name: string; readonly path: Setting<string>; readonly purpose: Purpose; readonly namePlace: Place };
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
    readonly commands: readonly ScriptCommand[];
    readonly exports: readonly string[];
    readonly execs: boolean;
    readonly traps: boolean;
  };
  'process-file': ProcessFile;

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
  /** Classes of which a container makes one instance each, as a descriptor lists them: Spring's XML. `later`: it lets annotated methods run later. */
  'declared-beans': { readonly classes: readonly string[]; readonly later?: true };
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
    /** `server`: the application that listens, as in `route`. `reloads`: it starts anew when a source file changes. */
    readonly server?: string;
    readonly reloads?: true;
  };
  /** The process answers the messages of a broker, and accepts no connections for that. */
  'message-server': { readonly library: string; readonly broker: string };
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
  session: Sessions;
  'rate-limit': { readonly library: string; readonly stores: readonly StoreChoice[] };
  cache: { readonly library: string; readonly stores: readonly StoreChoice[]; readonly holds?: 'memo' | 'data' | 'state' | 'unknown' };
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
    /** `clean-up`: it deletes what is old and does nothing else, so that a second run finds nothing to do. */
    readonly effect: 'work' | 'clean-up' | 'harmless' | 'unknown';
  };
  /** Work handed to a queue: `memory` is lost with the process. */
  queue: {
    readonly library: string;
    readonly store: StoreKind;
    readonly technology?: string;
    /** The function that runs after the response, where work is handed over as such. */
    readonly work?: string;
  };
  /** Data written to the process's own file system at run time. */
  'file-write': {
    readonly library: string;
    readonly api: string;
    readonly target?: Value;
    readonly content: 'upload' | 'generated' | 'settings' | 'key' | 'log' | 'unknown';
    readonly temporary: boolean;
    readonly duringRequest: boolean | 'unknown';
    /** The module finds the file again by its name: it is there to keep files, in whatever folder it is given. */
    readonly store?: boolean;
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
  'schema-change': {
    readonly library: string;
    readonly how: string;
    /** Happens only where this command of the program's own command line is run (`deploy` of `flask deploy`). */
    readonly command?: string;
    /** `from`: the call of the program's start that leads to it. `locks`: the library takes a lock, so that copies wait for each other. */
    readonly from?: Place;
    readonly locks?: true;
  };
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
    readonly /** Tells two texts of one program apart, and nothing else about them. */ digest?: string;
    /** Where a literal stands when it is not in code: an image (ENV, ARG), a `.env` file (both have rules of their own), a manifest or settings file, or a file that is nothing but a key. */
    /** `script`: one for a shell, which counts where an image or a container runs it. */
    readonly holder?: 'image' | 'env-file' | 'manifest' | 'key-file' | 'script';
    /** What the holder is for. */
    readonly purpose?: Purpose;
    /** A generated one is kept in this folder of the user's home: a volume there saves it. */
    readonly home?: string;
    /** It sets up what runs, though it lies among the tools. */
    readonly provisions?: boolean;
  };
  /** Address of a backing service or peer written in code. `overridable`: a variable can replace it. `page`: where users are sent. */
  endpoint: {
    readonly host: string;
    readonly port?: number;
    readonly scheme?: string;
    readonly overridable: boolean;
    readonly role: 'database' | 'cache' | 'broker' | 'http' | 'page' | 'unknown';
  };
  /** Configuration grouped by a named environment and shipped in the artifact. */
  'environment-config': {
    /** `map`, `file`, `sample` (the sample .env is loaded), `origins`, `profile` (of Spring, packed into the artefact), `settings` (of .NET, likewise), `build` (an artefact for each), or constants of one deployment: `debug`, `hosts`, `sender`. */
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
  'pipeline-deployment': PipelineDeployment;
  'distributed-transaction': { readonly library: string } /** Several resources in one transaction. */;
}
export type FactKind = keyof FactValues;
