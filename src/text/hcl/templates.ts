/** Quoted strings, heredocs and whole template files. */
import type { Cursor } from './cursor.ts';
import { type Expression, HclError, type TemplatePart } from './syntax.ts';

export type ReadExpression = (cursor: Cursor, lines: boolean) => Expression;

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\' };

/** Gathers the parts of a template; neighbouring characters become one part unless an escape lies between. */
class Parts {
  readonly list: TemplatePart[] = [];
  #text = '';
  #start = 0;
  #end = 0;
  add(text: string, start: number, end: number): void {
    if (this.#text !== '' && this.#end === start && this.#text.length === this.#end - this.#start && text.length === end - start) {
      this.#text += text;
      this.#end = end;
      return;
    }
    this.flush();
    this.#text = text;
    this.#start = start;
    this.#end = end;
  }
  flush(): void {
    if (this.#text !== '') this.list.push({ is: 'text', text: this.#text, start: this.#start, end: this.#end });
    this.#text = '';
  }
  push(part: TemplatePart): void {
    this.flush();
    this.list.push(part);
  }
}

/** `${ … }` and `%{ … }`; `~` trims blanks around, which no judgement depends on. */
function readSequence(cursor: Cursor, parts: Parts, readExpression: ReadExpression): void {
  const start = cursor.at;
  const directive = cursor.code === 37;
  cursor.at += 2;
  if (cursor.code === 126) cursor.at++;
  if (directive) {
    skipDirective(cursor);
    parts.push({ is: 'directive', start, end: cursor.at });
    return;
  }
  const value = cursor.nested(() => readExpression(cursor, true));
  cursor.skipGaps(true);
  if (cursor.code === 126) cursor.at++;
  cursor.expect('}');
  parts.push({ is: 'value', value, start, end: cursor.at });
}

function skipDirective(cursor: Cursor): void {
  const start = cursor.at;
  let quoted = false;
  while (cursor.at < cursor.end) {
    const code = cursor.code;
    if (code === 92 && quoted) cursor.at++;
    else if (code === 34) quoted = !quoted;
    else if (code === 125 && !quoted) {
      cursor.at++;
      return;
    }
    cursor.at++;
  }
  throw new HclError('a template directive is not closed', start);
}

const startsSequence = (cursor: Cursor): boolean => (cursor.code === 36 || cursor.code === 37) && cursor.peek(1) === 123;
const isEscapedSequence = (cursor: Cursor): boolean =>
  (cursor.code === 36 || cursor.code === 37) && cursor.peek(1) === cursor.code && cursor.peek(2) === 123;

function finish(parts: Parts, start: number, end: number): Expression {
  parts.flush();
  const [first, ...more] = parts.list;
  if (!first) return { is: 'literal', value: '', start, end };
  if (more.length === 0 && first.is === 'text' && !first.text.includes('\n')) return { is: 'literal', value: first.text, start, end };
  return { is: 'template', parts: parts.list, start, end };
}

/** `"…"`, the cursor on the opening quote. */
export function readQuoted(cursor: Cursor, readExpression: ReadExpression): Expression {
  const start = cursor.at++;
  const parts = new Parts();
  for (;;) {
    const code = cursor.code;
    if (code === 34) break;
    if (code === -1 || code === 10) throw new HclError('a string is not closed', start);
    if (code === 92) readEscape(cursor, parts);
    else if (isEscapedSequence(cursor)) {
      parts.add(cursor.text.slice(cursor.at + 1, cursor.at + 3), cursor.at, cursor.at + 3);
      cursor.at += 3;
    } else if (startsSequence(cursor)) readSequence(cursor, parts, readExpression);
    else readPlain(cursor, parts, /["\\\n$%]/g);
  }
  cursor.at++;
  return finish(parts, start, cursor.at);
}

/** Characters up to the next one that may mean something. */
function readPlain(cursor: Cursor, parts: Parts, stop: RegExp): void {
  stop.lastIndex = cursor.at + 1;
  const next = stop.exec(cursor.text);
  const end = Math.min(next?.index ?? cursor.end, cursor.end);
  parts.add(cursor.text.slice(cursor.at, end), cursor.at, end);
  cursor.at = end;
}

function readEscape(cursor: Cursor, parts: Parts): void {
  const start = cursor.at;
  const letter = cursor.text[cursor.at + 1] ?? '';
  const length = letter === 'u' ? 4 : letter === 'U' ? 8 : 0;
  cursor.at += 2 + length;
  if (length === 0) {
    parts.add(escapes[letter] ?? letter, start, cursor.at);
    return;
  }
  const point = Number.parseInt(cursor.text.slice(start + 2, cursor.at), 16);
  if (!(point >= 0 && point <= 0x10ffff)) throw new HclError('an escape names no character', start);
  parts.add(String.fromCodePoint(point), start, cursor.at);
}

/** `<<EOF` and `<<-EOF`, the cursor on the first `<`. */
export function readHeredoc(cursor: Cursor, readExpression: ReadExpression): Expression {
  const start = cursor.at;
  cursor.at += 2;
  if (cursor.code === 45) cursor.at++;
  const marker = cursor.name();
  if (marker === undefined) throw new HclError('a heredoc has no marker', start);
  cursor.skipGaps(false);
  if (cursor.code !== 10) throw new HclError('a heredoc starts on the line after its marker', cursor.at);
  cursor.at++;
  const [contentEnd, end] = findMarker(cursor, marker, start);
  const parts = new Parts();
  readTemplateUntil(cursor, contentEnd, parts, readExpression);
  cursor.at = end;
  return finish(parts, start, end);
}

/** Where the content ends, and where the marker's line does. */
function findMarker(cursor: Cursor, marker: string, start: number): readonly [number, number] {
  let line = cursor.at;
  while (line < cursor.end) {
    const next = cursor.text.indexOf('\n', line);
    const end = next < 0 || next > cursor.end ? cursor.end : next;
    if (end - line < marker.length + 1000 && cursor.text.slice(line, end).trim() === marker) {
      return [line, cursor.text.indexOf(marker, line) + marker.length];
    }
    line = end + 1;
  }
  throw new HclError(`the heredoc \`${marker.slice(0, 40)}\` is not closed`, start);
}

function readTemplateUntil(cursor: Cursor, end: number, parts: Parts, readExpression: ReadExpression): void {
  while (cursor.at < end) {
    if (isEscapedSequence(cursor)) {
      parts.add(cursor.text.slice(cursor.at + 1, cursor.at + 3), cursor.at, cursor.at + 3);
      cursor.at += 3;
    } else if (startsSequence(cursor)) readSequence(cursor, parts, readExpression);
    else readText(cursor, end, parts);
  }
}
function readText(cursor: Cursor, end: number, parts: Parts): void {
  const stop = /[$%]/g;
  stop.lastIndex = cursor.at + 1;
  const next = Math.min(stop.exec(cursor.text)?.index ?? end, end);
  parts.add(cursor.text.slice(cursor.at, next), cursor.at, next);
  cursor.at = next;
}

/** A whole text as a template (`templatefile`). */
export function readTemplateText(cursor: Cursor, readExpression: ReadExpression): Expression {
  const parts = new Parts();
  readTemplateUntil(cursor, cursor.end, parts, readExpression);
  parts.flush();
  return { is: 'template', parts: parts.list, start: 0, end: cursor.end };
}
