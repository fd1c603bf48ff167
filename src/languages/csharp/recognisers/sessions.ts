import { isOnIis } from '../projects.ts';
import { type Emit, type ProgramView, placeAt, placeOf, type Recogniser, storeAt } from '../recogniser.ts';
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

const isSession = (path: readonly string[]): boolean =>
  path.at(-1) === 'Session' &&
  (path.length === 1 || path.at(-2) === 'Current' || path.at(-2) === 'HttpContext' || path.at(-2) === 'Context');

/** Sessions of .NET Framework lie in the process, unless the configuration names a server or a provider. */
function emitFrameworkSessions(view: ProgramView, emit: Emit): void {
  if (!isOnIis(view.project.dotnet)) return;
  const uses = view.running.flatMap(({ path, method }) => [
    ...method.assignments.filter(({ target, how }) => how === 'element' && isSession(target)).map(({ at }) => placeAt(path, at)),
    ...method.calls
      .filter(({ call }) => call.name === 'Add' && call.on?.is === 'name' && isSession(call.on.path))
      .map(({ call }) => placeAt(path, call.nameAt)),
  ]);
  const modes = view.manifestFacts.flatMap((fact) =>
    fact.kind === 'settings' && fact.value.name === 'sessionState' ? fact.value.entries : [],
  );
  const mode = modes[0];
  const [first, ...others] = mode ? [mode.place, ...uses] : uses;
  if (!first || uses.length === 0 || (mode && !/^InProc$/i.test(mode.text))) return;
  emit('session', first, {
    library: 'ASP.NET',
    stores: [{ kind: 'memory', place: first }],
    ...(others.length > 0 ? { uses: others } : {}),
  });
}

/** Sessions of requests, and circuits of Blazor. */
export const sessions: Recogniser = {
  text: [
    'AddSession',
    'UseSession',
    '.Session.',
    'Session[',
    'Session.Add(',
    'MapBlazorHub',
    'InteractiveServer',
    'AddServerSideBlazor',
    ...distributedCaches,
  ],
  recognise(view, emit) {
    emitSessions(view, emit);
    emitCircuits(view, emit);
    emitFrameworkSessions(view, emit);
  },
};
