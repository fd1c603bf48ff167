/** Which modules of the repository are built of another one; a repository may hold a thousand of them. */
import type { PackageManifest } from '../../facts.ts';
import type { PackagesByRoot } from '../language.ts';
import type { Module } from './build.ts';

const lastSegment = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** What a build depends on, by the artifact's name or the last part of a project's path. */
function indexDependents(packages: PackagesByRoot): ReadonlyMap<string, readonly PackageManifest[]> {
  const index = new Map<string, Set<PackageManifest>>();
  const add = (name: string, manifest: PackageManifest): void => {
    const known = index.get(name);
    if (known) known.add(manifest);
    else index.set(name, new Set([manifest]));
  };
  for (const manifest of packages.values()) {
    for (const { artifact } of manifest.build?.dependencies ?? []) add(artifact, manifest);
    for (const path of manifest.build?.projects ?? []) add(lastSegment(path), manifest);
  }
  return new Map([...index].map(([name, manifests]) => [name, [...manifests]]));
}

const indexes = new WeakMap<PackagesByRoot, ReadonlyMap<string, readonly PackageManifest[]>>();

const isBuiltOf = ({ build: other }: PackageManifest, { manifest: { name, root }, build }: Module): boolean =>
  other !== undefined &&
  (other.dependencies.some(({ group, artifact }) => artifact === name && (group === build.group || group.startsWith('${'))) ||
    other.projects.some((path) => root === path || root.endsWith(`/${path}`)));

/** @internal Packages whose builds name the module. */
export function dependentsOf(module: Module, packages: PackagesByRoot): readonly PackageManifest[] {
  const index = indexes.get(packages) ?? indexDependents(packages);
  indexes.set(packages, index);
  const { name, root } = module.manifest;
  const candidates = new Set([...(index.get(name ?? '') ?? []), ...(index.get(lastSegment(root)) ?? [])]);
  return [...candidates].filter((other) => isBuiltOf(other, module));
}
