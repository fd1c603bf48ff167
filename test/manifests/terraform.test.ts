/** What Terraform comes to: variables, modules, conditions, places of what decided. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { factsOf, liesWithin, placesIn, readTerraform } from './infrastructure.ts';

const group = (min: string, max: string, more = ''): string =>
  `resource "aws_autoscaling_group" "web" {\n  min_size = ${min}\n  max_size = ${max}\n${more}}\n`;
const applied = 'provider "aws" {}\n';
/** Minimum and maximum of the only group: known values, or `?`. */
function range(files: Readonly<Record<string, string>>): readonly unknown[] {
  const [found] = factsOf(readTerraform(files), 'scaling-group');
  const show = (setting: { known: boolean; value?: unknown } | undefined) => (setting?.known ? setting.value : '?');
  return [show(found?.value.min), show(found?.value.max)];
}

describe('values', () => {
  it.each([
    ['numbers and texts', '1', '"4"', [1, 4]],
    ['arithmetic', '1 + 2 * 2', '10 / 2', [5, 5]],
    ['a condition', 'true ? 2 : 9', 'false ? 2 : 9', [2, 9]],
    ['alternatives that agree', 'var.x ? 3 : 3', '3', [3, 3]],
    ['alternatives that differ', 'var.x ? 3 : 4', '5', ['?', 5]],
    ['functions', 'max(1, 3)', 'length(["a", "b"])', [3, 2]],
    ['a map', '{ a = 2 }["a"]', 'lookup({ a = 2 }, "b", 7)', [2, 7]],
    ['a comprehension', 'length([for x in [1, 2, 3] : x if x > 1])', '9', [2, 9]],
    ['old interpolation', '"${1 + 1}"', '"${"4"}"', [2, 4]],
    ['unknown functions', 'tonumber(timestamp())', '2', ['?', 2]],
    ['references', 'aws_x.y.size', '2', ['?', 2]],
    ['locals', 'local.size', 'local.twice', [2, 4]],
  ])('%s', (_, min, max, expected) => {
    const locals = 'locals {\n  size  = 2\n  twice = local.size * 2\n}\nvariable "x" {}\n';
    expect(range({ 'main.tf': applied + locals + group(min, max) })).toEqual(expected);
  });

  it('take variable files over defaults, and are open where files for choice differ', () => {
    const main = `${applied}variable "n" {\n  default = 1\n}\n${group('var.n', '9')}`;
    expect(range({ 'main.tf': main })).toEqual([1, 9]);
    expect(range({ 'main.tf': main, 'terraform.tfvars': 'n = 4\n' })).toEqual([4, 9]);
    expect(range({ 'main.tf': main, 'env/production.tfvars': 'n = 5\n' })).toEqual([5, 9]);
    expect(range({ 'main.tf': main, 'env/production.tfvars': 'n = 5\n', 'env/staging.tfvars': 'n = 2\n' })).toEqual(['?', 9]);
    expect(range({ 'main.tf': main, 'dev.tfvars': 'n = 5\n' })).toEqual([1, 9]);
  });

  it('of a module that nobody here calls are what callers set', () => {
    const main = `variable "n" {\n  default = 1\n}\n${group('var.n', '9')}`;
    expect(range({ 'main.tf': main })).toEqual(['?', 9]);
  });
});

describe('modules', () => {
  const files = {
    'main.tf': `${applied}variable "most" {\n  default = 3\n}\nmodule "web" {\n  source = "./modules/web"\n  most   = var.most\n}\n`,
    'modules/web/main.tf': `variable "most" {}\n${group('3', 'var.most')}`,
  };
  it('name the argument and the default that decide', () => {
    const [found] = factsOf(readTerraform(files), 'scaling-group');
    const { max, namePlace } = found!.value;
    expect(max).toMatchObject({ known: true, value: 3, place: { path: 'modules/web/main.tf', line: 4 } });
    expect(max!.place.decidedBy).toMatchObject([
      { path: 'main.tf', line: 7 },
      { path: 'main.tf', line: 3 },
    ]);
    expect(namePlace.decidedBy).toMatchObject([{ path: 'main.tf', line: 5 }]);
  });
  it('are told apart by `for_each`', () => {
    const each = {
      ...files,
      'main.tf': `${applied}module "web" {\n  for_each = { a = 3, b = 7 }\n  source = "./modules/web"\n  most = each.value\n}\n`,
    };
    expect(factsOf(readTerraform(each), 'scaling-group').map(({ value }) => value.max?.known && value.max.value)).toEqual([3, 7]);
  });
  it('of others are said', () => {
    const { notAssessed } = readTerraform({ 'main.tf': 'module "x" {\n  source = "acme/x/aws"\n}\n' });
    expect(notAssessed).toMatchObject([{ reason: 'external-module', failed: false, place: { line: 1 } }]);
  });
  it('that call each other end', () => {
    const circle = {
      'a/main.tf': 'module "b" {\n  source = "../b"\n}\n',
      'b/main.tf': `module "a" {\n  source = "../a"\n}\n${group('1', '1')}`,
    };
    expect(factsOf(readTerraform(circle), 'scaling-group').length).toBeGreaterThan(0);
  });
});

describe('container definitions', () => {
  const service = 'resource "aws_ecs_service" "s" {\n  task_definition = aws_ecs_task_definition.t.arn\n}\n';
  const task = (definitions: string) => `resource "aws_ecs_task_definition" "t" {\n  container_definitions = ${definitions}\n}\n${service}`;
  const json = '[{ "name": "api", "image": "${image}", "memory": ${memory}, "environment": [{ "name": "A", "value": "1" }] }]';
  it.each([
    [
      'jsonencode',
      { 'main.tf': task('jsonencode([{ name = "api", image = "x:1", memory = 64, environment = [{ name = "A", value = "1" }] }])') },
    ],
    ['a heredoc', { 'main.tf': task(`<<EOF\n${json.replace('${image}', '${"x:1"}').replace('${memory}', '${64}')}\nEOF`) }],
    ['a template file', { 'main.tf': task('templatefile("${path.module}/t.json", { image = "x:1", memory = 64 })'), 't.json': json }],
    [
      'a template of old',
      {
        'main.tf': `data "template_file" "t" {\n  template = file("t.json")\n  vars = {\n    image = "x:1"\n    memory = 64\n  }\n}\n${task('data.template_file.t.rendered')}`,
        't.json': json,
      },
    ],
  ] as readonly [string, Record<string, string>][])('are read from %s', (_, files) => {
    const extraction = readTerraform(files);
    const [container] = factsOf(extraction, 'workload')[0]!.value.containers;
    expect(container).toMatchObject({
      name: 'api',
      image: { known: true, value: 'x:1' },
      resources: { memoryLimit: { value: 64 * 1024 * 1024 } },
      env: [{ name: 'A', value: { known: true, value: '1' } }],
    });
    expect(placesIn(extraction.facts).filter((place) => !liesWithin(place, files))).toEqual([]);
  });
});

const word = fc.constantFrom('a', 'count', 'x_1', 'resource', 'variable', 'each', 'local', 'var', 'module', 'aws_autoscaling_group');
const expression = fc.letrec<{ any: string }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 4 },
    fc.integer({ min: -5, max: 99 }).map(String),
    fc.string({ maxLength: 8 }).map((text) => JSON.stringify(text.replace(/[$%\\]/g, '')).replace(/\\u/g, 'u')),
    word.map((name) => `var.${name}`),
    word.map((name) => `local.${name}`),
    fc.tuple(tie('any'), tie('any')).map(([a, b]) => `[${a}, ${b}]`),
    fc.tuple(word, tie('any')).map(([key, value]) => `{ ${key} = ${value} }`),
    fc.tuple(tie('any'), tie('any'), tie('any')).map(([a, b, c]) => `(${a} ? ${b} : ${c})`),
    tie('any').map((value) => `jsonencode(${value})`),
    fc.tuple(tie('any'), fc.constantFrom('+', '==', '&&', '<')).map(([value, operator]) => `${value} ${operator} 1`),
  ),
})).any;
const program = fc
  .array(fc.tuple(word, expression, expression), { minLength: 1, maxLength: 4 })
  .map((rows) =>
    rows
      .map(
        ([name, a, b], index) =>
          `variable "${name}" {\n  default = ${a}\n}\nlocals {\n  ${name} = ${b}\n}\n${group(a, b).replace('"web"', `"g${index}"`)}`,
      )
      .join('\n'),
  );

describe('reading', () => {
  it('gives places in the file, whatever stands there', () => {
    fc.assert(
      fc.property(program, (text) => {
        const files = { 'main.tf': applied + text };
        const extraction = readTerraform(files);
        expect(extraction.notAssessed.filter(({ failed }) => failed)).toEqual([]);
        expect(placesIn(extraction.facts).filter((place) => !liesWithin(place, files))).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  it('never throws, and names broken text by file and line', () => {
    const pieces = fc.constantFrom(
      '{',
      '}',
      '"',
      '${',
      '%{',
      '[',
      ']',
      '(',
      ')',
      '<<EOF',
      '\nEOF\n',
      '=',
      '\n',
      'resource',
      '"aws_ecs_service"',
      'x',
      '/*',
      '#',
      '?',
      ':',
      '\\',
      '.',
      '*',
      ',',
      '1e',
      'for',
      '😀',
      '\u0000',
      '\r',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 60 }), (parts) => {
        const files = { 'main.tf': parts.join(''), 'x.tfvars': parts.toReversed().join(' ') };
        const extraction = readTerraform(files);
        expect(extraction.notAssessed.every(({ place }) => place !== undefined && liesWithin(place, files))).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('goes on after a broken block', () => {
    const extraction = readTerraform({ 'main.tf': `${applied}resource "aws_x" "y" {\n  a = = 1\n}\n\n${group('1', '1')}` });
    expect(factsOf(extraction, 'scaling-group')).toHaveLength(1);
    expect(extraction.notAssessed).toMatchObject([{ reason: 'syntax-error', failed: true, place: { path: 'main.tf', line: 3 } }]);
  });
});
