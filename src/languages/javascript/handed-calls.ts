/** Calls on what a function is handed: of these a module alone does not know where they lead. */
import type { Node } from '@babel/types';
import type { SyntaxPass, SyntaxView } from './context.ts';
import { keyName, unwrap } from './expressions.ts';
import type { OpenBinding } from './scopes.ts';
import type { Expression } from './summary.ts';

/** `rooms.join(id)` where `rooms` is a parameter, a part of one, or one of those that a loop goes over. */
export interface HandedCall {
  readonly within: number;
  readonly callee: Expression;
}

/** Methods of values, collections, answers and loggers. */
const ordinary = new Set(
  (
    'then catch finally map filter forEach some every reduce join push pop shift unshift splice at concat flat flatMap sort reverse includes indexOf startsWith endsWith slice ' +
    'split replace replaceAll trim padStart padEnd toLowerCase toUpperCase test match exec keys values entries hasOwnProperty toString toISOString getTime toFixed substring charCodeAt ' +
    'json status sendStatus header setHeader getHeader writeHead type render redirect on once off bind call apply log info warn error debug trace fatal'
  ).split(' '),
);
/** Parameters that hold a request, an answer, an error or one value of many. */
const passing =
  /^_*(?:req|request|res|resp|response|reply|ctx|next|err|error|e|ex|event|evt|h|item|value|key|index|i|a|b|x|acc|row|data|body|params|query|opts|options|callback|cb|done|resolve|reject)$/;

type Callee = Node & { type: 'MemberExpression' | 'OptionalMemberExpression' | 'Identifier' };
const isMember = (node: Node): node is Node & { type: 'MemberExpression' | 'OptionalMemberExpression' } =>
  node.type === 'MemberExpression' || node.type === 'OptionalMemberExpression';

/** The name that a chain of members stands on. */
function rootOf(callee: Node): string | undefined {
  let root = callee;
  while (isMember(root)) root = unwrap(root.object as Node);
  return root.type === 'Identifier' ? root.name : undefined;
}

/** A parameter, or what a loop holds; with `part`, only what is taken out of a parameter. */
function isHanded(binding: OpenBinding | undefined, part: boolean): boolean {
  if (!binding || binding.top) return false;
  const isOfLoop = binding.kind === 'const' && binding.values.length === 0;
  if ((binding.kind === 'parameter' || isOfLoop) && !part) return !passing.test(binding.name);
  return binding.values.some(({ value }) => {
    let inner = value;
    for (let link = 0; link < 6 && (inner.k === 'member' || (inner.k === 'or' && link < 2)); link++)
      inner = inner.k === 'member' ? inner.of : inner.left;
    return inner.k === 'parameter' && inner !== value;
  });
}

function handedTo(callee: Callee, view: SyntaxView): boolean {
  const name = rootOf(callee);
  if (name === undefined) return false;
  if (isMember(callee) && ordinary.has(keyName(callee.property as Node, callee.computed) ?? 'at')) return false;
  return isHanded(view.scopeAt(callee).lookup(name), !isMember(callee));
}

export const handedCallsPass: SyntaxPass = {
  id: 'handed-calls',
  run(view) {
    const found: HandedCall[] = [];
    for (const node of view.nodes('CallExpression', 'OptionalCallExpression')) {
      const callee = unwrap(node.callee as Node);
      if (callee.type !== 'Identifier' && !isMember(callee)) continue;
      const { within } = view.contextOf(node);
      if (within !== undefined && handedTo(callee, view)) found.push({ within, callee: view.read(callee) });
    }
    return found;
  },
};
