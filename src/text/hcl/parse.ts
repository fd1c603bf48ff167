/** HCL text → syntax. Never throws: what cannot be read is named, and reading goes on at the next block. */
import { Cursor } from './cursor.ts';
import { readExpression } from './expressions.ts';
import { type Attribute, type Block, type Body, type Expression, HclError, type ParsedFile, type SyntaxProblem } from './syntax.ts';
import { readQuoted, readTemplateText } from './templates.ts';

/** Problems of one file that are named; more would say nothing new. */
const maxProblems = 20;

export function parseHcl(text: string): ParsedFile {
  const cursor = new Cursor(text);
  const problems: SyntaxProblem[] = [];
  const attributes: Attribute[] = [];
  const blocks: Block[] = [];
  while (cursor.at < cursor.end && problems.length < maxProblems) {
    const start = cursor.at;
    try {
      readItems(cursor, attributes, blocks, false);
    } catch (error) {
      problems.push(describe(error, start));
      cursor.surface();
      cursor.at = nextTopLevel(text, Math.max(cursor.at, start + 1));
    }
  }
  return { body: { attributes, blocks }, problems };
}

function describe(error: unknown, start: number): SyntaxProblem {
  if (error instanceof HclError)
    return { reason: error.reason, message: `The HCL cannot be read: ${error.message}.`, offset: error.offset };
  if (error instanceof RangeError) return { reason: 'too-deep', message: 'The HCL is nested too deeply to be read.', offset: start };
  throw error;
}

/** The next line that starts with a letter: where formatted files start a block. */
function nextTopLevel(text: string, from: number): number {
  const pattern = /\n(?=[A-Za-z_])/g;
  pattern.lastIndex = from;
  const found = pattern.exec(text);
  return found ? found.index + 1 : text.length;
}

/** A whole text as a template; `undefined` when it cannot be read as one. */
export function parseTemplate(text: string): Expression | undefined {
  try {
    return readTemplateText(new Cursor(text), readExpression);
  } catch (error) {
    if (error instanceof HclError || error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Attributes and blocks up to the closing brace, or the end of the file. */
function readItems(cursor: Cursor, attributes: Attribute[], blocks: Block[], inBlock: boolean): void {
  for (;;) {
    cursor.skipGaps(true);
    if (cursor.code === -1) {
      if (inBlock) throw new HclError('a block is not closed', cursor.at);
      return;
    }
    if (cursor.code === 125 && inBlock) return;
    readItem(cursor, attributes, blocks);
  }
}

function readItem(cursor: Cursor, attributes: Attribute[], blocks: Block[]): void {
  const start = cursor.at;
  const quoted = cursor.code === 34;
  const name = quoted ? literalText(readQuoted(cursor, readExpression)) : cursor.name();
  if (name === undefined) throw new HclError('a name of an attribute or block was expected', start);
  const nameEnd = cursor.at;
  cursor.skipGaps(false);
  if (cursor.code === 61 && cursor.peek(1) !== 61) {
    cursor.at++;
    cursor.skipGaps(false);
    const value = readExpression(cursor, false);
    attributes.push({ name, nameEnd, value, start, end: value.end });
    cursor.skipGaps(false);
    if (cursor.peek(0) === 44) cursor.at++;
    if (![10, 13, 125, -1].includes(cursor.code)) throw new HclError('the end of the line was expected', cursor.at);
    return;
  }
  blocks.push(readBlock(cursor, name, start));
}

const literalText = (expression: Expression): string | undefined =>
  expression.is === 'literal' && typeof expression.value === 'string' ? expression.value : undefined;

function readBlock(cursor: Cursor, type: string, start: number): Block {
  const labels: string[] = [];
  let headerEnd = cursor.at;
  for (;;) {
    cursor.skipGaps(false);
    if (cursor.code === 123) break;
    const label = cursor.code === 34 ? literalText(readQuoted(cursor, readExpression)) : cursor.name();
    if (label === undefined || labels.length > 5) throw new HclError('`{` or `=` was expected', cursor.at);
    labels.push(label);
    headerEnd = cursor.at;
  }
  if (labels.length === 0) headerEnd = start + type.length;
  cursor.at++;
  const attributes: Attribute[] = [];
  const blocks: Block[] = [];
  cursor.nested(() => readItems(cursor, attributes, blocks, true));
  cursor.expect('}');
  const body: Body = { attributes, blocks };
  return { type, labels, headerEnd, body, start, end: cursor.at };
}
