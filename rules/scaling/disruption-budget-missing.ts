import { clusterWorkloads, copyRange, nameOf, reportOnce, subjectOf, switchedOff } from '../../src/text/workload-questions.ts';
import type { Report } from '../../src/types.ts';
import { defineRule } from '../../src/types.ts';

export default defineRule({
  summary: 'nothing keeps copies up while nodes are drained',
  factors: [9],
  level: 'note',
  effort: 1,
  docs: {
    what: 'A workload that always has two or more copies, and no PodDisruptionBudget of the repository selects it.',
    why: 'An upgrade of the cluster may drain the nodes of all copies at the same moment.',
    how: 'Add a PodDisruptionBudget with `maxUnavailable: 1`.',
    bad: 'kind: Deployment\nspec: {replicas: 3}',
    good: 'kind: PodDisruptionBudget\nspec:\n  maxUnavailable: 1\n  selector: {matchLabels: {app: api}}',
    references: ['https://kubernetes.io/docs/tasks/run-application/configure-pdb/'],
  },
  messages: {
    none: {
      text: 'No PodDisruptionBudget selects {workload}.',
      consequence: 'Draining nodes may stop all its copies at once.',
      next: 'Add a PodDisruptionBudget with `maxUnavailable: 1`.',
    },
  },
  checkService(service, report, repository) {
    const findings: Report[] = [];
    // A selector by expressions cannot be compared: it may mean this workload.
    const unclear = repository.facts.all('disruption-budget').some(({ value }) => value.selector === undefined);
    for (const deployment of clusterWorkloads(service)) {
      const { value } = deployment.workload;
      const { min, evidence } = copyRange(deployment);
      if (unclear || value.kind === 'DaemonSet' || deployment.budgets.length > 0 || min === undefined || min < 2) continue;
      findings.push({
        message: 'none',
        data: { workload: nameOf(value) },
        place: switchedOff(repository, deployment, 'disruption-budget') ?? value.namePlace,
        related: evidence ? [evidence] : [],
        subject: subjectOf(value),
      });
    }
    reportOnce(findings, report);
  },
});
