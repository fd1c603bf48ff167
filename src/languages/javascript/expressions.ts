import type { Node } from '@babel/types';
import type { Scope } from './scopes.ts';
import { atOf, isFunctionNode } from './scopes.ts';
import { fromStartFolder, startFolderMark } from './start-folder.ts';
import type { Expression, Property } from './summary.ts';

/** Numbers for the functions and classes of a module, given out by the walk. */
export interface Numbering {
  numberOf(node: Node): number | undefined;
}

const maximumDepth = 12;
/** Links of a chain of calls (`app.get(…).post(…).listen(port)`) that are followed beyond that, without what most of them are given. */
const maximumChain = 60;
const maximumProperties = 80;

/** Casts, `await` and parentheses do not change what a value is. */
export function unwrap(node: Node): Node {
  let inner = node;
  for (;;) {
    switch (inner.type) {
      case 'TSAsExpression':
      case 'TSNonNullExpression':
      case 'TSSatisfiesExpression':
      case 'TSTypeAssertion':
      case 'TSInstantiationExpression':
      case 'ParenthesizedExpression':
        inner = inner.expression as Node;
        break;
      case 'AwaitExpression':
        inner = inner.argument as Node;
        break;
      case 'ChainExpression' as never:
        inner = (inner as unknown as { expression: Node }).expression;
        break;
      default:
        return inner;
    }
  }
}

/** Name of a property key that is written in the code. */
export function keyName(key: Node, computed: boolean): string | undefined {
  if (!computed && key.type === 'Identifier') return key.name;
  if (key.type === 'StringLiteral') return key.value;
  if (key.type === 'NumericLiteral') return String(key.value);
  if (key.type === 'TemplateLiteral' && key.expressions.length === 0) return key.quasis[0]?.value.cooked ?? undefined;
  if (key.type === 'PrivateName') return `#${key.id.name}`;
  return undefined;
}

/** The specifier of `require('x')`, `import('x')` or `require(path.resolve('./x'))`. */
export function requiredModule(node: Node, scope: Scope): string | undefined {
  if (node.type !== 'CallExpression') return node.type === 'ImportExpression' ? literalText(node.source as Node) : undefined;
  const callee = unwrap(node.callee as Node);
  const isRequire = callee.type === 'Identifier' && callee.name === 'require' && isNodesRequire(scope);
  if (!isRequire && callee.type !== 'Import') return undefined;
  const argument = node.arguments[0] as Node | undefined;
  return argument && (literalText(argument) ?? startedPath(argument));
}
/** The one of CommonJS, or `const require = createRequire(import.meta.url)` of an ES module. */
function isNodesRequire(scope: Scope): boolean {
  const values = scope.lookup('require')?.values;
  if (!values) return true;
  const [made] = values;
  if (values.length !== 1 || made?.value.k !== 'call' || made.value.callee.k !== 'local') return false;
  const maker = scope.lookup('createRequire')?.values[0]?.value;
  return maker?.k === 'import' && /^(?:node:)?module$/.test(maker.specifier);
}
function startedPath(node: Node): string | undefined {
  const started = fromStartFolder(unwrap(node));
  return started?.whole ? `${startFolderMark}${started.path}` : undefined;
}
const literalText = (node: Node): string | undefined =>
  node.type === 'StringLiteral'
    ? node.value
    : node.type === 'TemplateLiteral' && node.expressions.length === 0
      ? (node.quasis[0]?.value.cooked ?? undefined)
      : undefined;

const isLink = (node: Node): boolean => node.type === 'MemberExpression' || node.type === 'CallExpression';

/** Reads expressions of one module; the scope is that of the node. */
export class ExpressionReader {
  constructor(readonly numbering: Numbering) {}

  read(source: Node, scope: Scope, thisClass: number | undefined, depth = 0): Expression {
    const node = unwrap(source);
    const at = atOf(node);
    const leaf = this.#readLeaf(node, scope, thisClass, at);
    if (leaf) return leaf;
    return depth > maximumDepth ? this.#readLink(node, scope, thisClass, at, depth) : this.#readParts(node, scope, thisClass, depth, at);
  }

  /** A link far down a chain: only what it stands on, and the texts that it is given. */
  #readLink(node: Node, scope: Scope, thisClass: number | undefined, at: Expression['at'], depth: number): Expression {
    if (depth > maximumDepth + maximumChain) return { k: 'unknown', at };
    if (node.type === 'MemberExpression' && !node.computed && node.property.type === 'Identifier') {
      const of = unwrap(node.object as Node);
      const below = isLink(of) ? this.#readLink(of, scope, thisClass, atOf(of), depth + 1) : this.#readLeaf(of, scope, thisClass, atOf(of));
      return below ? { k: 'member', of: below, name: node.property.name, at } : { k: 'unknown', at };
    }
    if (node.type !== 'CallExpression') return { k: 'unknown', at };
    const specifier = requiredModule(node, scope);
    if (specifier !== undefined) return { k: 'import', specifier, name: '=', at };
    const callee = unwrap(node.callee as Node);
    const below = isLink(callee)
      ? this.#readLink(callee, scope, thisClass, atOf(callee), depth + 1)
      : this.#readLeaf(callee, scope, thisClass, atOf(callee));
    const args = node.arguments.map((argument): Expression => {
      const text = literalText(argument as Node);
      return text === undefined ? { k: 'unknown', at: atOf(argument) } : { k: 'literal', value: text, at: atOf(argument) };
    });
    return below ? { k: 'call', callee: below, args, isNew: false, at } : { k: 'unknown', at };
  }

  /** What has no parts; most nodes are such. */
  #readLeaf(node: Node, scope: Scope, thisClass: number | undefined, at: Expression['at']): Expression | undefined {
    if (isFunctionNode(node)) return this.#numbered('function', node, at);
    switch (node.type) {
      case 'StringLiteral':
      case 'NumericLiteral':
      case 'BooleanLiteral':
        return { k: 'literal', value: node.value, at };
      case 'NullLiteral':
        return { k: 'literal', value: null, at };
      case 'Identifier': {
        if (node.name === 'undefined') return { k: 'literal', value: null, at };
        const binding = scope.lookup(node.name);
        return binding ? { k: 'local', binding: binding.index, at } : { k: 'global', name: node.name, at };
      }
      case 'ThisExpression':
        return thisClass === undefined ? { k: 'this', at } : { k: 'this', class: thisClass, at };
      case 'ClassExpression':
        return this.#numbered('class', node, at);
      default:
        return undefined;
    }
  }

  #numbered(k: 'function' | 'class', node: Node, at: Expression['at']): Expression {
    const id = this.numbering.numberOf(node);
    return id === undefined ? { k: 'unknown', at } : { k, id, at };
  }

  #readParts(node: Node, scope: Scope, thisClass: number | undefined, depth: number, at: Expression['at']): Expression {
    const sub = (child: Node): Expression => this.read(child, scope, thisClass, depth + 1);
    switch (node.type) {
      case 'TemplateLiteral':
        return this.#template(node, sub, at);
      case 'MemberExpression':
      case 'OptionalMemberExpression': {
        const name = keyName(node.property as Node, node.computed);
        const of = sub(node.object as Node);
        return name === undefined ? { k: 'element', of, key: sub(node.property as Node), at } : { k: 'member', of, name, at };
      }
      case 'CallExpression':
      case 'OptionalCallExpression':
      case 'NewExpression': {
        const specifier = requiredModule(node, scope);
        if (specifier !== undefined) return { k: 'import', specifier, name: (node.callee as Node).type === 'Import' ? '*' : '=', at };
        return {
          k: 'call',
          callee: sub(node.callee as Node),
          args: node.arguments.map((argument) => sub((argument.type === 'SpreadElement' ? argument.argument : argument) as Node)),
          isNew: node.type === 'NewExpression',
          at,
        };
      }
      case 'ImportExpression': {
        const specifier = requiredModule(node, scope);
        return specifier === undefined ? { k: 'unknown', at } : { k: 'import', specifier, name: '*', at };
      }
      case 'LogicalExpression':
        return { k: node.operator === '&&' ? 'and' : 'or', left: sub(node.left as Node), right: sub(node.right as Node), at };
      case 'ConditionalExpression':
        return { k: 'conditional', test: sub(node.test as Node), yes: sub(node.consequent as Node), no: sub(node.alternate as Node), at };
      case 'UnaryExpression':
        return this.#unary(node, sub, at);
      case 'BinaryExpression':
        return this.#binary(node, sub, at);
      case 'AssignmentExpression':
        return sub(node.right as Node);
      case 'AssignmentPattern':
        return sub(node.right as Node);
      case 'SequenceExpression':
        return sub(node.expressions.at(-1) as Node);
      case 'ObjectExpression':
        return this.#object(node, sub, at);
      case 'ArrayExpression': {
        const items = node.elements.slice(0, maximumProperties).filter((item) => item !== null && item.type !== 'SpreadElement') as Node[];
        return { k: 'list', items: items.map(sub), open: items.length < node.elements.length, at };
      }
      default:
        return { k: 'unknown', at };
    }
  }

  #template(node: Node & { type: 'TemplateLiteral' }, sub: (child: Node) => Expression, at: Expression['at']): Expression {
    const parts: Expression[] = [];
    node.quasis.forEach((quasi, index) => {
      const text = quasi.value.cooked ?? '';
      if (text) parts.push({ k: 'literal', value: text, at: atOf(quasi) });
      const expression = node.expressions[index];
      if (expression) parts.push(sub(expression as Node));
    });
    if (parts.length === 0) return { k: 'literal', value: '', at };
    return parts.length === 1 && parts[0]!.k === 'literal' ? { ...parts[0]!, at } : { k: 'text', parts, at };
  }

  #unary(node: Node & { type: 'UnaryExpression' }, sub: (child: Node) => Expression, at: Expression['at']): Expression {
    const value = sub(node.argument as Node);
    if (node.operator === '!') return value.k === 'not' ? { ...value.value, at } : { k: 'not', value, at };
    if (node.operator === '+') return value;
    if (node.operator === '-' && value.k === 'literal' && typeof value.value === 'number') return { k: 'literal', value: -value.value, at };
    if (node.operator === 'void') return { k: 'literal', value: null, at };
    return { k: 'unknown', at };
  }

  #binary(node: Node & { type: 'BinaryExpression' }, sub: (child: Node) => Expression, at: Expression['at']): Expression {
    const left = sub(node.left as Node);
    const right = sub(node.right as Node);
    switch (node.operator) {
      case '===':
      case '==':
        return { k: 'equal', left, right, negated: false, at };
      case '!==':
      case '!=':
        return { k: 'equal', left, right, negated: true, at };
      case '+':
        if (left.k === 'literal' && right.k === 'literal' && typeof left.value === 'number' && typeof right.value === 'number')
          return { k: 'literal', value: left.value + right.value, at };
        return { k: 'text', parts: [...(left.k === 'text' ? left.parts : [left]), ...(right.k === 'text' ? right.parts : [right])], at };
      case '*':
        return left.k === 'literal' && right.k === 'literal' && typeof left.value === 'number' && typeof right.value === 'number'
          ? { k: 'literal', value: left.value * right.value, at }
          : { k: 'unknown', at };
      default:
        return { k: 'unknown', at };
    }
  }

  #object(node: Node & { type: 'ObjectExpression' }, sub: (child: Node) => Expression, at: Expression['at']): Expression {
    const properties: Property[] = [];
    const spreads: Expression[] = [];
    let open = node.properties.length > maximumProperties;
    for (const property of node.properties.slice(0, maximumProperties)) {
      if (property.type === 'SpreadElement') {
        spreads.push(sub(property.argument as Node));
        continue;
      }
      const key = keyName(property.key as Node, property.computed);
      if (key === undefined) open = true;
      else properties.push({ key, value: sub((property.type === 'ObjectMethod' ? property : property.value) as Node) });
    }
    return { k: 'object', properties, spreads, open, at };
  }
}

/** `enum Mode { Queue = 'queue' }`: an object with a value for each member; those without one are counted. */
export function readEnum(node: Node & { type: 'TSEnumDeclaration' }, read: (node: Node) => Expression): Expression {
  let next = 0;
  const properties = node.members.slice(0, maximumProperties).flatMap(({ id, initializer }, index): Property[] => {
    const key = keyName(id as Node, false);
    const value: Expression = initializer ? read(initializer as Node) : { k: 'literal', value: next, at: atOf(node.members[index]!) };
    if (value.k === 'literal' && typeof value.value === 'number') next = value.value + 1;
    return key === undefined ? [] : [{ key, value }];
  });
  return { k: 'object', properties, spreads: [], open: node.members.length > maximumProperties, at: atOf(node) };
}
