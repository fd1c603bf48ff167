/** Edits of JavaScript and TypeScript in the style of the file: quotes, semicolons, indentation, line ends, ways to import. */
import type { CallExpression, ExpressionStatement, NewExpression, Node, ObjectExpression, Program, Statement } from '@babel/types';
import { lineEnd, lineEndOf, lineStart, replaceRange } from '../text/text-edits.ts';
import type { Edit, Place } from '../types.ts';
import type { FixContext } from './fix-maker.ts';
import { childrenOf, nodesAround, parseScript, type Script, walk } from './scripts.ts';

export const scriptOf = (context: FixContext, path: string): Script | undefined =>
  /\.[cm]?[jt]sx?$/i.test(path) ? context.parsed(path, 'script', parseScript) : undefined;

export type Call = CallExpression | NewExpression;
export const isCall = (node: Node): node is Call => node.type === 'CallExpression' || node.type === 'NewExpression';

const isRequire = (node: Node): boolean => isCall(node) && node.callee.type === 'Identifier' && node.callee.name === 'require';

/** The innermost call whose callee or keyword stands at a place; `require('x')(…)` is the outer one. */
export function callAt(script: Script, place: Place): Call | undefined {
  const start = script.lines.offset(place.line, place.column);
  return nodesAround(script, place).findLast((node): node is Call => isCall(node) && start < node.callee.end! && !isRequire(node));
}

export const textOf = ({ text }: Script, { start, end }: Node): string => text.slice(start!, end!);
export const placeOf = ({ lines }: Script, { start, end }: Node): Place => lines.place(start!, end!);
export const replaceNode = (script: Script, { start, end }: Node, text: string): Edit => replaceRange(script.lines, start!, end!, text);
export const insertAt = (script: Script, offset: number, text: string): Edit =>
  replaceRange(script.lines, offset, offset, text.replaceAll('\n', lineEndOf(script.text)));

/** A quoted text as the file writes it. */
export function quote({ text }: Script, value: string): string {
  const sample = text.slice(0, 50_000);
  const single = sample.split("'").length;
  return single >= sample.split('"').length ? `'${value}'` : `"${value}"`;
}
/** `;` where the file ends its statements so. */
export function semicolon({ file, text }: Script): string {
  const simple = file.program.body.filter(
    ({ type }) => type === 'ExpressionStatement' || type === 'VariableDeclaration' || type === 'ImportDeclaration',
  );
  return simple.filter(({ end }) => text[end! - 1] === ';').length * 2 >= simple.length ? ';' : '';
}
/** White space in front of what stands at an offset, when nothing else does. */
export function indentAt({ text }: Script, offset: number): string {
  return /^[ \t]*/.exec(text.slice(lineStart(text, offset), lineEnd(text, offset)))![0];
}
/** One level of indentation: what lines are most often indented by more than the one above. */
export function indentUnit({ text }: Script): string {
  const counts = new Map<string, number>();
  let before = '';
  for (const line of text.slice(0, 50_000).split(/\r?\n/)) {
    const [indent] = /^[ \t]*/.exec(line)!;
    if (line.trim() === '' || /^\s*\*/.test(line)) continue;
    const more = indent.startsWith(before) ? indent.slice(before.length) : '';
    if (more !== '' && more.length <= 8) counts.set(more, (counts.get(more) ?? 0) + 1);
    before = indent;
  }
  return [...counts].sort(([, one], [, other]) => other - one)[0]?.[0] ?? '  ';
}

/** Puts properties at the end of an object literal, on lines of their own where the others have them. */
export function addProperty(script: Script, object: ObjectExpression, ...added: readonly string[]): Edit {
  const { text } = script;
  const last = object.properties.at(-1);
  const inLine = added.join(', ');
  if (!last) return replaceNode(script, object, `{ ${inLine} }`);
  const [first] = object.properties;
  const isMultiline = /[\r\n]/.test(text.slice(object.start!, first!.start!));
  if (!isMultiline && isTooWide(script, object, inLine.length)) return breakLines(script, object, added);
  const comma = /^\s*,/.exec(text.slice(last.end!, object.end!))?.[0];
  const after = last.end! + (comma?.length ?? 0);
  if (!isMultiline) return insertAt(script, after, comma === undefined ? `, ${inLine}` : ` ${inLine}`);
  const start = `\n${indentAt(script, last.start!)}`;
  const lines = start + added.join(`,${start}`) + (comma === undefined ? '' : ',');
  // A comment behind the last property stays beside it.
  const rest = text.slice(after, Math.min(lineEnd(text, after), object.end! - 1));
  const isComment = /^\s*\/\//.test(rest);
  if (comma !== undefined) return insertAt(script, isComment ? after + rest.length : after, lines);
  return replaceRange(
    script.lines,
    after,
    isComment ? after + rest.length : after,
    `,${isComment ? rest : ''}${lines}`.replaceAll('\n', lineEndOf(text)),
  );
}

const maxWidth = 110;
/** A node that stands on one line would make it too long with this much more. */
export const isTooWide = ({ text }: Script, node: Node, more: number): boolean => {
  const line = text.slice(lineStart(text, node.start!), lineEnd(text, node.end!));
  return !/[\r\n]/.test(text.slice(node.start!, node.end!)) && line.length + more > maxWidth;
};

/** The object with a line for each property. */
const breakLines = (script: Script, object: ObjectExpression, added: readonly string[]): Edit =>
  replaceNode(script, object, objectLines(script, object, [...object.properties.map((each) => textOf(script, each)), ...added]));

/** An object in place of a node, with a line for each of these properties. */
export function objectLines(script: Script, node: Node, properties: readonly string[]): string {
  const indent = indentAt(script, node.start!);
  const inner = indent + indentUnit(script);
  const lines = properties.map((line) => `${inner}${line},\n`);
  return `{\n${lines.join('')}${indent}}`.replaceAll('\n', lineEndOf(script.text));
}

/** The value of a property that is written out. */
export function propertyOf(object: Node | null | undefined, name: string): Node | undefined {
  if (object?.type !== 'ObjectExpression') return undefined;
  for (const property of object.properties) {
    if (property.type !== 'ObjectProperty' || property.computed) continue;
    const { key } = property;
    if ((key.type === 'Identifier' && key.name === name) || (key.type === 'StringLiteral' && key.value === name)) return property.value;
  }
  return undefined;
}

/** The statement that a node stands in, and its neighbours' list. */
export function statementAround(script: Script, place: Place): Statement | undefined {
  const around = nodesAround(script, place);
  for (let index = around.length - 1; index > 0; index--) {
    const holder = around[index - 1]!;
    const isList = holder.type === 'Program' || holder.type === 'BlockStatement' || holder.type === 'StaticBlock';
    if (isList) return around[index] as Statement;
  }
  return undefined;
}
export const isExpressionStatement = (node: Node | undefined): node is ExpressionStatement => node?.type === 'ExpressionStatement';

/** Every name that the file uses anywhere: a new one must be none of them. */
export function usedNames(script: Script): ReadonlySet<string> {
  const names = new Set<string>();
  for (const node of walk(script.file)) if (node.type === 'Identifier') names.add(node.name);
  return names;
}
export const freeName = (script: Script, ...wanted: readonly string[]): string | undefined => {
  const used = usedNames(script);
  return wanted.find((name) => !used.has(name));
};

export const isModule = ({ file }: Script): boolean =>
  file.program.body.some(({ type }) => type === 'ImportDeclaration' || type.startsWith('Export'));

const requires = (node: Node): boolean =>
  node.type === 'VariableDeclaration' && node.declarations.some(({ init }) => init && [...walk(init)].some(isRequire));

/** Where further imports belong: behind the others, but in front of `limit`. */
export function endOfImports({ file }: Script, limit: number): number {
  const { body, directives }: Program = file.program;
  const last = body.findLastIndex((node) => node.type === 'ImportDeclaration');
  if (last >= 0) return body[last]!.end!;
  let end = directives.at(-1)?.end ?? 0;
  for (const node of body) {
    if (!requires(node) || node.end! > limit) break;
    end = node.end!;
  }
  return end;
}

/** A line that imports names from a package, in the way of the file. */
export function importLine(script: Script, names: string, from: string): string {
  const end = semicolon(script);
  return isModule(script)
    ? `import { ${names} } from ${quote(script, from)}${end}`
    : `const { ${names} } = require(${quote(script, from)})${end}`;
}

/** A line that imports what a package is as a whole. */
export function importDefault(script: Script, name: string, from: string): string {
  const end = semicolon(script);
  return isModule(script) ? `import ${name} from ${quote(script, from)}${end}` : `const ${name} = require(${quote(script, from)})${end}`;
}

const isFollowed = (text: string, at: number): boolean => /^[^\n]*\n[ \t]*[^\s]/.test(text.slice(at, at + 2000));

/** Imports at the head, and statements in front of the one at `limit`: what stands before it (settings, `dotenv`) has run by then. */
export function insertBefore(script: Script, limit: number, imports: readonly string[], statements: readonly string[]): readonly Edit[] {
  const { text, file } = script;
  const head = endOfImports(script, limit);
  const before = file.program.body.findLast(({ end }) => end! <= limit && end! >= head)?.end ?? head;
  const together = statements.length > 0 && before === head;
  const first = (together ? [...imports, '', ...statements] : imports).join('\n');
  const gap = together && isFollowed(text, head) ? '\n' : '';
  const edit =
    head === 0 ? insertAt(script, 0, `${first}\n${together ? '\n' : ''}`) : insertAt(script, lineEnd(text, head), `\n${first}${gap}`);
  if (statements.length === 0 || together) return [edit];
  const at = lineEnd(text, before);
  return [edit, insertAt(script, at, `\n\n${statements.join('\n')}${isFollowed(text, at) ? '\n' : ''}`)];
}
export { childrenOf, nodesAround, type Script, walk };
