/** What the nodes around a use of a variable look like. */
import type { Node } from '@babel/types';
import { keyName, unwrap } from '../expressions.ts';
import { eachChild } from '../syntax-tree.ts';

export type Member = Node & { type: 'MemberExpression' | 'OptionalMemberExpression'; computed: boolean };
export const isMember = (node: Node | undefined): node is Member =>
  node?.type === 'MemberExpression' || node?.type === 'OptionalMemberExpression';
export const isAssign = (callee: Node): boolean =>
  callee.type === 'MemberExpression' &&
  callee.object.type === 'Identifier' &&
  callee.object.name === 'Object' &&
  keyName(callee.property as Node, callee.computed) === 'assign';

/** `[]`, `{}`, `new Set()`. */
export function isEmpty(node: Node): boolean {
  if (node.type === 'ArrayExpression') return node.elements.length === 0;
  if (node.type === 'ObjectExpression') return node.properties.length === 0;
  return (
    node.type === 'NewExpression' &&
    node.callee.type === 'Identifier' &&
    /^(?:Set|Map|Array)$/.test(node.callee.name) &&
    node.arguments.length === 0
  );
}

/** `counts.set(key, (counts.get(key) ?? 0) + 1)`, `counts[key] = (counts[key] || 0) + 1`. */
export function countsUp(node: Node, parent: Node, start: Node): boolean {
  const isAssigned = parent.type === 'AssignmentExpression' && parent.operator === '=' && parent.left === node && node !== start;
  const isSet = parent.type === 'CallExpression' && parent.callee === node && nameOfMember(node) === 'set';
  const value = isAssigned ? parent.right : isSet ? parent.arguments[1] : undefined;
  const sum = value && unwrap(value as Node);
  if (sum?.type !== 'BinaryExpression' || !/^[-+]$/.test(sum.operator)) return false;
  const name = start.type === 'Identifier' ? start.name : nameOfMember(start);
  const mentions = (inner: Node): boolean => {
    let found = (inner.type === 'Identifier' && inner.name === name) || (isMember(inner) && nameOfMember(inner) === name);
    eachChild(inner, (child) => {
      found ||= mentions(child);
    });
    return found;
  };
  return name !== undefined && mentions(sum);
}
export const nameOfMember = (node: Node): string | undefined =>
  isMember(node) ? keyName(node.property as Node, node.computed) : undefined;

/** An identifier that names something instead of being read: a key, a declaration, a parameter. */
export function isName(node: Node, parent: Node): boolean {
  if (isMember(parent)) return parent.property === node && !parent.computed;
  if (parent.type === 'ObjectProperty') return parent.key === node && !parent.computed && parent.value !== node;
  if (parent.type === 'VariableDeclarator') return parent.id === node;
  return /^(?:Import|Export|Class|Function|TS|Label|ObjectMethod)/.test(parent.type);
}

export function isInFinally(stack: readonly Node[]): boolean {
  return stack.some((node, index) => {
    const parent = stack[index - 1];
    if (parent?.type === 'TryStatement') return parent.finalizer === node;
    if (parent?.type !== 'CallExpression' || !isMember(parent.callee as Node)) return false;
    return keyName((parent.callee as Member).property as Node, false) === 'finally';
  });
}
