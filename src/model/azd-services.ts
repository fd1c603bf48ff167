import type { Fact } from '../types.ts';

type WorkloadFact = Fact<'workload'>;
const tag = 'azd-service-name';

/**
 * Infrastructure code tags what azd deploys a service to: that is how it runs, and azure.yaml says from which folder it is built.
 * A service whose host is not found stands for itself.
 */
export function joinAzdServices(workloads: readonly WorkloadFact[]): readonly WorkloadFact[] {
  const services = new Map(workloads.filter(({ value }) => value.kind === 'azd service').map((fact) => [fact.value.name, fact] as const));
  if (services.size === 0) return workloads;
  const joined = new Set<WorkloadFact>();
  const hosts = workloads.map((fact): WorkloadFact => {
    const service = services.get(fact.value.labels[tag] ?? '');
    if (!service || service === fact) return fact;
    joined.add(service);
    // The image that the template starts with is replaced at the first deploy.
    const containers = fact.value.containers.map(({ image: _, ...container }) => container);
    return { ...fact, value: { ...fact.value, containers, build: service.value.build! } };
  });
  return hosts.filter((fact) => !joined.has(fact));
}
