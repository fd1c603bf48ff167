import type { SyntaxView } from '../context.ts';
import type { Expression } from '../summary.ts';

/**
 * What is stored in a variable: `handle` is a socket, timer or callback of this process; `input` comes from a parameter;
 * `instance` is a new object of a class; `computed` is the result of a call; `literal` depends on nothing.
 */
export type Stored = 'handle' | 'input' | 'instance' | 'computed' | 'literal';
const order: readonly Stored[] = ['handle', 'input', 'instance', 'computed', 'literal'];
export const strongest = (items: readonly Stored[]): Stored => order.find((one) => items.includes(one)) ?? 'literal';

const handleName =
  /^_*(?:\w*(?:socket|Socket|WebSocket|Timer|timer|Timeout|timeout|Callback|callback|Listener|listener|Controller|Stream|stream|[cC]onnection|Resolver)|ws|conn|client|res|response|reply|controller|resolve|reject|cb|done|next|handler|fn|func|module|plugin|loader|factory|observer|subscriber|unsubscribe|promise)$/;
/** Properties are data more often than variables: `{ done: false }`. */
const handleKey = /^_*(?:\w*(?:[sS]ocket|[tT]imer|[cC]allback|[lL]istener)|ws|conn|res|resolve|reject|cb|abortController)$/;
/** Methods that give a part or another form of what they are called on. */
const passing = new Set([
  'trim',
  'toLowerCase',
  'toUpperCase',
  'toString',
  'map',
  'filter',
  'slice',
  'get',
  'replace',
  'split',
  'concat',
  'join',
  'toJSON',
  'param',
  'json',
  'find',
]);
const passingGlobals = new Set([
  'String',
  'Number',
  'Boolean',
  'parseInt',
  'parseFloat',
  'JSON.parse',
  'JSON.stringify',
  'Object.assign',
  'structuredClone',
  'Array.from',
]);
const handleGlobals = new Set(['setTimeout', 'setInterval', 'Promise', 'AbortController', 'Promise.resolve', 'Promise.all']);

const globalPath = (expression: Expression): string | undefined =>
  expression.k === 'global'
    ? expression.name
    : expression.k === 'member' && expression.of.k === 'global'
      ? `${expression.of.name}.${expression.name}`
      : undefined;

/** What an expression that is written to a variable amounts to. */
export function storedBy(expression: Expression, view: SyntaxView, depth = 0): Stored {
  if (depth > 8) return 'computed';
  const sub = (inner: Expression): Stored => storedBy(inner, view, depth + 1);
  switch (expression.k) {
    case 'parameter':
      return 'input';
    case 'function':
    case 'class':
      return 'handle';
    case 'local':
      return storedByName(expression.binding, view, depth);
    case 'member':
    case 'element':
      if (expression.k === 'member' && isTold(expression, view)) return 'input';
      return handleKey.test(expression.k === 'member' ? expression.name : '') ? 'handle' : sub(expression.of);
    case 'object':
      return strongest([
        ...expression.properties.map(({ key, value }) => (handleKey.test(key) && !isNothing(value) ? 'handle' : sub(value))),
        ...expression.spreads.map(sub),
      ]);
    case 'list':
      return strongest(expression.items.map(sub));
    case 'text':
      return strongest(expression.parts.map(sub));
    case 'not':
      return sub(expression.value);
    case 'or':
    case 'and':
    case 'equal':
      return strongest([sub(expression.left), sub(expression.right)]);
    case 'conditional':
      return strongest([sub(expression.yes), sub(expression.no)]);
    case 'call':
      return storedByCall(expression, view, depth);
    default:
      return 'literal';
  }
}

/** `{ messages: [], timer: null }`: there is room for a timer, and data beside it. */
const isNothing = (value: Expression): boolean => value.k === 'literal' && value.value === null;

/** `socket.id`, `socket.username`: what a connection tells of its client is data, and not the connection. */
const connectionName = /^_*(?:socket|client|conn|connection|ws)$/;
function isTold({ of, name }: Expression & { k: 'member' }, view: SyntaxView): boolean {
  const binding = of.k === 'local' ? view.summary.bindings[of.binding] : undefined;
  return binding?.kind === 'parameter' && connectionName.test(binding.name) && !handleKey.test(name) && !connectionParts.test(name);
}
/** `socket.id`: by it others reach the connection. */
export const isConnectionId = (expression: Expression, view: SyntaxView): boolean =>
  expression.k === 'member' && expression.name === 'id' && isTold(expression, view);

/** What a package opened: `new Client()`, `connect()`, also by the name of a variable. */
export function opensOfPackage(expression: Expression, view: SyntaxView, depth = 0): boolean {
  if (expression.k === 'call') return isOfPackage(expression.callee, view);
  const binding = expression.k === 'local' && depth < 2 ? view.summary.bindings[expression.binding] : undefined;
  if (!binding || binding.kind === 'parameter') return false;
  return binding.values.some(({ value }) => opensOfPackage(value, view, depth + 1));
}
const connectionParts = /^(?:socket|server|client|conn|connection|nsp|adapter|io|broadcast|on|off|once|emit|send|join|to|in)$/;

function storedByName(index: number, view: SyntaxView, depth: number): Stored {
  const binding = view.summary.bindings[index];
  if (!binding || binding.kind === 'catch') return 'literal';
  if (handleName.test(binding.name)) return 'handle';
  if (binding.kind === 'function' || binding.kind === 'class') return 'handle';
  if (binding.top) return 'literal';
  // A loop variable has no value of its own.
  if (binding.kind === 'parameter') return 'input';
  return strongest(binding.values.map(({ value }) => storedBy(sanitised(value, view) ?? value, view, depth + 1)));
}

/** `const message = sanitize(input)`: still what the client sent. */
function sanitised(value: Expression, view: SyntaxView): Expression | undefined {
  if (value.k !== 'call' || value.isNew) return undefined;
  const { callee, args } = value;
  const name = callee.k === 'local' ? view.summary.bindings[callee.binding]?.name : callee.k === 'member' ? callee.name : undefined;
  return name !== undefined && /xss|saniti[sz]e|escape|purify|^validated?$/i.test(name) ? args[0] : undefined;
}

function storedByCall(expression: Expression & { k: 'call' }, view: SyntaxView, depth: number): Stored {
  const { callee, args } = expression;
  const path = globalPath(callee);
  if (path !== undefined) {
    if (handleGlobals.has(path)) return 'handle';
    if (path === 'Date' || path === 'Date.now' || path === 'Symbol') return 'literal';
    if (passingGlobals.has(path) || path === 'Map' || path === 'Set' || path === 'Array')
      return strongest(args.map((argument) => storedBy(argument, view, depth + 1)));
  }
  if (callee.k === 'member' && passing.has(callee.name) && storedBy(callee.of, view, depth + 1) === 'input') return 'input';
  if (!expression.isNew) return 'computed';
  // Clients and limiters of a package are connections; classes of the program hold its data, and so do those of a game.
  return isOfPackage(callee, view) && !keepsData(callee, view) ? 'handle' : 'instance';
}

/** `new Tracker(key)`, `tracker.init(key)`, `createClient()` of a package. */
export function makesClient(expression: Expression, view: SyntaxView): boolean {
  if (expression.k !== 'call') return false;
  const { callee, isNew } = expression;
  const isMaker =
    callee.k === 'member'
      ? makers.test(callee.name)
      : callee.k === 'local' && makers.test(view.summary.bindings[callee.binding]?.name ?? '');
  return (isNew || isMaker) && isOfPackage(callee.k === 'member' ? callee.of : callee, view);
}
const makers = /^(?:init|setup|configure|connect|open|make|create)(?![a-z])|Client$/;

/** `new Chess()`: what people play or write on, and no connection to anything. */
const dataPackages = /^(?:chess\.js|yjs|@automerge\/automerge|automerge|matter-js|cannon(?:-es)?|planck(?:-js)?|p2)$/;
const keepsData = (callee: Expression, view: SyntaxView): boolean => dataPackages.test(packageOf(callee, view) ?? '');
const isOfPackage = (callee: Expression, view: SyntaxView): boolean => packageOf(callee, view) !== undefined;

const packageOf = (callee: Expression, view: SyntaxView): string | undefined => {
  const binding = callee.k === 'local' ? view.summary.bindings[callee.binding] : undefined;
  const value = binding?.values[0]?.value;
  // `const { Queue } = require('bullmq')` is a member of what is imported.
  const from = value?.k === 'member' ? value.of : value;
  return from?.k === 'import' && /^(?:[a-z]|@[a-z])/.test(from.specifier) ? from.specifier : undefined;
};
