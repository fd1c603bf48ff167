import { describe, expect, it } from 'vitest';
import { booleanOf, nodeAt, numberOf, textOf } from '../../src/text/yaml-access.ts';
import { readYaml } from '../../src/text/yaml-document.ts';

const read = (text: string) => readYaml({ path: 'a.yaml', text });

describe('readYaml', () => {
  it('gives every value its place', () => {
    const { documents, notAssessed } = read('a:\n  b: "x y"\n---\nc: [1, 2]\r\n');
    expect(notAssessed).toEqual([]);
    expect(nodeAt(documents[0], 'a', 'b')).toMatchObject({
      value: 'x y',
      quoted: true,
      place: { path: 'a.yaml', line: 2, column: 6, endLine: 2, endColumn: 11 },
    });
    expect(nodeAt(documents[1], 'c')).toMatchObject({ kind: 'list', place: { line: 4, column: 4, endColumn: 10 } });
  });

  it('merges << with explicit keys first, and keeps the last of duplicate keys', () => {
    const { documents } = read('base: &b {x: 1, y: 2}\none:\n  <<: *b\n  x: 3\ntwo: {<<: [{y: 9}, *b]}\nbase2: 1\nbase2: 2\n');
    expect(numberOf(nodeAt(documents[0], 'one', 'x'))).toBe(3);
    expect(nodeAt(documents[0], 'one', 'y')).toMatchObject({ value: 2, place: { line: 1 } });
    expect(numberOf(nodeAt(documents[0], 'two', 'y'))).toBe(9);
    expect(numberOf(nodeAt(documents[0], 'base2'))).toBe(2);
  });

  it('names a broken document and reads the others', () => {
    const { documents, notAssessed } = read('a: 1\n---\nb: [1\n---\nc: 3\n');
    expect(documents.map((document) => numberOf(nodeAt(document, 'a')) ?? numberOf(nodeAt(document, 'c')))).toEqual([1, 3]);
    expect(notAssessed).toEqual([expect.objectContaining({ reason: 'syntax-error', failed: true })]);
    expect(notAssessed[0]!.place!.line).toBeGreaterThanOrEqual(3);
  });

  it('names merge conflicts', () => {
    const { documents, notAssessed } = read('a: 1\n<<<<<<< HEAD\nb: 1\n=======\nb: 2\n>>>>>>> other\n');
    expect(documents).toEqual([]);
    expect(notAssessed[0]).toMatchObject({ reason: 'syntax-error', place: { line: 2 } });
  });

  it('keeps what is written', () => {
    const { documents } = read('v: 1.10\non: on\nq: "on"\ntagged: !reset null\nempty:\n');
    expect(textOf(nodeAt(documents[0], 'v'))).toBe('1.10');
    expect(booleanOf(nodeAt(documents[0], 'on'))).toBe(true);
    expect(booleanOf(nodeAt(documents[0], 'q'))).toBeUndefined();
    expect(nodeAt(documents[0], 'tagged')).toMatchObject({ tag: '!reset' });
    expect(textOf(nodeAt(documents[0], 'empty'))).toBeUndefined();
  });

  it.each([
    ['flow', '['.repeat(20_000)],
    ['closed flow', '['.repeat(5000) + ']'.repeat(5000)],
    ['block', Array.from({ length: 1500 }, (_, depth) => ' '.repeat(depth) + 'a:\n').join('')],
    ['sequence', '- '.repeat(10_000) + 'x'],
  ])('stops at deep %s nesting', (_, text) => {
    const started = performance.now();
    const { documents, notAssessed } = read(`${text}\n---\nok: 1\n`);
    expect(notAssessed.some(({ reason }) => reason === 'too-deep' || reason === 'syntax-error')).toBe(true);
    expect(documents.length).toBeLessThanOrEqual(1);
    expect(performance.now() - started).toBeLessThan(5000);
  });

  it('stops at an alias bomb and at a cycle', () => {
    const bomb = ['a0: &a0 [x, x]'];
    for (let level = 1; level < 40; level++) bomb.push(`a${level}: &a${level} [*a${level - 1}, *a${level - 1}]`);
    expect(read(bomb.join('\n')).notAssessed[0]).toMatchObject({ reason: 'too-large', failed: true });
    expect(nodeAt(read('a: &a\n  b: *a\n').documents[0], 'a', 'b')).toMatchObject({ value: null });
  });

  it('reads nothing from empty text', () => {
    expect(read('')).toEqual({ documents: [], notAssessed: [] });
    expect(read('# only a comment\n---\n')).toEqual({ documents: [], notAssessed: [] });
  });
});
