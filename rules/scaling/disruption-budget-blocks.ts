import type { Setting } from '../../src/facts.ts';
import { clusterWorkloads, copyRange, isPatched, nameOf, unclaimed } from '../../src/text/workload-questions.ts';
import type { Deployment, Fact, Report, Repository } from '../../src/types.ts';
import { defineRule } from '../../src/types.ts';

type Budget = Fact<'disruption-budget'>;
type Known = Setting<number | string> & { readonly known: true };

const known = (setting: Setting<number | string> | undefined): Known | undefined => (setting?.known ? setting : undefined);
const isZero = ({ value }: Known): boolean => value === 0 || value === '0' || value === '0%';

/** The setting that forbids every eviction, whatever the number of copies. */
const findAbsolute = ({ value }: Budget): { setting: Known; rule: string } | undefined => {
  const max = known(value.maxUnavailable);
  if (max && isZero(max)) return { setting: max, rule: `\`maxUnavailable: ${max.value}\`` };
  const min = known(value.minAvailable);
  return min?.value === '100%' ? { setting: min, rule: '`minAvailable: 100%`' } : undefined;
};

function reportAbsolute(budget: Budget, report: (finding: Report) => void): boolean {
  const found = findAbsolute(budget);
  if (!found) return false;
  const data = { budget: budget.value.name, rule: found.rule };
  report({ message: 'always', data, place: found.setting.place, subject: budget.value.name });
  return true;
}

/** As many copies must stay as there are. An autoscaler's minimum counts: it runs that many when load is low. */
function checkAgainstCopies(budget: Budget, deployment: Deployment, repository: Repository, report: (finding: Report) => void): void {
  const required = known(budget.value.minAvailable);
  const { min, evidence } = copyRange(deployment);
  if (typeof required?.value !== 'number' || min === undefined || min < 1 || required.value < min) return;
  if (isPatched(repository, deployment.workload.value, 'replicas', 'minAvailable')) return;
  report({
    message: 'copies',
    data: { budget: budget.value.name, required: required.value, workload: nameOf(deployment.workload.value), copies: min },
    place: required.place,
    related: evidence ? [evidence] : [],
    subject: budget.value.name,
  });
}

export default defineRule({
  summary: 'a disruption budget forbids every eviction',
  factors: [9],
  level: 'error',
  effort: 1,
  docs: {
    what: 'A PodDisruptionBudget with `maxUnavailable: 0`, with `minAvailable: 100%`, or with a `minAvailable` that is not below the number of copies.',
    why: 'No pod may ever be evicted: node drains hang, and upgrades of the cluster stop or kill the pods by force.',
    how: 'Use `maxUnavailable: 1`, and run more copies than must stay available.',
    bad: 'replicas: 2   # Deployment\nminAvailable: 2   # PodDisruptionBudget',
    good: 'maxUnavailable: 1',
    references: ['https://kubernetes.io/docs/tasks/run-application/configure-pdb/'],
  },
  messages: {
    always: {
      text: 'PodDisruptionBudget `{budget}` forbids every eviction with {rule}.',
      consequence: 'Draining a node hangs, so nodes can be neither upgraded nor removed.',
      next: 'Allow one pod to be away: `maxUnavailable: 1`.',
    },
    copies: {
      text: 'PodDisruptionBudget `{budget}` keeps {required} pods available, and {workload} may run only {copies}.',
      consequence: 'Draining a node hangs, so nodes can be neither upgraded nor removed.',
      next: 'Run more copies, or use `maxUnavailable: 1`.',
    },
  },
  checkService(service, report, repository) {
    for (const deployment of clusterWorkloads(service)) {
      for (const budget of deployment.budgets)
        if (!reportAbsolute(budget, report)) checkAgainstCopies(budget, deployment, repository, report);
    }
  },
  checkRepository(repository, report) {
    for (const budget of unclaimed(repository, 'disruption-budget', ({ budgets }) => budgets)) reportAbsolute(budget, report);
  },
});
