import type { FileAccess } from '../languages/language.ts';
import type { AnyFact, Artifact, Fact } from '../types.ts';
import { buildPathTree, folderOf, lastSegment, type PathTree } from './path-tree.ts';

/** What the repository holds that a command can start, by name and path. */
export interface Sources {
  readonly tree: PathTree;
  readonly files: FileAccess;
  readonly packages: ReadonlyMap<string, Fact<'package'>>;
  readonly packagesByName: ReadonlyMap<string, Fact<'package'>>;
  /** By the last segment of the folder; the first in order of paths. */
  readonly packagesByFolder: ReadonlyMap<string, Fact<'package'>>;
  /** Names of packages that another package of the repository depends on. */
  readonly libraries: ReadonlySet<string>;
  readonly scripts: ReadonlyMap<string, Fact<'shell-script'>>;
  readonly processFiles: ReadonlyMap<string, Fact<'process-file'>>;
  roleOf(path: string): Artifact['role'];
  /** The package whose folder is nearest above a path. */
  packageAbove(path: string): Fact<'package'> | undefined;
}

export function collectSources(facts: readonly AnyFact[], files: FileAccess, roleOf: (path: string) => Artifact['role']): Sources {
  const packages = new Map<string, Fact<'package'>>();
  const packagesByName = new Map<string, Fact<'package'>>();
  const packagesByFolder = new Map<string, Fact<'package'>>();
  const scripts = new Map<string, Fact<'shell-script'>>();
  const processFiles = new Map<string, Fact<'process-file'>>();
  for (const fact of facts) {
    if (fact.kind === 'package') {
      packages.set(fact.value.root, fact);
      const { name } = fact.value;
      const folder = lastSegment(fact.value.root);
      if (folder && !packagesByFolder.has(folder)) packagesByFolder.set(folder, fact);
      if (name && !packagesByName.has(name)) packagesByName.set(name, fact);
    } else if (fact.kind === 'shell-script') scripts.set(fact.place.path, fact);
    else if (fact.kind === 'process-file') processFiles.set(fact.place.path, fact);
  }
  return {
    tree: buildPathTree(files.under('')),
    files,
    packages,
    packagesByName,
    packagesByFolder,
    libraries: new Set([...packages.values()].flatMap(({ value }) => Object.keys({ ...value.dependencies, ...value.devDependencies }))),
    scripts,
    processFiles,
    roleOf,
    packageAbove(path) {
      for (let folder = path; ; folder = folderOf(folder)) {
        const found = packages.get(folder);
        if (found || folder === '') return found;
      }
    },
  };
}
