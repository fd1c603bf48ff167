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
