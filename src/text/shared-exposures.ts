import type { FactValues } from '../facts.ts';
import type { Deployment, Fact, Place, Repository } from '../types.ts';
import { groupBy } from './group-by.ts';
import { sharesSet } from './sets.ts';

const folderOf = ({ path }: Place): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));

interface Folder {
  readonly exposures: readonly Fact<'exposure'>[];
  readonly workloads: readonly Fact<'workload'>[];
}

const known = new WeakMap<Repository, ReadonlyMap<string, Folder>>();
function foldersOf(repository: Repository): ReadonlyMap<string, Folder> {
  const found = known.get(repository);
  if (found) return found;
  const workloads = groupBy(repository.facts.all('workload'), ({ place }) => folderOf(place));
  const exposures = groupBy(repository.facts.all('exposure'), ({ place }) => folderOf(place));
  const folders = new Map([...exposures].map(([folder, list]) => [folder, { exposures: list, workloads: workloads.get(folder) ?? [] }]));
  known.set(repository, folders);
  return folders;
}

const selects = ({ selector = {} }: FactValues['exposure'], { value }: Fact<'workload'>): boolean =>
  Object.keys(selector).length > 0 && Object.entries(selector).every(([key, text]) => value.labels[key] === text);

/** A canary beside the release: a Service of their folder sends requests to the copies of both. */
export function hasCopiesBeside({ workload }: Deployment, repository: Repository): boolean {
  const folder = foldersOf(repository).get(folderOf(workload.place));
  const shared = folder?.exposures.filter((one) => sharesSet(one, workload) && selects(one.value, workload)) ?? [];
  return shared.some((exposure) =>
    folder!.workloads.some(
      (other) =>
        other.value.name !== workload.value.name &&
        sharesSet(other, workload) &&
        other.value.namespace === workload.value.namespace &&
        other.value.replicas?.known === true &&
        other.value.replicas.value > 1 &&
        selects(exposure.value, other),
    ),
  );
}
