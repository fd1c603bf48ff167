import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addFingerprints, type Surroundings } from '../../src/findings/fingerprints.ts';
import type { RawFinding } from '../../src/rules/run-rules.ts';
import { makeFinding, placeAt } from './make-finding.ts';

const noSecrets = { secrets: () => [] };
const inFiles = (files: Readonly<Record<string, string>>): Surroundings => ({ ...noSecrets, text: (path) => files[path] });
const prints = (findings: readonly RawFinding[], surroundings: Surroundings = inFiles({})) =>
  addFingerprints(findings, surroundings).map(({ fingerprint }) => fingerprint);

describe('fingerprints', () => {
  it('hold what was found, not where or how it is said', () => {
    const [print] = prints([makeFinding()]);
    expect(print).toMatch(/^[0-9a-f]{32}$/);
    expect(prints([makeFinding({ place: placeAt('moved.js', 99), level: 'error', text: 'other words' })])).toEqual([print]);
    const others = [makeFinding({ subject: 'x' }), makeFinding({ service: 'api' }), makeFinding({ rule: 'r' })];
    expect(new Set([print, ...others.flatMap((one) => prints([one]))]).size).toBe(4);
  });

  const twice = `function first() {
  use(memory, 1);
}
function second() {
  use(memory, 1);
}
`;
  const at = (text: string, path = 'a.js') =>
    text.split('\n').flatMap((line, index) => (line.includes('memory') ? [makeFinding({ place: placeAt(path, index + 1) })] : []));

  it('of equal findings are told apart by the block around them, not by their order', () => {
    const before = prints(at(twice), inFiles({ 'a.js': twice }));
    expect(new Set(before).size).toBe(2);
    const inserted = `function zeroth() {\n  use(memory, 1);\n}\n${twice}`;
    const after = prints(at(inserted), inFiles({ 'a.js': inserted }));
    expect(after.slice(1)).toEqual(before);
    expect(before).not.toContain(after[0]);
  });
  it('of equal findings are told apart by the end of their path, also in a folder that was renamed', () => {
    const both = (folder: string, names: readonly string[]) => {
      const files = Object.fromEntries(names.map((name) => [`${folder}/${name}`, 'use(memory);\n']));
      return prints(
        names.map((name) => makeFinding({ place: placeAt(`${folder}/${name}`, 1) })),
        inFiles(files),
      );
    };
    const before = both('src', ['m.js', 'z.js']);
    expect(both('lib', ['a.js', 'm.js', 'z.js']).slice(1)).toEqual(before);
  });
  it('of findings that nothing tells apart are counted', () => {
    const text = 'use(memory);\nuse(memory);\n';
    expect(new Set(prints(at(text), inFiles({ 'a.js': text }))).size).toBe(2);
  });
  it('do not hold secrets that stand beside the finding', () => {
    const withSecret = (secret: string) => {
      const text = `use(memory, '${secret}');\nuse(memory, 2);\n`;
      const secrets = () => [{ path: 'a.js', line: 1, column: 13, endLine: 1, endColumn: 15 + secret.length }];
      return prints(at(text), { text: () => text, secrets });
    };
    expect(withSecret('correct horse')).toEqual(withSecret('another one'));
  });

  const statement = fc.constantFrom('use(memory, 1);', 'use(memory, 2);', "use('memory', 3);");
  const block = fc.record({ name: fc.constantFrom('a', 'b', 'c', 'd'), statements: fc.array(statement, { minLength: 1, maxLength: 3 }) });
  const render = (blocks: readonly { name: string; statements: readonly string[] }[], gaps: readonly number[], indent: string): string => {
    let turn = 0;
    const gap = () =>
      '\n'.repeat((gaps[turn++ % gaps.length] ?? 0) % 4) + ((gaps[turn % gaps.length] ?? 0) % 3 === 1 ? `${indent}// why\n` : '');
    return blocks
      .map(({ name, statements }) => `${gap()}function ${name}() {\n${statements.map((one) => `${gap()}${indent}${one}\n`).join('')}}\n`)
      .join('');
  };
  it('stay when blank lines and comments are inserted, when the indent changes and when the file is renamed', () => {
    fc.assert(
      fc.property(fc.array(block, { minLength: 1, maxLength: 5 }), fc.array(fc.nat(11), { minLength: 1, maxLength: 9 }), (blocks, gaps) => {
        const plain = render(blocks, [0], '  ');
        const changed = render(blocks, gaps, '\t');
        expect(prints(at(changed, 'lib/renamed.js'), inFiles({ 'lib/renamed.js': changed }))).toEqual(
          prints(at(plain), inFiles({ 'a.js': plain })),
        );
      }),
    );
  });
  it('are never given twice', () => {
    fc.assert(
      fc.property(fc.array(block, { minLength: 1, maxLength: 5 }), (blocks) => {
        const text = render(blocks, [0], '  ');
        const all = prints(at(text), inFiles({ 'a.js': text }));
        expect(new Set(all).size).toBe(all.length);
      }),
    );
  });
});
