/** Small questions about syntax that the recognisers of configuration share. */
import type { Node } from '@babel/types';
import type { SyntaxView } from '../context.ts';
import { keyName, unwrap } from '../expressions.ts';
import { memberPath } from '../node-shapes.ts';
import { eachChild, parentOf } from '../syntax-tree.ts';

const readers = new Set(['get', 'getOrThrow']);
const passingNames = new Set([
  'String',
  'Number',
  'parseInt',
  'Object.freeze',
  'util.format',
  'format',
  'Buffer.from',
  'URL',
  'encode',
  'trim',
]);

/** The dotted name of a callee: `Object.freeze`. */
export function dottedName(node: Node): string {
  const callee = unwrap(node);
  if (callee.type === 'Identifier') return callee.name;
  const path = memberPath(callee);
  return path?.root.type === 'Identifier' ? [path.root.name, ...path.path].join('.') : (path?.path.at(-1) ?? '');
}
/** Calls that hand their argument on: `Object.freeze('…')`. */
export const passesThrough = (callee: Node): boolean => {
  const name = dottedName(callee);
  return passingNames.has(name) || passingNames.has(name.slice(name.lastIndexOf('.') + 1));
};

export const isProcessEnv = (source: Node): boolean => {
  const node = unwrap(source);
  if (node.type !== 'MemberExpression' && node.type !== 'OptionalMemberExpression') return false;
  if (keyName(node.property as Node, node.computed) !== 'env') return false;
  const name = dottedName(node);
  return name === 'process.env' || name === 'globalThis.process.env' || name === 'import.meta.env';
};

/** The variable that an expression reads: `process.env.X`, `Number(process.env.X)`, `config.get('X')`, `X` of a destructured environment. */
export function envNameOf(source: Node, depth = 0): string | undefined {
  const node = unwrap(source);
  if (depth > 4) return undefined;
  if (node.type === 'MemberExpression' || node.type === 'OptionalMemberExpression') {
    const name = keyName(node.property as Node, node.computed);
    if (isProcessEnv(node.object as Node)) return name;
    // `env.X` of a destructured or wrapped environment.
    const object = unwrap(node.object as Node);
    return object.type === 'Identifier' && /^(?:env|envs|environment|envVars)$/i.test(object.name) && name && /^[A-Z][A-Z0-9_]+$/.test(name)
      ? name
      : undefined;
  }
  if (node.type === 'Identifier') return /^[A-Z][A-Z0-9]*_[A-Z0-9_]+$/.test(node.name) ? node.name : undefined;
  if (node.type === 'LogicalExpression') return envNameOf(node.right as Node, depth + 1) ?? envNameOf(node.left as Node, depth + 1);
  if (node.type !== 'CallExpression' && node.type !== 'OptionalCallExpression') return undefined;
  const callee = unwrap(node.callee as Node);
  const first = node.arguments[0] as Node | undefined;
  const method = dottedName(callee).split('.').at(-1) ?? '';
  const literal = first?.type === 'StringLiteral' ? first.value : undefined;
  if ((readers.has(method) || /env/i.test(method)) && literal && /^[A-Z][A-Z0-9_]+$/.test(literal)) return literal;
  if (passesThrough(callee) && first) return envNameOf(first, depth + 1);
  return callee.type === 'MemberExpression' ? envNameOf(callee.object as Node, depth + 1) : undefined;
}

/** What a table of settings calls the value of a variable that is not set. */
export const defaultName = /^(?:default|defaultValue|fallback)$/;
const variableKey = /^(?:env|envVar|envName|env_?key|variable|key|name)$/i;
/** `{ format: String, default: '…', env: 'DB_PASSWORD' }` of convict: the variable named beside a default. */
export function variableBeside(property: Node): string | undefined {
  const table = parentOf(property);
  if (table?.type !== 'ObjectExpression') return undefined;
  for (const other of table.properties) {
    if (other.type !== 'ObjectProperty' || !variableKey.test(keyName(other.key as Node, other.computed) ?? '')) continue;
    const { value } = other;
    if (value.type === 'StringLiteral' && /^[A-Z][A-Z0-9]*_[A-Z0-9_]+$/.test(value.value)) return value.value;
  }
  return undefined;
}

const throws = (node: Node): boolean => {
  const statements = node.type === 'BlockStatement' ? (node.body as Node[]) : [node];
  return statements.some(
    (statement) =>
      statement.type === 'ThrowStatement' ||
      (statement.type === 'ExpressionStatement' && /(?:^|\.)(?:exit|abort|fail\w*|panic)$/.test(calleeName(statement.expression as Node))),
  );
};
const calleeName = (node: Node): string => {
  const call = unwrap(node);
  return call.type === 'CallExpression' ? dottedName(call.callee as Node) : '';
};

/** Names of variables and constants that the module refuses to start with: `if (isProduction && !process.env.X) throw …`. */
export function refusedNames(view: SyntaxView): ReadonlySet<string> {
  const names = new Set<string>();
  const collect = (node: Node): void => {
    if (node.type === 'Identifier') names.add(node.name);
    else if (node.type === 'MemberExpression') {
      const name = keyName(node.property as Node, node.computed);
      if (name !== undefined) names.add(name);
    }
    eachChild(node, collect);
  };
  for (const node of view.nodes('IfStatement')) if (throws(node.consequent as Node)) collect(node.test as Node);
  return names;
}
