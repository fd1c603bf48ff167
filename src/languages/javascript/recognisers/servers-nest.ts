import type { Value } from '../../../facts.ts';
import { originOf } from '../call-sites.ts';
import type { CallSite, Emit, ProgramView } from '../recogniser.ts';
import { type Address, emitListen, hostAndPort, listenAddress } from './servers-listen.ts';

const property = (value: Value | undefined, name: string): Value | undefined =>
  value?.is === 'object' ? value.properties[name] : undefined;

/** Nest's TCP transport listens there unless told otherwise (docs.nestjs.com, "Microservices"). */
const defaultPort = 3000;

/** The last name of `Transport.TCP`; TCP where none is named, `undefined` where it can't be read. */
function transportOf(options: Value): string | undefined {
  const transport = property(options, 'transport');
  // A strategy of its own says by itself how messages come.
  if (property(options, 'strategy')) return undefined;
  if (!transport) return options.is === 'object' && !options.open ? 'TCP' : undefined;
  return transport.is === 'package' ? transport.path.split('.').at(-1) : undefined;
}

/** Only TCP and gRPC listen: other transports connect to a broker, whose address their options hold. */
function addressOf(call: CallSite, given: Value): Address | undefined {
  const options = property(given, 'options');
  switch (transportOf(given)) {
    case 'TCP': {
      const address = options?.is === 'object' ? listenAddress([options]) : {};
      return address && { port: { is: 'literal', value: defaultPort, place: call.namePlace }, ...address };
    }
    case 'GRPC': {
      const url = property(options, 'url');
      return url && hostAndPort(url);
    }
    default:
      return undefined;
  }
}

const brokers: Readonly<Record<string, string>> = { RMQ: 'RabbitMQ', KAFKA: 'Kafka', NATS: 'NATS', REDIS: 'Redis', MQTT: 'MQTT' };

/** `NestFactory.createMicroservice(Module, options)`, `app.connectMicroservice(options)`. */
export function emitMicroservices(program: ProgramView, emit: Emit): void {
  const own = program.callsOf('@nestjs/core').filter(({ path }) => path === 'NestFactory.createMicroservice');
  for (const call of [...own, ...program.callsNamed('connectMicroservice')]) {
    const given = call.name === 'connectMicroservice' ? call.args[0] : call.args[1];
    const transport = given && call.name !== 'connectMicroservice' ? transportOf(given) : undefined;
    const broker = transport !== undefined && Object.hasOwn(brokers, transport) ? brokers[transport]! : undefined;
    if (broker) emit('message-server', { ...call, place: call.namePlace }, { library: '@nestjs/microservices', broker });
    const address = given && addressOf(call, given);
    if (address) emitListen(call, { library: '@nestjs/microservices', address }, program, emit);
  }
}

/** An application that starts its microservices and never listens itself answers no HTTP. */
export const startsMicroservicesOnly = (program: ProgramView): boolean =>
  program.callsNamed('startAllMicroservices', 'startAllMicroservicesAsync').length > 0 &&
  !program
    .callsNamed('listen', 'listenAsync')
    .some(({ on, how, args }) => how === 'call' && !isNowhere(args[0]) && (on === undefined || originOf(on)?.package === '@nestjs/core'));

/** `app.listen()`, `app.listen(undefined)`: a port that nobody knows, beside the transport that the program is there for. */
export const isNowhere = (port: Value | undefined): boolean =>
  !port ||
  (port.is === 'literal' && (port.value === null || port.value === undefined || port.value === 0)) ||
  (port.is === 'package' && port.path === 'undefined');
