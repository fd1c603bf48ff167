import type { Container } from '../../facts.ts';
import type { Fact, Place } from '../../types.ts';
import { absolute } from '../image-files.ts';
import { folderOf, isWithin, joinPath, lastSegment, pathBelow } from '../path-tree.ts';
import type { Surroundings } from '../process/reading.ts';
import type { Sources } from '../sources.ts';
import { imageRepository } from '../third-party.ts';

interface MountedSource {
  readonly package: Fact<'package'>;
  readonly surroundings: Surroundings;
  readonly place: Place;
}

/** Runtime images that hold no program of their own. */
const runtimes = new Set(['node', 'bun', 'deno', 'nodejs', 'node-chrome']);

/** Compose services that run a plain runtime image on source that they mount (`image: node`, `volumes: .:/app`), or on what is built of it. */
export function findMountedSource(workload: Fact<'workload'>, container: Container, sources: Sources): MountedSource | undefined {
  const built = findMountedBuild(workload, container, sources);
  if (built) return built;
  if (!container.image?.known || !runtimes.has(lastSegment(imageRepository(container.image.value)))) return undefined;
  const mounts = readMounts(workload, container);
  const workdir = container.workingDir?.known ? absolute(container.workingDir.value, '/') : mounts[0]?.target;
  if (workdir === undefined) return undefined;
  const locate = (path: string): readonly string[] =>
    mounts
      .filter(({ target }) => isWithin(path.slice(1), target.slice(1)))
      .sort((a, b) => b.target.length - a.target.length)
      .flatMap(({ source, target }) => joinPath(source, pathBelow(path.slice(1), target.slice(1))) ?? []);
  const home = locate(workdir)
    .map((path) => sources.packages.get(path))
    .find((found) => found !== undefined);
  const place = mounts.find(({ target }) => isWithin(workdir.slice(1), target.slice(1)))?.place;
  return home && place && { package: home, surroundings: { sources, workdir, env: new Map(), locate }, place };
}

const archive = /^(.*?)\/?(?:target|build\/libs)\/[^/]+\.(?:war|ear|jar)$/;

/** The image of a server or of Java, with what a module builds mounted into it (`./shop/target/shop.war`). */
function findMountedBuild(workload: Fact<'workload'>, container: Container, sources: Sources): MountedSource | undefined {
  for (const { source, target, place } of readMounts(workload, container)) {
    const folder = archive.exec(source)?.[1];
    const home = folder === undefined ? undefined : sources.packages.get(folder);
    if (home?.value.build) return { package: home, surroundings: { sources, workdir: target, env: new Map(), locate: () => [] }, place };
  }
  return undefined;
}

function readMounts(workload: Fact<'workload'>, container: Container): readonly { source: string; target: string; place: Place }[] {
  const volumes = new Map(workload.value.volumes.map((volume) => [volume.name, volume]));
  return container.mounts.flatMap(({ volume, path, place }) => {
    const { type, source } = volumes.get(volume) ?? {};
    if (type !== 'bind' || !source?.known || !path.known || !source.value.startsWith('.')) return [];
    const folder = joinPath(folderOf(workload.place.path), source.value);
    return folder === undefined ? [] : [{ source: folder, target: absolute(path.value, '/'), place }];
  });
}
