/** Bicep text → declarations. Never throws: what cannot be read is named, and reading goes on at the next declaration. */
import { Cursor } from '../hcl/cursor.ts';
import { HclError } from '../hcl/syntax.ts';
import { readBody, readExpression, readText } from './expressions.ts';
import type { BicepFile, Binding, Declaration, Expression, Problem } from './syntax.ts';

const maxProblems = 20;

class Reading {
  readonly parameters: Binding[] = [];
  readonly variables: Binding[] = [];
  readonly outputs: Binding[] = [];
  readonly declarations: Declaration[] = [];
  readonly problems: Problem[] = [];
}

export function parseBicep(text: string): BicepFile {
  const cursor = new Cursor(text);
  const reading = new Reading();
  while (cursor.at < cursor.end && reading.problems.length < maxProblems) {
    const { at: start } = cursor;
    try {
      readStatement(cursor, reading);
    } catch (error) {
      reading.problems.push(describe(error, start));
      cursor.surface();
      // What is not closed swallows what follows: reading goes on behind the line on which it starts.
      cursor.at = nextTopLevel(text, start + 1);
    }
  }
  return reading;
}

/** An expression on its own; `undefined` when it is none. */
export function parseExpression(text: string): Expression | undefined {
  const cursor = new Cursor(text);
  try {
    const expression = readExpression(cursor, true);
    cursor.skipGaps(true);
    return cursor.at === cursor.end ? expression : undefined;
  } catch (error) {
    if (error instanceof HclError || error instanceof RangeError) return undefined;
    throw error;
  }
}

function describe(error: unknown, start: number): Problem {
  if (error instanceof HclError)
    return { reason: error.reason, message: `The Bicep cannot be read: ${error.message}.`, offset: error.offset };
  if (error instanceof RangeError) return { reason: 'too-deep', message: 'The Bicep is nested too deeply to be read.', offset: start };
  throw error;
}

function nextTopLevel(text: string, from: number): number {
  const pattern = /\n(?=(?:resource|module|param|var|output|@)\b|@)/g;
  pattern.lastIndex = from;
  const found = pattern.exec(text);
  return found ? found.index + 1 : text.length;
}

/** One statement with its decorators. */
function readStatement(cursor: Cursor, reading: Reading): void {
  const decorators: string[] = [];
  cursor.skipGaps(true);
  while (cursor.code === 64) {
    cursor.at++;
    const decorator = readExpression(cursor, false);
    if (decorator.is === 'call') decorators.push(decorator.name);
    cursor.skipGaps(true);
  }
  if (cursor.code === -1) return;
  const { at: start } = cursor;
  const keyword = cursor.name();
  if (keyword === undefined) throw new HclError('a declaration was expected', start);
  cursor.skipGaps(false);
  if (keyword === 'resource' || keyword === 'module') reading.declarations.push(readDeclaration(cursor, keyword, start));
  else if (keyword === 'param') reading.parameters.push(readBinding(cursor, start, decorators));
  else if (keyword === 'var') reading.variables.push(readBinding(cursor, start, decorators));
  else if (keyword === 'output') reading.outputs.push(readBinding(cursor, start, decorators));
  else skipStatement(cursor, false);
}

function readDeclaration(cursor: Cursor, keyword: Declaration['keyword'], start: number): Declaration {
  const name = cursor.name();
  if (name === undefined) throw new HclError('a name was expected', cursor.at);
  cursor.skipGaps(false);
  const target = readText(cursor);
  const { end } = target;
  cursor.skipGaps(false);
  const existing = cursor.startsWith('existing');
  if (existing) cursor.at += 8;
  cursor.skipGaps(true);
  cursor.expect('=');
  const { body, conditional } = readBody(cursor);
  const when = body.is === 'loop' ? 'loop' : conditional ? 'condition' : 'always';
  const path = target.is === 'literal' ? String(target.value) : '';
  return { keyword, name, target: path, body: body.is === 'loop' ? body.body : body, when, existing, start, end };
}

/** `name type = value`; types are passed over. */
function readBinding(cursor: Cursor, start: number, decorators: readonly string[]): Binding {
  const name = cursor.name();
  if (name === undefined) throw new HclError('a name was expected', cursor.at);
  const end = cursor.at;
  skipStatement(cursor, true);
  if (cursor.code !== 61) return { name, decorators, start, end };
  cursor.at++;
  cursor.skipGaps(true);
  return { name, value: readExpression(cursor, false), decorators, start, end };
}

/** To the end of the line, over brackets and texts; with `toValue` at most to `=`. Choices of a type may go on on the next line. */
function skipStatement(cursor: Cursor, toValue: boolean): void {
  let depth = 0;
  while (cursor.at < cursor.end) {
    const { code } = cursor;
    if (code === 39) {
      if (cursor.startsWith("'''")) readExpression(cursor, false);
      else readText(cursor);
      continue;
    }
    if (code === 47 && (cursor.peek(1) === 47 || cursor.peek(1) === 42)) {
      cursor.skipGaps(false);
      continue;
    }
    if (toValue && depth === 0 && code === 61 && cursor.peek(1) !== 62 && cursor.peek(1) !== 61) return;
    if (code === 10 && depth === 0) {
      const { at } = cursor;
      cursor.skipGaps(true);
      if (cursor.code !== 124) {
        cursor.at = at;
        return;
      }
    }
    if (code === 91 || code === 123 || code === 40) depth++;
    else if (code === 93 || code === 125 || code === 41) depth--;
    cursor.at++;
  }
}
