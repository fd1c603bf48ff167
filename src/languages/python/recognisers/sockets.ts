import type { StoreChoice, Value } from '../../../facts.ts';
import { alternativesOf, type CallSite, type Emit, isNone, isTrue, type ProgramView, type Recogniser, textOf } from '../recogniser.ts';
import { anchor } from './servers.ts';

/** What carries messages to other replicas; without it, the memory of the process. */
function adaptersOf(call: CallSite, given: Value | undefined): readonly StoreChoice[] {
  if (!given || isNone(given))
    return call.written.call.open ? [{ kind: 'unknown', place: call.place }] : [{ kind: 'memory', place: call.place }];
  return alternativesOf(given).map(({ value, when }) => ({
    kind: isNone(value) ? 'memory' : 'external',
    ...(when.length > 0 ? { when } : {}),
    place: value.place,
  }));
}

/** Sends to more than the client that asked. */
const sendsToOthers = (call: CallSite): boolean =>
  (call.name === 'emit' || call.name === 'send') &&
  (/^flask_socketio\.SocketIO\(\)\./.test(call.dotted ?? '') ||
    (/^flask_socketio\.(?:emit|send)$/.test(call.dotted ?? '') &&
      (isTrue(call.named('broadcast')) || call.named('to') !== undefined || call.named('room') !== undefined)));
const sendsByServer = ({ name, dotted = '' }: CallSite): boolean =>
  name === 'emit' && /^socketio\.(?:Async)?Server\(\)\.emit$/.test(dotted);

function emitSocketServers(program: ProgramView, emit: Emit): void {
  const broadcast = program.calls.find((call) => sendsToOthers(call) || sendsByServer(call));
  for (const call of program.calls) {
    const isFlask = call.dotted === 'flask_socketio.SocketIO';
    if (!isFlask && !/^socketio\.(?:Async)?Server$/.test(call.dotted ?? '')) continue;
    const later = program.calls.find(({ dotted }) => dotted === 'flask_socketio.SocketIO().init_app');
    const given = isFlask ? (call.named('message_queue') ?? later?.named('message_queue')) : call.named('client_manager');
    const library = isFlask ? 'Flask-SocketIO' : 'python-socketio';
    emit('socket-server', anchor(call), {
      library,
      adapters: adaptersOf(call, given),
      broadcasts: broadcast !== undefined,
      ...(broadcast ? { broadcastPlace: broadcast.place } : {}),
    });
  }
}

/** Layers of Django Channels. */
function emitChannels(program: ProgramView, emit: Emit): void {
  const sends = program.calls.find(({ name }) => name === 'group_send');
  for (const setting of program.settings('CHANNEL_LAYERS')) {
    const layer = setting.value.is === 'object' ? setting.value.properties['default'] : undefined;
    const backend = layer?.is === 'object' ? layer.properties['BACKEND'] : undefined;
    if (!sends || !/InMemoryChannelLayer$/.test(textOf(backend) ?? '')) continue;
    emit(
      'socket-server',
      { ...setting, place: backend!.place },
      { library: 'Django Channels', adapters: [{ kind: 'memory', place: backend!.place }], broadcasts: true, broadcastPlace: sends.place },
    );
  }
}

/** Servers that push messages to clients. */
export const sockets: Recogniser = {
  id: 'sockets',
  recognise(program, emit) {
    emitSocketServers(program, emit);
    emitChannels(program, emit);
  },
};
