import { isTested } from '../options.ts';
import { anchor, type CallSite, type Recogniser } from '../recogniser.ts';

const changes: readonly (readonly [RegExp, string])[] = [
  [/^gorm\.(?:DB|Migrator\(\))\.AutoMigrate$/, 'gorm'],
  [/^github\.com\/golang-migrate\/migrate\.Migrate\.(?:Up|Migrate|Steps)$/, 'golang-migrate'],
  [/^github\.com\/pressly\/goose\.(?:Up\w*|Run\w*|Provider\.Up\w*)$/, 'goose'],
  [/^github\.com\/rubenv\/sql-migrate\.(?:Exec\w*|MigrationSet\.Exec\w*)$/, 'sql-migrate'],
  [/^xorm\.io\/xorm\.Engine\.Sync2?$/, 'xorm'],
];
/** `client.Schema.Create(ctx)` of ent. */
const isEnt = ({ name, written: { call } }: CallSite): boolean =>
  name === 'Create' && call.callee.is === 'selector' && call.callee.of.is === 'selector' && call.callee.of.name === 'Schema';

/** Changes of the schema that the program makes when it starts. */
export const schemaChanges: Recogniser = {
  id: 'schema-changes',
  recognise(program, emit) {
    for (const call of program.calls) {
      const library = changes.find(([pattern]) => pattern.test(call.target ?? ''))?.[1] ?? (isEnt(call) ? 'ent' : undefined);
      if (library === undefined || !program.runsAtStart(call.within)) continue;
      // Some option decides: a command that only migrates, a switch.
      if (call.when.length === 0 && (isTested(call.written.when) || program.isOption(call.within))) continue;
      emit('schema-change', anchor(call), { library, how: call.name });
    }
  },
};
