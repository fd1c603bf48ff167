/** Cuts Go template text into texts and the tokens of actions; white space that `{{-` and `-}}` eat is left out. */
import { type Source, TemplateError } from './values.ts';

export interface Token {
  readonly kind: 'text' | 'open' | 'close' | 'identifier' | 'field' | 'variable' | 'string' | 'number' | 'char' | 'sign' | 'space' | 'dot';
  /** Of strings: their value; of fields and variables: the name with its `.` or `$`. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

export class TemplateSyntaxError extends TemplateError {
  constructor(
    message: string,
    readonly offset: number,
  ) {
    super(message);
  }
}

const isSpace = (char: string | undefined): boolean => char === ' ' || char === '\t' || char === '\n' || char === '\r';
function isWord(char: string | undefined): boolean {
  if (char === undefined) return false;
  const code = char.charCodeAt(0);
  if (code > 127) return /[\p{L}\p{N}_]/u.test(char);
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57) || code === 95;
}
const escapes: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
};

export function lexTemplate({ text }: Source): readonly Token[] {
  const tokens: Token[] = [];
  let trimNext = false;
  for (let at = 0; at <= text.length; ) {
    const open = text.indexOf('{{', at);
    const stop = open < 0 ? text.length : open;
    const trimBefore = open >= 0 && text[open + 2] === '-' && isSpace(text[open + 3]);
    let start = at;
    let end = stop;
    if (trimNext) while (start < end && isSpace(text[start])) start++;
    if (trimBefore) while (end > start && isSpace(text[end - 1])) end--;
    if (end > start) tokens.push({ kind: 'text', text: text.slice(start, end), start, end });
    if (open < 0) break;
    const body = open + (trimBefore ? 3 : 2);
    const commentAt = skipSpace(text, body);
    const close = text.startsWith('/*', commentAt) ? lexComment(text, open, commentAt) : lexAction(text, open, body, tokens);
    at = close.end;
    trimNext = close.trim;
  }
  return tokens;
}

const skipSpace = (text: string, at: number): number => {
  let next = at;
  while (isSpace(text[next])) next++;
  return next;
};

interface Close {
  readonly end: number;
  readonly trim: boolean;
}
const closeAt = (text: string, at: number): Close | undefined => {
  if (text.startsWith('}}', at)) return { end: at + 2, trim: false };
  return isSpace(text[at]) && text.startsWith('-}}', at + 1) ? { end: at + 4, trim: true } : undefined;
};

function lexComment(text: string, open: number, start: number): Close {
  const end = text.indexOf('*/', start + 2);
  if (end < 0) throw new TemplateSyntaxError('unclosed comment', open);
  const close = closeAt(text, end + 2);
  if (!close) throw new TemplateSyntaxError('comment ends before closing delimiter', open);
  return close;
}

function lexAction(text: string, open: number, body: number, tokens: Token[]): Close {
  tokens.push({ kind: 'open', text: '{{', start: open, end: body });
  let at = body;
  for (;;) {
    const close = closeAt(text, at);
    if (close) {
      tokens.push({ kind: 'close', text: '}}', start: at, end: close.end });
      return close;
    }
    if (at >= text.length) throw new TemplateSyntaxError('unclosed action', open);
    const token = lexToken(text, at);
    tokens.push(token);
    at = token.end;
  }
}

const signs = [':=', '=', '|', '(', ')', ','];
function lexToken(text: string, start: number): Token {
  const char = text[start]!;
  const token = (kind: Token['kind'], end: number, value = text.slice(start, end)): Token => ({ kind, text: value, start, end });
  if (isSpace(char)) return token('space', skipSpaceInAction(text, start));
  if (char === '"') return lexQuoted(text, start);
  if (char === '`') {
    const end = text.indexOf('`', start + 1);
    if (end < 0) throw new TemplateSyntaxError('unterminated raw quoted string', start);
    return token('string', end + 1, text.slice(start + 1, end));
  }
  if (char === "'") return lexChar(text, start);
  if (char === '$') return token('variable', wordEnd(text, start + 1));
  if (char === '.' && !/[0-9]/.test(text[start + 1] ?? '')) {
    const end = wordEnd(text, start + 1);
    return token(end === start + 1 ? 'dot' : 'field', end);
  }
  if (/[0-9.+-]/.test(char)) return lexNumber(text, start);
  const sign = signs.find((one) => text.startsWith(one, start));
  if (sign) return token('sign', start + sign.length);
  if (isWord(char)) return token('identifier', wordEnd(text, start));
  throw new TemplateSyntaxError(`unexpected character ${JSON.stringify(char)} in an action`, start);
}

/** Space before `-}}` belongs to the delimiter. */
function skipSpaceInAction(text: string, start: number): number {
  const end = skipSpace(text, start);
  return text.startsWith('-}}', end) && end > start + 1 ? end - 1 : end;
}
function wordEnd(text: string, start: number): number {
  let end = start;
  while (isWord(text[end])) end++;
  return end;
}
function lexNumber(text: string, start: number): Token {
  let end = start + 1;
  while (/[0-9a-zA-Z_.]/.test(text[end] ?? '') || (/[+-]/.test(text[end] ?? '') && /[eEpP]/.test(text[end - 1]!))) end++;
  return { kind: 'number', text: text.slice(start, end), start, end };
}
function lexChar(text: string, start: number): Token {
  const end = text.indexOf("'", text[start + 1] === '\\' ? start + 3 : start + 2);
  if (end < 0) throw new TemplateSyntaxError('unterminated character constant', start);
  return { kind: 'char', text: unquote(text.slice(start + 1, end), start), start, end: end + 1 };
}
function lexQuoted(text: string, start: number): Token {
  let end = start + 1;
  while (end < text.length && text[end] !== '"' && text[end] !== '\n') end += text[end] === '\\' ? 2 : 1;
  if (text[end] !== '"') throw new TemplateSyntaxError('unterminated quoted string', start);
  return { kind: 'string', text: unquote(text.slice(start + 1, end), start), start, end: end + 1 };
}

/** Escapes of a quoted string of Go. */
export function unquote(body: string, at: number): string {
  if (!body.includes('\\')) return body;
  let result = '';
  for (let i = 0; i < body.length; i++) {
    if (body[i] !== '\\') {
      result += body[i];
      continue;
    }
    const code = body[++i] ?? '';
    const width = { x: 2, u: 4, U: 8 }[code];
    const digits = width === undefined ? '' : body.slice(i + 1, i + 1 + width);
    if (escapes[code] !== undefined) result += escapes[code];
    else if (width !== undefined && digits.length === width && /^[0-9a-fA-F]+$/.test(digits) && Number.parseInt(digits, 16) <= 0x10ffff) {
      result += String.fromCodePoint(Number.parseInt(digits, 16));
      i += width;
    } else if (/^[0-7]{3}/.test(body.slice(i))) {
      result += String.fromCharCode(Number.parseInt(body.slice(i, i + 3), 8));
      i += 2;
    } else throw new TemplateSyntaxError('invalid escape in a quoted string', at);
  }
  return result;
}
