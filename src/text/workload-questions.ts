/** Questions that several rules ask about a deployed workload. Every answer needs evidence: what is not known is not assumed. */
import type { Container, FactValues, Workload } from '../facts.ts';
import type { Deployment, Fact, Place, Related, Report, Repository, Service } from '../types.ts';
import { commandsOf } from './container-commands.ts';
import { sharesSet } from './sets.ts';
import { isAloneByNature } from './single-copies.ts';
import { isStorePort } from './stock-ports.ts';
import { isClockCommand, isWorkerCommand } from './worker-commands.ts';

export const isProduction = ({ purpose }: { readonly purpose: Deployment['purpose'] }): boolean =>
  purpose === 'production' || purpose === 'unknown';

/** Kinds of Kubernetes whose replicas are alike and may be any number. */
const replicatedKinds = new Set([
  'Deployment',
  'ReplicaSet',
  'ReplicationController',
  'Rollout',
  'DeploymentConfig',
  // Resources from which operators make one.
  'OpenLibertyApplication',
  'WebSphereLibertyApplication',
  'RuntimeComponent',
  'WildFlyServer',
  'WebServer',
]);
export const isReplicated = ({ kind }: Workload): boolean => replicatedKinds.has(kind);

/** Workloads of Kubernetes that run a service in production, each once, by its main container. */
export function clusterWorkloads(service: Service): readonly Deployment[] {
  return service.deployments.filter((deployment) => {
    const { value } = deployment.workload;
    const isMain = value.containers.length === 0 || value.containers[0]!.namePlace.line === deployment.container.namePlace.line;
    return deployment.platform === 'kubernetes' && isProduction(deployment) && value.longRunning && isMain;
  });
}

/** Workloads of container services of a cloud (ECS, Cloud Run, Container Apps…) that run a service in production, each once. */
export function cloudWorkloads(service: Service): readonly Deployment[] {
  return service.deployments.filter((deployment) => {
    const { value } = deployment.workload;
    const isMain = value.containers[0] === undefined || value.containers[0].namePlace.line === deployment.container.namePlace.line;
    return cloudPlatforms.has(deployment.platform) && cloudKinds.has(value.kind) && isProduction(deployment) && isMain;
  });
}
const cloudPlatforms: ReadonlySet<Workload['platform']> = new Set(['ecs', 'cloud-run', 'other']);
const cloudKinds = new Set(['ECS service', 'Cloud Run service', 'Container App']);

/** Apps of platforms that run what a file of their own describes (Cloud Foundry, Fly, Render…) in production, each once. */
export function platformApps(service: Service): readonly Deployment[] {
  return service.deployments.filter((deployment) => {
    const { kind, longRunning } = deployment.workload.value;
    const isApp = deployment.platform === 'cloud-foundry' ? kind === 'app' : openPlatforms.has(deployment.platform) && appKinds.has(kind);
    return isApp && longRunning && isProduction(deployment);
  });
}
const openPlatforms: ReadonlySet<Workload['platform']> = new Set(['other', 'compose']);
const appKinds = new Set([
  'Fly app',
  'Render web service',
  'Render private service',
  'Render worker',
  'App Engine service',
  'Railway service',
  'Nomad group',
  'Knative Service',
  'Swarm service',
  'global Swarm service',
]);

const storeName =
  /(^|[-_.])(db|database|postgres|postgresql|postgis|pgsql|patroni|spilo|mysql|mariadb|galera|mssql|sqlserver|oracle|mongo|mongodb|redis|valkey|memcached|rabbitmq|kafka|zookeeper|zk|elasticsearch|opensearch|cassandra|minio|etcd|nats|clickhouse|influxdb|neo4j|couchdb|solr)([-_](cluster|ensemble|ha|primary|replicas?|master|slave|leader|follower|nodes?|brokers?|server|shard|quorum))?[-_]?[0-9]*$/i;
const imageName = (container: Container): string =>
  container.image?.known ? container.image.value.split('@')[0]!.split('/').at(-1)!.split(':')[0]! : '';

/** `orders-db`, `redis`, `carts-mongo`. */
export const namesStore = (name: string): boolean => storeName.test(name);

/** A database, cache or broker, by its image or by the names of the workload and its image; or a program that keeps its own data. */
export const looksLikeStore = (service: Service, { workload, container }: Deployment): boolean =>
  service.kind === 'database' ||
  namesStore(workload.value.name) ||
  namesStore(imageName(container)) ||
  isAloneByNature(container) ||
  (!service.codeRead && listensAsStore(container) && !passesOn.test(`${workload.value.name} ${imageName(container)}`));
/** It keeps nothing and hands on to a database elsewhere: a second copy is as good. */
const passesOn = /proxy|pgbouncer|pgpool|tunnel|bastion/i;
/** An image of nobody's code that is asked at the port of a database alone. */
const listensAsStore = ({ ports }: Container): boolean =>
  ports.length > 0 && ports.every(({ number }) => number.known && isStorePort(number.value));

/** Keeps its data on a volume of its own, so that copies are not alike. */
export const ownsVolume = ({ claims, workload }: Deployment): boolean =>
  claims.length > 0 || workload.value.claimTemplates.length > 0 || workload.value.volumes.some(({ type }) => type === 'claim');

/** Cloud Foundry gives a route to every app that does not refuse one. */
const hasOwnRoute = ({ codeRead }: Service, { platform, workload }: Deployment): boolean =>
  platform === 'cloud-foundry' && workload.value.kind === 'app' && !codeRead;

/** Takes work from a queue or a clock, whatever else its image could do. What only the manifest writes counts, too. */
export const isWorker = (deployment: Deployment): boolean => isWorkerCommand(mainCommandOf(deployment));
/** Gives out work by a clock: one copy is right. */
export const isClock = (deployment: Deployment): boolean => isClockCommand(mainCommandOf(deployment));
const mainCommandOf = ({ process, container }: Deployment): readonly string[] =>
  process.steps.findLast(({ ends }) => !ends)?.words ?? commandsOf(container).at(-1) ?? [];

/** Something sends it requests: a Service, a container port or its code. A port that a worker only declares is a remnant. */
export const servesTraffic = (service: Service, deployment: Deployment): boolean =>
  hasOwnRoute(service, deployment) ||
  deployment.exposures.length > 0 ||
  ((service.kind === 'http' || deployment.container.ports.length > 0) && !isWorker(deployment));

/** True when an overlay or patch sets one of the fields of this workload: then nothing there is missing. */
export const isPatched = (repository: Repository, workload: Workload, ...fields: readonly string[]): boolean =>
  repository.facts
    .all('workload-patch')
    .some(
      ({ value }) =>
        (value.name === '' || value.name === workload.name) &&
        (value.kind === '' || value.kind === workload.kind) &&
        fields.some((field) => value.sets.includes(field)),
    );

/** The value of a chart that switches off what this workload lacks. */
export function switchedOff(repository: Repository, { workload }: Deployment, what: FactValues['switched-off']['what']): Place | undefined {
  const { name, kind, namespace, labels } = workload.value;
  return repository.facts.all('switched-off').find(({ value, ...fact }) => {
    if (value.what !== what || !sharesSet(fact, workload)) return false;
    if (value.namespace !== undefined && namespace !== undefined && value.namespace !== namespace) return false;
    if (value.target) return value.target.name === name && (value.target.kind ?? kind).toLowerCase() === kind.toLowerCase();
    const pairs = Object.entries(value.selector ?? {});
    return pairs.length > 0 && pairs.every(([key, text]) => labels[key] === text);
  })?.place;
}

export interface CopyRange {
  /** Least and most copies, as far as known. */
  readonly min?: number;
  readonly max?: number;
  readonly evidence?: Related;
}

/** How many copies of one workload run, and the line that says so. An autoscaler decides where there is one. */
export function copyRange({ workload, autoscalers }: Deployment): CopyRange {
  const scaler = autoscalers[0]?.value;
  if (scaler) {
    const max = scaler.max?.known ? scaler.max.value : undefined;
    const min = scaler.min === undefined ? 1 : scaler.min.known ? scaler.min.value : undefined;
    const message = max === undefined ? 'an autoscaler adds copies' : `an autoscaler runs up to ${max} copies`;
    return { min, max, evidence: { place: scaler.max?.place ?? scaler.namePlace, message } };
  }
  const { replicas, namePlace, kind } = workload.value;
  if (replicas === undefined)
    return kind === 'DaemonSet' || kind === 'global Swarm service'
      ? {}
      : { min: 1, max: 1, evidence: { place: namePlace, message: 'no replicas are set: one copy' } };
  if (!replicas.known) return {};
  const message = `${replicas.value} ${replicas.value === 1 ? 'replica' : 'replicas'}`;
  return { min: replicas.value, max: replicas.value, evidence: { place: replicas.place, message } };
}

export const nameOf = (workload: Workload): string => `${workload.kind} \`${workload.name}\``;
export const subjectOf = (workload: Workload): string => `${workload.kind}/${workload.name}`;

/** Facts of a kind that no service has claimed, told by their place. */
export function unclaimed<K extends 'sticky-routing' | 'disruption-budget' | 'autoscaler'>(
  repository: Repository,
  kind: K,
  claimed: (deployment: Deployment) => readonly Fact<K>[],
): readonly Fact<K>[] {
  const key = ({ place }: Fact<K>): string => `${place.path}:${place.line}:${place.column}`;
  const known = new Set(repository.services.flatMap(({ deployments }) => deployments.flatMap(claimed)).map(key));
  return repository.facts.all(kind).filter((fact) => !known.has(key(fact)));
}

/**
 * Manifests often repeat a workload: a release file, an example, an overlay. What is wrong in each copy is one finding,
 * and the other copies are its related places. What sets of values or overlays share is told once later, with their names.
 */
export function reportOnce(findings: readonly Report[], report: (finding: Report) => void): void {
  const groups = new Map<string, Report[]>();
  for (const finding of findings) {
    const key = `${finding.message}:${finding.subject}:${finding.place.set ?? ''}`;
    groups.set(key, [...(groups.get(key) ?? []), finding]);
  }
  for (const [first, ...others] of groups.values()) {
    const repeated = others.map(({ place }): Related => ({ place, message: 'the same here' }));
    report({ ...first!, related: [...(first!.related ?? []), ...repeated] });
  }
}
