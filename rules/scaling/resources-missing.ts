import type { Container } from '../../src/facts.ts';
import { clusterWorkloads, isPatched, reportOnce, subjectOf } from '../../src/text/workload-questions.ts';
import type { Deployment, Report, Service } from '../../src/types.ts';
import { defineRule } from '../../src/types.ts';

/** A limit without a request is taken as the request by Kubernetes. */
function whatIsMissing({ resources }: Container): { message: string; missing: string } | undefined {
  const cpu = resources.cpuRequest ?? resources.cpuLimit;
  const memory = resources.memoryRequest ?? resources.memoryLimit;
  if (!cpu && !memory) return { message: 'none', missing: '' };
  if (!cpu || !memory) return { message: 'some', missing: cpu ? 'memory' : 'CPU' };
  return resources.memoryLimit ? undefined : { message: 'limit', missing: 'memory' };
}

/** `resources: {}` in a chart: whoever installs it may choose, but where this program is all that it is for, nobody did. */
const staysOpen = (service: Service, { container }: Deployment): boolean =>
  service.root !== undefined &&
  clusterWorkloads(service).every((other) => other.container.resources.isLeftOpen) &&
  !!container.resources.isLeftOpen;

export default defineRule({
  summary: 'a container does not say what it needs',
  factors: [8],
  level: 'warning',
  effort: 1,
  docs: {
    what: 'A long-running container of Kubernetes without CPU and memory requests. A missing memory limit alone is a note. Jobs and init containers are left out.',
    why: 'The scheduler packs it anywhere, an autoscaler has nothing to measure against, and one greedy copy starves its neighbours.',
    how: 'Set `requests` for CPU and memory from what it uses, and a memory limit.',
    bad: 'containers:\n  - name: api\n    image: example/api:1.2.0',
    good: 'resources:\n  requests: {cpu: 100m, memory: 128Mi}\n  limits: {memory: 256Mi}',
    references: ['https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/'],
  },
  messages: {
    none: {
      text: 'Container `{container}` sets no resource requests or limits.',
      consequence: 'It can starve its neighbours or be evicted first, and no CPU autoscaler can measure it.',
      next: 'Set CPU and memory requests, and a memory limit.',
    },
    open: {
      text: 'Container `{container}` gets no resources: its chart leaves them empty, and nothing here fills them in.',
      consequence: 'It can starve its neighbours or be evicted first, and no CPU autoscaler can measure it.',
      next: 'Set CPU and memory requests, and a memory limit, in the values.',
    },
    some: {
      text: 'Container `{container}` sets no {missing} request.',
      consequence: 'The scheduler does not plan for it, and no autoscaler can measure its {missing}.',
      next: 'Add a {missing} request.',
    },
    limit: {
      text: 'Container `{container}` sets no memory limit.',
      consequence: 'A leak takes the memory of the whole node, and its neighbours are evicted.',
      next: 'Add a memory limit.',
    },
  },
  checkService(service, report, repository) {
    const findings: Report[] = [];
    for (const deployment of clusterWorkloads(service)) {
      const { workload } = deployment;
      if (isPatched(repository, workload.value, 'resources')) continue;
      for (const container of workload.value.containers) {
        const isOpen = container === deployment.container && staysOpen(service, deployment);
        const gap = isOpen ? { message: 'open', missing: '' } : whatIsMissing(container);
        if (!gap) continue;
        findings.push({
          message: gap.message,
          data: { container: container.name, missing: gap.missing },
          place: container.resources.place ?? container.namePlace,
          level: gap.message === 'limit' ? 'note' : 'warning',
          subject: `${subjectOf(workload.value)}:${container.name}`,
        });
      }
    }
    reportOnce(findings, report);
  },
});
