import type { Condition, Value } from '../../../facts.ts';
import type { CallSite, Emit, ProgramView, Recogniser } from '../recogniser.ts';
import { moduleOf } from '../values.ts';
import { alternatives, anchored, option } from './databases-options.ts';
import { mapperOptions } from './databases-orm.ts';
import { functionName, topName } from './function-names.ts';
import { runsByItself, runsForRequests } from './request-code.ts';

/** Calls that change the schema, by their way from the package. Table definitions (`Model.sync`) count as well. */
const changes: Readonly<Record<string, RegExp>> = {
  sequelize: /^(?:(?:Sequelize|default)?\(\)\.sync|.*\(\)(?:\.define\(\))?\.sync)$/,
  'sequelize-typescript': /^Sequelize\(\)\.sync$/,
  typeorm: /(?:^|\.)(?:runMigrations|synchronize)$/,
  knex: /(?:^|\.)migrate\.(?:latest|up)$/,
  '@mikro-orm/core':
    /(?:^|\.)(?:getMigrator\(\)\.up|getSchemaGenerator\(\)\.(?:updateSchema|createSchema|refreshDatabase)|schema\.(?:update|refreshDatabase))$/,
  'drizzle-orm': /(?:^|\.)migrator\.migrate$/,
  umzug: /(?:^|\.)(?:Umzug|default)?\(\)\.up$/,
  'node-pg-migrate': /^(?:default|runner)?$/,
  'postgres-migrations': /^migrate$/,
  'db-migrate': /\.up$/,
  'migrate-mongo': /^(?:default\.)?up$/,
  postgrator: /\.migrate$/,
  '@databases/pg-migrations': /^default$/,
  marv: /\.migrate$/,
  kysely: /(?:^|\.)Migrator\(\)\.(?:migrateToLatest|migrateUp)$/,
  migrate: /^(?:default\.)?load$/,
};

const isTrue = (value: Value): boolean => value.is === 'literal' && value.value === true;

/** A statement of SQL that makes or changes tables, in a query of a driver. */
const drivers = ['pg', 'mysql', 'mysql2', 'postgres', 'mariadb', 'mssql', 'pg-promise', '@neondatabase/serverless'];
const definition = /^\s*(?:create\s+table|alter\s+table|create\s+(?:unique\s+)?index|drop\s+table)\b/i;
const sqlOf = (call: CallSite): string => {
  const [first] = call.args;
  const text = first?.is === 'text' ? first.parts[0] : first?.is === 'object' ? option(first, 'text', 'sql') : first;
  return text?.is === 'literal' && typeof text.value === 'string' ? text.value : '';
};

/** What a request asks for (an admin's button) is no start, nor is a function that nobody calls. */
const atStart = (call: CallSite, program: ProgramView): boolean =>
  call.within === undefined ||
  (!runsForRequests(program).has(call.within) && !isLeft(call.within, program) && !isCommand(call.within, program));

const commandLibrary = /(?:\bfrom|\brequire\()\s*['"](?:yargs|commander|@oclif\/core|cac|nest-commander)['"]/;
/** A function of a module of commands, which people run by hand. */
const isCommand = (id: string, program: ProgramView): boolean =>
  !runsByItself(program).has(id) && commandLibrary.test(program.text(moduleOf(id)) ?? '');

const comment = /^\s*(?:\/\/|\/?\*)/;
/** A plain function of the module whose every call is gone or commented out. */
function isLeft(id: string, program: ProgramView): boolean {
  const name = runsByItself(program).has(id) ? undefined : topName(id, program);
  if (name === undefined || !/^\w+$/.test(name)) return false;
  const used = new RegExp(`(?<!function\\s)\\b${name}\\s*\\(|[(,=:]\\s*${name}\\s*[,;)]|\\b${name}\\b[^(]*\\.(?:then|call|apply|bind)\\b`);
  return !program.files.some(
    (path) => program.text(path)?.includes(name) && program.lines(path).some((line) => !comment.test(line) && used.test(line)),
  );
}

function emitStatements(program: ProgramView, emit: Emit): void {
  for (const call of program.callsOf(...drivers)) {
    if (/(?:^|\.)(?:query|execute|none|unsafe|batch)$/.test(call.path) && definition.test(sqlOf(call)) && atStart(call, program))
      emit('schema-change', anchored(call), { library: call.package ?? '', how: 'CREATE TABLE' });
  }
}

/** `connection.migrate.latest()` of Knex on what a method or a parameter gives: nothing else is called like that. */
function emitHandedKnex(program: ProgramView, emit: Emit): void {
  if (!program.dependencies.has('knex')) return;
  for (const call of program.callsNamed('latest')) {
    const before = (program.lines(call.namePlace.path)[call.namePlace.line - 1] ?? '').slice(0, call.namePlace.column - 1);
    if (!call.package && before.endsWith('.migrate.') && atStart(call, program))
      emit('schema-change', anchored(call), { library: 'knex', how: 'latest' });
  }
}

/** `runMigrations(client)`, `migrateDatabase()`. */
const ownRunner = /^(?:run|apply|execute|perform)?_?(?:all|db|database|pending)?_?migrat(?:e|ions?)_?(?:all|db|database|up|to_?latest)?$/i;
const readsFiles = /\breadFile(?:Sync)?\b/;
const runsText = /\.\s?(?:query|exec|execute|unsafe|none|raw|batch)\s?\(/;

/** A runner of the program's own, which reads files of SQL and runs them. */
function emitOwnRunners(program: ProgramView, emit: Emit): void {
  for (const call of program.calls) {
    if (call.how !== 'call' || call.callee.is !== 'function') continue;
    const name = functionName(call.callee.id, program) ?? '';
    if (!ownRunner.test(name) || (call.within !== undefined && !runsByItself(program).has(call.within))) continue;
    const path = moduleOf(call.callee.id);
    const text = program.text(path) ?? '';
    if (!/\.sql\b/.test(text) || !readsFiles.test(text) || !runsText.test(text)) continue;
    const locks = /\bpg_(?:try_)?advisory_|\bget_lock\s?\(|\block\s+table\b/i.test(text);
    emit('schema-change', anchored(call), { library: path.split('/').at(-1)!, how: name, ...(locks ? { locks } : {}) });
  }
}

const runnerPackages = ['child_process', 'execa', 'cross-spawn', 'shelljs', 'zx'];
/** Command lines of migration tools, as people start them from code. */
const migrationCommand =
  /\b(?:prisma(?:@[\w.]+)? (?:migrate deploy|db push)|sequelize(?:-cli)? db:migrate|knex migrate:(?:latest|up)|typeorm(?:-ts-node-\w+)? migration:run|drizzle-kit (?:push|migrate)|node-pg-migrate up)\b/;
const textOf = (value: Value | undefined): string =>
  value?.is === 'literal'
    ? String(value.value)
    : value?.is === 'text'
      ? value.parts.map(textOf).join('')
      : value?.is === 'list'
        ? value.items.map(textOf).join(' ')
        : '';

/** `execSync('npx prisma migrate deploy')`, `spawn('npx', ['prisma', 'migrate', 'deploy'])`. */
function emitCommands(program: ProgramView, emit: Emit): void {
  for (const call of program.callsOf(...runnerPackages)) {
    const found = migrationCommand.exec(call.args.slice(0, 2).map(textOf).join(' ').slice(0, 500))?.[0];
    if (found && atStart(call, program)) emit('schema-change', anchored(call), { library: call.package ?? '', how: found });
  }
}

/** The variable that a value is: `process.env.DB_SYNC`, `configService.get('DB_SYNC')`. */
function configKey(value: Value, program: ProgramView): string | undefined {
  if (value.is === 'env') return value.fallback ? undefined : value.name;
  const { path, line, column, endLine, endColumn } = value.place;
  if (line !== endLine || value.is === 'literal') return undefined;
  const text = program.lines(path)[line - 1]?.slice(column - 1, endColumn - 1) ?? '';
  return /^(?:this\.)?\w*config\w*\.get(?:OrThrow)?(?:<\w+>)?\(\s*['"]([A-Z][A-Z0-9_]*)['"]\s*\)$/i.exec(text.slice(0, 200))?.[1];
}

/** `synchronize: true` and `migrationsRun: true` of TypeORM, alone or under conditions. */
function emitOptions(program: ProgramView, emit: Emit): void {
  for (const { call, options } of mapperOptions(program)) {
    if (!/typeorm|nestjs\/sequelize/.test(call.package ?? '')) continue;
    for (const name of ['synchronize', 'migrationsRun']) {
      for (const { value, when } of alternatives(option(options?.object, name))) {
        const asked = configKey(value, program);
        if (!(isTrue(value) || asked) || !options) continue;
        const given: readonly Condition[] = asked === undefined ? [] : [{ env: asked, test: 'equals', value: 'true' }];
        emit(
          'schema-change',
          { ...anchored(call, [...options.when, ...when, ...given]), place: value.place },
          { library: call.package ?? '', how: `${name}: true` },
        );
      }
    }
  }
}

/** Schema changes that the program makes when it starts. */
export const schemaChanges: Recogniser = {
  id: 'schema-changes',
  packages: [...Object.keys(changes), ...drivers, ...runnerPackages, '@nestjs/typeorm', '@nestjs/sequelize'],
  methods: ['sync', 'runMigrations', 'latest'],
  text: [/\.\s*(?:sync|runMigrations|migrate\.latest)\s*\(/],
  recognise(program, emit) {
    for (const [library, path] of Object.entries(changes)) {
      for (const call of program.callsOf(library)) {
        if (call.how !== 'decorator' && path.test(call.path) && atStart(call, program))
          emit('schema-change', anchored(call), { library, how: call.name || library });
      }
    }
    emitHandedKnex(program, emit);
    emitOptions(program, emit);
    emitOwnRunners(program, emit);
    emitStatements(program, emit);
    emitCommands(program, emit);
  },
};
