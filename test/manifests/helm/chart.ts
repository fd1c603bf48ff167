import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ChartLoader } from '../../../src/manifests/helm/chart.ts';
import { makeHelmExpander } from '../../../src/manifests/helm/index.ts';
import { chooseCharts } from '../../../src/manifests/helm/merge-values.ts';
import { Budget } from '../../../src/manifests/helm/output.ts';
import { ParsedTemplates, type Rendered, renderChart } from '../../../src/manifests/helm/render.ts';
import { GoMap } from '../../../src/manifests/helm/values.ts';
import { parseYaml } from '../../../src/manifests/helm/yaml.ts';
import type { ExpanderFiles, Expansion } from '../../../src/types.ts';

export type Files = Readonly<Record<string, string>>;

export const open = (files: Files): ExpanderFiles => {
  const paths = Object.keys(files).sort();
  return {
    has: (path) => Object.hasOwn(files, path),
    under: (folder) => (folder === '' ? paths : paths.filter((path) => path.startsWith(`${folder}/`))),
    text: (path) => files[path],
    derive: (path, _kind, make) => (files[path] === undefined ? undefined : make({ path, text: files[path] })),
  };
};

export const readFolder = (root: string): Files =>
  Object.fromEntries(
    readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => {
        const path = join(entry.parentPath, entry.name);
        return [path.slice(root.length + 1), readFileSync(path, 'utf8')];
      }),
  );

export const metadata = 'apiVersion: v2\nname: web\nversion: 1.0.0\nappVersion: "2.1"\n';
/** A chart of one template. */
export const chartOf = (template: string, values = '', more: Files = {}): Files => ({
  'Chart.yaml': metadata,
  'values.yaml': values,
  'templates/a.yaml': template,
  ...more,
});

export function render(files: Files, given = ''): Rendered {
  const loader = new ChartLoader(open(files));
  const chart = loader.load('')!;
  const values = given ? (parseYaml(given).value as GoMap) : new GoMap();
  return renderChart({
    chart: chooseCharts(chart, values),
    loader,
    values,
    release: { name: 'release-name', namespace: 'default' },
    parsed: new ParsedTemplates(),
    budget: new Budget(),
  });
}
/** What one template makes of these values. */
export const renderText = (template: string, values = '', more: Files = {}): string =>
  render(chartOf(template, values, more)).files[0]?.text ?? '';
export const failuresOf = (template: string, values = ''): readonly string[] =>
  render(chartOf(template, values)).failures.map(({ message }) => message);

export const expand = (files: Files, root = 'Chart.yaml', sets?: Readonly<Record<string, readonly string[]>>): Expansion =>
  makeHelmExpander(sets).expand(root, open(files));
