/** Servers: where they listen, and how they stop. */
import type { Node } from '@babel/types';
import { lineEnd } from '../text/text-edits.ts';
import type { Edit, Fact, Finding, Fix, Place } from '../types.ts';
import { type FixContext, type FixMaker, makeFix, samePlace, serviceOf } from './fix-maker.ts';
import {
  addProperty,
  callAt,
  freeName,
  indentAt,
  indentUnit,
  insertAt,
  isExpressionStatement,
  nodesAround,
  propertyOf,
  quote,
  replaceNode,
  scriptOf,
  semicolon,
  statementAround,
  textOf,
  walk,
} from './script-edit.ts';
import type { Script } from './scripts.ts';

const isPortLiteral = (node: Node | undefined, port: number): boolean =>
  (node?.type === 'NumericLiteral' && node.value === port) || (node?.type === 'StringLiteral' && node.value === String(port));

/** The literal port at a place, or in the call that listens there. */
function findPort(script: Script, place: Place, port: number): Node | undefined {
  const own = nodesAround(script, place).findLast((node) => isPortLiteral(node, port));
  if (own) return own;
  const value = nodesAround(script, place).findLast((node) => node.type === 'ObjectProperty');
  if (value?.type === 'ObjectProperty' && isPortLiteral(value.value, port)) return value.value;
  const statement = statementAround(script, place);
  const call = callAt(script, place);
  const literals = [...walk(call ?? statement ?? script.file)].filter((node) => isPortLiteral(node, port));
  return literals.length === 1 ? literals[0] : undefined;
}

export const hardcodedPort: FixMaker = {
  rule: 'hardcoded-port',
  offers: [{ what: 'read the port from `PORT` and keep the literal as its default', safe: true }],
  make(finding, context) {
    const script = scriptOf(context, finding.place.path);
    const port = Number(finding.data['port']);
    const literal = script && findPort(script, finding.place, port);
    const service = serviceOf(finding, context);
    if (!script || !literal || !service) return [];
    // Where something sets PORT already, the program moves to it.
    const isGiven = service.deployments.some(
      ({ environment }) => environment.given.some(({ name }) => name === 'PORT') || !environment.complete,
    );
    const title = `Listen on \`process.env.PORT\`, else on ${port}`;
    return makeFix(title, !isGiven, [replaceNode(script, literal, `Number(process.env.PORT) || ${port}`)]);
  },
};

const loopback = /^(?:localhost|127(?:\.\d{1,3}){3}|::1)$/i;

function bindEdit(script: Script, finding: Finding): Edit | undefined {
  const call = callAt(script, finding.place);
  if (!call) return undefined;
  const everywhere = quote(script, '0.0.0.0');
  const literals = call.arguments
    .flatMap((argument) => [...walk(argument)])
    .filter((node) => node.type === 'StringLiteral' && loopback.test(node.value));
  if (literals.length > 0) return literals.length === 1 ? replaceNode(script, literals[0]!, everywhere) : undefined;
  const [options] = call.arguments;
  if (finding.data['library'] !== 'fastify' || options?.type !== 'ObjectExpression' || propertyOf(options, 'host')) return undefined;
  return addProperty(script, options, `host: ${everywhere}`);
}

export const loopbackBind: FixMaker = {
  rule: 'loopback-bind',
  offers: [{ what: 'listen on `0.0.0.0`', safe: false }],
  make(finding, context) {
    const script = scriptOf(context, finding.place.path);
    return script ? makeFix('Listen on all addresses (`0.0.0.0`)', false, [bindEdit(script, finding)]) : [];
  },
};

/** What a library calls to stop. `server`: `listen` gives back a `http.Server`. */
const stopping: Readonly<Record<string, 'server' | 'fastify' | 'hapi' | 'nest'>> = {
  express: 'server',
  koa: 'server',
  http: 'server',
  https: 'server',
  connect: 'server',
  polka: 'server',
  restify: 'server',
  fastify: 'fastify',
  '@hapi/hapi': 'hapi',
  '@nestjs/core': 'nest',
  nest: 'nest',
};

interface Listening {
  readonly script: Script;
  readonly fact: Fact<'listen'>;
  readonly way: (typeof stopping)[string];
  readonly keepsSockets: boolean;
}
function findListening(finding: Finding, context: FixContext): Listening | undefined {
  const service = serviceOf(finding, context);
  const listens = service?.code.all('listen').filter(({ value }) => value.purpose !== 'metrics') ?? [];
  const [fact] = listens;
  const script = fact && scriptOf(context, fact.place.path);
  const way = fact && stopping[fact.value.library.replace(/^node:/, '')];
  // Several servers: which of them, and in which order, is not ours to say.
  return script && way && listens.length === 1 ? { script, fact, way, keepsSockets: service!.code.has('socket-server') } : undefined;
}

interface Handle {
  readonly name: string;
  /** Gives the server its name. */
  readonly edit?: Edit;
  /** End of the statement that listens. */
  readonly end: number;
  readonly start: number;
}

/** `const server = http.createServer(app)`. */
function isServer(script: Script, object: Node): boolean {
  if (object.type !== 'Identifier') return false;
  for (const node of walk(script.file))
    if (node.type === 'VariableDeclarator' && node.id.type === 'Identifier' && node.id.name === object.name && node.init)
      return /\bcreateServer\(|\bServer\(/.test(textOf(script, node.init).slice(0, 200));
  return false;
}

const unwrap = (node: Node): Node => (node.type === 'AwaitExpression' ? unwrap(node.argument) : node);

/** A name for the server, in the scope of the statement that listens. */
function nameServer({ script, fact, way }: Listening): Handle | undefined {
  const statement = statementAround(script, fact.place);
  const call = callAt(script, fact.place);
  if (!statement || call?.callee.type !== 'MemberExpression') return undefined;
  const range = { start: statement.start!, end: statement.end! };
  const { object } = call.callee;
  const isBare = object.type === 'Identifier' || (object.type === 'MemberExpression' && object.object.type === 'ThisExpression');
  const holdsServer = way !== 'server' || /^https?$/.test(fact.value.library.replace(/^node:/, '')) || isServer(script, object);
  if (holdsServer && isBare && script.text.slice(object.start!, object.end!)) return { name: textOf(script, object), ...range };
  if (statement.type === 'VariableDeclaration') {
    const [declarator, other] = statement.declarations;
    return !other && declarator?.id.type === 'Identifier' && declarator.init && unwrap(declarator.init) === call
      ? { name: declarator.id.name, ...range }
      : undefined;
  }
  const name = freeName(script, 'server', 'httpServer', 'listener');
  if (!isExpressionStatement(statement) || statement.expression !== call || !name || way !== 'server') return undefined;
  return { name, edit: insertAt(script, statement.start!, `const ${name} = `), ...range };
}

/** What stops the server and then lets the process end. */
function stopLines({ script, way, keepsSockets }: Listening, name: string): readonly string[] {
  const end = semicolon(script);
  const unit = indentUnit(script);
  // Sockets stay open until their clients leave.
  const deadline = keepsSockets ? [`${unit}setTimeout(() => process.exit(0), 8000).unref()${end}`] : [];
  if (way === 'server') {
    const close = `${unit}${name}.close(() => process.exit(0))${end}`;
    return [`process.on(${quote(script, 'SIGTERM')}, () => {`, close, ...deadline, `})${end}`];
  }
  const close = way === 'hapi' ? `${name}.stop()` : `${name}.close()`;
  return [
    `process.on(${quote(script, 'SIGTERM')}, async () => {`,
    `${unit}await ${close}${end}`,
    `${unit}process.exit(0)${end}`,
    `})${end}`,
  ];
}

function addHandler(listening: Listening): readonly (Edit | undefined)[] {
  const { script, way } = listening;
  const handle = nameServer(listening);
  if (!handle) return [undefined];
  const indent = indentAt(script, handle.start);
  if (way === 'nest') return [insertAt(script, handle.start, `${handle.name}.enableShutdownHooks()${semicolon(script)}\n${indent}`)];
  const at = lineEnd(script.text, handle.end);
  const isLast = script.text.slice(handle.end, at).trim() === '' || /^\s*\/\//.test(script.text.slice(handle.end, at));
  const lines = stopLines(listening, handle.name).map((line) => `\n${indent}${line}`);
  const isFollowed = isLast && /^\r?\n[ \t]*[^\s}]/.test(script.text.slice(at, at + 200));
  return [handle.edit, insertAt(script, isLast ? at : handle.end, `\n${lines.join('')}${isFollowed ? '\n' : ''}`)].filter(
    (edit) => edit !== undefined,
  );
}

/** The place lies in the block in which the server gets its name. */
function seesServer({ script, fact }: Listening, place: Place): boolean {
  const around = nodesAround(script, fact.place);
  const statement = statementAround(script, fact.place);
  const block = statement && around[around.indexOf(statement) - 1];
  const at = script.lines.offset(place.line, place.column);
  return block !== undefined && block.start! <= at && at < block.end!;
}

/** `process.exit(…)` of the handler, into the callback of `close`. */
function exitAfterClose(listening: Listening, place: Place, context: FixContext): readonly (Edit | undefined)[] {
  const { script, way } = listening;
  const isSeen = place.path === script.path && seesServer(listening, place);
  const handle = way === 'server' && isSeen ? nameServer(listening) : undefined;
  const call = callAt(script, place);
  const handler = call?.arguments[1];
  const exits = handler
    ? [...walk(handler)].filter((node) => node.type === 'CallExpression' && textOf(script, node.callee) === 'process.exit')
    : [];
  if (!handle || !handler || exits.length !== 1 || !context.has(script.path)) return [undefined];
  return [handle.edit, replaceNode(script, exits[0]!, `${handle.name}.close(() => ${textOf(script, exits[0]!)})`)].filter(
    (edit) => edit !== undefined,
  );
}

function makeShutdown(finding: Finding, context: FixContext): readonly Fix[] {
  const listening = findListening(finding, context);
  if (!listening) return [];
  const title = 'On SIGTERM stop accepting, finish what is running, then exit';
  if (finding.messageId === 'exits') return makeFix(title, false, exitAfterClose(listening, finding.place, context));
  const isOwn = finding.messageId === 'otherSignal' || samePlace(finding.place, listening.fact.place);
  return isOwn ? makeFix(title, false, addHandler(listening)) : [];
}

export const shutdownNotGraceful: FixMaker = {
  rule: 'shutdown-not-graceful',
  offers: [
    {
      what: 'on SIGTERM close the server and exit when running requests are answered (express, koa, http, fastify, hapi, Nest)',
      safe: false,
    },
  ],
  make: (finding, context) => (finding.messageId === 'spring' ? [] : makeShutdown(finding, context)),
};
