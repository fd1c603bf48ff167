/** Edits of HCL: entries of blocks and objects, in the way of their neighbours. */
import { parseHcl } from '../text/hcl/parse.ts';
import type { Attribute, Block, Body, Expression, ObjectItem, Span } from '../text/hcl/syntax.ts';
import { LineMap } from '../text/positions.ts';
import { lineEnd, lineEndOf, lineStart, nextLine, replaceRange } from '../text/text-edits.ts';
import type { Edit, Place, SourceFile } from '../types.ts';
import type { FixContext } from './fix-maker.ts';

export interface HclText {
  readonly path: string;
  readonly text: string;
  readonly lines: LineMap;
  readonly body: Body;
}
function openHcl({ path, text }: SourceFile): HclText | undefined {
  const { body, problems } = parseHcl(text);
  return problems.length === 0 ? { path, text, lines: new LineMap(path, text), body } : undefined;
}
export const hclOf = (context: FixContext, path: string): HclText | undefined =>
  /\.(?:hcl|nomad|tf)$/i.test(path) ? context.parsed(path, 'hcl', openHcl) : undefined;

export const offsetAt = ({ lines }: HclText, { line, column }: Place): number => lines.offset(line, column);
export const blocksOf = ({ blocks }: Body, type: string): readonly Block[] => blocks.filter((block) => block.type === type);
export const attributeOf = ({ attributes }: Body, name: string): Attribute | undefined => attributes.find((each) => each.name === name);
export const literalOf = (expression: Expression | undefined): string | number | boolean | null | undefined =>
  expression?.is === 'literal' ? expression.value : undefined;
export const holds = ({ start, end }: Span, offset: number): boolean => start <= offset && offset < end;

export const indentAt = ({ text }: HclText, offset: number): string => /^[ \t]*/.exec(text.slice(lineStart(text, offset)))![0];
/** One level of indentation. */
export const indentUnit = ({ text }: HclText): string => /\n([ \t]+)\S/.exec(text)?.[1] ?? '  ';

/** Lines (not indented) at the end of a block, apart from what stands in it. */
export function appendToBlock(hcl: HclText, { body }: Block, lines: readonly string[]): Edit | undefined {
  const last = [...body.attributes, ...body.blocks].toSorted((one, other) => one.end - other.end).at(-1);
  if (!last) return undefined;
  const indent = indentAt(hcl, last.start);
  const at = nextLine(hcl.text, last.end - 1);
  const block = ['', ...lines.map((line) => indent + line)].join('\n');
  return replaceRange(hcl.lines, at, at, `${block}\n`.replaceAll('\n', lineEndOf(hcl.text)));
}

function childrenOf(expression: Expression): readonly Expression[] {
  switch (expression.is) {
    case 'list':
      return expression.items;
    case 'object':
      return expression.items.map(({ value }) => value);
    case 'call':
      return expression.args;
    case 'conditional':
      return [expression.yes, expression.no];
    case 'template':
      return expression.parts.flatMap((part) => (part.is === 'value' ? [part.value] : []));
    default:
      return [];
  }
}
const valuesIn = ({ attributes, blocks }: Body): readonly Expression[] => [
  ...attributes.map(({ value }) => value),
  ...blocks.flatMap(({ body }) => valuesIn(body)),
];

export type HclObject = Expression & { readonly is: 'object' };
/** The innermost object around an offset. */
export function objectAround({ body }: HclText, offset: number): HclObject | undefined {
  let found: HclObject | undefined;
  const pending = [...valuesIn(body)];
  for (let next = pending.pop(); next; next = pending.pop()) {
    if (!holds(next, offset)) continue;
    if (next.is === 'object') found = next;
    pending.push(...childrenOf(next));
  }
  return found;
}

/** An entry at the end of an object, written as its others are. `lines` is its value, not indented after the first. */
export function appendToObject(hcl: HclText, { start, items }: HclObject, name: string, lines: readonly string[]): Edit | undefined {
  const { text } = hcl;
  const last: ObjectItem | undefined = items.at(-1);
  const first = items[0];
  if (!last || !first) return undefined;
  const sign = text.slice(first.key.end, first.value.start).includes(':') ? ': ' : ' = ';
  const key = text[first.key.start] === '"' ? `"${name}"` : name;
  const comma = /^\s*,/.exec(text.slice(last.value.end))?.[0];
  const at = last.value.end + (comma?.length ?? 0);
  const isMultiline = /[\r\n]/.test(text.slice(start, first.key.start));
  const indent = indentAt(hcl, last.key.start);
  const value = isMultiline ? lines.join(`\n${indent}`) : lines.map((line) => line.trim()).join(' ');
  const commas = comma !== undefined || (items.length > 1 && /^\s*,/.test(text.slice(first.value.end)));
  const end = isMultiline ? lineEnd(text, at) : at;
  const isCommented = isMultiline && /^\s*(?:#|\/\/)/.test(text.slice(at, end));
  if (isCommented && commas && comma === undefined) return undefined;
  const before = commas && comma === undefined ? ',' : '';
  const entry = isMultiline
    ? `\n${indent}${key}${sign}${value}${commas ? ',' : ''}`
    : `${commas || before ? '' : ','} ${key}${sign}${value}`;
  const place = isCommented ? end : at;
  return replaceRange(hcl.lines, place, place, (before + entry).replaceAll('\n', lineEndOf(text)));
}
