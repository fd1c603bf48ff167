import type { Node } from '@babel/types';
import type { SyntaxPass } from '../context.ts';
import { keyName, unwrap } from '../expressions.ts';
import { functionTypes, isFunctionNode } from '../scopes.ts';
import { eachChild } from '../syntax-tree.ts';

/** Number of a function that answers a client, whose response or socket the function around it holds. */
export type Answering = number;

const client = /^_*(?:res|resp|response|reply|stream|controller|ws|socket|sse)$/;
const answers = /^(?:write|send|json|end|sse|emit|enqueue|writeSSE)$/;

/** `res.write(…)`, `reply.raw.write(…)`, `socket.emit(…)`: the variable that the call stands on. */
function answeredName(node: Node): string | undefined {
  if (node.type !== 'CallExpression' && node.type !== 'OptionalCallExpression') return undefined;
  const callee = unwrap(node.callee as Node);
  if (callee.type !== 'MemberExpression' && callee.type !== 'OptionalMemberExpression') return undefined;
  if (!answers.test(keyName(callee.property as Node, callee.computed) ?? '')) return undefined;
  let owner = unwrap(callee.object as Node);
  while (owner.type === 'MemberExpression' || owner.type === 'OptionalMemberExpression') owner = unwrap(owner.object as Node);
  return owner.type === 'Identifier' && client.test(owner.name) ? owner.name : undefined;
}

/** Listeners that write to the client of the request in which they were added: `bus.on('order', (order) => res.write(order))`. */
export const answeringFunctions: SyntaxPass = {
  id: 'answering-functions',
  run(view) {
    const found: Answering[] = [];
    for (const node of view.nodes(...functionTypes)) {
      const fn = node as Node & { params: Node[]; body: Node };
      const own = new Set(fn.params.flatMap((parameter) => (parameter.type === 'Identifier' ? [parameter.name] : [])));
      const visit = (inner: Node): boolean => {
        const name = answeredName(inner);
        if (name !== undefined && !own.has(name)) return true;
        let does = false;
        eachChild(inner, (child) => {
          does ||= !isFunctionNode(child) && visit(child);
        });
        return does;
      };
      const id = view.functionId(node);
      if (id !== undefined && view.scopes.functions[id]?.parent !== undefined && visit(fn.body)) found.push(id);
    }
    return found;
  },
};
