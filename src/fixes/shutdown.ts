/** Servers that stop gracefully. */
import { readToml } from '../text/toml-document.ts';
import { nodeAt, scalarOf } from '../text/yaml-access.ts';
import type { Edit, Fact, Finding, Fix, Place, Service } from '../types.ts';
import { closingCalls, mayClose } from './closing.ts';
import { type FixContext, type FixMaker, makeFix, samePlace, serviceOf } from './fix-maker.ts';
import { addTopLevelKey } from './fly.ts';
import { findListenCall, type ListenCall, nameServer } from './listening.ts';
import {
  callAt,
  indentAt,
  indentUnit,
  insertAt,
  isExpressionStatement,
  quote,
  replaceNode,
  scriptOf,
  semicolon,
  statementAround,
  textOf,
  walk,
} from './script-edit.ts';
import type { Script } from './scripts.ts';

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
  readonly listen: ListenCall;
  readonly way: (typeof stopping)[string];
  readonly keepsSockets: boolean;
}
function findListening(finding: Finding, context: FixContext): Listening | undefined {
  const service = serviceOf(finding, context);
  const listens = service?.code.all('listen').filter(({ value }) => value.purpose !== 'metrics') ?? [];
  const [fact] = listens;
  const script = fact && scriptOf(context, fact.place.path);
  const library = fact?.value.library.replace(/^node:/, '') ?? '';
  const way = stopping[library];
  // Several servers: which of them, and in which order, is not ours to say.
  if (!script || !way || listens.length !== 1) return undefined;
  const listen = findListenCall(script, fact.place, way !== 'server' || /^https?$/.test(library));
  return listen && { script, fact, listen, way, keepsSockets: service!.code.has('socket-server') };
}

/** What gives connections back, once nothing needs them any more; one that fails must not keep the others. */
function closeLines(calls: readonly string[], end: string): readonly string[] {
  if (calls.length < 2) return calls.map((call) => `await ${call}${end}`);
  return [`await Promise.allSettled([${calls.join(', ')}])${end}`];
}

/** What stops the server, closes what is behind it, and then lets the process end. */
function stopLines({ script, way, keepsSockets }: Listening, name: string, calls: readonly string[]): readonly string[] {
  const end = semicolon(script);
  const unit = indentUnit(script);
  const closing = closeLines(calls, end);
  // Sockets stay open until their clients leave.
  const deadline = keepsSockets ? [`${unit}setTimeout(() => process.exit(0), 8000).unref()${end}`] : [];
  if (way === 'server') {
    const last = [...closing, `process.exit(0)${end}`].map((line) => unit + unit + line);
    const close =
      closing.length === 0
        ? [`${unit}${name}.close(() => process.exit(0))${end}`]
        : [`${unit}${name}.close(async () => {`, ...last, `${unit}})${end}`];
    return [`process.on(${quote(script, 'SIGTERM')}, () => {`, ...close, ...deadline, `})${end}`];
  }
  const close = way === 'hapi' ? `${name}.stop()` : `${name}.close()`;
  return [
    `process.on(${quote(script, 'SIGTERM')}, async () => {`,
    `${unit}await ${close}${end}`,
    ...closing.map((line) => unit + line),
    `${unit}process.exit(0)${end}`,
    `})${end}`,
  ];
}

function addHandler(listening: Listening, calls: readonly string[] = []): readonly (Edit | undefined)[] {
  const { script, way, listen, fact } = listening;
  const named = nameServer(listen);
  if (!named) return [undefined];
  if (way !== 'nest') return named.with(stopLines(listening, named.name, calls));
  const statement = statementAround(script, fact.place);
  const isPlain = statement && /^(?:Expression|Return)Statement$/.test(statement.type) && named.edits.length === 0;
  return [
    isPlain
      ? insertAt(script, statement.start!, `${named.name}.enableShutdownHooks()${semicolon(script)}\n${indentAt(script, statement.start!)}`)
      : undefined,
  ];
}

/** The place lies in the block in which the server gets its name. */
function seesServer({ script, listen: { around } }: Listening, place: Place): boolean {
  const block = around.findLast(({ type }) => type === 'Program' || type === 'BlockStatement' || type === 'StaticBlock');
  const at = script.lines.offset(place.line, place.column);
  return block !== undefined && block.start! <= at && at < block.end!;
}

/** `process.exit(…)` of the handler, into the callback of `close`. */
function exitAfterClose(listening: Listening, place: Place, context: FixContext): readonly (Edit | undefined)[] {
  const { script, way } = listening;
  const isSeen = place.path === script.path && seesServer(listening, place);
  const named = way === 'server' && isSeen ? nameServer(listening.listen) : undefined;
  const handler = callAt(script, place)?.arguments[1];
  const exits = handler
    ? [...walk(handler)].filter((node) => node.type === 'CallExpression' && textOf(script, node.callee) === 'process.exit')
    : [];
  if (!named || exits.length !== 1 || !context.has(script.path)) return [undefined];
  return [...named.edits, replaceNode(script, exits[0]!, `${named.name}.close(() => ${textOf(script, exits[0]!)})`)];
}

/** `process.on('SIGINT', stop)`: the same for SIGTERM. */
function sameHandler(finding: Finding, context: FixContext): readonly Fix[] {
  const script = scriptOf(context, finding.place.path);
  const call = script && callAt(script, finding.place);
  const statement = script && statementAround(script, finding.place);
  const fact = serviceOf(finding, context)
    ?.code.all('shutdown-handler')
    .find(({ place }) => samePlace(place, finding.place));
  const [signal, handler] = call?.arguments ?? [];
  if (!script || !statement || !isExpressionStatement(statement) || statement.expression !== call) return [];
  if (fact?.value.closes === false || signal?.type !== 'StringLiteral' || handler?.type !== 'Identifier') return [];
  const text = textOf(script, statement);
  const at = signal.start! - statement.start!;
  const copy = `${text.slice(0, at)}${text[at]}SIGTERM${text[at]}${text.slice(at + signal.end! - signal.start!)}`;
  const title = 'Handle SIGTERM in the same way';
  return makeFix(title, false, [insertAt(script, statement.start!, `${copy}\n${indentAt(script, statement.start!)}`)]);
}

/** Fly sends SIGINT unless told otherwise. */
function sendSigterm(finding: Finding, context: FixContext): readonly Fix[] {
  const file = finding.place.path.endsWith('.toml') ? context.source(finding.place.path) : undefined;
  const root = file && readToml(file).root;
  const handlers = serviceOf(finding, context)?.code.all('shutdown-handler') ?? [];
  const works = handlers.some(({ value }) => value.signals.includes('SIGTERM') && value.closes !== false);
  const isOurs = serviceOf(finding, context)?.deployments.every(({ workload }) => workload.value.kind === 'Fly app');
  if (!file || !root || !works || !isOurs || scalarOf(nodeAt(root, 'kill_signal'))) return [];
  return makeFix('Let Fly send SIGTERM, which the code handles', true, [addTopLevelKey(file, root, 'kill_signal = "SIGTERM"')]);
}

function makeShutdown(finding: Finding, context: FixContext): readonly Fix[] {
  if (finding.messageId === 'notSent') return sendSigterm(finding, context);
  const same = finding.messageId === 'otherSignal' ? sameHandler(finding, context) : [];
  const listening = same.length > 0 ? undefined : findListening(finding, context);
  if (!listening) return same;
  const title = 'On SIGTERM stop accepting, finish what is running, then exit';
  if (finding.messageId === 'exits') return makeFix(title, false, exitAfterClose(listening, finding.place, context));
  const isOwn = finding.messageId === 'otherSignal' || samePlace(finding.place, listening.fact.place);
  const fixes = isOwn ? makeFix(title, false, addHandler(listening)) : [];
  const service = serviceOf(finding, context)!;
  if (listening.way === 'nest' || !mayClose(service)) return fixes;
  return fixes.map((fix) => ({ ...fix, complete: () => closeAll(listening, service, context) }));
}

/** The handler with what else has to be closed: Nest does that by itself. */
function closeAll(listening: Listening, service: Service, context: FixContext): readonly Edit[] {
  const { script, listen } = listening;
  const calls = closingCalls(script.path, listen.call.start!, service, context);
  return addHandler(listening, calls).filter((edit) => edit !== undefined);
}

export const shutdownNotGraceful: FixMaker = {
  rule: 'shutdown-not-graceful',
  offers: [
    {
      what: 'on SIGTERM close the server (express, koa, http, fastify, hapi, Nest), then the pools and clients that its file reaches (mongoose, pg, Prisma, Redis…), and exit when running requests are answered',
      safe: false,
    },
    { what: 'register the handler of another signal for SIGTERM too', safe: false },
    { what: 'let Fly send SIGTERM where the code handles that', safe: true },
  ],
  make: (finding, context) => (finding.messageId === 'spring' ? [] : makeShutdown(finding, context)),
};
