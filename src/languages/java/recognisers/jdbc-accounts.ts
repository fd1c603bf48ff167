/** Calls and objects that take the address of a database, an account and its password, in this order, whatever library they belong to. */
import { readJdbcUrl } from '../../../text/jdbc-urls.ts';
import type { MethodView } from '../names.ts';
import type { ProgramView } from '../recogniser.ts';
import type { Expression } from '../summary.ts';
import { inFiles } from '../views.ts';
import { givenLiteral } from './given-literals.ts';

/** `Flyway.configure().dataSource(…)`, `Jdbi.create(…)`, `DSL.using(…)`, `Database.connect(…)`, `Sql.newInstance(…)`. */
const methods = ['dataSource', 'create', 'using', 'connect', 'newInstance', 'open'];
/** `new DruidPlugin(…)` of JFinal, `new DriverManagerDataSource(…)`, `new Sql2o(…)`. */
const makers = /(?:Plugin|DataSource|Sql2o|Pool|ConnectionFactory|Database)$/;

interface Given {
  readonly view: MethodView;
  readonly args: readonly Expression[];
}
const made = inFiles(({ methods: all }) =>
  all.flatMap((view) =>
    view.method.creations.flatMap(({ type, args }): readonly Given[] => (args.length >= 3 && makers.test(type) ? [{ view, args }] : [])),
  ),
);

/** Passwords of databases that are servers. */
export function jdbcAccounts(program: ProgramView): readonly { readonly view: MethodView; readonly secret: Expression }[] {
  const called = program
    .callsNamed(...methods)
    .flatMap((view): readonly Given[] => (view.call.args.length >= 3 ? [{ view, args: view.call.args }] : []));
  return [...called, ...made(program)].flatMap(({ view, args }) => {
    const url = givenLiteral(args[0], view, program);
    const jdbc = url && readJdbcUrl(url.text);
    if (!jdbc || jdbc.embedded) return [];
    // Exposed takes the class of the driver before the account.
    const second = givenLiteral(args[1], view, program)?.text ?? '';
    const secret = /^(?:com|org|net|oracle|io)\.[\w.]+$/.test(second) ? args[3] : args[2];
    return secret ? [{ view, secret }] : [];
  });
}

/** Pools and plain sources of connections, and the builder of Spring Boot. */
const sources =
  /^(?:DriverManagerDataSource|SimpleDriverDataSource|SingleConnectionDataSource|Hikari(?:Config|DataSource)|BasicDataSource|ComboPooledDataSource|DruidDataSource|PG\w*DataSource|Mysql\w*DataSource|MariaDb\w*DataSource|Oracle\w*DataSource|SQLServerDataSource|DataSourceBuilder|AtomikosDataSourceBean|BoneCPDataSource|AgroalConnectionFactoryConfigurationSupplier|PoolProperties)$/;
const addresses = /^(?:set)?(?:jdbc)?url$/i;

/** What a chain of calls starts with: `DataSourceBuilder.create()`, `source`. */
function rootOf(expression: Expression | undefined): Expression | undefined {
  let current = expression;
  for (let depth = 0; current?.is === 'call' && current.on && depth < 40; depth++) current = current.on;
  return current;
}

/** `"jdbc:mysql://db/" + name`: the server is known without it. */
const beginningOf = (url: Expression | undefined): string | undefined => {
  const first = url?.is === 'sum' ? url.parts[0] : undefined;
  return first?.is === 'text' ? `${first.value}data` : undefined;
};

/** `source.setPassword("…")` beside `source.setUrl("jdbc:…")`, where a server is on the other side. */
export const sourceAccounts = (program: ProgramView): readonly { readonly view: MethodView; readonly secret: Expression }[] =>
  program.callsNamed('setPassword', 'password').flatMap((view) => {
    const { on, args } = view.call;
    const root = rootOf(on);
    const type = program.names.typeOf(root, view);
    if (args.length !== 1 || !args[0] || type === undefined || !sources.test(type.slice(type.lastIndexOf('.') + 1))) return [];
    const urls = view.method.calls.filter(({ name, args: given }) => addresses.test(name) && given.length === 1);
    const isServer = urls.some(({ args: [url] }) => {
      const text = givenLiteral(url, view, program)?.text ?? beginningOf(url);
      const jdbc = text === undefined ? undefined : readJdbcUrl(text);
      return jdbc !== undefined && !jdbc.embedded;
    });
    return isServer ? [{ view, secret: args[0] }] : [];
  });
