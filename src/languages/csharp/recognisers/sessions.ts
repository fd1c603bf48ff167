import { type Emit, type ProgramView, placeOf, type Recogniser, storeAt } from '../recogniser.ts';
import { distributedCaches, distributedStores } from './stores.ts';

const library = 'ASP.NET Core';
const setters = ['SetString', 'SetInt32', 'Set', 'SetObjectAsJson', 'SetObject', 'SetJson', 'SetComplexData'];

/** Sessions of ASP.NET Core, which lie in its distributed cache: in memory, unless another one is registered. */
function emitSessions(view: ProgramView, emit: Emit): void {
  const [session] = view.callsNamed('AddSession');
  if (!session || view.callsNamed('UseSession').length === 0) return;
  const stores = distributedStores(view);
  const uses = view.callsNamed(...setters).filter(({ call }) => call.on?.is === 'name' && /^_?session$/i.test(call.on.path.at(-1) ?? ''));
  emit('session', placeOf(session), {
    library,
    stores: stores.length > 0 ? stores : [storeAt(view, session, 'memory')],
    ...(uses.length > 0 ? { uses: uses.map(placeOf) } : {}),
  });
}

/** Blazor keeps what each open page shows in the process that the page is connected to. */
function emitCircuits(view: ProgramView, emit: Emit): void {
  const [mapped] = view.callsNamed('AddInteractiveServerRenderMode', 'MapBlazorHub');
  const [added] = view.callsNamed('AddInteractiveServerComponents', 'AddServerSideBlazor');
  if (mapped && added) emit('session', placeOf(added), { library: 'Blazor', stores: [storeAt(view, added, 'memory')], circuits: true });
}

/** Sessions of requests, and circuits of Blazor. */
export const sessions: Recogniser = {
  text: ['AddSession', 'UseSession', '.Session.', 'MapBlazorHub', 'InteractiveServer', 'AddServerSideBlazor', ...distributedCaches],
  recognise(view, emit) {
    emitSessions(view, emit);
    emitCircuits(view, emit);
  },
};
