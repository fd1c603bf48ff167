import { groupBy } from '../text/group-by.ts';
import { type BuiltImage, isForProduction } from './built-images.ts';
import { roleOfDockerfile } from './own-units.ts';
import { processKey, programKey } from './program-key.ts';
import { isProduction, type Placement, type Unit } from './units.ts';
import { projectOf } from './workspace-projects.ts';

/**
 * One source can be several services: the same image started as `web` and as `worker`, or two Dockerfiles that start different
 * programs. They are separate where one manifest runs them side by side; a command that differs elsewhere is the same service
 * started in another way. Jobs are always services of their own.
 */
export function splitPrograms(unit: Unit): readonly Unit[] {
  const projects = splitProjects(unit);
  if (projects) return projects;
  const jobs = groupBy(
    unit.placements.filter(({ workload }) => !workload.value.longRunning),
    ({ workload }) => workload.value.name,
  );
  const running = unit.placements.filter(({ workload }) => workload.value.longRunning);
  const images = unit.images.filter(isForProduction);
  const separate = new Set([...findSideBySide(running), ...findSideBySideImages(images)]);
  const main = separate.size > 1 ? mainKey(unit, images, running, separate) : undefined;
  if (main !== undefined) separate.delete(main);
  else separate.clear();
  const keyOf = (placement: Placement) => processKey(placement.reading);
  const parts = [...separate].sort().map((key) => {
    const placements = running.filter((placement) => keyOf(placement) === key);
    const own = images.filter((image) => processKey(image.reading) === key);
    return derive(unit, nameOf(placements, own, key), placements, own, undefined);
  });
  const rest = running.filter((placement) => !separate.has(keyOf(placement) ?? ''));
  const others = unit.images.filter((image) => !separate.has(processKey(image.reading) ?? '') || !isForProduction(image));
  const restImages = rest.length === 0 && others.every((image) => isOfJobs(image, jobs)) ? [] : others;
  const first: Unit = { ...unit, images: restImages, placements: rest };
  const isLeft = rest.length > 0 || restImages.length > 0 || unit.ownEntries.length > 0 || jobs.size === 0;
  return [...(isLeft ? [first] : []), ...parts, ...[...jobs].map(([name, placements]) => derive(unit, name, placements, [], 'job'))];
}

/** Projects of a workspace that no manifest runs: each is deployed by itself. */
function splitProjects(unit: Unit): readonly Unit[] | undefined {
  const { ownEntries, placements, images } = unit;
  const names = ownEntries.flatMap((entry) => projectOf(entry) ?? []);
  if (placements.length > 0 || images.length > 0 || names.length < 2 || names.length < ownEntries.length) return undefined;
  return ownEntries.map((entry, index) => ({ ...unit, name: names[index]!, ownEntries: [entry] }));
}

/** What the image starts by itself is what a job runs. */
const isOfJobs = (image: BuiltImage, jobs: ReadonlyMap<string, readonly Placement[]>): boolean =>
  [...jobs.values()].some((placements) =>
    placements.some(({ image: run, container: { command, args } }) => run === image && command === undefined && args === undefined),
  );

/** Programs that one Compose file, or the Kubernetes manifests, run next to each other. */
function findSideBySide(placements: readonly Placement[]): readonly string[] {
  const scopes = groupBy(placements.filter(isProduction), ({ workload }) =>
    workload.value.platform === 'kubernetes' ? 'kubernetes' : `${workload.value.platform} ${workload.place.path}`,
  );
  return [...scopes.values()].flatMap((scope) => {
    const keys = new Set(scope.flatMap(({ reading }) => processKey(reading) ?? []));
    const names = new Set(scope.map(({ workload }) => workload.value.name));
    return keys.size > 1 && names.size > 1 ? [...keys] : [];
  });
}

/** Dockerfiles named for different roles that start different programs. */
function findSideBySideImages(images: readonly BuiltImage[]): readonly string[] {
  const started = images.filter(({ reading }) => reading.entries.length > 0);
  const keys = new Set(started.map(({ reading }) => programKey(reading.entries)));
  const roles = new Set(started.map(roleOfDockerfile));
  return keys.size > 1 && roles.size > 1 ? [...keys] : [];
}

/** The program that keeps the unit's name: what the package starts, else what its image starts, else what has the unit's name. */
function mainKey(
  unit: Unit,
  images: readonly BuiltImage[],
  placements: readonly Placement[],
  keys: ReadonlySet<string>,
): string | undefined {
  const named = placements.find(({ workload }) => workload.value.name === unit.name);
  const candidates = [
    unit.ownEntries.length > 0 ? programKey(unit.ownEntries) : undefined,
    ...images.map(({ reading }) => processKey(reading)),
    named && processKey(named.reading),
    placements
      .map(({ container, reading }) => (container.ports.length > 0 ? processKey(reading) : undefined))
      .find((key) => key !== undefined),
    [...keys][0],
  ];
  return candidates.find((key) => key !== undefined && keys.has(key));
}

function nameOf(placements: readonly Placement[], images: readonly BuiltImage[], key: string): string {
  const workload = placements.find(isProduction) ?? placements[0];
  return workload?.workload.value.name ?? (images.map(roleOfDockerfile).find((role) => role !== '') || key.split(/[/ \n]/).at(-1)!);
}

function derive(unit: Unit, name: string, placements: readonly Placement[], images: readonly BuiltImage[], kind: 'job' | undefined): Unit {
  const used = placements.flatMap(({ image }) => (image ? [image] : []));
  return { ...unit, name, kind, images: [...new Set([...images, ...used])], placements: [...placements], ownEntries: [] };
}
