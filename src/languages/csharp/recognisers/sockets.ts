import type { CallView } from '../names.ts';
import { type Emit, type ProgramView, placeAt, placeOf, type Recogniser, storeAt } from '../recogniser.ts';
import type { CallExpression, Expression } from '../summary.ts';

/** What carries messages of SignalR to the other copies. */
export const backplanes: Readonly<Record<string, string>> = {
  AddStackExchangeRedis: 'redis',
  AddRedis: 'redis',
  AddAzureSignalR: 'azure',
  AddNamedAzureSignalR: 'azure',
  UseAzureSignalR: 'azure',
  AddNATS: 'nats',
  AddOrleans: 'orleans',
  UseOrleans: 'orleans',
};
const blazor = ['AddServerSideBlazor', 'AddInteractiveServerComponents'];
const toOthers = /^(?:All|AllExcept|Group|GroupExcept|Groups|Others|OthersInGroup|User|Users|Client|Clients)$/;

/** `Clients.All.SendAsync(…)`, `hub.Clients.Group(name).Moved(…)`: to more than the client that asks. */
export function sendsToOthers({ call }: Pick<CallView, 'call'>): boolean {
  const { on } = call;
  if (on?.is === 'name') {
    const at = on.path.lastIndexOf('Clients');
    return at >= 0 && toOthers.test(on.path[at + 1] ?? '');
  }
  return on?.is === 'call' && toOthers.test(on.name) && on.on?.is === 'name' && on.on.path.at(-1) === 'Clients';
}

const allCalls = (view: ProgramView): readonly CallView[] =>
  view.running.flatMap((one) => one.method.calls.map((written): CallView => ({ ...one, written, call: written.call })));

function emitHubs(view: ProgramView, emit: Emit): void {
  // A method of the program may have the name of the library's.
  const isLibrary = (call: CallView): boolean => view.graph.targetsOf(call.call, call).length === 0;
  const named = view.callsNamed('AddSignalR', 'AddSignalRCore').filter(isLibrary);
  // Blazor brings SignalR along, for its own circuits and for hubs of the program.
  const added =
    named.length > 0 || view.callsNamed(...blazor).length === 0 ? named : view.callsNamed('MapHub').filter(isLibrary).slice(0, 1);
  const [first] = added;
  if (!first) return;
  const carriers = view.callsNamed(...Object.keys(backplanes)).filter(({ call }) => call.name !== 'AddRedis' || isOnSignalR(call.on));
  const shared = carriers.map((call) => storeAt(view, call, 'external', backplanes[call.call.name]));
  const alone = added.filter(({ call }) => !carriers.some((one) => one.call.on && isSame(one.call.on, call)));
  const sends = allCalls(view).find(sendsToOthers);
  const isSettled = shared.some(({ when }) => !when?.length) || alone.length === 0;
  emit('socket-server', placeOf(alone[0] ?? first), {
    library: 'SignalR',
    adapters: isSettled ? shared : [...alone.map((call) => storeAt(view, call, 'memory')), ...shared],
    broadcasts: sends !== undefined,
    ...(sends ? { broadcastPlace: placeOf(sends) } : {}),
  });
}

/** What carries messages of SignalR 2 to the other copies: `GlobalHost.DependencyResolver.UseRedis(…)`. */
const classicBackplanes: Readonly<Record<string, string>> = {
  UseRedis: 'redis',
  UseStackExchangeRedis: 'redis',
  UseServiceBus: 'servicebus',
  UseSqlServer: 'sqlserver',
  MapAzureSignalR: 'azure',
  RunAzureSignalR: 'azure',
};

/** Hubs of SignalR 2, which OWIN maps. */
function emitClassicHubs(view: ProgramView, emit: Emit): void {
  const [mapped] = view
    .callsNamed('MapSignalR', 'MapHubs', 'RunSignalR')
    .filter((call) => view.graph.targetsOf(call.call, call).length === 0);
  const sends = mapped && allCalls(view).find(sendsToOthers);
  if (!mapped || !sends) return;
  const shared = view
    .callsNamed(...Object.keys(classicBackplanes))
    .filter(({ call }) => !/^UseSqlServer$/.test(call.name) || isResolver(call.on))
    .map((call) => storeAt(view, call, 'external', classicBackplanes[call.call.name]));
  const isSettled = shared.some(({ when }) => !when?.length);
  emit('socket-server', placeOf(mapped), {
    library: 'SignalR',
    adapters: isSettled ? shared : [storeAt(view, mapped, 'memory'), ...shared],
    broadcasts: true,
    broadcastPlace: placeOf(sends),
  });
}
const isResolver = (on: CallView['call']['on']): boolean => on?.is === 'name' && /resolver$/i.test(on.path.at(-1) ?? '');

/** The call that a chain of calls begins with, or goes through. */
const isSame = (on: Expression, call: CallExpression): boolean =>
  on === call || (on.is === 'call' && on.on !== undefined && isSame(on.on, call));

/** Health checks have a method of the same name. */
const isOnSignalR = (on: CallView['call']['on']): boolean =>
  on?.is === 'call' ? /^AddSignalR/.test(on.name) || isOnSignalR(on.on) : on?.is === 'name' && /signalr/i.test(on.path.at(-1) ?? '');

/** `await socket.SendAsync(bytes, WebSocketMessageType.Text, …)` for one after the other. */
const sendsToEach = ({ call, written, method }: CallView): boolean =>
  (written.looped === true || method.name === '<lambda>') &&
  call.args.some((one) => one.is === 'name' && one.path.at(-2) === 'WebSocketMessageType');

/** Messages that a broker hands to every copy are sent on by each. */
const relays = ['Subscribe', 'SubscribeAsync', 'BasicConsume', 'BasicConsumeAsync'];

/** Open sockets that the program keeps itself: it can write to those of its own process only. */
function emitOwnSockets(view: ProgramView, emit: Emit): void {
  if (view.callsNamed('AcceptWebSocketAsync').length === 0 || view.callsNamed(...relays).length > 0) return;
  const sends = view.callsNamed('SendAsync').find(sendsToEach);
  for (const { path, type } of sends ? view.types : []) {
    const field = type.fields.find(({ types }) => types.some((one) => /(?:^|\.)WebSocket\??$/.test(one)));
    if (!field || !sends) continue;
    const place = placeAt(path, field.at);
    emit('socket-server', place, {
      library: 'WebSocket',
      adapters: [{ kind: 'memory', place }],
      broadcasts: true,
      broadcastPlace: placeOf(sends),
    });
    return;
  }
}

/** Sockets whose messages go to other clients as well: without a broker in between, to those of one copy only. */
export const sockets: Recogniser = {
  text: [
    'AddSignalR',
    'MapSignalR',
    'MapHubs',
    'RunSignalR',
    'Clients.',
    ': Hub',
    'WebSocket',
    ...Object.keys(backplanes),
    ...Object.keys(classicBackplanes),
  ],
  recognise(view, emit) {
    emitHubs(view, emit);
    emitClassicHubs(view, emit);
    emitOwnSockets(view, emit);
  },
};
