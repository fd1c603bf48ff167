import type { AnyFact, Fact } from '../types.ts';
import { folderOf } from './path-tree.ts';

/** A service that a timer beside it starts is a job: it runs, ends, and is started again. */
export function markScheduled(workloads: readonly Fact<'workload'>[], facts: readonly AnyFact[]): readonly Fact<'workload'>[] {
  const timers = facts.filter((fact) => fact.kind === 'workload-patch').filter(({ value }) => value.sets.includes('schedule'));
  if (timers.length === 0) return workloads;
  const keys = new Set(timers.map(({ value, place }) => `${value.kind}/${value.name} ${folderOf(place.path)}`));
  return workloads.map((workload) => {
    const { kind, name } = workload.value;
    if (!keys.has(`${kind}/${name} ${folderOf(workload.place.path)}`)) return workload;
    return { ...workload, value: { ...workload.value, longRunning: false } };
  });
}
