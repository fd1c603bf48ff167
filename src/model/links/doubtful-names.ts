import { groupBy } from '../../text/group-by.ts';
import type { Fact } from '../../types.ts';
import { folderOf, isWithin, lastSegment } from '../path-tree.ts';
import type { NameMatch } from './image-names.ts';

/** A container that its own name or that of its workload joins to a program, and not the name of its image. */
export interface LooseName<T> {
  readonly workload: Fact<'workload'>;
  /** Last part of the image's name. */
  readonly image: string;
  readonly match: NameMatch<T>;
}

interface Named {
  readonly name: string;
  readonly root?: string;
}

/** From here on, a name is a role (`server`, `main`) that programs of others play too. */
const imagesOfARole = 3;

/** Folders that hold manifests of a platform, with the images that run there. */
export class ManifestFolders {
  readonly #images = new Map<string, Set<string>>();
  readonly #add = (folder: string, platform: string, image: string): void => {
    const key = `${platform}\0${folder}`;
    const known = this.#images.get(key);
    if (known) known.add(image);
    else this.#images.set(key, new Set([image]));
  };

  add({ place, value }: Fact<'workload'>, image: string): void {
    for (let folder = folderOf(place.path); folder !== ''; folder = folderOf(folder)) this.#add(folder, value.platform, image);
  }

  /**
   * Repositories of samples hold many projects: one that has manifests of its own is not what those of another project run. Compose files
   * in the folder of a service are only for its developers.
   */
  isOfAnother({ workload, image, match }: LooseName<Named>): boolean {
    if (workload.value.platform === 'compose') return false;
    for (let folder = match.target.root ?? ''; folder !== ''; folder = folderOf(folder)) {
      const images = this.#images.get(`${workload.value.platform}\0${folder}`);
      if (images) return !isWithin(workload.place.path, folder) && !images.has(image);
    }
    return false;
  }
}

const wordsOf = (name: string): readonly string[] => name.toLowerCase().split(/[^a-z0-9]+/);

/** `server` in ten workloads with ten images that are called otherwise: the name is a role and says nothing. */
export function namesOfRoles<T extends Named>(loose: readonly LooseName<T>[]): ReadonlySet<LooseName<T>> {
  const roles = new Set<LooseName<T>>();
  for (const [unit, group] of groupBy(loose, ({ match }) => match.target)) {
    const own = new Set([unit.name, lastSegment(unit.root ?? '')].flatMap(wordsOf));
    const others = group.filter(({ image }) => !wordsOf(image).some((word) => own.has(word)));
    if (new Set(others.map(({ image }) => image)).size >= imagesOfARole) for (const one of others) roles.add(one);
  }
  return roles;
}
