/** Small edits of YAML texts that keep comments, indentation, quotes and line ends as their author wrote them. */
import { type Document, isMap, isScalar, isSeq, type Node, type Pair, parseAllDocuments, type Scalar, type YAMLMap } from 'yaml';
import type { Edit, Place, SourceFile } from '../types.ts';
import { LineMap } from './positions.ts';
import { insertLines, lineEnd, lineEndOf, lineStart, nextLine, replaceRange } from './text-edits.ts';
import { measurePadding, type PrintStyle, printBlock, printEntries, printInline, type YamlData } from './yaml-print.ts';

export interface YamlText extends PrintStyle {
  readonly lines: LineMap;
  readonly text: string;
  readonly documents: readonly Document.Parsed[];
}

/** `undefined` for what is no plain YAML: templates, broken files. */
export function openYaml({ path, text }: SourceFile): YamlText | undefined {
  try {
    const parsed = parseAllDocuments(text, { uniqueKeys: false, strict: false, logLevel: 'silent', prettyErrors: false });
    const documents = Array.isArray(parsed) ? parsed : [];
    if (documents.length === 0 || documents.some(({ errors }) => errors.length > 0)) return undefined;
    const lines = new LineMap(path, text);
    return { lines, text, documents, ...measureStyle(lines, documents), ...measurePadding(text) };
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

const startOf = (node: unknown): number => (node as Node | null)?.range?.[0] ?? 0;
const pairsOf = (map: YAMLMap): readonly Pair<Node, Node | null>[] => map.items as Pair<Node, Node | null>[];
const childrenOf = (node: Node): readonly Node[] => {
  if (isMap(node)) return pairsOf(node as YAMLMap).flatMap(({ key, value }) => [key, value].filter((child) => child !== null));
  return isSeq(node) ? (node.items as Node[]) : [];
};

/** How the file indents, from its first nested mapping and list. */
function measureStyle(lines: LineMap, documents: readonly Document.Parsed[]): { step: number; indentsLists: boolean } {
  const column = (node: Node): number => lines.at(startOf(node)).column;
  const pending: Node[] = documents.flatMap(({ contents }) => (contents ? [contents as Node] : []));
  let step: number | undefined;
  let indentsLists: boolean | undefined;
  for (let next = pending.shift(); next && (step === undefined || indentsLists === undefined); next = pending.shift()) {
    if (!isMap(next) || next.flow) continue;
    for (const { key, value } of pairsOf(next as YAMLMap)) {
      if (!isMap(value) && !isSeq(value)) continue;
      const isBlock = !value.flow && value.items.length > 0;
      if (isBlock && isMap(value)) step ??= column(value as Node) - column(key);
      if (isBlock && isSeq(value)) indentsLists ??= column(value as Node) > column(key);
      pending.push(...(isSeq(value) ? (value.items as Node[]) : [value as Node]));
    }
  }
  return { step: step && step > 0 ? step : 2, indentsLists: indentsLists ?? true };
}

/** Nodes around a place, outermost first. */
export function nodesAround(yaml: YamlText, place: Place): readonly Node[] {
  const offset = yaml.lines.offset(place.line, place.column);
  const root = yaml.documents.find(({ range }) => range[0] <= offset && offset < Math.max(range[2], range[0] + 1))?.contents as
    | Node
    | null
    | undefined;
  const holds = (node: Node): boolean => node.range !== undefined && node.range !== null && node.range[0] <= offset && offset < endOf(node);
  const found: Node[] = [];
  for (let node = root && holds(root) ? root : undefined; node; node = childrenOf(node).find(holds)) found.push(node);
  return found;
}

/** The innermost mapping that holds a place. */
export const mapAround = (yaml: YamlText, place: Place): YAMLMap | undefined => {
  const map = nodesAround(yaml, place).findLast((node) => isMap(node));
  return isMap(map) ? (map as YAMLMap) : undefined;
};

export const pairOf = (map: YAMLMap | undefined, key: string): Pair<Node, Node | null> | undefined =>
  map && pairsOf(map).find((pair) => isScalar(pair.key) && String(pair.key.value) === key);

/** The mapping below some keys. */
export function mapBelow(map: YAMLMap | undefined, ...keys: readonly string[]): YAMLMap | undefined {
  let current = map;
  for (const key of keys) {
    const value = pairOf(current, key)?.value;
    current = isMap(value) ? (value as YAMLMap) : undefined;
  }
  return current;
}

/** Where a node ends: not in the comments that follow it. */
function endOf(node: Node): number {
  if ((isMap(node) || isSeq(node)) && !node.flow && node.items.length > 0) {
    const last = isMap(node) ? pairsOf(node as YAMLMap).at(-1)! : undefined;
    const inner = last ? (last.value ?? last.key) : (node.items.at(-1) as Node);
    return inner ? Math.max(endOf(inner), last ? endOf(last.key) : 0) : (node.range?.[1] ?? 0);
  }
  return node.range?.[1] ?? 0;
}

function pairEnd({ text }: YamlText, { key, value }: Pair<Node, Node | null>): number {
  let end = Math.max(value ? endOf(value) : 0, endOf(key));
  while (end > 0 && /\s/.test(text[end - 1]!)) end--;
  return end;
}

const indentBy = (block: string, columns: number): string =>
  block
    .split('\n')
    .map((line) => (line === '' ? line : ' '.repeat(columns) + line))
    .join('\n');

/** As JSON has it. */
const isQuoted = (map: YAMLMap): boolean => {
  const [first] = pairsOf(map);
  return isScalar(first?.key) && first.key.type === 'QUOTE_DOUBLE';
};

/** `"a": 1` in JSON, `a: 1` else. */
function printFlow(yaml: YamlText, map: YAMLMap, data: Readonly<Record<string, YamlData>>): string {
  if (isQuoted(map)) return JSON.stringify(data).slice(1, -1);
  return printEntries(yaml, data).join(', ');
}

/** The pair of a multi-line object of JSON, with what goes behind it on lines of its own. */
function printJsonLines(yaml: YamlText, first: Pair<Node, Node | null>, data: Readonly<Record<string, YamlData>>): string {
  const start = startOf(first.key);
  const indent = yaml.text.slice(lineStart(yaml.text, start), start);
  const unit = /\n([ \t]+)"/.exec(yaml.text)?.[1] ?? yaml.step;
  const lines = JSON.stringify(data, null, unit).split('\n').slice(1, -1);
  const own = /^[ \t]*/.exec(lines[0] ?? '')![0].length;
  return lines
    .map((line) => `\n${indent}${line.slice(own)}`)
    .join('')
    .replaceAll('\n', lineEndOf(yaml.text));
}
const isOnOwnLine = ({ text }: YamlText, { key }: Pair<Node, Node | null>): boolean =>
  /^[ \t]*$/.test(text.slice(lineStart(text, startOf(key)), startOf(key)));

/** The start of the line after a pair, and after comments that belong to what the pair holds. */
function lineAfter({ text }: YamlText, end: number, column: number): number {
  let at = nextLine(text, end);
  for (;;) {
    const line = text.slice(at, lineEnd(text, at));
    const indent = line.search(/\S/);
    if (at >= text.length || indent < column || line[indent] !== '#') return at;
    at = nextLine(text, at);
  }
}

/** Puts an entry into a mapping, behind the last of the keys `after` that it has; else at its end. */
export function insertEntry(yaml: YamlText, map: YAMLMap, entry: Readonly<Record<string, YamlData>>, after: readonly string[] = []): Edit {
  const pairs = pairsOf(map);
  const anchor = pairs.findLast(({ key }) => isScalar(key) && after.includes(String(key.value))) ?? pairs.at(-1);
  if (map.flow || !anchor) {
    const flow = printFlow(yaml, map, entry);
    const empty = startOf(map) + 1;
    if (!anchor) return replaceRange(yaml.lines, empty, endOf(map) - 1, ` ${flow} `);
    const end = pairEnd(yaml, anchor);
    const isJson = isQuoted(map) && isOnOwnLine(yaml, pairs[0]!);
    return replaceRange(yaml.lines, end, end, isJson ? `,${printJsonLines(yaml, pairs[0]!, entry)}` : `, ${flow}`);
  }
  const column = yaml.lines.at(startOf(pairs[0]!.key)).column - 1;
  return insertLines(yaml.lines, lineAfter(yaml, pairEnd(yaml, anchor), column + 1), indentBy(printBlock(yaml, entry), column));
}

/** Puts an item at the end of a list below a key, or makes the list; `undefined` when something else is there. */
export function appendItem(yaml: YamlText, map: YAMLMap, key: string, item: YamlData, after: readonly string[] = []): Edit | undefined {
  const pair = pairOf(map, key);
  const value = pair?.value;
  if (!pair) return insertEntry(yaml, map, { [key]: [item] }, after);
  if (!isSeq(value)) return undefined;
  const last = value.items.at(-1) as Node | undefined;
  if (value.flow || !last) {
    const text = isQuoted(map) ? JSON.stringify(item) : printInline(yaml, item);
    const end = last ? endOf(last) : startOf(value) + 1;
    return replaceRange(yaml.lines, end, end, last ? `, ${text}` : text);
  }
  const column = yaml.lines.at(startOf(value)).column - 1;
  let end = endOf(last);
  while (/\s/.test(yaml.text[end - 1]!)) end--;
  return insertLines(yaml.lines, lineAfter(yaml, end, column + 1), indentBy(printBlock(yaml, [item]), column));
}

/** Writes another scalar in place of one, in the same quotes. */
export function replaceScalar(yaml: YamlText, node: Scalar, value: string | number): Edit {
  const [start, end] = node.range!;
  const quote = node.type === 'QUOTE_SINGLE' ? "'" : node.type === 'QUOTE_DOUBLE' ? '"' : undefined;
  const plain = typeof value === 'string' ? printBlock(yaml, value) : String(value);
  const text = quote === undefined ? plain : quote === '"' ? JSON.stringify(String(value)) : `'${String(value).replaceAll("'", "''")}'`;
  return replaceRange(yaml.lines, start, end, text);
}

/** The scalar that starts at a place. */
export function scalarAt(yaml: YamlText, place: Place): Scalar | undefined {
  const node = nodesAround(yaml, place).at(-1);
  return isScalar(node) ? (node as Scalar) : undefined;
}

/** Writes data as the value of a key, in place of what is there. */
export function replaceValue(yaml: YamlText, pair: Pair<Node, Node | null>, data: YamlData, flow = false): Edit {
  const start = endOf(pair.key);
  const colon = yaml.text.indexOf(':', start) + 1;
  const key = String((pair.key as Scalar).value);
  const column = yaml.lines.at(startOf(pair.key)).column - 1;
  const text = flow ? ` ${printInline(yaml, data)}` : indentBy(printBlock(yaml, { [key]: data }), column);
  const body = flow ? text : text.slice(text.indexOf(':') + 1);
  return replaceRange(yaml.lines, colon, Math.max(colon, pairEnd(yaml, pair)), body.replaceAll('\n', lineEndOf(yaml.text)));
}

/** Writes another entry in place of the one with this key. */
export function replaceEntry(yaml: YamlText, map: YAMLMap, key: string, entry: Readonly<Record<string, YamlData>>): Edit | undefined {
  const pair = pairOf(map, key);
  if (!pair) return undefined;
  const start = startOf(pair.key);
  const column = yaml.lines.at(start).column - 1;
  const text = map.flow ? printFlow(yaml, map, entry) : indentBy(printBlock(yaml, entry), column).slice(column);
  return replaceRange(yaml.lines, start, pairEnd(yaml, pair), text.replaceAll('\n', lineEndOf(yaml.text)));
}

/** Takes an entry out; a mapping that has nothing else goes with it. `undefined` when that would take the document. */
export function removeEntry(yaml: YamlText, place: Place): Edit | undefined {
  const around = nodesAround(yaml, place);
  for (let index = around.length - 1; index >= 0; index--) {
    const node = around[index]!;
    if (!isMap(node)) continue;
    const pairs = pairsOf(node as YAMLMap);
    const offset = yaml.lines.offset(place.line, place.column);
    const at = pairs.findIndex(({ key, value }) => startOf(key) <= offset && offset < Math.max(value ? endOf(value) : 0, endOf(key) + 1));
    if (at < 0) return undefined;
    if (pairs.length === 1) {
      if (!isMap(around[index - 1])) return undefined;
      continue;
    }
    return node.flow ? removeFlowPair(yaml, pairs, at) : removeBlockPair(yaml, pairs, at);
  }
  return undefined;
}

function removeFlowPair(yaml: YamlText, pairs: readonly Pair<Node, Node | null>[], at: number): Edit {
  const next = pairs[at + 1];
  if (next) return replaceRange(yaml.lines, startOf(pairs[at]!.key), startOf(next.key), '');
  return replaceRange(yaml.lines, pairEnd(yaml, pairs[at - 1]!), pairEnd(yaml, pairs[at]!), '');
}

function removeBlockPair(yaml: YamlText, pairs: readonly Pair<Node, Node | null>[], at: number): Edit {
  const { text, lines } = yaml;
  const start = startOf(pairs[at]!.key);
  const from = lineStart(text, start);
  // `- key: value`: the next key takes the place beside the dash.
  if (text.slice(from, start).trim() !== '') return replaceRange(lines, start, startOf(pairs[at + 1]!.key), '');
  return replaceRange(lines, from, nextLine(text, pairEnd(yaml, pairs[at]!)), '');
}

/** Puts another document behind the one that holds a place. */
export function appendDocument(yaml: YamlText, place: Place, data: YamlData): Edit {
  const { text, lines } = yaml;
  const root = nodesAround(yaml, place)[0];
  let end = root ? endOf(root) : text.length;
  while (end > 0 && /\s/.test(text[end - 1]!)) end--;
  return insertLines(lines, lineAfter(yaml, end, 0), `---\n${printBlock(yaml, data)}`);
}
