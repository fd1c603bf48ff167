import type { Setting, Workload } from '../../src/facts.ts';
import { isOperator } from '../../src/text/node-agents.ts';
import {
  clusterWorkloads,
  copyRange,
  isReplicated,
  looksLikeStore,
  nameOf,
  ownsVolume,
  platformApps,
  reportOnce,
  servesTraffic,
  subjectOf,
} from '../../src/text/workload-questions.ts';
import type { Deployment, Report, Service } from '../../src/types.ts';
import { defineRule } from '../../src/types.ts';

/** Kinds and their strategies; any other text is refused by the API or left to a program that nobody sees. */
const strategies: Readonly<Record<string, readonly string[]>> = {
  Deployment: ['RollingUpdate', 'Recreate'],
  DeploymentConfig: ['Rolling', 'Recreate', 'Custom'],
};

/** The type, when it names no strategy of its kind. */
function findNoStrategy({ kind, strategy }: Workload): (Setting<string> & { readonly known: true }) | undefined {
  const type = strategy?.type;
  return type?.known && strategies[kind]?.includes(type.value) === false ? type : undefined;
}

/**
 * Fly replaces all machines at once with `immediate` (configuration reference, "Picking a deployment strategy"), Swarm with
 * `parallelism: 0` (Compose deploy specification, `update_config`).
 */
function replacesAtOnce(service: Service, deployment: Deployment): Report | undefined {
  const { value } = deployment.workload;
  const { type, maxUnavailable } = value.strategy ?? {};
  const isSwarm = value.kind === 'Swarm service' && copyRange(deployment).max !== 1;
  if (
    isSwarm &&
    type?.known &&
    type.value === 'stop-first' &&
    maxUnavailable?.known &&
    maxUnavailable.value === 0 &&
    servesTraffic(service, deployment) &&
    !looksLikeStore(service, deployment)
  )
    return {
      message: 'recreate',
      data: { workload: nameOf(value), strategy: '`parallelism: 0`' },
      place: maxUnavailable.place,
      subject: subjectOf(value),
    };
  if (!type?.known || type.value !== 'immediate' || ownsVolume(deployment) || !servesTraffic(service, deployment)) return undefined;
  return {
    message: 'recreate',
    data: { workload: nameOf(value), strategy: '`immediate`' },
    place: type.place,
    subject: subjectOf(value),
  };
}

export default defineRule({
  summary: 'every deploy takes the whole service down',
  factors: [9],
  level: 'warning',
  effort: 1,
  docs: {
    what: 'A Deployment that receives requests is replaced with `strategy: Recreate` or with `maxUnavailable: 100%`, an app of Fly with the strategy `immediate`, or a service of Swarm with `parallelism: 0`. Databases and workloads with a volume of their own are left out: they often need it.',
    why: 'All old copies stop before the first new one is ready, so each deploy is an outage.',
    how: 'Use RollingUpdate (the default) and make two versions able to run side by side.',
    bad: 'strategy: {type: Recreate}',
    good: 'strategy:\n  type: RollingUpdate\n  rollingUpdate: {maxUnavailable: 0, maxSurge: 1}',
    references: ['https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#strategy'],
  },
  messages: {
    recreate: {
      text: '{workload} is replaced with {strategy}: all old copies stop before a new one is ready.',
      consequence: 'Each deploy takes the service down.',
      next: 'Use a rolling update.',
    },
    unknown: {
      text: '{workload} asks for the update strategy `{strategy}`, which does not exist.',
      consequence: 'The cluster refuses the workload, so the deploy fails.',
      next: 'Use a rolling update.',
    },
  },
  checkService(service, report) {
    const findings: Report[] = platformApps(service).flatMap((deployment) => replacesAtOnce(service, deployment) ?? []);
    for (const deployment of clusterWorkloads(service)) {
      const { value } = deployment.workload;
      const wrong = findNoStrategy(value);
      if (wrong)
        findings.push({
          message: 'unknown',
          data: { workload: nameOf(value), strategy: wrong.value },
          place: wrong.place,
          subject: `${subjectOf(value)}:type`,
        });
      if (wrong) continue;
      const isAlone = looksLikeStore(service, deployment) || isOperator(deployment);
      const single = isAlone || ownsVolume(deployment) || value.hostNetwork !== undefined;
      if (!value.strategy || !isReplicated(value) || single || !servesTraffic(service, deployment)) continue;
      const { type, maxUnavailable } = value.strategy;
      const recreates = type.known && type.value === 'Recreate';
      if (!recreates && !(maxUnavailable?.known && maxUnavailable.value === '100%')) continue;
      findings.push({
        message: 'recreate',
        data: { workload: nameOf(value), strategy: recreates ? '`Recreate`' : '`maxUnavailable: 100%`' },
        place: recreates ? type.place : maxUnavailable!.place,
        subject: subjectOf(value),
      });
    }
    reportOnce(findings, report);
  },
});
