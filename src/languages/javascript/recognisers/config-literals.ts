/**
 * The syntax pass behind the recognisers of configuration: it walks a module once and notes literals with the names that they stand under.
 * Secrets leave it as shapes only: no value of one is ever kept.
 */
import type { Node } from '@babel/types';
import { hostOf, type InternalAddress, internalAddress } from '../../../text/addresses.ts';
import { isDescribedBy, judgeFallback, judgeNamed, type SecretLiteral } from '../../../text/secret-literals.ts';
import { secretKindOf } from '../../../text/secret-shapes.ts';
import type { SyntaxPass, SyntaxView } from '../context.ts';
import { keyName, unwrap } from '../expressions.ts';
import { atOf, isFunctionNode } from '../scopes.ts';
import type { At, Guard } from '../summary.ts';
import { childrenOf, parentOf } from '../syntax-tree.ts';
import { defaultName, envNameOf, passesThrough, refusedNames, variableBeside } from './config-syntax.ts';

interface Sighting {
  readonly at: At;
  readonly when?: readonly Guard[];
  readonly within?: number;
}
export type LiteralSighting = Sighting &
  (
    | { readonly topic: 'secret'; readonly secret: SecretLiteral; readonly env?: string; readonly replaceable?: true }
    /** `secret: pkg.name`: a text that everybody can read signs something. */
    | { readonly topic: 'public-name' }
    /** Without it the module refuses to start: `if (!process.env.X) throw …`. */
    | { readonly topic: 'refused'; readonly name: string }
    | { readonly topic: 'endpoint'; readonly address: InternalAddress }
    | { readonly topic: 'path'; readonly path: string; readonly os: 'windows' | 'unix' }
  );

/** Names and the variable that a literal stands for. */
interface Standing {
  readonly keys: readonly string[];
  readonly env?: string;
  /** Only where something else gives no value: `options.password || 'admin'`. */
  readonly replaceable?: true;
}
const nowhere: Standing = { keys: [] };
const addressName =
  /(?:ur[il]|endpoint|host|hostname|addr|address|server|broker|base|target|dsn|upstream|backend|connection(?:_?string)?)s?$/i;
/** Addresses of the service itself, of its pages or of clients: not what it depends on. */
const ownAddress =
  /callback|redirect|cors|origin|public|site|front|client|home|doc|swagger|self|listen|bind|allow|proxy_?host|cdn|avatar|image/i;
/** `services = { orders: 'http://localhost:3001' }`, `{ route: '/orders', target: 'http://localhost:3001' }` of a gateway: whom it hands requests to. */
const peersName = /^(?:micro_?)?(?:services?|upstreams?|backends?)(?:_?(?:ur[il]s?|map|list|config|hosts|registry|addresses))?$/i;
const handedTo = /^(?:target|upstream)(?:_?ur[il])?$/i;
const namesPeers = (keys: readonly string[]): boolean =>
  handedTo.test(keys.at(-1) ?? '') || keys.slice(0, -1).some((key) => peersName.test(key));
const windowsPath = /^[A-Za-z]:[\\/](?![\\/])[\w$.\- ]/;
const userFolder = /^\/Users\/[\w.-]+\/[\w.-]/;
const packageObject = /^(?:pkg|pkgjson|package_?json|package_?info|packageinfo|npmpackage|manifest)$/i;

/** One of several places to look in, some of them of other systems: `['/usr/share/fonts/a.ttf', 'C:/Windows/Fonts/a.ttf']`. */
function isCandidate(node: Node): boolean {
  const list = parentOf(node);
  if (list?.type !== 'ArrayExpression') return false;
  const texts = list.elements.flatMap((element) => (element?.type === 'StringLiteral' ? [element.value] : []));
  return texts.some((text) => windowsPath.test(text)) && texts.some((text) => text.startsWith('/') && text.length > 1);
}
const hasJudgedLength = (value: string): boolean => value.length >= 3 && value.length <= 5000;
const nameOf = (node: Node): string =>
  node.type === 'Identifier' ? node.name : node.type === 'MemberExpression' ? (keyName(node.property as Node, node.computed) ?? '') : '';
const signsCookies = (left: Node): boolean =>
  left.type === 'MemberExpression' &&
  /^(?:app|koa|server)$/i.test(nameOf(left.object as Node)) &&
  keyName(left.property as Node, left.computed) === 'keys';
/** `pkg.name`, `packageJson.version`. */
function isPublicName(node: Node & { type: 'MemberExpression' }): boolean {
  const property = keyName(node.property as Node, node.computed);
  if (property !== 'name' && property !== 'version') return false;
  const object = unwrap(node.object as Node);
  return object.type === 'Identifier' && packageObject.test(object.name);
}

const judgedNodes = (view: SyntaxView): readonly Node[] => [
  ...view.nodes('StringLiteral').filter(({ value }) => hasJudgedLength(value)),
  ...view.nodes('TemplateLiteral').filter(({ expressions }) => expressions.length === 0),
  ...view.nodes('MemberExpression').filter(isPublicName),
];

/** The nodes and all that they stand in. */
function waysTo(nodes: readonly Node[]): ReadonlySet<Node> {
  const ways = new Set<Node>();
  for (const node of nodes) for (let at: Node | undefined = node; at && !ways.has(at); at = parentOf(at)) ways.add(at);
  return ways;
}

class LiteralWalk {
  readonly found: LiteralSighting[] = [];
  readonly #judged: boolean;
  /** What leads to something to judge; the walk leaves out all else. */
  readonly #ways: ReadonlySet<Node>;

  constructor(
    readonly view: SyntaxView,
    /** Names that the module checks before it starts. */
    readonly refused: ReadonlySet<string>,
  ) {
    // Components are shown in a browser: their texts are samples, and their addresses are the browser's.
    this.#judged = !/\.[jt]sx$/.test(view.path);
    this.#ways = waysTo(judgedNodes(view));
  }

  visit(source: Node, standing: Standing): void {
    if (!this.#ways.has(source)) return;
    const node = unwrap(source);
    switch (node.type) {
      case 'StringLiteral':
        return this.#literal(node, node.value, standing);
      case 'TemplateLiteral':
        if (node.expressions.length === 0) return this.#literal(node, node.quasis[0]?.value.cooked ?? '', standing);
        return this.#inside(node, nowhere);
      case 'ObjectExpression':
        return this.#inside(node, standing);
      case 'ArrayExpression':
        return this.#list(node, standing);
      case 'ObjectProperty':
        return this.#property(node, standing);
      case 'VariableDeclarator':
        return this.#declarator(node);
      case 'AssignmentExpression':
        if (signsCookies(node.left as Node)) this.#cookieKeys(node.right as Node);
        return this.visit(node.right as Node, this.#assigned(node.left as Node));
      case 'LogicalExpression': {
        this.visit(node.left as Node, standing);
        if (node.operator === '&&') return this.visit(node.right as Node, standing);
        const env = envNameOf(node.left as Node);
        return this.visit(node.right as Node, { ...standing, ...(env ? { env } : {}), replaceable: true });
      }
      case 'ConditionalExpression': {
        const env = envNameOf(node.test as Node);
        this.visit(node.test as Node, nowhere);
        this.visit(node.consequent as Node, standing);
        return this.visit(node.alternate as Node, env ? { ...standing, env } : standing);
      }
      case 'CallExpression':
      case 'NewExpression':
        return this.#call(node, standing);
      case 'MemberExpression':
        return this.#member(node, standing);
      default:
        return this.#inside(node, isFunctionNode(node) ? nowhere : this.#classField(node));
    }
  }

  /** Words of a list under a name are no secrets, unless the name says that it holds several; objects in it keep their names. */
  #list(node: Node & { type: 'ArrayExpression' }, standing: Standing): void {
    const holdsValues =
      node.elements.length < 2 || /(?:keys|secrets?|tokens|passwords|hosts|servers|brokers|urls)$/i.test(standing.keys.at(-1) ?? '');
    for (const element of node.elements) {
      if (element) this.visit(element as Node, holdsValues || element.type === 'ObjectExpression' ? standing : nowhere);
    }
  }

  #inside(node: Node, standing: Standing): void {
    for (const child of childrenOf(node)) this.visit(child, standing);
  }

  #classField(node: Node): Standing {
    if (node.type !== 'ClassProperty' && node.type !== 'ClassPrivateProperty') return nowhere;
    const name = keyName(node.key as Node, node.type === 'ClassProperty' && (node.computed ?? false));
    return name === undefined ? nowhere : { keys: [name] };
  }

  #property(node: Node & { type: 'ObjectProperty' }, standing: Standing): void {
    const name = keyName(node.key as Node, node.computed);
    if (node.computed) this.visit(node.key as Node, nowhere);
    const variable = name !== undefined && defaultName.test(name) ? variableBeside(node) : undefined;
    if (variable !== undefined) return this.visit(node.value as Node, { keys: [...standing.keys.slice(-12), variable], env: variable });
    this.visit(node.value as Node, name === undefined ? nowhere : { keys: [...standing.keys.slice(-12), name] });
  }

  #declarator(node: Node & { type: 'VariableDeclarator' }): void {
    const id = node.id as Node;
    if (!node.init) return;
    const init = unwrap(node.init as Node);
    if (id.type === 'Identifier') return this.visit(init, { keys: [id.name] });
    if (id.type === 'ObjectPattern') {
      for (const property of id.properties) {
        if (property.type !== 'ObjectProperty' || property.value.type !== 'AssignmentPattern') continue;
        const name = keyName(property.key as Node, property.computed);
        const variable = name !== undefined && /^[A-Z][A-Z0-9_]*$/.test(name) ? { keys: [name], env: name } : nowhere;
        this.visit(property.value.right as Node, variable);
      }
    }
    this.visit(init, nowhere);
  }

  /** `app.keys = ['a key']` of Koa, with which it signs cookies. */
  #cookieKeys(keys: Node): void {
    const [first] = unwrap(keys).type === 'ArrayExpression' ? (unwrap(keys) as Node & { elements: (Node | null)[] }).elements : [];
    if (this.#judged && first?.type === 'StringLiteral' && first.value !== '')
      this.#add(first, { topic: 'secret', secret: { what: 'signing secret' } });
  }

  #assigned(left: Node): Standing {
    const target = unwrap(left);
    if (target.type === 'Identifier') return { keys: [target.name] };
    if (target.type !== 'MemberExpression') return nowhere;
    const name = keyName(target.property as Node, target.computed);
    return name === undefined ? nowhere : { keys: [name] };
  }

  #call(node: Node & { type: 'CallExpression' | 'NewExpression' }, standing: Standing): void {
    const callee = unwrap(node.callee as Node);
    this.visit(callee, nowhere);
    const method = callee.type === 'MemberExpression' ? keyName(callee.property as Node, callee.computed) : undefined;
    // `Joi.object({ … }).example({ token: '…' })`: what documentation shows.
    if (method === 'example' || method === 'examples') return;
    const name = standing.keys.at(-1);
    // `JWT_SECRET: Joi.string().default('…')`: used when the variable is not set.
    const isDefault = method === 'default' && name !== undefined && /^[A-Z][A-Z0-9_]*$/.test(name);
    // `env.get('COOKIE_SECRET').default('…')`.
    const read = method === 'default' && callee.type === 'MemberExpression' ? envNameOf(callee.object as Node) : undefined;
    const env = isDefault ? name : read;
    const inner = env !== undefined ? { keys: isDefault ? standing.keys : [env], env } : passesThrough(callee) ? standing : nowhere;
    // Only the first argument is handed on: the second of `new URL(path, base)` is a stand-in.
    node.arguments.forEach((argument, index) => this.visit(argument as Node, index === 0 ? inner : nowhere));
  }

  #member(node: Node & { type: 'MemberExpression' }, standing: Standing): void {
    const name = standing.keys.at(-1);
    if (isPublicName(node) && name !== undefined && secretKindOf(name) === 'secret') this.#add(node, { topic: 'public-name' });
    this.#inside(node, nowhere);
  }

  #literal(node: Node, value: string, standing: Standing): void {
    if (!hasJudgedLength(value)) return;
    this.#secret(node, value, standing);
    this.#endpoint(node, value, standing);
    const isWindows = windowsPath.test(value) && !/\s{2}|[<>|"*?\n]/.test(value);
    if (isWindows || userFolder.test(value))
      this.#add(node, { topic: 'path', path: value.slice(0, 120), os: isWindows ? 'windows' : 'unix' });
  }

  #secret(node: Node, value: string, { keys, env, replaceable }: Standing): void {
    if (!this.#judged || isDescribedBy(keys)) return;
    const name = keys.at(-1) ?? '';
    const isPublicKey = keys.some((key) => /firebase|public/i.test(key));
    if (isPublicKey || (env !== undefined && (this.refused.has(env) || this.refused.has(name)))) return;
    const secret = env === undefined ? judgeNamed(name, value) : judgeFallback(env, value);
    if (secret)
      this.#add(node, { topic: 'secret', secret, ...(env === undefined ? {} : { env }), ...(replaceable ? { replaceable } : {}) });
  }

  #endpoint(node: Node, value: string, { keys, env }: Standing): void {
    const name = keys.at(-1);
    const isPeer = namesPeers(keys);
    if (
      !this.#judged ||
      env !== undefined ||
      name === undefined ||
      !(isPeer || addressName.test(name)) ||
      keys.some((key) => ownAddress.test(key)) ||
      isDescribedBy(keys)
    )
      return;
    const address = hostOf(value) && internalAddress(value);
    if (address && (!address.loopback || (isPeer && address.port !== undefined))) this.#add(node, { topic: 'endpoint', address });
  }

  #add(node: Node, sighting: Omitted): void {
    const { when, within } = this.view.contextOf(node);
    // Code for one system says so: `if (process.platform === 'win32')`.
    if (sighting.topic === 'path' && (when.some(({ test }) => JSON.stringify(test).includes('"platform"')) || isCandidate(node))) return;
    this.found.push({
      ...sighting,
      at: atOf(node),
      ...(when.length > 0 ? { when } : {}),
      ...(within === undefined ? {} : { within }),
    });
  }
}
type Omitted = LiteralSighting extends infer S ? (S extends LiteralSighting ? Omit<S, keyof Sighting> : never) : never;

/** Literals of a module that are secrets, addresses inside a network, or paths of one machine. */
export const configLiterals: SyntaxPass = {
  id: 'config-literals',
  run(view) {
    const refused = refusedNames(view);
    const walk = new LiteralWalk(view, refused);
    walk.visit(view.program, nowhere);
    const variables = [...refused].filter((name) => /^[A-Z][A-Z0-9_]+$/.test(name));
    return [...walk.found, ...variables.map((name) => ({ topic: 'refused' as const, name, at: atOf(view.program) }))];
  },
};
