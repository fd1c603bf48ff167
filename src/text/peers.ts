/** Which service of the repository an address means. */
import type { Value } from '../facts.ts';
import type { Repository, Service } from '../types.ts';
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

/** Names under which a service is reached inside the platform. */
const namesOf = (service: Service): ReadonlySet<string> =>
  new Set(
    service.deployments
      .flatMap(({ workload, exposures, platform }) => [
        ...(platform === 'compose' ? [workload.value.name] : []),
        ...exposures.map(({ value }) => value.name),
      ])
      .map((name) => name.toLowerCase()),
  );

/** The service of this repository that answers at a host; `cart`, `cart.shop` and `cart.shop.svc.cluster.local` are one. */
export function peerAt(host: string, from: Service, repository: Repository): Service | undefined {
  const [first = ''] = host.split('.');
  if (host.includes('.') && !/\.svc(?:\.cluster\.local)?$|\.(?:local|internal)$/.test(host) && host.split('.').length > 2) return undefined;
  return repository.services.find((service) => service !== from && (namesOf(service).has(host) || namesOf(service).has(first)));
}
