import type { Node } from '@babel/types';
import type { SyntaxPass, SyntaxView } from '../context.ts';
import { atOf } from '../scopes.ts';
import type { At } from '../summary.ts';

/** A comparison of the request's path with a text: `req.url === '/healthz'`. */
export interface ComparedPath {
  readonly path: string;
  readonly prefix: boolean;
  readonly at: At;
  readonly within?: number;
}
const pathMembers = new Set(['url', 'pathname', 'path', 'originalUrl']);
const pathNames = new Set(['url', 'pathname', 'path', 'reqPath', 'requestPath', 'reqUrl', 'requestUrl', 'route']);

const isRequestPath = (node: Node): boolean => {
  if (node.type === 'MemberExpression' || node.type === 'OptionalMemberExpression')
    return node.property.type === 'Identifier' && !node.computed && pathMembers.has(node.property.name);
  return node.type === 'Identifier' && pathNames.has(node.name);
};
const pathText = (node: Node): string | undefined =>
  node.type === 'StringLiteral' && /^\/[\w/.~:-]*$/.test(node.value) ? node.value : undefined;

function comparedIn(node: Node): readonly { path: string; prefix: boolean; node: Node }[] {
  if (node.type === 'BinaryExpression' && (node.operator === '===' || node.operator === '==')) {
    const [left, right] = [node.left as Node, node.right as Node];
    const path = isRequestPath(left) ? pathText(right) : isRequestPath(right) ? pathText(left) : undefined;
    return path === undefined ? [] : [{ path, prefix: false, node }];
  }
  if (node.type === 'SwitchStatement' && isRequestPath(node.discriminant as Node))
    return node.cases.flatMap((item) => {
      const path = item.test ? pathText(item.test as Node) : undefined;
      return path === undefined ? [] : [{ path, prefix: false, node: item as Node }];
    });
  if (node.type === 'CallExpression' && node.callee.type === 'MemberExpression' && node.callee.property.type === 'Identifier') {
    const { name } = node.callee.property;
    const [argument] = node.arguments;
    if (name === 'endsWith' && isRequestPath(node.callee.object as Node)) {
      const path = argument && pathText(argument as Node);
      return path ? [{ path, prefix: false, node }] : [];
    }
    if (name === 'startsWith' && isRequestPath(node.callee.object as Node)) {
      const path = argument && pathText(argument as Node);
      return path ? [{ path, prefix: true, node }] : [];
    }
    if (name === 'includes' && node.callee.object.type === 'ArrayExpression' && argument && isRequestPath(argument as Node))
      return node.callee.object.elements.flatMap((item) => {
        const path = item && pathText(item as Node);
        return path ? [{ path, prefix: false, node: item as Node }] : [];
      });
  }
  return [];
}

/** Finds where code compares a request's path itself. Whether a server calls it is judged later. */
export const comparedPaths: SyntaxPass = {
  id: 'compared-paths',
  run(view: SyntaxView): readonly ComparedPath[] {
    const found: ComparedPath[] = [];
    for (const node of view.nodes('BinaryExpression', 'SwitchStatement', 'CallExpression')) {
      for (const { path, prefix, node: at } of comparedIn(node)) {
        const { within } = view.contextOf(node);
        if (within !== undefined && found.length < 200) found.push({ path, prefix, at: atOf(at), within });
      }
    }
    return found;
  },
};
