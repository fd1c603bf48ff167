/** How Helm lays values over each other: maps are merged, lists replaced, null takes a key away. */
import { type Chart, type Dependency, textAt } from './chart.ts';
import { deepCopy } from './functions/collections.ts';
import { satisfies } from './functions/versions.ts';
import { type Cell, GoMap, TemplateError } from './values.ts';

const deepest = 100;
const copy = (map: GoMap): GoMap => deepCopy({ value: map }).value as GoMap;

/** `over` wins; what it has as null stays null, so that it takes the default away later. */
export function layValues(under: GoMap, over: GoMap, depth = 0): GoMap {
  if (depth > deepest) throw new TemplateError('the values are nested too deeply');
  const result = new GoMap(new Map(under.entries));
  for (const [key, cell] of over.entries) {
    const below = result.get(key);
    if (below?.value instanceof GoMap && cell.value instanceof GoMap)
      result.entries.set(key, { ...cell, value: layValues(below.value, cell.value, depth + 1) });
    else result.entries.set(key, cell);
  }
  return result;
}

/** Fills `to` with what it lacks. `keepsNull`: null is a value, as for the values of a chart below. */
function fill(to: GoMap, from: GoMap, keepsNull = false, depth = 0): void {
  if (depth > deepest) throw new TemplateError('the values are nested too deeply');
  for (const [key, cell] of from.entries) {
    const known = to.get(key);
    if (!known) to.entries.set(key, cell);
    else if (known.value === null && !keepsNull) to.entries.delete(key);
    else if (known.value instanceof GoMap && cell.value instanceof GoMap) fill(known.value, cell.value, keepsNull, depth + 1);
  }
}

/** Values of a chart and of all charts below it, as its templates see them. */
export function coalesce(chart: Chart, given: GoMap): GoMap {
  const values = copy(given);
  const children = new Set(chart.charts.map(({ name }) => name));
  for (const [key, cell] of copy(chart.values).entries) {
    const known = values.get(key);
    if (!known) values.entries.set(key, cell);
    else if (known.value === null) values.entries.delete(key);
    else if (known.value instanceof GoMap && cell.value instanceof GoMap) fill(known.value, cell.value, children.has(key));
  }
  for (const child of chart.charts) {
    const below = values.get(child.name);
    const own = below?.value instanceof GoMap ? below.value : new GoMap();
    shareGlobals(own, values);
    values.entries.set(child.name, { ...below, value: coalesce(child, own) });
  }
  return values;
}

function shareGlobals(to: GoMap, from: GoMap): void {
  const given = from.get('global')?.value;
  const shared = copy(given instanceof GoMap ? given : new GoMap());
  const own = to.get('global')?.value;
  if (own instanceof GoMap) fill(shared, own);
  to.entries.set('global', { ...from.get('global'), value: shared });
}

const pathOf = (values: GoMap, path: string): Cell | undefined => {
  let current: Cell | undefined = { value: values };
  for (const key of path.split('.')) current = current?.value instanceof GoMap ? current.value.get(key) : undefined;
  return current;
};

/** Conditions are read first, in order; the first that is a boolean decides. Without one, tags do. */
function isEnabled({ condition, tags }: Dependency, values: GoMap, root: GoMap): boolean {
  for (const path of condition?.split(',') ?? []) {
    const value = pathOf(values, path.trim())?.value;
    if (typeof value === 'boolean') return value;
  }
  const judged = tags.map((tag) => pathOf(root, `tags.${tag}`)?.value).filter((value) => typeof value === 'boolean');
  return judged.length === 0 || judged.includes(true);
}

/** A chart of that name and of a version that fits; other versions run, too, but as if nobody had named them. */
function isMeant({ name, version }: Dependency, chart: Chart): boolean {
  if (chart.name !== name) return false;
  try {
    return version === '' || satisfies(version, textAt(chart.metadata, 'Version'));
  } catch {
    return false;
  }
}

/** The charts that run with these values, under the names that they have here. */
export function chooseCharts(chart: Chart, given: GoMap, root = coalesce(chart, given)): Chart {
  const named = chart.dependencies.flatMap((dependency) => {
    const found = chart.charts.find((one) => isMeant(dependency, one));
    return found ? [{ dependency, chart: dependency.alias ? { ...found, name: dependency.alias } : found }] : [];
  });
  const others = chart.charts.filter((one) => !chart.dependencies.some((dependency) => isMeant(dependency, one)));
  const renamed = { ...chart, charts: [...named.map((one) => one.chart), ...others] };
  const values = coalesce(renamed, given);
  const kept = named.filter(({ dependency }) => isEnabled(dependency, values, root)).map((one) => one.chart);
  const off = new Set(chart.dependencies.filter((dependency) => !isEnabled(dependency, values, root)).map(({ name }) => name));
  const charts = [...kept, ...others.filter(({ name }) => !off.has(name))].map((child) => {
    const below = values.get(child.name)?.value;
    return chooseCharts(child, below instanceof GoMap ? below : new GoMap(), root);
  });
  return importValues({ ...renamed, charts });
}

/** `import-values`: keys of a chart below become defaults of the one above. */
function importValues(chart: Chart): Chart {
  const wanted = chart.dependencies.filter(({ imports }) => imports.length > 0);
  if (wanted.length === 0) return chart;
  const all = coalesce(chart, new GoMap());
  const imported = new GoMap();
  for (const { name, alias, imports } of wanted) {
    for (const { value } of imports) {
      const [child, parent] =
        value instanceof GoMap
          ? [String(value.get('child')?.value), String(value.get('parent')?.value)]
          : [`exports.${String(value)}`, '.'];
      const found = pathOf(all, `${alias ?? name}.${child}`);
      if (found?.value instanceof GoMap) fill(imported, nest(parent, copy(found.value)));
    }
  }
  const values = copy(chart.values);
  fill(values, imported);
  return { ...chart, values };
}

function nest(path: string, map: GoMap): GoMap {
  if (path === '.' || path === '') return map;
  return path
    .split('.')
    .slice(0, deepest)
    .reduceRight((inner, key) => new GoMap(new Map([[key, { value: inner }]])), map);
}
