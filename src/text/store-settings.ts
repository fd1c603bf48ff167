/** Which kind of database or broker a variable names: by the scheme of its address, or by the name of a driver. */
import type { EnvEntry } from '../facts.ts';
import { readJdbcUrl } from './jdbc-urls.ts';

/** Schemes and drivers as libraries and frameworks write them. */
const technologies: Readonly<Record<string, string>> = {
  postgres: 'postgresql',
  postgresql: 'postgresql',
  pgsql: 'postgresql',
  pg: 'postgresql',
  postgis: 'postgresql',
  mysql: 'mysql',
  mysql2: 'mysql',
  mysqli: 'mysql',
  mariadb: 'mariadb',
  sqlite: 'sqlite',
  sqlite3: 'sqlite',
  'better-sqlite3': 'sqlite',
  mongodb: 'mongodb',
  mongo: 'mongodb',
  sqlserver: 'mssql',
  mssql: 'mssql',
  sqlsrv: 'mssql',
  oracle: 'oracle',
  oracledb: 'oracle',
  h2: 'h2',
  hsqldb: 'hsqldb',
  derby: 'derby',
  amqp: 'rabbitmq',
  amqps: 'rabbitmq',
  rabbitmq: 'rabbitmq',
  kafka: 'kafka',
};
const find = (name: string): string | undefined => (Object.hasOwn(technologies, name) ? technologies[name] : undefined);

const choosesDatabase = /(?:^|_)(?:DB|DATABASE|SQL|TYPEORM)_?(?:CONNECTION|DRIVER|CLIENT|DIALECT|ENGINE|TYPE|VENDOR|PROVIDER)$|^DATABASE$/i;
const namesDatabase = /(?:^|_)(?:DB|DATABASE)(?:_URL|_URI|_DSN)$/i;

export function storeOf({ name, value }: EnvEntry): string | undefined {
  if (!value?.known) return undefined;
  const text = value.value.trim().slice(0, 2000);
  const jdbc = readJdbcUrl(text);
  if (jdbc) return find(jdbc.technology);
  const scheme = /^([a-z][a-z0-9-]{1,20})(?:\+[\w.-]+)?:(?:\/\/|$|[./\w])/i.exec(text)?.[1]?.toLowerCase();
  if (scheme === 'file' && namesDatabase.test(name)) return 'sqlite';
  if (scheme !== undefined && (/^[\w+-]+:\/\//.test(text) || scheme.startsWith('sqlite'))) return find(scheme);
  return choosesDatabase.test(name) ? find(text.toLowerCase().replace(/^django\.(?:contrib\.gis\.)?db\.backends\./, '')) : undefined;
}
