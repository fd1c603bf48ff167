/** Infrastructure code that is meant to hurt: it ends in bounded time, and what was not read is named. */
import { describe, expect, it } from 'vitest';
import { cloudFormationAdapter } from '../../src/manifests/infrastructure/cloudformation/index.ts';
import { taskDefinitionAdapter } from '../../src/manifests/infrastructure/task-definition/index.ts';
import { parseHcl } from '../../src/text/hcl/parse.ts';
import { factsOf, liesWithin, placesIn, readTerraform } from './infrastructure.ts';

const group = (min: string): string => `resource "aws_autoscaling_group" "g" {\n  min_size = ${min}\n  max_size = ${min}\n}\n`;
const many = (count: number, make: (index: number) => string): string => Array.from({ length: count }, (_, index) => make(index)).join('');
const deep = 5_000;

/** Refused with a note. */
const refused: readonly (readonly [string, string])[] = [
  ['nested lists', group('['.repeat(deep) + ']'.repeat(deep))],
  ['nested objects', group('{ a = '.repeat(deep) + '1' + ' }'.repeat(deep))],
  ['nested brackets', group('('.repeat(deep) + '1' + ')'.repeat(deep))],
  ['nested calls', group('f('.repeat(deep) + ')'.repeat(deep))],
  ['nested templates', group('"${'.repeat(deep) + '1' + '}"'.repeat(deep))],
  ['nested conditions', group('a ? '.repeat(deep) + '1' + ' : 2'.repeat(deep))],
  ['nested blocks', 'a {\n'.repeat(deep) + '}\n'.repeat(deep)],
  ['nested indexes', group('a' + '[a'.repeat(deep) + ']'.repeat(deep))],
  ['nested comprehensions', group('[for a in '.repeat(deep) + '[]' + ' : a]'.repeat(deep))],
  ['a row of signs', group('!'.repeat(deep) + 'true')],
  ['a row of minus signs', group('- '.repeat(deep) + '1')],
  ['an endless chain', group('a' + '.b'.repeat(deep))],
  ['an endless chain of indexes', group('a' + '[0]'.repeat(deep))],
  ['an open string', 'a = "x\n'],
  ['an open string at the end', 'a = "x'],
  ['an open interpolation', 'a = "${x"\n'],
  ['an open directive', 'a = "%{ if x"\n'],
  ['an open heredoc', 'a = <<EOF\ntext\n'],
  ['a heredoc without a marker', 'a = << \n'],
  ['a heredoc on one line', 'a = <<EOF text EOF\n'],
  ['an open comment', 'a = 1 /* never ends'],
  ['an open block', 'a {\n  b = 1\n'],
  ['an open list', 'a = [1, 2'],
  ['an open object', 'a = { b = 1'],
  ['an open call', 'a = f(1'],
  ['a closing brace', '}\n'],
  ['no value', 'a =\n'],
  ['two values', 'a = 1 2\n'],
  ['no operator', 'a = 1 +\n'],
  ['an object without sign', 'a = { b 1 }\n'],
  ['a comprehension without in', 'a = [for x y : z]\n'],
  ['a comprehension of three names', 'a = [for x, y, z in w : z]\n'],
  ['a conflict', '<<<<<<< HEAD\na = 1\n=======\na = 2\n>>>>>>> other\n'],
  ['an escape beyond Unicode', 'a = "\\UFFFFFFFF"\n'],
  ['a header of many labels', `a ${'"b" '.repeat(50)}{\n}\n`],
  ['JSON', '{"resource": {"a": 1}}'],
  ['YAML', 'resource:\n  - a: 1\n'],
  ['characters without meaning', '\u0000\u0001\u0002 = ??\n'],
  ['a long line of quotes', '"'.repeat(100_001)],
];

/** Read, with bounded work; what it comes to may stay open. */
const readable: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
  ['locals in a circle', { 'a.tf': `locals {\n  a = local.b\n  b = local.a\n}\n${group('local.a')}` }],
  ['a local of itself', { 'a.tf': `locals {\n  a = [local.a, local.a]\n}\n${group('length(local.a)')}` }],
  [
    'an exponential local',
    {
      'a.tf': `locals {\n  a0 = ["x", "x"]\n${many(40, (n) => `  a${n + 1} = concat(local.a${n}, local.a${n})\n`)}}\n${group('length(local.a40)')}`,
    },
  ],
  [
    'an exponential text',
    {
      'a.tf': `locals {\n  a0 = "xxxxxxxxxx"\n${many(40, (n) => `  a${n + 1} = "\${local.a${n}}\${local.a${n}}"\n`)}}\n${group('local.a40')}`,
    },
  ],
  [
    'an exponential map',
    {
      'a.tf': `locals {\n  a0 = { x = 1 }\n${many(30, (n) => `  a${n + 1} = { l = local.a${n}, r = local.a${n} }\n`)}}\n${group('length(jsonencode(local.a30))')}`,
    },
  ],
  [
    'an exponential task',
    {
      'a.tf': `locals {\n  a0 = { x = 1 }\n${many(30, (n) => `  a${n + 1} = { l = local.a${n}, r = local.a${n} }\n`)}}\nresource "aws_launch_template" "l" {\n  user_data = local.a30\n}\nresource "aws_autoscaling_group" "g" {\n  launch_configuration = aws_launch_template.l.id\n  min_size = 1\n  max_size = 1\n}\n`,
    },
  ],
  [
    'a huge count',
    {
      'a.tf': `resource "aws_instance" "x" {\n  count = 1000000000\n}\nmodule "m" {\n  source = "./m"\n  count = 1000000000\n}\n`,
      'm/a.tf': group('1'),
    },
  ],
  ['a huge range', { 'a.tf': `resource "aws_instance" "x" {\n  for_each = toset(range(1000000000))\n}\n` }],
  ['a range without step', { 'a.tf': group('length(range(1, 10, 0))') }],
  ['nested loops', { 'a.tf': `${group('length(flatten([for a in range(500) : [for b in range(500) : [for c in range(500) : c]]]))')}` }],
  ['a module of itself', { 'a.tf': 'module "m" {\n  source = "./"\n}\n' }],
  [
    'modules that branch',
    Object.fromEntries(
      Array.from({ length: 12 }, (_, n) => [
        `m${n}/a.tf`,
        `${many(8, (i) => `module "x${i}" {\n  source = "../m${n + 1}"\n}\n`)}${group('1')}`,
      ]),
    ),
  ],
  [
    'a source out of the repository',
    {
      'a.tf':
        'module "m" {\n  source = "../../../etc"\n}\nresource "aws_ecs_task_definition" "t" {\n  container_definitions = file("../../../../etc/passwd")\n}\n',
    },
  ],
  [
    'a template of itself',
    {
      'a.tf': 'resource "aws_ecs_task_definition" "t" {\n  container_definitions = templatefile("t.tpl", {})\n}\n',
      't.tpl': '${templatefile("t.tpl", {})}',
    },
  ],
  [
    'a file of Terraform as template',
    { 'a.tf': 'resource "aws_ecs_task_definition" "t" {\n  container_definitions = templatefile("a.tf", {})\n}\n' },
  ],
  ['a giant heredoc', { 'a.tf': `resource "aws_instance" "x" {\n  user_data = <<EOF\n${'export A=b $ % ${x} \n'.repeat(20_000)}EOF\n}\n` }],
  [
    'many heredocs of one marker',
    { 'a.tf': many(300, (n) => `resource "aws_instance" "x${n}" {\n  user_data = <<EOF\n${'line\n'.repeat(100)}EOF\n}\n`) },
  ],
  ['many resources', { 'a.tf': many(6_000, (n) => group('1').replace('"g"', `"g${n}"`)) }],
  [
    'names of objects',
    {
      'a.tf': `variable "__proto__" {\n  default = 1\n}\nvariable "constructor" {\n  default = 2\n}\n${group('var.constructor')}resource "constructor" "toString" {}\nlocals {\n  m = { __proto__ = 1 }\n}\n`,
    },
  ],
  ['functions named like members of objects', { 'a.tf': group('toString(1)') + group('constructor(1)').replace('"g"', '"h"') }],
  ['a splat of everything', { 'a.tf': group('length(var.x[*].y[*].z[*])') }],
  ['numbers without end', { 'a.tf': group('9'.repeat(399)) + group('1e99999').replace('"g"', '"h"') }],
  ['a division by nothing', { 'a.tf': group('1 / 0') + group('0 % 0').replace('"g"', '"h"') }],
  ['indexes out of reach', { 'a.tf': group('[1][99999999999]') + group('[1][-1]').replace('"g"', '"h"') }],
  ['an empty file', { 'a.tf': '', 'b.tfvars': '' }],
  [
    'long keys',
    { 'a.tf': `module "m" {\n  source = "./m"\n  for_each = { "${'k"]'.replace('"', '').repeat(5_000)}" = 1 }\n}\n`, 'm/a.tf': group('1') },
  ],
];

describe('Terraform', () => {
  it.each(refused)('refuses %s, and says where', (_, text) => {
    const files = { 'main.tf': text };
    const { notAssessed } = readTerraform(files);
    const failures = notAssessed.filter(({ failed }) => failed);
    expect(failures.length).toBeGreaterThan(0);
    for (const { place, reason, message } of failures) {
      expect(['syntax-error', 'too-deep']).toContain(reason);
      expect(message.length).toBeLessThan(200);
      expect(liesWithin(place!, files)).toBe(true);
    }
  });

  it.each(readable)('reads %s within bounds', (_, files) => {
    const extraction = readTerraform(files);
    expect(extraction.notAssessed.filter(({ reason }) => reason === 'internal-error' || reason === 'syntax-error')).toEqual([]);
    expect(extraction.facts.length).toBeLessThan(10_000);
    expect(placesIn(extraction.facts).filter((place) => !liesWithin(place, files))).toEqual([]);
  });

  it('names every group that it could still read beside a broken file', () => {
    const extraction = readTerraform({ 'a.tf': 'x = [', 'b.tf': `provider "aws" {}\n${group('1')}` });
    expect(factsOf(extraction, 'scaling-group')).toHaveLength(1);
    expect(extraction.notAssessed).toMatchObject([{ place: { path: 'a.tf', line: 1 } }]);
  });

  it('stops at twenty problems of one file', () => {
    expect(parseHcl(many(500, () => 'x = =\n')).problems).toHaveLength(20);
  });
});

const template = (body: string): string =>
  `Resources:\n  G:\n    Type: AWS::AutoScaling::AutoScalingGroup\n    Properties:\n      MinSize: 1\n      MaxSize: ${body}\n`;
describe('CloudFormation', () => {
  it.each([
    ['a reference to itself', template('!Ref G')],
    ['nested functions', template('!Join ["", ['.repeat(80) + ']]'.repeat(80))],
    ['a map that is not there', template('!FindInMap [a, b, c]')],
    ['a map in a circle', `Mappings:\n  M:\n    a:\n      b: !FindInMap [M, a, b]\n${template('!FindInMap [M, a, b]')}`],
    ['functions without arguments', template('!Select []')],
    ['functions of the wrong kind', template('!GetAtt {a: b}')],
    ['an open substitution', template('!Sub "${"')],
    ['a substitution of much', template(`!Sub "${'${G.X}'.repeat(10_000)}"`)],
    ['tags named like members of objects', template('!constructor [1]')],
    ['resources that are no map', 'Resources: [a, b]\n'],
    ['a resource that is a text', 'Resources: {G: "Type: AWS::X::Y"}\n'],
    ['an alias bomb', `a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n${template('*c')}`],
  ])('reads %s within bounds', (_, text) => {
    const files = { 'x.yaml': text };
    const extraction = cloudFormationAdapter.extract({ path: 'x.yaml', text });
    expect(placesIn(extraction.facts).filter((place) => !liesWithin(place, files))).toEqual([]);
    expect(extraction.notAssessed.filter(({ failed }) => failed)).toEqual([]);
  });

  it('names what is no YAML', () => {
    const { notAssessed } = cloudFormationAdapter.extract({ path: 'x.yaml', text: 'Resources: {' });
    expect(notAssessed).toMatchObject([{ reason: 'syntax-error', failed: true, place: { path: 'x.yaml' } }]);
  });
});

describe('task definitions', () => {
  it.each(['{', '[]', '{"containerDefinitions": 1', `{"containerDefinitions": ${'['.repeat(5_000)}`])('names %j', (text) => {
    const { notAssessed } = taskDefinitionAdapter.extract({ path: 'task-definition.json', text });
    expect(notAssessed).toMatchObject([{ reason: 'syntax-error', failed: true }]);
  });
});
