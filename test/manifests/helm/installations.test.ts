/** Values that Argo CD and Flux give to charts of the repository, through a whole session. */
import { describe, expect, it } from 'vitest';
import { analyse } from '../../../src/session.ts';
import { makeFolder } from '../../temporary-repository.ts';
import { expand, type Files } from './chart.ts';

const deployment = `apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: 2
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: web, image: "registry.example.com/web:{{ .Values.image.tag }}" }] }
`;
const chart: Files = {
  'charts/web/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 1.0.0\n',
  'charts/web/values.yaml': 'image:\n  tag: latest\n',
  'charts/web/eu.yaml': 'image:\n  tag: 2.0.0\n',
  'charts/web/templates/web.yaml': deployment,
};
const application = (source: string): string =>
  `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: { name: web }\nspec:\n  source:\n    repoURL: https://example.com/shop.git\n    path: charts/web\n${source}`;
const release = (spec: string): string =>
  `apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: { name: web }\nspec:\n  chart: { spec: { chart: ./charts/web, sourceRef: { kind: GitRepository, name: shop }${spec}`;

const judge = (files: Files): readonly string[] =>
  analyse({ root: makeFolder({ ...chart, ...files }), cache: false, git: false, rules: ['image-tag-mutable'] }).findings.map(
    ({ place }) => `${place.path}:${place.line}`,
  );

describe('an Application of Argo CD', () => {
  it.each([
    ['files', '    helm: { valueFiles: [eu.yaml] }\n', []],
    ['files from the root of a source', '    helm: { valueFiles: ["$values/charts/web/eu.yaml"] }\n', []],
    ['a text', '    helm:\n      values: |\n        image:\n          tag: stable\n', ['apps/web.yaml:11']],
    [
      'a map, over files',
      '    helm:\n      valueFiles: [eu.yaml]\n      valuesObject:\n        image:\n          tag: stable\n',
      ['apps/web.yaml:12'],
    ],
    [
      'parameters, over all',
      '    helm:\n      values: "image: { tag: stable }"\n      parameters:\n        - name: image.tag\n          value: "2.1.0"\n',
      [],
    ],
    ['nothing', '', ['charts/web/values.yaml:2']],
  ])('decides values by %s', (_, source, expected) => {
    expect(judge({ 'apps/web.yaml': application(source) })).toEqual(expected);
  });
  it('counts for its own chart only', () => {
    expect(judge({ 'apps/web.yaml': application('    helm: { valueFiles: [eu.yaml] }\n').replace('charts/web', 'charts/other') })).toEqual([
      'charts/web/values.yaml:2',
    ]);
  });
});

describe('an ApplicationSet', () => {
  const set = (generator: string, path: string): string =>
    `apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: { name: all }\nspec:\n  generators: [${generator}]\n  template:\n    metadata: { name: "web-{{name}}" }\n    spec: { source: { path: "${path}", helm: { valueFiles: ["{{name}}.yaml"] } } }\n`;
  const setsOf = (text: string) =>
    expand({ ...chart, 'charts/web/us.yaml': 'image:\n  tag: nightly\n', 'apps/all.yaml': text }, 'charts/web/Chart.yaml').documents.map(
      (document) => `${document.set} ${/web:(.*)"/.exec(document.text)?.[1]}`,
    );
  it('makes an Application of each element of a list', () => {
    expect(setsOf(set('{ list: { elements: [{ name: eu }, { name: us }] } }', 'charts/web'))).toEqual([
      'apps/all.yaml/web-eu 2.0.0',
      'apps/all.yaml/web-us nightly',
    ]);
  });
  it('makes one of each folder', () => {
    const text = set('{ git: { directories: [{ path: charts/* }] } }', '{{.path.path}}').replace('"{{name}}.yaml"', 'us.yaml');
    expect(setsOf(text)).toEqual(['undefined nightly']);
  });
});

describe('a HelmRelease of Flux', () => {
  it.each([
    ['a map', release(' } }\n  values:\n    image:\n      tag: stable\n'), ['apps/web.yaml:8']],
    ['files', release(', valuesFiles: [./charts/web/values.yaml, ./charts/web/eu.yaml] } }\n'), []],
    [
      'a ConfigMap beside it',
      `${release(' } }\n  valuesFrom: [{ kind: ConfigMap, name: web-values }]\n')}---\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: web-values }\ndata:\n  values.yaml: |\n    image:\n      tag: 3.0.0\n`,
      [],
    ],
  ])('decides values by %s', (_, text, expected) => {
    expect(judge({ 'apps/web.yaml': text })).toEqual(expected);
  });
});

describe('a hostile installation', () => {
  const generator = (text: string): string =>
    `apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: { name: all }\nspec:\n  generators: ${text}\n  template: { spec: { source: { path: "{{path}}", helm: { values: "{{values}}" } } } }\n`;
  const elements = (count: number): string => Array.from({ length: count }, () => '{ path: charts/web }').join(', ');
  it.each([
    ['a path out of the repository', application('').replace('charts/web', '../../etc')],
    ['a path that is none', application('').replace('path: charts/web', 'path: [1]')],
    ['files out of the repository', application('    helm: { valueFiles: [../../../../etc/passwd, /etc/passwd, "$x/../../y.yaml"] }\n')],
    ['values that are no map', application('    helm: { values: "[1, 2]" }\n')],
    ['values that are broken', application('    helm:\n      values: |\n        a: [\n        b: }\n')],
    [
      'values that grow',
      application(
        '    helm: { values: "a: &a [x,x,x,x,x,x,x,x]\\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b]\\nd: [*c,*c,*c,*c,*c,*c,*c,*c]" }\n',
      ),
    ],
    [
      'names of the prototype',
      application('    helm:\n      parameters: [{ name: __proto__.polluted, value: "1" }, { name: constructor, value: x }]\n'),
    ],
    ['a deep parameter', application(`    helm:\n      parameters: [{ name: ${'a.'.repeat(20_000)}a, value: "1" }]\n`)],
    ['a parameter under a text', application('    helm:\n      parameters: [{ name: image, value: x }, { name: image.tag, value: y }]\n')],
    ['many applications', generator(`[{ list: { elements: [${elements(3000)}] } }]`)],
    ['a generator that is none', generator('{ list: 1 }')],
    ['a glob of stars', generator(`[{ git: { directories: [{ path: "${'*a'.repeat(200)}" }, { path: "${'{a,b}'.repeat(40)}" }] } }]`)],
    ['a release without a chart', release(' } }\n').replace('./charts/web', '../..')],
    ['a release that takes itself', `${release(' } }\n  valuesFrom: [{ kind: ConfigMap, name: web }, { kind: Secret, name: web }, 1]\n')}`],
  ])('is bounded: %s', (_, text) => {
    const { documents, notAssessed } = expand({ ...chart, 'apps/web.yaml': text }, 'charts/web/Chart.yaml');
    expect(documents.length).toBeGreaterThan(0);
    expect(documents.length).toBeLessThanOrEqual(11);
    expect(notAssessed.filter(({ reason }) => reason === 'internal-error')).toEqual([]);
    expect({}).not.toHaveProperty('polluted');
  });
});
