/** Whatever a file of a repository holds: parsers of manifests end, never throw, and point into the file. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dotnetSettingsAdapter } from '../../src/manifests/dotnet-settings/index.ts';
import { cloudFormationAdapter } from '../../src/manifests/infrastructure/cloudformation/index.ts';
import { taskDefinitionAdapter } from '../../src/manifests/infrastructure/task-definition/index.ts';
import { keyFileAdapter } from '../../src/manifests/key-file/index.ts';
import { kubernetesAdapter } from '../../src/manifests/kubernetes/adapter.ts';
import type { Adapter, Extraction } from '../../src/types.ts';
import { chartOf, expand } from './helm/chart.ts';
import { liesWithin, placesIn, readTerraform } from './infrastructure.ts';

/** Texts of the words that a format is made of, and of anything. */
const textOf = (words: readonly string[]): fc.Arbitrary<string> =>
  fc
    .array(fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...words) }, fc.string({ maxLength: 6 })), { maxLength: 40 })
    .map((parts) => parts.join(''));
const check = (text: fc.Arbitrary<string>, judge: (text: string) => void): void =>
  fc.assert(fc.property(text, judge), { numRuns: 250, interruptAfterTimeLimit: 20_000 });

const reads = (adapter: Adapter, path: string) => (text: string) => pointsInto(adapter.extract({ path, text }), { [path]: text });

function pointsInto({ facts, notAssessed }: Pick<Extraction, 'facts' | 'notAssessed'>, files: Readonly<Record<string, string>>): void {
  for (const place of placesIn([facts, notAssessed])) expect([place, liesWithin(place, files)]).toEqual([place, true]);
}

const json = [
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '"Password"',
  '"ConnectionStrings"',
  '"Server=db;Password=aB3dE"',
  '"containerDefinitions"',
  '"name"',
  '// x\n',
  '1',
  'null',
  '\n',
];
const hcl = [
  'resource "aws_ecs_service" "a" ',
  '{\n',
  '}\n',
  '[',
  ']',
  '(',
  ')',
  'a',
  '.b',
  ' = ',
  '"',
  '${',
  '}',
  '%{ if ',
  '%{ endif }',
  '<<EOF\n',
  'EOF\n',
  'for ',
  ' in ',
  ' : ',
  ' ? ',
  ', ',
  '\n',
  '# ',
  '1',
  'var.x',
  'locals ',
];
const yaml = [
  'kind: Deployment\n',
  'apiVersion: apps/v1\n',
  'spec:\n',
  '  containers:\n',
  '  - name: a\n',
  '    image: b\n',
  '    env: ',
  '{',
  '}',
  '[',
  ']',
  '&a ',
  '*a',
  '<<: ',
  '!Ref ',
  '!Sub ',
  '---\n',
  '|\n',
  ': ',
  '- ',
  '"',
  "'",
  '\n',
  '  ',
  'Resources:\n',
  'Type: AWS::ECS::Service\n',
];
const template = [
  '{{ ',
  ' }}',
  '{{- ',
  ' -}}',
  'if ',
  'range ',
  'with ',
  'end',
  'else',
  'define "a"',
  'template "a" .',
  'include "a" .',
  '.Values',
  '.a',
  '$x := ',
  '$x',
  ' | ',
  'toYaml ',
  'nindent 2 ',
  'default "b" ',
  'printf "%s" ',
  '(',
  ')',
  '"',
  '`',
  '/* ',
  ' */',
  '\n',
  'kind: Deployment\n',
  'spec:\n',
];
const xml = [
  '<configuration>',
  '</configuration>',
  '<add name="a" connectionString="Server=x;Password=aB3dE" />',
  '<',
  '>',
  '</',
  '/>',
  '="',
  '"',
  '&amp;',
  '&x;',
  '<!--',
  '-->',
  '<![CDATA[',
  ']]>',
  '<key id="a">',
  '<masterKey>',
];

describe('any text', () => {
  it('as settings of .NET', () => check(textOf(json), reads(dotnetSettingsAdapter, 'appsettings.json')));
  it('as configuration of .NET Framework', () => check(textOf(xml), reads(dotnetSettingsAdapter, 'Web.config')));
  it('as a key', () => check(textOf(['-----BEGIN ', 'RSA ', 'PRIVATE KEY-----', '\n', 'AA==', ...xml]), reads(keyFileAdapter, 'a.key')));
  it('as a task definition', () => check(textOf(json), reads(taskDefinitionAdapter, 'task-definition.json')));
  it('as CloudFormation', () => check(textOf(yaml), reads(cloudFormationAdapter, 'stack.yaml')));
  it('as a manifest of Kubernetes', () => check(textOf(yaml), reads(kubernetesAdapter, 'web.yaml')));
  it('as Terraform', () => check(textOf(hcl), (text) => pointsInto(readTerraform({ 'main.tf': text }), { 'main.tf': text })));
  it('as a template of a chart', () =>
    check(textOf(template), (text) => {
      const files = chartOf(text, 'a: {b: 1}\n');
      const { documents, notAssessed } = expand(files);
      pointsInto({ facts: [], notAssessed }, files);
      for (const { text: rendered, places } of documents) {
        expect(rendered.length).toBeLessThan(100_000);
        expect(liesWithin(places.place(0, rendered.length), files)).toBe(true);
      }
    }));
  it('as values of a chart', () =>
    check(textOf(yaml), (text) => {
      const files = chartOf('{{ toYaml .Values }}\n', text);
      pointsInto({ facts: [], notAssessed: expand(files).notAssessed }, files);
    }));
});

const deep = (open: string, close: string): string => open.repeat(20_000) + close.repeat(20_000);
const hostile: Readonly<Record<string, readonly [Adapter, string, string]>> = Object.fromEntries(
  (
    [
      ['nested objects', deep('{"a":', '}')],
      ['nested lists', deep('[', ']')],
      ['an open object', '{"a": '],
      ['an open string', '{"a": "'],
      ['nothing', ''],
      ['a number', '1'],
      ['a NUL', '{"a": "\u0000"}'],
      ['a long text', `{"Password": "${'a1'.repeat(200_000)}"}`],
      ['many members', `{${'"Password":"aB3dE",'.repeat(5_000)}"a":1}`],
      ['a long key', `{"${'Password'.repeat(5_000)}": "aB3dE"}`],
      ['a row of semicolons', `{"ConnectionStrings": {"a": "${'Password='.repeat(3_000)};Server="}}`],
      ['a key of the prototype', '{"__proto__": {"Password": "aB3dE"}, "constructor": "x"}'],
      ['nested elements', deep('<a>', '</a>')],
      ['entities that grow', '<!DOCTYPE a [<!ENTITY b "xxxxxxxxxx"><!ENTITY c "&b;&b;&b;&b;">]><a>&c;</a>'],
      ['a file of the machine', '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a><add key="Password" value="&b;"/></a>'],
      ['many attributes', `<a ${Array.from({ length: 5_000 }, (_, index) => `a${index}="1"`).join(' ')}/>`],
      ['two roots', '<a/><b/>'],
      ['an open element', '<a><b>'],
      ['a long name', `<${'a'.repeat(100_000)}/>`],
      ['many keys', '-----BEGIN PRIVATE KEY-----\n'.repeat(20_000)],
      ['a marker without end', `-----BEGIN ${'RSA '.repeat(50_000)}`],
      ['a master key without end', `<masterKey ${'a'.repeat(100_000)}`],
    ] as const
  ).flatMap(([name, text]) => [
    [`${name} as JSON`, [dotnetSettingsAdapter, 'appsettings.json', text]],
    [`${name} as XML`, [dotnetSettingsAdapter, 'App.config', text]],
    [`${name} as a key`, [keyFileAdapter, 'tls.pem', text]],
  ]),
);

describe('hostile settings and keys', () => {
  it.each(Object.entries(hostile))('%s', (_, [adapter, path, text]) => {
    const started = process.cpuUsage().user;
    const extraction = adapter.extract({ path, text });
    expect(process.cpuUsage().user - started).toBeLessThan(2_000_000);
    expect(JSON.stringify(extraction)).not.toMatch(/aB3dE|root:/);
    for (const place of placesIn(extraction)) expect(place.path).toBe(path);
  });
});
