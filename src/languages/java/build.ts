/** Joins what build files say: parents, managed versions, and which modules of the repository belong to a program. */
import type { BuildModule, BuildReference, PackageManifest } from '../../facts.ts';
import type { FileAccess, PackagesByRoot } from '../language.ts';
import { packedLibraries } from './packed-libraries.ts';
import { findCatalog, resolveCatalog } from './version-catalog.ts';

export interface Module {
  readonly root: string;
  readonly manifest: PackageManifest;
  readonly build: BuildModule;
  /** Nearest first, from the repository only. */
  readonly parents: readonly BuildModule[];
}

export const joinPath = (folder: string, path: string): string => {
  const parts: string[] = [];
  for (const part of `${folder}/${path}`.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts.join('/');
};
const folderOf = (path: string): string => (path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '');

function parentOf(manifest: PackageManifest, packages: PackagesByRoot): PackageManifest | undefined {
  const { build, root } = manifest;
  if (!build) return undefined;
  if (build.tool === 'ant') return undefined;
  if (build.tool === 'gradle') return root === '' ? undefined : nearestGradle(root, packages);
  if (!build.parent || build.parent.path === '') return undefined;
  const path = (build.parent.path ?? '../pom.xml').replace(/\/?pom\.xml$/, '');
  const found = packages.get(joinPath(root, path || '..'));
  return found?.name === build.parent.artifact
    ? found
    : [...packages.values()].find(({ name, build: own }) => own !== undefined && name === build.parent!.artifact);
}

/** The root project of a Gradle build configures its members (`allprojects`, `subprojects`, plugin versions). */
function nearestGradle(root: string, packages: PackagesByRoot): PackageManifest | undefined {
  for (let folder = folderOf(root); ; folder = folderOf(folder)) {
    const found = packages.get(folder);
    if (found?.build?.tool === 'gradle') return found;
    if (folder === '') return undefined;
  }
}

export function readModule(manifest: PackageManifest, packages: PackagesByRoot, files: FileAccess): Module | undefined {
  if (!manifest.build) return undefined;
  const parents: BuildModule[] = [];
  for (let parent = parentOf(manifest, packages); parent?.build && parents.length < 10; parent = parentOf(parent, packages))
    parents.push(parent.build);
  if (manifest.build.tool === 'maven') return { root: manifest.root, manifest, build: manifest.build, parents };
  if (manifest.build.tool === 'ant') {
    const dependencies = packedLibraries(manifest.root, files, manifest.build.packagingPlace);
    return { root: manifest.root, manifest, build: { ...manifest.build, dependencies }, parents };
  }
  const catalog = findCatalog(manifest.root, files);
  const resolve = (build: BuildModule): BuildModule => resolveCatalog(build, catalog);
  return { root: manifest.root, manifest, build: resolve(manifest.build), parents: parents.map(resolve) };
}

const isShipped = ({ scope }: BuildReference): boolean =>
  scope === undefined || !['test', 'build', 'development', 'import', 'system'].includes(scope);

/** Everything that its own build and its parents declare. Root scripts of Gradle count only with `subprojects` style blocks, which look alike. */
export const dependenciesOf = ({ build, parents }: Module): readonly BuildReference[] =>
  [build, ...parents].flatMap(({ dependencies }) => dependencies).filter(isShipped);

const fillIn = (version: string | undefined, { build, parents }: Module): string | undefined =>
  version?.replace(
    /\$\{([^${}]{1,200})\}/g,
    (whole, name: string) => [build, ...parents].map(({ properties }) => properties[name]).find((text) => text !== undefined) ?? whole,
  );

/** What Maven puts for `@name@` in resources: properties, over them those of the profile that holds by default. */
export function filledBy({ build, parents }: Module, name: string): string | undefined {
  const builds = [build, ...parents];
  const chosen = builds
    .flatMap(({ profiles }) => profiles)
    .find(({ isDefault, properties }) => isDefault && properties?.[name] !== undefined);
  return chosen?.properties?.[name] ?? builds.map(({ properties }) => properties[name]).find((text) => text !== undefined);
}

/** Values that profiles of the build give to a property: environments that it can be built for. */
export const buildProfilesOf = ({ build, parents }: Module): readonly string[] =>
  [build, ...parents].flatMap(({ profiles }) => profiles.flatMap(({ name, properties }) => [name, ...Object.values(properties ?? {})]));

/** The version of Spring Boot that the module is built with; `undefined` when it is none or unknown. */
export function bootVersionOf(module: Module): string | undefined {
  const builds = [module.build, ...module.parents];
  for (const { parent, managed, plugins, managedPlugins, dependencies, properties } of builds) {
    const found =
      (parent?.group === 'org.springframework.boot' ? parent.version : undefined) ??
      managed.find(({ artifact }) => artifact === 'spring-boot-dependencies')?.version ??
      [...plugins, ...managedPlugins].find(({ artifact }) => artifact === 'org.springframework.boot')?.version ??
      dependencies.find(({ artifact }) => artifact === 'spring-boot-gradle-plugin')?.version ??
      dependencies.find(({ group, version }) => group === 'org.springframework.boot' && version)?.version ??
      properties['spring-boot.version'];
    const version = fillIn(found, module);
    if (version && /^\d/.test(version)) return version;
  }
  return undefined;
}

export interface Version {
  readonly major: number;
  readonly minor: number;
}
export function parseVersion(text: string | undefined): Version | undefined {
  const match = /^(\d{1,4})\.(\d{1,4})/.exec(text ?? '');
  return match ? { major: Number(match[1]), minor: Number(match[2]) } : undefined;
}

/** Modules in the folder of a Gradle path; where none is, `:shop-rest` may be the folder `rest` under the name of the build. */
function projectsAt(path: string, packages: PackagesByRoot): readonly PackageManifest[] {
  const built = [...packages.values()].filter(({ build }) => build?.tool === 'gradle');
  const exact = built.filter(({ root }) => root === path || root.endsWith(`/${path}`));
  if (exact.length > 0) return exact;
  const renamed = built.filter(({ root }) => root !== '' && path.endsWith(`-${root.slice(root.lastIndexOf('/') + 1)}`));
  // The longest name says most: `redis-lock` before `lock`.
  const longest = Math.max(0, ...renamed.map(({ name }) => name?.length ?? 0));
  const best = renamed.filter(({ name }) => name?.length === longest);
  return best.length === 1 ? best : [];
}

const namesOf = new WeakMap<PackagesByRoot, ReadonlyMap<string, PackageManifest>>();
function builtByName(packages: PackagesByRoot): ReadonlyMap<string, PackageManifest> {
  const known =
    namesOf.get(packages) ??
    new Map([...packages.values()].filter(({ build }) => build).map((manifest) => [manifest.name ?? '', manifest]));
  namesOf.set(packages, known);
  return known;
}

/** The module and those modules of the repository that it depends on, itself first. */
export function closureOf(module: Module, packages: PackagesByRoot, files: FileAccess): readonly Module[] {
  const byName = builtByName(packages);
  const found = new Map<string, Module>([[module.root, module]]);
  const queue = [module];
  for (let next = queue.shift(); next && found.size < 200; next = queue.shift()) {
    const gradle = next.build.projects.flatMap((path) => projectsAt(path, packages));
    const maven = dependenciesOf(next).flatMap(({ group, artifact }) => {
      const own = byName.get(artifact);
      return own?.build && (own.build.group === group || group.startsWith('${')) ? [own] : [];
    });
    for (const manifest of [...gradle, ...maven]) {
      const read = found.has(manifest.root) ? undefined : readModule(manifest, packages, files);
      if (!read) continue;
      found.set(read.root, read);
      queue.push(read);
    }
  }
  return [...found.values()];
}

const hasPlugin = ({ build, parents }: Module, artifact: string): boolean =>
  [build, ...parents].some(({ plugins }) => plugins.some((plugin) => plugin.artifact === artifact));

/** Plugins that make something to run out of a module. */
export const isBootBuild = (module: Module): boolean =>
  hasPlugin(module, 'spring-boot-maven-plugin') || hasPlugin(module, 'org.springframework.boot');

const ownRunners = [
  'quarkus-maven-plugin',
  'io.quarkus',
  'micronaut-maven-plugin',
  'io.micronaut.application',
  'liberty-maven-plugin',
  'application',
  'maven-shade-plugin',
  'jib-maven-plugin',
  'com.google.cloud.tools.jib',
  'io.ktor.plugin',
  'io.vertx.vertx-plugin',
  'vertx-maven-plugin',
  'com.github.johnrengelman.shadow',
  'com.gradleup.shadow',
  'wildfly-jar-maven-plugin',
  'io.spinnaker.package',
  'nebula.ospackage-application',
  'nebula.ospackage-daemon',
  'nebula.ospackage-application-spring-boot',
];
/** Plugins of Nebula had short ids first. */
const shortId = (id: string): string => id.replace(/^com\.netflix\./, '');
export const hasRunner = ({ build }: Module): boolean => build.plugins.some(({ artifact }) => ownRunners.includes(shortId(artifact)));
