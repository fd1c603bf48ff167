import type { Value } from '../../../facts.ts';
import { schemaStatement } from '../../../text/schema-statements.ts';
import { alternativesOf, type CallSite, type ProgramView, type Recogniser, textOf } from '../recogniser.ts';
import type { Expression } from '../summary.ts';
import { dottedOf } from '../value-shapes.ts';
import { anchor } from './servers.ts';

/** What a call does to the schema of a database. */
function changeOf(call: CallSite, program: ProgramView): { readonly library: string; readonly how: string } | undefined {
  const { dotted = '', name } = call;
  if (/^flask_sqlalchemy\.(?:\w+\.)?SQLAlchemy\(\)\.create_all$/.test(dotted)) return { library: 'flask-sqlalchemy', how: 'create_all' };
  if (/(?:^|\.)metadata\.create_all$/.test(dotted))
    return { library: dotted.startsWith('sqlmodel') ? 'sqlmodel' : 'sqlalchemy', how: 'create_all' };
  if (/^alembic\.command\.upgrade$/.test(dotted)) return { library: 'alembic', how: 'upgrade' };
  if (/^flask_migrate\.upgrade$/.test(dotted)) return { library: 'flask-migrate', how: 'upgrade' };
  if (/^tortoise\.Tortoise\.generate_schemas$/.test(dotted)) return { library: 'tortoise', how: 'generate_schemas' };
  if (/^django\.core\.management\.call_command$/.test(dotted) && textOf(call.args[0]) === 'migrate')
    return { library: 'django', how: 'migrate' };
  // `conn.run_sync(Base.metadata.create_all)`, also of a base that is a class of the program.
  if (name === 'run_sync' && (call.args.some((argument) => isCreateAll(dottedOf(argument))) || handsCreateAll(call)))
    return { library: 'sqlalchemy', how: 'create_all' };
  if (name === 'create_all' && isMetadata(call)) return { library: 'sqlalchemy', how: 'create_all' };
  return statementOf(call, program);
}
/** `cursor.execute('CREATE TABLE IF NOT EXISTS …')`, of a driver or by `text()` of SQLAlchemy. */
function statementOf(call: CallSite, program: ProgramView): { readonly library: string; readonly how: string } | undefined {
  const { name, dotted = '' } = call;
  if (!/^(?:execute|executescript|execute_async|execute_query|execute_script|exec_driver_sql)$/.test(name)) return undefined;
  if (/^(?:aio)?sqlite3?\./.test(dotted)) return undefined;
  const how = statements(call, program)
    .flatMap((one) => alternativesOf(one))
    .map(({ value }) => schemaStatement(beginningOf(value)))
    .find((one) => one !== undefined);
  return how === undefined ? undefined : { library: 'SQL', how };
}
/** Also each of a list: `for statement in statements: cursor.execute(statement)`. */
function statements({ args, written, within }: CallSite, program: ProgramView): readonly Value[] {
  const [first] = written.call.args;
  if (first?.is !== 'name' || !written.looped) return args.slice(0, 1);
  const over = program.assigned(first.name).find((one) => one.own.how === 'loop' && one.within === within);
  const list = over && program.evaluator.value(over.own.value, over.path, over.own.within);
  return list?.is === 'list' ? list.items.slice(0, 50) : args.slice(0, 1);
}
function beginningOf(value: Value, depth = 0): string {
  if (value.is === 'text') return value.parts[0] ? beginningOf(value.parts[0], depth + 1) : '';
  if (value.is === 'made' && depth < 3 && /(?:^|\.)(?:text|SQL)$/.test(dottedOf(value.callee) ?? ''))
    return value.args[0] ? beginningOf(value.args[0], depth + 1) : '';
  return value.is === 'literal' && typeof value.value === 'string' ? value.value : '';
}
const isCreateAll = (dotted: string | undefined): boolean => /(?:^|\.)metadata\.create_all$/.test(dotted ?? '');
/** `Base.metadata.create_all(engine)` of a base that was not traced. */
const isMetadata = ({ written: { call } }: CallSite): boolean =>
  call.callee.is === 'attribute' && call.callee.of.is === 'attribute' && call.callee.of.name === 'metadata';
const handsCreateAll = ({ written: { call } }: CallSite): boolean =>
  call.args.some((one) => one.is === 'attribute' && one.name === 'create_all' && one.of.is === 'attribute' && one.of.name === 'metadata');

/** `@app.cli.command('deploy')`, `@manager.command`: the name under which the command line knows the function. */
function commandName(decorator: Expression, own: string): string | undefined {
  const callee = decorator.is === 'call' ? decorator.callee : decorator;
  if (callee.is !== 'attribute' || callee.name !== 'command') return undefined;
  const [first] = decorator.is === 'call' ? decorator.args : [];
  // Click writes the name of the function with dashes.
  return first?.is === 'literal' && typeof first.value === 'string' ? first.value : own.replaceAll('_', '-');
}

/** Commands of the program's own command line, with the functions that each may call. */
const ownCommands = (program: ProgramView): readonly { readonly name: string; readonly reach: ReadonlySet<string> }[] =>
  program.functions.flatMap(({ id, own }) => {
    const name = own.decorators.map((decorator) => commandName(decorator, own.name)).find((one) => one !== undefined);
    return name === undefined ? [] : [{ name, reach: program.reached([id]) }];
  });

/** Changes of the schema that the program makes when it starts, or that a command of its own makes. */
export const schemaChanges: Recogniser = {
  id: 'schema-changes',
  recognise(program, emit) {
    const later: { readonly call: CallSite; readonly change: NonNullable<ReturnType<typeof changeOf>> }[] = [];
    for (const call of program.calls) {
      const change = changeOf(call, program);
      if (!change) continue;
      if (program.runsAtStart(call.within)) emit('schema-change', anchor(call), change);
      else later.push({ call, change });
    }
    if (later.length === 0) return;
    for (const { name, reach } of ownCommands(program))
      for (const { call, change } of later)
        if (call.within !== undefined && reach.has(call.within)) emit('schema-change', anchor(call), { ...change, command: name });
  },
};
