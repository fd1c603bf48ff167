/**
 * HCL in the shape of the YAML tree, as far as it is written out. Blocks of one type are a list of maps, with their labels under `#`;
 * what would have to be worked out is a text with `${`.
 */
import type { NotAssessed, SourceFile } from '../types.ts';
import { parseHcl } from './hcl/parse.ts';
import type { Body, Expression } from './hcl/syntax.ts';
import { LineMap } from './positions.ts';
import type { YamlEntry, YamlList, YamlMap, YamlNode } from './yaml-document.ts';

const maxDepth = 50;

export function hclAsTree(file: SourceFile): { readonly root: YamlMap; readonly notAssessed: readonly NotAssessed[] } {
  const lines = new LineMap(file.path, file.text);
  const { body, problems } = parseHcl(file.text);
  const notAssessed = problems.map(({ reason, message, offset }) => ({
    reason,
    message,
    place: lines.place(offset, offset),
    failed: true,
  }));
  return { root: new TreeMaker(file.text, lines).body(body, 0, file.text.length, [], 0), notAssessed };
}

class TreeMaker {
  readonly #text: string;
  readonly #lines: LineMap;
  constructor(text: string, lines: LineMap) {
    this.#text = text;
    this.#lines = lines;
  }

  body({ attributes, blocks }: Body, start: number, end: number, labels: readonly string[], depth: number): YamlMap {
    const place = this.#lines.place(start, end);
    const entries = new Map<string, YamlEntry>();
    const names = labels.map((text): YamlNode => ({ kind: 'scalar', value: text, text, quoted: true, place }));
    if (names.length > 0) entries.set('#', { key: '#', keyPlace: place, value: { kind: 'list', items: names, place } });
    for (const { name, nameEnd, start: from, value } of attributes)
      entries.set(name, { key: name, keyPlace: this.#lines.place(from, nameEnd), value: this.#value(value, depth + 1) });
    for (const block of depth > maxDepth ? [] : blocks) {
      const known = entries.get(block.type)?.value;
      const map = this.body(block.body, block.start, block.headerEnd, block.labels, depth + 1);
      const list: YamlList = {
        kind: 'list',
        items: [...(known?.kind === 'list' ? known.items : []), map],
        place: known?.place ?? map.place,
      };
      entries.set(block.type, { key: block.type, keyPlace: list.place, value: list });
    }
    return { kind: 'map', entries, place };
  }

  #value(expression: Expression, depth: number): YamlNode {
    const { start, end } = expression;
    const place = this.#lines.place(start, end);
    if (expression.is === 'literal') {
      const { value } = expression;
      return { kind: 'scalar', value, text: value === null ? '' : String(value), quoted: typeof value === 'string', place };
    }
    if (expression.is === 'list' && depth < maxDepth)
      return { kind: 'list', items: expression.items.map((item) => this.#value(item, depth + 1)), place };
    if (expression.is === 'object' && depth < maxDepth) return this.#object(expression, depth);
    const text = expression.is === 'template' ? this.#text.slice(start + 1, end - 1) : `\${${this.#text.slice(start, end)}}`;
    return { kind: 'scalar', value: text, text: text.slice(0, 4000), quoted: true, place };
  }

  #object(object: Extract<Expression, { is: 'object' }>, depth: number): YamlMap {
    const entries = object.items.flatMap(({ key, value }): (readonly [string, YamlEntry])[] => {
      if (key.is !== 'literal') return [];
      const name = String(key.value);
      return [[name, { key: name, keyPlace: this.#lines.place(key.start, key.end), value: this.#value(value, depth + 1) }]];
    });
    return { kind: 'map', entries: new Map(entries), place: this.#lines.place(object.start, object.end) };
  }
}
