/** Bicep and ARM templates that are meant to hurt: they end in bounded time, and what was not read is named. */
import { describe, expect, it } from 'vitest';
import { bicepAdapter } from '../../src/manifests/infrastructure/resource-manager/bicep.ts';
import { containerAppFileAdapter, resourceTemplateAdapter } from '../../src/manifests/infrastructure/resource-manager/template.ts';
import { parseBicep } from '../../src/text/bicep/parse.ts';
import type { Extraction } from '../../src/types.ts';
import { factsOf, liesWithin, placesIn } from './infrastructure.ts';

const many = (count: number, make: (index: number) => string): string => Array.from({ length: count }, (_, index) => make(index)).join('');
const deep = 5_000;
const app = (most: string): string =>
  `resource app 'Microsoft.App/containerApps@2024-03-01' = {\n  name: 'a'\n  properties: { template: { scale: { maxReplicas: ${most} } } }\n}\n`;

function readBicep(files: Readonly<Record<string, string>>): Extraction {
  const paths = Object.keys(files).sort();
  return bicepAdapter.extract({ paths, has: (path) => Object.hasOwn(files, path), text: (path) => files[path] });
}

const refused: readonly (readonly [string, string])[] = [
  ['nested lists', app('['.repeat(deep) + ']'.repeat(deep))],
  ['nested objects', app('{ a: '.repeat(deep) + '1' + ' }'.repeat(deep))],
  ['nested brackets', app('('.repeat(deep) + '1' + ')'.repeat(deep))],
  ['nested calls', app('f('.repeat(deep) + ')'.repeat(deep))],
  ['nested texts', app("'${".repeat(deep) + '1' + "}'".repeat(deep))],
  ['nested conditions', app('a ? '.repeat(deep) + '1' + ' : 2'.repeat(deep))],
  ['nested loops', app('[for a in b: '.repeat(deep) + '1' + ']'.repeat(deep))],
  ['a row of signs', app(`${'!'.repeat(deep)}true`)],
  ['a row of minus signs', app(`${'- '.repeat(deep)}1`)],
  ['an endless chain', app(`a${'.b'.repeat(deep)}`)],
  ['an endless chain of indexes', app(`a${'[0]'.repeat(deep)}`)],
  ['an endless sum', app(`1${' + 1'.repeat(deep)}`)],
  ['a row of functions', app(`f(${'x => '.repeat(deep)}1)`)],
  ['an open text', "var a = 'x\n"],
  ['an open text at the end', "var a = 'x"],
  ['an open hole', "var a = '${x'\n"],
  ['an open text of lines', "var a = '''x\n"],
  ['an open comment', 'var a = 1 /* never ends'],
  ['an open object', 'var a = { b: 1'],
  ['an open list', 'var a = [\n  1\n'],
  ['an open call', 'var a = f(1'],
  ['no value', 'var a =\n'],
  ['no name', 'var = 1\n'],
  ['no operand', 'var a = 1 +\n}\n'],
  ['an object without colons', 'var a = { b 1 }\n'],
  ['a resource without a type', 'resource a = {}\n'],
  ['a resource without a body', "resource a 'b@c'\n"],
  ['a loop without in', 'var a = [for x y: z]\n'],
  ['a condition without brackets', "resource a 'b@c' = if x {}\n"],
  ['a conflict', '<<<<<<< HEAD\nvar a = 1\n=======\nvar a = 2\n>>>>>>> other\n'],
  ['JSON', '{"resources": []}'],
  ['characters without meaning', '\u0000\u0001\u0002 = ??\n'],
  ['a decorator of nothing', '@\nvar a = 1\n'],
];

const readable: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
  ['variables in a circle', { 'a.bicep': `var a = b\nvar b = a\n${app('a')}` }],
  ['an exponential list', { 'a.bicep': `var a0 = ['x', 'x']\n${many(40, (n) => `var a${n + 1} = concat(a${n}, a${n})\n`)}${app('a40')}` }],
  [
    'an exponential text',
    { 'a.bicep': `var a0 = 'xxxxxxxxxx'\n${many(40, (n) => `var a${n + 1} = '\${a${n}}\${a${n}}'\n`)}${app('a40')}` },
  ],
  ['a module of itself', { 'a.bicep': `module a 'a.bicep' = { params: {} }\n${app('1')}` }],
  [
    'modules that branch',
    Object.fromEntries(
      Array.from({ length: 14 }, (_, n) => [
        `m${n}.bicep`,
        `${many(8, (i) => `module x${i} 'm${n + 1}.bicep' = { params: { a: 1 } }\n`)}${app('1')}`,
      ]),
    ),
  ],
  [
    'outputs in a circle',
    { 'a.bicep': `module b 'b.bicep' = { params: { x: b.outputs.x } }\n`, 'b.bicep': 'param x int\noutput x int = x\n' },
  ],
  ['a module out of the repository', { 'a.bicep': "module m '../../../etc/passwd.bicep' = {}\n" }],
  ['a module of a registry', { 'a.bicep': "module m 'br/public:avm/res/app/container-app:0.1.0' = { params: {} }\n" }],
  ['many resources', { 'a.bicep': many(6_000, (n) => app('1').replace('resource app', `resource app${n}`)) }],
  ['names of objects', { 'a.bicep': `var __proto__ = 1\nvar constructor = toString(1)\n${app('constructor')}` }],
  ['indexes out of reach', { 'a.bicep': app('[1][99999999]') }],
  ['an empty file', { 'a.bicep': '' }],
  [
    'types of all kinds',
    { 'a.bicep': `type t = {\n  a: string?\n  *: int\n}\nparam p 'a' | 'b'\n  | 'c' = 'a'\nparam q t[]?\nfunc f(x string) string => x\n` },
  ],
];

describe('Bicep', () => {
  it.each(refused)('refuses %s, and says where', (_, text) => {
    const { notAssessed } = readBicep({ 'main.bicep': text });
    expect(notAssessed.length).toBeGreaterThan(0);
    for (const { place, reason, message } of notAssessed) {
      expect(['syntax-error', 'too-deep']).toContain(reason);
      expect(message.length).toBeLessThan(200);
      expect(liesWithin(place!, { 'main.bicep': text })).toBe(true);
    }
  });
  it.each(readable)('reads %s within bounds', (_, files) => {
    const extraction = readBicep(files);
    expect(extraction.notAssessed).toEqual([]);
    expect(extraction.facts.length).toBeLessThan(10_001);
    expect(placesIn(extraction.facts.slice(0, 50)).filter((place) => !liesWithin(place, files))).toEqual([]);
  });
  it('reads on behind a broken declaration', () => {
    const extraction = readBicep({ 'a.bicep': `var x = [\n\n${app('1')}` });
    expect(factsOf(extraction, 'autoscaler')).toHaveLength(1);
    expect(parseBicep(many(500, () => 'var x = ]\n')).problems).toHaveLength(20);
  });
});

const arm = (most: string): string =>
  `{"parameters": {"a": {"defaultValue": "[parameters('a')]"}}, "variables": {"v": "[variables('v')]"}, "resources": [{"type": "Microsoft.App/containerApps", "name": "a", "properties": {"template": {"scale": {"maxReplicas": ${most}}}}}]}`;
describe('ARM templates', () => {
  it.each([
    ['a parameter of itself', arm(`"[parameters('a')]"`)],
    ['a variable of itself', arm(`"[variables('v')]"`)],
    ['nested calls', arm(`"[${'f('.repeat(deep)}${')'.repeat(deep)}]"`)],
    ['an open expression', arm(`"[concat(]"`)],
    ['a call of a member of objects', arm(`"[constructor('a')]"`)],
    ['resources that are a text', '{"resources": "x"}'],
    ['a resource that is a number', '{"resources": [1, null, {}]}'],
  ])('reads %s within bounds', (_, text) => {
    const extraction = resourceTemplateAdapter.extract({ path: 'x.json', text });
    expect(placesIn(extraction.facts).filter((place) => !liesWithin(place, { 'x.json': text }))).toEqual([]);
    expect(extraction.notAssessed).toEqual([]);
  });
  it('names what cannot be read', () => {
    expect(resourceTemplateAdapter.extract({ path: 'x.json', text: '{' }).notAssessed).toMatchObject([{ failed: true }]);
    expect(resourceTemplateAdapter.extract({ path: 'x.json', text: '['.repeat(deep) }).notAssessed).toMatchObject([{ failed: true }]);
    expect(containerAppFileAdapter.extract({ path: 'x.yaml', text: 'properties: {' }).notAssessed).toMatchObject([{ failed: true }]);
  });
});
