import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeTouches, selectChanged } from '../../src/findings/changed.ts';
import { findTouchedLines, isTouched } from '../../src/findings/touched-lines.ts';
import type { Finding } from '../../src/types.ts';
import { makePrinted, placeAt } from './make-finding.ts';

const touched = (before: string, after: string) => {
  const lines = findTouchedLines(before, after);
  return lines === 'all' ? lines : [...lines].sort((a, b) => a - b);
};

describe('touched lines', () => {
  it.each([
    ['a\nb\nc', 'a\nb\nc', []],
    ['a\nb\nc', 'a\nB\nc', [2]],
    ['a\nb\nc', 'a\nx\ny\nb\nc', [2, 3]],
    ['a\nb\nc', 'a\nc', [1, 2]],
    ['a\nb\nc', 'a\nb', [2]],
    ['a\nb\nc', 'b\nc', [1]],
    ['a', '', []],
    ['', 'a\nb', [1, 2]],
    ['a\r\nb\r\n', 'a\nb\n', []],
    ['a\nb\nc\nd', 'a\nX\nd', [2]],
  ])('from %j to %j are %j', (before, after, expected) => {
    expect(touched(before, after)).toEqual(expected);
  });
  it('are all lines when the texts have too little in common', () => {
    const lines = (name: string) => Array.from({ length: 5000 }, (_, index) => `${name}${index}`).join('\n');
    expect(touched(lines('a'), lines('b'))).toBe('all');
  });

  const line = fc.constantFrom('a', 'b', 'c', 'd', '');
  const text = fc.array(line, { maxLength: 12 }).map((lines) => lines.join('\n'));
  it('hold every line that is not in the text of before', () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        const lines = findTouchedLines(before, after);
        const old = new Set(before.split('\n'));
        after.split('\n').forEach((one, index) => {
          if (one !== '' && !old.has(one)) expect(isTouched(lines, placeAt('f', index + 1))).toBe(true);
        });
      }),
    );
  });
  it('are exactly the inserted ones when lines are only inserted', () => {
    fc.assert(
      fc.property(
        fc.array(line, { maxLength: 12 }),
        fc.nat(12),
        fc.array(fc.constantFrom('x', 'y'), { minLength: 1, maxLength: 4 }),
        (lines, at, added) => {
          const start = Math.min(at, lines.length);
          const after = [...lines.slice(0, start), ...added, ...lines.slice(start)];
          expect(touched(`${lines.join('\n')}\n`, `${after.join('\n')}\n`)).toEqual(
            lines.length ? added.map((_, index) => start + index + 1) : expect.anything(),
          );
        },
      ),
    );
  });
});

const paths = ['a.js', 'b.yaml', 'new.js', 'old.js'];
const place = fc
  .record({ path: fc.constantFrom(...paths), line: fc.integer({ min: 1, max: 8 }), height: fc.nat(2) })
  .map(({ path, line, height }) => placeAt(path, line, line + height));
const finding: fc.Arbitrary<Finding> = fc
  .record({
    place,
    related: fc.array(fc.record({ place, message: fc.constant('there') }), { maxLength: 3 }),
    status: fc.constantFrom('new', 'unchanged', undefined),
  })
  .map((over) => makePrinted(over));
const fileText = fc.array(fc.constantFrom('1', '2', '3'), { minLength: 1, maxLength: 8 }).map((lines) => lines.join('\n'));

describe('what a change concerns', () => {
  it('is every finding with a touched place, every new one, and no other', () => {
    fc.assert(
      fc.property(
        fc.array(finding, { maxLength: 6 }),
        fc.dictionary(fc.constantFrom(...paths), fileText),
        fc.dictionary(fc.constantFrom(...paths), fileText),
        (all, before, after) => {
          const touches = makeTouches({ before: (path) => before[path], after: (path) => after[path] });
          const shown = selectChanged(all, touches);
          const expected = all.filter(
            (one) => touches(one.place) || one.related.some((other) => touches(other.place)) || one.status === 'new',
          );
          expect(shown.length).toBe(expected.length);
          shown.forEach((one, index) => {
            const places = (of: Finding) => [of.place, ...of.related.map((other) => other.place)].map((at) => JSON.stringify(at)).sort();
            expect(places(one)).toEqual(places(expected[index]!));
            if (expected[index]!.status !== 'new') expect(touches(one.place)).toBe(true);
          });
        },
      ),
    );
  });

  const touches = makeTouches({
    before: (path) => ({ 'server.js': 'one\ntwo\n', 'deployment.yaml': 'kind: x\nreplicas: 1\n' })[path],
    after: (path) => ({ 'server.js': 'one\ntwo\n', 'deployment.yaml': 'kind: x\nreplicas: 3\n', 'new.js': 'x\n' })[path],
  });
  it('moves to the manifest line that makes old code wrong, with the code beside it', () => {
    const cause = { place: placeAt('deployment.yaml', 2), message: 'three copies' };
    const old = makePrinted({
      place: placeAt('server.js', 2),
      related: [{ place: placeAt('deployment.yaml', 1), message: 'kind' }, cause],
    });
    expect(selectChanged([old], touches)).toEqual([
      {
        ...old,
        place: cause.place,
        related: [
          { place: old.place, message: 'the changed line concerns this' },
          { place: placeAt('deployment.yaml', 1), message: 'kind' },
        ],
      },
    ]);
  });
  it('is the whole of a new file', () => {
    expect(selectChanged([makePrinted({ place: placeAt('new.js', 1) })], touches).length).toBe(1);
  });
});
