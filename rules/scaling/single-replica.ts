import { isIdle } from '../../src/text/container-commands.ts';
import { isExporter, isOperator } from '../../src/text/node-agents.ts';
import { hasCopiesBeside } from '../../src/text/shared-exposures.ts';
import { rehearses } from '../../src/text/stages.ts';
import {
  clusterWorkloads,
  copyRange,
  isClock,
  isPatched,
  isReplicated,
  looksLikeStore,
  nameOf,
  ownsVolume,
  platformApps,
  reportOnce,
  servesTraffic,
  subjectOf,
} from '../../src/text/workload-questions.ts';
import type { Report } from '../../src/types.ts';
import { defineRule } from '../../src/types.ts';

export default defineRule({
  summary: 'a stateless service runs as one copy',
  factors: [8],
  level: 'warning',
  effort: 1,
  docs: {
    what: 'A Deployment (or ReplicaSet, Rollout…) or an app of a platform (Cloud Foundry, Render, App Engine, a stack of Swarm…) that receives requests runs one replica, and no autoscaler adds more. Where the number is set outside of the repository, or production runs more copies than this rehearsal, nothing is said. Databases, programs that keep their own data (Prometheus, Jaeger…), workers without a port, DaemonSets, Jobs and workloads with a volume of their own are left out.',
    why: 'While its only copy restarts, is moved to another node or fails, the service is down, and load above what one copy can take is lost.',
    how: 'Run at least two replicas, or let an autoscaler decide with a minimum of two.',
    bad: 'spec:\n  replicas: 1',
    good: 'spec:\n  replicas: 2',
    references: ['https://12factor.net/concurrency', 'https://kubernetes.io/docs/concepts/workloads/controllers/deployment/'],
  },
  messages: {
    one: {
      text: '{workload} runs one replica, and nothing scales it.',
      consequence: 'The service is down while this copy restarts or moves to another node.',
      next: 'Run two or more replicas, or add an autoscaler with a minimum of two.',
    },
  },
  checkService(service, report, repository) {
    const findings: Report[] = [];
    for (const deployment of [...clusterWorkloads(service), ...platformApps(service)]) {
      const { value } = deployment.workload;
      const exempt =
        !(isReplicated(value) || deployment.platform !== 'kubernetes') ||
        looksLikeStore(service, deployment) ||
        ownsVolume(deployment) ||
        isExporter(deployment.container) ||
        isOperator(deployment) ||
        isIdle(deployment.container) ||
        isClock(deployment) ||
        (deployment.platform === 'compose' && value.volumes.some(({ type }) => type === 'named')) ||
        (deployment.platform === 'other' && value.volumes.some(({ type }) => type === 'host-path'));
      if (exempt || deployment.autoscalers.length > 0 || !servesTraffic(service, deployment)) continue;
      const { max, evidence } = copyRange(deployment);
      if (max !== 1 || !evidence || isPatched(repository, value, 'replicas') || hasCopiesBeside(deployment, repository)) continue;
      if (rehearses(deployment, service.deployments, (other) => other.autoscalers.length > 0 || copyRange(other).max !== 1)) continue;
      findings.push({ message: 'one', data: { workload: nameOf(value) }, place: evidence.place, subject: subjectOf(value) });
    }
    reportOnce(findings, report);
  },
});
