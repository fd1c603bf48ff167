import type { Container, EnvEntry, Purpose, Workload } from '../facts.ts';
import { groupBy } from '../text/group-by.ts';
import type { Fact } from '../types.ts';
import { folderOf, lastSegment } from './path-tree.ts';

type Service = Fact<'workload'>;

/** Compose looks for these names by itself; every other file has to be named with `-f` (Compose specification, "The Compose file"). */
const baseName = /^(?:docker-)?compose\.ya?ml$/;
const overrideName = /^(?:docker-)?compose\.override\.ya?ml$/;

/**
 * Lays overlay files over the base file of their folder, as `docker compose -f base -f overlay` does, so that no overlay is judged
 * alone. A base that a production overlay completes is not judged alone either.
 */
export function mergeComposeOverlays(workloads: readonly Service[]): readonly Service[] {
  const others = workloads.filter(({ value }) => value.platform !== 'compose');
  const folders = groupBy(
    workloads.filter(({ value }) => value.platform === 'compose'),
    ({ place }) => folderOf(place.path),
  );
  return [...others, ...[...folders.values()].flatMap(mergeFolder)];
}

function mergeFolder(services: readonly Service[]): readonly Service[] {
  const files = groupBy(services, ({ place }) => place.path);
  const basePath = [...files.keys()].find((path) => baseName.test(lastSegment(path)));
  const base = new Map((basePath === undefined ? [] : files.get(basePath)!).map((service) => [service.value.name, service]));
  const completed = new Set<string>();
  const result: Service[] = [];
  for (const [path, own] of files) {
    if (path === basePath) continue;
    const isOverlay =
      overrideName.test(lastSegment(path)) ||
      own.some((service) => service.value.completes || (isPartial(service) && base.has(service.value.name)));
    for (const service of own) {
      const below = isOverlay ? base.get(service.value.name) : undefined;
      if (below) {
        const merged = mergeService(below, service, overlayPurpose(path, service));
        result.push(merged);
        if (merged.value.purpose === 'production') completed.add(service.value.name);
      } else if (!isPartial(service)) result.push(service);
    }
  }
  return [...[...base.values()].filter(({ value }) => !completed.has(value.name)), ...result].filter((service) => !isPartial(service));
}

/** Without image and build it can't run by itself. */
const isPartial = ({ value }: Service): boolean => value.build === undefined && value.containers[0]?.image === undefined;

/** `docker-compose.override.yml` is what `docker compose up` adds on the developer's machine. */
const overlayPurpose = (path: string, { value }: Service): Purpose =>
  value.purpose === 'unknown' && overrideName.test(lastSegment(path)) ? 'development' : value.purpose;

/** Single values of the overlay win, lists are joined, mappings are merged by key (Compose specification, "Merge"). */
function mergeService(base: Service, overlay: Service, purpose: Purpose): Service {
  const below = base.value;
  const above = overlay.value;
  const first = below.containers[0];
  const second = above.containers[0];
  const value: Workload = {
    ...below,
    ...definedOf(above),
    purpose,
    longRunning: below.longRunning && above.longRunning,
    labels: { ...below.labels, ...above.labels },
    annotations: { ...below.annotations, ...above.annotations },
    containers: first && second ? [mergeContainer(first, second)] : (below.containers.length > 0 ? below : above).containers,
    initContainers: below.initContainers,
    volumes: [...below.volumes.filter(({ name }) => !above.volumes.some((volume) => volume.name === name)), ...above.volumes],
    claimTemplates: below.claimTemplates,
    dependsOn: [...new Set([...below.dependsOn, ...above.dependsOn])],
    profiles: [...new Set([...below.profiles, ...above.profiles])],
    namePlace: below.namePlace,
  };
  return { ...base, value };
}

function mergeContainer(base: Container, overlay: Container): Container {
  return {
    ...base,
    ...definedOf(overlay),
    ports: [...base.ports, ...overlay.ports],
    env: mergeByName(base.env, overlay.env),
    envFrom: [...base.envFrom, ...overlay.envFrom],
    mounts: [...base.mounts.filter((mount) => !overlay.mounts.some((other) => sameTarget(mount, other))), ...overlay.mounts],
    resources: { ...base.resources, ...definedOf(overlay.resources) },
    security: { ...base.security, ...definedOf(overlay.security) },
    place: base.place,
    namePlace: base.namePlace,
  };
}

type Mount = Container['mounts'][number];
const sameTarget = (a: Mount, b: Mount): boolean => a.path.known && b.path.known && a.path.value === b.path.value;

/** Later entries replace earlier ones of the same name. */
export const mergeByName = (base: readonly EnvEntry[], over: readonly EnvEntry[]): readonly EnvEntry[] => {
  const names = new Set(over.map(({ name }) => name));
  return [...base.filter(({ name }) => !names.has(name)), ...over];
};

const definedOf = <T extends object>(value: T): Partial<T> =>
  Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined)) as Partial<T>;
