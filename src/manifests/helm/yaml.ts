/** YAML as Helm reads and prints it: numbers are floats, YAML 1.1 words are booleans, maps are printed in order of keys. */
import { readYaml, type YamlEntry, type YamlNode } from '../../text/yaml-document.ts';
import type { Place, PlaceMap } from '../../types.ts';
import { cellOfPieces } from './output.ts';
import { RenderedPlaces } from './place-map.ts';
import {
  type Cell,
  compareText,
  GoBytes,
  GoList,
  GoMap,
  type Origin,
  type Piece,
  plainDecimal,
  printValue,
  TemplateError,
  textOf,
} from './values.ts';

const trueWords = new Set(['true', 'True', 'TRUE', 'yes', 'Yes', 'YES', 'on', 'On', 'ON', 'y', 'Y']);
const falseWords = new Set(['false', 'False', 'FALSE', 'no', 'No', 'NO', 'off', 'Off', 'OFF', 'n', 'N']);
/** go-yaml reads a bare `y` and `n` as strings. */
const bareWords = new Set(['y', 'Y', 'n', 'N']);

function scalarValue(node: Extract<YamlNode, { kind: 'scalar' }>): null | boolean | number | string {
  const { value, text, quoted, tag } = node;
  if (quoted || tag !== undefined) return value === null ? '' : String(value);
  if (!bareWords.has(text) && trueWords.has(text)) return true;
  if (!bareWords.has(text) && falseWords.has(text)) return false;
  if (typeof value === 'string') {
    if (/^[-+]?0b[01_]+$/.test(text)) return Number(text.replace(/[+_]/g, ''));
    return /^[-+]?[0-9][0-9_]*$/.test(text) && text.includes('_') ? Number(text.replaceAll('_', '')) : text;
  }
  if (typeof value === 'number' && /^[-+]?0[0-7]+$/.test(text)) return Number.parseInt(text, 8);
  return value;
}

type OriginOf = (place: Place, key: string) => readonly Origin[] | undefined;
/** A values file: each value is its own origin, under the key by which a person would name it. */
export const ownOrigin: OriginOf = (place, key) => [{ ...place, key }];
/** Values that nobody would edit where they stand. */
export const noOrigin: OriginOf = () => undefined;
/** A text that was rendered: its values come from those that decided its parts. */
const deciding: OriginOf = ({ decidedBy }) => decidedBy;

/** A cell whose every value knows where it comes from. */
export function cellOfYaml(node: YamlNode, key = '', originOf: OriginOf = ownOrigin): Cell {
  if (node.kind === 'scalar') return withOrigin(scalarValue(node), originOf(node.place, key));
  if (node.kind === 'list') {
    const items = node.items.map((item, index) => cellOfYaml(item, `${key}[${index}]`, originOf));
    return withOrigin(new GoList(items), originOf(node.place, key));
  }
  const entries = new Map<string, Cell>();
  for (const entry of node.entries.values()) {
    const name = keyOf(entry);
    const path = key === '' ? name : `${key}.${name}`;
    const inner = cellOfYaml(entry.value, path, originOf);
    const isSimple = entry.value.kind === 'scalar' && entry.value.text !== '';
    entries.set(name, isSimple ? inner : withOrigin(inner.value, originOf(entry.keyPlace, path) ?? inner.from));
  }
  return withOrigin(new GoMap(entries), originOf(node.place, key));
}
/** A bare `on` or `yes` is a boolean as a key, too. */
function keyOf({ key, keyPlace }: YamlEntry): string {
  const isBare = keyPlace.endColumn - keyPlace.column === key.length && !bareWords.has(key);
  if (isBare && trueWords.has(key)) return 'true';
  return isBare && falseWords.has(key) ? 'false' : key;
}
const withOrigin = (value: Cell['value'], from: readonly Origin[] | undefined): Cell => (from ? { value, from } : { value });

/** The first document of a text, as `fromYaml` takes it; a text with an error throws. */
export function parseYaml(text: string, pieces?: readonly Piece[]): Cell {
  const places = pieces?.some(({ from }) => from) ? originsOnly(text, pieces) : undefined;
  const { documents, notAssessed } = readYaml({ path: '', text, ...(places ? { places } : {}) });
  if (notAssessed.length > 0) throw new TemplateError(notAssessed[0]!.message);
  return documents[0] ? cellOfYaml(documents[0], '', deciding) : { value: null };
}

const nowhere: Place = { path: '', line: 1, column: 1, endLine: 1, endColumn: 1 };
function originsOnly(text: string, pieces: readonly Piece[]): PlaceMap {
  const rendered = new RenderedPlaces('', text, pieces, undefined);
  return {
    place(start, end) {
      const decidedBy = rendered.originsAt(start, end);
      return decidedBy ? { ...nowhere, decidedBy } : nowhere;
    },
  };
}

/** As JSON and YAML print a float64. */
const printNumber = (value: number): string => {
  if (!Number.isFinite(value)) throw new TemplateError('unsupported value in YAML');
  const size = Math.abs(value);
  return size !== 0 && (size < 1e-6 || size >= 1e21) ? String(value) : plainDecimal(value);
};

/** As `toYaml`: each line knows which values decided it. */
export function printYaml(given: Cell): Cell {
  const pieces: Piece[] = [];
  write(given, 0, pieces, 'line');
  const last = pieces.at(-1);
  if (last?.text.endsWith('\n')) pieces[pieces.length - 1] = { ...last, text: last.text.slice(0, -1) };
  const { from: whole } = given;
  return cellOfPieces(whole ? pieces.map((piece) => ({ ...piece, whole })) : pieces);
}

const deepest = 150;
/** `line`: at the beginning of a line; `key`: behind a colon; `dash`: behind a dash. */
function write({ value, from }: Cell, depth: number, pieces: Piece[], where: 'line' | 'key' | 'dash'): void {
  if (depth > deepest) throw new TemplateError('the value is nested too deeply');
  const add = (text: string): void => {
    pieces.push(from ? { text, from } : { text });
  };
  const space = where === 'key' ? ' ' : '';
  if (value instanceof GoMap) {
    if (value.entries.size === 0) return add(`${space}{}\n`);
    if (where === 'key') add('\n');
    value.keys().forEach((key, index) => {
      const inner = value.get(key)!;
      const margin = where === 'dash' && index === 0 ? '' : '  '.repeat(depth);
      pieces.push({ text: `${margin}${printString(key, depth)}:`, ...(inner.from ? { from: inner.from } : {}) });
      write(inner, inner.value instanceof GoList ? depth : depth + 1, pieces, 'key');
    });
  } else if (value instanceof GoList) {
    if (value.items.length === 0) return add(`${space}[]\n`);
    if (where === 'key') add('\n');
    value.items.forEach((item, index) => {
      const margin = where === 'dash' && index === 0 ? '' : '  '.repeat(depth);
      pieces.push({ text: `${margin}- `, ...(item.from ? { from: item.from } : {}) });
      write(item, depth + 1, pieces, 'dash');
    });
  } else add(`${space}${printScalar(value, depth)}\n`);
}

function printScalar(value: Cell['value'], depth: number): string {
  if (value === null) return 'null';
  if (typeof value === 'number') return printNumber(value);
  if (typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  return printString(value instanceof GoBytes ? Buffer.from(value.text).toString('base64') : textOf(value), depth);
}

/** Words and forms that YAML 1.1 takes for something else than a string. */
const ambiguous =
  /^(?:|~|null|Null|NULL|true|True|TRUE|false|False|FALSE|y|Y|yes|Yes|YES|n|N|no|No|NO|on|On|ON|off|Off|OFF|<<|=|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)|[-+]?[0-9][0-9_]*|[-+]?0x[0-9a-fA-F_]+|[-+]?0b[01_]+|[-+]?(?:\.[0-9][0-9_]*|[0-9][0-9_]*(?:\.[0-9_]*)?)(?:[eE][-+]?[0-9]+)?|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt ].*)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?)$/;
const needsQuotes = /^[-?:](?:\s|$)|^[,[\]{}#&*!|>'"%@`]|^\s|\s$|: |:$| #|^---|^\.\.\./;

function printString(text: string, depth: number): string {
  if (/[\x00-\x08\x0B-\x1F\x7F-\x9F\uFEFF\uFFFD]/.test(text)) return JSON.stringify(text);
  if (text.includes('\n')) return printBlock(text, depth);
  if (ambiguous.test(text) || text.includes('\t')) return JSON.stringify(text);
  return needsQuotes.test(text) ? `'${text.replaceAll("'", "''")}'` : text;
}

function printBlock(text: string, depth: number): string {
  if (text.trim() === '' || text.startsWith(' ') || text.startsWith('\n')) return JSON.stringify(text);
  const body = text.replace(/\n+$/, '');
  const ends = text.length - body.length;
  const margin = '  '.repeat(Math.max(1, depth));
  const lines = body.split('\n').map((line) => (line === '' ? '' : margin + line));
  return `|${ends === 0 ? '-' : ends === 1 ? '' : '+'}\n${lines.join('\n')}${ends > 1 ? '\n'.repeat(ends - 1) : ''}`;
}

/** As encoding/json prints; `<`, `>` and `&` are escaped unless it is raw. */
export function printJson({ value }: Cell, raw = false, indent = ''): string {
  const text = writeJson(value, indent, '', 0);
  return raw ? text : text.replace(/[<>&\u2028\u2029]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
function writeJson(value: Cell['value'], indent: string, margin: string, depth: number): string {
  if (depth > deepest) throw new TemplateError('the value is nested too deeply');
  const inner = margin + indent;
  const join = (open: string, parts: readonly string[], close: string): string => {
    if (parts.length === 0) return open + close;
    return indent === '' ? open + parts.join(',') + close : `${open}\n${inner}${parts.join(`,\n${inner}`)}\n${margin}${close}`;
  };
  if (value === null) return 'null';
  if (typeof value === 'number') return printNumber(value);
  if (typeof value === 'string') return JSON.stringify(value);
  if (value instanceof GoMap) {
    const keys = value.keys().sort(compareText);
    const colon = indent === '' ? ':' : ': ';
    return join(
      '{',
      keys.map((key) => JSON.stringify(key) + colon + writeJson(value.get(key)!.value, indent, inner, depth + 1)),
      '}',
    );
  }
  if (value instanceof GoList)
    return join(
      '[',
      value.items.map((item) => writeJson(item.value, indent, inner, depth + 1)),
      ']',
    );
  if (value instanceof GoBytes) return JSON.stringify(Buffer.from(value.text).toString('base64'));
  return typeof value === 'boolean' || typeof value === 'bigint' ? String(value) : JSON.stringify(printValue(value));
}

/** Plain data, as `JSON.parse` gives it, as cells. */
export function cellOfJson(value: unknown, depth = 0): Cell {
  if (depth > deepest) throw new TemplateError('the value is nested too deeply');
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return { value };
  if (Array.isArray(value)) return { value: new GoList(value.map((item) => cellOfJson(item, depth + 1))) };
  return { value: new GoMap(new Map(Object.entries(value as object).map(([key, item]) => [key, cellOfJson(item, depth + 1)]))) };
}
