/**
 * Values of infrastructure code as far as reading tells: what Terraform and CloudFormation templates come to.
 * Keys are compared without case, `_` and `-`, so that `min_size` finds `MinSize` of a template, too.
 */
import type { Setting } from '../../facts.ts';
import { type JsonNode, readJson } from '../../text/json-document.ts';
import type { Place } from '../../types.ts';

export interface Entry {
  readonly key: string;
  readonly keyPlace: Place;
  readonly value: Node;
}
/** Known characters with where they stand, or a value that is put in. */
export type TextPart = { readonly text: string; at(start: number, end: number): Place } | { readonly node: Node };
export type Node = { readonly place: Place } & (
  | { readonly is: 'scalar'; readonly value: string | number | boolean | null }
  /** `open`: there may be more. */
  | { readonly is: 'list'; readonly items: readonly Node[]; readonly open?: true }
  /** `maybe`: a block that a condition may leave out. */
  | { readonly is: 'map'; readonly entries: readonly Entry[]; readonly open?: true; readonly maybe?: true }
  | { readonly is: 'text'; readonly parts: readonly TextPart[] }
  /** An attribute of another resource, known when it exists. */
  | { readonly is: 'reference'; readonly to: string; readonly path: readonly string[] }
  | { readonly is: 'either'; readonly options: readonly Node[] }
  /** The JSON text of a value. */
  | { readonly is: 'encoded'; readonly value: Node }
  | { readonly is: 'unknown'; readonly because: string }
);
export type MapNode = Extract<Node, { is: 'map' }>;

export const unknown = (because: string, place: Place): Node => ({ is: 'unknown', because, place });
export const scalar = (value: string | number | boolean | null, place: Place): Node => ({ is: 'scalar', value, place });

const squash = (key: string): string => key.replace(/[_-]/g, '').toLowerCase();

export function entryOf(node: Node | undefined, key: string): Entry | undefined {
  if (node?.is !== 'map') return undefined;
  const wanted = squash(key);
  return node.entries.find((entry) => squash(entry.key) === wanted);
}
/** The value at the end of a path; a list of one block stands for the block. */
export function get(node: Node | undefined, ...path: readonly string[]): Node | undefined {
  let current = node;
  for (const key of path) {
    const holder = current?.is === 'list' ? current.items[0] : current;
    current = entryOf(holder, key)?.value;
  }
  return current?.is === 'scalar' && current.value === null ? undefined : current;
}
/** Items of a list; a single value counts as a list of one (blocks). */
export const itemsOf = (node: Node | undefined): readonly Node[] =>
  node === undefined || node.is === 'unknown' ? [] : node.is === 'list' ? node.items : [node];
export const entriesOf = (node: Node | undefined): readonly Entry[] => (node?.is === 'map' ? node.entries : []);
/** True when nothing but what was read can be in it. */
export const isClosed = (node: Node | undefined): boolean =>
  node === undefined || ((node.is === 'list' || node.is === 'map') && !node.open) || node.is === 'scalar';

/** The whole text, when all of it is known. */
export function textOf(node: Node | undefined): string | undefined {
  if (node?.is === 'scalar') return node.value === null ? undefined : String(node.value);
  if (node?.is !== 'text') return undefined;
  let text = '';
  for (const part of node.parts) {
    const piece = 'text' in part ? part.text : textOf(part.node);
    if (piece === undefined) return undefined;
    text += piece;
  }
  return text;
}
/** The text with `${…}` for what is not known. */
export function sketchOf(node: Node | undefined): string {
  if (node?.is === 'text') return node.parts.map((part) => ('text' in part ? part.text : sketchOf(part.node))).join('');
  return textOf(node) ?? (node?.is === 'reference' ? `\${${node.to.split('.').slice(-2).join('.')}}` : '${…}');
}
export function numberOf(node: Node | undefined): number | undefined {
  const text = textOf(node)?.trim();
  if (text === undefined || text === '') return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}
export function booleanOf(node: Node | undefined): boolean | undefined {
  const text = textOf(node)?.trim().toLowerCase();
  return text === 'true' || text === '1' ? true : text === 'false' || text === '0' ? false : undefined;
}

const whyUnknown = (node: Node): string => (node.is === 'unknown' ? node.because : 'it is known only when it is applied');
function settingOf<T>(node: Node | undefined, read: (node: Node) => T | undefined): Setting<T> | undefined {
  if (node === undefined || (node.is === 'scalar' && node.value === null)) return undefined;
  const value = read(node);
  return value === undefined ? { known: false, because: whyUnknown(node), place: node.place } : { known: true, value, place: node.place };
}
export const numberSetting = (node: Node | undefined): Setting<number> | undefined => settingOf(node, numberOf);
export const textSetting = (node: Node | undefined): Setting<string> | undefined => settingOf(node, textOf);
export const booleanSetting = (node: Node | undefined): Setting<boolean> | undefined => settingOf(node, booleanOf);

/** `aws_ecr_repository.shop.repository_url` alone: the address of a repository without any tag. */
function bareRepository(node: Node | undefined): string | undefined {
  if (node?.is === 'text') {
    const [only, ...others] = node.parts.filter((part) => !('text' in part) || part.text !== '');
    return only && others.length === 0 && 'node' in only ? bareRepository(only.node) : undefined;
  }
  return node?.is === 'reference' && (node.path.at(-1) === 'repository_url' || node.path.at(-1) === 'RepositoryUri')
    ? `\${${node.to}.repository_url}`
    : undefined;
}

/** An image whose tag is set later is known by its name; one whose name is not known may still have a known tag. */
export function imageSetting(node: Node | undefined): Setting<string> | undefined {
  const setting = textSetting(node);
  if (!setting || setting.known) return setting;
  const written = bareRepository(node) ?? sketchOf(node);
  const isNamed = /^[\w.\-/]+(?::\d+\/[\w.\-/]+)?[:@]\$\{/.test(written);
  return isNamed ? { known: true, value: written, place: setting.place } : { ...setting, written };
}

/** Resources that a value leads to, through lists, texts and choices. */
export function referencesOf(node: Node | undefined, depth = 0): readonly string[] {
  if (node === undefined || depth > 20) return [];
  const below = (nodes: readonly Node[]) => nodes.flatMap((one) => referencesOf(one, depth + 1));
  if (node.is === 'reference') return [node.to];
  if (node.is === 'list') return below(node.items);
  if (node.is === 'either') return below(node.options);
  if (node.is === 'encoded') return referencesOf(node.value, depth + 1);
  if (node.is === 'map') return below(node.entries.map(({ value }) => value));
  return node.is === 'text' ? below(node.parts.flatMap((part) => ('node' in part ? [part.node] : []))) : [];
}

// ---- JSON inside of texts

/** Stands in a JSON text for a value that is put in: private characters that no template holds. */
const hole = /\uE000(\d{1,6})\uE001/g;

interface Piece {
  readonly from: number;
  readonly to: number;
  at(start: number, end: number): Place;
}
interface Filled {
  readonly text: string;
  readonly pieces: readonly Piece[];
  readonly holes: readonly Node[];
}

/** The text with marks for values: in quotes where the template puts a bare value. */
function fill(parts: readonly TextPart[]): Filled {
  const pieces: Piece[] = [];
  const holes: Node[] = [];
  let text = '';
  let quoted = false;
  for (const part of parts) {
    const known = 'node' in part ? textOf(part.node) : undefined;
    if ('text' in part) {
      pieces.push({ from: text.length, to: text.length + part.text.length, at: (start, end) => part.at(start, end) });
      quoted = isQuotedAfter(part.text, quoted);
      text += part.text;
    } else if (known !== undefined && !quoted) {
      pieces.push({ from: text.length, to: text.length + known.length, at: () => part.node.place });
      text += known;
    } else {
      const mark = `\uE000${holes.push(part.node) - 1}\uE001`;
      pieces.push({ from: text.length, to: text.length + mark.length + 2, at: () => part.node.place });
      text += quoted ? mark : `"${mark}"`;
    }
  }
  return { text, pieces, holes };
}
function isQuotedAfter(text: string, quoted: boolean): boolean {
  let inside = quoted;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '\\' && inside) at++;
    else if (text[at] === '"') inside = !inside;
  }
  return inside;
}

/** The value of a text that holds JSON; `undefined` when it does not, or not as a whole. */
export function decodeJson(node: Node | undefined): Node | undefined {
  if (node?.is === 'encoded') return node.value;
  if (node?.is === 'list' || node?.is === 'map') return node;
  const parts: readonly TextPart[] =
    node?.is === 'text'
      ? node.parts
      : node?.is === 'scalar' && typeof node.value === 'string'
        ? [{ text: node.value, at: () => node.place }]
        : [];
  if (parts.length === 0) return undefined;
  const filled = fill(parts);
  const json = readJson({ path: node!.place.path, text: filled.text }, true);
  return 'root' in json ? fromJson(json.root, filled, lineStarts(filled.text)) : undefined;
}

function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

function fromJson(json: JsonNode, filled: Filled, starts: readonly number[]): Node {
  const place = locate(json.place, filled, starts);
  const { value } = json;
  if (typeof value === 'string') return fillText(value, filled, place);
  if (value !== undefined) return scalar(value, place);
  if (!json.isObject) return { is: 'list', items: json.items().map((item) => fromJson(item, filled, starts)), place };
  const entries = json.members().map(({ key, keyPlace, value: member }) => ({
    key: key.replace(hole, '${…}'),
    keyPlace: locate(keyPlace, filled, starts),
    value: fromJson(member, filled, starts),
  }));
  return { is: 'map', entries, place };
}

function fillText(value: string, { holes }: Filled, place: Place): Node {
  const parts: TextPart[] = [];
  let last = 0;
  for (const match of value.matchAll(hole)) {
    if (match.index > last) parts.push({ text: value.slice(last, match.index), at: () => place });
    const node = holes[Number(match[1])];
    if (node) parts.push({ node });
    last = match.index + match[0].length;
  }
  if (parts.length === 0) return scalar(value, place);
  if (last < value.length) parts.push({ text: value.slice(last), at: () => place });
  const [only] = parts;
  if (parts.length > 1 || !only || !('node' in only)) return { is: 'text', parts, place };
  return { ...only.node, place: decidedElsewhere(place, only.node.place) };
}

/** A place in the filled text, as a place in the file that it was made from. */
function locate(place: Place, { pieces }: Filled, starts: readonly number[]): Place {
  const start = (starts[place.line - 1] ?? 0) + place.column - 1;
  const end = (starts[place.endLine - 1] ?? 0) + place.endColumn - 1;
  const from = pieceAt(pieces, start);
  const to = pieceAt(pieces, Math.max(start, end - 1));
  if (!from || !to) return place;
  const head = from.at(start - from.from, Math.min(end, from.to) - from.from);
  if (from === to) return head;
  const tail = to.at(Math.max(start, to.from) - to.from, end - to.from);
  return tail.path === head.path && tail.endLine >= head.line ? { ...head, endLine: tail.endLine, endColumn: tail.endColumn } : head;
}
function pieceAt(pieces: readonly Piece[], offset: number): Piece | undefined {
  let low = 0;
  let high = pieces.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (pieces[middle]!.from <= offset) low = middle;
    else high = middle - 1;
  }
  return pieces[low];
}

/** `used` is where a value takes effect, `origin` where it was written: in another file or another block. */
export function decidedElsewhere(used: Place, origin: Place): Place {
  const { decidedBy = [], ...bare } = origin;
  const within =
    bare.path === used.path &&
    (bare.line > used.line || (bare.line === used.line && bare.column >= used.column)) &&
    (bare.endLine < used.endLine || (bare.endLine === used.endLine && bare.endColumn <= used.endColumn));
  const deciders = within ? decidedBy : [bare, ...decidedBy];
  if (deciders.length === 0) return within ? bare : used;
  const { decidedBy: before = [], ...place }: Place = within ? bare : used;
  const all = [...before, ...deciders];
  return {
    ...place,
    decidedBy: all
      .filter((one, index) => all.findIndex((other) => other.path === one.path && other.line === one.line) === index)
      .slice(0, 8),
  };
}
