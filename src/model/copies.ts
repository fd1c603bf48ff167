import type { Platform, Setting } from '../facts.ts';
import type { Copies, Deployment, Fact, Related } from '../types.ts';

/** One line about the number of copies. `count` undefined: the line leaves it open. */
interface Statement {
  readonly count: number | undefined;
  readonly related?: Related;
}

const words = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];
const countOf = (number: number): string => `${words[number] ?? number} ${number === 1 ? 'copy' : 'copies'}`;

/** KEDA scales to 100 where nothing is said (ScaledObject specification, maxReplicaCount). */
const kedaMaximum = 100;

/** How many copies run over all deployments that are not for development or tests. */
export function countCopies(
  deployments: readonly Deployment[],
  managers: readonly Fact<'process-file'>[],
  patches: ReadonlyMap<string, readonly Fact<'workload-patch'>[]>,
): Copies {
  const judged = deployments.filter(
    ({ purpose, workload }) => (purpose === 'production' || purpose === 'unknown') && workload.value.longRunning,
  );
  const statements = [
    ...judged.flatMap((deployment) => readStatements(deployment, patches)),
    ...managers.flatMap(({ value, place }) => readInstances(value.instances, value.manager, place)),
    ...judged.flatMap(readInstanceOptions),
  ];
  const many = statements.filter(({ count }) => count !== undefined && count > 1).sort((a, b) => b.count! - a.count!);
  if (many.length > 0) return { count: 'many', max: finite(many[0]!.count!), evidence: related(many) };
  const open = statements.filter(({ count }) => count === undefined);
  if (open.length > 0 || statements.length === 0) return { count: 'unknown', evidence: related(open) };
  return { count: 'one', max: 1, evidence: related(statements) };
}

const finite = (count: number): number | undefined => (Number.isFinite(count) ? count : undefined);

function related(statements: readonly Statement[]): readonly Related[] {
  const seen = new Map<string, Related>();
  for (const { related: one } of statements)
    if (one) seen.set(`${one.place.path}:${one.place.line}`, seen.get(`${one.place.path}:${one.place.line}`) ?? one);
  return [...seen.values()];
}

function readStatements(
  { workload, autoscalers }: Deployment,
  patches: ReadonlyMap<string, readonly Fact<'workload-patch'>[]>,
): readonly Statement[] {
  const { kind, name, platform, replicas, namePlace } = workload.value;
  if (kind === 'DaemonSet')
    return [{ count: Number.POSITIVE_INFINITY, related: { place: namePlace, message: 'a DaemonSet runs one copy on each node' } }];
  if (kind === 'global Swarm service')
    return [{ count: Number.POSITIVE_INFINITY, related: { place: namePlace, message: 'a global service runs one copy on each node' } }];
  if (kind === 'systemd template')
    return [
      {
        count: Number.POSITIVE_INFINITY,
        related: { place: namePlace, message: 'each instance of this unit is a copy with a port of its own' },
      },
    ];
  const scaled = autoscalers.flatMap(readAutoscaler);
  const patched = (patches.get(`${kind}/${name}`) ?? []).flatMap((patch) =>
    patch.value.replicas ? readReplicas(patch.value.replicas, platform) : [],
  );
  if (replicas) return [...scaled, ...patched, ...readReplicas(replicas, platform)];
  if (scaled.length > 0 || patched.length > 0) return [...scaled, ...patched];
  return platform === 'kubernetes' ? [{ count: 1 }] : [];
}

/** Clouds name the number in their own way. */
const namedReplicas: ReadonlySet<Platform> = new Set(['kubernetes', 'compose']);

function readReplicas(replicas: Setting<number>, platform: Platform): readonly Statement[] {
  if (!replicas.known) return [{ count: undefined }];
  const { value, place } = replicas;
  if (value === 0) return [];
  const message = namedReplicas.has(platform) ? `\`replicas: ${value}\` runs ${countOf(value)}` : `it runs ${countOf(value)}`;
  return [{ count: value, related: { place, message } }];
}

function readAutoscaler({ value }: Fact<'autoscaler'>): readonly Statement[] {
  const { kind, min, max, namePlace } = value;
  if (!max && kind === 'ScaledObject')
    return [{ count: kedaMaximum, related: { place: namePlace, message: `KEDA may scale it to ${kedaMaximum} copies` } }];
  if (!max?.known) {
    const least = min?.known ? min.value : 0;
    if (!min || least < 2) return [{ count: undefined }];
    return [{ count: least, related: { place: min.place, message: `at least ${countOf(least)} run` } }];
  }
  const fields: Readonly<Record<string, string>> = { ScaledObject: 'maxReplicaCount', HorizontalPodAutoscaler: 'maxReplicas' };
  const field = fields[kind] ?? 'maximum';
  return [
    { count: max.value, related: { place: max.place, message: `\`${field}: ${max.value}\` lets it scale to ${countOf(max.value)}` } },
  ];
}

/** pm2 in cluster mode: several processes in one container know as little of each other as replicas do. */
function readInstances(instances: Setting<number | string> | undefined, manager: string, place: Related['place']): readonly Statement[] {
  if (!instances?.known) return [];
  const count = instanceCount(String(instances.value));
  return count > 1
    ? [{ count, related: { place: instances.place ?? place, message: `${manager} starts ${processes(instances.value)}` } }]
    : [];
}

/** `pm2-runtime start server.js -i max`. */
function readInstanceOptions({ process }: Deployment): readonly Statement[] {
  return process.steps.flatMap(({ words: command, place }) => {
    const at = /(?:^|\/)pm2(?:-runtime|-docker)?$/.test(command[0] ?? '')
      ? command.findIndex((word) => word === '-i' || word === '--instances')
      : -1;
    const given = at < 0 ? undefined : command[at + 1];
    const count = given === undefined ? 1 : instanceCount(given);
    return count > 1 ? [{ count, related: { place, message: `pm2 starts ${processes(given!)}` } }] : [];
  });
}

/** 0, `max` and negative numbers count the processors (pm2, cluster mode). */
function instanceCount(text: string): number {
  if (text === 'max' || /^(?:0|-\d+)$/.test(text)) return Number.POSITIVE_INFINITY;
  return /^\d+$/.test(text) ? Number(text) : 1;
}
const processes = (given: number | string): string =>
  /^[1-9]\d*$/.test(String(given)) ? `${words[Number(given)] ?? given} processes` : 'one process for each processor';
