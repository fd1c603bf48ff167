import { describe, expect, it } from 'vitest';
import { touchesPlace } from '../../src/action/changed-lines.ts';
import { readTouchedLines } from '../../src/action/patch.ts';

describe('the lines that a patch touches', () => {
  it.each([
    ['added', '@@ -1,2 +1,4 @@\n a\n+b\n+c\n d', [{ from: 2, to: 3 }]],
    ['replaced', '@@ -5,3 +5,3 @@ function x() {\n a\n-b\n+c\n d', [{ from: 5, to: 6 }]],
    ['removed: the lines around', '@@ -8,4 +8,3 @@\n a\n-b\n c\n d', [{ from: 8, to: 9 }]],
    ['removed at the start', '@@ -1,2 +1 @@\n-a\n b', [{ from: 1, to: 1 }]],
    [
      'several hunks',
      '@@ -1 +1,2 @@\n+x\n a\n@@ -10 +11,2 @@\n a\n+y',
      [
        { from: 1, to: 1 },
        { from: 12, to: 12 },
      ],
    ],
    [
      'no line end at the end of the file',
      '@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+b\n\\ No newline at end of file',
      [{ from: 1, to: 1 }],
    ],
    ['lines that look like a head', '@@ -1 +1,2 @@\n a\n+@@ -9 +9 @@', [{ from: 2, to: 2 }]],
    ['nothing', '', []],
  ])('%s', (_, patch, ranges) => {
    expect(readTouchedLines(patch)).toEqual(ranges);
  });
});

describe('a place', () => {
  const at = (line: number, endLine = line) => ({ path: 'a.js', line, column: 1, endLine, endColumn: 5 });
  const changed = new Map<string, readonly { from: number; to: number }[] | 'all'>([
    ['a.js', [{ from: 3, to: 4 }]],
    ['b.bin', 'all'],
  ]);

  it.each([
    [at(2), false],
    [at(3), true],
    [at(4), true],
    [at(5), false],
    [at(1, 3), true],
    [{ ...at(3), path: 'other.js' }, false],
    [{ ...at(99), path: 'b.bin' }, true],
  ])('%j: %s', (place, touched) => {
    expect(touchesPlace(changed, place)).toBe(touched);
  });
});
