import type { Condition, Value } from '../../../facts.ts';
import type { Confidence, Place } from '../../../types.ts';
import type { CallSite, Emit, ProgramView, Recogniser } from '../recogniser.ts';
import { addressAmong, alternatives, anchored, given, type Options, objectsOf, option, textOf } from './databases-options.ts';
import { pathValue } from './file-writes-paths.ts';

/** Libraries that speak to several kinds of databases. From the documentation of each. */
interface Mapper {
  readonly made: RegExp;
  /** Options that name the kind of database. */
  readonly kind: readonly string[];
  /** Options that name the file of an embedded database. */
  readonly file: readonly string[];
  readonly address: readonly string[];
  readonly pool?: { readonly options: readonly string[]; readonly size?: number };
}
const plain = /^(?:default)?$/;
const typeOrm: Omit<Mapper, 'made'> = {
  kind: ['type'],
  file: ['database'],
  address: ['url', 'host'],
  pool: { options: ['extra.max', 'extra.connectionLimit', 'poolSize'], size: 10 },
};
const sequelize: Omit<Mapper, 'made'> = {
  kind: ['dialect'],
  file: ['storage'],
  address: ['url', 'host'],
  pool: { options: ['pool.max'], size: 5 },
};
const mikroOrm: Omit<Mapper, 'made'> = {
  kind: ['type', 'driver'],
  file: ['dbName'],
  address: ['clientUrl', 'host'],
  pool: { options: ['pool.max'] },
};

export const mappers: Readonly<Record<string, Mapper>> = {
  sequelize: { ...sequelize, made: /^(?:Sequelize|default)?$/ },
  'sequelize-typescript': { ...sequelize, made: /^Sequelize$/ },
  '@nestjs/sequelize': { ...sequelize, made: /^SequelizeModule\.forRoot(?:Async)?$/ },
  typeorm: { ...typeOrm, made: /^(?:DataSource|createConnections?)$/ },
  '@nestjs/typeorm': { ...typeOrm, made: /^TypeOrmModule\.forRoot(?:Async)?$/ },
  knex: {
    made: /^(?:default|knex|Knex)?$/,
    kind: ['client', 'dialect'],
    file: ['connection.filename', 'connection'],
    address: ['connection.connectionString', 'connection.host', 'connection'],
    pool: { options: ['pool.max'], size: 10 },
  },
  '@mikro-orm/core': { ...mikroOrm, made: /^MikroORM\.init$/ },
  '@mikro-orm/nestjs': { ...mikroOrm, made: /^MikroOrmModule\.forRoot(?:Async)?$/ },
  waterline: { made: plain, kind: ['adapter'], file: ['filename'], address: ['url', 'host'] },
};

const technologies: readonly (readonly [RegExp, string])[] = [
  [/^cockroach/, 'cockroachdb'],
  [/^(?:pg|postgres|postgresql|redshift)\b|^PostgreSql|^pg-native$/, 'postgresql'],
  [/^maria/i, 'mariadb'],
  [/^(?:mysql|mysql2)$|^MySql/, 'mysql'],
  [/sqlite|^sqljs$/i, 'sqlite'],
  [/^(?:mssql|tedious)$|^MsSql/, 'mssql'],
  [/^oracle/, 'oracle'],
  [/^mongo(?:db)?/i, 'mongodb'],
];
/** The technology that a dialect, driver or URL scheme names. */
export const technologyNamed = (name: string): string | undefined => technologies.find(([pattern]) => pattern.test(name))?.[1];
const schemeOf = (url: string | undefined): string | undefined => /^([a-z][a-z0-9+]{1,20}):/.exec(url ?? '')?.[1];

interface NamedKind {
  readonly technology: string;
  readonly when: readonly Condition[];
  readonly place: Place;
}
/** What `kind` comes to: `'postgres'`, a driver class, a knex client class. */
const kindName = (value: Value): string | undefined => textOf(value) ?? (value.is === 'package' ? value.path.split('.').at(-1) : undefined);

interface Configuration {
  readonly call: CallSite;
  readonly mapper: Mapper;
  readonly options: Options | undefined;
}

function emitKind(
  { call, mapper, options }: Configuration,
  { technology, when, place }: NamedKind,
  confidence: Confidence,
  program: ProgramView,
  emit: Emit,
): void {
  const object = options?.object;
  const embedded = technology === 'sqlite';
  const conditions = [...(options?.when ?? []), ...when];
  // One of several kinds stands where it is named.
  const at = (more: readonly Condition[] = []) => ({
    ...anchored(call, [...conditions, ...more]),
    ...(conditions.length > 0 ? { place } : {}),
  });
  const base = { technology, library: call.package ?? '', embedded };
  if (embedded) {
    const file = option(object, ...mapper.file) ?? (/^sqlite:/.test(textOf(call.args[0]) ?? '') ? call.args[0] : undefined);
    for (const named of file ? alternatives(file) : [{ value: undefined, when: [] }]) {
      const isFile = named.value !== undefined && named.value.is !== 'object';
      const memory = !isFile || /:memory:$/.test(textOf(named.value) ?? '');
      const address = isFile && named.value ? pathValue(named.value, program.root) : undefined;
      emit('backing-service', at(named.when), { ...base, inMemory: memory, ...given({ address }) }, confidence);
    }
    return;
  }
  const poolMax = mapper.pool && option(object, ...mapper.pool.options);
  const named = call.args.length >= 3 && textualArgument(call.args[0]);
  emit(
    'backing-service',
    at(),
    {
      ...base,
      ...given({
        address: named ? option(object, ...mapper.address) : (addressAmong(call) ?? option(object, ...mapper.address)),
        database: named ? call.args[0] : option(object, 'database', 'connection.database', 'dbName'),
        poolMax,
      }),
      ...(mapper.pool?.size && !poolMax && object?.open !== true ? { defaultPoolMax: mapper.pool.size } : {}),
    },
    confidence,
  );
}
const textualArgument = (value: Value | undefined): boolean => value !== undefined && value.is !== 'object' && value.is !== 'function';

/** The kinds that one set of options may name: by the option, else by the scheme of the address. */
function emitConfiguration(configuration: Configuration, program: ProgramView, emit: Emit): void {
  const { call, mapper, options } = configuration;
  const kind = option(options?.object, ...mapper.kind);
  const named = alternatives(kind).flatMap(({ value, when }): NamedKind[] => {
    const technology = technologyNamed(kindName(value) ?? '');
    return technology ? [{ technology, when, place: value.place }] : [];
  });
  if (named.length === 0 && !kind) {
    const address = addressAmong(call) ?? option(options?.object, ...mapper.address);
    for (const { value, when } of alternatives(address)) {
      const technology = technologyNamed(schemeOf(textOf(value.is === 'text' ? value.parts[0] : value)) ?? '');
      if (technology) named.push({ technology, when, place: value.place });
    }
  }
  const isOpen = new Set(named.map(({ technology }) => technology)).size > 1 && named.some(({ when }) => when.length === 0);
  for (const choice of named) emitKind(configuration, choice, isOpen ? 'guess' : 'certain', program, emit);
}

/** Every set of options that mappers get, for what else they tell. */
export function mapperOptions(program: ProgramView): Configuration[] {
  return Object.entries(mappers).flatMap(([name, mapper]) =>
    program
      .callsOf(name)
      .filter((call) => mapper.made.test(call.path) && call.how !== 'decorator')
      .flatMap((call): Configuration[] => {
        const found = call.args.flatMap((argument) => [
          ...(argument.is === 'list' ? argument.items : [argument]).flatMap((item) => objectsOf(item, program)),
        ]);
        return (found.length > 0 ? found : [undefined]).map((options) => ({ call, mapper, options }));
      }),
  );
}

/** Databases that object mappers and query builders are configured for. */
export const databaseMappers: Recogniser = {
  id: 'databases-orm',
  packages: Object.keys(mappers),
  recognise(program, emit) {
    for (const configuration of mapperOptions(program)) emitConfiguration(configuration, program, emit);
  },
};
