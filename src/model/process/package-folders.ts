/** Packages as a process finds them from the folder that it runs in. */
import type { Fact } from '../../types.ts';
import { absolute } from '../image-files.ts';
import { folderOf, lastSegment, pathBelow } from '../path-tree.ts';
import type { Surroundings } from './reading.ts';

export interface PackageFolder {
  readonly fact: Fact<'package'>;
  readonly cwd: string;
}

/** The package around a folder that a process sees. */
export function packageAt({ locate, sources }: Surroundings, cwd: string): PackageFolder | undefined {
  for (let folder = cwd; ; folder = `/${folderOf(folder.slice(1))}`) {
    // Images often copy the manifest alone, not the folder around it.
    const manifests = locate(`${folder === '/' ? '' : folder}/package.json`).map(folderOf);
    for (const candidate of [...locate(folder), ...manifests]) {
      const fact = sources.packages.get(candidate);
      if (fact) return { fact, cwd: folder };
    }
    if (folder === '/') return undefined;
  }
}

/** npm, Bun and Yarn 1 run `prestart` before `start`; later Yarns do not, and pnpm does as it is set (their documentations, "scripts"). */
export function runsBefore(manager: string, { fact }: PackageFolder, { tree, packages }: Surroundings['sources']): boolean {
  if (manager !== 'yarn') return manager === 'npm' || manager === 'bun';
  const settled = [fact.value, packages.get('')?.value].map((value) => value?.packageManager ?? '');
  const hasSettings = [fact.value.root, ''].some((folder) => tree.hasFile(folder === '' ? '.yarnrc.yml' : `${folder}/.yarnrc.yml`));
  return !hasSettings && !settled.some((name) => /^yarn@(?!1\.)/.test(name));
}

/** A member of a workspace, by its name or folder. */
export function workspaceNamed(
  names: readonly string[],
  home: PackageFolder | undefined,
  sources: Surroundings['sources'],
): PackageFolder | undefined {
  const root = home?.fact.value.root ?? '';
  for (const written of names) {
    const name = written.replace(/^[.{]*\/?|[.}]+$/g, '');
    const fact =
      sources.packagesByName.get(name) ??
      sources.packages.get([root, name].filter(Boolean).join('/')) ??
      sources.packagesByFolder.get(lastSegment(name));
    if (fact) return { fact, cwd: absolute(pathBelow(fact.value.root, root), home?.cwd ?? '/') };
  }
  return undefined;
}
