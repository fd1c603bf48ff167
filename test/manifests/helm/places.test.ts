import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cellOfPieces, indentPieces, slicePieces } from '../../../src/manifests/helm/output.ts';
import { kubernetesAdapter } from '../../../src/manifests/kubernetes/adapter.ts';
import { LineMap } from '../../../src/text/positions.ts';
import type { Fact, Place } from '../../../src/types.ts';
import { chartOf, expand, type Files, metadata, render } from './chart.ts';

const deployment = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Values.name }}
spec:
  replicas: {{ .Values.replicas }}
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers:
        - name: web
          image: "{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}"
          resources:
            {{- toYaml .Values.resources | nindent 12 }}
`;
const values = `name: web
replicas: 1
image:
  repository: shop/web
  tag: latest
resources:
  limits:
    memory: 64Mi
`;
const workloadsOf = (files: Files): readonly Fact<'workload'>[] =>
  expand(files).documents.flatMap((document) =>
    kubernetesAdapter.extract(document).facts.filter((fact): fact is Fact<'workload'> => fact.kind === 'workload'),
  );
const describePlace = (place: Place | undefined): string =>
  place
    ? `${place.path}:${place.line} <- ${(place.decidedBy ?? []).map(({ path, line, key, edit }) => `${path}:${line} ${key}${edit ? '!' : ''}`).join(', ')}`
    : 'nowhere';

describe('a place in rendered text', () => {
  const [workload] = workloadsOf(chartOf(deployment, values));
  const container = workload!.value.containers[0]!;
  it.each([
    ['a value', workload!.value.replicas?.place, 'templates/a.yaml:6 <- values.yaml:2 replicas!'],
    ['a name, which stands for the whole', workload!.value.namePlace, 'templates/a.yaml:4 <- '],
    ['text of the template', container.namePlace, 'templates/a.yaml:12 <- '],
    ['two values', container.image?.place, 'templates/a.yaml:13 <- values.yaml:4 image.repository, values.yaml:5 image.tag!'],
    [
      'a value inside of a printed map',
      container.resources.memoryLimit?.place,
      'templates/a.yaml:15 <- values.yaml:8 resources.limits.memory!',
    ],
    ['the key of a printed map', container.resources.place, 'templates/a.yaml:14 <- values.yaml:6 resources!'],
  ])('names the template and the values: %s', (_, place, expected) => {
    expect(describePlace(place)).toBe(expected);
  });

  it('names the chart where its version stands in', () => {
    const [other] = workloadsOf(chartOf(deployment, values.replace('tag: latest', 'tag: ""')));
    expect(describePlace(other!.value.containers[0]!.image?.place)).toContain('Chart.yaml:4 appVersion!');
  });

  it('names the values file that won', () => {
    const files = chartOf(deployment, values, { 'values-eu.yaml': 'replicas: 3\n' });
    expect(workloadsOf(files).map(({ value }) => describePlace(value.replicas?.place))).toEqual([
      'templates/a.yaml:6 <- values.yaml:2 replicas!',
      'templates/a.yaml:6 <- values-eu.yaml:1 replicas!',
    ]);
  });

  it('is that of the included template where it prints several lines', () => {
    const helper = '{{ define "pod" }}\n- name: web\n  image: shop/web:1\n{{ end }}';
    const template = deployment.replace(/ {8}- name: web[\s\S]*/, '        {{- include "pod" . | nindent 8 }}\n');
    const [other] = workloadsOf(chartOf(template, values, { 'templates/_pod.tpl': helper }));
    expect(describePlace(other!.value.containers[0]!.image?.place)).toBe('templates/_pod.tpl:3 <- ');
  });
});

describe('sets of values', () => {
  const purposes = (files: Files) => expand(files).documents.map(({ set, purpose }) => `${set} ${purpose}`);
  it('are one document where nothing differs', () => {
    expect(purposes(chartOf('kind: A\n', '', { 'values-prod.yaml': 'x: 1\n' }))).toEqual(['undefined production']);
  });
  it('make the defaults a base where production has values of its own', () => {
    const more = { 'values-prod.yaml': 'x: 1\n', 'values-dev.yaml': 'x: 2\n', 'ci/full-values.yaml': 'x: 3\n' };
    expect(purposes(chartOf('kind: A{{ .Values.x }}\n', 'x: 0', more))).toEqual([
      'undefined production',
      'values.yaml development',
      'values-dev.yaml development',
    ]);
  });
  it('are told apart where they differ', () => {
    const more = { 'values-eu.yaml': 'x: 1\n' };
    expect(purposes(chartOf('kind: A{{ .Values.x }}\n', 'x: 0', more))).toEqual(['values.yaml unknown', 'values-eu.yaml unknown']);
  });
});

describe('sets that the configuration names', () => {
  const more = { 'values-a.yaml': 'x: 1\n', 'values-b.yaml': 'x: 2\ny: 2\n', 'env/live.yaml': 'y: 3\n' };
  const files = chartOf('kind: A{{ .Values.x }}{{ .Values.y }}\n', 'x: 0\ny: 0\n', more);
  const texts = (sets: Readonly<Record<string, readonly string[]>>) =>
    expand(files, 'Chart.yaml', sets).documents.map(({ text, set, purpose }) => `${text.trim()} ${set} ${purpose}`);

  it('take the place of those that names of files tell; the last file wins', () => {
    expect(texts({ prod: ['values.yaml', 'values-b.yaml', 'values-a.yaml', 'env/live.yaml'], dev: ['values.yaml'] })).toEqual([
      'kind: A13 undefined production',
      'kind: A00 dev development',
    ]);
  });
  it('are not those of a chart that has none of their files', () => {
    expect(texts({ prod: ['../other/values-prod.yaml'], eu: ['../../out.yaml'] })).toEqual(texts({}));
  });
  it('say which of their files are not there', () => {
    const { notAssessed, consumed } = expand(files, 'Chart.yaml', { prod: ['env/live.yaml', 'env/more.yaml'] });
    expect(notAssessed.map(({ reason }) => reason)).toEqual(['missing-values']);
    expect(consumed).toContain('env/live.yaml');
  });
});

describe('pieces', () => {
  const pieces = fc.array(fc.record({ text: fc.constantFrom('a', 'b\n', '\n', 'cd\ne', '  ', '') }), { maxLength: 12 });
  it('make the same text as without them, when cut or indented', () => {
    fc.assert(
      fc.property(pieces, fc.nat(20), fc.nat(20), fc.nat(4), (given, start, size, spaces) => {
        const text = given.map((piece) => piece.text).join('');
        expect(cellOfPieces(slicePieces(given, start, start + size)).value).toBe(text.slice(start, start + size));
        const margin = ' '.repeat(spaces);
        expect(cellOfPieces(indentPieces(given, spaces)).value).toBe(margin + text.replaceAll('\n', `\n${margin}`));
      }),
    );
  });

  const part = fc.constantFrom(
    'text\n',
    '{{ .Values.a }}',
    'k: {{ .Values.b.c | quote }}\n',
    '{{ toYaml .Values.b | nindent 2 }}',
    '{{- range .Values.l }}\n- {{ . | upper }}\n{{- end }}',
    '{{ include "h" . | indent 3 }}',
    '{{ tpl .Values.t . | trim }}',
    '{{ unheard }}',
    '{{ printf "%s-%v" .Values.a .Values.l }}',
    '{{ if .Values.b }}yes{{ else }}no{{ end }}',
  );
  const sources: Files = {
    'Chart.yaml': metadata,
    'values.yaml': 'a: x\nb: {c: y, d: [1, {e: f}]}\nl: [p, q]\nt: "{{ .Values.a }}\\nz"\n',
    'templates/_h.tpl': '{{ define "h" }}one\ntwo: {{ .Values.a }}\n{{ end }}',
  };
  it('all stand inside of their source', () => {
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), fc.nat(60), fc.nat(30), (parts, start, size) => {
        const files: Files = { ...sources, 'templates/a.yaml': parts.join('') };
        for (const { text, pieces: made } of render(files).files) {
          expect(made.map((piece) => piece.text).join('')).toBe(text);
          for (const { site, text: own } of made) {
            if (!site) continue;
            expect(site.start).toBeGreaterThanOrEqual(0);
            expect(site.end).toBeLessThanOrEqual(site.source.text.length);
            if (site.literal) expect(site.source.text.slice(site.start, site.end)).toBe(own);
          }
        }
        for (const { places } of expand(files).documents) {
          const place = places.place(start, start + size);
          for (const one of [place, ...(place.decidedBy ?? [])]) {
            const lines = new LineMap(one.path, files[one.path]!);
            expect(one.endLine).toBeLessThanOrEqual(lines.lineCount);
            expect(one.endLine > one.line || (one.endLine === one.line && one.endColumn >= one.column)).toBe(true);
            expect(one.column).toBeLessThanOrEqual(lines.line(one.line).length + 1);
          }
        }
      }),
      { numRuns: 150 },
    );
  });
});

describe('an empty value', () => {
  it.each([
    '{{- with .Values.resources }}\n          resources: {{- toYaml . | nindent 12 }}\n          {{- end }}',
    'resources: {{- toYaml .Values.resources | nindent 12 }}',
  ])('is named where the choice is left open: %s', (asked) => {
    const template = `${deployment.slice(0, deployment.indexOf('resources:'))}${asked}\n`;
    const { documents } = expand(chartOf(template, values.replace(/resources:[\s\S]*/, 'resources: {}\n')));
    const { notAssessed } = kubernetesAdapter.extract(documents[0]!);
    expect(notAssessed.map(({ reason, place }) => [reason, place?.path, place?.line])).toEqual([['chart-value', 'values.yaml', 6]]);
  });
});

describe('a password among other values', () => {
  const secretOf = (template: string) => {
    const files = chartOf(
      `apiVersion: v1\nkind: Secret\nmetadata: {name: a}\nstringData:\n${template}`,
      'user: u\npass: s3cr3t-w0rd\nhost: h\n',
    );
    const facts = expand(files).documents.flatMap((document) => kubernetesAdapter.extract(document).facts);
    const source = facts.find((fact): fact is Fact<'config-source'> => fact.kind === 'config-source')!;
    return describePlace(source.value.entries[0]!.place);
  };
  it.each([
    [
      'a connection string',
      '  url: {{ printf "%s:%s@%s" .Values.user .Values.pass .Values.host }}\n',
      'templates/a.yaml:5 <- values.yaml:2 pass!',
    ],
    ['a file', '  app.ini: |\n    host={{ .Values.host }}\n    password={{ .Values.pass }}\n', 'templates/a.yaml:5 <- values.yaml:2 pass!'],
    ['a file that holds none', '  app.ini: |\n    host={{ .Values.host }}\n', 'templates/a.yaml:5 <- '],
  ])('decides %s', (_, template, expected) => {
    expect(secretOf(template)).toBe(expected);
  });
});

describe('what decides a value although it is not printed', () => {
  const strategyOf = (template: string, given: string, more: Files = {}) =>
    describePlace(
      workloadsOf(chartOf(deployment.replace('spec:\n', `spec:\n${template}`), values + given, more))[0]!.value.strategy?.type.place,
    );
  it('is the value that a condition compares with the word', () => {
    const template = '  strategy:\n    {{- if eq .Values.how "Recreate" }}\n    type: Recreate\n    {{- end }}\n';
    expect(strategyOf(template, 'how: Recreate\n')).toBe('templates/a.yaml:8 <- values.yaml:9 how!');
  });
  it('is found through `fromYaml` of a template', () => {
    const helper = '{{ define "all" }}{{ toYaml .Values.all }}{{ end }}';
    const template = '  {{- $all := include "all" . | fromYaml }}\n  strategy: {type: {{ $all.kind }}}\n';
    expect(strategyOf(template, 'all:\n  kind: Recreate\n', { 'templates/_all.tpl': helper })).toBe(
      'templates/a.yaml:7 <- values.yaml:10 all.kind!',
    );
  });
});
