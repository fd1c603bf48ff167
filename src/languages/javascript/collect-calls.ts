import type { Node } from '@babel/types';
import { type Context, guarded, type Read } from './context.ts';
import { keyName, requiredModule, unwrap } from './expressions.ts';
import { interestingGlobals, interestingMethods } from './recognisers/interests.ts';
import { atOf, isFunctionNode, type Scope, type ScopeTree } from './scopes.ts';
import type { Call, Expression } from './summary.ts';

/** `io.on('connection', …)` tells what runs for clients, also where the server is handed over as a parameter. */
const greetsClients = (node: Node, callee: Node): boolean => {
  if (node.type !== 'CallExpression' || callee.type !== 'MemberExpression' || keyName(callee.property as Node, callee.computed) !== 'on')
    return false;
  const [event, handler] = node.arguments;
  return handler !== undefined && event?.type === 'StringLiteral' && /^connect(?:ion)?$/.test(event.value);
};

/** Keeps the calls that a recogniser may understand, once the whole module has been walked. */
export class CallCollector {
  readonly #nodes: { node: Node; context: Context; result: Call['result']; decorates?: Call['decorates'] }[] = [];

  constructor(
    readonly scopes: ScopeTree,
    readonly read: Read,
    /** Names without a declaration may be functions of the program. */
    readonly importsItself: boolean,
  ) {}

  add(node: Node, context: Context, result: Call['result'], decorates?: Call['decorates']): void {
    this.#nodes.push({ node, context, result, ...(decorates ? { decorates } : {}) });
  }

  finish(): Call[] {
    const calls: Call[] = [];
    for (const { node, context, result, decorates } of this.#nodes) {
      const isCall = node.type === 'CallExpression' || node.type === 'OptionalCallExpression' || node.type === 'NewExpression';
      const calleeNode = unwrap((isCall ? node.callee : node.type === 'TaggedTemplateExpression' ? node.tag : node) as Node);
      if (!decorates && !this.#interesting(calleeNode, context.scope, 0) && !greetsClients(node, calleeNode)) continue;
      if (isCall && requiredModule(node, context.scope) !== undefined) continue;
      const name = (
        calleeNode.type === 'MemberExpression' || calleeNode.type === 'OptionalMemberExpression' ? calleeNode.property : calleeNode
      ) as Node;
      calls.push({
        callee: this.read(calleeNode, context),
        args: isCall
          ? node.arguments.map((argument) => this.read((argument.type === 'SpreadElement' ? argument.argument : argument) as Node, context))
          : node.type === 'TaggedTemplateExpression'
            ? [this.read(node.quasi as Node, context)]
            : [],
        how: decorates ? 'decorator' : node.type === 'NewExpression' ? 'new' : node.type === 'TaggedTemplateExpression' ? 'tag' : 'call',
        at: atOf(node),
        nameAt: atOf(name),
        ...(context.within === undefined ? {} : { within: context.within }),
        ...guarded(context),
        result,
        ...(decorates ? { decorates } : {}),
        ...(context.tried ? { tried: true } : {}),
        ...(context.looped ? { looped: true } : {}),
      });
    }
    return calls;
  }

  /** Worth keeping: leads to an import, a function or class of this module, a known global, or is a method that some library has. */
  #interesting(callee: Node, scope: Scope, depth: number): boolean {
    const method =
      callee.type === 'MemberExpression' || callee.type === 'OptionalMemberExpression'
        ? keyName(callee.property as Node, callee.computed)
        : undefined;
    let root = callee;
    for (;;) {
      root = unwrap(root);
      if (root.type === 'MemberExpression' || root.type === 'OptionalMemberExpression') root = root.object as Node;
      else if (root.type === 'CallExpression' || root.type === 'OptionalCallExpression' || root.type === 'NewExpression') {
        if (requiredModule(root, scope) !== undefined) return true;
        root = root.callee as Node;
      } else break;
    }
    if (root.type === 'ThisExpression' || root.type === 'Super' || isFunctionNode(root)) return true;
    if (root.type === 'ArrayExpression') return method !== undefined && interestingMethods.has(method);
    if (root.type !== 'Identifier') return false;
    const binding = scope.lookup(root.name);
    if (!binding && root !== callee && /^(?:exports|module)$/.test(root.name)) return true;
    if (!binding) return interestingGlobals.has(root.name) || (this.importsItself && root === callee && /^[a-z]\w{2,}$/.test(root.name));
    if (binding.kind === 'import' || binding.kind === 'function' || binding.kind === 'class') return true;
    if (method !== undefined && interestingMethods.has(method)) return true;
    if (binding.kind === 'parameter' || depth > 4) return false;
    return binding.values.some(({ value }) => this.#leadsSomewhere(value, depth + 1));
  }

  #leadsSomewhere(value: Expression, depth: number): boolean {
    if (depth > 10) return false;
    switch (value.k) {
      case 'import':
      case 'function':
      case 'class':
      case 'this':
        return true;
      case 'member':
      case 'element':
        return this.#leadsSomewhere(value.of, depth + 1);
      case 'call':
        return this.#leadsSomewhere(value.callee, depth + 1);
      case 'or':
      case 'and':
        return this.#leadsSomewhere(value.left, depth + 1) || this.#leadsSomewhere(value.right, depth + 1);
      case 'conditional':
        return this.#leadsSomewhere(value.yes, depth + 1) || this.#leadsSomewhere(value.no, depth + 1);
      case 'global':
        return interestingGlobals.has(value.name);
      case 'local': {
        const binding = this.scopes.bindings[value.binding]!;
        return binding.kind !== 'parameter' && binding.values.some((assigned) => this.#leadsSomewhere(assigned.value, depth + 1));
      }
      default:
        return false;
    }
  }
}
