/** Scalars of plain YAML. */
import { CST } from 'yaml';

/** It is not this kind of YAML, or none at all. */
export class OtherYaml extends Error {}
const other = new OtherYaml();
export const refuse = (): never => {
  throw other;
};

export const space = 32;
export const newline = 10;
export const tab = 9;
export const hash = 35;
export const colon = 58;
/** What ends a plain scalar in a flow collection. */
export const flowEnds = new Set([...',[]{}'].map((char) => char.charCodeAt(0)));

export function isBlank(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code === space || code === newline || at >= text.length;
}

/** Behind the quote that closes the one here, on the same line; -1: it is not there. */
export function quoteEnd(text: string, start: number): number {
  const end = closingQuote(text, start);
  const line = text.indexOf('\n', start);
  return line >= 0 && line < end ? -1 : end;
}

/** The same over lines that stand deeper than `indent`. */
export function quoteEndBelow(text: string, start: number, indent: number): number {
  const end = closingQuote(text, start);
  for (let line = text.indexOf('\n', start); line >= 0 && line < end; line = text.indexOf('\n', line + 1)) {
    const content = contentFrom(text, line + 1);
    if (text.charCodeAt(content) !== newline && content - line - 1 <= indent) refuse();
  }
  return end;
}

function closingQuote(text: string, start: number): number {
  const quote = text.charCodeAt(start);
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 92 && quote === 34) at++;
    else if (code === quote) {
      if (quote === 34 || text.charCodeAt(at + 1) !== quote) return at + 1;
      at++;
    }
  }
  return refuse();
}

/** The first character from here that is no space. */
function contentFrom(text: string, start: number): number {
  let at = start;
  while (text.charCodeAt(at) === space) at++;
  return at;
}

export function quotedValue(text: string, start: number, end: number): string {
  const source = text.slice(start, end);
  const isDouble = source.startsWith('"');
  const inner = source.slice(1, -1);
  if (!inner.includes(isDouble ? '\\' : "''") && !inner.includes('\n')) return inner;
  const token: CST.FlowScalar = {
    type: isDouble ? 'double-quoted-scalar' : 'single-quoted-scalar',
    offset: start,
    indent: 0,
    source,
  };
  return CST.resolveAsScalar(token, false, refuse).value;
}

/** Behind a plain scalar; outside of flow collections it goes on over lines deeper than `indent`. */
export function plainEnd(text: string, start: number, indent: number): number {
  let end = plainLineEnd(text, start, false);
  for (;;) {
    let line = contentFrom(text, end);
    if (text.charCodeAt(line) !== newline) return end;
    let content = line;
    while (text.charCodeAt(content) === newline) {
      line = content;
      content = contentFrom(text, line + 1);
    }
    if (content >= text.length || content - line - 1 <= indent || text.charCodeAt(content) === hash) return end;
    end = plainLineEnd(text, content, false);
  }
}

/** Behind the part of it that stands on this line. */
export function plainLineEnd(text: string, start: number, inFlow: boolean): number {
  let end = start;
  for (let at = start; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === newline || (inFlow && flowEnds.has(code))) break;
    if (code === tab) refuse();
    if (code === colon && (isBlank(text, at + 1) || (inFlow && flowEnds.has(text.charCodeAt(at + 1))))) {
      if (inFlow) break;
      refuse();
    }
    if (code === hash && text.charCodeAt(at - 1) === space) break;
    if (code !== space) end = at + 1;
  }
  return end === start ? refuse() : end;
}

/** The text of a plain scalar: line ends are folded. */
export function plainText(text: string, start: number, end: number): string {
  const source = text.slice(start, end);
  if (!source.includes('\n')) return source;
  return CST.resolveAsScalar({ type: 'scalar', offset: start, indent: 0, source }, false, refuse).value;
}

/** `|` or `>`: its lines are those deeper than the key or dash; blank ones at the end count only with `+`. */
export function readBlockScalar(text: string, start: number, indent: number): { readonly value: string; readonly end: number } {
  const header = /[|>][-+]?(?= *\n)/y;
  header.lastIndex = start;
  const [found] = header.exec(text) ?? refuse();
  const first = text.indexOf('\n', start) + 1;
  const own = columnFrom(text, first);
  const end = own > indent ? lastLine(text, first, own, found.endsWith('+')) : first;
  if (end === first) refuse();
  const gap = text.slice(start + found.length, first - 1);
  const token: CST.BlockScalar = {
    type: 'block-scalar',
    offset: start,
    indent,
    source: text.slice(first, end),
    props: [
      { type: 'block-scalar-header', offset: start, indent, source: found },
      ...(gap ? [{ type: 'space' as const, offset: start + found.length, indent, source: gap }] : []),
      { type: 'newline', offset: first - 1, indent, source: '\n' },
    ],
  };
  return { value: CST.resolveAsScalar(token, false, refuse).value, end };
}

/** Column of the first line that is not blank. */
function columnFrom(text: string, first: number): number {
  let start = first;
  for (let at = first; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === newline) start = at + 1;
    else if (code === tab) return refuse();
    else if (code !== space) return at - start;
  }
  return refuse();
}

/** Behind the last line of a block whose lines stand at `column` or deeper. */
function lastLine(text: string, first: number, column: number, keepsBlank: boolean): number {
  let end = first;
  for (let start = first; start < text.length; ) {
    let at = start;
    while (text.charCodeAt(at) === space) at++;
    const code = text.charCodeAt(at);
    const isBlank = code === newline || at >= text.length;
    if (!isBlank && at - start < column) return code === tab ? refuse() : end;
    // Blank lines that are deeper than the block are content.
    if (isBlank && at - start > column) refuse();
    const stop = text.indexOf('\n', at);
    const next = stop < 0 ? text.length : stop + 1;
    if (!isBlank || keepsBlank) end = next;
    start = next;
  }
  return end;
}

/** As the core schema of YAML 1.2 reads it. */
export function plainValue(text: string): string | number | boolean | null {
  const code = text.charCodeAt(0);
  // Numbers begin with a digit, a sign or a point.
  if (code < 58 && code > 42) return numberIn(text) ?? text;
  if (text.length > 5) return text;
  if (/^(?:~|[Nn]ull|NULL)$/.test(text)) return null;
  if (/^(?:[Tt]rue|TRUE|[Ff]alse|FALSE)$/.test(text)) return code === 84 || code === 116;
  return text;
}

function numberIn(text: string): number | undefined {
  if (/^[-+]?[0-9]+$/.test(text)) return Number.parseInt(text, 10);
  if (/^0o[0-7]+$/.test(text)) return Number.parseInt(text.slice(2), 8);
  if (/^0x[0-9a-fA-F]+$/.test(text)) return Number.parseInt(text.slice(2), 16);
  if (/^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/.test(text)) return Number.parseFloat(text);
  if (/^[-+]?\.(?:inf|Inf|INF)$/.test(text)) return text.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return /^\.(?:nan|NaN|NAN)$/.test(text) ? Number.NaN : undefined;
}

const localTag = /![A-Za-z][\w:.-]*(?=[ \n])/y;
/** A tag of the file's own (`!Ref`): those of YAML itself (`!!str`) are left to the library. */
export function tagAt(text: string, at: number): string {
  localTag.lastIndex = at;
  return localTag.exec(text)?.[0] ?? refuse();
}
