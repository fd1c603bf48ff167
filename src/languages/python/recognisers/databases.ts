import type { Condition, FactValues, Value } from '../../../facts.ts';
import type { Place } from '../../../types.ts';
import { type Anchor, alternativesOf, type CallSite, type Emit, isNone, type ProgramView, type Recogniser, textOf } from '../recogniser.ts';
import { dottedOf } from '../value-shapes.ts';
import { anchor } from './servers.ts';

type Service = FactValues['backing-service'];

/** Technologies by the scheme of an address, with the driver left out: `postgresql+psycopg`. */
const technologies: readonly (readonly [RegExp, string])[] = [
  [/^sqlite/, 'sqlite'],
  [/^(?:postgres|postgresql|psql|pgsql|postgis|cockroachdb|asyncpg)/, 'postgresql'],
  [/^(?:mysql|mariadb|aiomysql)/, 'mysql'],
  [/^mssql/, 'mssql'],
  [/^oracle/, 'oracle'],
  [/^mongodb/, 'mongodb'],
  [/^rediss?$/, 'redis'],
  [/^amqps?$/, 'rabbitmq'],
];
const technologyOf = (scheme: string): string | undefined => technologies.find(([pattern]) => pattern.test(scheme.toLowerCase()))?.[1];

/** The beginning of an address, as far as it is known. */
const startOf = (value: Value): string | undefined => {
  if (value.is === 'literal') return String(value.value);
  if (value.is !== 'text') return undefined;
  const [first] = value.parts;
  return first?.is === 'literal' ? String(first.value) : undefined;
};

const startPlaceOf = (value: Value) => (value.is === 'text' ? value.parts[0]?.place : value.place);

const mostLinesAbove = 6;
const indentOf = (line: string): number => line.search(/\S|$/);
/** `if url.startswith('sqlite'): url = f'sqlite:///{base}/…'`: it was SQLite before, by what somebody gave. */
function isRewritten({ path, line }: Place, program: ProgramView): boolean {
  const lines = (program.text(path) ?? '').split('\n', line);
  const own = indentOf(lines[line - 1] ?? '');
  const above = lines.slice(Math.max(0, line - 1 - mostLinesAbove), -1).reverse();
  const header = above.find((one) => one.trim() !== '' && indentOf(one) < own) ?? '';
  return /^\s*(?:el)?if\b[^#]*(?:\.startswith\(\s{0,5}['"]sqlite|['"]sqlite[^'"]{0,20}['"]\s{1,5}in\s)/.test(header);
}

/** One address among those that may be used. */
function emitAddress(at: Anchor, library: string, value: Value, when: readonly Condition[], program: ProgramView, emit: Emit): void {
  const start = startOf(value);
  const scheme = start === undefined ? undefined : /^([a-z][\w+.-]*):/i.exec(start)?.[1];
  const technology = scheme === undefined ? undefined : technologyOf(scheme);
  if (technology === undefined) return;
  const embedded = technology === 'sqlite';
  if (embedded && isRewritten(startPlaceOf(value) ?? value.place, program)) return;
  const isWhole = value.is === 'literal';
  const inMemory = embedded && isWhole && /^sqlite(?:\+\w+)?:(?:\/\/)?(?:\/?(?::memory:|\?.*)?)$|mode=memory/i.test(String(value.value));
  const path =
    embedded && isWhole
      ? String(value.value)
          .replace(/^sqlite(?:\+\w+)?:\/{2,3}/i, '')
          .replace(/\?.*$/, '')
      : undefined;
  const address: Value = path === undefined ? value : { is: 'literal', value: path, place: value.place };
  // The line that names the file says more than the one where the setting begins.
  const place = embedded && value.place.path === at.place.path ? (startPlaceOf(value) ?? at.place) : at.place;
  emit('backing-service', { ...at, place, when }, { technology, library, embedded, ...(inMemory ? { inMemory: true } : {}), address });
}

function emitValue(at: Anchor, library: string, value: Value | undefined, program: ProgramView, emit: Emit): void {
  for (const one of alternativesOf(value, at.when ?? [])) emitAddress(at, library, one.value, one.when, program, emit);
}

/** Calls that connect by an address as their first argument. */
const connectors: readonly (readonly [RegExp, string, string])[] = [
  [/^sqlalchemy\.(?:engine\.|future\.)?create_engine$/, 'sqlalchemy', 'url'],
  [/^sqlalchemy\.ext\.asyncio\.(?:engine\.)?create_async_engine$/, 'sqlalchemy', 'url'],
  [/^sqlmodel\.create_engine$/, 'sqlmodel', 'url'],
  [/^databases\.Database$/, 'databases', 'url'],
  [/^pymongo\.(?:mongo_client\.)?MongoClient$/, 'pymongo', 'host'],
  [/^motor\.motor_asyncio\.AsyncIOMotorClient$/, 'motor', 'host'],
  [/^redis\.(?:asyncio\.)?(?:Redis|StrictRedis)?\.?from_url$/, 'redis', 'url'],
  [/^dataset\.connect$/, 'dataset', 'url'],
  [/^apscheduler\.jobstores\.sqlalchemy\.SQLAlchemyJobStore$/, 'APScheduler', 'url'],
  [/^playhouse\.db_url\.connect$/, 'peewee', 'url'],
  [/^asyncpg\.(?:connect|create_pool)$/, 'asyncpg', 'dsn'],
  [/^psycopg2?\.(?:connect|pool\.\w+)$/, 'psycopg', 'dsn'],
];
/** Calls that open a file of their own. */
const files: readonly (readonly [RegExp, string, string])[] = [
  [/^(?:sqlite3|aiosqlite|pysqlite3|apsw)\.(?:connect|Connection)$/, 'sqlite', 'sqlite3'],
  [/^peewee\.SqliteDatabase$|^playhouse\.sqlite_ext\.SqliteExtDatabase$|^playhouse\.pool\.PooledSqliteDatabase$/, 'sqlite', 'peewee'],
  [/^tinydb\.(?:database\.)?TinyDB$/, 'tinydb', 'tinydb'],
  [/^(?:shelve|dbm)\.open$/, 'shelve', 'shelve'],
  [/^duckdb\.connect$/, 'duckdb', 'duckdb'],
  [/^zodb\.FileStorage\.FileStorage$|^ZODB\.FileStorage\.FileStorage$/, 'zodb', 'ZODB'],
];

function emitFile(call: CallSite, technology: string, library: string, program: ProgramView, emit: Emit): void {
  // Tools and commands open databases as well: what serves requests, or is open all the time, counts.
  if (call.within !== undefined && !program.servesRequest(call.within) && !program.runsAtStart(call.within)) return;
  if (technology === 'sqlite' && library === 'sqlite3' && !writesSql(program)) return;
  const given = call.args[0] ?? call.named('database') ?? call.named('path');
  for (const { value, when } of alternativesOf(given, call.when)) {
    if (value.is === 'env' || isNone(value) || isScratch(value)) continue;
    const isMemory = value.is === 'literal' && /^:memory:$|mode=memory|^$/.test(String(value.value));
    emit(
      'backing-service',
      { ...anchor(call), when },
      { technology, library, embedded: true, ...(isMemory ? { inMemory: true } : {}), address: value },
    );
  }
}
/** A database that is only read may be a part of the image. */
const writesSql = (program: ProgramView): boolean =>
  program
    .callsNamed('execute', 'executemany', 'executescript', 'execute_insert')
    .some(({ args }) => /\b(?:insert|update|delete|replace|create|drop)\b/i.test(startOf(args[0] ?? unknown) ?? ''));
const unknown: Value = { is: 'unknown', place: { path: '', line: 1, column: 1, endLine: 1, endColumn: 1 } };

const isScratch = (value: Value): boolean =>
  /^(?:\/tmp\/|\/dev\/shm)/.test(startOf(value) ?? '') || /^tempfile\./.test(dottedOf(value) ?? '');

/** `DATABASES` of Django; `dj_database_url.config(default=…)` and `env.db()` give one whole entry. */
function emitDjango(program: ProgramView, emit: Emit): void {
  for (const setting of program.settings('DATABASES')) {
    for (const { value, when } of alternativesOf(setting.value, setting.when ?? [])) {
      const entry = value.is === 'object' ? value.properties['default'] : undefined;
      for (const one of alternativesOf(entry, when)) emitEntry(setting, one.value, one.when, program, emit);
    }
  }
  for (const { own, value, place, when, path } of program.assigned('DATABASES'))
    if (own.how === 'set' && own.key?.is === 'literal' && own.key.value === 'default')
      for (const one of alternativesOf(value(), when ?? [])) emitEntry({ place, path }, one.value, one.when, program, emit);
}

function emitEntry(
  at: Anchor & { readonly path: string },
  entry: Value,
  when: readonly Condition[],
  program: ProgramView,
  emit: Emit,
): void {
  if (entry.is === 'made' || entry.is === 'env') {
    const options = entry.is === 'made' ? entry.args.at(-1) : undefined;
    const fallback = entry.is === 'env' ? entry.fallback : options?.is === 'object' ? options.properties['default'] : undefined;
    for (const one of alternativesOf(fallback, when))
      emitAddress(
        { place: one.value.place },
        'django',
        one.value,
        [...one.when, { env: entry.is === 'env' ? entry.name : 'DATABASE_URL', test: 'unset' }],
        program,
        emit,
      );
    return;
  }
  if (entry.is !== 'object') return;
  const engine = entry.properties['ENGINE'];
  const name = entry.properties['NAME'];
  for (const one of alternativesOf(engine, when)) {
    const technology = textOf(one.value) === undefined ? undefined : technologyOf(textOf(one.value)!.split('.').at(-1)!);
    if (technology === undefined) continue;
    const embedded = technology === 'sqlite';
    const inMemory = embedded && /:memory:|mode=memory/.test(textOf(name) ?? '');
    const place = one.value.place.path === at.path ? one.value.place : at.place;
    const host = entry.properties['HOST'];
    const address = embedded ? name : host;
    const fact: Service = {
      technology,
      library: 'django',
      embedded,
      ...(inMemory ? { inMemory: true } : {}),
      ...(address ? { address } : {}),
      ...(name && !embedded ? { database: name } : {}),
    };
    emit('backing-service', { place, when: one.when }, fact);
  }
}

/** Databases, caches and brokers that the program uses, and files that it keeps as a database. */
export const databases: Recogniser = {
  id: 'databases',
  recognise(program, emit) {
    emitDjango(program, emit);
    if (program.imported('flask_sqlalchemy'))
      for (const setting of program.settings('SQLALCHEMY_DATABASE_URI'))
        emitValue(setting, 'flask-sqlalchemy', setting.value, program, emit);
    for (const call of program.calls) {
      if (call.dotted === undefined) continue;
      const connector = connectors.find(([pattern]) => pattern.test(call.dotted!));
      if (connector) emitValue(anchor(call), connector[1], call.argument(connector[2], 0), program, emit);
      const file = files.find(([pattern]) => pattern.test(call.dotted!));
      if (file) emitFile(call, file[1], file[2], program, emit);
      if (/^redis\.(?:asyncio\.)?(?:client\.)?(?:Redis|StrictRedis)$/.test(call.dotted)) {
        const address = call.argument('host', 0);
        emit('backing-service', anchor(call), { technology: 'redis', library: 'redis', embedded: false, ...(address ? { address } : {}) });
      }
    }
  },
};
