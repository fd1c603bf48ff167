/**
 * HOCON (lightbend/config, "HOCON.md") as far as settings need it: nested objects, paths as keys, comments, triple quotes, joined values,
 * substitutions. `${?NAME}` after a value is what the environment may give instead: the two become `${NAME:value}`.
 */
import type { Place, SourceFile } from '../types.ts';
import { LineMap } from './positions.ts';

export interface HoconSetting {
  readonly key: string;
  readonly value: string;
  /** From the key to the end of the value that is written out. */
  readonly place: Place;
}

const maxDepth = 50;
const maxSettings = 5000;
const blank = /[ \t\r\n\uFEFF]/;
/** What ends a key or a value that stands without quotes. */
const special = /[{}[\]:=,+#`^?!@*&"\\\r\n]/;
const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', f: '\f', b: '\b' };
const ofEnvironment = /^[A-Z][A-Z0-9_]*$/;

class Reader {
  readonly found = new Map<string, HoconSetting>();
  readonly #text: string;
  readonly #lines: LineMap;
  #at = 0;

  constructor({ path, text }: SourceFile) {
    this.#text = text;
    this.#lines = new LineMap(path, text);
  }

  readAll(): void {
    this.#skip(true);
    if (this.#text[this.#at] === '{') this.#at++;
    this.#object('', 0);
  }

  /** Blanks and comments; line ends, too, where they separate nothing. */
  #skip(overLines: boolean): void {
    for (; this.#at < this.#text.length; this.#at++) {
      const char = this.#text[this.#at]!;
      if (char === '#' || (char === '/' && this.#text[this.#at + 1] === '/')) {
        const end = this.#text.indexOf('\n', this.#at);
        this.#at = (end < 0 ? this.#text.length : end) - 1;
      } else if (!blank.test(char) || (char === '\n' && !overLines)) return;
    }
  }

  /** The fields up to the `}` that closes them. */
  #object(prefix: string, depth: number): void {
    while (this.#at < this.#text.length && this.found.size < maxSettings) {
      this.#skip(true);
      const char = this.#text[this.#at];
      if (char === undefined || char === '}') {
        this.#at++;
        return;
      }
      const before = this.#at;
      if (char === ',') this.#at++;
      else this.#field(prefix, depth);
      // Whatever is no field is passed over.
      if (this.#at === before) this.#at++;
    }
  }

  #field(prefix: string, depth: number): void {
    const start = this.#at;
    const name = this.#key();
    this.#skip(false);
    const separator = /^(?:\+?=|:)/.exec(this.#text.slice(this.#at, this.#at + 2))?.[0] ?? '';
    this.#at += separator.length;
    if (separator !== '') this.#skip(true);
    const key = prefix === '' ? name : `${prefix}.${name}`;
    if (this.#text[this.#at] === '{') {
      this.#at++;
      if (depth < maxDepth) this.#object(key, depth + 1);
    } else if (separator !== '' && name !== '') this.#value(key, start, depth);
    else if (separator === '') this.#line();
  }

  /** `include "other.conf"` and what is not understood. */
  #line(): void {
    const end = this.#text.indexOf('\n', this.#at);
    this.#at = end < 0 ? this.#text.length : end;
  }

  #key(): string {
    let key = '';
    for (let char = this.#text[this.#at]; char !== undefined; char = this.#text[this.#at]) {
      if (char === '"') key += this.#quoted();
      else if (special.test(char)) break;
      else {
        key += char;
        this.#at++;
      }
    }
    return key.trim();
  }

  /** Items of a list are settings of their own: `hosts[0]`. */
  #list(key: string, depth: number): void {
    for (let index = 0; this.#at < this.#text.length && this.found.size < maxSettings; index++) {
      for (this.#skip(true); this.#text[this.#at] === ','; this.#skip(true)) this.#at++;
      const [char, before] = [this.#text[this.#at], this.#at];
      if (char === undefined || char === ']') {
        this.#at++;
        return;
      }
      if (char !== '{') this.#value(`${key}[${index}]`, this.#at, depth + 1);
      else {
        this.#at++;
        if (depth < maxDepth) this.#object(`${key}[${index}]`, depth + 1);
      }
      if (this.#at === before) this.#at++;
    }
  }

  #value(key: string, start: number, depth: number): void {
    if (this.#text[this.#at] === '[') {
      this.#at++;
      if (depth < maxDepth) this.#list(key, depth + 1);
      return;
    }
    let value = '';
    let end = this.#at;
    let optional: string | undefined;
    let parts = 0;
    for (; this.#at < this.#text.length; end = this.#at, parts++) {
      const gap = this.#at;
      this.#skip(false);
      const char = this.#text[this.#at];
      if (char === undefined || /[\n,}\]]/.test(char)) break;
      if (parts > 0) value += this.#text.slice(gap, this.#at);
      const substitution = char === '$' ? /^\$\{(\??)\s*([^}\n]{1,200})\}/.exec(this.#text.slice(this.#at, this.#at + 210)) : null;
      if (substitution) {
        value += `\${${substitution[2]!.trim()}}`;
        optional = substitution[1] === '?' ? substitution[2]!.trim() : undefined;
        this.#at += substitution[0].length;
      } else if (char === '"') value += this.#quoted();
      else value += this.#bare();
    }
    this.#put(key, value, parts === 1 ? optional : undefined, this.#lines.place(start, end));
  }

  #put(key: string, value: string, optional: string | undefined, place: Place): void {
    const before = this.found.get(key);
    if (optional === undefined) this.found.set(key, { key, value, place });
    // Where nothing gives it, there is none, or the list that stands before it.
    else if (before === undefined) {
      if (ofEnvironment.test(optional) && !this.found.has(`${key}[0]`)) this.found.set(key, { key, value: `\${${optional}:}`, place });
    } else if (ofEnvironment.test(optional) && !/\$\{[A-Z][A-Z0-9_]*[:}]/.test(before.value))
      this.found.set(key, { ...before, value: `\${${optional}:${before.value}}` });
  }

  #bare(): string {
    const start = this.#at;
    for (; this.#at < this.#text.length; this.#at++) {
      const char = this.#text[this.#at]!;
      if (/[\s,{}[\]"#$]/.test(char) || (char === '/' && this.#text[this.#at + 1] === '/' && this.#text[this.#at - 1] !== ':')) break;
    }
    if (this.#at === start) this.#at++;
    return this.#text.slice(start, this.#at);
  }

  #quoted(): string {
    if (this.#text.startsWith('"""', this.#at)) {
      const end = this.#text.indexOf('"""', this.#at + 3);
      const inside = this.#text.slice(this.#at + 3, end < 0 ? undefined : end);
      this.#at = end < 0 ? this.#text.length : end + 3;
      return inside;
    }
    let text = '';
    for (this.#at++; this.#at < this.#text.length; this.#at++) {
      const char = this.#text[this.#at]!;
      if (char === '"' || char === '\n') break;
      text += char === '\\' ? (escapes[this.#text[++this.#at] ?? ''] ?? this.#text[this.#at] ?? '') : char;
    }
    this.#at++;
    return text;
  }
}

export function readHocon(file: SourceFile): readonly HoconSetting[] {
  const reader = new Reader(file);
  reader.readAll();
  return [...reader.found.values()];
}
