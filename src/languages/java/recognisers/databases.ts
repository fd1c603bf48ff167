import type { Condition, FactValues, Value } from '../../../facts.ts';
import { isDesk, isInternalHost, isLoopback } from '../../../text/addresses.ts';
import { type JdbcUrl, readJdbcUrl } from '../../../text/jdbc-urls.ts';
import { variableOfKey } from '../../../text/placeholders.ts';
import type { Place } from '../../../types.ts';
import { refersTo } from '../names.ts';
import { type Emit, type ProgramView, placeAt, type Recogniser, startOf } from '../recogniser.ts';
import type { Setting } from '../settings.ts';
import { inFiles } from '../views.ts';
import { filesThatAskPlatform } from './bound-services.ts';
import { givenLiteral } from './given-literals.ts';
import { poolMaxOf } from './pools.ts';

const embeddedDrivers: readonly (readonly [RegExp, string])[] = [
  [/^com\.h2database:h2$/, 'h2'],
  [/^org\.hsqldb:hsqldb$/, 'hsqldb'],
  [/^org\.apache\.derby:derby$/, 'derby'],
];
const jdbcUsers =
  /^org\.springframework\.boot:spring-boot-starter-(?:data-jpa|data-jdbc|jdbc|jooq)$|mybatis-spring-boot-starter|mybatis-plus-boot-starter/;
const urlKey =
  /^(?:spring\.datasource(?:\.[\w-]+)*\.(?:url|jdbc-url)|spring\.datasource\.url|spring\.r2dbc\.url|quarkus\.datasource\.jdbc\.url|(?:[\w-]+\.)*(?:jdbc|db|database|datasource|globals\.[\w-]+)[\w.-]*\.?url|(?:[\w-]+\.)*jdbc-?url)$/i;
/** The setting, what it names, and the library that reads it. */
const otherStores: readonly (readonly [RegExp, string, RegExp])[] = [
  [/^spring\.(?:data\.)?redis\.(?:host|url)$/, 'redis', /redis|lettuce|jedis/],
  [/^spring\.data\.mongodb\.(?:uri|host)$/, 'mongodb', /mongo/],
  [/^spring\.mongodb\.uri$/, 'mongodb', /mongo/],
  [/^spring\.rabbitmq\.(?:host|addresses)$/, 'rabbitmq', /amqp|rabbit|spring-cloud-bus/],
  [/^spring\.kafka\.bootstrap-servers$/, 'kafka', /kafka/],
  [/^spring\.(?:data\.)?elasticsearch\.(?:uris|rest\.uris|client\.reactive\.endpoints)$/, 'elasticsearch', /elasticsearch/],
  [/^spring\.data\.cassandra\.contact-points$/, 'cassandra', /cassandra/],
];
const anyDatabase = /jdbc|jpa|jooq|mybatis|hibernate|mysql|mariadb|postgres|oracle|mssql|h2database|liquibase|flyway/;

/** What a config server gives to all programs concerns those that have a library for it. */
const concerns = ({ place }: Setting, library: RegExp, { modules, dependency }: ProgramView): boolean =>
  modules.some(({ root }) => root === '' || place.path.startsWith(`${root}/`)) || dependency(library) !== undefined;

/** The literal of a setting, also behind a placeholder with a default. */
const literalOf = (value: Value): string | undefined => {
  if (value.is === 'literal') return String(value.value);
  if (value.is === 'env') return value.fallback && literalOf(value.fallback);
  if (value.is !== 'text') return undefined;
  const parts = value.parts.map(literalOf);
  return parts.every((part) => part !== undefined) ? parts.join('') : undefined;
};

/** A JDBC URL keeps its variables: only its form changes. */
function addressOf(setting: Setting, view: ProgramView, jdbc: JdbcUrl): Value {
  const written = view.settings.written(setting);
  if (written.is === 'literal') return { is: 'literal', value: jdbc.address, place: setting.place };
  return { is: 'env', name: 'SPRING_DATASOURCE_URL', fallback: stripJdbc(written), place: setting.place };
}
const stripJdbc = (value: Value): Value =>
  value.is === 'text' && value.parts[0]?.is === 'literal'
    ? { ...value, parts: [{ ...value.parts[0], value: String(value.parts[0].value).replace(/^jdbc:/, '') }, ...value.parts.slice(1)] }
    : value;

function emitUrl(setting: Setting, view: ProgramView, emit: Emit): void {
  const text = literalOf(view.settings.written(setting)) ?? setting.text.replace(/\$\{[^}]*\}/g, 'x');
  const jdbc =
    readJdbcUrl(text.replace(/^"|"$/g, '')) ??
    (text.startsWith('r2dbc:') ? readJdbcUrl(text.replace(/^r2dbc:(?:pool:)?/, 'jdbc:')) : undefined);
  if (!jdbc) return;
  const poolMax = jdbc.embedded ? undefined : poolMaxOf(setting, view);
  const value: FactValues['backing-service'] = {
    technology: jdbc.technology,
    library: 'the datasource',
    embedded: jdbc.embedded,
    ...(jdbc.embedded ? {} : { address: addressOf(setting, view, jdbc) }),
    ...(jdbc.database && !jdbc.embedded ? { database: { is: 'literal', value: jdbc.database, place: setting.place } } : {}),
    ...(poolMax ? { poolMax } : {}),
  };
  emit('backing-service', setting.place, value, { when: jdbc.embedded ? [...setting.when, unlessGiven(setting.key)] : setting.when });
}

/** A deployment that gives the address replaces the database that the artefact brings. */
const unlessGiven = (key: string): Condition => ({ env: variableOfKey(key), test: 'unset' });

const serverDrivers: readonly (readonly [RegExp, string])[] = [
  [/^(?:mysql:mysql-connector-java|com\.mysql:mysql-connector-j)$/, 'mysql'],
  [/^org\.postgresql:postgresql$/, 'postgresql'],
  [/^org\.mariadb\.jdbc:mariadb-java-client$/, 'mariadb'],
  [/^com\.microsoft\.sqlserver:mssql-jdbc$/, 'mssql'],
  [/^com\.oracle\.(?:database\.)?jdbc:/, 'oracle'],
];
/** A driver on the class path: the address comes from the platform. */
function emitDrivers(view: ProgramView, emit: Emit, urls: readonly Setting[]): void {
  if (!view.boot || !view.dependency(jdbcUsers)) return;
  for (const [pattern, technology] of serverDrivers) {
    const driver = view.dependency(pattern);
    if (!driver) continue;
    // A URL among the settings says more of the pool.
    const poolMax =
      urls.length === 0 ? poolMaxOf({ key: 'spring.datasource.url', text: '', place: driver.place, when: [] }, view) : undefined;
    const value = { technology, library: 'JDBC', embedded: false, ...(poolMax ? { poolMax } : {}) };
    emit('backing-service', driver.place, value, { confidence: 'guess' });
  }
}

const ownSources = inFiles(({ methods }) => methods.filter(({ method }) => method.returns === 'DataSource'));

const bringsProfiles = /^spring\.profiles\.(?:include|group\.[\w.-]+)(?:\[\d+\])?$/;
/** The driver of a server beside settings that nobody committed, all of them or those of a profile that is included: they say which of the two it is. */
function isSaidElsewhere(view: ProgramView): boolean {
  if (!serverDrivers.some(([pattern]) => view.dependency(pattern))) return false;
  const { all } = view.settings;
  const here = new Set(all.flatMap(({ profile }) => profile ?? []));
  const isMissing = (name: string): boolean => /^[\w-]+$/.test(name) && name !== 'default' && !here.has(name);
  const named = view.settings.matching(bringsProfiles).flatMap(({ text }) => text.split(','));
  return all.length === 0 || named.some((name) => isMissing(name.trim()));
}

/** Boot makes an embedded database of the driver on the class path when no URL is set. */
function emitDefault(view: ProgramView, emit: Emit, urls: readonly Setting[]): void {
  if (!view.boot || !view.dependency(jdbcUsers) || ownSources(view).length > 0) return;
  if (urls.some(({ profile, key }) => profile === undefined && key.startsWith('spring.datasource'))) return;
  if (urls.length === 0 && isSaidElsewhere(view)) return;
  const when = urls.flatMap(({ profile }) => (profile === undefined ? [] : view.settings.unless(profile)));
  for (const [pattern, technology] of embeddedDrivers) {
    const driver = view.dependency(pattern);
    if (!driver) continue;
    // `spring.jpa.database` says it where somebody wrote it down.
    const named = view.settings.of('spring.jpa.database').find(({ text }) => text.toLowerCase().startsWith(technology.slice(0, 4)));
    emit(
      'backing-service',
      named?.place ?? driver.place,
      { technology, library: 'Spring Boot', embedded: true },
      { when: [...when, unlessGiven('spring.datasource.url')], confidence: 'likely' },
    );
    return;
  }
}

const embeddedTypes: Readonly<Record<string, string>> = { H2: 'h2', HSQL: 'hsqldb', HSQLDB: 'hsqldb', DERBY: 'derby' };

const builders = inFiles(({ file, methods }) =>
  methods.flatMap((view) => {
    const made = view.method.creations.find(({ type }) =>
      refersTo(file, type, 'org.springframework.jdbc.datasource.embedded.EmbeddedDatabaseBuilder'),
    );
    return made ? [{ view, at: made.at }] : [];
  }),
);

/** The machine itself, a number, or a name of the own network; whatever else is in code may be a stand-in. */
export const isMachine = (host: string): boolean =>
  isLoopback(host) || isDesk(host) || /^\d{1,3}(?:\.\d{1,3}){3}$/.test(host) || (isInternalHost(host) && host.includes('.'));

/** Calls that take the URL of a database. */
export const openers = new Set(['getConnection', 'setUrl', 'setURL', 'setJdbcUrl', 'setJdbcURL', 'url', 'connect']);

function emitBuilders(view: ProgramView, emit: Emit): void {
  const asking = filesThatAskPlatform(view);
  for (const { view: method, at } of builders(view)) {
    // One that a bean makes for itself inside is no database of the service.
    if (!view.isBean(method) || !/^$|DataSource|Database|Jdbc/.test(method.method.returns ?? '')) continue;
    const type = method.method.calls.find(({ name }) => name === 'setType')?.args[0];
    const technology = embeddedTypes[type?.is === 'name' ? type.path.at(-1)! : 'HSQL'] ?? 'hsqldb';
    const place = placeAt(method.path, [at[0], at[1], at[0], at[1] + 3]);
    emit('backing-service', place, { technology, library: 'Spring', embedded: true }, { within: method.id });
  }
  for (const call of view.callsNamed(...openers)) {
    const given = givenLiteral(call.call.args[0], call, view);
    const text = given?.text;
    // `jdbc:derby:;shutdown=true` ends a database.
    const jdbc = text === undefined || /;\s*shutdown=true/i.test(text) ? undefined : readJdbcUrl(text);
    const place: Place = placeAt(call.path, call.call.at);
    if (jdbc?.embedded) emit('backing-service', place, { technology: jdbc.technology, library: 'JDBC', embedded: true });
    else if (jdbc) {
      emit('backing-service', place, {
        technology: jdbc.technology,
        library: 'JDBC',
        embedded: false,
        address: { is: 'literal', value: jdbc.address, place },
      });
      if (jdbc.host && isMachine(jdbc.host))
        emit(
          'endpoint',
          given!.place,
          {
            host: jdbc.host,
            ...(jdbc.port === undefined ? {} : { port: jdbc.port }),
            scheme: jdbc.technology,
            overridable: asking.has(call.path),
            role: 'database',
          },
          { within: call.id },
        );
    }
  }
}

/** `jdbcUrl = "jdbc:sqlite:shop.db"`, `DB_URL = "jdbc:sqlite:" + path`: texts that are set, not passed. */
const writtenUrls = inFiles(({ path, methods }) =>
  methods.flatMap(({ method }) =>
    method.assignments.flatMap(({ target, value }) => {
      const first = value?.is === 'sum' ? value.parts[0] : value;
      if (!/url|src|jdbc/i.test(target.at(-1)!) || first?.is !== 'text' || !value) return [];
      const jdbc = readJdbcUrl(value.is === 'sum' ? `${first.value}data` : first.value);
      return jdbc?.embedded ? [{ technology: jdbc.technology, place: startOf(path, value.at) }] : [];
    }),
  ),
);

const comparing =
  /^(?:startsWith|endsWith|contains|equals|equalsIgnoreCase|matches|replace|indexOf|info|debug|warn|error|trace|println|format)$/;
/** `connectTo("jdbc:h2:mem:shop", "sa", "")`: handed to a method of the program that opens it. */
const handedUrls = inFiles(({ path, calls }) =>
  calls.flatMap(({ call, id }) => {
    if (comparing.test(call.name) || openers.has(call.name)) return [];
    return call.args.flatMap((argument) => {
      const jdbc = argument.is === 'text' && argument.value.startsWith('jdbc:') ? readJdbcUrl(argument.value) : undefined;
      return jdbc?.embedded ? [{ technology: jdbc.technology, place: startOf(path, argument.at), within: id }] : [];
    });
  }),
);

/** `@DataSourceDefinition`: a datasource that the server makes for the archive; H2 and its like have a class or a URL. */
const definitions = inFiles(({ path, types }) =>
  types.flatMap(({ type }) =>
    type.annotations.flatMap(({ name, args: { url, className }, at }) => {
      if (!/(?:^|\.)DataSourceDefinition$/.test(name)) return [];
      const jdbc = url?.is === 'text' ? readJdbcUrl(url.value) : undefined;
      const driver = className?.is === 'text' ? /^org\.(?:apache\.)?(h2|hsqldb|derby)\b(?!.*Client)/.exec(className.value)?.[1] : undefined;
      const technology = jdbc ? (jdbc.embedded ? jdbc.technology : undefined) : driver;
      return technology ? [{ technology, place: startOf(path, at) }] : [];
    }),
  ),
);

/** `Globals.DbType = hsql` chooses among the datasources of Spring's XML. */
function emitChosenTypes(view: ProgramView, emit: Emit): void {
  const technologies: Readonly<Record<string, string>> = { hsql: 'hsqldb', hsqldb: 'hsqldb', h2: 'h2', derby: 'derby' };
  for (const { key, text, place } of view.settings.matching(/(?:^|\.)(?:db|database)[-_]?type$/i)) {
    // One file for each dialect describes what may be chosen; it chooses nothing.
    if (new Set(view.settings.of(key).map((other) => other.text)).size > 1) continue;
    const technology = Object.hasOwn(technologies, text.toLowerCase()) ? technologies[text.toLowerCase()]! : undefined;
    if (technology) emit('backing-service', place, { technology, library: `\`${key}\``, embedded: true });
  }
}

/** Datasources and other stores: their settings by profile, embedded databases, those that code builds. */
export const databases: Recogniser = {
  text: ['EmbeddedDatabaseBuilder', '"jdbc:', 'DataSource', 'DriverManager'],
  recognise(view, emit) {
    const urls = view.settings.matching(urlKey);
    for (const setting of urls) if (concerns(setting, anyDatabase, view)) emitUrl(setting, view, emit);
    emitDefault(view, emit, urls);
    emitDrivers(view, emit, urls);
    emitBuilders(view, emit);
    emitChosenTypes(view, emit);
    for (const { technology, place } of writtenUrls(view))
      emit('backing-service', place, { technology, library: 'JDBC', embedded: true }, { confidence: 'likely' });
    for (const { technology, place, within } of handedUrls(view))
      emit('backing-service', place, { technology, library: 'JDBC', embedded: true }, { confidence: 'likely', within });
    for (const { technology, place } of definitions(view))
      emit('backing-service', place, { technology, library: '@DataSourceDefinition', embedded: true });
    for (const setting of view.settings.all) {
      const [, technology, library] = otherStores.find(([pattern]) => pattern.test(setting.key)) ?? [];
      if (technology && concerns(setting, library!, view))
        emit(
          'backing-service',
          setting.place,
          { technology, library: 'Spring Boot', embedded: false, address: view.settings.value(setting) },
          { when: setting.when },
        );
    }
  },
};
