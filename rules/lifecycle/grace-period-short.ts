import { reportOnce } from '../../src/text/workload-questions.ts';
import type { Deployment, Fact, Report } from '../../src/types.ts';
import { defineRule } from '../../src/types.ts';

/** Seconds that a platform waits when nobody says otherwise: Kubernetes 30, Compose 10. */
const defaultGrace: Readonly<Record<string, number>> = { kubernetes: 30, compose: 10 };

/** Seconds between SIGTERM and SIGKILL; `undefined` when unknown. */
function graceOf({ workload, platform }: Deployment): number | undefined {
  const { gracePeriod } = workload.value;
  if (gracePeriod) return gracePeriod.known ? gracePeriod.value : undefined;
  return defaultGrace[platform];
}

const longest = (handlers: readonly Fact<'shutdown-handler'>[]): Fact<'shutdown-handler'> | undefined =>
  handlers.filter(({ value }) => value.seconds !== undefined).sort((a, b) => b.value.seconds! - a.value.seconds!)[0];

export default defineRule({
  summary: 'the platform kills it before its shutdown ends',
  factors: [9],
  level: 'warning',
  effort: 1,
  docs: {
    what: 'The preStop hook and the shutdown handler together may take longer than the grace period of the workload.',
    why: 'After the grace period the platform sends SIGKILL: what the handler was still waiting for is lost. In Kubernetes the time of preStop counts.',
    how: 'Make `terminationGracePeriodSeconds` (`stop_grace_period` in Compose) a few seconds longer than preStop and shutdown together, or shorten them.',
    bad: 'terminationGracePeriodSeconds: 10   # the handler waits 30 seconds',
    good: 'terminationGracePeriodSeconds: 45',
    references: ['https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination'],
  },
  messages: {
    short: {
      text: '{workload} is killed {grace} seconds after SIGTERM, but its shutdown may take {needed}.',
      consequence: 'Requests and jobs that the shutdown is still waiting for are lost.',
      next: 'Give it a grace period above {needed} seconds, or let preStop and the shutdown handler end sooner.',
    },
  },
  checkService(service, report) {
    const handler = longest(service.code.all('shutdown-handler'));
    const findings: Report[] = [];
    for (const deployment of service.deployments) {
      if (deployment.purpose === 'development' || deployment.purpose === 'test' || !deployment.workload.value.longRunning) continue;
      const grace = graceOf(deployment);
      const { preStop } = deployment.container;
      const needed = (preStop?.seconds ?? 0) + (handler?.value.seconds ?? 0);
      if (grace === undefined || needed <= grace) continue;
      // Ten seconds are what Compose gives where nobody asked: most shutdowns end sooner than they may.
      const isDefault = deployment.platform === 'compose' && !deployment.workload.value.gracePeriod && !preStop?.seconds;
      findings.push({
        ...(isDefault ? { level: 'note' as const } : {}),
        message: 'short',
        data: { workload: `\`${deployment.workload.value.name}\``, grace, needed },
        place: deployment.workload.value.gracePeriod?.place ?? deployment.workload.value.namePlace,
        related: [
          ...(preStop?.seconds ? [{ place: preStop.place, message: `preStop takes ${preStop.seconds} seconds` }] : []),
          ...(handler ? [{ place: handler.place, message: `the shutdown handler may take ${handler.value.seconds} seconds` }] : []),
        ],
        subject: `grace:${deployment.workload.value.name}`,
      });
    }
    reportOnce(findings, report);
  },
});
