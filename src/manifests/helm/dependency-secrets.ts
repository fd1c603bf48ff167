/** Passwords that values give to charts which are not in the repository. */
import type { Purpose } from '../../facts.ts';
import { chartPassword, isChartPassword } from '../../text/chart-passwords.ts';
import type { Fact } from '../../types.ts';
import type { Chart, Dependency } from './chart.ts';
import type { ValueSet } from './value-sets.ts';
import { type Cell, GoList, GoMap } from './values.ts';

const maxDepth = 12;

function isOff({ condition }: Dependency, layers: readonly GoMap[]): boolean {
  const path = condition?.split(',')[0]?.trim().split('.') ?? [];
  const given = layers.map((layer) => path.reduce<unknown>((at, key) => (at instanceof GoMap ? at.get(key)?.value : undefined), layer));
  return path.length > 0 && given.find((value) => typeof value === 'boolean') === false;
}

function passwordsIn({ value }: Cell, path: readonly string[], purpose: Purpose): Fact<'secret'>[] {
  if (path.length > maxDepth) return [];
  if (value instanceof GoList) return value.items.flatMap((item) => passwordsIn(item, path, purpose));
  if (!(value instanceof GoMap)) return [];
  return [...value.entries].flatMap(([key, cell]): Fact<'secret'>[] => {
    const place = cell.from?.[0];
    if (typeof cell.value !== 'string' || !place) return passwordsIn(cell, [...path, key], purpose);
    if (!isChartPassword(key, cell.value)) return [];
    return [{ kind: 'secret', place, confidence: 'likely', value: chartPassword([...path, key], purpose) }];
  });
}

export function findDependencySecrets(chart: Chart, sets: readonly ValueSet[]): readonly Fact<'secret'>[] {
  const missing = chart.dependencies.filter(({ name }) => !chart.charts.some((child) => child.name === name));
  return sets.flatMap(({ id, values, purpose }, index) => {
    const own = index === 0 && id.endsWith('values.yaml') && values.entries.size === 0 ? chart.values : values;
    return missing.flatMap((dependency) => {
      const key = dependency.alias ?? dependency.name;
      const cell = own.get(key);
      return cell && !isOff(dependency, [values, chart.values]) ? passwordsIn(cell, [key], purpose) : [];
    });
  });
}
