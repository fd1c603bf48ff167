import { schemaStatement } from '../../../text/schema-statements.ts';
import { type CallView, importsFrom, type MethodView, refersTo } from '../names.ts';
import { annotationOf, type Emit, type ProgramView, placeAt, type Recogniser } from '../recogniser.ts';
import type { Expression } from '../summary.ts';
import { idOf } from '../views.ts';

const ddlKey =
  /(?:^|\.)(?:spring\.jpa\.hibernate\.ddl-auto|hibernate\.hbm2ddl\.auto|quarkus\.hibernate-orm\.database\.generation|quarkus\.hibernate-orm\.schema-management\.strategy|(?:javax|jakarta)\.persistence\.schema-generation\.database\.action)$/;
const changes = /^(?:create|create-drop|create-only|update|drop-and-create)$/i;

/** With only an embedded database, every copy makes its own anyway. */
function settingChanges(view: ProgramView): readonly { readonly how: string; readonly setting: ProgramView['settings']['all'][number] }[] {
  return view.settings.all.flatMap((setting) => {
    const { key, text } = setting;
    if (ddlKey.test(key) && changes.test(text.trim())) return [{ how: `${key}=${text.trim()}`, setting }];
    if (key === 'spring.jpa.generate-ddl' && /^true$/i.test(text)) return [{ how: `${key}=true`, setting }];
    const isInit = (key === 'spring.sql.init.mode' || key === 'spring.datasource.initialization-mode') && /^always$/i.test(text);
    return isInit ? [{ how: `${key}=always`, setting }] : [];
  });
}

/** A class of an archive that requests ask for sessions of the database. */
const isUsedByRequests = (call: CallView, view: ProgramView): boolean =>
  view.needsServer && call.type.methods.some((method) => view.answersRequest({ ...call, method, id: idOf(call.path, call.type, method) }));

/** `properties.put("hibernate.hbm2ddl.auto", "update")`, also by the constant of Hibernate. */
function emitProperties(view: ProgramView, emit: Emit): void {
  for (const call of view.callsNamed('put', 'setProperty', 'property', 'applySetting', 'addProperty')) {
    const [key, value] = call.call.args;
    const isConstant = key?.is === 'name' && key.path.at(-1) === 'HBM2DDL_AUTO';
    if (!value || !(isConstant || (key?.is === 'text' && ddlKey.test(key.value)))) continue;
    if (!view.isBean(call) && !isUsedByRequests(call, view)) continue;
    const text = view.names.text(value, call);
    if (text !== undefined && changes.test(text))
      emit('schema-change', placeAt(call.path, call.call.at), { library: 'JPA', how: `hbm2ddl.auto=${text}` }, { within: call.id });
  }
}

/** `Flyway.configure().….load().migrate()`, also by a variable that holds it. */
function isFlyway(call: CallView, view: ProgramView): boolean {
  const type = view.names.typeOf(call.call.on, call);
  if (type !== undefined) return refersTo(call.file, type, 'org.flywaydb.core.Flyway');
  const { on } = call.call;
  const held = on?.is === 'name' && on.path.length === 1 ? view.names.variable(call, on.path[0]!)?.value : on;
  const root = rootOf(held);
  return root?.is === 'name' && refersTo(call.file, root.path.join('.'), 'org.flywaydb.core.Flyway');
}
function rootOf(expression: Expression | undefined): Expression | undefined {
  let current = expression;
  for (let depth = 0; current?.is === 'call' && depth < 20; depth++) current = current.on;
  return current;
}

/** Where a bean or the start of the program migrates. */
const migrates = (view: ProgramView): readonly CallView[] =>
  atStart(
    view.callsNamed('migrate').filter((call) => isFlyway(call, view)),
    view,
  );

/** Functions that `ktor.application.modules` lists, whatever they are called. */
function isStartOfKtor(view: ProgramView): (method: MethodView) => boolean {
  const listed = new Set(view.settings.matching(/^ktor\.application\.modules(?:\[\d+\])?$/).map(({ text }) => text));
  return ({ name, method }) => listed.has(`${name}.${method.name}`);
}

function atStart(calls: readonly CallView[], view: ProgramView): readonly CallView[] {
  if (calls.every((call) => view.isBean(call))) return calls;
  const isListed = isStartOfKtor(view);
  const starts = view.methods.filter((one) => one.method.name === 'main' || one.method.name === 'module' || isListed(one));
  const reached = new Set(view.calledFrom(starts).map(({ id }) => id));
  return calls.filter((call) => view.isBean(call) || reached.has(call.id));
}

/** `SchemaUtils.create(Orders)` of Exposed, also in the `init` of a class. */
function emitExposed(view: ProgramView, emit: Emit): void {
  const calls = view
    .callsNamed('create', 'createMissingTablesAndColumns')
    .filter(
      ({ call: { on }, file }) => on?.is === 'name' && on.path.at(-1) === 'SchemaUtils' && importsFrom(file, 'org.jetbrains.exposed'),
    );
  const reached = new Set(atStart(calls, view));
  for (const call of calls)
    if (reached.has(call) || call.method.name === '<instance>')
      emit(
        'schema-change',
        placeAt(call.path, call.call.at),
        { library: 'Exposed', how: `SchemaUtils.${call.call.name}` },
        { within: call.id },
      );
}

/** `new Liquibase(changes, resources, database)` that `update` is called on; a lambda may be handed it. */
const isLiquibase = (call: CallView, { names }: ProgramView): boolean => {
  if (!importsFrom(call.file, 'liquibase.Liquibase')) return false;
  const { on } = call.call;
  const type = names.typeOf(on, call);
  if (type !== undefined) return refersTo(call.file, type, 'liquibase.Liquibase');
  return on?.is === 'name' && on.path.length === 1 && names.variable(call, on.path[0]!) === undefined;
};
function emitLiquibase(view: ProgramView, emit: Emit): void {
  const calls = view.callsNamed('update').filter((call) => isLiquibase(call, view));
  for (const call of atStart(calls, view))
    emit('schema-change', placeAt(call.path, call.call.at), { library: 'Liquibase', how: 'update()', locks: true }, { within: call.id });
}

const startMethods = /^(?:main|module|contextInitialized|afterPropertiesSet|<static>)$/;
/** `statement.executeUpdate("CREATE TABLE …")`, where nothing but the start of the program leads to it. */
function emitStatements(view: ProgramView, emit: Emit): void {
  const calls = view.callsNamed('execute', 'executeUpdate', 'update', 'batchUpdate').flatMap((call) => {
    const text = call.call.args.length === 1 ? view.names.text(call.call.args[0], call) : undefined;
    const how = text === undefined ? undefined : schemaStatement(text);
    return how === undefined ? [] : [{ call, how }];
  });
  // What moves data from one system to another is run once.
  if (calls.length === 0 || /migrat|seed|(?:^|[/-])(?:tools?|setup)(?:[/-]|$)/i.test(view.module.root)) return;
  const starts = view.methods.filter(
    ({ method, type }) =>
      startMethods.test(method.name) ||
      annotationOf(method, 'PostConstruct') !== undefined ||
      (method.name === 'run' && type.interfaces.some((one) => /^(?:CommandLineRunner|ApplicationRunner)$/.test(one))),
  );
  const reached = new Set(view.calledFrom(starts).map(({ id }) => id));
  for (const { call, how } of calls)
    if (reached.has(call.id)) emit('schema-change', placeAt(call.path, call.call.at), { library: 'SQL', how }, { within: call.id });
}

/** What frameworks run by themselves when it is on the class path, unless a setting forbids it. */
const migrators: readonly { readonly library: string; readonly artifact: RegExp; readonly off: RegExp }[] = [
  {
    library: 'Flyway',
    artifact: /^org\.flywaydb:flyway-core$|^org\.springframework\.boot:spring-boot-starter-flyway$/,
    off: /^(?:spring\.)?flyway\.enabled$/,
  },
  {
    library: 'Liquibase',
    artifact: /^org\.liquibase:liquibase-core$|^org\.springframework\.boot:spring-boot-starter-liquibase$/,
    off: /^(?:spring\.)?liquibase\.enabled$/,
  },
];
const migratesAtStart = /^quarkus\.(flyway|liquibase)(?:\.[\w"-]+)?\.migrate-at-start$/;

/** Micronaut migrates each data source that its module finds among the settings. */
const micronautMigrators: readonly (readonly [RegExp, RegExp, string])[] = [
  [/^io\.micronaut\.flyway:micronaut-flyway$/, /^flyway\.datasources\.([\w-]+)\./, 'Flyway'],
  [/^io\.micronaut\.liquibase:micronaut-liquibase$/, /^liquibase\.datasources\.([\w-]+)\./, 'Liquibase'],
];
function emitMicronaut(view: ProgramView, emit: Emit): void {
  for (const [artifact, key, library] of micronautMigrators) {
    if (!view.dependency(artifact)) continue;
    const settings = view.settings.matching(key).filter(({ profile }) => profile !== 'dev' && profile !== 'test');
    const isOff = settings.some((one) => /\.enabled$/.test(one.key) && /^false$/i.test(one.text));
    const [first] = settings;
    if (first && !isOff) emit('schema-change', first.place, { library, how: 'at start', locks: true }, { when: first.when });
  }
}

/** `new SpringLiquibase()` of a bean, and a bean of Flyway that the container asks to migrate: in programs without Spring Boot. */
function emitBeans(view: ProgramView, emit: Emit): void {
  for (const { path, file, method, id } of view.methods) {
    const bean = annotationOf(method, 'Bean');
    if (!bean) continue;
    const made = method.creations.find(({ type }) => refersTo(file, type, 'liquibase.integration.spring.SpringLiquibase'));
    const isOff = method.calls.some(({ name, args }) => name === 'setShouldRun' && args[0]?.is === 'flag' && !args[0].value);
    if (made && !isOff)
      emit('schema-change', placeAt(path, made.at), { library: 'Liquibase', how: 'at start', locks: true }, { within: id });
    const { initMethod } = bean.args;
    if (initMethod?.is === 'text' && initMethod.value === 'migrate' && refersTo(file, method.returns ?? '', 'org.flywaydb.core.Flyway'))
      emit('schema-change', placeAt(path, bean.at), { library: 'Flyway', how: 'migrate()', locks: true }, { within: id });
  }
}

const dropsFirst = /^spring\.liquibase\.drop-?first$/i;

/** They take a lock, so that copies wait for each other: it still happens in each copy that starts. */
function emitByThemselves(view: ProgramView, emit: Emit): void {
  for (const setting of view.settings.matching(migratesAtStart)) {
    const library = setting.key.includes('flyway') ? 'Flyway' : 'Liquibase';
    if (/^true$/i.test(setting.text) && setting.profile !== 'dev' && setting.profile !== 'test')
      emit('schema-change', setting.place, { library, how: 'migrate-at-start', locks: true }, { when: setting.when });
  }
  emitMicronaut(view, emit);
  if (!view.boot) return emitBeans(view, emit);
  for (const { library, artifact, off } of migrators) {
    const dependency = view.dependency(artifact);
    if (!dependency || view.settings.matching(off).some(({ text }) => /^false$/i.test(text))) continue;
    emit('schema-change', dependency.place, { library, how: 'at start', locks: true }, { confidence: 'likely' });
    // No lock helps those that still use what is dropped.
    for (const { place, text, when, profile } of library === 'Liquibase' ? view.settings.matching(dropsFirst) : [])
      if (/^true$/i.test(text) && /^prod|^$/i.test(profile ?? '')) emit('schema-change', place, { library, how: 'drop-first' }, { when });
  }
}

/** Schemas that are made or changed when the program starts. */
export const schemaChanges: Recogniser = {
  text: [
    'org.flywaydb',
    'liquibase',
    'hbm2ddl',
    'HBM2DDL_AUTO',
    'SchemaUtils.create',
    'CREATE TABLE',
    'create table',
    'ALTER TABLE',
    'alter table',
    // What the start of a program leads to is followed from there.
    'fun main(',
    'void main(',
    'contextInitialized',
    'PostConstruct',
    'CommandLineRunner',
    'ApplicationRunner',
  ],
  recognise(view, emit) {
    for (const { how, setting } of settingChanges(view))
      emit('schema-change', setting.place, { library: 'JPA', how }, { when: setting.when });
    emitProperties(view, emit);
    emitExposed(view, emit);
    emitStatements(view, emit);
    emitLiquibase(view, emit);
    const migrations = migrates(view);
    for (const call of migrations)
      emit('schema-change', placeAt(call.path, call.call.at), { library: 'Flyway', how: 'migrate()' }, { within: call.id });
    if (migrations.length === 0) emitByThemselves(view, emit);
  },
};
