/** A chart and values → the text of each template, every part with its origin. */
import type { Chart, ChartLoader } from './chart.ts';
import { templateFunctions } from './functions/index.ts';
import { matchesGlob } from './glob.ts';
import { type Failure, Interpreter } from './interpreter.ts';
import { TemplateSyntaxError } from './lexer.ts';
import { coalesce } from './merge-values.ts';
import { type Budget, settlePieces, withoutNil } from './output.ts';
import { parseTemplate, type Template } from './syntax.ts';
import {
  BudgetError,
  Callable,
  type Cell,
  cell,
  GoBytes,
  GoList,
  GoMap,
  GoStruct,
  listOf,
  mapOf,
  type Piece,
  type Source,
} from './values.ts';
import { printYaml } from './yaml.ts';

export interface RenderInput {
  readonly chart: Chart;
  readonly loader: ChartLoader;
  /** Values that are given at installation, over those of the chart. */
  readonly values: GoMap;
  readonly release: { readonly name: string; readonly namespace: string };
  /** Parsed once for all sets of values. */
  readonly parsed: ParsedTemplates;
  readonly budget: Budget;
}
export interface RenderedFile {
  readonly source: Source;
  readonly text: string;
  readonly pieces: readonly Piece[];
}
export interface Rendered {
  readonly files: readonly RenderedFile[];
  readonly failures: readonly Failure[];
}

/** What client-go 1.31 knows, which `helm template` takes for the cluster. */
const kubeVersion = { version: 'v1.31.0', major: '1', minor: '31' };
const apiVersions =
  'v1 admissionregistration.k8s.io/v1 admissionregistration.k8s.io/v1alpha1 admissionregistration.k8s.io/v1beta1 internal.apiserver.k8s.io/v1alpha1 apps/v1 apps/v1beta1 apps/v1beta2 authentication.k8s.io/v1 authentication.k8s.io/v1alpha1 authentication.k8s.io/v1beta1 authorization.k8s.io/v1 authorization.k8s.io/v1beta1 autoscaling/v1 autoscaling/v2 autoscaling/v2beta1 autoscaling/v2beta2 batch/v1 batch/v1beta1 certificates.k8s.io/v1 certificates.k8s.io/v1beta1 certificates.k8s.io/v1alpha1 coordination.k8s.io/v1alpha1 coordination.k8s.io/v1beta1 coordination.k8s.io/v1 discovery.k8s.io/v1 discovery.k8s.io/v1beta1 events.k8s.io/v1 events.k8s.io/v1beta1 extensions/v1beta1 flowcontrol.apiserver.k8s.io/v1 flowcontrol.apiserver.k8s.io/v1beta1 flowcontrol.apiserver.k8s.io/v1beta2 flowcontrol.apiserver.k8s.io/v1beta3 networking.k8s.io/v1 networking.k8s.io/v1alpha1 networking.k8s.io/v1beta1 node.k8s.io/v1 node.k8s.io/v1alpha1 node.k8s.io/v1beta1 policy/v1 policy/v1beta1 rbac.authorization.k8s.io/v1 rbac.authorization.k8s.io/v1beta1 rbac.authorization.k8s.io/v1alpha1 resource.k8s.io/v1alpha3 scheduling.k8s.io/v1alpha1 scheduling.k8s.io/v1beta1 scheduling.k8s.io/v1 storage.k8s.io/v1beta1 storage.k8s.io/v1 storage.k8s.io/v1alpha1 storagemigration.k8s.io/v1alpha1 apiextensions.k8s.io/v1beta1 apiextensions.k8s.io/v1'.split(
    ' ',
  );

/** Trees of templates by text, with what could not be parsed. */
export class ParsedTemplates {
  readonly #known = new Map<Source, ReturnType<typeof parseTemplate> | Failure>();
  of(source: Source): ReturnType<typeof parseTemplate> | Failure {
    const known = this.#known.get(source);
    if (known) return known;
    const parsed = this.#parse(source);
    this.#known.set(source, parsed);
    return parsed;
  }
  #parse(source: Source): ReturnType<typeof parseTemplate> | Failure {
    try {
      return parseTemplate(source);
    } catch (error) {
      if (error instanceof TemplateSyntaxError)
        return { message: `the template cannot be parsed: ${error.message}`, source, start: error.offset, end: error.offset };
      if (error instanceof RangeError) return { message: 'the template is nested too deeply', source, start: 0, end: 0 };
      throw error;
    }
  }
}

interface Job {
  readonly source: Source;
  /** As Helm calls it: `shop/charts/mail/templates/service.yaml`. */
  readonly name: string;
  readonly template: Template;
  readonly defined: ReadonlyMap<string, Template>;
  readonly chart: Chart;
  readonly dot: Cell;
}

export function renderChart(input: RenderInput): Rendered {
  const failures: Failure[] = [];
  const templates = new Map<string, Template>();
  const { budget } = input;
  const interpreter = new Interpreter({
    functions: templateFunctions,
    templates,
    budget,
    fail: (failure) => addFailure(failures, failure),
  });
  const jobs: Job[] = [];
  const values = coalesce(input.chart, input.values);
  collectJobs({ ...input, jobs, failures }, input.chart, values, input.chart.name, true);
  const inOrder = [...jobs].sort(byOrderOfHelm);
  for (const { defined, name, template } of inOrder) {
    for (const [key, other] of defined) templates.set(key, other);
    templates.set(name, template);
  }
  const rendered = new Map<Job, RenderedFile>();
  for (const job of inOrder) {
    if (job.chart.isLibrary || /(?:^|\/)_[^/]*$|\/NOTES\.txt$/.test(job.source.name) || !/\.(?:ya?ml|tpl|json)$/i.test(job.source.name))
      continue;
    const pieces = renderJob(job, interpreter, failures);
    if (pieces) rendered.set(job, { source: job.source, ...settlePieces(pieces) });
  }
  return { files: jobs.flatMap((job) => rendered.get(job) ?? []), failures };
}

/**
 * Helm parses and runs the deepest templates first, and of one depth the last by name (`sortTemplates` in its `pkg/engine/engine.go`): so
 * of two definitions the higher one counts, and what a template sets in the values is seen by those after it.
 */
function byOrderOfHelm({ name: a }: Job, { name: b }: Job): number {
  const deeper = b.split('/').length - a.split('/').length;
  return deeper !== 0 ? deeper : a < b ? 1 : a > b ? -1 : 0;
}

/** Making and catching so many is what takes the time of a template that only fails. */
const mostFailures = 2000;
function addFailure(failures: Failure[], failure: Failure): void {
  failures.push(failure);
  if (failures.length > mostFailures) throw new BudgetError('too much of it fails');
}

function renderJob({ source, template, dot }: Job, interpreter: Interpreter, failures: Failure[]): readonly Piece[] | undefined {
  interpreter.environment.budget.begin();
  try {
    return withoutNil(interpreter.render(template, dot).pieces);
  } catch (error) {
    const message =
      error instanceof BudgetError
        ? `the template is not rendered to its end: ${error.message}`
        : error instanceof RangeError
          ? 'the template is nested too deeply'
          : undefined;
    if (message === undefined) throw error;
    failures.push({ message, source, start: 0, end: 0 });
    return undefined;
  }
}

interface Collecting extends RenderInput {
  readonly jobs: Job[];
  readonly failures: Failure[];
}

/** Charts below come first: they are handed to those above. */
function collectJobs(input: Collecting, chart: Chart, values: GoMap, path: string, isRoot: boolean): Cell {
  const below = new GoMap();
  for (const child of chart.charts) {
    const own = values.get(child.name)?.value;
    below.entries.set(
      child.name,
      collectJobs(input, child, own instanceof GoMap ? own : new GoMap(), `${path}/charts/${child.name}`, false),
    );
  }
  const fields = new Map(chart.metadata.entries);
  fields.set('Name', { ...fields.get('Name'), value: chart.name });
  fields.set('IsRoot', cell(isRoot));
  const shared = {
    Chart: cell(new GoMap(fields)),
    Values: cell(values),
    Release: releaseOf(input),
    Capabilities: capabilities,
    Files: cell(filesOf(input, chart, chart.others)),
    Subcharts: cell(below),
  };
  for (const source of chart.templates) {
    const parsed = input.parsed.of(source);
    if ('message' in parsed) {
      input.failures.push(parsed);
      continue;
    }
    const name = `${path}/${source.name.slice(chart.folder === '' ? 0 : chart.folder.length + 1)}`;
    const dot = cell(mapOf({ ...shared, Template: cell(mapOf({ Name: cell(name), BasePath: cell(`${path}/templates`) })) }));
    input.jobs.push({ source, name, template: parsed.main, defined: parsed.defined, chart, dot });
  }
  return cell(mapOf(shared));
}

const releaseOf = ({ release }: RenderInput): Cell =>
  cell(
    mapOf({
      Name: cell(release.name),
      Namespace: cell(release.namespace),
      Revision: cell(1n),
      IsInstall: cell(true),
      IsUpgrade: cell(false),
      Service: cell('Helm'),
    }),
  );

const kube = new GoStruct(
  kubeVersion.version,
  mapOf({
    Version: cell(kubeVersion.version),
    Major: cell(kubeVersion.major),
    Minor: cell(kubeVersion.minor),
    GitVersion: cell(kubeVersion.version),
    String: cell(new Callable('String', () => cell(kubeVersion.version))),
  }),
);
const hasVersion = new Callable('Has', (args) => cell(apiVersions.includes(String(args[0]?.value))));
const capabilities = cell(
  mapOf({
    KubeVersion: cell(kube),
    APIVersions: cell(new GoList(listOf(apiVersions).items, { Has: hasVersion })),
    HelmVersion: cell(mapOf({ Version: cell('v3.16.4'), GitCommit: cell(''), GitTreeState: cell('clean'), GoVersion: cell('go1.22.7') })),
  }),
);

/** `.Files`, and what `.Files.Glob` gives: a map of contents with the same methods. */
function filesOf(input: RenderInput, chart: Chart, paths: readonly string[]): GoMap {
  const text = (args: readonly Cell[]): string => {
    const path = String(args[0]?.value);
    return paths.includes(path) ? (input.loader.fileText(chart, path) ?? '') : '';
  };
  const encoded = (encode: (text: string) => string): Cell =>
    printYaml(cell(new GoMap(new Map(paths.map((path) => [path.split('/').at(-1)!, cell(encode(text([cell(path)])))])))));
  const method = (name: string, call: (args: readonly Cell[]) => Cell) => new Callable(name, call);
  const methods = {
    Get: method('Get', (args) => cell(text(args))),
    GetBytes: method('GetBytes', (args) => cell(new GoBytes(text(args)))),
    Glob: method('Glob', (args) =>
      cell(
        contentsOf(
          input,
          chart,
          paths.filter((path) => matchesGlob(String(args[0]?.value), path)),
        ),
      ),
    ),
    Lines: method('Lines', (args) => cell(listOf(text(args).replace(/\n$/, '').split('\n')))),
    AsConfig: method('AsConfig', () => encoded((one) => one)),
    AsSecrets: method('AsSecrets', () => encoded((one) => Buffer.from(one).toString('base64'))),
  };
  return new GoMap(new Map(), methods);
}
function contentsOf(input: RenderInput, chart: Chart, paths: readonly string[]): GoMap {
  const { methods } = filesOf(input, chart, paths);
  return new GoMap(new Map(paths.map((path) => [path, cell(new GoBytes(input.loader.fileText(chart, path) ?? ''))])), methods);
}
