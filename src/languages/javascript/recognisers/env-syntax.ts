/** The syntax pass behind `env-read` facts: schemas, wrappers and services through which code reads variables. */
import type { Node } from '@babel/types';
import type { SyntaxPass, SyntaxView } from '../context.ts';
import { keyName, unwrap } from '../expressions.ts';
import { atOf, eachChild, isFunctionNode } from '../scopes.ts';
import type { At, Guard } from '../summary.ts';
import { dottedName, isProcessEnv } from './config-syntax.ts';

export type EnvSighting =
  | {
      readonly topic: 'read';
      /** Who reads: `schema` counts only where a schema is applied to the environment. */
      readonly by: 'schema' | 'config-service' | 'convict' | 'env-var';
      readonly name: string;
      readonly hasDefault: boolean;
      readonly optional: boolean;
      readonly at: At;
      readonly when?: readonly Guard[];
      readonly within?: number;
    }
  /** `process.env[name]` where `name` is a parameter of a function. */
  | { readonly topic: 'wrapper'; readonly function: number; readonly parameter: number; readonly copes: boolean }
  /** The whole environment is handed on. */
  | { readonly topic: 'whole'; readonly at: At }
  /** The module applies a schema to the environment. */
  | { readonly topic: 'validates' };

const variableName = /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*$/;
const validators = /^(?:createEnv|cleanEnv|validationSchema|validateEnv|runtimeEnv|envSchema)$/;
const schemaRoots = /^(?:z|zod|Joi|joi|yup|v|s|t|T|Type|str|num|bool|port|url|host|email|json|enums|makeValidator|envalid|coerce)$/;

interface Chain {
  readonly root: string;
  readonly methods: readonly string[];
  readonly options?: Node;
}
/** `z.string().optional()` → root `z`, methods `string`, `optional`. */
function chainOf(source: Node): Chain | undefined {
  const methods: string[] = [];
  let options: Node | undefined;
  let node = unwrap(source);
  for (let depth = 0; depth < 20; depth++) {
    if (node.type === 'CallExpression') {
      options ??= node.arguments.find((argument) => argument.type === 'ObjectExpression') as Node | undefined;
      node = unwrap(node.callee as Node);
    } else if (node.type === 'MemberExpression') {
      const name = keyName(node.property as Node, node.computed);
      if (name !== undefined) methods.unshift(name);
      node = unwrap(node.object as Node);
    } else break;
  }
  return node.type === 'Identifier' ? { root: node.name, methods, ...(options ? { options } : {}) } : undefined;
}

const hasKey = (options: Node | undefined, ...names: readonly string[]): boolean =>
  options?.type === 'ObjectExpression' &&
  options.properties.some(
    (property) => property.type === 'ObjectProperty' && names.includes(keyName(property.key as Node, property.computed) ?? ''),
  );

/** What a schema says of a variable that is not set. Joi takes all as optional unless it says `required`. */
function readChain({ root, methods, options }: Chain): { hasDefault: boolean; optional: boolean } {
  const hasDefault = methods.some((name) => /^(?:default|catch|prefault)$/.test(name)) || hasKey(options, 'default');
  const isJoi = /^joi$/i.test(root);
  const says = methods.some((name) =>
    /^(?:optional|nullable|nullish|notRequired|when|allow|maybe|preprocess|union|pipe|transform|lazy)$/.test(name),
  );
  return { hasDefault, optional: isJoi ? !methods.includes('required') : says };
}

class EnvWalk {
  readonly found: EnvSighting[] = [];
  readonly #stack: Node[] = [];
  readonly #functions: { node: Node; id: number }[] = [];

  constructor(readonly view: SyntaxView) {}

  visit(node: Node): void {
    const id = isFunctionNode(node) ? this.view.functionId(node) : undefined;
    if (id !== undefined) this.#functions.push({ node, id });
    this.#see(node);
    this.#stack.push(node);
    eachChild(node, (child) => this.visit(child));
    this.#stack.pop();
    if (id !== undefined) this.#functions.pop();
  }

  #see(node: Node): void {
    switch (node.type) {
      case 'ObjectExpression':
        return this.#object(node);
      case 'CallExpression':
        return this.#call(node);
      case 'Identifier':
        if (validators.test(node.name)) this.found.push({ topic: 'validates' });
        return;
      case 'MemberExpression':
        return this.#member(node);
    }
  }

  #object(node: Node & { type: 'ObjectExpression' }): void {
    const named = node.properties.find(
      (property) => property.type === 'ObjectProperty' && keyName(property.key as Node, property.computed) === 'env',
    );
    const variable = named?.type === 'ObjectProperty' && named.value.type === 'StringLiteral' ? named.value.value : undefined;
    if (variable !== undefined && hasKey(node, 'default') && variableName.test(variable))
      this.#read(named as Node, 'convict', variable, { hasDefault: true, optional: true });
    // One of several shapes: what it names is needed in that shape only.
    const isAlternative = this.#stack.some(
      (parent) =>
        parent.type === 'CallExpression' &&
        /(?:union|discriminatedUnion|or|optional|partial|preprocess)$/.test(dottedName(parent.callee as Node)),
    );
    for (const property of node.properties) {
      if (property.type !== 'ObjectProperty') continue;
      const name = keyName(property.key as Node, property.computed);
      if (name === undefined || !variableName.test(name)) continue;
      const chain = chainOf(property.value as Node);
      if (chain && schemaRoots.test(chain.root) && property.value.type === 'CallExpression')
        this.#readSchema(property, name, chain, isAlternative);
    }
  }

  #readSchema(node: Node, name: string, chain: Chain, isAlternative: boolean): void {
    const read = readChain(chain);
    this.#read(node, 'schema', name, { ...read, optional: read.optional || isAlternative });
  }

  #call(node: Node & { type: 'CallExpression' }): void {
    const callee = unwrap(node.callee as Node);
    const [first, second] = node.arguments as Node[];
    // `{ ...process.env }` and `parse(process.env)`.
    if (node.arguments.some((argument) => isProcessEnv(argument as Node)))
      this.found.push({ topic: 'validates' }, { topic: 'whole', at: atOf(node) });
    if (callee.type !== 'MemberExpression' || first?.type !== 'StringLiteral' || !variableName.test(first.value)) return;
    const method = keyName(callee.property as Node, callee.computed);
    const on =
      dottedName(callee.object as Node)
        .split('.')
        .at(-1) ?? '';
    if ((method === 'get' || method === 'getOrThrow') && /config(?:uration)?(?:Service)?$/i.test(on)) {
      const isFallback = this.#stack.some((parent) => parent.type === 'LogicalExpression' && parent.operator !== '&&');
      this.#read(node, 'config-service', first.value, {
        hasDefault: (second !== undefined && second.type !== 'ObjectExpression') || isFallback,
        optional: this.#isTested(),
      });
    } else if (method === 'get' && /^env$/i.test(on)) {
      const after = this.#methodsAfter();
      this.#read(node, 'env-var', first.value, { hasDefault: after.includes('default'), optional: !after.includes('required') });
    }
  }

  /** The read only decides whether something is done. */
  #isTested(): boolean {
    const parent = this.#stack.at(-1);
    return parent?.type === 'IfStatement' || parent?.type === 'UnaryExpression' || parent?.type === 'ConditionalExpression';
  }

  #methodsAfter(): readonly string[] {
    const methods: string[] = [];
    for (const parent of [...this.#stack].reverse()) {
      if (parent.type === 'MemberExpression') methods.push(keyName(parent.property as Node, parent.computed) ?? '');
      else if (parent.type !== 'CallExpression') break;
    }
    return methods;
  }

  #member(node: Node & { type: 'MemberExpression' }): void {
    if (!node.computed || !isProcessEnv(node.object as Node)) return;
    const key = unwrap(node.property as Node);
    if (key.type === 'StringLiteral') return;
    for (const { node: fn, id } of [...this.#functions].reverse()) {
      const { params } = fn as Node & { params: Node[] };
      const index = params.findIndex(
        (parameter) => key.type === 'Identifier' && parameter.type === 'Identifier' && parameter.name === key.name,
      );
      if (index < 0) continue;
      const parent = this.#stack.at(-1);
      const copes = parent?.type === 'LogicalExpression' && parent.left === node;
      this.found.push({ topic: 'wrapper', function: id, parameter: index, copes });
      return;
    }
    // A computed name: any variable may be read.
    this.found.push({ topic: 'whole', at: atOf(node) });
  }

  #read(
    node: Node,
    by: (EnvSighting & { topic: 'read' })['by'],
    name: string,
    { hasDefault, optional }: { hasDefault: boolean; optional: boolean },
  ): void {
    const { when, within } = this.view.contextOf(node);
    this.found.push({
      topic: 'read',
      by,
      name,
      hasDefault,
      optional,
      at: atOf(node),
      ...(when.length > 0 ? { when } : {}),
      ...(within === undefined ? {} : { within }),
    });
  }
}

export const envSyntax: SyntaxPass = {
  id: 'env-syntax',
  run(view) {
    const walk = new EnvWalk(view);
    walk.visit(view.program);
    return walk.found;
  },
};
