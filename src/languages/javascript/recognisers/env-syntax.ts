/** The syntax pass behind `env-read` facts: schemas, wrappers and services through which code reads variables. */
import type { Node } from '@babel/types';
import type { SyntaxPass, SyntaxView } from '../context.ts';
import { keyName, unwrap } from '../expressions.ts';
import { atOf, isFunctionNode } from '../scopes.ts';
import type { At, Guard } from '../summary.ts';
import { ancestorsOf, parentOf } from '../syntax-tree.ts';
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
  | {
      readonly topic: 'wrapper';
      readonly function: number;
      readonly parameter: number;
      readonly copes: boolean;
      /** A later parameter is called the default. */
      readonly takesDefault?: true;
    }
  /** The whole environment is handed on. */
  | { readonly topic: 'whole'; readonly at: At }
  /** The module applies a schema to the environment. */
  | { readonly topic: 'validates' }
  /** `DB_POOL?: number = 5` of a class that stands for the environment: the variable may be missing. */
  | { readonly topic: 'excused'; readonly name: string };

const variableName = /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*$/;
const validators: ReadonlySet<string> = new Set(['createEnv', 'cleanEnv', 'validationSchema', 'validateEnv', 'runtimeEnv', 'envSchema']);
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
    /^(?:optional|nullable|nullish|notRequired|when|allow|maybe|preprocess|union|pipe|transform|lazy)$/i.test(name),
  );
  return { hasDefault, optional: isJoi ? !methods.includes('required') : says };
}

class EnvReader {
  readonly #found: (EnvSighting & { readonly node: Node })[] = [];

  constructor(readonly view: SyntaxView) {}

  /** In order of the text, what stands outside first. */
  run(): readonly EnvSighting[] {
    for (const node of this.view.nodes('ObjectExpression')) this.#object(node);
    for (const node of this.view.nodes('CallExpression')) this.#call(node);
    for (const node of this.view.nodes('Identifier')) if (validators.has(node.name)) this.#add(node, { topic: 'validates' });
    for (const node of this.view.nodes('MemberExpression')) this.#member(node);
    for (const node of this.view.nodes('ClassProperty')) this.#field(node);
    return this.#found.sort((a, b) => inText(a.node, b.node)).map(({ node: _, ...sighting }) => sighting);
  }

  #add(node: Node, sighting: EnvSighting): void {
    this.#found.push({ ...sighting, node });
  }

  #object(node: Node & { type: 'ObjectExpression' }): void {
    const named = node.properties.find(
      (property) => property.type === 'ObjectProperty' && keyName(property.key as Node, property.computed) === 'env',
    );
    const variable = named?.type === 'ObjectProperty' && named.value.type === 'StringLiteral' ? named.value.value : undefined;
    if (variable !== undefined && hasKey(node, 'default') && variableName.test(variable))
      this.#read(node, 'convict', variable, { hasDefault: true, optional: true }, named);
    // envalid: also validators of the program's own making.
    const around = parentOf(node);
    const isCleaned =
      around?.type === 'CallExpression' &&
      dottedName(around.callee as Node)
        .split('.')
        .at(-1) === 'cleanEnv';
    for (const property of node.properties) {
      if (property.type !== 'ObjectProperty') continue;
      const name = keyName(property.key as Node, property.computed);
      if (name === undefined || !variableName.test(name)) continue;
      const chain = chainOf(property.value as Node);
      if (chain && (isCleaned || schemaRoots.test(chain.root)) && property.value.type === 'CallExpression')
        this.#readSchema(node, property, name, chain);
    }
  }

  #readSchema(node: Node, property: Node, name: string, chain: Chain): void {
    const read = readChain(chain);
    this.#read(node, 'schema', name, { ...read, optional: read.optional || isAlternative(node) }, property);
  }

  #call(node: Node & { type: 'CallExpression' }): void {
    const callee = unwrap(node.callee as Node);
    const [first, second] = node.arguments as Node[];
    // `{ ...process.env }` and `parse(process.env)`.
    if (node.arguments.some((argument) => isProcessEnv(argument as Node)))
      for (const sighting of [{ topic: 'validates' }, { topic: 'whole', at: atOf(node) }] as const) this.#add(node, sighting);
    if (callee.type !== 'MemberExpression' || !first) return;
    const method = keyName(callee.property as Node, callee.computed);
    const on =
      dottedName(callee.object as Node)
        .split('.')
        .at(-1) ?? '';
    // `this.configService.get(key)` inside of a service of the program's own: any variable may be read.
    if (first.type === 'Identifier' && method?.startsWith('get') && /config(?:uration)?Service$/i.test(on))
      return this.#add(node, { topic: 'whole', at: atOf(node) });
    if (first.type !== 'StringLiteral' || !variableName.test(first.value)) return;
    if ((method === 'get' || method === 'getOrThrow') && /config(?:uration)?(?:Service)?$/i.test(on)) {
      const isFallback = ancestorsOf(node).some((parent) => parent.type === 'LogicalExpression' && parent.operator !== '&&');
      this.#read(node, 'config-service', first.value, {
        hasDefault: (second !== undefined && second.type !== 'ObjectExpression') || isFallback,
        optional:
          isTested(node) || isTestedLater(node, this.view) || (method === 'get' && isHandedOut(node)) || this.view.contextOf(node).tried,
      });
    } else if (method === 'get' && /^env$/i.test(on)) {
      const after = methodsAfter(node);
      this.#read(node, 'env-var', first.value, { hasDefault: after.includes('default'), optional: !after.includes('required') });
    }
  }

  #member(node: Node & { type: 'MemberExpression' }): void {
    if (!node.computed || !isProcessEnv(node.object as Node)) return;
    const key = unwrap(node.property as Node);
    if (key.type === 'StringLiteral') return;
    for (const fn of ancestorsOf(node)) {
      const id = isFunctionNode(fn) ? this.view.functionId(fn) : undefined;
      if (id === undefined) continue;
      const { params } = fn as Node & { params: Node[] };
      const index = params.findIndex(
        (parameter) => key.type === 'Identifier' && parameter.type === 'Identifier' && parameter.name === key.name,
      );
      if (index < 0) continue;
      const parent = parentOf(node);
      const defaults = params.slice(index + 1).filter(isDefault);
      const copes =
        (parent?.type === 'LogicalExpression' && parent.left === node) ||
        isTestedGently(node) ||
        mayGiveNothing(fn, parent) ||
        defaults.some(({ type }) => type === 'AssignmentPattern');
      const takesDefault = defaults.length > 0 ? ({ takesDefault: true } as const) : {};
      return this.#add(node, { topic: 'wrapper', function: id, parameter: index, copes, ...takesDefault });
    }
    // A computed name: any variable may be read.
    this.#add(node, { topic: 'whole', at: atOf(node) });
  }

  #field(node: Node & { type: 'ClassProperty' }): void {
    const name = node.static ? undefined : keyName(node.key as Node, node.computed ?? false);
    const value = (node.value as Node | null) ?? undefined;
    const hasDefault = value !== undefined && value.type !== 'NullLiteral';
    if (name !== undefined && variableName.test(name) && (node.optional || hasDefault)) this.#add(node, { topic: 'excused', name });
  }

  #read(
    node: Node,
    by: (EnvSighting & { topic: 'read' })['by'],
    name: string,
    { hasDefault, optional }: { hasDefault: boolean; optional: boolean },
    at = node,
  ): void {
    const { when, within } = this.view.contextOf(at);
    this.#add(node, {
      topic: 'read',
      by,
      name,
      hasDefault,
      optional,
      at: atOf(at),
      ...(when.length > 0 ? { when } : {}),
      ...(within === undefined ? {} : { within }),
    });
  }
}

const inText = (a: Node, b: Node): number => a.start! - b.start! || b.end! - a.end!;

/** One of several shapes: what it names is needed in that shape only. */
const isAlternative = (node: Node): boolean =>
  ancestorsOf(node).some(
    (parent) =>
      parent.type === 'CallExpression' &&
      /(?:union|discriminatedUnion|or|optional|partial|preprocess)$/.test(dottedName(parent.callee as Node)),
  );

/** The read only decides whether something is done. */
function isTested(node: Node): boolean {
  const parent = parentOf(node);
  return parent?.type === 'IfStatement' || parent?.type === 'UnaryExpression' || parent?.type === 'ConditionalExpression';
}

/** `getStripeKey() { return this.config.get('STRIPE_KEY'); }`: whoever asks knows whether it can do without. */
function isHandedOut(node: Node): boolean {
  const returned = parentOf(node);
  const block = returned && parentOf(returned);
  if (returned?.type !== 'ReturnStatement' || block?.type !== 'BlockStatement' || block.body.length !== 1) return false;
  const method = parentOf(block);
  return method?.type === 'ClassMethod' && method.params.length === 0;
}

/** `const proxy = config.get('PROXY'); if (proxy) …`: without it, something is left out. */
function isTestedLater(node: Node, view: SyntaxView): boolean {
  const declared = parentOf(node);
  if (declared?.type !== 'VariableDeclarator' || declared.id.type !== 'Identifier') return false;
  const { name } = declared.id;
  return view
    .nodes('IfStatement', 'ConditionalExpression')
    .some(({ test }) => test.type === 'Identifier' && test.name === name && test.start! > node.start!);
}

/** `(key: string): string | undefined => process.env[key]`: its callers know that there may be nothing. */
function mayGiveNothing(fn: Node, parent: Node | undefined): boolean {
  const type = (fn as { returnType?: { typeAnnotation?: Node } | null }).returnType?.typeAnnotation;
  const isHandedOn = parent?.type === 'ReturnStatement' || parent === fn;
  return isHandedOn && type?.type === 'TSUnionType' && type.types.some((one) => /^TS(?:Undefined|Null)Keyword$/.test(one.type));
}

/** `if (!process.env[name]) return undefined`: what is missing neither throws nor ends the process. */
function isTestedGently(node: Node): boolean {
  const negated = parentOf(node);
  const branch = negated && parentOf(negated);
  return negated?.type === 'UnaryExpression' && branch?.type === 'IfStatement' && !endsProgram(branch.consequent as Node);
}
const endsProgram = (node: Node): boolean =>
  node.type === 'ThrowStatement' ||
  (node.type === 'BlockStatement' && node.body.some(endsProgram)) ||
  (node.type === 'ExpressionStatement' &&
    node.expression.type === 'CallExpression' &&
    dottedName(node.expression.callee as Node) === 'process.exit');

/** `(key, defaultValue)`, `(key, fallback = [])`. */
const isDefault = (parameter: Node): boolean => {
  const name = parameter.type === 'AssignmentPattern' ? (parameter.left as Node) : parameter;
  return name.type === 'Identifier' && /default|fallback|otherwise/i.test(name.name);
};

function methodsAfter(node: Node): readonly string[] {
  const methods: string[] = [];
  for (const parent of ancestorsOf(node)) {
    if (parent.type === 'MemberExpression') methods.push(keyName(parent.property as Node, parent.computed) ?? '');
    else if (parent.type !== 'CallExpression') break;
  }
  return methods;
}

export const envSyntax: SyntaxPass = {
  id: 'env-syntax',
  run: (view) => new EnvReader(view).run(),
};
