/** The quick reader of plain YAML gives what the library gives, or refuses. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPlainYaml } from '../../src/text/plain-yaml.ts';
import { LineMap } from '../../src/text/positions.ts';
import { readAnyYaml } from '../../src/text/yaml-document.ts';
import type { LeftOutKey, PlaceMap } from '../../src/types.ts';

/** Places that tell also for which range a map was asked what it lacks. */
function placesOf(text: string): PlaceMap {
  const lines = new LineMap('a.yaml', text);
  const place = (start: number, end: number) => lines.place(start, end);
  return {
    place,
    leftOut: (start, end) => new Map<string, LeftOutKey>([[`${start}-${end}`, { place: place(start, end), isEmpty: false }]]),
  };
}
const plain = (text: string) => readPlainYaml(text, placesOf(text));
const any = (text: string) => readAnyYaml({ path: 'a.yaml', text }, placesOf(text));

const same: Readonly<Record<string, string>> = {
  'maps and lists': 'a:\n  b: 1\n  c:\n  - x\n  - y: true\n    z: ~\nd: null\n',
  'comments at every depth': '# top\na: # here\n  b: 1 # there\n  # inside\n# outside\nc:\n  - 1\n  # item\n  - 2\n\n# end\n',
  'a comment deeper than the value': 'a:\n  b: 1\n\n     # deeper\nc: 2\n',
  'a comment that stays inside': 'a:\n  b:\n    c: 1\n  # of a\n\nd: 2\n',
  'values that are not there': 'a:   \n  # none\nb:\n\n  # nor here\nc:\n',
  'block scalars': 'a: |\n  one\n   two\n\n  three\n\nb: >-\n  folded\n  text\n\n  more\nc: |+\n  kept\n\nd: 1\n',
  'quoted texts': `a: "x\\n\\u0041\\"y" # c\n'b c': 'it''s'\n"d": ""\n`,
  'scalars of several lines': 'a: one\n  two # c\nb: "three\n\n  four\\\n  five"\nc:\n  six\n\n  seven\nd: \'e\n  f\'\n',
  'flow collections': 'a: {}\nb: []\nc: [1, "two", three four, { x: y, "z": [] }]\n',
  numbers: 'a: [1, -2, +3, 0x1F, 0o17, 1.5, .5, 1e3, .inf, -.INF, .nan, 1_000, 08, 1.2.3, 0b1, 12:30]\n',
  words: 'a: [true, True, FALSE, yes, null, NULL, Null, ~, nullx, -x, :x]\n',
  'several documents': '---\na: 1\n---\n# nothing\n---\n- b\n--- # last\nc: 2',
  'a key that is written twice': 'a: 1\nb: 2\na: 3\n',
  'tags in front of scalars':
    'a: !Ref B\nb: !Sub "${A}-x" # c\nc: !Sub |\n  one\n  two\nd: !GetAtt A.B\ne: !X 12\nf: !X null\ng:\n  !Ref B\n',
  'tags in front of flow collections': `a: !Join ['', [!Ref A, "x", !Select [0, !GetAZs '']]]\nb: { c: !Ref D, e: !X {} }\n`,
  'tags in front of what stands below':
    'a: !If\n  - b\n  - !Ref C\n  - d: !Sub e\n    f: 1\ng: !Join\n- h\n- - i\n  - !Join\n    - j\nk: !Map\n  l: 1\n\nm: 2\n',
  'items with tags': '- !Ref A\n- !If\n  - b\n  - c\n- !Sub |\n    d\n',
  'a map that begins deeper': '  a: 1\n  b:\n   c: 2\n  # still\n',
};
const refused: Readonly<Record<string, string>> = {
  anchors: 'a: &x 1\nb: *x\n',
  'a tag of nothing': 'a: !reset\nb: 1\n',
  'a tag of nothing in a list': '- !x\n- b\n',
  'tags of YAML itself': 'b: !!str 1\n',
  'a tag of a key': '- !x a: b\n',
  'a tag and a comment': 'a: !If # here\n  - b\n',
  'a tag with a comment below': 'a: !If\n  # here\n  - b\n',
  'two tags': 'a: !x !y b\n',
  'verbatim tags': 'a: !<x> b\n',
  'a key that is no key': 'a: 1\nfoo\n',
  'a value deeper than its key allows': 'a: 1\n  b: 2\n',
  'a level that nobody opened': 'a:\n    b: 1\n  c: 2\n',
  'an item beside keys': 'a: 1\n- b\n',
  'two values on a line': 'a: b: c\n',
  'templates of a chart': 'a: {{ .Values.a }}\n{{- if .b }}\n',
  'a tab as indentation': 'a:\n\tb: 1\n',
  'line ends of Windows': 'a: 1\r\nb: 2\r\n',
  'merge keys': '<<: { a: 1 }\n',
};

describe('plain YAML', () => {
  it.each(Object.entries(same))('reads %s', (_name, text) => {
    const found = plain(text);
    expect(found).toBeDefined();
    expect({ documents: found, notAssessed: [] }).toEqual(any(text));
  });
  it.each(Object.entries(refused))('leaves %s to the library', (_name, text) => {
    expect(plain(text)).toBeUndefined();
  });

  const pieces = [
    'a:',
    'b: 1',
    '- ',
    '- x',
    '- c: 2',
    '# note',
    'd: |',
    'e: >-',
    'f: "q" # z',
    'g: [1, {h: 2}]',
    '---',
    '',
    'text',
    "'k': v",
    '-',
    'x: y: z',
    '{}',
    '? k',
    'l: # c',
    'm:  ',
    'n: a #b',
    '...',
    'p: "open',
    'close"',
    'r: !T',
    's: !T u',
    't: !T |',
    'v: !T [a, !U b]',
    '- !T',
    '- !T w',
    '!T y',
    'z: !T {a: !U , b: !U 1}',
  ];
  const line = fc
    .tuple(fc.nat(5), fc.constantFrom(...pieces), fc.constantFrom('', ' ', '  '))
    .map(([indent, piece, end]) => ' '.repeat(indent) + piece + end);
  const file = fc.tuple(fc.array(line, { maxLength: 10 }), fc.boolean()).map(([lines, ends]) => lines.join('\n') + (ends ? '\n' : ''));
  it('is read as the library reads it, whatever stands below each other', () => {
    fc.assert(
      fc.property(file, (text) => {
        const found = plain(text);
        if (found) expect({ documents: found, notAssessed: [] }).toEqual(any(text));
      }),
      { numRuns: 3000 },
    );
  });
});
