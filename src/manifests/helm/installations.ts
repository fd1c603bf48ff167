/** Who installs the charts of this repository: Applications of Argo CD, HelmReleases of Flux and Helmfiles, with the values that they give. */
import { itemsOf, nodeAt, scalarOf, textOf } from '../../text/yaml-access.ts';
import { placesInBlock } from '../../text/yaml-block.ts';
import { readYaml, type YamlNode } from '../../text/yaml-document.ts';
import type { ExpanderFiles, SourceFile } from '../../types.ts';
import { applicationsOf } from './application-sets.ts';
import { join, resolve } from './chart.ts';
import { layAll, mapAt, parametersOf } from './given-maps.ts';
import { isHelmfile, readHelmfile } from './helmfile.ts';
import type { GoMap } from './values.ts';

export interface Installation {
  /** Path of its manifest, with its name where that tells more. */
  readonly id: string;
  /** Folder of the chart. */
  readonly chart: string;
  /** From the repository's root, in the order in which later ones win. */
  readonly valueFiles: readonly string[];
  /** What it says itself, over those files. */
  readonly values: GoMap;
}

const installing = /^[ \t]*kind:[ \t]*["']?(?:Application|ApplicationSet|HelmRelease)\b/m;
const mostManifests = 20_000;
const mostInstallations = 1000;

const found = new WeakMap<ExpanderFiles, ReadonlyMap<string, readonly Installation[]>>();
/** Installations by the folder of their chart. */
export function installationsOf(files: ExpanderFiles): ReadonlyMap<string, readonly Installation[]> {
  const known = found.get(files) ?? findInstallations(files);
  found.set(files, known);
  return known;
}

function findInstallations(files: ExpanderFiles): ReadonlyMap<string, readonly Installation[]> {
  const paths = files.under('');
  const charts = new Set(paths.filter((path) => /(?:^|\/)Chart\.yaml$/.test(path)).map((path) => path.slice(0, -'/Chart.yaml'.length)));
  const byChart = new Map<string, Installation[]>();
  const manifests = paths.filter((path) => /\.ya?ml$/i.test(path) && !isInside(path, charts)).slice(0, mostManifests);
  let count = 0;
  for (const path of manifests) {
    const isReleases = isHelmfile(path);
    if (!isReleases && !files.derive(path, 'helm:installs:1', installs)) continue;
    const text = files.text(path) ?? '';
    const { documents } = readYaml({ path, text });
    const readOne = (root: YamlNode): readonly Installation[] =>
      isReleases ? readHelmfile(root, path) : read({ root, path, text, files });
    for (const one of documents.flatMap(readOne)) {
      if (!charts.has(one.chart) || ++count > mostInstallations) continue;
      byChart.set(one.chart, [...(byChart.get(one.chart) ?? []), one]);
    }
  }
  return byChart;
}

const installs = ({ text }: SourceFile): boolean => (text.includes('Application') || text.includes('HelmRelease')) && installing.test(text);

function isInside(path: string, charts: ReadonlySet<string>): boolean {
  for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) if (charts.has(path.slice(0, at))) return true;
  return false;
}

interface Manifest {
  readonly root: YamlNode;
  readonly path: string;
  readonly text: string;
  readonly files: ExpanderFiles;
}

function read(manifest: Manifest): readonly Installation[] {
  const { root, files } = manifest;
  const group = textOf(nodeAt(root, 'apiVersion'))?.split('/')[0];
  const kind = textOf(nodeAt(root, 'kind'));
  if (group === 'argoproj.io' && (kind === 'Application' || kind === 'ApplicationSet'))
    return applicationsOf(root, files).flatMap((application) => readApplication(application, manifest));
  if (group === 'helm.toolkit.fluxcd.io' && kind === 'HelmRelease') return readRelease(manifest);
  return [];
}

/** https://argo-cd.readthedocs.io/en/stable/user-guide/helm/ */
function readApplication(application: YamlNode, manifest: Manifest): Installation[] {
  const spec = nodeAt(application, 'spec');
  const sources = [nodeAt(spec, 'source'), ...itemsOf(nodeAt(spec, 'sources'))].filter((source) => source !== undefined);
  return sources.flatMap((source): Installation[] => {
    const folder = resolve('', textOf(nodeAt(source, 'path')) ?? '/../');
    const helm = nodeAt(source, 'helm');
    if (folder === undefined || isOpen(folder)) return [];
    const valueFiles = itemsOf(nodeAt(helm, 'valueFiles')).flatMap((node) => {
      const written = textOf(node) ?? '';
      // `$values/…`: a file from the root of another source, which may be this repository.
      const path = written.startsWith('$') ? resolve('', written.slice(written.indexOf('/') + 1)) : resolve(folder, written);
      return path === undefined || isOpen(path) ? [] : [path];
    });
    const layers = [
      inlineValues(nodeAt(helm, 'values'), manifest),
      mapAt(nodeAt(helm, 'valuesObject')),
      parametersOf(nodeAt(helm, 'parameters')),
    ];
    return [{ id: idOf(application, manifest), chart: folder, valueFiles, values: layAll(layers) }];
  });
}

/** https://fluxcd.io/flux/components/helm/helmreleases/ — a chart by path comes from a source of git, which is taken for this one. */
function readRelease(manifest: Manifest): Installation[] {
  const spec = nodeAt(manifest.root, 'spec');
  const chart = nodeAt(spec, 'chart', 'spec');
  const written = textOf(nodeAt(chart, 'chart')) ?? '';
  const folder = written.startsWith('.') || written.includes('/') ? resolve('', written) : undefined;
  if (folder === undefined) return [];
  const valueFiles = itemsOf(nodeAt(chart, 'valuesFiles')).flatMap((node) => resolve('', textOf(node) ?? '') ?? []);
  const maps = itemsOf(nodeAt(spec, 'valuesFrom')).map((node) => valuesOfMap(node, manifest));
  return [{ id: idOf(manifest.root, manifest), chart: folder, valueFiles, values: layAll([...maps, mapAt(nodeAt(spec, 'values'))]) }];
}

/** A ConfigMap of the same folder. */
function valuesOfMap(reference: YamlNode, { path, files }: Manifest): GoMap | undefined {
  const name = textOf(nodeAt(reference, 'name'));
  const key = textOf(nodeAt(reference, 'valuesKey')) ?? 'values.yaml';
  if (textOf(nodeAt(reference, 'kind')) !== 'ConfigMap' || name === undefined || nodeAt(reference, 'targetPath')) return undefined;
  const folder = path.slice(0, Math.max(0, path.lastIndexOf('/')));
  const near = files.under(folder).filter((one) => /\.ya?ml$/i.test(one) && !one.slice(folder.length + 1).includes('/'));
  for (const one of near.slice(0, 200)) {
    const text = files.text(one);
    if (!text?.includes('ConfigMap') || !text.includes(name)) continue;
    for (const root of readYaml({ path: one, text }).documents) {
      if (textOf(nodeAt(root, 'kind')) !== 'ConfigMap' || textOf(nodeAt(root, 'metadata', 'name')) !== name) continue;
      return inlineValues(nodeAt(root, 'data', key), { path: one, text });
    }
  }
  return undefined;
}

/** YAML that stands as a text. */
function inlineValues(node: YamlNode | undefined, { path, text }: Pick<Manifest, 'path' | 'text'>): GoMap | undefined {
  const scalar = scalarOf(node);
  if (!scalar) return undefined;
  const { documents } = readYaml({ path, text: scalar.text, places: placesInBlock(scalar, text) });
  return mapAt(documents[0]);
}

/** What a template of an ApplicationSet leaves open. */
const isOpen = (text: string): boolean => /[{}*$]/.test(text);
const idOf = (root: YamlNode, { path }: Manifest): string => {
  const name = textOf(nodeAt(root, 'metadata', 'name')) ?? '';
  const file = path.slice(path.lastIndexOf('/') + 1).replace(/\.ya?ml$/i, '');
  return name === '' || isOpen(name) || file === name ? path : join(path, name);
};
