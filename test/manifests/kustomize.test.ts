/** Overlays are built from files in memory: what they come to, where each value stands, and what hostile ones cost. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { kustomizeExpander } from '../../src/manifests/kustomize/index.ts';
import { matchesPattern } from '../../src/manifests/kustomize/match.ts';
import { nodeAt } from '../../src/text/yaml-access.ts';
import { readYaml, type YamlNode } from '../../src/text/yaml-document.ts';
import type { Expansion, Place, SourceFile } from '../../src/types.ts';

type Files = Readonly<Record<string, string>>;
const access = (files: Files) => ({
  has: (path: string) => Object.hasOwn(files, path),
  under: (folder: string) =>
    Object.keys(files)
      .filter((path) => folder === '' || path.startsWith(`${folder}/`))
      .sort(),
  text: (path: string) => files[path],
  derive: <T>(path: string, _kind: string, make: (file: SourceFile) => T): T | undefined =>
    files[path] === undefined ? undefined : make({ path, text: files[path] }),
});
function expand(files: Files): Expansion {
  const all = access(files);
  const parts = kustomizeExpander.roots(all.under(''), all).map((root) => kustomizeExpander.expand(root, all));
  return {
    documents: parts.flatMap(({ documents }) => documents),
    consumed: parts.flatMap(({ consumed }) => consumed),
    notAssessed: parts.flatMap(({ notAssessed }) => notAssessed),
  };
}
// biome-ignore lint/suspicious/noExplicitAny: parsed YAML
type Any = any;
const objects = (files: Files, set?: string): Any[] =>
  expand(files)
    .documents.filter((document) => set === undefined || document.set === set)
    .map(({ text }) => parse(text, { maxAliasCount: -1 }));
const one = (files: Files, kind: string, set?: string): Any => objects(files, set).find((object) => object.kind === kind);

const deployment = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 1
  selector:
    matchLabels: { app: web }
  template:
    metadata:
      labels: { app: web }
    spec:
      containers:
        - name: web
          image: shop/web:1.0
          env:
            - { name: LEVEL, value: info }
            - { name: REGION, value: north }
          envFrom:
            - configMapRef: { name: settings }
        - name: proxy
          image: shop/proxy
`;
const service = `apiVersion: v1
kind: Service
metadata: { name: web }
spec: { selector: { app: web }, ports: [{ port: 80 }] }
`;
const base: Files = {
  'base/kustomization.yaml': 'resources: [web.yaml, service.yaml]\n',
  'base/web.yaml': deployment,
  'base/service.yaml': service,
};
const overlay = (text: string, more: Files = {}): Files => ({
  ...base,
  'prod/kustomization.yaml': `resources: [../base]\n${text}`,
  ...more,
});

/** The places of a value in the overlay's document. */
function placeOf(files: Files, kind: string, ...path: (string | number)[]): Place | undefined {
  const document = expand(files).documents.find(({ text }) => parse(text, { maxAliasCount: -1 }).kind === kind);
  if (!document) return undefined;
  let node: YamlNode | undefined = readYaml(document).documents[0];
  for (const key of path) node = typeof key === 'number' ? (node?.kind === 'list' ? node.items[key] : undefined) : nodeAt(node, key);
  return node?.place;
}
const where = (place: Place | undefined) =>
  place && [
    `${place.path}:${place.line}`,
    ...(place.decidedBy ?? []).map(({ path, line, edit }) => `${path}:${line}${edit ? ' edit' : ''}`),
  ];

describe('layers', () => {
  it('takes folders, files, legacy bases and components in their order', () => {
    const files = overlay('components: [../limits]\nnamePrefix: shop-\n', {
      'limits/kustomization.yaml': 'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\npatches:\n- path: web.yaml\n',
      'limits/web.yaml':
        'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {template: {spec: {containers: [{name: web, resources: {limits: {memory: 1Gi}}}]}}}\n',
    });
    const web = one(files, 'Deployment');
    expect(web.metadata.name).toBe('shop-web');
    expect(web.spec.template.spec.containers[0].resources).toEqual({ limits: { memory: '1Gi' } });
    expect(objects({ ...base, 'old/kustomization.yml': 'bases: [../base]\n' }).map(({ kind }) => kind)).toEqual(['Deployment', 'Service']);
  });

  it('judges overlays, not the bases that they use, and keeps every read file from being judged alone', () => {
    const files = { ...overlay(''), 'stage/kustomization.yaml': 'resources: [../base]\n' };
    const { documents, consumed } = expand(files);
    expect([...new Set(documents.map(({ set }) => set))]).toEqual(['prod', 'stage']);
    expect(documents.map(({ purpose }) => purpose)).toContain('production');
    expect(new Set(consumed)).toEqual(new Set(Object.keys(files)));
  });

  it('judges a base alone where only development uses it', () => {
    const { documents } = expand({ ...base, 'dev/kustomization.yaml': 'resources: [../base]\n' });
    expect(documents.map(({ set, purpose }) => [set, purpose])).toContainEqual(['base', 'unknown']);
  });

  it('says what it does not fetch or run, and what is missing', () => {
    const { notAssessed } = expand({
      'prod/kustomization.yaml':
        'resources:\n- https://example.com/base?ref=v1\n- gone.yaml\n- ../../out.yaml\n- /etc/passwd\nhelmCharts: [{name: redis}]\ntransformers: [x.yaml]\n',
    });
    expect(notAssessed.map(({ reason, place }) => `${reason}:${place?.line}`).sort()).toEqual([
      'link-outside:4',
      'link-outside:5',
      'overlay:2',
      'overlay:3',
      'overlay:6',
      'overlay:7',
    ]);
  });
});

describe('patches', () => {
  it('merges lists by their keys, patched items first, and deletes by directive and null', () => {
    const files = overlay(
      `patches:
- patch: |-
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: web
    spec:
      replicas: null
      template:
        spec:
          containers:
          - name: web
            env:
            - name: REGION
              $patch: delete
            - name: LEVEL
              value: debug
          - name: sidecar
            image: shop/sidecar
`,
    );
    const { replicas, template } = one(files, 'Deployment').spec;
    expect(replicas).toBeUndefined();
    expect(template.spec.containers.map(({ name }: Any) => name)).toEqual(['web', 'sidecar', 'proxy']);
    expect(template.spec.containers[0].env).toEqual([{ name: 'LEVEL', value: 'debug' }]);
  });

  it('replaces and deletes whole objects and lists', () => {
    const patch = (directive: string) =>
      overlay(`patchesStrategicMerge:\n- |-\n  apiVersion: apps/v1\n  kind: Deployment\n  metadata: {name: web}\n${directive}`);
    expect(one(patch('  $patch: delete\n'), 'Deployment')).toBeUndefined();
    const containers = '  spec: {template: {spec: {containers: [{$patch: replace}, {name: only, image: shop/only}]}}}\n';
    expect(one(patch(containers), 'Deployment').spec.template.spec.containers).toEqual([{ name: 'only', image: 'shop/only' }]);
  });

  it('applies JSON 6902 to every object that the target means', () => {
    const files = overlay(
      `patches:
- target: {kind: Deployment, name: w.*}
  patch: |-
    - {op: replace, path: /spec/replicas, value: 4}
    - {op: add, path: /spec/template/spec/containers/1/resources, value: {limits: {cpu: 1}}}
    - {op: add, path: /spec/template/spec/containers/0/env/-, value: {name: MODE, value: fast}}
    - {op: remove, path: /spec/template/spec/containers/0/envFrom}
    - {op: copy, from: /metadata/name, path: /metadata/annotations}
    - {op: test, path: /metadata/name, value: web}
patchesJson6902:
- target: {version: v1, kind: Service, name: web}
  path: port.json
`,
      { 'prod/port.json': '[{"op": "replace", "path": "/spec/ports/0/port", "value": 8080}]' },
    );
    const { replicas, template } = one(files, 'Deployment').spec;
    expect(replicas).toBe(4);
    expect(template.spec.containers[1].resources).toEqual({ limits: { cpu: 1 } });
    expect(template.spec.containers[0].env).toHaveLength(3);
    expect(template.spec.containers[0].envFrom).toBeUndefined();
    expect(one(files, 'Service').spec.ports).toEqual([{ port: 8080 }]);
  });

  it('says when a patch has no target or does not fit', () => {
    const { notAssessed } = expand(
      overlay('patches:\n- path: other.yaml\n- target: {kind: Deployment}\n  patch: |-\n    - {op: remove, path: /spec/gone}\n', {
        'prod/other.yaml': 'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: other}\n',
      }),
    );
    expect(notAssessed.map(({ reason, place }) => `${reason} ${place?.path}:${place?.line}`)).toEqual([
      'patch-without-target prod/other.yaml:1',
      'overlay prod/kustomization.yaml:4',
    ]);
  });
});

describe('transformers', () => {
  it('sets names with their references, namespaces, labels with selectors, annotations', () => {
    const files = overlay(
      `namePrefix: a-
nameSuffix: -z
namespace: shop
commonLabels: {team: green}
labels: [{pairs: {tier: front}}]
commonAnnotations: {owner: me}
configMapGenerator: [{name: settings, literals: [LEVEL=info]}]
`,
    );
    const web = one(files, 'Deployment');
    expect(web.metadata).toEqual({
      name: 'a-web-z',
      namespace: 'shop',
      labels: { tier: 'front', team: 'green' },
      annotations: { owner: 'me' },
    });
    expect(web.spec.selector.matchLabels).toEqual({ app: 'web', team: 'green' });
    expect(web.spec.template.metadata.labels).toEqual({ app: 'web', team: 'green' });
    expect(web.spec.template.spec.containers[0].envFrom).toEqual([{ configMapRef: { name: 'a-settings-z' } }]);
    expect(one(files, 'Service').spec.selector).toEqual({ app: 'web', team: 'green' });
    expect(one(files, 'ConfigMap').data).toEqual({ LEVEL: 'info' });
  });

  it('labels the pods that policies, affinities and spreads mean, where they mean pods by labels', () => {
    const files = {
      'k8s/kustomization.yaml': 'resources: [all.yaml]\ncommonLabels: {team: green}\n',
      'k8s/all.yaml': `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: only-front}
spec:
  podSelector: {matchLabels: {app: web}}
  ingress:
  - from:
    - podSelector: {matchLabels: {app: front}}
    - podSelector: {}
    - namespaceSelector: {matchLabels: {kind: tools}}
  egress:
  - to: [{podSelector: {matchLabels: {app: db}}}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      affinity:
        podAntiAffinity:
          preferredDuringSchedulingIgnoredDuringExecution:
          - weight: 1
            podAffinityTerm: {topologyKey: zone, labelSelector: {matchLabels: {app: web}}}
      topologySpreadConstraints:
      - {maxSkew: 1, labelSelector: {matchLabels: {app: web}}}
      - {maxSkew: 1, labelSelector: {matchExpressions: [{key: app, operator: Exists}]}}
`,
    };
    const { spec } = one(files, 'NetworkPolicy');
    expect(spec.podSelector.matchLabels).toEqual({ app: 'web', team: 'green' });
    expect(spec.ingress[0].from).toEqual([
      { podSelector: { matchLabels: { app: 'front', team: 'green' } } },
      { podSelector: {} },
      { namespaceSelector: { matchLabels: { kind: 'tools' } } },
    ]);
    expect(spec.egress[0].to).toEqual([{ podSelector: { matchLabels: { app: 'db', team: 'green' } } }]);
    const pod = one(files, 'Deployment').spec.template.spec;
    const [near] = pod.affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution;
    expect(near.podAffinityTerm.labelSelector.matchLabels).toEqual({ app: 'web', team: 'green' });
    expect(pod.topologySpreadConstraints).toEqual([
      { maxSkew: 1, labelSelector: { matchLabels: { app: 'web', team: 'green' } } },
      { maxSkew: 1, labelSelector: { matchExpressions: [{ key: 'app', operator: 'Exists' }] } },
    ]);
  });

  it.each([
    ['newTag: "2.0"', 'shop/web:2.0'],
    ['newName: other/web', 'other/web:1.0'],
    ['newName: other/web\n  newTag: v2', 'other/web:v2'],
    ['digest: sha256:abc', 'shop/web@sha256:abc'],
    ['tagSuffix: -slim', 'shop/web:1.0-slim'],
  ])('changes images: %s', (change, image) => {
    const files = overlay(`images:\n- name: shop/web\n  ${change}\nreplicas: [{name: web, count: 5}]\n`);
    expect(one(files, 'Deployment').spec.template.spec.containers[0].image).toBe(image);
    expect(one(files, 'Deployment').spec.replicas).toBe(5);
  });

  it('merges what generators of several layers make, and knows when a file is missing', () => {
    const files: Files = {
      'base/kustomization.yaml': 'configMapGenerator:\n- {name: settings, literals: [LEVEL=info, REGION=north], files: [app.conf]}\n',
      'base/app.conf': 'x',
      'prod/kustomization.yaml':
        'resources: [../base]\nconfigMapGenerator:\n- {name: settings, behavior: merge, literals: [LEVEL=warn]}\nsecretGenerator:\n- {name: keys, envs: [gone.env, .env]}\n',
      'prod/.env': '# names\nTOKEN=abc\n',
    };
    expect(one(files, 'ConfigMap').data).toMatchObject({ LEVEL: 'warn', REGION: 'north' });
    expect(Object.keys(one(files, 'ConfigMap').data)).toContain('app.conf');
    expect(one(files, 'Secret')).toMatchObject({ apiVersion: 'generated.kustomize/v1', stringData: { TOKEN: 'abc' } });
  });

  it('copies values by replacements and vars', () => {
    const files = overlay(
      `replacements:
- source: {kind: Service, name: web, fieldPath: spec.ports.0.port}
  targets:
  - select: {kind: Deployment}
    fieldPaths: ['spec.template.spec.containers.[name=web].env.[name=LEVEL].value']
- source: {kind: Deployment, name: web, fieldPath: metadata.name}
  targets:
  - select: {kind: Deployment}
    fieldPaths: [spec.template.spec.containers.*.image]
    options: {delimiter: ':', index: 1}
vars:
- name: WHERE
  objref: {kind: Service, name: web, apiVersion: v1}
patches:
- target: {kind: Deployment}
  patch: '[{"op": "replace", "path": "/spec/template/spec/containers/0/env/1/value", "value": "http://$(WHERE)"}]'
`,
    );
    const [web, proxy] = one(files, 'Deployment').spec.template.spec.containers;
    expect(web.env).toEqual([
      { name: 'LEVEL', value: 80 },
      { name: 'REGION', value: 'http://web' },
    ]);
    expect([web.image, proxy.image]).toEqual(['shop/web:web', 'shop/proxy:web']);
  });
});

describe('places', () => {
  const patched = overlay(
    `images:
- name: shop/proxy
  newTag: "7"
patches:
- target: {kind: Deployment}
  patch: |-

    - op: add
      path: /spec/template/spec/containers/1/command
      value: [run]
- path: replicas.yaml
`,
    { 'prod/replicas.yaml': 'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  replicas: 3\n' },
  );

  it('names the base, and the line of the patch that decides', () => {
    expect(where(placeOf(patched, 'Deployment', 'spec', 'replicas'))).toEqual(['base/web.yaml:6', 'prod/replicas.yaml:6 edit']);
    const containers = ['spec', 'template', 'spec', 'containers'] as const;
    expect(where(placeOf(patched, 'Deployment', ...containers, 1, 'image'))).toEqual([
      'base/web.yaml:22',
      'prod/kustomization.yaml:4 edit',
    ]);
    expect(where(placeOf(patched, 'Deployment', ...containers, 1, 'command'))).toEqual(['prod/kustomization.yaml:11']);
    expect(where(placeOf(patched, 'Deployment', ...containers, 0, 'image'))).toEqual(['base/web.yaml:15']);
  });
});

describe('targets', () => {
  it.each([
    ['web', 'web', true],
    ['web', 'webs', false],
    ['.*', 'anything', true],
    ['^api-.*-v1$', 'api-x-v1', true],
    ['api|web', 'web', true],
    ['web.+', 'web', false],
    ['a\\.b', 'a.b', true],
    ['a\\.b', 'axb', false],
    ['(x+x+)+y', 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx', false],
    ['.*.*.*.*.*.*.*.*.*.*.*.*x', 'a'.repeat(400), false],
  ])('%s and %s: %s', (pattern, text, expected) => {
    expect(matchesPattern(pattern, text)).toBe(expected);
  });
});

const huge = 'x'.repeat(200_000);
const chain = (length: number): Files =>
  Object.fromEntries(
    Array.from({ length }, (_, index) => [`l${index}/kustomization.yaml`, `resources: [../l${index + 1}, ../l${index + 2}]\n`]),
  );
const hostileFields = [
  'resources: ..',
  'resources: [..]',
  'resources: [.]',
  'resources: [../prod]',
  'resources: {a: b}',
  'resources: [[[]]]',
  'resources: [null, 1, true]',
  'resources: ["\\0", "a\\\\b", "//", "../../../../../../etc/passwd"]',
  'resources: [&a [*a]]',
  'components: [../base, ../base, ../base]',
  'components: [.]',
  'bases: [../base]\nresources: [../base]',
  'namePrefix: [x]',
  `namePrefix: ${huge}`,
  'namePrefix: "</script>\\n---\\nkind: Pod"',
  'namespace: {a: b}',
  'namespace: "a\\nb: c"',
  'commonLabels: [a, b]',
  'commonLabels: {__proto__: x, constructor: y}',
  'labels: [{pairs: 3}]',
  'labels: 3',
  'images: [{name: shop/web}]',
  'images: [{name: shop/web, newTag: {a: b}}]',
  'images: [{newTag: x}]',
  `images: [{name: shop/web, newTag: "${'\\n'.repeat(100)}"}]`,
  'replicas: [{name: web, count: many}]',
  'replicas: {web: 3}',
  'patches: 7',
  'patches: [{}]',
  'patches: [{path: ../../../etc/passwd}]',
  'patches: [{path: /etc/passwd}]',
  'patches: [{path: .}]',
  'patches: [{patch: "- {op: add}"}]',
  'patches: [{target: {kind: "(((("}, patch: "[{op: remove, path: /spec}]"}]',
  'patches: [{target: {kind: ".*"}, patch: "[{op: remove, path: \'\'}]"}]',
  'patches: [{target: {kind: ".*"}, patch: "[{op: replace, path: /metadata, value: 3}]"}]',
  'patches: [{target: {kind: ".*"}, patch: "[{op: replace, path: /kind, value: [1]}]"}]',
  'patches: [{target: {}, patch: "[{op: add, path: /spec/template/spec/containers/999999, value: 1}]"}]',
  'patches: [{target: {}, patch: "[{op: add, path: /__proto__/polluted, value: 1}]"}]',
  'patches: [{target: {}, patch: "[{op: move, from: /spec, path: /spec/spec}]"}]',
  `patches: [{target: {}, patch: "[${'{op: copy, from: /spec, path: /spec/x},'.repeat(60)}]"}]`,
  `patches: [{target: {}, patch: "[${'{op: test},'.repeat(2000)}]"}]`,
  `patches:\n- patch: |-\n    ${'['.repeat(5000)}`,
  `patches:\n- patch: |-\n    a: &a [x]\n    b: &b [*a,*a,*a,*a]\n    c: &c [*b,*b,*b,*b]\n    d: [*c,*c,*c,*c]`,
  'patchesStrategicMerge: ["{", "kind: Deployment\\nspec:\\n  - $patch: replace"]',
  'patchesStrategicMerge: ["apiVersion: apps/v1\\nkind: Deployment\\nmetadata: {name: web}\\n$patch: nonsense"]',
  'patchesJson6902: [{target: {kind: Deployment, name: web}, path: base.yaml}]',
  'configMapGenerator: [{name: web, literals: ["=x", "novalue", "a=b=c"], files: ["=", "../../x"], envs: [.]}]',
  'configMapGenerator: 3',
  'secretGenerator: [{literals: [a=b]}, {name: [x]}]',
  'replacements: [{source: {kind: Nothing}}]',
  'replacements: [{path: ../../x.yaml}, {path: kustomization.yaml}]',
  `replacements: [{source: {kind: Deployment, fieldPath: spec}, targets: [{select: {}, fieldPaths: ["${'a.'.repeat(3000)}b"], options: {create: true}}]}]`,
  'replacements: [{source: {kind: Deployment, fieldPath: spec}, targets: [{select: {kind: Deployment}, fieldPaths: [spec.spec, spec.spec.spec], options: {create: true}}]}]',
  'replacements: [{source: {kind: Service, fieldPath: metadata.name}, targets: [{select: {}, fieldPaths: [metadata.name], options: {delimiter: "", index: -5}}]}]',
  'vars: [{name: A, objref: {kind: Service, name: web}}, {name: "", objref: 3}, 5]',
  `vars: [${'{name: A, objref: {kind: Service, name: web}},'.repeat(500)}]`,
  'helmCharts: {}\ngenerators: [x]',
  'kind: Component',
  '- a\n- b',
  '"',
  '{{ template }}',
  '<<<<<<< HEAD\nresources: []\n>>>>>>> x',
  '',
];

describe('hostile overlays', () => {
  it('are at least fifty', () => {
    expect(hostileFields.length).toBeGreaterThanOrEqual(50);
  });

  it.each(hostileFields.map((text) => [text.slice(0, 70), text]))('%s', (_name, text) => {
    const files = { ...base, 'prod/kustomization.yaml': `${text.startsWith('resources') ? '' : 'resources: [../base]\n'}${text}\n` };
    const { documents, notAssessed } = expand(files);
    expect(documents.length).toBeLessThan(50);
    for (const document of documents) {
      expect(document.text.length).toBeLessThan(5_000_000);
      for (const { path } of placesIn(readYaml(document).documents[0])) expect(Object.hasOwn(files, path)).toBe(true);
    }
    for (const { place } of notAssessed) if (place) expect(Object.hasOwn(files, place.path)).toBe(true);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  it.each([
    ['a cycle', { 'a/kustomization.yaml': 'resources: [../b]\n', 'b/kustomization.yaml': 'resources: [../a]\n' }, 'cycle'],
    ['a component of itself', { 'a/kustomization.yaml': 'components: [../a]\n' }, 'cycle'],
    ['a ladder that doubles', chain(60), 'too-deep'],
  ])('names %s', (_name, files, reason) => {
    expect(expand(files as Files).notAssessed.map((note) => note.reason)).toContain(reason);
  });
});

function placesIn(node: YamlNode | undefined): readonly Place[] {
  if (!node) return [];
  const own = [node.place, ...(node.place.decidedBy ?? [])];
  if (node.kind === 'scalar') return own;
  if (node.kind === 'list') return [...own, ...node.items.flatMap(placesIn)];
  return [...own, ...[...node.entries.values()].flatMap(({ keyPlace, value }) => [keyPlace, ...placesIn(value)])];
}

describe('any overlay', () => {
  const name = fc.constantFrom('web', 'proxy', 'settings', 'x');
  const value = fc.oneof(
    fc.integer({ min: 0, max: 9 }),
    fc.constantFrom('a', 'on', '1.10', '', 'a: b', '"', "it's", '\n', 'ü💡'),
    fc.constant(null),
  );
  const item = fc.record({ name, value, image: value }, { requiredKeys: ['name'] });
  const tree = fc.record(
    { replicas: value, template: fc.record({ spec: fc.record({ containers: fc.array(item, { maxLength: 3 }), extra: value }) }) },
    { requiredKeys: [] },
  );
  const patch = tree.map((spec) => ({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' }, spec }));
  const kustomization = fc.record(
    {
      namePrefix: fc.constantFrom('', 'a-'),
      replicas: fc.array(fc.record({ name, count: value }), { maxLength: 2 }),
      images: fc.array(fc.record({ name: fc.constantFrom('shop/web', 'shop/proxy'), newTag: value }), { maxLength: 2 }),
      commonLabels: fc.dictionary(name, value, { maxKeys: 2 }),
      patches: fc.array(fc.record({ patch: patch.map((object) => JSON.stringify(object, undefined, 1)) }), { maxLength: 3 }),
    },
    { requiredKeys: [] },
  );

  it('has only places within the lines of its files, and reads back as it was built', () => {
    fc.assert(
      fc.property(kustomization, patch, (settings, file) => {
        const files = overlay('', {
          'prod/kustomization.yaml': JSON.stringify(
            { resources: ['../base'], ...settings, patchesStrategicMerge: ['p.yaml'] },
            undefined,
            1,
          ),
          'prod/p.yaml': JSON.stringify(file, undefined, 1),
        });
        for (const document of expand(files).documents) {
          const { documents, notAssessed } = readYaml(document);
          expect(notAssessed).toEqual([]);
          for (const place of placesIn(documents[0])) {
            const lines = files[place.path]!.split('\n');
            expect(place.line).toBeGreaterThanOrEqual(1);
            expect(place.endLine).toBeLessThanOrEqual(lines.length);
            expect(place.endLine).toBeGreaterThanOrEqual(place.line);
          }
        }
      }),
      { numRuns: 200 },
    );
  });

  it('is its base when it says nothing, and twice the same patch is once', () => {
    fc.assert(
      fc.property(patch, (object) => {
        const text = JSON.stringify(object);
        const once = objects(overlay('patchesStrategicMerge: [p.yaml]\n', { 'prod/p.yaml': text }));
        const twice = objects(overlay('patchesStrategicMerge: [p.yaml, q.yaml]\n', { 'prod/p.yaml': text, 'prod/q.yaml': text }));
        expect(twice).toEqual(once);
      }),
      { numRuns: 100 },
    );
    expect(objects(overlay(''))).toEqual(objects(base));
  });
});
