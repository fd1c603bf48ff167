import type { Value } from '../../../facts.ts';
import { anchor, type CallSite, type Emit, isNil, type ProgramView, type Recogniser } from '../recogniser.ts';
import { targetOf, typeOf } from '../value-shapes.ts';

/** Functions of net/http that use its default client, which waits for ever. */
const plain = /^net\/http\.(?:Get|Post|PostForm|Head)$/;
const ofClient = /^net\/http\.Client\.(?:Do|Get|Post|PostForm|Head)$/;

/** Some request of the function carries a deadline: a context with a timeout, or one that came from outside. */
const hasDeadline = (program: ProgramView, call: CallSite): boolean => {
  if (call.name !== 'Do') return false;
  const [request] = call.args;
  const written = JSON.stringify(request ?? '');
  if (/WithTimeout|WithDeadline/.test(written)) return true;
  const around = call.within === undefined ? [] : program.callsWithin(call.within);
  if (around.some(({ target }) => /^context\.With(?:Timeout|Deadline)$/.test(target ?? ''))) return true;
  // A request without a context does not end with the one that the function was given.
  const isAlone = around.some(({ target }) => target === 'net/http.NewRequest');
  if (isAlone && !around.some(({ name }) => /^(?:NewRequestWithContext|WithContext|Clone)$/.test(name))) return false;
  const own = call.within === undefined ? undefined : program.evaluator.functionOf(call.within);
  return (
    own?.parameters.some(
      ({ name, type }) => /^(?:ctx|req|request)$/i.test(name) || (type.is === 'selector' && /^(?:Context|Request)$/.test(type.name)),
    ) ?? false
  );
};

/** The usual transport, also where it is only watched. */
function isUnlimited(transport: Value | undefined, depth = 0): boolean {
  if (!transport || isNil(transport)) return true;
  if (transport.is === 'package') return targetOf(transport) === 'net/http.DefaultTransport';
  const watches = transport.is === 'made' && /\/otelhttp\.NewTransport$/.test(targetOf(transport.callee) ?? '');
  return watches && depth < 3 && isUnlimited(transport.args[0], depth + 1);
}

/** What is known of a client's limit. */
function timeoutOf(program: ProgramView, client: Value | undefined): 'set' | 'none' | 'unknown' {
  if (client?.is === 'package' && targetOf(client) === 'net/http.DefaultClient') return changesDefault(program) ? 'unknown' : 'none';
  if (client?.is !== 'made' || client.callee.is !== 'class') return 'unknown';
  const [given] = client.args;
  if (given?.is !== 'object') return 'unknown';
  if (Object.hasOwn(given.properties, 'Timeout')) return 'set';
  // A transport may limit each step; what is set later is looked for by its name.
  if (!isUnlimited(given.properties['Transport'])) return 'unknown';
  return program.evaluator.index
    .fields('Timeout')
    .some(({ path, own }) => typeOf(program.evaluator.name(own.target[0]!, path, own.within) ?? client) === 'net/http.Client')
    ? 'unknown'
    : 'none';
}
const changesDefault = (program: ProgramView): boolean =>
  ['Timeout', 'DefaultClient', 'Transport', 'DefaultTransport'].some((name) =>
    program.evaluator.index.fields(name).some(({ own }) => own.target[0] === 'http'),
  );

function emitCall(call: CallSite, program: ProgramView, emit: Emit): void {
  const { target = '' } = call;
  const isPlain = plain.test(target);
  if (!isPlain && !ofClient.test(target)) return;
  const own = isPlain ? (changesDefault(program) ? 'unknown' : 'none') : timeoutOf(program, call.on);
  const timeout = own === 'none' && hasDeadline(program, call) ? 'set' : own;
  const address = call.name === 'Do' ? undefined : call.args[0];
  emit(
    'outgoing-call',
    { ...anchor(call), place: call.namePlace },
    { library: 'net/http', protocol: 'http', timeout, ...(address ? { target: address } : {}) },
  );
}

const sends =
  /^github\.com\/go-resty\/resty\.New\(\)((?:\.\w+\(\))*?)\.R\(\)((?:\.Set\w+\(\))*)\.(?:Get|Post|Put|Patch|Delete|Head|Execute)$/;

/** Where a chain of calls begins. */
function originOf(value: Value | undefined, depth = 0): Value | undefined {
  if (depth > 30 || value?.is !== 'made') return undefined;
  return value.callee.is === 'member' ? originOf(value.callee.of, depth + 1) : value;
}

/** `resty.New().R().Get(url)`: its client waits for ever unless told otherwise. */
function emitResty(call: CallSite, program: ProgramView, emit: Emit): void {
  const [, ofClient, ofRequest] = sends.exec(call.target ?? '') ?? [];
  const origin = ofClient === undefined ? undefined : originOf(call.on);
  if (!origin) return;
  // The client may be told on a line of its own.
  const isToldNearby = program.calls.some(({ name, path }) => path === origin.place.path && /^Set(?:Timeout|Transport)$/.test(name));
  const timeout = /\.SetTimeout\(/.test(ofClient!) ? 'set' : isToldNearby || /\.SetContext\(/.test(ofRequest!) ? 'unknown' : 'none';
  emit('outgoing-call', { ...anchor(call), place: call.namePlace }, { library: 'resty', protocol: 'http', timeout });
}

const breakers = [
  'github.com/sony/gobreaker',
  'github.com/afex/hystrix-go',
  'github.com/eapache/go-resiliency',
  'github.com/failsafe-go/failsafe-go',
  'github.com/slok/goresilience',
];

/** Calls of other services while a request is answered. */
export const outgoingCalls: Recogniser = {
  id: 'outgoing-calls',
  recognise(program, emit) {
    for (const call of program.calls) {
      if (!program.servesRequest(call.within)) continue;
      emitCall(call, program, emit);
      emitResty(call, program, emit);
    }
    const place = program.imported(...breakers);
    if (place) emit('breaker', { place }, { library: 'gobreaker' });
  },
};
