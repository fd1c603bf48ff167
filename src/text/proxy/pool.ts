/** A group of servers behind a proxy whose clients are pinned → a `sticky-routing` fact, where that can matter. */

import type { Fact, Place } from '../../types.ts';
import { purposeOf } from '../purpose.ts';

export interface ProxyServer {
  /** `app:3000`, `http://10.0.0.5:8080/`, `unix:/run/app.sock`. */
  readonly address: string;
  /** Gets requests only when the others are gone. */
  readonly spare: boolean;
}
export interface Pool {
  /** Half a sentence: "`ip_hash` of nginx". */
  readonly how: string;
  readonly place: Place;
  readonly servers: readonly ProxyServer[];
  /** More servers come from an included file, a template or a lookup. */
  readonly open: boolean;
}

/** Databases, brokers, mail and clusters' control planes: pinning their clients says nothing of a service's copies. */
const storePorts: ReadonlySet<string> = new Set(
  '22 25 53 110 143 389 465 587 636 993 1433 1521 2181 2379 3306 3307 5432 5433 5671 5672 6379 6432 6443 6446 6447 8086 9042 9092 9200 9300 11211 22623 26379 27017'.split(
    ' ',
  ),
);

interface Address {
  readonly host: string;
  readonly port: string;
}
function parseAddress(address: string): Address {
  const bare = address.replace(/^[a-z0-9+]{1,20}:\/\//i, '').replace(/\/.*$/, '');
  const match = /^(.*):(\d{1,5})$/.exec(bare);
  return match ? { host: match[1]!, port: match[2]! } : { host: bare, port: '' };
}

const isName = (host: string): boolean => /^[a-z_][\w-]*$/i.test(host) && host !== 'localhost';
/** `api.shop.svc.cluster.local` is the Service `api`. */
const serviceOf = (host: string): string => /^([a-z][\w-]*)\.[\w-]+\.svc(?:\.|$)/i.exec(host)?.[1] ?? host;

export function pinFacts({ how, place, servers, open }: Pool): readonly Fact<'sticky-routing'>[] {
  const active = servers.filter(({ spare }) => !spare);
  const addresses = [...new Map(active.map(({ address }) => [address, parseAddress(address)])).values()];
  if (addresses.length === 0 && !open) return [];
  if (addresses.length > 0 && addresses.every(({ port }) => storePorts.has(port))) return [];
  const names = [...new Set(addresses.map(({ host }) => serviceOf(host)).filter(isName))];
  // No exposure has such a name; two pools of the same machines have the same one.
  const unnamed = addresses.length > 0 && !open ? addresses.map(({ host, port }) => `${host}:${port}`) : [`${place.path}:${place.line}`];
  const isOne = addresses.length === 1 && !open;
  if (isOne && names.length === 0) return [];
  const to = names.length > 0 ? names : [`:${[...unnamed].sort().join(',')}`];
  const purpose = purposeOf(place.path);
  return [{ kind: 'sticky-routing', place, confidence: 'certain', value: { how, to, purpose, ...(isOne ? { oneName: true } : {}) } }];
}
