import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scanExports } from '../../src/languages/javascript/scan-exports.ts';
import { summarise } from '../../src/languages/javascript/summarise.ts';
import { filesOf, readProgram } from './harness.ts';

/** What a module exports by its syntax, and what its text is said to export at most. */
const both = (text: string) => {
  const { exports, reExports } = summarise('a.ts', text);
  const real = [...exports.map(({ name }) => name), ...reExports.map(({ as }) => as)].filter((name) => name !== 'default');
  return { real, scanned: scanExports(text) };
};

describe('exports told from the text', () => {
  it.each([
    ['export const a = 1, b = 2;', ['a', 'b']],
    ['export let a: Map<string, number>,\n  b = 2;', ['a', 'b']],
    ['export async function* a() {}', ['a']],
    ['export abstract class A {}', ['A']],
    ['export const enum A { b }', ['A']],
    ['const a = 1;\nconst c = 2;\nexport { a, c as d };', ['a', 'd']],
    ['export function größe() {}', ['größe']],
  ])('names what %s declares', (text, names) => {
    expect(scanExports(text)).toMatchObject({ open: false });
    expect(scanExports(text).names).toEqual(expect.arrayContaining(names));
  });
  it.each(['export type A = { b: string };', 'export interface A { b: string }', 'export default class A {}', 'const a = 1;'])(
    'finds no value in %s',
    (text) => expect(scanExports(text)).toEqual({ names: [], open: false }),
  );
  it.each([
    "export * from './b';",
    'module.exports = { a };',
    'exports.a = 1;',
    'export const { a } = b;',
    'export = a;',
    'export /* b */ const a = 1;',
  ])('leaves %s open', (text) => expect(scanExports(text).open).toBe(true));
  it('misses none that the syntax has', () => {
    const name = fc.constantFrom('a', 'b$', '_c', 'D', 'été', 'type', 'from');
    const gap = fc.constantFrom(' ', '\n', '  ', ' /* x */ ', '\t');
    const statement = fc.oneof(
      fc.tuple(name, name, gap).map(([one, two, space]) => `export const${space}${one} = 1,${space}${two}1 = [2, 3];`),
      fc.tuple(name, gap).map(([one, space]) => `export${space}async function ${one}(x = { y: 1 }) { return x; }`),
      fc.tuple(name, gap).map(([one, space]) => `export class${space}${one} { export = 1; }`),
      fc.tuple(name, name, gap).map(([one, two, space]) => `const ${one}2 = 1;\nexport {${space}${one}2 as ${two}3, };`),
      fc.tuple(name, gap).map(([one, space]) => `export${space}enum ${one} { x = 1 }`),
      fc.tuple(name, gap).map(([one, space]) => `export${space}type ${one} = { export: string };`),
      fc.tuple(name, name, gap).map(([one, two, space]) => `export${space}const {${one}, x: ${two}4} = load();`),
      name.map((one) => `// export const ${one} = 1, b = 2\nconst text${one} = 'export default';`),
      name.map((one) => `export * as ${one}5 from './other';`),
    );
    fc.assert(
      fc.property(fc.array(statement, { maxLength: 5 }), (statements) => {
        const { real, scanned } = both(statements.join('\n'));
        expect(scanned.open ? real : scanned.names).toEqual(expect.arrayContaining(real));
      }),
    );
  });
});

describe('an index of many modules', () => {
  it('asks only those that may have the name', () => {
    const contents = {
      'server.js':
        "import express from 'express';\nimport { port } from './settings/index.js';\nconst app = express();\napp.listen(port);\n",
      'settings/index.js': "export * from './first.js';\nexport * from './second.js';\nexport * from './third.js';\n",
      'settings/first.js': 'export const host = 1;\n',
      'settings/second.js': 'const port = 3001;\nexport { port };\n',
      'settings/third.js': 'export const port2 = 3002;\n',
    };
    const read: string[] = [];
    const inMemory = filesOf(contents);
    const files: typeof inMemory = {
      ...inMemory,
      derive: (path, kind, make) => {
        if (kind.startsWith('javascript-module')) read.push(path);
        return inMemory.derive(path, kind, make);
      },
    };
    const facts = readProgram(contents, ['server.js'], '', files).facts;
    expect(facts.flatMap((fact) => (fact.kind === 'listen' ? [fact.value.port] : []))).toMatchObject([{ value: 3001 }]);
    expect(read).not.toContain('settings/first.js');
    expect(read).toContain('settings/second.js');
  });
});
