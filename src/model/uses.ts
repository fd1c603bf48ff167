/** What a service needs at run time: the stores and services that its code connects to or its environment names. */
import type { EnvEntry } from '../facts.ts';
import { internalAddress, isInternalHost, isLoopback, parseAddress } from '../text/addresses.ts';
import { hostsOf, peerAt } from '../text/peers.ts';
import type { Confidence, Place, Repository, Service, Use } from '../types.ts';
import { compareText } from './fact-index.ts';
import { knownProduct } from './third-party.ts';

const isProduction = ({ purpose }: { readonly purpose: string }): boolean => purpose === 'production' || purpose === 'unknown';

/** Variables whose bare value is a host. */
const hostVariable = /(?:^|_)(?:host|hostname|addr|address|url|uri|endpoint|server|servers|brokers|dsn)(?:$|_)|(?:host|addr|url|uri)$/i;
/** One use for each of the names that a text holds: `redis://cache:6379`, `cart:7070`, `kafka-1:9092,kafka-2:9092`. */
const mostParts = 8;

/** What a store is called by its image, its own name, or the scheme of its address. */
const familyOf = (name: string): string => {
  const text = name.toLowerCase();
  const families: readonly (readonly [RegExp, string])[] = [
    [/^postg|timescale|pgvector|spilo/, 'postgresql'],
    [/^mongo/, 'mongodb'],
    [/^(?:redis|rediss|valkey|keydb|dragonfly)/, 'redis'],
    [/^(?:amqp|rabbit)/, 'rabbitmq'],
    [/^(?:mssql|sqlserver)/, 'mssql'],
    [/^mysql|^percona/, 'mysql'],
    [/kafka/, 'kafka'],
    [/^memcache/, 'memcached'],
  ];
  return families.find(([pattern]) => pattern.test(text))?.[1] ?? text;
};
const productOf = (peer: Service): string | undefined => {
  const image = peer.deployments.map(({ container }) => container.image).find((one) => one?.known);
  const product = image?.known ? knownProduct(image.value) : undefined;
  return product && familyOf(product.name);
};

class Uses {
  readonly #uses = new Map<string, Use>();
  readonly #service: Service;
  readonly #repository: Repository;

  constructor(service: Service, repository: Repository) {
    this.#service = service;
    this.#repository = repository;
  }

  /** The first that is found of a name stays: what is surest is asked first. */
  #add(use: Use): void {
    const key = `${use.kind} ${use.name}`;
    if (!this.#uses.has(key)) this.#uses.set(key, use);
  }

  /** A service of the repository that answers at the host. */
  addPeer(host: string, why: Pick<Use, 'because' | 'confidence' | 'place'>): boolean {
    const peer = peerAt(host.toLowerCase(), this.#service, this.#repository);
    if (!peer || peer.kind === 'job') return false;
    const technology = productOf(peer);
    const kind = peer.kind === 'database' ? 'store' : 'service';
    this.#add({ kind, name: peer.name, ...(technology === undefined ? {} : { technology }), ...why });
    return true;
  }

  addExternal(host: string, technology: string | undefined, why: Pick<Use, 'because' | 'confidence' | 'place'>): void {
    if (isLoopback(host) || !host.includes('.')) return;
    this.#add({ kind: 'external', name: host.toLowerCase(), ...(technology === undefined ? {} : { technology }), ...why });
  }

  /** A store that code connects to, wherever it is; one of the same kind that is known by name is the same. */
  addStore(technology: string, why: Pick<Use, 'because' | 'confidence' | 'place'>): void {
    const family = familyOf(technology);
    const known = [...this.#uses.values()].some(
      (use) => use.kind !== 'service' && use.technology !== undefined && familyOf(use.technology) === family,
    );
    if (!known) this.#add({ kind: 'store', name: family, technology: family, ...why });
  }

  list(): readonly Use[] {
    const uses = [...this.#uses.values()];
    const named = new Set(
      uses.filter(({ kind, name, technology }) => kind === 'store' && name !== technology).map(({ technology }) => technology),
    );
    const isNamed = ({ kind, name, technology }: Use): boolean => kind === 'store' && name === technology && named.has(technology);
    return uses.filter((use) => !isNamed(use)).sort((a, b) => compareText(a.kind, b.kind) || compareText(a.name, b.name));
  }
}

/** Addresses in a variable's value, with the scheme where it has one. */
function addressesIn({ name, value }: EnvEntry): readonly { readonly host: string; readonly scheme?: string }[] {
  if (!value?.known || value.value.length > 2000) return [];
  const texts = value.value.split(',', mostParts);
  return texts.flatMap(
    (text) => parseAddress(text.trim(), hostVariable.test(name)) ?? parseAddress(text.replace(/^jdbc:/, '').trim()) ?? [],
  );
}

const storeScheme =
  /^(?:rediss?|mongodb(?:\+srv)?|amqps?|postgres(?:ql)?|mysql2?|mariadb|mssql|sqlserver|nats|kafka|memcached|elasticsearch|clickhouse|oracle)$/;

function readEnvironment(service: Service, uses: Uses): void {
  for (const { environment, workload } of service.deployments.filter(isProduction)) {
    for (const entry of environment.given) {
      for (const { host, scheme } of addressesIn(entry)) {
        const because = `\`${entry.name}\` of ${workload.value.kind} \`${workload.value.name}\` names it`;
        const why = { because, confidence: 'certain', place: entry.place } as const;
        if (!uses.addPeer(host, why) && scheme !== undefined && storeScheme.test(scheme)) uses.addExternal(host, familyOf(scheme), why);
      }
    }
  }
}

function readCode(service: Service, uses: Uses): void {
  for (const { value, place, confidence } of service.code.all('backing-service')) {
    if (value.embedded) continue;
    const because = `its code connects to ${value.technology} by \`${value.library}\``;
    const hosts = hostsOf(service, value.address, true);
    const named = hosts.filter((host) => uses.addPeer(host, { because, confidence, place }));
    for (const host of hosts)
      if (!named.includes(host) && !isInternalHost(host))
        uses.addExternal(host, familyOf(value.technology), { because, confidence, place });
    if (!named.length) uses.addStore(value.technology, { because, confidence, place });
  }
  for (const { value, place, confidence } of service.code.all('outgoing-call')) {
    if (value.protocol === 'sql') continue;
    const why = { because: `its code calls it by \`${value.library}\``, confidence, place };
    for (const host of hostsOf(service, value.target, value.protocol === 'grpc'))
      if (!uses.addPeer(host, why)) uses.addExternal(host, value.protocol, why);
  }
  for (const { value, place, confidence } of service.code.all('endpoint')) {
    if (value.role === 'page') continue;
    const why = { because: 'its address is written in the code', confidence, place };
    if (!uses.addPeer(value.host, why) && value.role !== 'unknown' && !internalAddress(value.host, true))
      uses.addExternal(value.host, value.scheme ?? value.role, why);
  }
}

/** Compose starts others before it: a hint, not a proof, of a connection. */
function readOrder(service: Service, uses: Uses): void {
  const likely: Confidence = 'likely';
  for (const { workload } of service.deployments) {
    const place: Place = workload.value.namePlace;
    for (const name of workload.value.dependsOn)
      uses.addPeer(name, { because: `\`depends_on\` of \`${workload.value.name}\` names it`, confidence: likely, place });
  }
}

/** Stores, services of the repository and addresses outside of it, in order of kind and name. */
export function findUses(service: Service, repository: Repository): readonly Use[] {
  const uses = new Uses(service, repository);
  if (service.kind === 'database' || service.kind === 'third-party') return [];
  readEnvironment(service, uses);
  readCode(service, uses);
  readOrder(service, uses);
  return uses.list();
}
