/** Edits of YAML in any indentation, style and line ends: they change what they say, and no other line. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isMap, parseDocument, type YAMLMap } from 'yaml';
import { applyEdits } from '../../src/text/text-edits.ts';
import { insertEntry, mapBelow, openYaml, removeEntry, replaceScalar, type YamlText } from '../../src/text/yaml-edit.ts';

const key = fc.constantFrom('a', 'b', 'c', 'd', 'e');
const scalar = fc.oneof(fc.integer({ min: 0, max: 99 }), fc.constantFrom('x', 'two words', 'yes', '1.10'));
const tree = fc.letrec((tie) => ({
  node: fc.oneof({ depthSize: 'small', withCrossShrink: true }, scalar, tie('list'), tie('map')),
  list: fc.array(fc.oneof(scalar, tie('map')), { minLength: 1, maxLength: 3 }),
  map: fc.dictionary(key, tie('node'), { minKeys: 1, maxKeys: 4 }),
})).map;
const style = fc.record({
  indent: fc.integer({ min: 1, max: 8 }),
  indentSeq: fc.boolean(),
  eol: fc.constantFrom('\n', '\r\n'),
  comment: fc.boolean(),
});

function write(
  data: unknown,
  { indent, indentSeq, eol, comment }: { indent: number; indentSeq: boolean; eol: string; comment: boolean },
): string {
  const document = parseDocument('{}');
  document.contents = document.createNode(data) as typeof document.contents;
  const lines = document.toString({ indent, indentSeq, lineWidth: 0 }).trimEnd().split('\n');
  return `${lines.map((line) => (comment && /: \w+$/.test(line) ? `${line} # why` : line)).join(eol)}${eol}`;
}
const open = (text: string): YamlText => openYaml({ path: 'a.yaml', text })!;
const rootOf = ({ documents }: YamlText): YAMLMap => documents[0]!.contents as YAMLMap;
const read = (text: string): unknown => parseDocument(text).toJS();

describe('YAML edits', () => {
  it('insert an entry, and leave every other line as it is', () => {
    fc.assert(
      fc.property(tree, style, fc.constantFrom([], ['a'], ['a', 'b']), (data, how, path) => {
        const text = write(data, how);
        const yaml = open(text);
        const map = mapBelow(rootOf(yaml), ...path);
        fc.pre(map !== undefined && isMap(map));
        const after = applyEdits('a.yaml', text, [insertEntry(yaml, map!, { fresh: { port: 80 } }, ['a'])]);
        const wanted = structuredClone(data) as Record<string, unknown>;
        const target = path.reduce((node, step) => node[step] as Record<string, unknown>, wanted);
        target['fresh'] = { port: 80 };
        expect(read(after)).toEqual(wanted);
        const lines = after.split(how.eol);
        for (const line of text.split(how.eol)) expect(lines).toContain(line);
        if (how.eol === '\r\n') expect(after).not.toMatch(/(?<!\r)\n/);
      }),
    );
  });

  it('take an entry out and put it back', () => {
    fc.assert(
      fc.property(tree, style, (data, how) => {
        const text = write({ first: 1, ...(data as object), last: 2 }, how);
        const yaml = open(text);
        const pair = rootOf(yaml).items[1]!;
        const [start] = (pair.key as { range: [number, number, number] }).range;
        const edit = removeEntry(yaml, yaml.lines.place(start, start + 1))!;
        const { [Object.keys(data as object)[0]!]: _, ...rest } = data as Record<string, unknown>;
        expect(read(applyEdits('a.yaml', text, [edit]))).toEqual({ first: 1, ...rest, last: 2 });
      }),
    );
  });

  it('keep quotes of a scalar', () => {
    for (const [text, wanted] of [
      ["a: '1' # x\n", "a: 'it''s' # x\n"],
      ['a: "1"\n', 'a: "it\'s"\n'],
      ['a: 1\n', "a: it's\n"],
    ] as const) {
      const yaml = open(text);
      const node = rootOf(yaml).items[0]!.value as Parameters<typeof replaceScalar>[1];
      expect(applyEdits('a.yaml', text, [replaceScalar(yaml, node, "it's")])).toBe(wanted);
    }
  });

  it('refuse templates and broken files', () => {
    expect(openYaml({ path: 'a.yaml', text: 'a: {{ .Values.x }}\n{{- if .y }}\nb: 1\n{{- end }}\n' })).toBeUndefined();
    expect(openYaml({ path: 'a.yaml', text: 'a: [1\n' })).toBeUndefined();
  });
});
