import { placeOf, type Recogniser, storeAt } from '../recogniser.ts';
import { distributedCaches, distributedStores } from './stores.ts';

const library = 'ASP.NET Core';
const setters = ['SetString', 'SetInt32', 'Set', 'SetObjectAsJson', 'SetObject', 'SetJson', 'SetComplexData'];

/** Sessions of ASP.NET Core, which lie in its distributed cache: in memory, unless another one is registered. */
export const sessions: Recogniser = {
  text: ['AddSession', 'UseSession', '.Session.', ...distributedCaches],
  recognise(view, emit) {
    const [session] = view.callsNamed('AddSession');
    if (!session || view.callsNamed('UseSession').length === 0) return;
    const stores = distributedStores(view);
    const uses = view.callsNamed(...setters).filter(({ call }) => call.on?.is === 'name' && /^_?session$/i.test(call.on.path.at(-1) ?? ''));
    emit('session', placeOf(session), {
      library,
      stores: stores.length > 0 ? stores : [storeAt(view, session, 'memory')],
      ...(uses.length > 0 ? { uses: uses.map(placeOf) } : {}),
    });
  },
};
