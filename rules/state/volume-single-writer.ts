import type { Setting } from '../../src/facts.ts';
import {
  clusterWorkloads,
  copyRange,
  isReplicated,
  nameOf,
  platformApps,
  reportOnce,
  subjectOf,
} from '../../src/text/workload-questions.ts';
import type { Deployment, Fact, Place, Report, Repository } from '../../src/types.ts';
import { defineRule } from '../../src/types.ts';

const singleWriter = new Set(['ReadWriteOnce', 'ReadWriteOncePod']);
const isSingle = (modes: Setting<readonly string[]>): boolean =>
  modes.known && modes.value.length > 0 && modes.value.every((mode) => singleWriter.has(mode));

/** Disks of platforms: each belongs to one copy, which the platform enforces or hides by giving each copy a disk of its own. */
function checkDisks(deployment: Deployment): readonly Report[] {
  const { value } = deployment.workload;
  const { min, max, evidence } = copyRange(deployment);
  const copies = max ?? min ?? 0;
  if (copies < 2) return [];
  return deployment.claims.map(({ name, claim }) => ({
    message: 'disk',
    data: { workload: nameOf(value), copies, claim: name },
    place: claim?.place ?? value.namePlace,
    related: evidence ? [evidence] : [],
    subject: `${subjectOf(value)}:${name}`,
  }));
}

interface Mount {
  readonly deployment: Deployment;
  readonly claim: Fact<'volume-claim'>;
  readonly name: string;
  readonly place: Place;
}

/** Claims that only one node may write, by the workloads that write to them. */
function singleMounts(deployment: Deployment): readonly Mount[] {
  const { value } = deployment.workload;
  return deployment.claims.flatMap(({ volume, name, claim }) => {
    const mounted = value.volumes.find((candidate) => candidate.name === volume);
    if (!claim || !mounted || !isSingle(claim.value.accessModes) || mounted.readOnly) return [];
    return [{ deployment, claim, name, place: mounted.place }];
  });
}

const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/') + 1);

/** One claim for both, and not one of the same name in another example: they say their namespace, or lie together. */
function goTogether({ claim, deployment: { workload } }: Mount, other: Mount): boolean {
  const beside = other.deployment.workload;
  const { namespace } = workload.value;
  if (workload.set !== beside.set) return false;
  if (workload.set !== undefined || (namespace !== undefined && namespace === beside.value.namespace)) return true;
  const above = folderOf(claim.place.path);
  const [one, two] = [workload, beside].map(({ place }) => folderOf(place.path));
  return one === two || (one!.startsWith(above) && two!.startsWith(above));
}

/** Two workloads that each run one copy are two pods all the same. */
function findShared({ services }: Repository): readonly Report[] {
  const byClaim = new Map<string, Mount[]>();
  for (const mount of services.flatMap((service) => clusterWorkloads(service).flatMap(singleMounts))) {
    const { path, line } = mount.claim.place;
    const key = `${path}:${line}`;
    byClaim.set(key, [...(byClaim.get(key) ?? []), mount]);
  }
  return [...byClaim.values()].flatMap((mounts): Report[] => {
    const [first] = mounts;
    if (!first || mounts.some(({ deployment }) => (copyRange(deployment).max ?? 1) > 1)) return [];
    const other = mounts.find(
      (mount) => subjectOf(mount.deployment.workload.value) !== subjectOf(first.deployment.workload.value) && goTogether(first, mount),
    );
    if (!other) return [];
    const data = { workload: nameOf(first.deployment.workload.value), other: nameOf(other.deployment.workload.value), claim: first.name };
    const related = [first, other].map(({ place }) => ({ place, message: 'it is mounted here' }));
    const place = first.claim.value.accessModes.place;
    return [{ message: 'together', level: 'warning', data, place, related, subject: `claim:${first.name}` }];
  });
}

export default defineRule({
  summary: 'several copies mount a volume that one node may write',
  factors: [6],
  level: 'error',
  effort: 3,
  docs: {
    what: 'A Deployment that runs, or may scale to, more than one copy mounts a PersistentVolumeClaim whose only access mode is ReadWriteOnce, or two workloads mount one; or an app of a platform with a disk of its own (Fly volumes, Render disks) is to run several copies.',
    why: 'Copies on other nodes wait for the volume forever; copies on the same node write into the same files at once.',
    how: 'Keep the data in object storage or a database, use a ReadWriteMany volume, or a StatefulSet with a claim for each copy.',
    bad: 'accessModes: [ReadWriteOnce]   # claim of a Deployment with replicas: 3',
    good: 'accessModes: [ReadWriteMany]',
    references: ['https://kubernetes.io/docs/concepts/storage/persistent-volumes/#access-modes'],
  },
  messages: {
    shared: {
      text: '{workload} may run {copies} copies, and its claim `{claim}` is ReadWriteOnce.',
      consequence: 'Copies on other nodes never start, and copies on one node overwrite the files of each other.',
      next: 'Move the data to object storage or a database, or use a ReadWriteMany volume.',
    },
    together: {
      text: '{workload} and {other} mount the claim `{claim}`, which is ReadWriteOnce.',
      consequence: 'Both have to run on the same node: a pod that is placed on another one waits for the volume forever.',
      next: 'Hand the data over by a request or a store, or use a ReadWriteMany volume.',
    },
    disk: {
      text: '{workload} is to run {copies} copies, and its disk `{claim}` belongs to one copy alone.',
      consequence: 'Each copy sees other files than the next one, or the platform refuses to start a second one.',
      next: 'Move the data to object storage or a database.',
    },
  },
  checkService(service, report) {
    const findings: Report[] = platformApps(service).flatMap(checkDisks);
    for (const deployment of clusterWorkloads(service)) {
      const { value } = deployment.workload;
      const { max, evidence } = copyRange(deployment);
      if (!isReplicated(value) || max === undefined || max < 2) continue;
      for (const { volume, name, claim } of deployment.claims) {
        const mounted = value.volumes.find((candidate) => candidate.name === volume);
        if (!claim || !isSingle(claim.value.accessModes) || mounted?.readOnly) continue;
        findings.push({
          message: 'shared',
          data: { workload: nameOf(value), copies: max, claim: name },
          place: mounted?.place ?? value.namePlace,
          related: [{ place: claim.value.accessModes.place, message: 'the claim is ReadWriteOnce' }, ...(evidence ? [evidence] : [])],
          subject: `${subjectOf(value)}:${name}`,
        });
      }
    }
    reportOnce(findings, report);
  },
  checkRepository(repository, report) {
    reportOnce(findShared(repository), report);
  },
});
