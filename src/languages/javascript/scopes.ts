import type { Node } from '@babel/types';
import type { At, Binding, Expression, Guard } from './summary.ts';
import { childrenOf } from './syntax-tree.ts';

/** A binding while its module is read. */
export interface OpenBinding {
  readonly index: number;
  readonly name: string;
  readonly top: boolean;
  readonly kind: Binding['kind'];
  readonly values: { value: Expression; when?: readonly Guard[]; within?: number }[];
  readonly properties: { path: readonly string[]; value: Expression; when?: readonly Guard[]; within?: number }[];
  open?: true;
  type?: string;
  readonly at: At;
}

/** Lexical scope; `function` is where `var` lands. */
export class Scope {
  readonly names = new Map<string, OpenBinding>();
  constructor(
    readonly parent: Scope | undefined,
    readonly isFunction: boolean,
  ) {}

  lookup(name: string): OpenBinding | undefined {
    for (let scope: Scope | undefined = this; scope; scope = scope.parent) {
      const found = scope.names.get(name);
      if (found) return found;
    }
    return undefined;
  }
  get functionScope(): Scope {
    let scope: Scope = this;
    while (!scope.isFunction && scope.parent) scope = scope.parent;
    return scope;
  }
}

export const atOf = (node: Node): At => {
  const { start, end } = node.loc!;
  return [start.line, start.column + 1, end.line, end.column + 1];
};

export const functionTypes = [
  'FunctionDeclaration',
  'FunctionExpression',
  'ArrowFunctionExpression',
  'ObjectMethod',
  'ClassMethod',
  'ClassPrivateMethod',
] as const;
const functions: ReadonlySet<string> = new Set(functionTypes);
export const isFunctionNode = (node: Node): boolean => functions.has(node.type);

const blockTypes = new Set([
  'BlockStatement',
  'ForStatement',
  'ForInStatement',
  'ForOfStatement',
  'CatchClause',
  'SwitchStatement',
  'StaticBlock',
  'TSModuleBlock',
  'ClassBody',
]);
const opensScope = ({ type }: Node): boolean => blockTypes.has(type) || functions.has(type) || type === 'Program';

const ofNode = new Set([
  'exports',
  'module',
  'require',
  'process',
  'global',
  'globalThis',
  'window',
  'self',
  'console',
  '__dirname',
  '__filename',
]);

/** The scopes of one module and all its bindings. Declared before use is read, so that hoisting works. */
export class ScopeTree {
  readonly bindings: OpenBinding[] = [];
  readonly #scopes = new Map<Node, Scope>();
  readonly root: Scope;

  /** Functions and classes in order of the text; their index is their number. */
  readonly functions: { readonly node: Node; readonly parent: number | undefined }[] = [];
  readonly classes: Node[] = [];
  readonly #numbers = new Map<Node, number>();

  constructor(program: Node) {
    this.root = new Scope(undefined, true);
    this.#scopes.set(program, this.root);
    for (const child of childrenOf(program)) this.#declare(child, this.root, undefined);
    for (const child of childrenOf(program)) this.#declareUndeclared(child);
  }

  /** `io = require('socket.io')(server);` without a keyword, as scripts of old do. */
  #declareUndeclared(node: Node): void {
    const assignment = node.type === 'ExpressionStatement' ? (node.expression as Node) : undefined;
    if (assignment?.type !== 'AssignmentExpression' || assignment.operator !== '=' || assignment.left.type !== 'Identifier') return;
    const { name } = assignment.left;
    if (!this.root.names.has(name) && !ofNode.has(name)) this.add(this.root, name, 'let', assignment.left, true);
  }

  /** Number of a function or class. */
  numberOf(node: Node): number | undefined {
    return this.#numbers.get(node);
  }

  /** The scope that a node opens, if it opens one. */
  of(node: Node): Scope | undefined {
    return opensScope(node) ? this.#scopes.get(node) : undefined;
  }

  add(scope: Scope, name: string, kind: Binding['kind'], node: Node, top: boolean): OpenBinding {
    const known = scope.names.get(name);
    if (known && known.kind !== 'parameter') return known;
    const binding: OpenBinding = { index: this.bindings.length, name, top, kind, values: [], properties: [], at: atOf(node) };
    this.bindings.push(binding);
    scope.names.set(name, binding);
    return binding;
  }

  #declare(node: Node, scope: Scope, within: number | undefined): void {
    // Nearly half of all nodes; they declare nothing themselves, but a decorator of a parameter may hold functions.
    if (node.type === 'Identifier' && !node.decorators) return;
    if (isFunctionNode(node)) return this.#declareFunction(node, scope, within);
    const top = within === undefined;
    switch (node.type) {
      case 'VariableDeclaration': {
        const target = node.kind === 'var' ? scope.functionScope : scope;
        for (const declarator of node.declarations)
          this.#names(declarator.id as Node, (id) => this.add(target, id.name, node.kind === 'const' ? 'const' : 'let', id, top));
        break;
      }
      case 'ClassDeclaration':
      case 'ClassExpression':
        this.#numbers.set(node, this.classes.length);
        this.classes.push(node);
        if (node.type === 'ClassDeclaration' && node.id) this.add(scope, node.id.name, 'class', node.id, top);
        break;
      case 'ImportDeclaration':
        if (node.importKind === 'type') return;
        for (const specifier of node.specifiers) this.add(scope, specifier.local.name, 'import', specifier.local, true);
        return;
      case 'TSImportEqualsDeclaration':
        this.add(scope, node.id.name, 'import', node.id, true);
        break;
      case 'TSEnumDeclaration':
        this.add(scope, node.id.name, 'const', node.id, top);
        break;
    }
    let inner = scope;
    if (blockTypes.has(node.type)) {
      inner = new Scope(scope, false);
      this.#scopes.set(node, inner);
      if (node.type === 'CatchClause' && node.param) this.#names(node.param as Node, (id) => this.add(inner, id.name, 'catch', id, false));
    }
    for (const child of childrenOf(node)) this.#declare(child, inner, within);
  }

  #declareFunction(node: Node, scope: Scope, within: number | undefined): void {
    const number = this.functions.length;
    this.#numbers.set(node, number);
    this.functions.push({ node, parent: within });
    const top = within === undefined;
    const fn = node as Node & { id?: { name: string } & Node; params: Node[]; body: Node };
    if (fn.type === 'FunctionDeclaration' && fn.id) this.add(scope, fn.id.name, 'function', fn.id, top);
    const inner = new Scope(scope, true);
    this.#scopes.set(node, inner);
    if (fn.type === 'FunctionExpression' && fn.id) this.add(inner, fn.id.name, 'function', fn.id, false);
    for (const parameter of fn.params) this.#names(parameter, (id) => this.add(inner, id.name, 'parameter', id, false));
    for (const child of childrenOf(node)) this.#declare(child, inner, number);
  }

  /** Identifiers that a pattern declares. */
  #names(pattern: Node, declare: (id: Node & { name: string }) => void): void {
    switch (pattern.type) {
      case 'Identifier':
        declare(pattern as Node & { name: string });
        break;
      case 'AssignmentPattern':
        this.#names(pattern.left as Node, declare);
        break;
      case 'RestElement':
        this.#names(pattern.argument as Node, declare);
        break;
      case 'ObjectPattern':
        for (const property of pattern.properties)
          this.#names((property.type === 'RestElement' ? property.argument : property.value) as Node, declare);
        break;
      case 'ArrayPattern':
        for (const element of pattern.elements) if (element) this.#names(element as Node, declare);
        break;
      case 'TSParameterProperty':
        this.#names(pattern.parameter as Node, declare);
        break;
    }
  }
}
