/** What a manifest declares to run: workloads with their containers, volumes, probes and variables. */
import type { Place } from '../types.ts';
import type { Setting } from './values.ts';

/** Deployment platforms that a workload can belong to. */
export type Platform = 'kubernetes' | 'compose' | 'cloud-foundry' | 'ecs' | 'cloud-run' | 'heroku' | 'other';
/** What a manifest is for, from its name and folder; `unknown` counts as production. */
export type Purpose = 'production' | 'development' | 'test' | 'unknown';

export interface Port {
  readonly number: Setting<number>;
  readonly name?: string;
  readonly protocol?: string;
  readonly hostPort?: Setting<number>;
  /** Swarm publishes it on the node of the copy (`mode: host`), not on all of them. */
  readonly onNode?: true;
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
  /** The ARG of its stage that a build fills it with: `ENV TOKEN=$TOKEN`. */
  readonly argument?: string;
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
  /** An image stream of OpenShift puts a digest in the place of the image. */
  readonly streamed?: boolean;
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
  /** Where a proxy keeps the certificates that it asks for by itself: a file of its own. */
  readonly certificates?: { readonly path: string; readonly place: Place };
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
  /** Compose `!reset` and `!override`: its file only means something over another one. */
  readonly completes?: true;
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

/** What one stage of a delivery pipeline starts or replaces. */
export interface PipelineDeployment {
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
}
