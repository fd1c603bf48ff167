import type { Value } from '../../../facts.ts';
import { schemaStatement } from '../../../text/schema-statements.ts';
import type { Place } from '../../../types.ts';
import { functionsOf } from '../call-graph.ts';
import { isTested } from '../options.ts';
import { alternativesOf, anchor, type CallSite, type ProgramView, type Recogniser } from '../recogniser.ts';
import type { Expression } from '../summary.ts';
import { placeAt } from '../value-shapes.ts';

const changes: readonly (readonly [RegExp, string])[] = [
  [/^gorm\.(?:DB|Migrator)\.AutoMigrate$/, 'gorm'],
  [/^github\.com\/golang-migrate\/migrate\.Migrate\.(?:Up|Migrate|Steps)$/, 'golang-migrate'],
  [/^github\.com\/pressly\/goose\.(?:Up\w*|Run\w*|Provider\.Up\w*)$/, 'goose'],
  [/^github\.com\/rubenv\/sql-migrate\.(?:Exec\w*|MigrationSet\.Exec\w*)$/, 'sql-migrate'],
  [/^xorm\.io\/xorm\.Engine\.Sync2?$/, 'xorm'],
];
/** Libraries that run a list of steps; a step may use any of the others. */
const runners: readonly (readonly [RegExp, string])[] = [
  [/^src\.techknowlogick\.com\/xormigrate\.Xormigrate\.Migrate$/, 'xormigrate'],
  [/^github\.com\/go-gormigrate\/gormigrate\.Gormigrate\.Migrate(?:To)?$/, 'gormigrate'],
];
/** What stands in a step runs where the list of steps is run, which may be a command of its own. */
const stepTypes = ['github.com/go-gormigrate/gormigrate.Migration', 'src.techknowlogick.com/xormigrate.Migration'];
const stepsOf = (program: ProgramView): ReadonlySet<string> =>
  new Set(stepTypes.flatMap((type) => program.literalsOf(type)).flatMap((step) => functionsOf(step.field('Migrate'))));

/** `client.Schema.Create(ctx)` of ent. */
const isEnt = ({ name, written: { call } }: CallSite): boolean =>
  name === 'Create' && call.callee.is === 'selector' && call.callee.of.is === 'selector' && call.callee.of.name === 'Schema';
interface Change {
  readonly library: string;
  readonly how: string;
}
/** `db.Exec("CREATE TABLE IF NOT EXISTS …")`, of whatever driver. */
function statementOf({ name, args }: CallSite): Change | undefined {
  if (!/^(?:Must)?Exec(?:Context)?$/.test(name)) return undefined;
  const how = args
    .slice(0, 2)
    .flatMap((argument) => alternativesOf(argument))
    .map(({ value }) => schemaStatement(beginningOf(value)))
    .find((one) => one !== undefined);
  return how === undefined ? undefined : { library: 'SQL', how };
}
const beginningOf = (value: Value): string => {
  const first = value.is === 'text' ? value.parts[0] : value;
  return first?.is === 'literal' && typeof first.value === 'string' ? first.value : '';
};
function changeOf(call: CallSite): Change | undefined {
  const library = [...runners, ...changes].find(([pattern]) => pattern.test(call.target ?? ''))?.[1] ?? (isEnt(call) ? 'ent' : undefined);
  return library === undefined ? statementOf(call) : { library, how: call.name };
}

/** Both branches of one test change the schema: `if isMySQL { … } else { … }`. */
function hasOtherBranch(call: CallSite, all: readonly CallSite[]): boolean {
  const own = call.written.when?.at(-1);
  return all.some((other) => {
    const guard = other.written.when?.at(-1);
    return other !== call && other.within === call.within && guard?.test === own?.test && guard?.holds !== own?.holds;
  });
}

const aboutSchema = /migrat|schema|auto|sync/i;
const namesSchema = (test: Expression, depth = 0): boolean => {
  if (depth > 4) return false;
  if (test.is === 'name') return aboutSchema.test(test.name);
  if (test.is === 'selector') return aboutSchema.test(test.name);
  if (test.is === 'not') return namesSchema(test.value, depth + 1);
  if (test.is === 'call') return namesSchema(test.callee, depth + 1);
  return test.is === 'binary' && (namesSchema(test.left, depth + 1) || namesSchema(test.right, depth + 1));
};
/** `if !config.AutoMigrate { return nil }` before it. */
function mayEndBefore(call: CallSite, program: ProgramView): boolean {
  const own = call.within === undefined ? undefined : program.evaluator.functionOf(call.within);
  return (own?.returns ?? []).some(
    ({ values, when }) =>
      values[0] !== undefined &&
      values[0].at[0] < call.place.line &&
      (when ?? []).some((guard) => isTested([guard]) && namesSchema(guard.test)),
  );
}

/** The call of the start that leads to a function, where one alone does. */
function startOf(program: ProgramView, id: string | undefined): Place | undefined {
  let found: Place | undefined;
  for (let at = id, steps = 0; at !== undefined && steps < 6; steps++) {
    const [only, ...others] = program.evaluator.callers(at);
    if (!only || others.length > 0) return found;
    found = placeAt(only.path, only.call.at);
    at = only.within === undefined ? undefined : `${only.path}#${only.within}`;
  }
  return found;
}

function withChange(call: CallSite, program: ProgramView): readonly (readonly [CallSite, Change])[] {
  if (!program.runsAtStart(call.within)) return [];
  const change = changeOf(call);
  return change ? [[call, change]] : [];
}

/** Changes of the schema that the program makes when it starts. */
export const schemaChanges: Recogniser = {
  id: 'schema-changes',
  recognise(program, emit) {
    const found = new Map(program.calls.flatMap((call) => withChange(call, program)));
    const steps = found.size > 0 ? stepsOf(program) : new Set<string>();
    const all = [...found.keys()].filter(({ within }) => within === undefined || !steps.has(within));
    const isRun = ({ target = '' }: CallSite): boolean => runners.some(([pattern]) => pattern.test(target));
    const told = all.some(isRun) ? all.filter(isRun) : all;
    for (const call of told) {
      const isChosen = isTested(call.written.when) && !hasOtherBranch(call, all);
      // Some option decides: a command that only migrates, a switch.
      if (call.when.length === 0 && (isChosen || program.isOption(call.within))) continue;
      if (mayEndBefore(call, program)) continue;
      const from = startOf(program, call.within);
      emit('schema-change', anchor(call), { ...found.get(call)!, ...(from ? { from } : {}) });
    }
  },
};
