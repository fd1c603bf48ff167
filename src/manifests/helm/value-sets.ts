/** The sets of values with which a chart is installed: its defaults alone, and each further values file laid over them. */

import type { Purpose } from '../../facts.ts';
import { purposeOf } from '../../text/purpose.ts';
import type { Chart, ChartLoader } from './chart.ts';
import { GoMap } from './values.ts';

export interface ValueSet {
  /** Path of the values file. */
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

export function readValueSets(chart: Chart, loader: ChartLoader): ValueSets {
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
