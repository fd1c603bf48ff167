import { groupBy } from '../../text/group-by.ts';
import type { Fact } from '../../types.ts';
import { folderOf, isWithin, lastSegment } from '../path-tree.ts';
import type { NameMatch } from './image-names.ts';

/** A container that a name joins to a program, where the name of its image does not say so outright. */
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

const foldersAbove = (folder: string): readonly string[] => {
  const folders: string[] = [];
  for (let at = folder; at !== ''; at = folderOf(at)) folders.push(at);
  return folders;
};

/** Which folders hold manifests, and which hold programs: repositories of samples and lessons hold many projects. */
export class ProjectFolders {
  /** Images by platform and folder. */
  readonly #images = new Map<string, Set<string>>();
  readonly #manifests = new Set<string>();
  readonly #programs = new Set<string>();

  addProgram(root: string): void {
    for (const folder of foldersAbove(root)) this.#programs.add(folder);
  }

  addManifest({ place, value }: Fact<'workload'>, image: string): void {
    for (const folder of foldersAbove(folderOf(place.path))) {
      this.#manifests.add(folder);
      const key = `${value.platform}\0${folder}`;
      const known = this.#images.get(key);
      if (known) known.add(image);
      else this.#images.set(key, new Set([image]));
    }
  }

  isOfAnother(one: LooseName<Named>): boolean {
    return this.#hasOwnManifests(one) || this.#areBothWhole(one);
  }

  /**
   * A project that has manifests of its own is not what those of another one run, unless the image is the same. Compose files in the
   * folder of a service are only for its developers.
   */
  #hasOwnManifests({ workload, image, match }: LooseName<Named>): boolean {
    if (workload.value.platform === 'compose') return false;
    for (const folder of foldersAbove(match.target.root ?? '')) {
      const images = this.#images.get(`${workload.value.platform}\0${folder}`);
      if (images) return !isWithin(workload.place.path, folder) && !images.has(image);
    }
    return false;
  }

  /** Where the two part, one side has a program beside its manifest, and the other a manifest beside its program. */
  #areBothWhole({ workload, match }: LooseName<Named>): boolean {
    const ofManifest = foldersAbove(folderOf(workload.place.path)).toReversed();
    const ofProgram = foldersAbove(match.target.root ?? '').toReversed();
    const parting = ofManifest.findIndex((folder, index) => folder !== ofProgram[index]);
    const [manifest, program] = parting < 0 ? [] : [ofManifest[parting], ofProgram[parting]];
    return manifest !== undefined && program !== undefined && this.#programs.has(manifest) && this.#manifests.has(program);
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
