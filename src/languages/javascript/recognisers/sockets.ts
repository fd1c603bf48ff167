import type { Condition, StoreChoice, Value } from '../../../facts.ts';
import type { Place } from '../../../types.ts';
import type { CallSite, Emit, ProgramView, Recogniser } from '../recogniser.ts';
import { moduleOf } from '../values.ts';
import { runsByItself } from './request-code.ts';
import { isToldToAll, tellsBroker } from './sockets-brokers.ts';
import { type FanOut, fanOuts } from './sockets-fan-out.ts';
import { answeringFunctions } from './sockets-listeners.ts';
import { heardEvents, streamedEvents } from './sockets-subjects.ts';
import { technologyOf, whenAlso } from './store-choices.ts';

/** Adapters that carry messages between replicas. */
const adapterPackages = [
  '@socket.io/redis-adapter',
  '@socket.io/redis-streams-adapter',
  '@socket.io/sharded-redis-adapter',
  '@socket.io/mongo-adapter',
  '@socket.io/postgres-adapter',
  '@socket.io/gcp-pubsub-adapter',
  '@socket.io/aws-sqs-adapter',
  '@socket.io/azure-service-bus-adapter',
  '@azure/web-pubsub-socket.io',
  '@hocuspocus/extension-redis',
  '@socket.io/cluster-adapter',
  'socket.io-redis',
  'socket.io-mongo-adapter',
  'socket.io-adapter-mongo',
  'socket.io-amqp',
  'socket.io-nats',
  '@nestjs/platform-socket.io-redis',
];
/** Carries messages between the processes of one machine only. */
const sameMachine = '@socket.io/cluster-adapter';
const serverPackages = [
  'socket.io',
  'ws',
  'sockjs',
  'primus',
  'express-ws',
  '@fastify/websocket',
  'fastify-websocket',
  'uWebSockets.js',
  'koa-websocket',
];
const nest = '@nestjs/websockets';

/** Where a library's server is made. */
const makers: Readonly<Record<string, RegExp>> = {
  'socket.io': /^(?:Server|default|listen|server|)$/,
  ws: /^(?:WebSocketServer|Server|WebSocket\.Server|default\.Server)$/,
  sockjs: /^createServer$/,
  primus: /^(?:Primus|)$/,
  'express-ws': /^(?:default|)$/,
  'koa-websocket': /^(?:default|)$/,
  'uWebSockets.js': /^(?:App|SSLApp)$/,
};

const opposites = { set: 'unset', unset: 'set', equals: 'differs', differs: 'equals' } as const;

/** What connects the replicas: adapters under their conditions, else nothing. */
const holdsIn = ({ env, test, value }: Condition, conditions: readonly Condition[]): boolean =>
  conditions.some((other) => other.env === env && other.test === test && other.value === value);

function adaptersOf(program: ProgramView, server: CallSite): StoreChoice[] {
  const place = server.namePlace;
  const calls = program.callsOf(...adapterPackages).filter(({ how, path }) => how !== 'decorator' && !path.includes(').'));
  const adapters = calls.map((call): StoreChoice => {
    const technology = technologyOf(call.package ?? '');
    const store: StoreChoice = {
      kind: call.package === sameMachine ? 'memory' : 'external',
      place: call.namePlace,
      ...(technology ? { technology } : {}),
    };
    return whenAlso(store, call.when);
  });
  if (adapters.length === 0) return [{ kind: hasOtherAdapter(program, server) ? 'unknown' : 'memory', place }];
  if (adapters.some(({ when }) => !when?.length)) return adapters;
  // What the server itself needs is there.
  const missing = (adapters.length === 1 ? (adapters[0]!.when ?? []) : []).filter((condition) => !holdsIn(condition, server.when));
  return [...adapters, ...missing.map((condition): StoreChoice => ({ kind: 'memory', place, when: [negated(condition)] }))];
}
const negated = (condition: Condition): Condition => ({ ...condition, test: opposites[condition.test] });

/** An adapter that could not be traced to a package is still one. */
function hasOtherAdapter(program: ProgramView, server: CallSite): boolean {
  const isGiven = server.args.some(
    (argument) => argument.is === 'object' && (argument.properties['adapter'] !== undefined || argument.open),
  );
  return (
    isGiven ||
    program.callsNamed('adapter', 'useWebSocketAdapter').some((call) => call.args.length > 0 && !isPlainNestAdapter(call.args[0]!, program))
  );
}
const platform = /^@nestjs\/platform-(?:socket\.io|ws)$/;
/** Nest's own adapter, also by a class of the program that only checks tokens or sets options. */
function isPlainNestAdapter(value: Value, program: ProgramView): boolean {
  if (value.is !== 'made') return false;
  const { callee } = value;
  if (callee.is === 'package') return platform.test(callee.package);
  if (callee.is !== 'class') return false;
  const path = moduleOf(callee.id);
  const parent = program.classOf(callee.id)?.extends;
  const from = parent && program.evaluator.evaluate(parent, path);
  const connects = /redis|createAdapter|\.adapter\s?\(|pub_?sub|nats|amqp|kafka|postgres|mongo/i;
  return from?.is === 'package' && platform.test(from.package) && !connects.test(program.text(path) ?? 'redis');
}

interface Broadcast {
  readonly place: Place;
  readonly within?: string;
}
const wide = /(?:^|\.)(?:emit|send|write|disconnectSockets|publish)$/;

/** `io.emit`, `io.to(room).emit`, `socket.broadcast.emit`, `socket.to(room).emit`: more than the own socket hears it. */
function isBroadcast({ package: library, path, name }: CallSite): boolean {
  if (library === 'uWebSockets.js') return name === 'publish';
  if (library === 'primus') return name === 'write' && !path.includes('Spark');
  if (library !== 'socket.io' || !wide.test(path)) return false;
  return !path.startsWith('Socket.') || /\.(?:broadcast|to\(\)|in\(\)|except\(\)|nsp|server)\./.test(path);
}

const serverNames = /^_?(?:io|socket-?io|socket-?server|ws-?server)$/i;
/**
 * A socket.io server that was put away and taken out again: `global.io`, `app.get('io')`, `this.io.to(room)`.
 * Only its name tells, so it counts where the program makes such a server.
 */
function isKeptServer(value: Value, program: ProgramView, depth = 0): boolean {
  if (depth > 4) return false;
  if (value.is === 'parameter') return serverNames.test(parameterName(value, program) ?? '');
  if (value.is === 'package') return value.package === '' && serverNames.test(value.path.slice(value.path.lastIndexOf('.') + 1));
  if (value.is === 'member') return serverNames.test(value.name) || (value.name === 'broadcast' && isKeptSocket(value.of, program));
  if (value.is !== 'made') return false;
  const { callee, args } = value;
  const name = callee.is === 'member' ? callee.name : callee.is === 'package' ? callee.path.slice(callee.path.lastIndexOf('.') + 1) : '';
  if (name === 'get') return args[0]?.is === 'literal' && serverNames.test(String(args[0].value));
  if (!/^(?:to|in|of|except)$/.test(name) || callee.is !== 'member') return false;
  return isKeptServer(callee.of, program, depth + 1) || isKeptSocket(callee.of, program);
}
/** `user.socket.broadcast`, `player.socket.to(room)`: others than the own client hear what goes there. */
function isKeptSocket(value: Value, program: ProgramView): boolean {
  const name = value.is === 'member' ? value.name : value.is === 'parameter' ? parameterName(value, program) : undefined;
  return name !== undefined && /^_?\w{0,20}socket$/i.test(name);
}
/** `(io, socket) => …` of a handler whose caller was not found. */
function parameterName({ function: id, index }: Value & { is: 'parameter' }, program: ProgramView): string | undefined {
  const found = program.evaluator.summaryOf(id);
  return found?.summary.bindings.find(
    ({ values: [first] }) => first?.value.k === 'parameter' && first.value.function === found.index && first.value.index === index,
  )?.name;
}
const emitsOnKept = ({ name, package: library, on }: CallSite, program: ProgramView): boolean =>
  name === 'emit' && (library === undefined || library === '' || library === 'express') && on !== undefined && isKeptServer(on, program);

const placeOf = (path: string, [line, column, endLine, endColumn]: FanOut['at']): Place => ({ path, line, column, endLine, endColumn });

function broadcastsOf(program: ProgramView, library: string): Broadcast[] {
  const calls = program.calls.filter(
    (call) =>
      (isBroadcast(call) && (library === nest || call.package === library)) || (library === 'socket.io' && emitsOnKept(call, program)),
  );
  const own = library === 'sockjs' ? 'write' : undefined;
  const loops = program
    .pass<FanOut>(fanOuts.id)
    .filter((found) => isShared(found, program))
    .filter(({ item }) => (item.sends === 'send' || item.sends === 'emit' || item.sends === own) && !item.eventStream);
  return [
    ...calls.map((call): Broadcast => ({ place: call.namePlace, ...(call.within === undefined ? {} : { within: call.within }) })),
    ...loops.map(({ path, item }) => fanOutPlace(path, item)),
  ];
}
/** Of the process, and not of one request or connection. */
const isShared = ({ path, item }: { readonly path: string; readonly item: FanOut }, program: ProgramView): boolean =>
  item.shared || (item.local !== undefined && runsByItself(program).has(`${path}#${item.local}`));
const fanOutPlace = (path: string, item: FanOut): Broadcast => ({
  place: placeOf(path, item.at),
  ...(item.within === undefined ? {} : { within: `${path}#${item.within}` }),
});

/**
 * A broadcast that a replica's own timer or a broker's message triggers reaches the clients of all replicas,
 * because every replica does the same.
 */
function everyReplicaSends(program: ProgramView, { within }: Broadcast): boolean {
  return within === undefined || runsByItself(program).has(within) || isToldToAll(program, within);
}

/** What is sent to clients also goes to a broker, and what the broker tells goes to the clients: replicas hear each other. */
function relaysByBroker(program: ProgramView, broadcasts: readonly Broadcast[]): boolean {
  return broadcasts.some(({ within }) => isToldToAll(program, within)) && tellsBroker(program);
}

function emitServer(program: ProgramView, emit: Emit, library: string, server: CallSite): void {
  const broadcasts = broadcastsOf(program, library);
  const broadcast = broadcasts.find((one) => !everyReplicaSends(program, one));
  const name = library === nest ? 'A Nest gateway' : library;
  emit(
    'socket-server',
    { ...server, place: server.namePlace },
    {
      library: name,
      adapters: relaysByBroker(program, broadcasts) ? [{ kind: 'unknown', place: server.namePlace }] : adaptersOf(program, server),
      broadcasts: broadcast !== undefined,
      ...(broadcast ? { broadcastPlace: broadcast.place } : {}),
    },
  );
}

const eventStream = 'text/event-stream';
/** Another module opens the streams: then the list says by its name that it holds them. */
const isEventStream = ({ eventStream: own, sends, named }: FanOut, program: ProgramView): boolean =>
  sends === 'sse' || (sends === 'write' && (own || (named && program.files.some((path) => program.text(path)?.includes(eventStream)))));

/** Lists of open responses to which events are written. */
function emitEventStreams(program: ProgramView, emit: Emit): void {
  for (const { path, item } of program.pass<FanOut>(fanOuts.id)) {
    const broadcast = fanOutPlace(path, item);
    if (!isShared({ path, item }, program) || !isEventStream(item, program) || everyReplicaSends(program, broadcast)) continue;
    const { place } = broadcast;
    emit('socket-server', broadcast, {
      library: 'server-sent events',
      adapters: [{ kind: 'memory', place }],
      broadcasts: true,
      broadcastPlace: place,
    });
  }
}

function emitStreamedEvents(program: ProgramView, emit: Emit): void {
  const [source] = [...streamedEvents(program), ...heardEvents(program)].filter(({ told }) => !everyReplicaSends(program, told));
  if (!source) return;
  const { place, told } = source;
  emit(
    'socket-server',
    { place },
    { library: 'server-sent events', adapters: [{ kind: 'memory', place }], broadcasts: true, broadcastPlace: told.place },
  );
}

/** Subscriptions of GraphQL: what publishes their events in this process, and what carries them between replicas. */
const publishers: Readonly<Record<string, RegExp>> = {
  'graphql-subscriptions': /^PubSub$/,
  'apollo-server': /^PubSub$/,
  'apollo-server-express': /^PubSub$/,
  'apollo-server-koa': /^PubSub$/,
  'apollo-server-fastify': /^PubSub$/,
  'apollo-server-hapi': /^PubSub$/,
  'apollo-server-micro': /^PubSub$/,
  'apollo-server-core': /^PubSub$/,
  'graphql-yoga': /^(?:createPubSub|PubSub)$/,
  '@graphql-yoga/subscription': /^createPubSub$/,
};
const sharedPublishers = [
  'graphql-redis-subscriptions',
  'graphql-kafka-subscriptions',
  'graphql-postgres-subscriptions',
  'graphql-rabbitmq-subscriptions',
  'graphql-mqtt-subscriptions',
  '@graphql-yoga/redis-event-target',
  '@moleculer/graphql-pubsub',
  '@axelspringer/graphql-google-pubsub',
];

/** `pubSub.publish()` on the object itself, or on an injected one that only its name tells. */
function publishesOn({ within, package: from, namePlace }: CallSite, library: string, program: ProgramView): boolean {
  if (within === undefined || (from !== undefined && from !== library)) return false;
  const line = from === undefined ? (program.lines(namePlace.path)[namePlace.line - 1] ?? '') : '';
  return from === library || /pub_?sub\w{0,20}\s?[?!]?\.\s?publish\b/i.test(line.slice(0, 500));
}

function emitPublishers(program: ProgramView, emit: Emit): void {
  const hasShared = program.callsOf(...sharedPublishers).some(({ how }) => how !== 'decorator');
  for (const [library, made] of Object.entries(publishers)) {
    const call = program.callsOf(library).find(({ path, how }) => made.test(path) && how !== 'decorator');
    const publish = call && program.callsNamed('publish').find((other) => publishesOn(other, library, program));
    if (!call || !publish) continue;
    const isGiven = call.args.some((argument) => argument.is === 'object' && ('eventTarget' in argument.properties || argument.open));
    emit(
      'socket-server',
      { ...call, place: call.namePlace },
      {
        library,
        adapters: [{ kind: hasShared || isGiven ? 'unknown' : 'memory', place: call.namePlace }],
        broadcasts: true,
        broadcastPlace: publish.namePlace,
      },
    );
  }
}

const documents = '@hocuspocus/server';
/** Documents on which several people write: who is connected to another copy sees nothing of it. */
function emitDocuments(program: ProgramView, emit: Emit): void {
  const server = program
    .callsOf(documents)
    .find(({ path, how }) => how !== 'decorator' && /^(?:Server(?:\.configure)?|Hocuspocus)$/.test(path));
  if (!server) return;
  const place = server.namePlace;
  // An extension of the program's own may carry the changes.
  const isCarried = /redis|nats|kafka|amqp|pub_?sub/i.test(program.text(place.path) ?? '');
  const adapters: StoreChoice[] = isCarried ? [{ kind: 'unknown', place }] : adaptersOf(program, server);
  emit('socket-server', { ...server, place }, { library: 'Hocuspocus', adapters, broadcasts: true });
}

const socket = (place: Place): Value => ({ is: 'package', package: 'socket.io', path: 'Socket', place });

export const sockets: Recogniser = {
  id: 'sockets',
  packages: [
    ...serverPackages,
    ...adapterPackages,
    documents,
    nest,
    ...Object.keys(publishers),
    ...sharedPublishers,
    'rxjs',
    'events',
    'eventemitter2',
    'eventemitter3',
  ],
  methods: ['adapter', 'useWebSocketAdapter', 'emit', 'to', 'in', 'publish'],
  text: [
    /text\/event-stream/,
    /\.write\s?\(\s{0,20}['"`](?:data|event|id|retry):|\.sse(?:\.send)?\s?\(/,
    // Resolvers of subscriptions, whose publisher is made elsewhere.
    /\.asyncItera(?:tor|bleIterator)\b|\bpub_?[sS]ub\w{0,20}\.publish\s?\(/,
    /\.on\s?\(\s{0,20}['"]connect(?:ion)?['"]/,
    // Modules that are handed the server or a socket.
    /\.(?:to|in|except|of)\s?\([^\n]{0,120}\)\s{0,40}\.emit\s?\(|\b(?:io|ws|wss|socket\w{0,20}|namespace|nsp)\.(?:sockets\.|broadcast\.|server\.)?emit\s?\(/,
    /\b(?:\w{0,20}[sS]ocket|ws|wsClient|conn)\??\.send\s?\(|\b(?:conn?|connection)\??\.write\s?\(/,
    // Clients that a table of the process holds.
    /\b\w{0,40}(?:[cC]lients|[sS]ockets|[cC]onnections|CONNECTIONS|CLIENTS)(?:\?\.)?(?:\[[^\]\n]{1,60}\]|\.get\([^)\n]{1,60}\))\??!?\.(?:send|emit|write)\b/,
  ],
  passes: [fanOuts, answeringFunctions],
  parameter(call, argument, parameter) {
    const [event] = call.args;
    const isConnection = call.name === 'on' && event?.is === 'literal' && (event.value === 'connection' || event.value === 'connect');
    return call.package === 'socket.io' && isConnection && argument === 1 && parameter === 0 ? socket(call.place) : undefined;
  },
  recognise(program, emit) {
    for (const [library, made] of Object.entries(makers)) {
      const servers = program.callsOf(library).filter(({ path, how }) => made.test(path) && how !== 'decorator');
      // `new Server()` of socket.io takes a port or server; `io()` without arguments is the same.
      const [server] = servers;
      if (server) emitServer(program, emit, library, server);
    }
    const gateway = program.callsOf(nest).find(({ path, how }) => how === 'decorator' && path === 'WebSocketGateway');
    if (gateway) emitServer(program, emit, nest, gateway);
    for (const call of program.callsNamed('register')) {
      const [plugin] = call.args;
      if (plugin?.is === 'package' && /^(?:@fastify\/|fastify-)websocket$/.test(plugin.package))
        emitServer(program, emit, plugin.package, call);
    }
    emitDocuments(program, emit);
    emitEventStreams(program, emit);
    emitStreamedEvents(program, emit);
    emitPublishers(program, emit);
  },
};
