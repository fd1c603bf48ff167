import { describe, expect, it } from 'vitest';
import { chartOf, expand, type Files, metadata } from './chart.ts';

const deep = (open: string, close: string, times: number): string => open.repeat(times) + close.repeat(times);
const define = (name: string, body: string): string => `{{ define "${name}" }}${body}{{ end }}`;

/** Each costs little and is named, or comes out as the nothing that it is. */
const templates: Readonly<Record<string, string>> = {
  'a template that includes itself': `${define('a', '{{ include "a" . }}')}{{ include "a" . }}`,
  'two that include each other': `${define('a', '{{ template "b" . }}')}${define('b', '{{ template "a" . }}')}{{ template "a" . }}`,
  'a template that includes itself twice': `${define('a', '{{ include "a" . }}{{ include "a" . }}')}{{ include "a" . }}`,
  'tpl of itself': '{{ $t := "{{ tpl .t . }}" }}{{ tpl $t (dict "t" $t) }}',
  'an endless range': '{{ range until 1000000000 }}x{{ end }}',
  'ranges in ranges': `${'{{ range until 1000 }}'.repeat(6)}x${'{{ end }}'.repeat(6)}`,
  'a step of zero': '{{ untilStep 0 10 0 }}',
  'a backward step': '{{ untilStep 10 -1000000000 -1 }}',
  'a long sequence': '{{ seq 1 1000000000 }}',
  'a repeated text': '{{ repeat 1000000000 "x" }}',
  'a text that doubles': `{{ $x := "xxxxxxxx" }}${'{{ $x = print $x $x }}'.repeat(40)}{{ $x }}`,
  'a list that doubles': `{{ $x := list 1 2 }}${'{{ $x = concat $x $x }}'.repeat(40)}{{ len $x }}`,
  'indent without end': '{{ indent 1000000000 "x" }}',
  'a wide number': '{{ printf "%1000000000d" 1 }}',
  'many decimals': '{{ printf "%.1000000000f" 1.0 }}',
  'a missing verb': '{{ printf "%" }}',
  'a verb without arguments': '{{ printf "%s %d %v" }}',
  'deep blocks': `${'{{ if true }}'.repeat(5000)}x${'{{ end }}'.repeat(5000)}`,
  'deep parentheses': `{{ ${deep('(', ')', 5000)} }}`,
  'deep else if': `{{ if false }}${'{{ else if false }}'.repeat(5000)}{{ end }}`,
  'a long pipeline': `{{ 1 ${'| print '.repeat(20000)}}}`,
  'a long chain': `{{ .Values${'.a'.repeat(20000)} }}`,
  'a huge number': `{{ ${'9'.repeat(5000)} }}`,
  'an exponent': '{{ 1e999999999 }}',
  'a bad number': '{{ 12abc }}',
  'an unclosed action': 'a: {{ .Values.a',
  'an unclosed comment': '{{/* never',
  'an unclosed text': '{{ "never }}',
  'an unclosed raw text': '{{ `never }}',
  'an unclosed character': "{{ 'a }}",
  'an unclosed block': '{{ if true }}x',
  'an end too many': 'x{{ end }}',
  'else without if': '{{ else }}',
  'break outside of a loop': '{{ break }}',
  'an empty action': '{{ }}',
  'an empty pipe': '{{ 1 | }}',
  'an argument of a number': '{{ 1 2 }}',
  'an unknown variable': '{{ $never }}',
  'a bad escape': '{{ "\\q" }}',
  'a character beyond Unicode': '{{ "\\UFFFFFFFF" }}',
  'division by zero': '{{ div 1 0 }}{{ mod 1 0 }}',
  'an overflow': '{{ mul 9223372036854775807 9223372036854775807 }}',
  'a pattern that would backtrack': '{{ regexMatch "(a+)+$" (repeat 30000 "a" | printf "%s!") }}',
  'a pattern that is none': '{{ regexFind "((((" "x" }}',
  'a pattern with a huge count': '{{ regexMatch "(a{1000}){1000}" "a" }}',
  'a map inside of itself': '{{ $m := dict }}{{ $_ := set $m "m" $m }}{{ toYaml $m }}{{ toJson $m }}',
  'a copy of a map inside of itself':
    '{{ $m := dict }}{{ $_ := set $m "m" $m }}{{ deepCopy $m | len }}{{ merge (dict "m" (dict)) $m | len }}',
  'names of the prototype':
    '{{ .Values.__proto__ }}{{ .Values.constructor }}{{ constructor }}{{ toString }}{{ dict "__proto__" 1 | toJson }}',
  'a semantic version that is none': '{{ semverCompare "~~1" "x.y" }}',
  'a long constraint': `{{ semverCompare "${'>=1 || '.repeat(2000)}" "1.0.0" }}`,
  'YAML that grows':
    '{{ fromYaml "a: &a [x,x,x,x,x,x,x,x]\\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b]\\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c]\\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d]\\nf: [*e,*e,*e,*e,*e,*e,*e,*e]" | toJson | len }}',
  'deep JSON': `{{ fromJson ${JSON.stringify(deep('[', ']', 5000))} }}`,
  'a glob of stars': `{{ .Files.Glob "${'*a'.repeat(200)}" | len }}`,
  'a glob of braces': `{{ .Files.Glob "${'{a,b,c,d}'.repeat(40)}" | len }}`,
  'a path out of the chart': '{{ .Files.Get "../../../etc/passwd" }}{{ .Files.Get "/etc/passwd" }}',
  'the environment': '{{ env "HOME" }}{{ expandenv "$HOME" }}',
  'NUL and marks': '{{ "\\x00" }}\u0000\uE0F0\uFEFF',
  'only delimiters': '{{{{}}}}',
  'many blocks that are left out': '{{ if .Values.none.b }}\nkey:{{ end }}'.repeat(20_000).replace('none.b', 'a'),
  'blocks that are left out in each turn': `a:\n{{ range until 30000 }}{{ with $.Values.empty }}\n  key: x{{ end }}{{ end }}\n  b: 1`,
  'blanks after what is left out': `a:\n  b: 1{{ range until 3000 }}{{ with $.Values.empty }}\n  key: x{{ end }}{{ end }}{{ repeat 3000000 " " }}`,
};

describe('hostile templates', () => {
  it.each(Object.entries(templates))('%s', (_, template) => {
    const expansion = expand(chartOf(`${template}\n`, 'a: 1\nempty: {}', { 'templates/b.yaml': 'kind: Beside\n' }));
    expect(expansion.documents.some(({ text }) => text === 'kind: Beside\n')).toBe(true);
    for (const { text } of expansion.documents) expect(text.length).toBeLessThan(5_000_000);
    for (const { reason, place, message } of expansion.notAssessed) {
      expect([reason, place?.path]).toEqual(['template', 'templates/a.yaml']);
      expect(message.length).toBeLessThan(400);
    }
  });

  it('hold no file of the machine', () => {
    const { documents } = expand(chartOf(templates['a path out of the chart']! + templates['the environment']!));
    expect(documents.map(({ text }) => text).join('')).not.toMatch(/root:|home/i);
  });
});

const charts: Readonly<Record<string, Files>> = {
  'metadata that is no map': { 'Chart.yaml': '- a\n' },
  'metadata without a name': { 'Chart.yaml': 'version: 1\n' },
  'metadata that is no YAML': { 'Chart.yaml': 'a: [\n' },
  'values that are a list': { 'Chart.yaml': metadata, 'values.yaml': '[1]' },
  'values that are no YAML': { 'Chart.yaml': metadata, 'values.yaml': '{{ }}:' },
  'values nested too deeply': { 'Chart.yaml': metadata, 'values.yaml': 'a: '.concat(deep('[', ']', 3000)) },
  'a chart that depends on itself': { 'Chart.yaml': `${metadata}dependencies:\n  - {name: web, version: 1.0.0, repository: "file://."}\n` },
  'a dependency outside of the repository': {
    'Chart.yaml': `${metadata}dependencies:\n  - {name: x, version: 1.0.0, repository: "file://../../../etc"}\n`,
  },
  'dependencies that are no list': { 'Chart.yaml': `${metadata}dependencies: {a: b}\n` },
  'a circle of charts': {
    'Chart.yaml': `${metadata}dependencies:\n  - {name: b, version: 1.0.0, repository: "file://b"}\n`,
    'b/Chart.yaml': 'apiVersion: v2\nname: b\nversion: 1.0.0\ndependencies:\n  - {name: web, version: 1.0.0, repository: "file://.."}\n',
  },
  'import-values of nothing': {
    'Chart.yaml': `${metadata}dependencies:\n  - {name: b, version: 1.0.0, import-values: [x, {child: a.b, parent: ${'p.'.repeat(500)}q}, 7]}\n`,
  },
  'globals that are no map': {
    'Chart.yaml': metadata,
    'values.yaml': 'global: [1]',
    'charts/b/Chart.yaml': 'apiVersion: v2\nname: b\nversion: 1.0.0\n',
    'charts/b/values.yaml': 'global: x',
  },
  'many values files': {
    'Chart.yaml': metadata,
    ...Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`values-${index}.yaml`, `a: ${index}\n`])),
  },
};

describe('hostile charts', () => {
  it.each(Object.entries(charts))('%s', (_, files) => {
    const { documents, notAssessed } = expand({ ...files, 'templates/a.yaml': 'kind: A{{ .Values.a }}\n' });
    expect(documents.length).toBeLessThan(20);
    for (const { message } of notAssessed) expect(message.length).toBeLessThan(400);
  });
});
