/** JDBC URLs: which database, whether it runs inside of the program, and its address in the form of other URLs. */

export interface JdbcUrl {
  readonly technology: string;
  /** It runs in this process, in memory or in a file. */
  readonly embedded: boolean;
  /** `postgresql://host:5432/name`; for embedded databases the rest of the URL. */
  readonly address: string;
  readonly host?: string;
  readonly port?: number;
  readonly database?: string;
}

const longest = 2000;
const technologies: Readonly<Record<string, string>> = {
  postgresql: 'postgresql',
  mysql: 'mysql',
  mariadb: 'mariadb',
  sqlserver: 'mssql',
  oracle: 'oracle',
  db2: 'db2',
  tibero: 'tibero',
  cubrid: 'cubrid',
  h2: 'h2',
  hsqldb: 'hsqldb',
  derby: 'derby',
  sqlite: 'sqlite',
  log4jdbc: 'log4jdbc',
};
/** SQL Server names an instance of a machine behind its name: `//SHOP\\SQLEXPRESS:1433`. */
const server =
  /^(?:[a-z0-9]{1,20}:)?(?:thin:@)?(?:\/\/)?(?:[^/@\s]{0,200}@)?([A-Za-z0-9_.-]+|\[[0-9a-f:]+\])(?:\\{1,2}[\w$-]{1,60})?(?::(\d{1,5}))?(?:[/:]([\w.-]{1,100}))?/i;

/** Everything behind `jdbc:`; `undefined` for other texts and unknown drivers. */
export function readJdbcUrl(url: string): JdbcUrl | undefined {
  if (!url.startsWith('jdbc:') || url.length > longest) return undefined;
  const text = url
    .slice(5)
    .replace(/^(?:log4jdbc|p6spy|otel|tracing):/, '')
    .replace(/^tc:/, '');
  const name = /^[a-z0-9]+/i.exec(text)?.[0].toLowerCase() ?? '';
  const technology = Object.hasOwn(technologies, name) ? technologies[name]! : undefined;
  if (!technology) return undefined;
  const rest = text.slice(name.length + 1);
  if (isEmbedded(technology, rest)) return { technology, embedded: true, address: rest };
  const match = server.exec(rest.replace(/^(?:tcp|ssl|hsqls?|https?|net):/, ''));
  const host = match?.[1];
  const named = /[;?]databaseName=([\w.-]{1,100})/i.exec(rest)?.[1] ?? match?.[3];
  const port = match?.[2] ? Number(match[2]) : undefined;
  const address = `${technology}://${host ?? ''}${port === undefined ? '' : `:${port}`}${named ? `/${named}` : ''}`;
  return {
    technology,
    embedded: false,
    address,
    ...(host ? { host } : {}),
    ...(port === undefined ? {} : { port }),
    ...(named ? { database: named } : {}),
  };
}

/** H2 and HSQLDB also run as servers (`jdbc:h2:tcp:`, `jdbc:hsqldb:hsql:`), Derby as `jdbc:derby://`. */
function isEmbedded(technology: string, rest: string): boolean {
  if (technology === 'h2') return !/^(?:tcp|ssl):/.test(rest);
  if (technology === 'hsqldb') return !/^(?:hsqls?|https?):/.test(rest);
  if (technology === 'derby') return !rest.startsWith('//');
  return technology === 'sqlite';
}
