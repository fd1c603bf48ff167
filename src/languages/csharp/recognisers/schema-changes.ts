import type { CallView, MethodView } from '../names.ts';
import { type Emit, type ProgramView, placeAt, placeOf, type Recogniser } from '../recogniser.ts';
import type { Expression, Guard } from '../summary.ts';
import { serverPlace } from './servers.ts';

const changes = ['Migrate', 'MigrateAsync', 'EnsureCreated', 'EnsureCreatedAsync', 'EnsureDeleted', 'EnsureDeletedAsync'];
const runners: Readonly<Record<string, string>> = { MigrateUp: 'FluentMigrator', PerformUpgrade: 'DbUp' };

const asksArguments = (test: Expression, depth = 0): boolean => {
  if (depth > 8) return false;
  switch (test.is) {
    case 'call':
      return [test.on, ...test.args].some((part) => part && (isArguments(part) || asksArguments(part, depth + 1)));
    case 'compare':
      return [test.left, test.right].some((part) => asksArguments(part, depth + 1));
    case 'and':
    case 'or':
      return asksArguments(test.left, depth + 1) || asksArguments(test.right, depth + 1);
    case 'index':
    case 'member':
      return isArguments(test.of) || asksArguments(test.of, depth + 1);
    case 'name':
      return test.path.length > 1 && test.path[0] === 'args';
    default:
      return false;
  }
};
const isArguments = (part: Expression): boolean => part.is === 'name' && part.path[0] === 'args';

const asks = (when: readonly Guard[] | undefined): boolean => (when ?? []).some(({ test, holds }) => holds && asksArguments(test));

/** `if (args.Contains("--migrate"))` around it or around each call of its method: a server starts without it. */
const isAskedFor = (view: ProgramView, one: CallView): boolean => asks(one.written.when) || isReachedWhenAsked(view, one);
function isReachedWhenAsked(view: ProgramView, method: MethodView, depth = 0): boolean {
  const callers = depth > 6 ? [] : view.graph.callersOf(method.id).filter(({ caller }) => view.runsAtStart(caller));
  return (
    callers.length > 0 &&
    callers.length <= 6 &&
    callers.every(
      ({ caller, call }) => asks(caller.method.calls.find((one) => one.call === call)?.when) || isReachedWhenAsked(view, caller, depth + 1),
    )
  );
}

/** A program that ends once the schema is there is a step of a release. */
const isStep = (view: ProgramView): boolean =>
  /migrat|seed|dbup|setup|upgrade/i.test(view.project.dotnet.assembly) || view.callsNamed('StopApplication').length > 0;

/** Serves, or works on: not a tool that is run once. */
const keepsRunning = (view: ProgramView): boolean =>
  serverPlace(view) !== undefined ||
  view.callsNamed('AddHostedService').length > 0 ||
  view.methods.some((one) => one.isOwn && view.runsAtStart(one) && one.method.loops.length > 0);

/** Initialisers of Entity Framework 6 that make or change the schema; types of the program build on them. */
const initialisers = /^(?:CreateDatabaseIfNotExists|DropCreateDatabase\w*|MigrateDatabaseToLatestVersion)$/;
function emitInitialisers(view: ProgramView, emit: Emit): void {
  for (const call of view.callsNamed('SetInitializer')) {
    const [given] = call.call.args;
    if (given?.is !== 'new') continue;
    const name = given.type.slice(given.type.lastIndexOf('.') + 1);
    const bases = view.names.find(given.type, call).flatMap((one) => view.names.basesOf(one));
    if (![name, ...bases].some((one) => initialisers.test(one.slice(one.lastIndexOf('.') + 1)))) continue;
    const how = `SetInitializer(${name})`;
    emit('schema-change', placeOf(call), { library: 'Entity Framework', how }, { when: view.conditions(call), within: call.id });
    return;
  }
}

const isDatabase = ({ call }: Pick<CallView, 'call'>): boolean =>
  (call.on?.is === 'name' && call.on.path.at(-1) === 'Database') || (call.on?.is === 'member' && call.on.name === 'Database');

function emitStatements(view: ProgramView, emit: Emit): void {
  for (const one of view.running.filter((method) => view.runsAtStart(method)))
    for (const { target, value, at } of one.method.assignments) {
      const text = target.at(-1) === 'CommandText' && value ? view.evaluator.text(value, one) : undefined;
      if (text !== undefined && /^\s{0,50}(?:create|alter)\s{1,20}table\b/i.test(text))
        emit(
          'schema-change',
          placeAt(one.path, at),
          { library: 'SQL', how: /^\s*create/i.test(text) ? 'CREATE TABLE' : 'ALTER TABLE' },
          { within: one.id },
        );
    }
}

/** `public ShopContext(…) { Database.EnsureCreated(); }`: each copy asks when it first needs its database. */
function emitOfContexts(view: ProgramView, emit: Emit): void {
  const registered = new Set(
    view
      .callsNamed('AddDbContext', 'AddDbContextPool', 'AddDbContextFactory')
      .flatMap(({ call }) => call.types.map((type) => type.slice(type.lastIndexOf('.') + 1))),
  );
  for (const one of view.methods) {
    const { method, type, path } = one;
    if (method.name !== '<new>' || !registered.has(type.name) || view.runsAtStart(one)) continue;
    for (const { call, when } of method.calls)
      if (changes.includes(call.name) && isDatabase({ call }))
        emit(
          'schema-change',
          placeAt(path, call.nameAt),
          { library: 'EF Core', how: `${call.name}()` },
          { when: view.evaluator.conditions(when, one), within: one.id },
        );
  }
}

/** `SchemaAction = SchemaAutoAction.Update`, `new SchemaUpdate(configuration).Execute(false, true)` of NHibernate. */
function emitNHibernate(view: ProgramView, emit: Emit): void {
  for (const one of view.running.filter((method) => view.runsAtStart(method))) {
    for (const { target, value, at } of one.method.assignments) {
      const action = target.at(-1) === 'SchemaAction' && value?.is === 'name' ? value.path.at(-1)! : '';
      if (/^(?:Update|Create|Recreate)$/.test(action))
        emit('schema-change', placeAt(one.path, at), { library: 'NHibernate', how: `SchemaAutoAction.${action}` }, { within: one.id });
    }
    for (const { call } of one.method.calls) {
      const made = call.on?.is === 'new' && /^Schema(?:Update|Export)$/.test(call.on.type) ? call.on.type : undefined;
      if (made && /^(?:Execute|Create)(?:Async)?$/.test(call.name))
        emit('schema-change', placeAt(one.path, call.nameAt), { library: 'NHibernate', how: `${made}.${call.name}()` }, { within: one.id });
    }
  }
}

/** Schemas that a program makes or changes when it starts. */
export const schemaChanges: Recogniser = {
  text: [
    ...changes,
    ...Object.keys(runners),
    'CommandText',
    'SetInitializer',
    'CreateDatabaseIfNotExists',
    'DropCreateDatabase',
    'MigrateDatabaseToLatestVersion',
    'SchemaAction',
    'SchemaUpdate',
    'SchemaExport',
  ],
  recognise(view, emit) {
    if (isStep(view) || !keepsRunning(view)) return;
    for (const call of view.callsNamed(...changes))
      if (isDatabase(call) && view.runsAtStart(call) && !isAskedFor(view, call))
        emit(
          'schema-change',
          placeOf(call),
          { library: 'EF Core', how: `${call.call.name}()` },
          { when: view.conditions(call), within: call.id },
        );
    for (const call of view.callsNamed(...Object.keys(runners)))
      if (view.runsAtStart(call) && !isAskedFor(view, call))
        emit(
          'schema-change',
          placeOf(call),
          { library: runners[call.call.name]!, how: `${call.call.name}()` },
          { when: view.conditions(call), within: call.id },
        );
    emitInitialisers(view, emit);
    emitStatements(view, emit);
    emitNHibernate(view, emit);
    emitOfContexts(view, emit);
  },
};
