import { type CallSite, type Recogniser, textOf } from '../recogniser.ts';
import { dottedOf } from '../value-shapes.ts';
import { anchor } from './servers.ts';

/** What a call does to the schema of a database. */
function changeOf(call: CallSite): { readonly library: string; readonly how: string } | undefined {
  const { dotted = '', name } = call;
  if (/^flask_sqlalchemy\.(?:\w+\.)?SQLAlchemy\(\)\.create_all$/.test(dotted)) return { library: 'flask-sqlalchemy', how: 'create_all' };
  if (/(?:^|\.)metadata\.create_all$/.test(dotted))
    return { library: dotted.startsWith('sqlmodel') ? 'sqlmodel' : 'sqlalchemy', how: 'create_all' };
  if (/^alembic\.command\.upgrade$/.test(dotted)) return { library: 'alembic', how: 'upgrade' };
  if (/^flask_migrate\.upgrade$/.test(dotted)) return { library: 'flask-migrate', how: 'upgrade' };
  if (/^tortoise\.Tortoise\.generate_schemas$/.test(dotted)) return { library: 'tortoise', how: 'generate_schemas' };
  if (/^django\.core\.management\.call_command$/.test(dotted) && textOf(call.args[0]) === 'migrate')
    return { library: 'django', how: 'migrate' };
  // `conn.run_sync(Base.metadata.create_all)`.
  if (name === 'run_sync' && call.args.some((argument) => isCreateAll(dottedOf(argument))))
    return { library: 'sqlalchemy', how: 'create_all' };
  if (name === 'create_all' && isMetadata(call)) return { library: 'sqlalchemy', how: 'create_all' };
  return undefined;
}
const isCreateAll = (dotted: string | undefined): boolean => /(?:^|\.)metadata\.create_all$/.test(dotted ?? '');
/** `Base.metadata.create_all(engine)` of a base that was not traced. */
const isMetadata = ({ written: { call } }: CallSite): boolean =>
  call.callee.is === 'attribute' && call.callee.of.is === 'attribute' && call.callee.of.name === 'metadata';

/** Changes of the schema that the program makes when it starts. */
export const schemaChanges: Recogniser = {
  id: 'schema-changes',
  recognise(program, emit) {
    for (const call of program.calls) {
      const change = changeOf(call);
      if (change && program.runsAtStart(call.within)) emit('schema-change', anchor(call), change);
    }
  },
};
