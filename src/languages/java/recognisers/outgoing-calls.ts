import { type CallView, refersTo } from '../names.ts';
import { type Emit, type ProgramView, placeAt, type Recogniser } from '../recogniser.ts';
import { breakerLibraries } from './breakers.ts';
import { emitCallLimits } from './call-limits.ts';

const restMethods = ['getForObject', 'getForEntity', 'postForObject', 'postForEntity', 'exchange', 'put', 'delete', 'uri'];

/** Calls of peers by name: what a breaker should stand in front of. */
function emitPeers(view: ProgramView, emit: Emit): void {
  for (const call of view.callsNamed(...restMethods)) {
    const [first] = call.call.args;
    const text = first?.is === 'sum' && first.parts[0]?.is === 'text' ? first.parts[0].value : view.names.text(first, call);
    if (!text || !/^https?:\/\/[\w.-]+/.test(text) || !isClientCall(call, view)) continue;
    emit(
      'outgoing-call',
      placeAt(call.path, call.call.at),
      {
        library: 'Spring',
        protocol: 'http',
        timeout: 'unknown',
        target: { is: 'literal', value: text, place: placeAt(call.path, first!.at) },
      },
      { within: call.id },
    );
  }
  for (const { path, type, file } of view.types) {
    const client = type.annotations.find(({ name }) =>
      refersTo(file, name, 'org.springframework.cloud.openfeign.FeignClient', 'org.springframework.cloud.netflix.feign.FeignClient'),
    );
    const name = client?.args.name ?? client?.args.value;
    if (!client || name?.is !== 'text' || name.value.includes('$')) continue;
    const place = placeAt(path, client.at);
    const isGuarded = client.args.fallback !== undefined || client.args.fallbackFactory !== undefined;
    emit('outgoing-call', place, {
      library: 'Feign',
      protocol: 'http',
      timeout: 'default',
      target: { is: 'literal', value: `http://${name.value}`, place },
      ...(isGuarded ? { breaker: 'a Feign fallback' } : {}),
    });
  }
}

const isClientCall = (call: CallView, view: ProgramView): boolean => {
  const type = view.names.typeOf(call.call.on, call);
  return type === undefined ? call.call.name === 'uri' : /(?:RestTemplate|RestOperations|WebClient|RestClient)$/.test(type);
};

/** Calls to other services: their timeouts, and the breakers in front of them. */
export const outgoingCalls: Recogniser = {
  text: [
    'RestTemplate',
    'WebClient',
    'RestClient',
    'FeignClient',
    'HttpClient',
    'RequestFactory',
    'HttpURLConnection',
    'HttpsURLConnection',
    'ws.rs.client',
    'jersey.api.client',
    'cn.hutool.http',
    'newBlockingStub',
  ],
  recognise(view, emit) {
    emitCallLimits(view, emit);
    emitPeers(view, emit);
    for (const { artifact, library } of breakerLibraries) {
      const dependency = view.dependency(artifact);
      if (dependency && !/dashboard|turbine/.test(dependency.artifact)) emit('breaker', dependency.place, { library });
    }
  },
};
