/** Expressions of Bicep (learn.microsoft.com/azure/azure-resource-manager/bicep/file); those of ARM templates are a part of them. */
import type { Cursor } from '../hcl/cursor.ts';
import { HclError } from '../hcl/syntax.ts';
import type { Expression, Property, TextPiece } from './syntax.ts';

const operators = ['||', '&&', '==', '!=', '=~', '!~', '<=', '>=', '<', '>', '+', '-', '*', '/', '%'];
const maxChain = 200;

/** Operators beside `?:` and `??` make a value that is not worked out: their ends are all that counts. */
export function readExpression(cursor: Cursor, lines: boolean): Expression {
  return cursor.nested(() => {
    const first = readOperands(cursor, lines);
    cursor.skipGaps(lines);
    if (cursor.startsWith('??')) {
      cursor.at += 2;
      const other = readExpression(cursor, lines);
      return { is: 'choice', options: [first, other], start: first.start, end: other.end };
    }
    skipToContinuation(cursor, '?');
    if (cursor.code !== 63) return first;
    cursor.at++;
    const yes = readExpression(cursor, true);
    cursor.skipGaps(true);
    cursor.expect(':');
    const no = readExpression(cursor, lines);
    return { is: 'choice', test: first, options: [yes, no], start: first.start, end: no.end };
  });
}

/** A ternary may go on on the next line. */
function skipToContinuation(cursor: Cursor, sign: string): void {
  const { at } = cursor;
  cursor.skipGaps(true);
  if (!cursor.startsWith(sign) || cursor.startsWith('?.')) cursor.at = at;
}

function readOperands(cursor: Cursor, lines: boolean): Expression {
  let left = readUnary(cursor, lines);
  for (let length = 0; ; length++) {
    if (length > maxChain) throw new HclError('a chain of operators is too long', cursor.at, 'too-deep');
    cursor.skipGaps(lines);
    const operator = operators.find((text) => cursor.startsWith(text));
    if (operator === undefined || cursor.startsWith('=>') || cursor.startsWith('//') || cursor.startsWith('/*')) return left;
    cursor.at += operator.length;
    cursor.skipGaps(true);
    const right = readUnary(cursor, lines);
    left = { is: 'other', start: left.start, end: right.end };
  }
}

function readUnary(cursor: Cursor, lines: boolean): Expression {
  cursor.skipGaps(lines);
  const start = cursor.at;
  if (cursor.code !== 33 && cursor.code !== 45) return readPostfix(cursor);
  const isMinus = cursor.code === 45;
  cursor.at++;
  const of = cursor.nested(() => readUnary(cursor, lines));
  if (isMinus && of.is === 'literal' && typeof of.value === 'number') return { is: 'literal', value: -of.value, start, end: of.end };
  return { is: 'other', start, end: of.end };
}

/** Members, indexes and calls; `!` says that something is not null, `?` that it may be. */
function readPostfix(cursor: Cursor): Expression {
  let of = readTerm(cursor);
  for (let length = 0; ; length++) {
    if (length > maxChain) throw new HclError('a chain of members is too long', cursor.at, 'too-deep');
    const { code } = cursor;
    if (cursor.startsWith('.?') || cursor.startsWith('::')) of = readMember(cursor, of, 2);
    else if (code === 46 && cursor.peek(1) !== 46) of = readMember(cursor, of, 1);
    else if (code === 91) of = readIndex(cursor, of);
    else if (code === 40 && (of.is === 'name' || of.is === 'member')) of = readCall(cursor, of);
    else if (code === 33 && cursor.peek(1) !== 61 && cursor.peek(1) !== 126) cursor.at++;
    else return of;
  }
}

function readMember(cursor: Cursor, of: Expression, dots: number): Expression {
  cursor.at += dots;
  cursor.skipGaps(false);
  const name = cursor.name();
  if (name === undefined) throw new HclError('a name was expected after `.`', cursor.at);
  return { is: 'member', of, name, start: of.start, end: cursor.at };
}

function readIndex(cursor: Cursor, of: Expression): Expression {
  cursor.at++;
  if (cursor.code === 63 || cursor.code === 94) cursor.at++;
  const key = readExpression(cursor, true);
  cursor.skipGaps(true);
  cursor.expect(']');
  return { is: 'index', of, key, start: of.start, end: cursor.at };
}

function readCall(cursor: Cursor, of: Expression & { readonly name: string }): Expression {
  cursor.at++;
  const args: Expression[] = [];
  for (;;) {
    cursor.skipGaps(true);
    if (cursor.code === 41) break;
    args.push(readArgument(cursor));
    cursor.skipGaps(true);
    if (cursor.code === 44) cursor.at++;
    else if (cursor.code !== 41) throw new HclError('`)` was expected', cursor.at);
  }
  cursor.at++;
  // `sys.concat(…)` is `concat(…)`; methods of other values are not worked out.
  const isOwn = of.is === 'name' || (of.is === 'member' && of.of.is === 'name' && /^(?:sys|az)$/.test(of.of.name));
  return isOwn ? { is: 'call', name: of.name, args, start: of.start, end: cursor.at } : { is: 'other', start: of.start, end: cursor.at };
}

/** A value, or a function: `x => …`, `(x, y) => …`. */
function readArgument(cursor: Cursor): Expression {
  const { at: start } = cursor;
  const lambda = /(?:[A-Za-z_]\w{0,100}|\([\w\s,]{0,200}\))\s{0,20}=>/y;
  lambda.lastIndex = start;
  const head = lambda.exec(cursor.text)?.[0];
  if (head === undefined) return readExpression(cursor, true);
  cursor.at += head.length;
  const body = readExpression(cursor, true);
  return { is: 'other', start, end: body.end };
}

const constants = new Map<string, boolean | null>([
  ['true', true],
  ['false', false],
  ['null', null],
]);

function readTerm(cursor: Cursor): Expression {
  const { at: start, code } = cursor;
  if (cursor.startsWith("'''")) return readBlockText(cursor);
  if (code === 39) return readText(cursor);
  if (code === 91) return readList(cursor);
  if (code === 123) return readObject(cursor);
  if (code >= 48 && code <= 57) {
    while (cursor.code >= 48 && cursor.code <= 57) cursor.at++;
    return { is: 'literal', value: Number(cursor.text.slice(start, cursor.at)), start, end: cursor.at };
  }
  if (code === 40) {
    cursor.at++;
    const inner = readExpression(cursor, true);
    cursor.skipGaps(true);
    cursor.expect(')');
    return inner;
  }
  const name = cursor.name();
  if (name === undefined) throw new HclError(code === -1 ? 'the file ends inside of a value' : 'a value was expected', start);
  return constants.has(name)
    ? { is: 'literal', value: constants.get(name)!, start, end: cursor.at }
    : { is: 'name', name, start, end: cursor.at };
}

/** `'''…'''` puts nothing in. */
function readBlockText(cursor: Cursor): Expression {
  const start = cursor.at;
  const close = cursor.text.indexOf("'''", start + 3);
  if (close < 0 || close + 3 > cursor.end) throw new HclError('a text is not closed', start);
  cursor.at = close + 3;
  return { is: 'literal', value: cursor.text.slice(start + 3, close).replace(/^\r?\n/, ''), start, end: cursor.at };
}

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

/** `'…'` with `${…}`; ARM doubles a quote to write one. */
export function readText(cursor: Cursor): Expression {
  const start = cursor.at++;
  const pieces: TextPiece[] = [];
  let text = '';
  let from = cursor.at;
  const flush = () => {
    if (text !== '') pieces.push({ is: 'text', text, start: from, end: cursor.at });
    text = '';
  };
  for (;;) {
    const { code } = cursor;
    if (code === -1 || code === 10) throw new HclError('a text is not closed', start);
    if (code === 39 && cursor.peek(1) === 39) {
      text += "'";
      cursor.at += 2;
    } else if (code === 39) break;
    else if (code === 92) {
      const next = cursor.text[cursor.at + 1] ?? '';
      text += escapes[next] ?? next;
      cursor.at += 2;
    } else if (code === 36 && cursor.peek(1) === 123) {
      flush();
      pieces.push(readHole(cursor));
      from = cursor.at;
    } else text += cursor.text[cursor.at++]!;
  }
  flush();
  cursor.at++;
  const [only, ...more] = pieces;
  if (only === undefined || (only.is === 'text' && more.length === 0))
    return { is: 'literal', value: only?.is === 'text' ? only.text : '', start, end: cursor.at };
  return { is: 'text', pieces, start, end: cursor.at };
}
function readHole(cursor: Cursor): TextPiece {
  const start = cursor.at;
  cursor.at += 2;
  const value = readExpression(cursor, true);
  cursor.skipGaps(true);
  cursor.expect('}');
  return { is: 'value', value, start, end: cursor.at };
}

/** `for x in list: body`, after its bracket; the body may stand under a condition. */
function readLoop(cursor: Cursor, start: number): Expression {
  cursor.at += 3;
  const head = cursor.text.slice(cursor.at, cursor.at + 300);
  const names = /^\s+(?:\w+|\(\s*\w+\s*,\s*\w+\s*\))\s+in\b/.exec(head)?.[0];
  if (names === undefined) throw new HclError('a loop was expected', start);
  cursor.at += names.length;
  readExpression(cursor, true);
  cursor.skipGaps(true);
  cursor.expect(':');
  const { body } = readBody(cursor);
  cursor.skipGaps(true);
  cursor.expect(']');
  return { is: 'loop', body, start, end: cursor.at };
}

/** A value that a condition may stand before. */
export function readBody(cursor: Cursor): { readonly body: Expression; readonly conditional: boolean } {
  cursor.skipGaps(true);
  const conditional = /^if\b/.test(cursor.text.slice(cursor.at, cursor.at + 3));
  if (!conditional) return { body: readExpression(cursor, false), conditional };
  cursor.at += 2;
  cursor.skipGaps(true);
  cursor.expect('(');
  readExpression(cursor, true);
  cursor.skipGaps(true);
  cursor.expect(')');
  cursor.skipGaps(true);
  return { body: readExpression(cursor, false), conditional };
}

const startsFor = (cursor: Cursor): boolean => /^for\s/.test(cursor.text.slice(cursor.at, cursor.at + 4));

function readList(cursor: Cursor): Expression {
  const start = cursor.at++;
  const items: Expression[] = [];
  let open = false;
  cursor.skipGaps(true);
  if (startsFor(cursor)) return readLoop(cursor, start);
  for (;;) {
    cursor.skipGaps(true);
    if (cursor.code === 93) break;
    const spread = skipSpread(cursor);
    const item = readExpression(cursor, false);
    if (spread) open = true;
    else items.push(item);
    cursor.skipGaps(false);
    if (cursor.code === 44) cursor.at++;
    else if (cursor.code !== 10 && cursor.code !== 93) throw new HclError('`]` was expected', cursor.at);
  }
  cursor.at++;
  return { is: 'list', items, open, start, end: cursor.at };
}
function skipSpread(cursor: Cursor): boolean {
  if (!cursor.startsWith('...')) return false;
  cursor.at += 3;
  return true;
}

function readObject(cursor: Cursor): Expression {
  const start = cursor.at++;
  const properties: Property[] = [];
  let open = false;
  for (;;) {
    cursor.skipGaps(true);
    if (cursor.code === 125) break;
    if (skipSpread(cursor)) {
      readExpression(cursor, false);
      open = true;
    } else if (cursor.code === 64) readUnderDecorator(cursor);
    else {
      const property = readProperty(cursor);
      if (property) properties.push(property);
    }
    cursor.skipGaps(false);
    if (cursor.code === 44) cursor.at++;
    else if (cursor.code !== 10 && cursor.code !== 125) throw new HclError('`}` was expected', cursor.at);
  }
  cursor.at++;
  return { is: 'object', properties, open, start, end: cursor.at };
}
function readUnderDecorator(cursor: Cursor): void {
  cursor.at++;
  readPostfix(cursor);
}

/** `key: value`; a resource inside of another one is passed over. */
function readProperty(cursor: Cursor): Property | undefined {
  const { at: start } = cursor;
  const key: Expression = cursor.code === 39 ? readText(cursor) : readName(cursor);
  cursor.skipGaps(false);
  if (cursor.code === 58) {
    cursor.at++;
    cursor.skipGaps(true);
    const value = readExpression(cursor, false);
    return { key, value, start, end: value.end };
  }
  if (key.is !== 'literal' || key.value !== 'resource') throw new HclError('`:` was expected', cursor.at);
  readName(cursor);
  cursor.skipGaps(false);
  readText(cursor);
  cursor.skipGaps(false);
  if (cursor.startsWith('existing')) cursor.at += 8;
  cursor.skipGaps(false);
  cursor.expect('=');
  readBody(cursor);
  return undefined;
}
function readName(cursor: Cursor): Expression {
  const { at: start } = cursor;
  const name = cursor.name();
  if (name === undefined) throw new HclError('a name was expected', start);
  return { is: 'literal', value: name, start, end: cursor.at };
}
