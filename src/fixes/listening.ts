/** The statement that makes a server listen: what the server is called there, and where statements about it can stand. */
import type { Node } from '@babel/types';
import { lineEnd, lineEndOf, replaceRange } from '../text/text-edits.ts';
import type { Edit, Place } from '../types.ts';
import {
  type Call,
  callAt,
  freeName,
  indentAt,
  indentUnit,
  insertAt,
  isCall,
  nodesAround,
  replaceNode,
  type Script,
  semicolon,
  textOf,
  walk,
} from './script-edit.ts';

export interface ListenCall {
  readonly script: Script;
  readonly call: Call;
  /** The call with `await` and `.on(…)` around it. */
  readonly expression: Node;
  /** What holds the expression, outermost first. */
  readonly around: readonly Node[];
  /** The server is what `listen` is called on; else it is what `listen` gives back. */
  readonly isOwner: boolean;
}
/** The name of the server after `edits`, and how lines about it are put beside the call. */
export interface Named {
  readonly name: string;
  /** Gives the server its name, when nothing else is written. */
  readonly edits: readonly Edit[];
  /** With these lines (not indented) behind it, or in front of it where nothing behind is reached. */
  readonly with: (lines: readonly string[]) => readonly Edit[];
}

const isList = (node: Node | undefined): boolean =>
  node?.type === 'Program' || node?.type === 'BlockStatement' || node?.type === 'StaticBlock';
const keepsServer = /^(?:on|once|addListener|setTimeout)$/;

/** `app.listen(3000).on('error', …)` and `await app.listen()` give back what `listen` gives. */
function widen(around: readonly Node[], from: Call, isOwner: boolean): number {
  let at = around.indexOf(from);
  for (;;) {
    const parent = around[at - 1];
    const outer = around[at - 2];
    const isOn = parent?.type === 'MemberExpression' && parent.property.type === 'Identifier' && keepsServer.test(parent.property.name);
    if (isOwner && parent?.type === 'AwaitExpression') at--;
    else if (isOn && outer && isCall(outer) && outer.callee === parent) at -= 2;
    else return at;
  }
}

/** `const server = http.createServer(app)`. */
function isServer(script: Script, object: Node): boolean {
  if (object.type !== 'Identifier') return false;
  for (const node of walk(script.file))
    if (node.type === 'VariableDeclarator' && node.id.type === 'Identifier' && node.id.name === object.name && node.init)
      return /\bcreateServer\(|\bServer\(/.test(textOf(script, node.init).slice(0, 200));
  return false;
}

/** @param keepsOwner the library's `listen` is a method of what has to be stopped */
export function findListenCall(script: Script, place: Place, keepsOwner: boolean): ListenCall | undefined {
  const call = callAt(script, place);
  if (call?.callee.type !== 'MemberExpression') return undefined;
  const { object } = call.callee;
  const isBare = object.type === 'Identifier' || (object.type === 'MemberExpression' && object.object.type === 'ThisExpression');
  const isOwner = isBare && (keepsOwner || isServer(script, object));
  const nodes = nodesAround(script, place);
  const at = widen(nodes, call, isOwner);
  return { script, call, expression: nodes[at]!, around: nodes.slice(0, at), isOwner };
}

export function nameServer(listen: ListenCall): Named | undefined {
  const { around } = listen;
  const holder = around.at(-1);
  const outer = around.at(-2);
  if (holder?.type === 'ArrowFunctionExpression') return outer && isCall(outer) ? inBlock(listen, holder.body) : undefined;
  if (holder?.type === 'ExpressionStatement' && !isList(outer)) return inBlock(listen, holder);
  const owner = listen.isOwner ? ownerOf(listen) : undefined;
  if (owner) return owner;
  if (holder?.type === 'ExpressionStatement') return asConstant(listen, holder);
  if (holder?.type === 'VariableDeclarator') return asDeclared(listen, holder);
  if (holder?.type === 'AssignmentExpression') return asAssigned(listen, holder);
  return holder?.type === 'ReturnStatement' || holder?.type === 'ExportDefaultDeclaration' ? hoisted(listen) : undefined;
}

const ownName = ({ script, call }: ListenCall): string =>
  call.callee.type === 'MemberExpression' ? textOf(script, call.callee.object) : '';

/** The statement of the list that holds the call, when no function is between them. */
function statementOf({ around }: ListenCall): Node | undefined {
  const at = around.findLastIndex(isList);
  return around.slice(at + 1).some(({ type }) => /Function|ClassMethod|ObjectMethod/.test(type)) ? undefined : around[at + 1];
}

function ownerOf(listen: ListenCall): Named | undefined {
  const { script } = listen;
  const statement = statementOf(listen);
  if (!statement) return undefined;
  const goesOn = statement.type === 'ExpressionStatement' || statement.type === 'VariableDeclaration';
  return {
    name: ownName(listen),
    edits: [],
    with: (lines) => [
      goesOn ? linesAfter(script, statement, lines) : insertAt(script, statement.start!, linesBefore(script, statement, lines)),
    ],
  };
}

const newName = (script: Script): string | undefined => freeName(script, 'server', 'httpServer', 'listener');
const canDeclare = ({ call }: ListenCall): boolean =>
  !(call.callee.type === 'MemberExpression' && call.callee.property.type !== 'Identifier');

function asConstant(listen: ListenCall, statement: Node): Named | undefined {
  const { script } = listen;
  const name = canDeclare(listen) ? newName(script) : undefined;
  if (!name) return undefined;
  const edits = [insertAt(script, statement.start!, `const ${name} = `)];
  return { name, edits, with: (lines) => [...edits, linesAfter(script, statement, lines)] };
}

function asDeclared({ script, around }: ListenCall, { id }: Extract<Node, { type: 'VariableDeclarator' }>): Named | undefined {
  const declaration = around.at(-2);
  const outer = around.at(-3);
  const isOnly = declaration?.type === 'VariableDeclaration' && declaration.declarations.length === 1;
  if (!isOnly || id.type !== 'Identifier') return undefined;
  const statement = outer?.type === 'ExportNamedDeclaration' ? outer : declaration;
  return { name: id.name, edits: [], with: (lines) => [linesAfter(script, statement, lines)] };
}

/** TypeScript takes a variable of another scope for one that may be missing. */
function asAssigned(listen: ListenCall, { left, operator }: Extract<Node, { type: 'AssignmentExpression' }>): Named | undefined {
  const { script, around } = listen;
  const statement = around.at(-2);
  if (operator !== '=' || statement?.type !== 'ExpressionStatement' || !isList(around.at(-3))) return undefined;
  const isOwn = left.type === 'Identifier' || (left.type === 'MemberExpression' && left.object.type === 'ThisExpression');
  return isOwn && !/\.[cm]?tsx?$/.test(script.path)
    ? { name: textOf(script, left), edits: [], with: (lines) => [linesAfter(script, statement, lines)] }
    : hoisted(listen);
}

/** `return app.listen()`: the server gets its name in a statement in front. */
function hoisted(listen: ListenCall): Named | undefined {
  const { script, expression } = listen;
  const statement = statementOf(listen);
  const name = newName(script);
  if (!statement || !name) return undefined;
  const declaration = `const ${name} = ${textOf(script, expression)}${semicolon(script)}`;
  const write = (lines: readonly string[]) => [
    insertAt(script, statement.start!, linesBefore(script, statement, [declaration, ...(lines.length > 0 ? ['', ...lines] : [])])),
    replaceNode(script, expression, name),
  ];
  return { name, edits: write([]), with: write };
}

/** `() => app.listen()` and `if (…) app.listen()` get braces. What the function gives back stays where it may be a promise. */
function inBlock({ script, expression, isOwner, call, around }: ListenCall, body: Node): Named | undefined {
  const name = isOwner ? textOf(script, (call.callee as Extract<Node, { type: 'MemberExpression' }>).object) : newName(script);
  const text = textOf(script, expression);
  const isArrow = body === expression;
  // Lines of a template literal would change with their indentation.
  if (!name || text.includes('`') || (isArrow && !isOwner && isChained(around))) return undefined;
  const [indent, unit, end] = [indentAt(script, body.start!), indentUnit(script), semicolon(script)];
  const shift = (statement: string): string => indent + unit + statement.split(/\r?\n/).join(`\n${unit}`);
  const write = (lines: readonly string[]): readonly Edit[] => {
    const added = lines.map((line) => `${indent}${unit}${line}`);
    const own = isOwner ? `${isArrow ? 'return ' : ''}${text}${end}` : `const ${name} = ${text}${end}`;
    const all = isOwner && isArrow ? [...added, shift(own)] : [shift(own), ...added];
    const block = `{\n${all.join('\n')}\n${indent}}`.replaceAll('\n', lineEndOf(script.text));
    return [replaceRange(script.lines, body.start!, body.end!, block)];
  };
  return { name, edits: isOwner ? [] : write([]), with: write };
}
/** `connect().then(() => app.listen()).then(…)`. */
function isChained(around: readonly Node[]): boolean {
  const next = around.at(-3);
  return next?.type === 'MemberExpression' && next.property.type === 'Identifier' && next.property.name === 'then';
}

const linesBefore = (script: Script, statement: Node, lines: readonly string[]): string => {
  const indent = indentAt(script, statement.start!);
  return `${lines.map((line, index) => (line === '' || index === 0 ? line : indent + line)).join('\n')}\n${lines.length > 1 ? '\n' : ''}${indent}`;
};

/** A paragraph of its own behind a statement and the comment beside it. */
function linesAfter(script: Script, statement: Node, lines: readonly string[]): Edit {
  const { text } = script;
  const indent = indentAt(script, statement.start!);
  const at = lineEnd(text, statement.end!);
  const rest = text.slice(statement.end!, at);
  const isLast = rest.trim() === '' || /^\s*\/\//.test(rest);
  const isFollowed = isLast && /^\r?\n[ \t]*[^\s}]/.test(text.slice(at, at + 200));
  const block = lines.map((line) => `\n${indent}${line}`).join('');
  return insertAt(script, isLast ? at : statement.end!, `\n${block}${isFollowed ? '\n' : ''}`);
}
