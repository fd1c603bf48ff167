/** A chart as its folder holds it: metadata, default values, templates, files, and the charts that it depends on. */
import ignore from 'ignore';
import { LineMap } from '../../text/positions.ts';
import { readYaml } from '../../text/yaml-document.ts';
import type { ExpanderFiles, NotAssessed, Place, SourceFile } from '../../types.ts';
import { archiveOf, ChartFiles, isArchive } from './chart-files.ts';
import { type Cell, GoList, GoMap, mapOf, type Source } from './values.ts';
import { cellOfYaml, noOrigin, ownOrigin } from './yaml.ts';

export interface Dependency {
  readonly name: string;
  readonly alias?: string;
  /** The versions that fit, as it is written. */
  readonly version: string;
  readonly condition?: string;
  readonly tags: readonly string[];
  readonly imports: readonly Cell[];
  readonly repository: string;
  readonly place: Place;
}
export interface Chart {
  readonly folder: string;
  readonly name: string;
  /** `Chart.yaml` with every field that Go gives it. */
  readonly metadata: GoMap;
  readonly isLibrary: boolean;
  readonly values: GoMap;
  readonly templates: readonly Source[];
  /** Paths of everything else, relative to the chart. */
  readonly others: readonly string[];
  readonly dependencies: readonly Dependency[];
  readonly charts: readonly Chart[];
}
export interface LoadedChart {
  readonly chart: Chart;
  readonly read: readonly string[];
  readonly notAssessed: readonly NotAssessed[];
}

/** Charts in charts, and files of one chart: far more than people make. */
const maxDepth = 6;
const maxCharts = 200;
const maxFiles = 4000;

const stringFields = [
  'name',
  'home',
  'version',
  'description',
  'icon',
  'apiVersion',
  'condition',
  'tags',
  'appVersion',
  'kubeVersion',
  'type',
];
const listFields = ['sources', 'keywords', 'maintainers', 'dependencies'];
const fieldName = (key: string): string => (key === 'apiVersion' ? 'APIVersion' : key[0]!.toUpperCase() + key.slice(1));

export class ChartLoader {
  readonly read: string[] = [];
  readonly notAssessed: NotAssessed[] = [];
  readonly #files: ChartFiles;
  #charts = 0;

  constructor(files: ExpanderFiles) {
    this.#files = new ChartFiles(files);
  }

  load(folder: string, depth = 0): Chart | undefined {
    if (depth > maxDepth || ++this.#charts > maxCharts) return undefined;
    const metadata = this.yaml(join(folder, 'Chart.yaml'));
    if (!metadata) return undefined;
    const name = textAt(metadata, 'name');
    if (!name) return undefined;
    const under = this.#files.under(folder).slice(0, maxFiles);
    const ignored = this.#ignored(folder);
    const local = under.map((path) => (folder === '' ? path : path.slice(folder.length + 1))).filter((path) => !ignored(path));
    const dependencies = this.#dependencies(folder, metadata);
    return {
      folder,
      name,
      metadata: describe(metadata),
      isLibrary: textAt(metadata, 'type') === 'library',
      values: this.yaml(join(folder, 'values.yaml')) ?? new GoMap(),
      templates: local.filter((path) => path.startsWith('templates/')).flatMap((path) => this.#template(join(folder, path))),
      others: local.filter((path) => !path.startsWith('templates/') && !path.startsWith('charts/') && !own.has(path)),
      dependencies,
      charts: this.#loadCharts(folder, local, dependencies, depth),
    };
  }

  /** The first document of a file that holds a map. */
  yaml(path: string): GoMap | undefined {
    const text = this.#files.has(path) ? this.#files.text(path) : undefined;
    if (text === undefined) return undefined;
    const archive = archiveOf(path);
    this.read.push(archive ?? path);
    const { documents, notAssessed } = readYaml({ path, text });
    if (archive === undefined) this.notAssessed.push(...notAssessed);
    const value = documents[0] && cellOfYaml(documents[0], '', archive === undefined ? ownOrigin : noOrigin).value;
    return value instanceof GoMap ? value : undefined;
  }

  /** What `.Files` may read. */
  fileText(chart: Chart, path: string): string | undefined {
    if (!chart.others.includes(path)) return undefined;
    return this.#files.text(join(chart.folder, path));
  }

  #template(path: string): Source[] {
    const text = this.#files.text(path);
    if (text === undefined) return [];
    const archive = archiveOf(path);
    if (archive !== undefined) return [{ name: path, text, isPacked: true, place: () => startOf(archive) }];
    this.read.push(path);
    let lines: LineMap | undefined;
    const place = (start: number, end: number): Place => {
      lines ??= new LineMap(path, text);
      return lines.place(start, end);
    };
    return [{ name: path, text, place }];
  }

  #ignored(folder: string): (path: string) => boolean {
    const path = join(folder, '.helmignore');
    const text = this.#files.has(path) ? this.#files.text(path) : undefined;
    if (!text) return () => false;
    const patterns = ignore().add(text);
    return (one) => ignore.isPathValid(one) && !one.startsWith('templates/') && patterns.ignores(one);
  }

  #dependencies(folder: string, metadata: GoMap): readonly Dependency[] {
    const own = itemsAt(metadata, 'dependencies');
    const old = own.length ? [] : itemsAt(this.yaml(join(folder, 'requirements.yaml')) ?? new GoMap(), 'dependencies');
    return [...own, ...old].flatMap((item): Dependency[] => {
      const entry = item.value;
      if (!(entry instanceof GoMap) || !textAt(entry, 'name')) return [];
      return [
        {
          name: textAt(entry, 'name'),
          version: textAt(entry, 'version'),
          alias: textAt(entry, 'alias') || undefined,
          condition: textAt(entry, 'condition') || undefined,
          tags: itemsAt(entry, 'tags').map(({ value }) => String(value)),
          imports: itemsAt(entry, 'import-values'),
          repository: textAt(entry, 'repository'),
          place: item.from?.[0] ?? startOf(archiveOf(join(folder, 'Chart.yaml')) ?? folder),
        },
      ];
    });
  }

  /** Folders and archives in `charts/`, and charts elsewhere in the repository that `file://` names. */
  #loadCharts(folder: string, local: readonly string[], dependencies: readonly Dependency[], depth: number): readonly Chart[] {
    const names = new Set(local.flatMap((path) => /^charts\/([^/_.][^/]*)\/Chart\.yaml$/.exec(path)?.[1] ?? []));
    const found = [...names].flatMap((name) => this.load(join(folder, `charts/${name}`), depth + 1) ?? []);
    for (const path of local.filter((one) => /^charts\/[^/]+$/.test(one) && isArchive(one))) {
      for (const packed of this.#files.chartsIn(join(folder, path))) {
        const chart = this.load(packed, depth + 1);
        if (chart && !found.some(({ name }) => name === chart.name)) found.push(chart);
      }
    }
    for (const dependency of dependencies) {
      if (found.some(({ name }) => name === dependency.name)) continue;
      const path = linkOf(folder, dependency.repository) ?? this.#publishedHere(folder, dependency);
      const linked = path === undefined || path === folder ? undefined : this.load(path, depth + 1);
      if (linked) found.push(linked);
      else this.#noteMissing(dependency, local);
    }
    return found;
  }

  /**
   * Repositories that publish charts name their library by the address that it is published at: it lies beside them, in the same line of
   * versions (helm.sh, "Library Charts").
   */
  #publishedHere(folder: string, { name, version, repository }: Dependency): string | undefined {
    if (!/^(?:https?|oci):\/\//.test(repository) || folder === '' || !/^[\w.-]+$/.test(name)) return undefined;
    const path = resolve(folder, `../${name}`);
    const metadata = path === undefined ? undefined : this.yaml(join(path, 'Chart.yaml'));
    const isLibrary = metadata && textAt(metadata, 'name') === name && textAt(metadata, 'type') === 'library';
    return isLibrary && lineOf(version) === lineOf(textAt(metadata, 'version')) ? path : undefined;
  }

  #noteMissing({ name, place }: Dependency, local: readonly string[]): void {
    const packed = local.some((path) => path.startsWith(`charts/${name}-`) && path.endsWith('.tgz'));
    const why = packed ? 'is packed as .tgz, which cannot be read' : 'is not in `charts/`';
    this.notAssessed.push({
      reason: 'chart-dependency',
      message: `The chart \`${name}\` ${why}: what it deploys is not judged.`,
      place,
      failed: false,
    });
  }
}

/** `1` of `^1.4.0`, `0.3` of `0.3.x`: what stays compatible (semver.org). */
const lineOf = (version: string): string | undefined => /(?:0\.\d+|[1-9]\d*)/.exec(version)?.[0];

/** Folders of other charts that a chart names with `file://`. */
export function linkedFolders(folder: string, files: ExpanderFiles): readonly string[] {
  const read = (name: string) => files.derive(join(folder, name), 'helm:links:1', readRepositories);
  const own = read('Chart.yaml');
  const repositories = own?.length === 0 ? (read('requirements.yaml') ?? []) : (own ?? []);
  return repositories.flatMap((repository) => {
    const path = linkOf(folder, repository);
    return path === undefined || path === folder ? [] : [path];
  });
}

/** Where the dependencies in a file come from; `undefined`: it is not one of a chart. */
function readRepositories(file: SourceFile): readonly string[] | undefined {
  const root = readYaml(file).documents[0];
  const value = root && cellOfYaml(root).value;
  if (!(value instanceof GoMap)) return undefined;
  return itemsAt(value, 'dependencies').map(({ value: entry }) =>
    entry instanceof GoMap && textAt(entry, 'name') ? textAt(entry, 'repository') : '',
  );
}

/** Of an archive nothing else can be opened. */
const startOf = (path: string): Place => ({ path, line: 1, column: 1, endLine: 1, endColumn: 1, inArchive: true });
const own = new Set(['Chart.yaml', 'Chart.lock', 'values.yaml', 'values.schema.json', 'requirements.yaml', 'requirements.lock']);
export const join = (folder: string, path: string): string => (folder === '' ? path : `${folder}/${path}`);

/** A path relative to a folder, without leaving the repository. */
export function resolve(folder: string, path: string): string | undefined {
  const parts = path.startsWith('/') ? [] : folder.split('/').filter(Boolean);
  for (const part of path.split('/')) {
    if (part === '..') {
      if (parts.length === 0) return undefined;
      parts.pop();
    } else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts.join('/');
}

const linkOf = (folder: string, repository: string): string | undefined =>
  repository.startsWith('file://') ? resolve(folder, repository.slice('file://'.length)) : undefined;

export const textAt = (map: GoMap, key: string): string => {
  const value = map.get(key)?.value;
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
};
export const itemsAt = (map: GoMap, key: string): readonly Cell[] => {
  const value = map.get(key)?.value;
  return value instanceof GoList ? value.items : [];
};

/** Fields of chart.Metadata: those that are not written are empty, not missing. */
function describe(metadata: GoMap): GoMap {
  const fields = new GoMap();
  for (const key of stringFields) {
    const given = metadata.get(key);
    const text = given && typeof given.value !== 'string' && given.value !== null ? { ...given, value: String(given.value) } : given;
    fields.entries.set(fieldName(key), text?.value === null || !text ? { value: '' } : text);
  }
  for (const key of listFields) fields.entries.set(fieldName(key), metadata.get(key) ?? { value: new GoList([]) });
  fields.entries.set('Annotations', metadata.get('annotations') ?? { value: mapOf({}) });
  fields.entries.set('Deprecated', metadata.get('deprecated') ?? { value: false });
  return fields;
}
