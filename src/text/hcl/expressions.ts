/** Expressions of HCL 2 (github.com/hashicorp/hcl, hclsyntax/spec.md), by precedence climbing. */
import type { Cursor } from './cursor.ts';
import { type Expression, HclError, type ObjectItem } from './syntax.ts';
import { readHeredoc, readQuoted } from './templates.ts';

const levels: readonly (readonly string[])[] = [['||'], ['&&'], ['==', '!='], ['<=', '>=', '<', '>'], ['+', '-'], ['*', '/', '%']];

/** `lines`: ends of lines are blanks, as inside brackets. */
export function readExpression(cursor: Cursor, lines: boolean): Expression {
  return cursor.nested(() => {
    const test = readBinary(cursor, lines, 0);
    cursor.skipGaps(lines);
    if (cursor.code !== 63) return test;
    cursor.at++;
    cursor.skipGaps(true);
    const yes = readExpression(cursor, lines);
    cursor.skipGaps(true);
    cursor.expect(':');
    cursor.skipGaps(true);
    const no = readExpression(cursor, lines);
    return { is: 'conditional', test, yes, no, start: test.start, end: no.end };
  });
}

function operatorAt(cursor: Cursor, level: number): string | undefined {
  const operator = levels[level]!.find((text) => cursor.startsWith(text));
  return operator === '/' && (cursor.peek(1) === 47 || cursor.peek(1) === 42) ? undefined : operator;
}

function readBinary(cursor: Cursor, lines: boolean, level: number): Expression {
  if (level === levels.length) return readUnary(cursor, lines);
  let left = readBinary(cursor, lines, level + 1);
  for (;;) {
    cursor.skipGaps(lines);
    const operator = operatorAt(cursor, level);
    if (operator === undefined) return left;
    cursor.at += operator.length;
    cursor.skipGaps(true);
    const right = readBinary(cursor, lines, level + 1);
    left = { is: 'binary', operator, left, right, start: left.start, end: right.end };
  }
}

function readUnary(cursor: Cursor, lines: boolean): Expression {
  cursor.skipGaps(lines);
  const start = cursor.at;
  if (cursor.code !== 33 && cursor.code !== 45) return readPostfix(cursor, lines);
  const operator = cursor.text[cursor.at++]!;
  const of = cursor.nested(() => readUnary(cursor, lines));
  if (operator === '-' && of.is === 'literal' && typeof of.value === 'number')
    return { is: 'literal', value: -of.value, start, end: of.end };
  return { is: 'unary', operator, of, start, end: of.end };
}

/** Members, indexes and splats; a chain is flat for the reader, so its length is bounded instead of its depth. */
function readPostfix(cursor: Cursor, lines: boolean): Expression {
  let of = readTerm(cursor, lines);
  for (let length = 0; ; length++) {
    if (length > 100) throw new HclError('a chain of members is too long', cursor.at, 'too-deep');
    if (lines) skipBeforeMember(cursor);
    if (cursor.code === 46 && cursor.peek(1) !== 46) of = readMember(cursor, of);
    else if (cursor.code === 91) of = readIndex(cursor, of);
    else return of;
  }
}
/** Inside brackets a chain may go on on the next line. */
function skipBeforeMember(cursor: Cursor): void {
  const start = cursor.at;
  if (![32, 9, 10, 13].includes(cursor.code)) return;
  cursor.skipGaps(true);
  if (cursor.code !== 46 || cursor.peek(1) === 46) cursor.at = start;
}

function readMember(cursor: Cursor, of: Expression): Expression {
  cursor.at++;
  if (cursor.code === 42) {
    cursor.at++;
    return readSplat(cursor, of);
  }
  const start = cursor.at;
  while (cursor.code >= 48 && cursor.code <= 57) cursor.at++;
  if (cursor.at > start) {
    const value = Number(cursor.text.slice(start, cursor.at));
    return { is: 'index', of, key: { is: 'literal', value, start, end: cursor.at }, start: of.start, end: cursor.at };
  }
  const name = cursor.name();
  if (name === undefined) throw new HclError('a name was expected after `.`', cursor.at);
  return { is: 'attribute', of, name, start: of.start, end: cursor.at };
}

function readSplat(cursor: Cursor, of: Expression): Expression {
  const then: string[] = [];
  while (cursor.code === 46 && then.length < 20) {
    const before = cursor.at++;
    const name = cursor.name();
    if (name === undefined) {
      cursor.at = before;
      break;
    }
    then.push(name);
  }
  return { is: 'splat', of, then, start: of.start, end: cursor.at };
}

function readIndex(cursor: Cursor, of: Expression): Expression {
  cursor.at++;
  cursor.skipGaps(true);
  if (cursor.startsWith('*')) {
    cursor.at++;
    cursor.skipGaps(true);
    cursor.expect(']');
    return readSplat(cursor, of);
  }
  const key = readExpression(cursor, true);
  cursor.skipGaps(true);
  cursor.expect(']');
  return { is: 'index', of, key, start: of.start, end: cursor.at };
}

const constants = new Map<string, boolean | null>([
  ['true', true],
  ['false', false],
  ['null', null],
]);

function readTerm(cursor: Cursor, lines: boolean): Expression {
  cursor.skipGaps(lines);
  const start = cursor.at;
  const code = cursor.code;
  if (code === 34) return readQuoted(cursor, readExpression);
  if (code === 60 && cursor.peek(1) === 60) return readHeredoc(cursor, readExpression);
  if (code >= 48 && code <= 57) return readNumber(cursor);
  if (code === 91) return readList(cursor);
  if (code === 123) return readObject(cursor);
  if (code === 40) {
    cursor.at++;
    const inner = readExpression(cursor, true);
    cursor.skipGaps(true);
    cursor.expect(')');
    return inner;
  }
  let name = cursor.name();
  if (name === undefined) throw new HclError(code === -1 ? 'the file ends inside of a value' : 'a value was expected', start);
  if (constants.has(name)) return { is: 'literal', value: constants.get(name)!, start, end: cursor.at };
  // Functions of providers: `provider::aws::arn_parse(…)`.
  while (cursor.startsWith('::')) {
    cursor.at += 2;
    name += `::${cursor.name() ?? ''}`;
  }
  return cursor.code === 40 ? readCall(cursor, name, start) : { is: 'name', name, start, end: cursor.at };
}

function readNumber(cursor: Cursor): Expression {
  const start = cursor.at;
  const pattern = /\d{1,400}(?:\.\d{1,400})?(?:[eE][+-]?\d{1,5})?/y;
  pattern.lastIndex = start;
  const text = pattern.exec(cursor.text)?.[0] ?? '';
  cursor.at = Math.min(start + text.length, cursor.end);
  return { is: 'literal', value: Number(text), start, end: cursor.at };
}

function readCall(cursor: Cursor, name: string, start: number): Expression {
  cursor.at++;
  const args: Expression[] = [];
  let spread = false;
  for (;;) {
    cursor.skipGaps(true);
    if (cursor.code === 41) break;
    args.push(readExpression(cursor, true));
    cursor.skipGaps(true);
    if (cursor.startsWith('...')) {
      cursor.at += 3;
      spread = true;
    } else if (cursor.code === 44) cursor.at++;
    else if (cursor.code !== 41) throw new HclError('`)` was expected', cursor.at);
  }
  cursor.at++;
  return { is: 'call', name, args, spread, start, end: cursor.at };
}

/** `for` directly after a bracket starts a comprehension. */
function startsFor(cursor: Cursor): boolean {
  if (!cursor.startsWith('for')) return false;
  const next = cursor.peek(3);
  return next === 32 || next === 9 || next === 10 || next === 13;
}

function readList(cursor: Cursor): Expression {
  const start = cursor.at++;
  cursor.skipGaps(true);
  if (startsFor(cursor)) return readFor(cursor, start, ']');
  const items: Expression[] = [];
  for (;;) {
    cursor.skipGaps(true);
    if (cursor.code === 93) break;
    items.push(readExpression(cursor, true));
    cursor.skipGaps(true);
    if (cursor.code === 44) cursor.at++;
    else if (cursor.code !== 93) throw new HclError('`]` was expected', cursor.at);
  }
  cursor.at++;
  return { is: 'list', items, start, end: cursor.at };
}

function readObject(cursor: Cursor): Expression {
  const start = cursor.at++;
  cursor.skipGaps(true);
  if (startsFor(cursor)) return readFor(cursor, start, '}');
  const items: ObjectItem[] = [];
  for (;;) {
    cursor.skipGaps(true);
    if (cursor.code === 125) break;
    const key = readKey(cursor);
    cursor.skipGaps(false);
    if (cursor.code !== 61 && cursor.code !== 58) throw new HclError('`=` was expected', cursor.at);
    cursor.at++;
    cursor.skipGaps(true);
    items.push({ key, value: readExpression(cursor, false) });
    cursor.skipGaps(false);
    if (cursor.peek(0) === 44) cursor.at++;
    else if (cursor.peek(0) !== 10 && cursor.peek(0) !== 125) throw new HclError('`}` was expected', cursor.at);
  }
  cursor.at++;
  return { is: 'object', items, start, end: cursor.at };
}
function readKey(cursor: Cursor): Expression {
  const key = readExpression(cursor, false);
  return key.is === 'name' ? { is: 'literal', value: key.name, start: key.start, end: key.end } : key;
}

function readFor(cursor: Cursor, start: number, close: ']' | '}'): Expression {
  cursor.at += 3;
  const names: string[] = [];
  for (;;) {
    cursor.skipGaps(true);
    const name = cursor.name();
    if (name === undefined || names.length > 1) throw new HclError('a name was expected after `for`', cursor.at);
    names.push(name);
    cursor.skipGaps(true);
    if (cursor.code !== 44) break;
    cursor.at++;
  }
  if (cursor.name() !== 'in') throw new HclError('`in` was expected', cursor.at);
  const source = readExpression(cursor, true);
  cursor.skipGaps(true);
  cursor.expect(':');
  let value = readExpression(cursor, true);
  let key: Expression | undefined;
  cursor.skipGaps(true);
  if (cursor.startsWith('=>')) {
    cursor.at += 2;
    key = value;
    value = readExpression(cursor, true);
    cursor.skipGaps(true);
  }
  const grouped = cursor.startsWith('...');
  if (grouped) cursor.at += 3;
  cursor.skipGaps(true);
  let test: Expression | undefined;
  if (cursor.startsWith('if')) {
    cursor.at += 2;
    test = readExpression(cursor, true);
    cursor.skipGaps(true);
  }
  cursor.expect(close);
  return { is: 'for', names, in: source, ...(key ? { key } : {}), value, ...(test ? { test } : {}), grouped, start, end: cursor.at };
}
