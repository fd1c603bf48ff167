import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { chartOf, failuresOf, readFolder, render, renderText } from './chart.ts';

const charts = `${import.meta.dirname}/charts`;
const objects = (text: string): unknown[] =>
  parseAllDocuments(text, { version: '1.1' })
    .map((document) => document.toJS())
    .filter(Boolean);
const sorted = (values: readonly unknown[]): string[] => values.map((value) => JSON.stringify(value)).sort();

describe('a chart with everything in it', () => {
  it('comes out as `helm template` recorded it', () => {
    const { files, failures } = render(readFolder(`${charts}/shop`));
    expect(failures).toEqual([]);
    const ours = files.flatMap(({ text }) => objects(text));
    expect(sorted(ours)).toEqual(sorted(objects(readFileSync(`${charts}/shop.rendered.yaml`, 'utf8'))));
  });
});

describe('templates of a chart', () => {
  it('run from the deepest to the highest and from the last name to the first, and come out by name', () => {
    const files = chartOf('{{ .Values.last }} {{ include "who" . }}', 'last: none', {
      'templates/z.yaml': '{{ define "who" }}z{{ end }}{{ .Values.last }}{{ $_ := set .Values "last" "z" }}',
      'templates/b/c.yaml': '{{ .Values.last }}{{ $_ := set .Values "last" "c" }}',
      'templates/_a.tpl': '{{ define "who" }}a{{ end }}',
    });
    const found = new Map(render(files).files.map(({ source, text }) => [source.name.split('/').at(-1), text]));
    expect(found.get('c.yaml')).toBe('none');
    expect(found.get('z.yaml')).toBe('c');
    // Helm 3.17 says the same of this chart.
    expect([...found.values()]).toContain('z a');
  });
});

describe('values', () => {
  it.each([
    ['merge maps, key by key', 'a: {x: 1, y: 2}', 'a: {y: 3}', '{"x":1,"y":3}'],
    ['replace lists', 'a: [1, 2]', 'a: [3]', '[3]'],
    ['lose keys that are null', 'a: {x: 1, y: 2}', 'a: {x: null}', '{"y":2}'],
    ['lose whole maps that are null', 'a: {x: 1}', 'a: null', 'null'],
  ])('%s', (_, defaults, given, expected) => {
    expect(render(chartOf('{{ .Values.a | toJson }}', defaults), given).files[0]?.text).toBe(expected);
  });

  it('reach charts below, globals too, and come back by import-values', () => {
    const files = chartOf('{{ .Values.from }}', 'sub: {size: 2}\nglobal: {zone: z}', {
      'Chart.yaml': 'apiVersion: v2\nname: web\nversion: 1.0.0\ndependencies:\n  - {name: sub, version: 1.0.0, import-values: [out]}\n',
      'charts/sub/Chart.yaml': 'apiVersion: v2\nname: sub\nversion: 1.0.0\n',
      'charts/sub/values.yaml': 'size: 1\nexports: {out: {from: below}}\n',
      'charts/sub/templates/b.yaml': '{{ .Values.size }}{{ .Values.global.zone }}',
    });
    expect(render(files).files.map(({ text }) => text)).toEqual(['2z', 'below']);
  });

  it.each([
    ['condition: sub.active', 'sub: {active: false}', 0],
    ['condition: sub.active', 'sub: {active: true}', 1],
    ['condition: sub.active', '', 1],
    ['tags: [extra]', 'tags: {extra: false}', 0],
    ['tags: [extra], condition: sub.active', 'tags: {extra: false}\nsub: {active: true}', 1],
    ['alias: other, condition: other.active', 'other: {active: false}', 0],
  ])('decide whether a chart below runs: %s with %s', (how, values, count) => {
    const files = chartOf('', values, {
      'Chart.yaml': `apiVersion: v2\nname: web\nversion: 1.0.0\ndependencies:\n  - {name: sub, version: 1.x.x, ${how}}\n`,
      'charts/sub/Chart.yaml': 'apiVersion: v2\nname: sub\nversion: 1.0.0\n',
      'charts/sub/templates/b.yaml': 'kind: Sub',
    });
    expect(render(files).files.filter(({ text }) => text === 'kind: Sub')).toHaveLength(count);
  });
});

describe('what Go prints for nil', () => {
  const helper = { 'templates/_h.tpl': '{{ define "h" }}{{ .Values.none }}{{ end }}' };
  it.each([
    ['a: {{ .Values.none }}', 'a: '],
    ['a: {{ include "h" . | quote }}', 'a: ""'],
    ['a: {{ if include "h" . }}yes{{ end }}', 'a: yes'],
    ['a: {{ include "h" . | len }}', 'a: 10'],
    ['a: {{ tpl "{{ .Values.none }}" . | len }}', 'a: 0'],
  ])('is there until the end: %s', (template, expected) => {
    expect(renderText(template, '', helper)).toBe(expected);
  });
});

describe('what Helm would stop at', () => {
  it.each([
    ['a: {{ required "say a" .Values.a }}', 'a value is required: say a'],
    ['a: {{ fail "no" }}', 'the chart refuses these values: no'],
    ['a: {{ unheard .Values.a }}', 'the function `unheard` is not known'],
    ['a: {{ .Values.a.b }}', 'nil pointer evaluating interface {}.b'],
    ['a: {{ include "none" . }}', 'no template "none" is defined'],
    ['a: {{ eq 1 .Values.n }}', 'incompatible types for comparison'],
    ['a: {{ index .Values.list 9 }}', 'index out of range: 9'],
  ])('is noted: %s', (template, message) => {
    expect(failuresOf(template, 'n: 1\nlist: [1]')).toEqual([message]);
    expect(renderText(`${template}\nb: 1\n`, 'n: 1\nlist: [1]')).toBe('a: ${unknown}\nb: 1\n');
  });

  it('leaves nothing where a whole block fails', () => {
    expect(renderText('a: 1\n  {{- unheard . | nindent 2 }}\n{{ unheard . }}\nb: 2\n')).toBe('a: 1\n\nb: 2\n');
  });
});
