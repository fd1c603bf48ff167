/** Charts: rendered with every set of values, each rendered template a document of its own. */
import { createHash } from 'node:crypto';
import type { Expander, ExpanderFiles, Expansion, NotAssessed, Place, VirtualDocument } from '../../types.ts';
import { type Chart, ChartLoader, join, linkedFolders } from './chart.ts';
import { findDependencySecrets } from './dependency-secrets.ts';
import { noteFailures } from './failures.ts';
import { installationsOf } from './installations.ts';
import type { Failure } from './interpreter.ts';
import { chooseCharts } from './merge-values.ts';
import { Budget } from './output.ts';
import { RenderedPlaces } from './place-map.ts';
import { ParsedTemplates, type RenderedFile, renderChart } from './render.ts';
import { type NamedSets, readValueSets, type ValueSet } from './value-sets.ts';

const chartFile = /(?:^|\/)Chart\.yaml$/;
const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));

/** Charts that stand by themselves: those in `charts/` of another one, or that it names with `file://`, are rendered with it. */
export const makeHelmExpander = (named: NamedSets = {}): Expander => ({
  id: 'helm',
  roots(paths, files) {
    const charts = new Set(paths.filter((path) => chartFile.test(path)));
    const alone = [...charts].filter((path) => {
      const above = /^(?:(.*)\/)?charts\/[^/]+$/.exec(folderOf(path));
      return !above || !charts.has(join(above[1] ?? '', 'Chart.yaml'));
    });
    if (alone.length < 2) return alone;
    const linked = new Set(alone.flatMap((path) => linkedFolders(folderOf(path), files)));
    return alone.filter((path) => !linked.has(folderOf(path)));
  },
  expand(root, files) {
    const loader = new ChartLoader(files);
    const chart = loader.load(folderOf(root));
    if (!chart) return { documents: [], consumed: [], notAssessed: loader.notAssessed };
    return expandChart(chart, loader, files, named);
  },
  /** Settings; what installs a chart is read from anywhere in the repository. */
  restsOn: (root, files) => digestOf([named, installationsOf(files).get(folderOf(root)) ?? []]),
});

/** Integers of Go and maps are no JSON. */
const digestOf = (value: unknown): string => {
  const text = JSON.stringify(value, (_key, one) =>
    typeof one === 'bigint' ? ['integer', `${one}`] : one instanceof Map ? [...one] : one,
  );
  return createHash('sha1').update(text).digest('base64');
};

interface RenderedSet {
  readonly set: ValueSet;
  readonly files: readonly RenderedFile[];
}

function expandChart(chart: Chart, loader: ChartLoader, files: ExpanderFiles, named: NamedSets): Expansion {
  const { sets, files: valuesFiles, left } = readValueSets(chart, loader, named, installationsOf(files.whole ?? files).get(chart.folder));
  const consumed = [...loader.read, ...valuesFiles, ...templatesUnder(chart, files)];
  if (chart.isLibrary) return { documents: [], consumed, notAssessed: loader.notAssessed };
  const deprecated = chart.metadata.get('Deprecated');
  if (deprecated?.value === true) return { documents: [], consumed, notAssessed: [noteDeprecated(chart, deprecated.from)] };
  const parsed = new ParsedTemplates();
  const budget = new Budget();
  const failures: Failure[] = [];
  const rendered = sets.map((set): RenderedSet => {
    const chosen = chooseCharts(chart, set.values);
    const result = renderChart({ chart: chosen, loader, values: set.values, release: { name: chart.name, namespace: '' }, parsed, budget });
    for (const failure of result.failures) failures.push(failure);
    return { set, files: result.files };
  });
  const notAssessed = [...loader.notAssessed, ...noteFailures(failures), ...noteLeft(chart, left)];
  return {
    documents: [...documentsOf(rendered), ...switchedOff(rendered)],
    facts: findDependencySecrets(chart, sets),
    consumed,
    notAssessed,
  };
}

/** Everything in `templates/`, also of charts below: by itself none of it is a manifest. */
const templatesUnder = (chart: Chart, files: ExpanderFiles): readonly string[] => [
  ...files.under(join(chart.folder, 'templates')),
  ...chart.charts.flatMap((child) => templatesUnder(child, files)),
];

/** Nobody installs it any more, and nobody would edit it. */
function noteDeprecated({ name }: Chart, [place]: readonly Place[] = []): NotAssessed {
  const message = `The chart \`${name}\` is deprecated: it is not judged.`;
  return { reason: 'deprecated', message, ...(place ? { place } : {}), failed: false };
}

const noteLeft = ({ folder, name }: Chart, left: number): NotAssessed[] =>
  left === 0
    ? []
    : [
        {
          reason: 'too-many-sets',
          message: `The chart \`${name}\` in \`${folder || '.'}\` has ${left} more values files: with these it is not rendered.`,
          failed: false,
        },
      ];

const isJudged = ({ purpose }: ValueSet): boolean => purpose !== 'development' && purpose !== 'test';

/** A template that comes out the same in every judged set gives one document, which belongs to no set. */
function documentsOf(rendered: readonly RenderedSet[]): readonly VirtualDocument[] {
  const bySource = new Map<RenderedFile['source'], { set: ValueSet; file: RenderedFile }[]>();
  for (const { set, files } of rendered) {
    for (const file of files) {
      if (file.text.trim() === '') continue;
      const list = bySource.get(file.source);
      if (list) list.push({ set, file });
      else bySource.set(file.source, [{ set, file }]);
    }
  }
  const judged = rendered.filter(({ set }) => isJudged(set)).length;
  return [...bySource.values()].flatMap((made) => {
    const own = made.filter(({ set }) => isJudged(set));
    const first = own[0];
    const isSame = first !== undefined && own.length === judged && own.every(({ file }) => file.text === first.file.text);
    if (!isSame) return made.map(({ set, file }) => document(file, rendered.length > 1 ? set : undefined));
    const purpose = own.some(({ set }) => set.purpose === 'production') ? 'production' : undefined;
    const others = made.filter(({ set, file }) => !isJudged(set) && file.text !== first.file.text);
    return [{ ...document(first.file), purpose }, ...others.map(({ set, file }) => document(file, set))];
  });
}

/** Autoscalers and budgets that values switch off, each at the value that does. */
function switchedOff(rendered: readonly RenderedSet[]): readonly VirtualDocument[] {
  return rendered
    .filter(({ set }) => isJudged(set))
    .flatMap(({ set, files }) =>
      files.flatMap(({ source, pieces }) =>
        pieces.flatMap(({ site, from, leftOut }): VirtualDocument[] => {
          const place = leftOut?.objects && site?.source.place?.(site.start, site.end);
          if (!place) return [];
          const decidedBy = from?.map((one, index) => (index === from.length - 1 ? { ...one, edit: true as const } : one));
          const where = { ...place, decidedBy, ...(rendered.length > 1 ? { set: set.id } : {}) };
          const named = rendered.length > 1 ? { set: set.id, purpose: set.purpose } : {};
          return [{ path: source.name, text: leftOut!.objects!, places: { place: () => where }, isSwitchedOff: true, ...named }];
        }),
      ),
    );
}

function document({ source, text, pieces }: RenderedFile, set?: ValueSet): VirtualDocument {
  const places = new RenderedPlaces(source.name, text, pieces, set?.id);
  return { path: source.name, text, places, ...(set ? { set: set.id, purpose: set.purpose } : {}) };
}
