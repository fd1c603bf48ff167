import { isInternalHost, isLoopback } from '../../text/addresses.ts';
import { type JdbcUrl, readJdbcUrl } from '../../text/jdbc-urls.ts';
import { maskConnection } from '../../text/secret-shapes.ts';
import type { AnyFact, Place } from '../../types.ts';

const isNumeric = (host: string): boolean => /^\d{1,3}(?:\.\d{1,3}){3}$/.test(host);

/** A machine of somebody's own network: the same rule as for settings, where `localhost` and plain names are defaults. */
function endpointFacts({ host, port, technology }: JdbcUrl, place: Place): readonly AnyFact[] {
  if (!host || isLoopback(host) || !(isNumeric(host) || (isInternalHost(host) && host.includes('.')))) return [];
  return [
    {
      kind: 'endpoint',
      place,
      confidence: 'certain',
      value: { host, ...(port === undefined ? {} : { port }), scheme: technology, overridable: false, role: 'database' },
    },
  ];
}

/** A datasource with this JDBC URL; empty when nothing can be told from it. */
export function databaseFacts(url: string, library: string, place: Place): readonly AnyFact[] {
  const jdbc = readJdbcUrl(url);
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
  return embedded || url.includes('${') ? [fact] : [fact, ...endpointFacts(jdbc, place)];
}
