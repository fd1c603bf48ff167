/** Servers that push to clients: which of them reach more than the client that asks, and only those of this process. */
import type { Place } from '../../../types.ts';
import { type CallView, importsFrom, type MethodView, refersTo, type TypeView } from '../names.ts';
import { annotationOf, type Emit, type ProgramView, placeAt, type Recogniser } from '../recogniser.ts';
import type { Expression } from '../summary.ts';
import { inFiles } from '../views.ts';
import { atStart } from './process-state.ts';
import { isRelayed, membership } from './socket-relays.ts';
import { sendersBy, type Wrapped, wrappedClients } from './wrapped-clients.ts';

/** What stands for one client that is connected to this process. */
const connections: readonly (readonly [string, string])[] = [
  ['jakarta.websocket.Session', 'The WebSocket endpoint'],
  ['org.springframework.web.socket.WebSocketSession', 'The WebSocket handler'],
  ['org.springframework.web.reactive.socket.WebSocketSession', 'The WebSocket handler'],
  ['org.springframework.web.servlet.mvc.method.annotation.SseEmitter', 'The event stream'],
  ['org.springframework.web.servlet.mvc.method.annotation.ResponseBodyEmitter', 'The event stream'],
  ['jakarta.ws.rs.sse.SseEventSink', 'The event stream'],
  ['reactor.core.publisher.Sinks.Many', 'The event stream'],
  ['reactor.core.publisher.FluxSink', 'The event stream'],
  ['io.micronaut.websocket.WebSocketSession', 'The WebSocket endpoint'],
  ['io.quarkus.websockets.next.WebSocketConnection', 'The WebSocket endpoint'],
  ['org.eclipse.jetty.websocket.api.Session', 'The WebSocket endpoint'],
  ['io.javalin.websocket.WsContext', 'The WebSocket endpoint'],
  ['io.javalin.http.sse.SseClient', 'The event stream'],
  ['io.vertx.core.http.ServerWebSocket', 'The WebSocket endpoint'],
  ['io.ktor.websocket.DefaultWebSocketSession', 'The WebSocket endpoint'],
  ['io.ktor.websocket.WebSocketSession', 'The WebSocket endpoint'],
  ['io.ktor.server.websocket.DefaultWebSocketServerSession', 'The WebSocket endpoint'],
];
/** Objects that send to all clients of the process by themselves. */
const broadcasters: readonly { readonly type: string; readonly sends: RegExp; readonly library: string }[] = [
  { type: 'jakarta.ws.rs.sse.SseBroadcaster', sends: /^broadcast$/, library: 'The event stream' },
  { type: 'org.glassfish.jersey.media.sse.SseBroadcaster', sends: /^broadcast$/, library: 'The event stream' },
  { type: 'io.micronaut.websocket.WebSocketBroadcaster', sends: /^broadcast(?:Sync|Async)?$/, library: 'The WebSocket endpoint' },
  { type: 'io.netty.channel.group.ChannelGroup', sends: /^write(?:AndFlush)?$/, library: 'The Netty server' },
  { type: 'io.quarkus.websockets.next.WebSocketConnection', sends: /^broadcast$/, library: 'The WebSocket endpoint' },
];
const endpointAnnotations = ['ServerEndpoint', 'ServerWebSocket', 'WebSocket'];

const sends =
  /^(?:send|broadcast|push|publish|emit|tryEmit|notify)(?:[A-Z]\w*)?$|^(?:getBasicRemote|getAsyncRemote|writeTextMessage|writeAndFlush)$/;
const reaches = /^(?:forEach|values|stream|parallelStream|get|getOrDefault|entrySet|iterator|keySet|getIfPresent|filter|asSequence)$/;
const isUpkeep = ({ method }: MethodView): boolean =>
  /heart|ping|keep_?alive|clean|expire|evict|shutdown|destroy/i.test(method.name) ||
  method.calls.some(({ name }) => name === 'sendPing') ||
  method.creations.some(({ type }) => /PingMessage$/.test(type));

type Clients = Wrapped;

const isClient = (type: TypeView): boolean =>
  type.type.annotations.some(({ name }) => /(?:^|\.)(?:ClientEndpoint|ClientWebSocket)$/.test(name));
/** `connectToServer`, `doHandshake`: its connections are those that it makes itself. */
const connects = (own: readonly MethodView[]): boolean =>
  own.some(({ method }) => method.calls.some(({ name }) => /^(?:connectToServer|doHandshake)$/.test(name)));

const connectionIn = (written: string, { file }: TypeView): string | undefined => {
  for (const word of written.match(/[A-Z]\w*(?:\.[A-Z]\w*)*/g) ?? []) {
    const found = connections.find(([type]) => refersTo(file, word, type));
    if (found) return found[1];
  }
  return undefined;
};
/** A list of endpoints is one of their clients: `static Set<ChatEndpoint> all`. */
const isOwnEndpoint = (written: string, type: TypeView): boolean =>
  annotationOf(type.type, ...endpointAnnotations) !== undefined && written.split(/[^\w.]+/).includes(type.type.name);

/** Fields that hold several connections. */
const keptClients = inFiles(({ types, methods }) =>
  types.flatMap((type): Clients[] =>
    type.type.fields.flatMap((field) => {
      if (field.of === undefined || isClient(type)) return [];
      const library = connectionIn(field.of, type) ?? (isOwnEndpoint(field.of, type) ? 'The WebSocket endpoint' : undefined);
      return library && !connects(methods.filter((method) => method.type === type.type)) ? [{ type, field, library }] : [];
    }),
  ),
);

/** The name that a chain of calls starts from. */
function rootOf(expression: Expression | undefined): Expression | undefined {
  let current = expression;
  for (let depth = 0; current?.is === 'call' && depth < 20; depth++) current = current.on;
  return current;
}
const isField = (expression: Expression | undefined, name: string): boolean => {
  const root = rootOf(expression);
  return root?.is === 'name' && root.path.at(-1) === name && root.path.length <= 2;
};

/** `sessions.get(session.getId())` is the client that asks. */
const looksUpOwn = ({ method }: MethodView, { args }: CallView['call']): boolean => {
  const id = rootOf(args[0]);
  return id?.is === 'name' && method.parameters.some(({ name, type }) => name === id.path[0] && /Session|Connection|Context$/.test(type));
};

const readsClients = (view: MethodView, name: string): boolean =>
  view.method.locals.some(({ value }) => value?.is === 'name' && isField(value, name)) ||
  view.method.calls.some(
    (call) => isField(call.on, name) && reaches.test(call.name) && !(call.name.startsWith('get') && looksUpOwn(view, call)),
  );

const sendOf = ({ method }: MethodView): CallView['call'] | undefined => method.calls.find(({ name }) => sends.test(name));

/** Where it sends to clients of its list, or hands one of them to whoever sends. */
function broadcastOf({ type, field }: Clients, view: ProgramView): Place | undefined {
  const readers = view.methods.filter((method) => method.type === type.type && !isUpkeep(method) && readsClients(method, field.name));
  for (const reader of readers) {
    const send = sendOf(reader);
    if (send) return placeAt(reader.path, send.at);
  }
  const getter = readers.find(({ method }) => method.returns !== undefined && connectionIn(method.returns, type) !== undefined);
  return getter && placeAt(getter.path, getter.method.at);
}

const fills = ({ method }: MethodView, field: string): boolean =>
  method.calls.some(({ name, on }) => /^(?:put\w*|add\w*|offer|compute\w*|merge)$/.test(name) && isField(on, field)) ||
  method.assignments.some(({ target, how }) => how === 'element' && target.at(-1) === field);
/** Where an object with a client is looked up, and something is sent to it: here, or by whoever asks for it. */
function sendToWrapped({ type, field }: Clients, view: ProgramView): Place | undefined {
  const own = view.methods.filter((method) => method.type === type.type);
  // What is filled at start alone holds no clients.
  if (connects(own) || !own.some((method) => !atStart(method) && fills(method, field.name))) return undefined;
  for (const reader of own) {
    if (isUpkeep(reader) || !readsClients(reader, field.name)) continue;
    for (const sender of [reader, ...sendersBy(reader, view)]) {
      const send = isUpkeep(sender) ? undefined : sendOf(sender);
      if (send) return placeAt(sender.path, send.at);
    }
  }
  return undefined;
}

function emitServer(emit: Emit, place: Place, library: string, broadcastPlace?: Place): void {
  emit('socket-server', place, {
    library,
    adapters: [{ kind: 'memory', place }],
    broadcasts: true,
    ...(broadcastPlace ? { broadcastPlace } : {}),
  });
}

/** `enableSimpleBroker` keeps the subscribers of STOMP in memory; a relay hands them to a broker. */
function emitSimpleBroker(view: ProgramView, emit: Emit): void {
  if (view.callsNamed('enableStompBrokerRelay').length > 0) return;
  const [call] = view.callsNamed('enableSimpleBroker');
  if (call) emitServer(emit, placeAt(call.path, call.call.at), 'The simple broker of Spring');
}

function emitBroadcasters(view: ProgramView, emit: Emit): void {
  for (const call of view.callsNamed('broadcast', 'broadcastSync', 'broadcastAsync', 'write', 'writeAndFlush')) {
    const { on, name, at } = call.call;
    const variable = on?.is === 'name' && on.path.length === 1 ? view.names.variable(call, on.path[0]!) : undefined;
    const one = variable && broadcasters.find(({ type, sends: own }) => own.test(name) && refersTo(call.file, variable.type, type));
    if (!one || isUpkeep(call)) continue;
    const isOwn = call.type.fields.some((field) => field === variable);
    emitServer(emit, placeAt(call.path, isOwn ? variable.at : at), one.library, placeAt(call.path, at));
  }
  for (const call of view.callsNamed('getOpenSessions')) {
    const isUsed = annotationOf(call.type, ...endpointAnnotations) !== undefined || view.callsNamed(call.method.name).length > 0;
    const send = isUpkeep(call) || !isUsed ? undefined : sendOf(call);
    if (send) emitServer(emit, placeAt(call.path, call.call.at), 'The WebSocket endpoint', placeAt(call.path, send.at));
  }
}

const ktorHandlers = inFiles(({ file, methods }) => (importsFrom(file, 'io.ktor.server.websocket', 'io.ktor.websocket') ? methods : []));
/** `webSocket("/chat") { … connections.forEach { it.session.send(text) } }`, or a flow that all sockets of the process collect. */
function emitKtor(view: ProgramView, emit: Emit): void {
  for (const { path, method } of ktorHandlers(view)) {
    const route = method.calls.find(({ name, on }) => name === 'webSocket' && on === undefined);
    if (!route) continue;
    const names = new Set(method.calls.map(({ name }) => name));
    const toOthers = method.calls.find(({ name, on }) => {
      const root = name === 'send' ? rootOf(on) : undefined;
      return root?.is === 'name' && root.path[0] !== 'outgoing' && root.path.length > 0;
    });
    const hasFlow = names.has('MutableSharedFlow') || method.creations.some(({ type }) => type === 'MutableSharedFlow');
    const isFlow = hasFlow && names.has('collect') && names.has('emit') && names.has('send');
    const isLoop = toOthers !== undefined && [...names].some((name) => /^(?:forEach|onEach|values|filter|map)$/.test(name));
    const sent = isLoop ? toOthers : isFlow ? method.calls.find(({ name }) => name === 'emit') : undefined;
    if (sent)
      emitServer(
        emit,
        placeAt(path, [route.at[0], route.at[1], route.at[0], route.at[1] + 9]),
        'The WebSocket endpoint',
        placeAt(path, sent.at),
      );
  }
}

/** Push to browsers: WebSocket endpoints, STOMP, server-sent events. */
export const sockets: Recogniser = {
  text: [
    'websocket.Session',
    'WebSocketSession',
    'SseEmitter',
    'ResponseBodyEmitter',
    'SseEventSink',
    'Sinks.Many<',
    'FluxSink<',
    'SseBroadcaster',
    'SseClient',
    'WsContext',
    'ServerEndpoint',
    'WebSocketBroadcaster',
    'WebSocketConnection',
    'ServerWebSocket',
    'ChannelGroup',
    'enableSimpleBroker',
    'enableStompBrokerRelay',
    'RedisMessageListenerContainer',
    'JedisPubSub',
    'RTopic',
    'ITopic',
    'org.eclipse.paho',
    'org.jgroups',
    'jms.Topic',
    'io.ktor.server.websocket',
    'io.ktor.websocket',
    ...membership,
  ],
  recognise(view, emit) {
    if (isRelayed(view)) return;
    emitSimpleBroker(view, emit);
    emitKtor(view, emit);
    emitBroadcasters(view, emit);
    for (const clients of keptClients(view)) {
      const place = broadcastOf(clients, view);
      if (place) emitServer(emit, placeAt(clients.type.path, clients.field.at), clients.library, place);
    }
    for (const clients of wrappedClients(view, connectionIn)) {
      const place = isClient(clients.type) ? undefined : sendToWrapped(clients, view);
      if (place) emitServer(emit, placeAt(clients.type.path, clients.field.at), clients.library, place);
    }
  },
};
