import type { Condition, Value } from '../../../facts.ts';
import { decidedBy } from '../constant-tests.ts';
import { textOf } from '../evaluate.ts';
import type { MethodView } from '../names.ts';
import { isOnIis } from '../projects.ts';
import { type Emit, type ProgramView, placeAt, placeOf, type Recogniser } from '../recogniser.ts';
import type { Expression } from '../summary.ts';

interface Client {
  readonly technology: string;
  readonly library: string;
  readonly embedded?: true;
}
const contexts: Readonly<Record<string, Client>> = {
  UseSqlite: { technology: 'sqlite', library: 'EF Core', embedded: true },
  UseInMemoryDatabase: { technology: 'ef-in-memory', library: 'EF Core', embedded: true },
  UseNpgsql: { technology: 'postgresql', library: 'EF Core' },
  UseSqlServer: { technology: 'sqlserver', library: 'EF Core' },
  UseAzureSql: { technology: 'sqlserver', library: 'EF Core' },
  UseMySql: { technology: 'mysql', library: 'EF Core' },
  UseMySQL: { technology: 'mysql', library: 'EF Core' },
  UseOracle: { technology: 'oracle', library: 'EF Core' },
  UseCosmos: { technology: 'cosmosdb', library: 'EF Core' },
  AddNpgsqlDbContext: { technology: 'postgresql', library: 'EF Core' },
  AddSqlServerDbContext: { technology: 'sqlserver', library: 'EF Core' },
  AddMarten: { technology: 'postgresql', library: 'Marten' },
};
/** The same with the context as their type: `AddSqlite<ShopContext>(connection)`; without one they are health checks. */
const typedContexts: Readonly<Record<string, Client>> = {
  AddSqlite: contexts['UseSqlite']!,
  AddSqlServer: contexts['UseSqlServer']!,
  AddNpgsql: contexts['UseNpgsql']!,
  AddMySql: contexts['UseMySql']!,
};
const made: Readonly<Record<string, Client>> = {
  SqliteConnection: { technology: 'sqlite', library: 'Microsoft.Data.Sqlite', embedded: true },
  SQLiteConnection: { technology: 'sqlite', library: 'System.Data.SQLite', embedded: true },
  LiteDatabase: { technology: 'LiteDB', library: 'LiteDB', embedded: true },
  LiteRepository: { technology: 'LiteDB', library: 'LiteDB', embedded: true },
  NpgsqlConnection: { technology: 'postgresql', library: 'Npgsql' },
  SqlConnection: { technology: 'sqlserver', library: 'SqlClient' },
  MySqlConnection: { technology: 'mysql', library: 'MySqlConnector' },
  MongoClient: { technology: 'mongodb', library: 'MongoDB.Driver' },
};
const isConnectionName = /^(?:data ?source|datasource|filename)\s{0,5}=/i;

/** `Data Source=/data/shop.db;Cache=Shared`: the file alone. */
const fileOf = (text: string): string =>
  isConnectionName.test(text)
    ? text
        .replace(/^[^=]*=\s*/, '')
        .split(';')[0]!
        .trim()
    : text;

function withFile(value: Value): Value {
  if (value.is === 'literal') return { ...value, value: fileOf(String(value.value)) };
  if (value.is === 'env') return { ...value, ...(value.fallback ? { fallback: withFile(value.fallback) } : {}) };
  if (value.is === 'choice') return { ...value, options: value.options.map((option) => ({ ...option, value: withFile(option.value) })) };
  if (value.is !== 'text') return value;
  const [first, ...rest] = value.parts;
  return first?.is === 'literal'
    ? {
        ...value,
        parts: [{ ...first, value: String(first.value).replace(/^(?:data ?source|datasource|filename)\s{0,5}=\s*/i, '') }, ...rest],
      }
    : value;
}

const isInMemory = (value: Value): boolean =>
  /:memory:|mode\s?=\s?memory/i.test(textOf(value) ?? (value.is === 'env' && value.fallback ? (textOf(value.fallback) ?? '') : ''));

interface Use {
  readonly client: Client;
  readonly place: ReturnType<typeof placeAt>;
  readonly value: Value | undefined;
  readonly when: readonly Condition[];
  readonly within: string;
  readonly view: MethodView;
  /** The code decides by itself that it runs. */
  readonly isDecided: boolean;
}

/** The builder of the connection string stands between: `new SqliteConnection(builder.ToString())`. */
function connectionOf(argument: Expression | undefined, view: MethodView, program: ProgramView): Value | undefined {
  return argument && argument.is !== 'lambda' ? program.evaluator.value(argument, view) : undefined;
}

function usesOf(view: ProgramView): readonly Use[] {
  const called = view.callsNamed(...Object.keys(contexts), ...Object.keys(typedContexts)).flatMap((call): readonly Use[] => {
    const { name, types, args } = call.call;
    const client = contexts[name] ?? (types.length === 1 ? typedContexts[name] : undefined);
    const decided = decidedBy(call.method.calls.find((one) => one.call === call.call)?.when, call, view);
    if (!client || decided === false) return [];
    const value = connectionOf(args[0], call, view);
    return [{ client, place: placeOf(call), value, when: view.conditions(call), within: call.id, view: call, isDecided: decided === true }];
  });
  const created = view.running.flatMap((one) =>
    one.method.creations.flatMap(({ creation, when }): readonly Use[] => {
      const client = Object.hasOwn(made, creation.type) ? made[creation.type] : undefined;
      if (!client) return [];
      const value = connectionOf(creation.args[0], one, view);
      const decided = decidedBy(when, one, view);
      if (decided === false) return [];
      return [
        {
          client,
          place: placeAt(one.path, creation.at),
          value,
          when: [...view.evaluator.conditions(when, one), ...view.evaluator.reachedWhen(one)],
          within: one.id,
          view: one,
          isDecided: decided === true,
        },
      ];
    }),
  );
  return [...called, ...created];
}

/** `Max Pool Size=200` of a connection string that the settings hold. */
function poolOf(address: Value): { readonly poolMax?: Value } {
  const written = address.is === 'env' ? address.fallback : address;
  const size = /(?:^|;)\s{0,5}max(?:imum)?\s?pool\s?size\s{0,5}=\s{0,5}(\d{1,6})/i.exec((written && textOf(written)) ?? '')?.[1];
  if (!size || !written) return {};
  const { place } = written;
  const literal: Value = { is: 'literal', value: Number(size), place };
  // A variable that replaces the connection string replaces the size as well.
  return { poolMax: address.is === 'env' ? { ...address, fallback: literal, place } : literal };
}

/** Registrations that only tests call are no part of what runs. */
const isReached = (one: MethodView, program: ProgramView): boolean =>
  program.names.around(one).some((outer) => program.runsAtStart(outer) || program.answersRequest(outer));

/** The test that chooses it says what holds where nothing is given. */
const isChosen = (when: readonly Condition[]): boolean => when.length > 0 && when.every(({ otherwise }) => otherwise !== undefined);

function emitUse({ client, place, value, when, within, isDecided }: Use, isOneOfSeveral: boolean, emit: Emit): void {
  const { technology, library, embedded = false } = client;
  const address = value && embedded ? withFile(value) : value;
  emit(
    'backing-service',
    place,
    {
      technology,
      library,
      embedded,
      ...(embedded && value && technology === 'sqlite' && isInMemory(value) ? { inMemory: true } : {}),
      ...(address && technology !== 'ef-in-memory' ? { address, ...poolOf(address) } : {}),
    },
    { when, within, confidence: embedded && isOneOfSeveral && !isDecided && !isChosen(when) ? 'guess' : 'certain' },
  );
}

/** Providers that keep a database in a file of the application: `System.Data.SQLite.EF6`, `System.Data.SqlServerCe.4.0`. */
const fileProviders: readonly (readonly [RegExp, string])[] = [
  [/^(?:System\.Data|Microsoft\.Data|Devart\.Data)\.SQLite/i, 'sqlite'],
  [/^System\.Data\.SqlServerCe/i, 'SQL Server Compact'],
];

/** `<connectionStrings>` of .NET Framework, which Entity Framework opens by their names. */
function emitConfigured(view: ProgramView, emit: Emit): void {
  if (!isOnIis(view.project.dotnet)) return;
  const entries = view.manifestFacts.flatMap((fact) =>
    fact.kind === 'settings' && fact.value.name === 'connectionStrings' ? fact.value.entries : [],
  );
  const providers = entries.filter(({ key }) => key.endsWith(':provider'));
  for (const { key, text } of providers) {
    const technology = fileProviders.find(([pattern]) => pattern.test(text))?.[1];
    const own = entries.find((one) => `${one.key}:provider` === key);
    if (technology === undefined || !own) continue;
    const address = withFile({ is: 'literal', value: own.text, place: own.place });
    const inMemory = isInMemory(address) ? { inMemory: true as const } : {};
    emit(
      'backing-service',
      own.place,
      { technology, library: 'Entity Framework', embedded: true, ...inMemory, address },
      { confidence: providers.length > 1 ? 'guess' : 'certain' },
    );
  }
}

/** Databases: servers, and those that live in the process or on its disk. */
export const databases: Recogniser = {
  text: [...Object.keys(contexts), ...Object.keys(typedContexts).map((name) => `${name}<`), ...Object.keys(made), 'ConnectionMultiplexer'],
  recognise(view, emit) {
    const uses = usesOf(view).filter(({ client, view: one }) => client.technology !== 'ef-in-memory' || isReached(one, view));
    const servers = uses.filter(({ client }) => !client.embedded && client.library === 'EF Core');
    for (const use of uses) emitUse(use, servers.length > 0, emit);
    emitConfigured(view, emit);
    for (const call of view.callsNamed('Connect', 'ConnectAsync')) {
      if (call.call.on?.is !== 'name' || call.call.on.path.at(-1) !== 'ConnectionMultiplexer') continue;
      const address = view.evaluator.value(call.call.args[0], call);
      emit(
        'backing-service',
        placeOf(call),
        { technology: 'redis', library: 'StackExchange.Redis', embedded: false, address },
        { within: call.id },
      );
    }
  },
};
