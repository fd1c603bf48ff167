/**
 * TOML in the shape of the YAML tree, so that every value knows its place. smol-toml decides what is valid and what a scalar is worth;
 * here a valid text is only cut into its parts (toml.io/en/v1.0.0).
 */
import { parse, TomlError } from 'smol-toml';
import type { NotAssessed, Place, SourceFile } from '../types.ts';
import { LineMap } from './positions.ts';
import type { YamlEntry, YamlList, YamlMap, YamlNode, YamlScalar } from './yaml-document.ts';

export interface TomlFile {
  readonly root?: YamlMap;
  readonly notAssessed: readonly NotAssessed[];
}

const maxLength = 512 * 1024;
const maxDepth = 100;

interface Table extends YamlMap {
  readonly entries: Map<string, YamlEntry>;
}
interface Key {
  readonly name: string;
  readonly place: Place;
}

/** Reads a whole file; one with an error gives nothing but a note. */
export function readToml(file: SourceFile): TomlFile {
  const lines = new LineMap(file.path, file.text);
  const fail = (reason: string, message: string, offset = 0): TomlFile => ({
    notAssessed: [{ reason, message, place: lines.place(offset, offset), failed: true }],
  });
  if (file.text.length > maxLength) return fail('too-large', 'The TOML is too long to be read.');
  try {
    parse(file.text, { maxDepth });
  } catch (error) {
    if (!(error instanceof TomlError)) return fail('too-deep', 'The TOML is nested too deeply to be read.');
    const [message = ''] = error.message.split('\n');
    return fail(
      'syntax-error',
      `The TOML cannot be read: ${message.replace(/^Invalid TOML document: /, '').replace(/[.:]$/, '')}.`,
      lines.offset(error.line, error.column),
    );
  }
  return { root: new TomlReader(file.text, lines).read(), notAssessed: [] };
}

/** Walks over a text that is known to be valid. */
class TomlReader {
  readonly #text: string;
  readonly #lines: LineMap;
  #at = 0;
  constructor(text: string, lines: LineMap) {
    this.#text = text;
    this.#lines = lines;
  }

  read(): YamlMap {
    const root = this.#table(0, 0);
    let current = root;
    for (this.#skip(); this.#at < this.#text.length; this.#skip()) {
      if (this.#text[this.#at] === '[') current = this.#header(root);
      else this.#pair(current);
    }
    return root;
  }

  #table(start: number, end: number): Table {
    return { kind: 'map', entries: new Map(), place: this.#lines.place(start, end) };
  }

  /** Spaces, line ends and comments. */
  #skip(): void {
    const gap = /(?:[ \t\r\n]+|#[^\n]*)*/y;
    gap.lastIndex = this.#at;
    gap.test(this.#text);
    this.#at = gap.lastIndex;
  }

  #key(end: string): readonly Key[] {
    const keys: Key[] = [];
    for (;;) {
      this.#skip();
      const start = this.#at;
      const quote = this.#text[start];
      const name = quote === '"' || quote === "'" ? String(this.#string(start).value) : this.#bare(/[A-Za-z0-9_-]+/y);
      keys.push({ name, place: this.#lines.place(start, this.#at) });
      this.#skip();
      const next = this.#text[this.#at++];
      if (next === end || next === undefined) return keys;
    }
  }

  #bare(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const text = pattern.exec(this.#text)?.[0] ?? '';
    this.#at += text.length;
    return text;
  }

  /** `[a.b]` opens a table, `[[a.b]]` one more of a list. */
  #header(root: Table): Table {
    const start = this.#at;
    const isList = this.#text[start + 1] === '[';
    this.#at += isList ? 2 : 1;
    const keys = this.#key(']');
    if (isList) this.#at++;
    const last = keys.at(-1)!;
    const parent = this.#descend(root, keys.slice(0, -1));
    const table = this.#table(start, this.#at);
    const known = parent.entries.get(last.name);
    if (isList) {
      const items = known?.value.kind === 'list' ? known.value.items : [];
      const value: YamlList = { kind: 'list', items: [...items, table], place: known?.value.place ?? table.place };
      parent.entries.set(last.name, { key: last.name, keyPlace: known?.keyPlace ?? last.place, value });
      return table;
    }
    const opened: Table = known?.value.kind === 'map' ? { ...table, entries: (known.value as Table).entries } : table;
    parent.entries.set(last.name, { key: last.name, keyPlace: last.place, value: opened });
    return opened;
  }

  /** The table that dotted keys lead to; the last one of a list. */
  #descend(from: Table, keys: readonly Key[]): Table {
    let table = from;
    for (const { name, place } of keys) {
      const known = table.entries.get(name)?.value;
      const inner = known?.kind === 'list' ? known.items.at(-1) : known;
      if (inner?.kind === 'map') table = inner as Table;
      else {
        const made: Table = { kind: 'map', entries: new Map(), place };
        table.entries.set(name, { key: name, keyPlace: place, value: made });
        table = made;
      }
    }
    return table;
  }

  #pair(table: Table): void {
    const keys = this.#key('=');
    const last = keys.at(-1)!;
    this.#skip();
    const value = this.#value();
    this.#descend(table, keys.slice(0, -1)).entries.set(last.name, { key: last.name, keyPlace: last.place, value });
  }

  #value(): YamlNode {
    const start = this.#at;
    switch (this.#text[start]) {
      case '"':
      case "'":
        return this.#string(start);
      case '[':
        return this.#list(start);
      case '{':
        return this.#inlineTable(start);
      default:
        return this.#scalar(start);
    }
  }

  #list(start: number): YamlList {
    const items: YamlNode[] = [];
    for (this.#at++, this.#skip(); this.#at < this.#text.length && this.#text[this.#at] !== ']'; this.#separator())
      items.push(this.#value());
    this.#at++;
    return { kind: 'list', items, place: this.#lines.place(start, this.#at) };
  }

  #inlineTable(start: number): Table {
    const entries: Table['entries'] = new Map();
    const table: Table = { kind: 'map', entries, place: this.#lines.place(start, start + 1) };
    for (this.#at++, this.#skip(); this.#at < this.#text.length && this.#text[this.#at] !== '}'; this.#separator()) this.#pair(table);
    this.#at++;
    return { ...table, place: this.#lines.place(start, this.#at) };
  }

  #separator(): void {
    this.#skip();
    if (this.#text[this.#at] === ',') this.#at++;
    this.#skip();
  }

  #string(start: number): YamlScalar {
    const quote = this.#text[start]!;
    const isLong = this.#text.startsWith(quote.repeat(3), start);
    const end = isLong ? this.#longEnd(start + 3, quote) : this.#shortEnd(start + 1, quote);
    this.#at = end;
    const value = decode(this.#text.slice(start, end));
    const text = typeof value === 'string' ? value : '';
    return { kind: 'scalar', value: text, text, quoted: true, place: this.#lines.place(start, end) };
  }

  #shortEnd(from: number, quote: string): number {
    let at = from;
    while (at < this.#text.length && this.#text[at] !== quote) at += quote === '"' && this.#text[at] === '\\' ? 2 : 1;
    return at + 1;
  }

  /** Up to two quotes may stand before the three that close it. */
  #longEnd(from: number, quote: string): number {
    let at = from;
    while (at < this.#text.length && !this.#text.startsWith(quote.repeat(3), at)) at += quote === '"' && this.#text[at] === '\\' ? 2 : 1;
    let end = at + 3;
    while (end < at + 5 && this.#text[end] === quote) end++;
    return end;
  }

  #scalar(start: number): YamlScalar {
    const text = this.#bare(/[^,\]}#\r\n]+/y).trim();
    if (text === '') this.#at++;
    const plain = decode(text);
    const value = typeof plain === 'number' || typeof plain === 'boolean' ? plain : text;
    return { kind: 'scalar', value, text, quoted: false, place: this.#lines.place(start, start + text.length) };
  }
}

/** The value of one written scalar; dates stay as they are written. */
function decode(text: string): unknown {
  try {
    return parse(`v = ${text}`)['v'];
  } catch {
    return undefined;
  }
}
