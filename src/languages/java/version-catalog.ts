/** `gradle/libs.versions.toml`: the names under which Gradle scripts know libraries, plugins and bundles of them. */
import { parse } from 'smol-toml';
import type { BuildModule, BuildReference } from '../../facts.ts';
import type { SourceFile } from '../../types.ts';
import type { FileAccess } from '../language.ts';

interface Named {
  readonly group: string;
  readonly artifact: string;
  readonly version?: string;
}
export interface VersionCatalog {
  /** By alias with dots, as scripts write it. */
  readonly libraries: Readonly<Record<string, Named>>;
  readonly bundles: Readonly<Record<string, readonly string[]>>;
  readonly plugins: Readonly<Record<string, Named>>;
}

type Table = Readonly<Record<string, unknown>>;
const isTable = (value: unknown): value is Table => typeof value === 'object' && value !== null && !Array.isArray(value);
const tableAt = (table: Table, key: string): Table => (isTable(table[key]) ? table[key] : {});
const textAt = (table: Table, key: string): string | undefined => (typeof table[key] === 'string' ? table[key] : undefined);
/** `spring-boot_web` is `spring.boot.web` in scripts. */
const accessor = (alias: string): string => alias.replace(/[-_]/g, '.');

function versionOf(entry: Table, versions: Table): string | undefined {
  const { version } = entry;
  if (typeof version === 'string') return version;
  if (!isTable(version)) return undefined;
  const ref = textAt(version, 'ref');
  const named = ref === undefined ? undefined : versions[ref];
  if (typeof named === 'string') return named;
  const rich = isTable(named) ? named : version;
  return textAt(rich, 'strictly') ?? textAt(rich, 'require') ?? textAt(rich, 'prefer');
}

function readNamed(value: unknown, versions: Table): Named | undefined {
  if (typeof value === 'string') {
    const [group = '', artifact = '', version] = value.split(':');
    return artifact === '' ? undefined : { group, artifact, ...(version ? { version } : {}) };
  }
  if (!isTable(value)) return undefined;
  const [group, artifact] = textAt(value, 'module')?.split(':') ?? [textAt(value, 'group'), textAt(value, 'name')];
  const version = versionOf(value, versions);
  return group && artifact ? { group, artifact, ...(version ? { version } : {}) } : undefined;
}

function readPlugin(value: unknown, versions: Table): Named | undefined {
  if (typeof value === 'string') {
    const [artifact = '', version] = value.split(':');
    return { group: '', artifact, ...(version ? { version } : {}) };
  }
  const id = isTable(value) ? textAt(value, 'id') : undefined;
  const version = isTable(value) ? versionOf(value, versions) : undefined;
  return id === undefined ? undefined : { group: '', artifact: id, ...(version ? { version } : {}) };
}

const maxEntries = 5000;
const collect = <T>(table: Table, read: (value: unknown) => T | undefined): Readonly<Record<string, T>> => {
  const entries = Object.entries(table).slice(0, maxEntries);
  return Object.fromEntries(
    entries.flatMap(([alias, value]) => {
      const made = read(value);
      return made === undefined ? [] : [[accessor(alias), made] as const];
    }),
  );
};

const empty: VersionCatalog = { libraries: {}, bundles: {}, plugins: {} };
/** A catalogue that cannot be read names nothing: what scripts take from it stays unknown. */
export function readCatalog({ text }: SourceFile): VersionCatalog {
  let root: Table;
  try {
    root = parse(text);
  } catch {
    return empty;
  }
  const versions = tableAt(root, 'versions');
  return {
    libraries: collect(tableAt(root, 'libraries'), (value) => readNamed(value, versions)),
    bundles: collect(tableAt(root, 'bundles'), (value) =>
      Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string').map(accessor) : undefined,
    ),
    plugins: collect(tableAt(root, 'plugins'), (value) => readPlugin(value, versions)),
  };
}

const folderOf = (path: string): string => (path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '');
/** The catalogue of the build that a folder belongs to: the nearest above it. */
export function findCatalog(root: string, files: FileAccess): VersionCatalog {
  for (let folder = root; ; folder = folderOf(folder)) {
    const path = `${folder === '' ? '' : `${folder}/`}gradle/libs.versions.toml`;
    if (files.has(path)) return files.derive(path, 'java:catalog:1', readCatalog) ?? empty;
    if (folder === '') return empty;
  }
}

/** The usual alias says which plugin it is, also where the catalogue lies elsewhere. */
const isBootAlias = /^plugins\.(?:org\.)?spring(?:framework)?\.?boot$/i;

const own = <T>(table: Readonly<Record<string, T>>, key: string): T | undefined => (Object.hasOwn(table, key) ? table[key] : undefined);

/** References like `libs.spring.boot.web` replaced by what the catalogue calls so. */
export function resolveCatalog(build: BuildModule, catalog: VersionCatalog): BuildModule {
  const resolve = (reference: BuildReference): readonly BuildReference[] => {
    if (reference.group !== 'libs') return [reference];
    const { place, scope, artifact: alias } = reference;
    const found = (named: Named): BuildReference => ({ ...named, ...(scope === undefined ? {} : { scope }), place });
    if (alias.startsWith('plugins.')) {
      const plugin = own(catalog.plugins, alias.slice('plugins.'.length));
      return [plugin ? found(plugin) : isBootAlias.test(alias) ? found({ group: '', artifact: 'org.springframework.boot' }) : reference];
    }
    const members = alias.startsWith('bundles.') ? (own(catalog.bundles, alias.slice('bundles.'.length)) ?? []) : [alias];
    return members.flatMap((name) => {
      const library = own(catalog.libraries, name);
      return library ? [found(library)] : [];
    });
  };
  const all = (list: readonly BuildReference[]): readonly BuildReference[] => list.flatMap(resolve);
  return {
    ...build,
    dependencies: all(build.dependencies),
    managed: all(build.managed),
    plugins: all(build.plugins),
    managedPlugins: all(build.managedPlugins),
  };
}
