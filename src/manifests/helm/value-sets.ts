/** The sets of values with which a chart is installed: its defaults alone, and each further values file laid over them. */

import type { Purpose } from '../../facts.ts';
import { purposeOf } from '../../text/purpose.ts';
import { type Chart, type ChartLoader, join, resolve } from './chart.ts';
import type { Installation } from './installations.ts';
import { layValues } from './merge-values.ts';
import { GoMap } from './values.ts';

export interface ValueSet {
  /** Path of the values file, or the name that the configuration gives it. */
  readonly id: string;
  readonly values: GoMap;
  readonly purpose: Purpose;
}
export interface ValueSets {
  readonly sets: readonly ValueSet[];
  /** Values files that belong to the chart, also those that no set is made of. */
  readonly files: readonly string[];
  /** Those that were left out because there are too many. */
  readonly left: number;
}

const mostSets = 10;
/** `values-prod.yaml`, `prod.values.yaml`, `values/prod.yaml`. */
const valuesFile = /^(?:values[-_.][\w.-]+|[\w.-]+[-_.]values|values\/[\w.-]+)\.ya?ml$/i;
const testFile = /^ci\/[\w.-]+\.ya?ml$/i;
/** Clusters on a laptop, and files that are there to be copied. */
const forDevelopment =
  /(?:^|[-_./])(?:minikube|kind|k3[ds]|example|sample|demo|quickstart|template|default|docker-desktop|microk8s|tilt|skaffold)(?:[-_.]|$)/i;
const forProduction = /(?:^|[-_./])(?:prod|production|live)(?:[-_.]|$)/i;

/** Values files by the name of a set, relative to a chart, in the order of `helm install -f`. */
export type NamedSets = Readonly<Record<string, readonly string[]>>;

/** Sets that somebody named replace those that installations and names of files tell. */
export function readValueSets(
  chart: Chart,
  loader: ChartLoader,
  named: NamedSets = {},
  installations: readonly Installation[] = [],
): ValueSets {
  const found = withInstallations(findValueSets(chart, loader), chart, loader, installations);
  const given = Object.entries(named).flatMap(([name, paths]) => readNamedSet(chart, loader, name, paths));
  if (given.length === 0) return found;
  const files = [...new Set([...found.files, ...given.flatMap((set) => set.files)])];
  return { sets: given.slice(0, mostSets).map(({ set }) => set), files, left: Math.max(0, given.length - mostSets) };
}

/** What installs the chart tells more than the names of files; files that nothing installs stay sets of their own. */
function withInstallations(found: ValueSets, chart: Chart, loader: ChartLoader, installations: readonly Installation[]): ValueSets {
  if (installations.length === 0) return found;
  const used = new Set(installations.flatMap(({ valueFiles }) => valueFiles));
  const sets = installations.map(({ id, valueFiles, values }): ValueSet => {
    const layers = valueFiles.filter((path) => path !== join(chart.folder, 'values.yaml')).flatMap((path) => loader.yaml(path) ?? []);
    const purposes = [id, ...valueFiles].map(purposeOfSet);
    const purpose = purposes.find((one) => one !== 'unknown') ?? 'unknown';
    return { id, values: [...layers, values].reduce((under, over) => layValues(under, over), new GoMap()), purpose };
  });
  const isDefault = ({ values }: ValueSet): boolean => values.entries.size === 0;
  const isJudged = sets.some(({ purpose }) => purpose !== 'development' && purpose !== 'test');
  const others = found.sets.filter((set) => !used.has(set.id) && !(isJudged && isDefault(set)));
  const all = [...sets, ...others];
  return {
    sets: all.slice(0, mostSets),
    files: [...new Set([...found.files, ...used])],
    left: found.left + Math.max(0, all.length - mostSets),
  };
}

/** A set is one of this chart when the chart has one of its files besides the defaults, or when the defaults are all of it. */
function readNamedSet(chart: Chart, loader: ChartLoader, name: string, paths: readonly string[]): { set: ValueSet; files: string[] }[] {
  const own = paths.filter((path) => path !== 'values.yaml');
  const read = own.flatMap((path) => {
    const full = resolve(chart.folder, path);
    const values = full === undefined ? undefined : loader.yaml(full);
    return full !== undefined && values ? [{ path: full, values }] : [];
  });
  if (own.length > 0 && read.length === 0) return [];
  if (read.length < own.length) {
    const where = `the chart \`${chart.name}\` in \`${chart.folder || '.'}\``;
    const message = `The set \`${name}\` of ${where} names ${own.length - read.length} values files that are not there: it is rendered without them.`;
    loader.notAssessed.push({ reason: 'missing-values', message, failed: true });
  }
  const values = read.reduce((under, over) => layValues(under, over.values), new GoMap());
  return [{ set: { id: name, values, purpose: purposeOfSet(name) }, files: read.map(({ path }) => path) }];
}

function findValueSets(chart: Chart, loader: ChartLoader): ValueSets {
  const prefix = chart.folder === '' ? '' : `${chart.folder}/`;
  const named = chart.others.filter((path) => valuesFile.test(path));
  const sets = named.slice(0, mostSets).flatMap((path): ValueSet[] => {
    const values = loader.yaml(prefix + path);
    return values ? [{ id: prefix + path, values, purpose: purposeOfSet(path) }] : [];
  });
  const hasProduction = named.some((path) => forProduction.test(path));
  // Beside values for production the defaults alone are what the others are laid over.
  const base: ValueSet = { id: `${prefix}values.yaml`, values: new GoMap(), purpose: hasProduction ? 'development' : 'unknown' };
  const files = [...named, ...chart.others.filter((path) => testFile.test(path))].map((path) => prefix + path);
  return { sets: [base, ...sets], files, left: Math.max(0, named.length - mostSets) };
}

function purposeOfSet(path: string): Purpose {
  const purpose = purposeOf(path);
  return purpose === 'unknown' && forDevelopment.test(path) ? 'development' : purpose;
}
