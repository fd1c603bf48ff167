/** Which service of the repository an address means. */
import type { Value } from '../facts.ts';
import type { Fact, Repository, Service } from '../types.ts';
import { parseAddress } from './addresses.ts';

/** What an address can be read as: whole, or from its start as far as it is known. */
function startsOf(service: Service, value: Value | undefined): readonly string[] {
  if (!value) return [];
  const whole = service.literals(value).values.map((literal) => String(literal.value));
  if (whole.length > 0 || value.is !== 'text') return whole;
  let start = '';
  for (const part of value.parts) {
    const [only, ...more] = service.literals(part).values;
    if (!only || more.length > 0) break;
    start += String(only.value);
  }
  return start === '' ? [] : [start];
}

/** Hosts that a call goes to. A host needs an end: `http://cart` of `http://cart-${zone}` is none. */
export function hostsOf(service: Service, target: Value | undefined, bare: boolean): readonly string[] {
  const hosts = startsOf(service, target).flatMap((text) => parseAddress(text, bare)?.host.toLowerCase() ?? []);
  return [...new Set(hosts)];
}

const folderOf = (path: string): string => path.slice(0, Math.max(path.lastIndexOf('/'), 0));

/**
 * Compose projects are networks of their own: a name means the workload of the service's own project.
 * Where others are called so, the only one is meant; of several none (Compose specification, networks).
 */
export function inOwnProject<T>(from: Service, found: readonly T[], placesOf: (one: T) => readonly Fact<'workload'>[]): T | undefined {
  const projects = new Set(
    from.deployments.filter(({ platform }) => platform === 'compose').map(({ workload }) => folderOf(workload.place.path)),
  );
  const isNear = (one: T) => placesOf(one).some(({ place }) => projects.has(folderOf(place.path)));
  const elsewhere = (one: T) => placesOf(one).every(({ value }) => value.platform === 'compose');
  const others = found.filter((one) => projects.size === 0 || !elsewhere(one));
  return found.find(isNear) ?? others[0] ?? (found.length === 1 ? found[0] : undefined);
}

/** Names under which a workload is reached inside the platform. */
const namesOf = ({ workload, exposures, platform }: Service['deployments'][number]): readonly string[] =>
  [...(platform === 'compose' ? [workload.value.name] : []), ...exposures.map(({ value }) => value.name)].map((name) => name.toLowerCase());

const workloadsNamed = (service: Service, names: readonly string[]): readonly Fact<'workload'>[] =>
  service.deployments.flatMap((one) => (namesOf(one).some((name) => names.includes(name)) ? [one.workload] : []));

const reachable = new WeakMap<readonly Service[], ReadonlyMap<string, ReadonlySet<Service>>>();

/** Services by those names, made once: each call of each service asks. */
function servicesByName(services: readonly Service[]): ReadonlyMap<string, ReadonlySet<Service>> {
  const known = reachable.get(services);
  if (known) return known;
  const index = new Map<string, Set<Service>>();
  for (const service of services)
    for (const name of service.deployments.flatMap(namesOf)) index.set(name, (index.get(name) ?? new Set()).add(service));
  reachable.set(services, index);
  return index;
}

/** The service of this repository that answers at a host; `cart`, `cart.shop` and `cart.shop.svc.cluster.local` are one. */
export function peerAt(host: string, from: Service, repository: Repository): Service | undefined {
  const [first = ''] = host.split('.');
  if (host.includes('.') && !/\.svc(?:\.cluster\.local)?$|\.(?:local|internal)$/.test(host) && host.split('.').length > 2) return undefined;
  const index = servicesByName(repository.services);
  const called = new Set([host, first].flatMap((name) => [...(index.get(name) ?? [])]));
  const found = called.size > 0 ? repository.services.filter((service) => service !== from && called.has(service)) : [];
  return inOwnProject(from, found, (service) => workloadsNamed(service, [host, first]));
}
