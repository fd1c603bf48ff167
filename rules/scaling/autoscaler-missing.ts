import { isOperator } from '../../src/text/node-agents.ts';
import {
  cloudWorkloads,
  clusterWorkloads,
  looksLikeStore,
  nameOf,
  ownsVolume,
  servesTraffic,
  subjectOf,
  switchedOff,
} from '../../src/text/workload-questions.ts';
import type { Deployment, Service } from '../../src/types.ts';
import { defineRule } from '../../src/types.ts';

/** Volumes of application servers hold archives and logs. */
const isApplicationServer = ({ container, workload }: Deployment): boolean =>
  [workload.value.name, container.image?.known ? container.image.value.replace(/^.*\//, '') : ''].some((name) =>
    /^(?:[a-z0-9]+-){0,3}(?:tomcat|tomee|wildfly|jboss|payara|glassfish|weblogic|liberty|websphere|jetty|jeus)(?![a-z])/.test(name),
  );

/** Members of a cluster and copies with a volume each are no load that comes and goes: adding one moves data. */
function couldScale(service: Service, deployment: Deployment): boolean {
  const { kind, replicas } = deployment.workload.value;
  if (kind === 'DaemonSet' || (replicas?.known && replicas.value === 0) || isOperator(deployment)) return false;
  if (looksLikeStore(service, deployment) || (kind === 'StatefulSet' && ownsVolume(deployment) && !isApplicationServer(deployment)))
    return false;
  return servesTraffic(service, deployment);
}

export default defineRule({
  summary: 'nothing scales a service with its load',
  factors: [8],
  level: 'note',
  effort: 1,
  docs: {
    what: 'No HorizontalPodAutoscaler and no KEDA ScaledObject of the repository names a workload that receives requests, or no scalable target names a service of ECS. Databases, StatefulSets with volumes of their own, Jobs, DaemonSets and workers without a port are left out.',
    why: 'The number of copies stays what the manifest says: load above it fails, load below it wastes money.',
    how: 'Add a HorizontalPodAutoscaler (CPU or a metric of your own) or a KEDA ScaledObject for the workload.',
    bad: 'kind: Deployment\nmetadata: {name: api}\nspec: {replicas: 3}',
    good: 'kind: HorizontalPodAutoscaler\nspec:\n  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: api}\n  minReplicas: 2\n  maxReplicas: 10',
    references: ['https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/', 'https://keda.sh/docs/latest/concepts/'],
  },
  messages: {
    none: {
      text: 'No autoscaler names {workload}.',
      consequence: 'It keeps the same number of copies, whatever the load is.',
      next: 'Add a HorizontalPodAutoscaler or a KEDA ScaledObject for it.',
    },
    tasks: {
      text: 'Nothing scales {workload}.',
      consequence: 'It keeps the same number of tasks, whatever the load is.',
      next: 'Register it as a scalable target, with a policy for its load.',
    },
  },
  checkService(service, report, repository) {
    const candidates = [...clusterWorkloads(service), ...cloudWorkloads(service)].filter((deployment) => couldScale(service, deployment));
    const [first, ...others] = candidates;
    if (!first || candidates.some(({ autoscalers }) => autoscalers.length > 0)) return;
    const { value } = first.workload;
    const related = others.map(({ workload }) => ({ place: workload.value.namePlace, message: 'nor here' }));
    const message = first.platform === 'kubernetes' ? 'none' : 'tasks';
    const off = switchedOff(repository, first, 'autoscaler');
    const place = off ?? (message === 'tasks' && value.replicas?.known ? value.replicas.place : value.namePlace);
    report({ message, data: { workload: nameOf(value) }, place, related, subject: subjectOf(value) });
  },
});
