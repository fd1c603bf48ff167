import type { Node } from '@babel/types';
import type { SyntaxPass, SyntaxView } from '../context.ts';
import { keyName, unwrap } from '../expressions.ts';
import { atOf, isFunctionNode } from '../scopes.ts';
import type { At, Expression } from '../summary.ts';
import { eachChild } from '../syntax-tree.ts';

/** A loop that sends the same message to each connection of this process, or a message for another client that is looked up in it. */
export interface FanOut {
  readonly at: At;
  readonly within?: number;
  /** `sse`: by a plugin that writes events (`reply.sse.send()`, `reply.sse()`). */
  readonly sends: 'send' | 'write' | 'emit' | 'sse';
  /** What the collection is called says that it holds connections: `clients`, `subscribers`. */
  readonly named: boolean;
  /** The collection belongs to the module, a class or a socket server, not to one request. */
  readonly shared: boolean;
  /** Number of the outermost function that declares the collection: it is shared where that one runs once, at the start. */
  readonly local?: number;
  /** The module answers with `text/event-stream`. */
  readonly eventStream: boolean;
}
const senders = new Set(['send', 'write', 'emit']);

type CallNode = Node & { type: 'CallExpression' | 'OptionalCallExpression' };
type MemberNode = Node & { type: 'MemberExpression' | 'OptionalMemberExpression'; computed: boolean };
const isCall = (node: Node): node is CallNode => node.type === 'CallExpression' || node.type === 'OptionalCallExpression';
const isMember = (node: Node): node is MemberNode => node.type === 'MemberExpression' || node.type === 'OptionalMemberExpression';

/** `clients`, `this.clients`, `[...clients.values()]`, `Object.values(clients)`: the collection itself. */
function collectionOf(node: Node): Node {
  const inner = unwrap(node);
  if (inner.type === 'ArrayExpression' && inner.elements.length === 1 && inner.elements[0]?.type === 'SpreadElement')
    return collectionOf(inner.elements[0].argument as Node);
  if (!isCall(inner)) return inner;
  const callee = unwrap(inner.callee as Node);
  if (!isMember(callee)) return inner;
  const isStatic = callee.object.type === 'Identifier' && (callee.object.name === 'Object' || callee.object.name === 'Array');
  if (isStatic && inner.arguments[0]) return collectionOf(inner.arguments[0] as Node);
  return /^(?:values|filter|entries)$/.test(keyName(callee.property as Node, callee.computed) ?? '')
    ? collectionOf(callee.object as Node)
    : inner;
}

/** A list that a helper is handed: by its name, all connections of the process. */
const holdsConnections = /^_?(?:all)?(?:clients|sockets|connections|peers)$/i;
function isShared(collection: Node, view: SyntaxView): boolean {
  if (collection.type === 'Identifier') {
    const binding = view.scopeAt(collection).lookup(collection.name);
    if (binding?.top === true || (binding?.kind === 'parameter' && holdsConnections.test(collection.name))) return true;
    // `const room = rooms.get(id)`: those of one room, whom the process keeps as well.
    return binding !== undefined && binding.kind !== 'parameter' && binding.values.some(({ value }) => isRoom(value, view));
  }
  if (isCall(collection)) return isRoom(view.read(collection), view);
  if (!isMember(collection)) return false;
  return (
    collection.object.type === 'ThisExpression' ||
    keyName(collection.property as Node, collection.computed) === 'clients' ||
    isShared(collection.object as Node, view)
  );
}

/** `rooms.get(id)`, `rooms[id]`: one entry of a table of the module or of a class. */
function isRoom(value: Expression, view: SyntaxView): boolean {
  if (value.k === 'or') return isRoom(value.left, view);
  const of =
    value.k === 'element'
      ? value.of
      : value.k === 'call' && value.callee.k === 'member' && value.callee.name === 'get'
        ? value.callee.of
        : undefined;
  if (of?.k === 'member') return of.of.k === 'this';
  const binding = of?.k === 'local' ? view.summary.bindings[of.binding] : undefined;
  return binding?.top === true && binding.kind !== 'import';
}

/** `module.exports = (app) => { const streams = []; app.get(…) }`: what a function that nothing encloses declares. */
function declaredIn(collection: Node, view: SyntaxView): number | undefined {
  const binding = collection.type === 'Identifier' ? view.scopeAt(collection).lookup(collection.name) : undefined;
  if (!binding || binding.top || binding.kind === 'parameter') return undefined;
  const declarator = view
    .nodes('VariableDeclarator')
    .find(({ id }) => id.type === 'Identifier' && id.name === binding.name && view.scopeAt(id).lookup(id.name) === binding);
  const within = declarator && view.contextOf(declarator).within;
  return within !== undefined && view.scopes.functions[within]?.parent === undefined ? within : undefined;
}

/** `this._send(peer, message)`: a function of the program's own that sends to its first argument. */
const sendingFunction = /^_?send(?:To|Message|Json|JSON|Data|Raw)?(?:Peer|Client|Socket|Player)?$/;

/** Whom such a call sends to. */
function addresseeOf(node: Node): Node | undefined {
  if (!isCall(node) || node.arguments.length < 2) return undefined;
  const callee = unwrap(node.callee as Node);
  const isOwn = isMember(callee) && callee.object.type === 'ThisExpression';
  const name = callee.type === 'Identifier' ? callee.name : isOwn ? keyName(callee.property as Node, callee.computed) : undefined;
  return name !== undefined && sendingFunction.test(name) ? (node.arguments[0] as Node) : undefined;
}

function sentBy(method: string, on: Node): FanOut['sends'] | undefined {
  const owner = unwrap(on);
  const isPlugin = isMember(owner) && keyName(owner.property as Node, owner.computed) === 'sse';
  if (method === 'sse' || (method === 'send' && isPlugin)) return 'sse';
  return senders.has(method) ? (method as FanOut['sends']) : undefined;
}

/** The method by which the loop's variable, or a member of it, sends something. */
function sendOn(body: Node, names: ReadonlySet<string>): FanOut['sends'] | undefined {
  let found: FanOut['sends'] | undefined;
  const visit = (node: Node): void => {
    if (isCall(node) && isMember(node.callee as Node)) {
      const callee = node.callee as MemberNode;
      const method = keyName(callee.property as Node, callee.computed);
      if (method && isOfLoop(callee.object as Node, names)) found ??= sentBy(method, callee.object as Node);
    }
    const addressee = addresseeOf(node);
    if (addressee && isOfLoop(addressee, names)) found ??= 'send';
    eachChild(node, visit);
  };
  visit(body);
  return found;
}

/** `client`, `client.socket` and `clients[id]` in a loop over `client` or `id`. */
function isOfLoop(node: Node, names: ReadonlySet<string>): boolean {
  const owner = unwrap(node);
  if (owner.type === 'Identifier') return names.has(owner.name);
  if (!isMember(owner)) return false;
  const key = owner.computed ? unwrap(owner.property as Node) : undefined;
  return (key?.type === 'Identifier' && names.has(key.name)) || isOfLoop(owner.object as Node, names);
}

function namesIn(pattern: Node | null | undefined): Set<string> {
  const names = new Set<string>();
  const visit = (node: Node): void => {
    if (node.type === 'Identifier') names.add(node.name);
    eachChild(node, visit);
  };
  if (pattern) visit(pattern);
  return names;
}

interface Loop {
  readonly over: Node;
  readonly names: ReadonlySet<string>;
  readonly body: Node;
}
function loopOf(node: Node): Loop | undefined {
  if (node.type === 'ForOfStatement' || node.type === 'ForInStatement')
    return { over: node.right as Node, names: namesIn(node.left as Node), body: node.body as Node };
  if (!isCall(node) || !isMember(node.callee as Node)) return undefined;
  const callee = node.callee as MemberNode;
  const [callback] = node.arguments as Node[];
  if (!callback || !isFunctionNode(callback) || !/^(?:forEach|map)$/.test(keyName(callee.property as Node, callee.computed) ?? ''))
    return undefined;
  const fn = callback as Node & { params: Node[]; body: Node };
  return { over: callee.object as Node, names: namesIn(fn.params[0]), body: fn.body };
}

/** What a program calls the people or machines that it holds a connection to. */
const connected =
  /(?:socket|client|connection|conn|peer|user|player|member|viewer|subscriber|device|agent|guest|visitor|participant|room|channel|online)s?(?:By\w+|Map|List|Connections|Sockets)?$/i;

/** `clients.get(id)`, `users[name]`, `players.find(…)`, also kept in a variable: the connection of one client, looked up among those of this process. */
function isLookedUp(owner: Expression, view: SyntaxView, depth = 0): boolean {
  if (depth > 4) return false;
  if (owner.k === 'member') return isLookedUp(owner.of, view, depth + 1);
  if (owner.k === 'element') return isCollection(owner.of, view) || isLookedUp(owner.of, view, depth + 1);
  if (owner.k === 'call') return owner.callee.k === 'member' && isLookUp(owner.callee, view, depth);
  if (owner.k !== 'local') return false;
  const binding = view.summary.bindings[owner.binding];
  return (
    binding !== undefined &&
    !binding.top &&
    binding.kind !== 'parameter' &&
    binding.values.some(({ value }) => value.k !== 'local' && isLookedUp(value, view, depth + 1))
  );
}
/** `clients.get(id)`, `registry.getClientById(id)`, and the socket of what was found: `.getSocket()`. */
function isLookUp({ name, of }: Expression & { k: 'member' }, view: SyntaxView, depth: number): boolean {
  if (/^(?:get|find)$/.test(name)) return isCollection(of, view);
  if (/^get(?:Web)?(?:Socket|Connection|Ws)$/.test(name)) return isLookedUp(of, view, depth + 1);
  return /^(?:get|find)(?:Client|Peer|Socket|Player|Connection)By\w+$/.test(name);
}
function isCollection(expression: Expression, view: SyntaxView): boolean {
  if (expression.k === 'member') return connected.test(expression.name) && (expression.of.k === 'this' || isServer(expression.of, view));
  const binding = expression.k === 'local' ? view.summary.bindings[expression.binding] : undefined;
  return binding?.top === true && binding.kind !== 'import' && connected.test(binding.name);
}

/** `io.onlineUsers`: what a program hangs on its server for all who are connected. */
const isServer = (expression: Expression, view: SyntaxView): boolean =>
  expression.k === 'local' && /^_?(?:io|wss|ws_?server|socket_?server)$/i.test(view.summary.bindings[expression.binding]?.name ?? '');

/** `users[message.to].emit('offer', data)`: it reaches the other client only if this process holds its connection. */
function relayOf(node: Node, view: SyntaxView): FanOut['sends'] | undefined {
  const addressee = addresseeOf(node);
  if (addressee && isLookedUp(view.read(addressee), view)) return 'send';
  if (!isCall(node) || !isMember(node.callee as Node)) return undefined;
  const { property, computed, object } = node.callee as MemberNode;
  const method = keyName(property as Node, computed);
  if (!method || !senders.has(method) || !isLookedUp(view.read(object as Node), view)) return undefined;
  return method === 'send' && eventList.test(rootName(object as Node)) ? 'sse' : (method as FanOut['sends']);
}
/** `sseClients[id].send(event)`: the list says what it holds. */
const eventList = /sse|event_?(?:stream|source)/i;
function rootName(node: Node): string {
  const owner = unwrap(node);
  if (isCall(owner)) return rootName(owner.callee as Node);
  if (!isMember(owner)) return nameOf(owner);
  return owner.object.type === 'ThisExpression' ? nameOf(owner) : rootName(owner.object as Node);
}

const nameOf = (node: Node): string =>
  node.type === 'Identifier' ? node.name : isMember(node) ? (keyName(node.property as Node, node.computed) ?? '') : '';

const mentionsEventStream = (view: SyntaxView): boolean =>
  view.nodes('StringLiteral').some(({ value }) => value.startsWith('text/event-stream'));

export const fanOuts: SyntaxPass = {
  id: 'fan-outs',
  run(view) {
    const found: FanOut[] = [];
    for (const node of view.nodes('ForOfStatement', 'ForInStatement', 'CallExpression', 'OptionalCallExpression')) {
      const loop = loopOf(node);
      const sends = loop ? sendOn(loop.body, loop.names) : relayOf(node, view);
      if (!sends) continue;
      const { within } = view.contextOf(node);
      const collection = loop && collectionOf(loop.over);
      const shared = !collection || isShared(collection, view);
      // A client is only looked up in what is called for those who are connected.
      const named = !loop || (collection !== undefined && connected.test(nameOf(collection)));
      const local = collection && !shared ? declaredIn(collection, view) : undefined;
      found.push({
        at: atOf(node),
        ...(within === undefined ? {} : { within }),
        sends,
        shared,
        named,
        eventStream: false,
        ...(local === undefined || local === within ? {} : { local }),
      });
    }
    return found.some(({ sends }) => sends === 'write') && mentionsEventStream(view)
      ? found.map((item) => ({ ...item, eventStream: true }))
      : found;
  },
};
