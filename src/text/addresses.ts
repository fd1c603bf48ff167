/** Addresses as code and manifests write them: which host, which port, and whether it lies inside a private network. */

export interface InternalAddress {
  readonly host: string;
  readonly port?: number;
  readonly scheme?: string;
  /** The machine itself; in a container: the container itself. */
  readonly loopback: boolean;
}

const longest = 2000;
const withScheme = /^([a-z][a-z0-9+.-]{1,20}):\/\/(?:[^\s/@]{0,500}@)?(\[[0-9a-f:]+\]|[A-Za-z0-9_.-]+)(?::(\d{1,5}))?(?=[/?#%,]|$)/i;
const bare = /^([A-Za-z0-9_][A-Za-z0-9_.-]*)(?::(\d{1,5}))?$/;

export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '[::1]' || host === '0.0.0.0' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host);
/** Where every machine of a cloud finds its own data, and every pod its cluster: the platform sets these, not a deployment. */
export const isPlatformHost = (host: string): boolean =>
  /^(?:169\.254\.\d{1,3}\.\d{1,3}|100\.100\.100\.200|192\.0\.0\.192|metadata\.google\.internal|metadata|kubernetes\.default(?:\.svc(?:\.cluster\.local)?)?)$/i.test(
    host,
  );
/**
 * Agents that a platform puts beside each copy: AWS AppConfig, AWS Parameters and Secrets, Dapr over HTTP and gRPC, and the one by which a
 * program steers the Caddy of its own image (their documentation). */
const agentPorts = new Set([2019, 2772, 2773, 3500, 50001]);
/** An address that the platform answers, whoever deploys. */
export const isPlatformAddress = ({ host, port }: { readonly host: string; readonly port?: number }): boolean =>
  isPlatformHost(host) || (isLoopback(host) && port !== undefined && agentPorts.has(port));
const isPrivateAddress = (host: string): boolean => /^(?:10\.\d{1,3}|192\.168|172\.(?:1[6-9]|2\d|3[01]))\.\d{1,3}\.\d{1,3}$/.test(host);
/** The name that Windows gives a machine when it is set up: somebody's desk. */
export const isDesk = (host: string): boolean => /^(?:DESKTOP|LAPTOP)-[A-Z0-9]{6,8}$/i.test(host);
/** Names that only a cluster, a container network or a company's own DNS resolves. */
export const isInternalHost = (host: string): boolean =>
  isPrivateAddress(host) ||
  (/^[a-z][a-z0-9_-]*$/i.test(host) && !isLoopback(host)) ||
  /\.(?:svc|svc\.cluster\.local|cluster\.local|internal|local|lan|intranet|corp)$/i.test(host);

/** Host, port and scheme of an address; `defaultScheme` where a bare host is meant. */
export function parseAddress(value: string, allowBare = false): { host: string; port?: number; scheme?: string } | undefined {
  const text = value.trim();
  if (text.length > longest) return undefined;
  const full = withScheme.exec(text);
  if (full) return { scheme: full[1]!.toLowerCase(), host: full[2]!, ...(full[3] ? { port: Number(full[3]) } : {}) };
  const plain = allowBare ? bare.exec(text) : null;
  return plain ? { host: plain[1]!, ...(plain[2] ? { port: Number(plain[2]) } : {}) } : undefined;
}

/** The host of an address with a scheme. */
export const hostOf = (value: string): string | undefined => parseAddress(value)?.host;

/** Schemes of servers; others (`file`, `chrome-extension`, `s3`) name something else. */
const networkScheme =
  /^(?:https?|wss?|grpcs?|rediss?|mongodb(?:\+srv)?|amqps?|postgres(?:ql)?|mysql2?|mariadb|mssql|sqlserver|nats|tcp|udp|kafka|mqtts?|ldaps?|smtps?|memcached|neo4j|bolt|cassandra|ftps?|sftp|elasticsearch|clickhouse)$/;

/** An address of a private network or of the machine itself; `undefined` for public hosts and texts. */
export function internalAddress(value: string, allowBare = false): InternalAddress | undefined {
  // `http://catalogue%s`: the rest is a suffix that is filled in.
  const address = parseAddress(value.replace(/%[sd].*$/s, ''), allowBare);
  if (!address || (address.scheme !== undefined && !networkScheme.test(address.scheme))) return undefined;
  const loopback = isLoopback(address.host);
  return loopback || isInternalHost(address.host) ? { ...address, loopback } : undefined;
}

/** Ports that clients use when an address gives none (IANA, vendors' documentation). */
const defaultPorts: Readonly<Record<string, number>> = {
  http: 80,
  https: 443,
  redis: 6379,
  rediss: 6379,
  mongodb: 27017,
  amqp: 5672,
  amqps: 5671,
  postgres: 5432,
  postgresql: 5432,
  mysql: 3306,
  mariadb: 3306,
  nats: 4222,
  memcached: 11211,
};
export const defaultPortOf = (scheme: string | undefined): number | undefined => (scheme === undefined ? undefined : defaultPorts[scheme]);
