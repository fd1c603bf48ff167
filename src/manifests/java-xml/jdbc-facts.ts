import { readJdbcUrl } from '../../text/jdbc-urls.ts';
import { maskConnection } from '../../text/secret-shapes.ts';
import type { AnyFact, Place } from '../../types.ts';

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
  return [fact];
}
