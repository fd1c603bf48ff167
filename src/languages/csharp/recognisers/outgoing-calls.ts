import type { FactValues, Value } from '../../../facts.ts';
import { textOf } from '../evaluate.ts';
import { type Emit, lambdaOf, type ProgramView, placeAt, placeOf, type Recogniser } from '../recogniser.ts';

type Timeout = FactValues['outgoing-call']['timeout'];
const infinite = /(?:^|\.)Timeout\.InfiniteTimeSpan$/;
const isInfinite = (value: Value | undefined): boolean => value?.is === 'package' && infinite.test(value.path);

const breakerCalls = [
  'AddStandardResilienceHandler',
  'AddStandardHedgingHandler',
  'AddPolicyHandler',
  'AddTransientHttpErrorPolicy',
  'AddResilienceHandler',
  'CircuitBreaker',
  'CircuitBreakerAsync',
  'AddCircuitBreaker',
  'AdvancedCircuitBreakerAsync',
];

/** Clients that a factory makes: their address and their limit, which is 100 seconds unless they say otherwise. */
function emitClients(view: ProgramView, emit: Emit): void {
  for (const call of view.callsNamed('AddHttpClient', 'AddGrpcClient', 'ConfigureHttpClient', 'AddRefitClient')) {
    const lambda = lambdaOf(view, call);
    const set = (name: string) => lambda?.method.assignments.find(({ target }) => target.at(-1) === name);
    const address = set('BaseAddress') ?? set('Address');
    if (!lambda || !address?.value) continue;
    const isGrpc = call.call.name === 'AddGrpcClient';
    const limit = set('Timeout');
    const given = limit?.value ? view.evaluator.value(limit.value, lambda) : undefined;
    const timeout: Timeout = isGrpc ? 'unknown' : limit ? (isInfinite(given) ? 'none' : 'set') : 'default';
    emit(
      'outgoing-call',
      placeAt(lambda.path, address.at),
      {
        library: isGrpc ? 'Grpc.Net.Client' : 'HttpClient',
        protocol: isGrpc ? 'grpc' : 'http',
        timeout,
        target: view.evaluator.value(address.value, lambda),
      },
      { when: view.conditions(call), within: lambda.id },
    );
  }
}

/** Clients that code makes by hand and whose limit it takes away. */
function emitUnlimited(view: ProgramView, emit: Emit): void {
  for (const one of view.running) {
    for (const { creation } of one.method.creations) {
      const limit = creation.type === 'HttpClient' ? creation.set.Timeout : undefined;
      if (limit && isInfinite(view.evaluator.value(limit, one)))
        emit(
          'outgoing-call',
          placeAt(one.path, creation.at),
          { library: 'HttpClient', protocol: 'http', timeout: 'none' },
          { within: one.id },
        );
    }
    for (const { target, value, at } of one.method.assignments)
      if (
        target.length > 1 &&
        target.at(-1) === 'Timeout' &&
        /client/i.test(target.at(-2) ?? '') &&
        value &&
        isInfinite(view.evaluator.value(value, one))
      )
        emit('outgoing-call', placeAt(one.path, at), { library: 'HttpClient', protocol: 'http', timeout: 'none' }, { within: one.id });
  }
}

const verbs = [
  'GetAsync',
  'GetStringAsync',
  'GetFromJsonAsync',
  'PostAsync',
  'PostAsJsonAsync',
  'PutAsync',
  'PutAsJsonAsync',
  'DeleteAsync',
];
/** Requests whose address stands where they are made. */
function emitRequests(view: ProgramView, emit: Emit): void {
  for (const call of view.callsNamed(...verbs)) {
    if (view.names.typeOf(call.call.on, call) !== 'HttpClient') continue;
    const target = view.evaluator.value(call.call.args[0], call);
    const [start] = target.is === 'text' ? target.parts : [target];
    const isAddress = start?.is === 'env' || /^https?:\/\//.test((start && textOf(start)) ?? '');
    if (isAddress)
      emit('outgoing-call', placeOf(call), { library: 'HttpClient', protocol: 'http', timeout: 'default', target }, { within: call.id });
  }
}

/** Calls of other services, and what breaks them off. */
export const outgoingCalls: Recogniser = {
  text: ['HttpClient', 'AddGrpcClient', 'AddRefitClient', 'Polly', ...breakerCalls],
  recognise(view, emit) {
    emitClients(view, emit);
    emitUnlimited(view, emit);
    emitRequests(view, emit);
    const [breaker] = view.callsNamed(...breakerCalls);
    if (breaker) emit('breaker', placeOf(breaker), { library: 'Polly' });
  },
};
