import type { FactValues } from '../../facts.ts';
import { isDesk, isInternalHost, isLoopback, parseAddress } from '../../text/addresses.ts';
import { type JdbcUrl, readJdbcUrl } from '../../text/jdbc-urls.ts';
import { maskConnection } from '../../text/secret-shapes.ts';
import type { AnyFact, Place } from '../../types.ts';

const isNumeric = (host: string): boolean => /^\d{1,3}(?:\.\d{1,3}){3}$/.test(host);

/** A machine of somebody's own network: the same rule as for settings, where `localhost` and plain names are defaults. */
const isOwnMachine = (host: string | undefined): host is string =>
  host !== undefined && !isLoopback(host) && (isNumeric(host) || isDesk(host) || (isInternalHost(host) && host.includes('.')));

function endpointFacts({ host, port, technology }: JdbcUrl, place: Place, isPacked: boolean): readonly AnyFact[] {
  if (!isOwnMachine(host) && !(isPacked && host !== undefined && isLoopback(host))) return [];
  return [
    {
      kind: 'endpoint',
      place,
      confidence: 'certain',
      value: { host, ...(port === undefined ? {} : { port }), scheme: technology, overridable: false, role: 'database' },
    },
  ];
}

/** The fixed address of a cache, a broker or a mail server: `10.0.0.5`, `tcp://10.0.0.5:61616`. */
export function machineFacts(text: string, role: FactValues['endpoint']['role'], place: Place, isPacked = false): readonly AnyFact[] {
  const address = text.includes('${') || text.includes(',') ? undefined : parseAddress(text.replace(/^failover:\(?/, ''), true);
  if (!address || !(isOwnMachine(address.host) || (isPacked && isLoopback(address.host)))) return [];
  return [{ kind: 'endpoint', place, confidence: 'certain', value: { ...address, overridable: false, role } }];
}

/**
 * A datasource with this JDBC URL; empty when nothing can be told from it.
 * What is packed with the program is the same everywhere: `localhost` there is no default that a server replaces.
 */
export function databaseFacts(url: string, library: string, place: Place, isPacked = false): readonly AnyFact[] {
  const jdbc = readJdbcUrl(url.trim());
  if (!jdbc) return [];
  const { technology, embedded, database } = jdbc;
  const fact: AnyFact = {
    kind: 'backing-service',
    place,
    confidence: 'certain',
    value: {
      technology,
      library,
      embedded,
      ...(embedded ? {} : { address: { is: 'literal', value: maskConnection(jdbc.address).text, place } }),
      ...(database && !embedded ? { database: { is: 'literal', value: database, place } } : {}),
    },
  };
  return embedded || url.includes('${') ? [fact] : [fact, ...endpointFacts(jdbc, place, isPacked)];
}
