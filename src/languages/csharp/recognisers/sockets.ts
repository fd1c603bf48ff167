import type { CallView } from '../names.ts';
import { type ProgramView, placeOf, type Recogniser, storeAt } from '../recogniser.ts';

/** What carries messages of SignalR to the other copies. */
const backplanes: Readonly<Record<string, string>> = {
  AddStackExchangeRedis: 'redis',
  AddRedis: 'redis',
  AddAzureSignalR: 'azure',
  AddNamedAzureSignalR: 'azure',
  UseAzureSignalR: 'azure',
  AddNATS: 'nats',
  AddOrleans: 'orleans',
  UseOrleans: 'orleans',
};
const toOthers = /^(?:All|AllExcept|Group|GroupExcept|Groups|Others|OthersInGroup|User|Users|Client|Clients)$/;

/** `Clients.All.SendAsync(…)`, `hub.Clients.Group(name).Moved(…)`: to more than the client that asks. */
function sendsToOthers({ call }: CallView): boolean {
  const { on } = call;
  if (on?.is === 'name') {
    const at = on.path.lastIndexOf('Clients');
    return at >= 0 && toOthers.test(on.path[at + 1] ?? '');
  }
  return on?.is === 'call' && toOthers.test(on.name) && on.on?.is === 'name' && on.on.path.at(-1) === 'Clients';
}

const allCalls = (view: ProgramView): readonly CallView[] =>
  view.running.flatMap((one) => one.method.calls.map((written): CallView => ({ ...one, written, call: written.call })));

/** Hubs of SignalR: without a backplane, messages reach the clients of one copy only. */
export const sockets: Recogniser = {
  text: ['AddSignalR', 'Clients.', ': Hub', ...Object.keys(backplanes)],
  recognise(view, emit) {
    const [first] = view.callsNamed('AddSignalR', 'AddSignalRCore');
    if (!first) return;
    const shared = view
      .callsNamed(...Object.keys(backplanes))
      .filter(({ call }) => call.name !== 'AddRedis' || isOnSignalR(call.on))
      .map((call) => storeAt(view, call, 'external', backplanes[call.call.name]));
    const sends = allCalls(view).find(sendsToOthers);
    const isSettled = shared.some(({ when }) => !when?.length);
    emit('socket-server', placeOf(first), {
      library: 'SignalR',
      adapters: isSettled ? shared : [storeAt(view, first, 'memory'), ...shared],
      broadcasts: sends !== undefined,
      ...(sends ? { broadcastPlace: placeOf(sends) } : {}),
    });
  },
};

/** Health checks have a method of the same name. */
const isOnSignalR = (on: CallView['call']['on']): boolean =>
  on?.is === 'call' ? /^AddSignalR/.test(on.name) || isOnSignalR(on.on) : on?.is === 'name' && /signalr/i.test(on.path.at(-1) ?? '');
