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
