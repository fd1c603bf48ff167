/**
 * The YAML that nearly all files are written in, read in one pass: block maps and lists, scalars, flow collections of one
 * line, comments, tags such as `!Ref`. It gives the very tree that the library gives, ends of collections included, at a
 * tenth of the cost; `undefined` for anything else (anchors, errors, …), which the library then reads.
 */
import type { PlaceMap } from '../types.ts';
import {
  colon,
  flowEnds,
  hash,
  isBlank,
  newline,
  OtherYaml,
  plainEnd,
  plainLineEnd,
  plainText,
  plainValue,
  quotedValue,
  quoteEnd,
  quoteEndBelow,
  readBlockScalar,
  refuse,
  space,
  tab,
  tagAt,
} from './plain-yaml-scalars.ts';
import type { YamlEntry, YamlList, YamlMap, YamlNode, YamlScalar } from './yaml-document.ts';

export function readPlainYaml(text: string, lines: PlaceMap): readonly YamlNode[] | undefined {
  if (/[\r\uFEFF]/.test(text)) return undefined;
  try {
    return new PlainReader(text, lines).documents();
  } catch (error) {
    if (error instanceof OtherYaml) return undefined;
    throw error;
  }
}

const deepest = 60;
/** Longer keys are an error. */
const longestKey = 1000;
const mostNodes = 150_000;

const dash = 45;
const comma = 44;
const exclamation = 33;

/** What begins something else than a plain scalar. */
const indicators = new Set([...'&*!|>\'"%@`{}[],#?:-'].map((char) => char.charCodeAt(0)));

/** What a tag means nobody here knows: a scalar stays text. */
const withTag = (node: YamlNode, tag: string): YamlNode => (node.kind === 'scalar' ? { ...node, value: node.text, tag } : { ...node, tag });

class PlainReader {
  readonly #text: string;
  readonly #lines: PlaceMap;
  /** At the first character of the next thing that is neither space nor comment. */
  #at = 0;
  /** Its column. */
  #indent = 0;
  /** Nothing more in this document. */
  #ended = false;
  /** Column of the deepest comment in front of it; -1: there is none. */
  #comment = -1;
  /** Where the last node ends, what follows it up to the next one included as far as it belongs to it. */
  #end = 0;
  #nodes = 0;

  constructor(text: string, lines: PlaceMap) {
    this.#text = text;
    this.#lines = lines;
  }

  documents(): readonly YamlNode[] {
    const documents: YamlNode[] = [];
    for (;;) {
      this.#skip(0, -1);
      if (!this.#ended) {
        documents.push(this.#block(this.#indent, 0) ?? refuse());
        if (!this.#ended) refuse();
      }
      if (this.#at >= this.#text.length) return documents;
      this.#at += 3;
      this.#endLine();
    }
  }

  /**
   * Goes to the next content. A comment deeper than `within` belongs to the scalar in front of it, which then ends behind it:
   * `within` is -1 where there is none.
   */
  #skip(from: number, within: number): void {
    const text = this.#text;
    this.#comment = -1;
    let isBehind = within >= 0;
    let at = Math.max(from, this.#at);
    for (;;) {
      const start = at;
      while (text.charCodeAt(at) === space) at++;
      const code = text.charCodeAt(at);
      if (code === newline) at++;
      else if (code === hash) {
        const stop = text.indexOf('\n', at);
        const end = stop < 0 ? text.length : stop + 1;
        if (isBehind && at - start > within) this.#end = end;
        else {
          isBehind = false;
          this.#comment = Math.max(this.#comment, at - start);
        }
        at = end;
      } else {
        if (code === tab) refuse();
        this.#at = at;
        this.#indent = at - start;
        this.#ended = at >= text.length || this.#isMarker();
        return;
      }
    }
  }

  #isMarker(): boolean {
    if (this.#indent > 0) return false;
    const { length } = this.#text;
    if (this.#text.startsWith('...', this.#at)) return refuse();
    if (!this.#text.startsWith('---', this.#at)) return false;
    return this.#at + 3 >= length || isBlank(this.#text, this.#at + 3) || refuse();
  }

  /** Behind a value: spaces, a comment, the end of the line. Gives where the next line begins. */
  #endLine(): number {
    const text = this.#text;
    const start = this.#at;
    while (text.charCodeAt(this.#at) === space) this.#at++;
    if (text.charCodeAt(this.#at) === hash && this.#at > start) {
      const stop = text.indexOf('\n', this.#at);
      this.#at = stop < 0 ? text.length : stop;
    }
    if (this.#at < text.length && text.charCodeAt(this.#at++) !== newline) refuse();
    return this.#at;
  }

  /** A map or a list that begins here; `undefined`: neither does. */
  #block(indent: number, depth: number): YamlNode | undefined {
    if (depth > deepest || ++this.#nodes > mostNodes) refuse();
    if (this.#isItem()) return this.#list(indent, depth);
    return this.#map(indent, depth);
  }

  #isItem(): boolean {
    return this.#text.charCodeAt(this.#at) === dash && isBlank(this.#text, this.#at + 1);
  }

  /** A comment at its own column or deeper still belongs to a collection that ends, and so does all in front of what follows. */
  #close(indent: number): void {
    if (indent === 0 || this.#comment < indent) return;
    this.#end = this.#at;
    this.#comment = -1;
  }

  #list(indent: number, depth: number): YamlList {
    const start = this.#at;
    const items: YamlNode[] = [];
    while (!this.#ended && this.#indent === indent && this.#isItem()) {
      const dashAt = this.#at++;
      while (this.#text.charCodeAt(this.#at) === space) this.#at++;
      items.push(this.#item(indent, indent + this.#at - dashAt, depth));
    }
    if (!this.#ended && this.#indent > indent) refuse();
    const end = this.#end;
    this.#close(indent);
    return { kind: 'list', items, place: this.#lines.place(start, end) };
  }

  #item(indent: number, column: number, depth: number): YamlNode {
    const code = this.#text.charCodeAt(this.#at);
    if (code === newline || code === hash || this.#at >= this.#text.length) refuse();
    if (this.#isItem() || this.#keyEnd() >= 0) {
      this.#indent = column;
      return this.#block(column, depth + 1)!;
    }
    return this.#inline(indent, depth, false);
  }

  #map(indent: number, depth: number): YamlMap | undefined {
    const start = this.#at;
    const entries = new Map<string, YamlEntry>();
    while (!this.#ended && this.#indent === indent && !this.#isItem()) {
      const entry = this.#entry(indent, depth);
      if (!entry) return entries.size === 0 ? undefined : refuse();
      entries.delete(entry.key);
      entries.set(entry.key, entry);
    }
    if (!this.#ended && this.#indent >= indent) refuse();
    const end = this.#end;
    this.#close(indent);
    const leftOut = this.#lines.leftOut?.(start, end);
    return { kind: 'map', entries, place: this.#lines.place(start, end), ...(leftOut ? { leftOut } : {}) };
  }

  #entry(indent: number, depth: number): YamlEntry | undefined {
    const start = this.#at;
    const keyEnd = this.#keyEnd();
    if (keyEnd < 0) return undefined;
    const isQuoted = this.#isQuote(start);
    const key = isQuoted ? quotedValue(this.#text, start, keyEnd) : this.#text.slice(start, keyEnd);
    if (key === '<<' || key.length > longestKey || this.#nodes > mostNodes) refuse();
    this.#at = keyEnd + 1;
    const keyPlace = this.#lines.place(start, keyEnd);
    return { key, keyPlace, value: this.#value(indent, depth) };
  }

  #isQuote(at: number): boolean {
    const code = this.#text.charCodeAt(at);
    return code === 34 || code === 39;
  }

  /** Where the key that begins here ends, at its colon; -1: this is no key. */
  #keyEnd(): number {
    const text = this.#text;
    if (this.#isQuote(this.#at)) {
      const end = quoteEnd(this.#text, this.#at);
      return text.charCodeAt(end) === colon && isBlank(this.#text, end + 1) ? end : -1;
    }
    if (!this.#isPlainStart(this.#at)) return -1;
    for (let at = this.#at; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === newline) return -1;
      if (code === tab) refuse();
      if (code === colon && isBlank(this.#text, at + 1)) return text.charCodeAt(at - 1) === space ? refuse() : at;
      if (code === hash && text.charCodeAt(at - 1) === space) return -1;
    }
    return -1;
  }

  #isPlainStart(at: number): boolean {
    const code = this.#text.charCodeAt(at);
    if (!indicators.has(code)) return true;
    // `-x`, `:x` and `?x` are plain.
    return (code === dash || code === colon || code === 63) && !isBlank(this.#text, at + 1) && this.#text.charCodeAt(at + 1) !== tab;
  }

  /** What follows the colon of a key. */
  #value(indent: number, depth: number): YamlNode {
    const text = this.#text;
    while (text.charCodeAt(this.#at) === space) this.#at++;
    const start = this.#at;
    const code = text.charCodeAt(start);
    const isComment = code === hash;
    if (code !== newline && !isComment && start < text.length) {
      if (this.#isItem()) refuse();
      return this.#inline(indent, depth);
    }
    if (isComment) this.#at--;
    this.#skip(this.#endLine(), -1);
    const isNested = !this.#ended && (this.#indent > indent || (this.#indent === indent && this.#isItem()));
    if (isNested) return this.#block(this.#indent, depth + 1) ?? this.#below(indent, depth);
    this.#nodes++;
    // Comments up to the next key belong to the value that is not there.
    const hasComment = isComment || this.#comment >= 0;
    if (hasComment && this.#ended && this.#at < text.length) refuse();
    this.#end = hasComment ? this.#at : start;
    this.#comment = -1;
    return { kind: 'scalar', value: null, text: '', quoted: false, place: this.#lines.place(start, start) };
  }

  /** A scalar or flow collection on a line below its key. */
  #below(indent: number, depth: number): YamlNode {
    const code = this.#text.charCodeAt(this.#at);
    return code === 124 || code === 62 ? refuse() : this.#inline(indent, depth);
  }

  /** A value that begins on the line of its key or dash, and what follows it up to the next content. */
  #inline(indent: number, depth: number, behindKey = true): YamlNode {
    const code = this.#text.charCodeAt(this.#at);
    if (code === exclamation) return this.#tagged(indent, depth, behindKey);
    if (code === 124 || code === 62) return this.#blockScalar(indent);
    const node = this.#flow(depth, false, indent);
    this.#end = this.#endLine();
    this.#skip(this.#at, indent);
    if (!this.#ended && this.#indent > indent) refuse();
    return node;
  }

  /** `!Sub text`, `!If` and a list below it. */
  #tagged(indent: number, depth: number, behindKey: boolean): YamlNode {
    const tag = this.#tag();
    if (this.#text.charCodeAt(this.#at) !== newline)
      return this.#keyEnd() >= 0 || this.#isItem() ? refuse() : withTag(this.#inline(indent, depth, behindKey), tag);
    this.#skip(this.#endLine(), -1);
    const isNested = this.#indent > indent || (behindKey && this.#indent === indent && this.#isItem());
    if (this.#ended || !isNested || this.#comment >= 0) refuse();
    return withTag(this.#block(this.#indent, depth + 1) ?? refuse(), tag);
  }

  #tag(): string {
    const tag = tagAt(this.#text, this.#at);
    this.#at += tag.length;
    if (this.#skipSpaces() === exclamation) refuse();
    return tag;
  }

  /** A flow collection of one line, or a scalar: of one line `inFlow`, else of lines deeper than `indent`. */
  #flow(depth: number, inFlow: boolean, indent = 0): YamlNode {
    if (depth > deepest || ++this.#nodes > mostNodes) refuse();
    const start = this.#at;
    const code = this.#text.charCodeAt(start);
    if (code === 91) return this.#flowList(depth);
    if (code === 123) return this.#flowMap(depth);
    if (code === exclamation && inFlow) {
      const tag = this.#tag();
      return withTag(this.#flow(depth, true), tag);
    }
    const isQuoted = this.#isQuote(start);
    this.#at = isQuoted ? this.#quoteEnd(start, inFlow, indent) : this.#plainEnd(start, inFlow, indent);
    const text = isQuoted ? quotedValue(this.#text, start, this.#at) : plainText(this.#text, start, this.#at);
    const place = this.#lines.place(start, this.#at);
    return { kind: 'scalar', value: isQuoted ? text : plainValue(text), text, quoted: isQuoted, place };
  }

  #quoteEnd(start: number, inFlow: boolean, indent: number): number {
    const end = inFlow ? quoteEnd(this.#text, start) : quoteEndBelow(this.#text, start, indent);
    return end < 0 || this.#text.charCodeAt(end) === colon ? refuse() : end;
  }

  #plainEnd(start: number, inFlow: boolean, indent: number): number {
    if (!this.#isPlainStart(start)) refuse();
    if (!inFlow) return plainEnd(this.#text, start, indent);
    const isIndicator = indicators.has(this.#text.charCodeAt(start)) && flowEnds.has(this.#text.charCodeAt(start + 1));
    return isIndicator ? refuse() : plainLineEnd(this.#text, start, true);
  }

  #skipSpaces(): number {
    while (this.#text.charCodeAt(this.#at) === space) this.#at++;
    return this.#text.charCodeAt(this.#at);
  }

  #flowList(depth: number): YamlList {
    const start = this.#at++;
    const items: YamlNode[] = [];
    if (this.#skipSpaces() !== 93) {
      for (;;) {
        items.push(this.#flow(depth + 1, true));
        const code = this.#skipSpaces();
        if (code === 93) break;
        if (code !== comma) refuse();
        this.#at++;
        this.#skipSpaces();
      }
    }
    this.#at++;
    return { kind: 'list', items, place: this.#lines.place(start, this.#at) };
  }

  #flowMap(depth: number): YamlMap {
    const start = this.#at++;
    const entries = new Map<string, YamlEntry>();
    if (this.#skipSpaces() !== 125) {
      for (;;) {
        const entry = this.#flowEntry(depth);
        entries.delete(entry.key);
        entries.set(entry.key, entry);
        const code = this.#skipSpaces();
        if (code === 125) break;
        if (code !== comma) refuse();
        this.#at++;
        this.#skipSpaces();
      }
    }
    this.#at++;
    return { kind: 'map', entries, place: this.#lines.place(start, this.#at) };
  }

  #flowEntry(depth: number): YamlEntry {
    const start = this.#at;
    const isQuoted = this.#isQuote(start);
    const end = isQuoted ? quoteEnd(this.#text, start) : this.#plainEnd(start, true, 0);
    const key = isQuoted ? quotedValue(this.#text, start, end) : this.#text.slice(start, end);
    if (this.#text.charCodeAt(end) !== colon || !isBlank(this.#text, end + 1) || key === '<<' || key.length > longestKey) refuse();
    this.#at = end + 1;
    this.#skipSpaces();
    return { key, keyPlace: this.#lines.place(start, end), value: this.#flow(depth + 1, true) };
  }

  /** `|` or `>`. */
  #blockScalar(indent: number): YamlScalar {
    const start = this.#at;
    this.#nodes++;
    const { value, end } = readBlockScalar(this.#text, start, indent);
    this.#end = end;
    this.#at = end;
    this.#skip(end, -1);
    if (!this.#ended && this.#indent > indent) refuse();
    return { kind: 'scalar', value, text: value, quoted: true, place: this.#lines.place(start, end) };
  }
}
