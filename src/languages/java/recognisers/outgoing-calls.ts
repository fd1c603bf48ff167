import { type CallView, refersTo } from '../names.ts';
import { type Emit, type ProgramView, placeAt, type Recogniser } from '../recogniser.ts';

const breakers: readonly (readonly [RegExp, string])[] = [
  [/hystrix/, 'Hystrix'],
  [/resilience4j/, 'Resilience4j'],
  [/sentinel/, 'Sentinel'],
  [/spring-cloud-starter-circuitbreaker/, 'Spring Cloud CircuitBreaker'],
  [/microprofile-fault-tolerance|smallrye-fault-tolerance/, 'MicroProfile Fault Tolerance'],
  [/failsafe/, 'Failsafe'],
  [/spring-retry/, 'Spring Retry'],
];

/** Some code or setting of the program sets timeouts of this client. */
const setsTimeout = (view: ProgramView, files: readonly string[]): boolean =>
  view.calls.some(
    ({ call, path }) =>
      /^(?:setConnectTimeout|setReadTimeout|connectTimeout|readTimeout|responseTimeout|setConnectionRequestTimeout|setSocketTimeout|timeout|requestFactory|setRequestFactory|callTimeout|setResponseTimeout)$/.test(
        call.name,
      ) &&
      (files.length === 0 || files.includes(path)),
  );

/** `new RestTemplate()` waits for ever (SimpleClientHttpRequestFactory has no timeouts by default). */
function emitRestTemplates(view: ProgramView, emit: Emit): void {
  if (setsTimeout(view, []) || view.settings.matching(/^spring\.http\.clients?\.(?:connect|read)-timeout$/).length > 0) return;
  for (const method of view.methods) {
    if (!view.isBean(method)) continue;
    const made = method.method.creations.find(
      ({ type, args }) => refersTo(method.file, type, 'org.springframework.web.client.RestTemplate') && args.length === 0,
    );
    if (made)
      emit(
        'outgoing-call',
        placeAt(method.path, made.at),
        { library: 'RestTemplate', protocol: 'http', timeout: 'none' },
        { within: method.id },
      );
  }
}

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
  text: ['RestTemplate', 'WebClient', 'RestClient', 'FeignClient', 'setConnectTimeout', 'setReadTimeout', 'HttpClient', 'RequestFactory'],
  recognise(view, emit) {
    emitRestTemplates(view, emit);
    emitPeers(view, emit);
    for (const [pattern, library] of breakers) {
      const dependency = view.dependency(pattern);
      if (dependency && !/dashboard|turbine/.test(dependency.artifact)) emit('breaker', dependency.place, { library });
    }
  },
};
