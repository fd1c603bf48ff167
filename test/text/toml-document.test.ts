import fc from 'fast-check';
import { parse, stringify } from 'smol-toml';
import { describe, expect, it } from 'vitest';
import { readToml } from '../../src/text/toml-document.ts';
import { nodeAt, textOf } from '../../src/text/yaml-access.ts';
import type { YamlNode } from '../../src/text/yaml-document.ts';

const read = (text: string) => readToml({ path: 'a.toml', text });
const plain = (node: YamlNode): unknown => {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return node.items.map(plain);
  return Object.fromEntries([...node.entries].map(([key, { value }]) => [key, plain(value)]));
};

const sample = `# a comment with [brackets] and "quotes"
name = "shop"   # another
'quoted key' = 'literal \\n'
a.b."c d" = 1_000
list = [
  "x", # first
  'y]',
  { deep = [true, false], text = "a, b }" },
]
long = """
two "lines"
here"""
raw = '''it's [one]'''
at = 2024-01-02T03:04:05Z
[table]
key = 0x10
[table.inner]
on = true
[[row]]
n = 1
[row.sub]
m = 2
[[row]]
n = 3
`;

describe('TOML', () => {
  it('is read as smol-toml reads it', () => {
    const expected = JSON.parse(JSON.stringify(parse(sample)));
    const { at, ...others } = plain(read(sample).root!) as Record<string, unknown>;
    const { at: _, ...same } = expected;
    expect(others).toEqual(same);
    expect(at).toBe('2024-01-02T03:04:05Z');
  });
  it('knows where values stand', () => {
    const { root } = read(sample);
    expect(nodeAt(root, 'name')!.place).toMatchObject({ line: 2, column: 8, endLine: 2, endColumn: 14 });
    expect(nodeAt(root, 'table', 'inner')!.place).toMatchObject({ line: 17, column: 1, endColumn: 14 });
    expect(textOf(nodeAt(root, 'table', 'key'))).toBe('0x10');
  });
  it('agrees with smol-toml on whatever that writes', () => {
    const value = fc.letrec((tie) => ({
      any: fc.oneof({ maxDepth: 3 }, fc.string(), fc.integer({ min: -1e9, max: 1e9 }), fc.boolean(), tie('list'), tie('table')),
      list: fc.array(fc.string(), { maxLength: 4 }),
      table: fc.dictionary(
        fc.string({ minLength: 1 }).filter((key) => key !== '__proto__'),
        tie('any'),
        { maxKeys: 4 },
      ),
    })).table;
    fc.assert(
      fc.property(value, (data) => {
        const text = stringify(data as Record<string, unknown>);
        expect(plain(read(text).root!)).toEqual(JSON.parse(JSON.stringify(parse(text))));
      }),
      { numRuns: 300 },
    );
  });
  it.each([
    ['an open string', 'a = "x'],
    ['an open list', 'a = [1, 2'],
    ['an open table', '[a'],
    ['an open inline table', 'a = { b = 1'],
    ['a key twice', 'a = 1\na = 2\n'],
    ['a table twice', '[a]\n[a]\n'],
    ['no value', 'a =\n'],
    ['no key', '= 1\n'],
    ['two values', 'a = 1 2\n'],
    ['nested lists', `a = ${'['.repeat(5000)}${']'.repeat(5000)}`],
    ['nested tables', `a = ${'{ b = '.repeat(5000)}1${' }'.repeat(5000)}`],
    ['YAML', 'a:\n  - b\n'],
    ['JSON', '{"a": 1}'],
    ['a conflict', '<<<<<<< HEAD\na = 1\n=======\n'],
    ['characters without meaning', '\u0000\u0001 = 1'],
    ['a value that never ends', `a = "${'x'.repeat(600_000)}"`],
  ])('refuses %s with a note', (_, text) => {
    const { root, notAssessed } = read(text);
    expect(root).toBeUndefined();
    expect(notAssessed).toHaveLength(1);
  });
  it('never throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'[]{}="\'.,#\n \\ab1-_'), maxLength: 60 }), (text) => {
        read(text);
      }),
      { numRuns: 3000 },
    );
  });
  it('reads long files in bounded time', () => {
    const many = Array.from({ length: 5_000 }, (_, index) => `[[row]]\nname = "r${index}"\n`).join('');
    const before = process.cpuUsage().user;
    expect(nodeAt(read(many).root, 'row')).toMatchObject({ kind: 'list' });
    expect((process.cpuUsage().user - before) / 1e6).toBeLessThan(5);
  });
});
