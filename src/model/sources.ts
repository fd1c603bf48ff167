import type { PackageManifest } from '../facts.ts';
import type { Entry, FileAccess, Language } from '../languages/language.ts';
import type { AnyFact, Artifact, Fact } from '../types.ts';
import { choosePackage } from './packages.ts';
import { buildPathTree, folderOf, lastSegment, type PathTree } from './path-tree.ts';

/** What the repository holds that a command can start, by name and path. */
export interface Sources {
  readonly tree: PathTree;
  readonly files: FileAccess;
  readonly packages: ReadonlyMap<string, Fact<'package'>>;
  readonly packagesByName: ReadonlyMap<string, Fact<'package'>>;
  /** What the packages themselves say, by name and by folder. */
  readonly manifestsByName: ReadonlyMap<string, PackageManifest>;
  readonly manifestsByFolder: ReadonlyMap<string, PackageManifest>;
  /** By the last segment of the folder; the first in order of paths. */
  readonly packagesByFolder: ReadonlyMap<string, Fact<'package'>>;
  /** Names of packages that another package of the repository depends on. */
  readonly libraries: ReadonlySet<string>;
  readonly scripts: ReadonlyMap<string, Fact<'shell-script'>>;
  readonly processFiles: ReadonlyMap<string, Fact<'process-file'>>;
  roleOf(path: string): Artifact['role'];
  /** Programs that a package holds by itself, where its language finds them without scripts. */
  findPrograms(fact: Fact<'package'>): readonly Entry[] | undefined;
  /** What manifests below a folder say. */
  manifestsUnder(folder: string): readonly AnyFact[];
  /** The package whose folder is nearest above a path. */
  packageAbove(path: string): Fact<'package'> | undefined;
}

export function collectSources(
  facts: readonly AnyFact[],
  files: FileAccess,
  roleOf: (path: string) => Artifact['role'],
  languages: readonly Language[] = [],
): Sources {
  const packages = new Map<string, Fact<'package'>>();
  const packagesByName = new Map<string, Fact<'package'>>();
  const packagesByFolder = new Map<string, Fact<'package'>>();
  const scripts = new Map<string, Fact<'shell-script'>>();
  const processFiles = new Map<string, Fact<'process-file'>>();
  for (const fact of facts) {
    if (fact.kind === 'package') {
      packages.set(fact.value.root, choosePackage(packages.get(fact.value.root), fact));
      const { name } = fact.value;
      const folder = lastSegment(fact.value.root);
      if (folder && !packagesByFolder.has(folder)) packagesByFolder.set(folder, fact);
      if (name && !packagesByName.has(name)) packagesByName.set(name, fact);
    } else if (fact.kind === 'shell-script') scripts.set(fact.place.path, fact);
    else if (fact.kind === 'process-file') processFiles.set(fact.place.path, fact);
  }
  const roots = new Map([...packages].map(([root, fact]) => [root, fact.value]));
  const found = new Map<Fact<'package'>, readonly Entry[] | undefined>();
  const under = indexByFolder(facts.filter(({ place }) => roleOf(place.path) === 'production'));
  return {
    tree: buildPathTree(files.under('')),
    files,
    packages,
    packagesByName,
    manifestsByName: new Map([...packagesByName].map(([name, fact]) => [name, fact.value])),
    manifestsByFolder: roots,
    packagesByFolder,
    libraries: new Set([...packages.values()].flatMap(dependenciesOnOthers)),
    scripts,
    processFiles,
    roleOf,
    findPrograms(fact) {
      if (!found.has(fact)) found.set(fact, firstPrograms(fact, roots, files, languages));
      return found.get(fact);
    },
    manifestsUnder: (folder) => under.get(folder) ?? [],
    packageAbove(path) {
      for (let folder = path; ; folder = folderOf(folder)) {
        const found = packages.get(folder);
        if (found || folder === '') return found;
      }
    },
  };
}

/** Facts by each folder around them, in their order. */
function indexByFolder(facts: readonly AnyFact[]): ReadonlyMap<string, readonly AnyFact[]> {
  const index = new Map<string, AnyFact[]>();
  for (const fact of facts)
    for (let folder = fact.place.path; folder !== ''; ) {
      folder = folderOf(folder);
      const known = index.get(folder);
      if (known) known.push(fact);
      else index.set(folder, [fact]);
    }
  return index;
}

/** A package that bears the name of one that it depends on is no library of this repository. */
const dependenciesOnOthers = ({ value }: Fact<'package'>): readonly string[] =>
  Object.keys({ ...value.dependencies, ...value.devDependencies }).filter((name) => name !== value.name);

function firstPrograms(
  { value }: Fact<'package'>,
  roots: ReadonlyMap<string, Fact<'package'>['value']>,
  files: FileAccess,
  languages: readonly Language[],
): readonly Entry[] | undefined {
  for (const language of languages) {
    const programs = language.findPrograms?.(value, roots, files);
    if (programs) return programs;
  }
  return undefined;
}
