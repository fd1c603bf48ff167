import type { FactValues, Value } from '../../../facts.ts';
import { defaultPortOf, internalAddress } from '../../../text/addresses.ts';
import { isDescriptivePath } from '../../../text/secret-literals.ts';
import { isPlaceholder } from '../../../text/secret-shapes.ts';
import type { Place } from '../../../types.ts';
import type { CallSite, Emit, ProgramView, Recogniser } from '../recogniser.ts';
import { configLiterals, type LiteralSighting } from './config-literals.ts';
import { isDevelopmentFile, isDevelopmentOnly, type Leaf, leavesOf, optionsNamed } from './config-values.ts';
import { type AddressClient, addressClients, addressOptions, clientPackages } from './endpoints-clients.ts';
import { type LinkSighting, writtenLinks } from './endpoints-links.ts';
import { placeAt } from './secrets.ts';

type Endpoint = FactValues['endpoint'];
/** Names of hosts inside a network are one word; the same text may be a database, a file or a mode. */
const bareHost =
  /^(?:host|hosts|hostname|hostnames|server|servers|node|nodes|brokers|contactPoints|bootstrap\.servers|metadata\.broker\.list|kafkaHost|seeds)$/;

/** A microservice of NestJS over TCP or gRPC is given the address on which it listens; other transports are given that of a broker. */
function listensItself(call: CallSite): boolean {
  if (!call.package?.startsWith('@nestjs/') || !/^(?:connect|create)Microservice$/.test(call.name)) return false;
  const [transport] = call.args.flatMap((argument) => optionsNamed(argument, /^transport$/));
  return transport === undefined || (transport.value.is === 'package' && /\.(?:TCP|GRPC)$/.test(transport.value.path));
}

class EndpointReader {
  readonly #seen = new Set<string>();
  /** Addresses that stand under a name of their own. */
  readonly #named = new Set<string>();

  constructor(
    readonly program: ProgramView,
    readonly emit: Emit,
  ) {}

  call(call: CallSite, client: AddressClient): void {
    if (listensItself(call)) return;
    for (const argument of call.args) {
      if (argument.is === 'literal' || argument.is === 'text' || argument.is === 'choice') this.#value(call, client, argument, false);
      const options = optionsNamed(argument, addressOptions);
      for (const { name, value } of options) this.#value(call, client, value, bareHost.test(name), portBeside(argument, value));
    }
  }

  #value(call: CallSite, client: AddressClient, value: Value, allowBare: boolean, port?: number): void {
    for (const leaf of leavesOf(value)) {
      // A text that goes on with something unknown must at least hold the whole host.
      if (leaf.env !== undefined || leaf.replaceable || (leaf.partial && !/:\/\/[^/:]+(?::\d+)?[/:?]/.test(leaf.text))) continue;
      const address = internalAddress(leaf.text, allowBare);
      // Every address of this machine: something listens there.
      if (!address || address.host === '0.0.0.0' || isBareWord(leaf, allowBare, address.host)) continue;
      if (this.#named.has(`${address.scheme}://${address.host}:${address.port ?? ''}`)) continue;
      const number = address.port ?? port ?? defaultPortOf(address.scheme) ?? (client.role === 'http' ? undefined : client.port);
      this.#write(
        { place: leaf.place, when: [...call.when, ...leaf.when], ...(call.within === undefined ? {} : { within: call.within }) },
        {
          host: address.host,
          overridable: false,
          role: client.role,
          ...(number === undefined ? {} : { port: number }),
          ...(address.scheme ? { scheme: address.scheme } : {}),
        },
      );
    }
  }

  sighting(path: string, sighting: LiteralSighting & { topic: 'endpoint' }): void {
    const { host, port, scheme } = sighting.address;
    this.#named.add(`${scheme}://${host}:${port ?? ''}`);
    const number = port ?? defaultPortOf(scheme);
    this.#write(
      {
        place: placeAt(path, sighting.at),
        when: sighting.when ? this.program.evaluator.conditions(sighting.when, path) : [],
        ...(sighting.within === undefined ? {} : { within: `${path}#${sighting.within}` }),
      },
      {
        host,
        overridable: false,
        role: scheme === undefined || /^https?$|^grpc$/.test(scheme) ? 'http' : 'unknown',
        ...(number === undefined ? {} : { port: number }),
        ...(scheme ? { scheme } : {}),
      },
    );
  }

  link(path: string, { address, at, when, within }: LinkSighting): void {
    const { host, port, scheme } = internalAddress(address)!;
    this.#write(
      {
        place: placeAt(path, at),
        when: when ? this.program.evaluator.conditions(when, path) : [],
        ...(within === undefined ? {} : { within: `${path}#${within}` }),
      },
      { host, overridable: false, role: 'page', ...(port === undefined ? {} : { port }), ...(scheme ? { scheme } : {}) },
    );
  }

  #write(at: { place: Place; when: Leaf['when']; within?: string }, endpoint: Endpoint): void {
    const { path, line, column } = at.place;
    // Links of one line are several pages.
    const own = endpoint.role === 'page' ? `${line}:${column}` : line;
    const key = `${path}:${own}:${endpoint.host}:${endpoint.port ?? ''}`;
    if (
      this.#seen.has(key) ||
      isPlaceholder(endpoint.host) ||
      isDevelopmentOnly(at.when) ||
      isDevelopmentFile(path) ||
      isTemplate.test(path) ||
      isDescriptivePath(path, this.program.root)
    )
      return;
    this.#seen.add(key);
    this.emit('endpoint', at, endpoint);
  }
}

/** Each installation has its own copy. */
const isTemplate = /\.(?:template|dist)\.[cm]?[jt]s$/;

/** `localhost` and addresses are hosts wherever a host may stand; other single words only under an option that takes hosts. */
const isBareWord = (leaf: Leaf, allowBare: boolean, host: string): boolean =>
  !leaf.text.includes('://') && !allowBare && /^[a-z][\w-]*$/i.test(host) && host !== 'localhost';

/** The `port` that stands in the same object as a host. */
function portBeside(options: Value, host: Value, depth = 0): number | undefined {
  if (options.is === 'choice')
    return options.options.map((option) => portBeside(option.value, host, depth + 1)).find((port) => port !== undefined);
  if (options.is !== 'object' || depth > 4) return undefined;
  const values = Object.values(options.properties);
  if (!values.includes(host)) return values.map((value) => portBeside(value, host, depth + 1)).find((port) => port !== undefined);
  const port = options.properties['port'];
  return port?.is === 'literal' && Number.isInteger(Number(port.value)) && port.value !== null ? Number(port.value) : undefined;
}

const clientOf = (call: CallSite): AddressClient | undefined =>
  addressClients.find(
    ({ packages, path }) => call.package !== undefined && packages.includes(call.package) && (!path || path.test(call.path)),
  );

/** Addresses of backing services that no variable can replace: where clients take them, and internal URLs under names of addresses. */
export const endpoints: Recogniser = {
  id: 'endpoints',
  packages: clientPackages,
  text: writtenLinks.text!,
  passes: [writtenLinks],
  recognise(program, emit) {
    const reader = new EndpointReader(program, emit);
    const named = program.pass<LiteralSighting>(configLiterals.id).filter(({ item }) => item.topic === 'endpoint');
    // A URL of a peer is written where it has a name; calls that build on it only use it.
    const isPeer = ({ item }: (typeof named)[number]): boolean => item.topic === 'endpoint' && /^https?$/.test(item.address.scheme ?? '');
    const write = ({ path, item }: (typeof named)[number]): void => {
      if (item.topic === 'endpoint') reader.sighting(path, item);
    };
    named.filter(isPeer).forEach(write);
    for (const { path, item } of program.pass<LinkSighting>(writtenLinks.id)) reader.link(path, item);
    for (const call of program.calls) {
      const client = call.how === 'decorator' ? undefined : clientOf(call);
      if (client) reader.call(call, client);
    }
    named.filter((sighting) => !isPeer(sighting)).forEach(write);
  },
};
