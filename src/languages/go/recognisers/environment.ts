import type { Value } from '../../../facts.ts';
import { Configuration } from '../configuration.ts';
import { type Anchor, anchor, type CallSite, type Emit, type ProgramView, type Recogniser, textOf } from '../recogniser.ts';
import { isEnvironmentReader } from '../standard-values.ts';
import type { Expression, FileSummary, Guard } from '../summary.ts';

/** Libraries that read many variables by rules of their own. */
const readers = [
  'github.com/knadh/koanf/providers/env',
  'github.com/joeshaw/envdecode',
  'github.com/alecthomas/kong',
  'github.com/peterbourgon/ff',
  'github.com/jessevdk/go-flags',
  'github.com/ory/x/configx',
  'github.com/cristalhq/aconfig',
  'github.com/traefik/paerser',
  'github.com/vrischmann/envconfig',
  'github.com/codingconcepts/env',
  'github.com/micro/go-micro',
  'github.com/gookit/config',
  'github.com/go-ozzo/ozzo-config',
];
const ending = /^(?:panic|log\.(?:Fatal|Panic)\w*|os\.Exit)$/;
const endsByName = /^(?:Fatal|Panic|Fatalf|Panicf|Fatalln|Must\w*)$/;

const mentions = (expression: Expression, name: string, depth = 0): boolean => {
  if (depth > 6) return false;
  if (expression.is === 'name' || expression.is === 'selector') return expression.name === name;
  if (expression.is === 'binary') return mentions(expression.left, name, depth + 1) || mentions(expression.right, name, depth + 1);
  if (expression.is === 'not') return mentions(expression.value, name, depth + 1);
  return expression.is === 'call' && expression.args.some((argument) => mentions(argument, name, depth + 1));
};
const contains = (expression: Expression, [line, column, endLine, endColumn]: Expression['at']): boolean => {
  const [a, b, c, d] = expression.at;
  return (a < line || (a === line && b <= column)) && (c > endLine || (c === endLine && d >= endColumn));
};

/** Guards of a file, each with what happens behind it. */
function guardsOf(summary: FileSummary): readonly { readonly guard: Guard; readonly ends: boolean }[] {
  const of = (when: readonly Guard[] | undefined, ends: boolean) => (when ?? []).slice(-1).map((guard) => ({ guard, ends }));
  return [
    ...summary.calls.flatMap(({ when, call }) => of(when, endsHere(call.callee))),
    ...summary.assignments.flatMap(({ when }) => of(when, false)),
    ...summary.functions.flatMap(({ returns }) => returns.flatMap(({ when }) => of(when, false))),
  ];
}
const endsHere = (callee: Expression): boolean => {
  if (callee.is === 'name') return callee.name === 'panic';
  return (
    callee.is === 'selector' &&
    (endsByName.test(callee.name) || (callee.name === 'Exit' && callee.of.is === 'name' && callee.of.name === 'os'))
  );
};

type Need = 'tested' | 'demanded' | 'plain';

/** What the code does with an absent variable. */
function needOf(program: ProgramView, call: CallSite): Need {
  const summary = program.summary(call.path);
  if (!summary) return 'plain';
  const { at } = call.written.call;
  const target = summary.assignments.find(({ value, result = 0 }) => result === 0 && contains(value, at));
  const name = target?.target.at(-1);
  const flag = summary.assignments.find((one) => one.result === 1 && contains(one.value, at))?.target.at(-1);
  const isIt = (test: Expression): boolean =>
    contains(test, at) || [name, flag].some((one) => one !== undefined && one !== '_' && mentions(test, one));
  const all = target && target.target.length > 1 ? program.files.flatMap((path) => guardsOf(program.summary(path)!)) : guardsOf(summary);
  const around = all.filter(({ guard }) => isIt(guard.test));
  if (around.some(({ ends }) => ends)) return 'demanded';
  return around.length > 0 || comparisonsOf(summary).some(isIt) ? 'tested' : 'plain';
}

/** `return url != ""`, `enabled := url != ""`. */
const comparisonsOf = ({ functions, assignments, calls }: FileSummary): readonly Expression[] =>
  [
    ...functions.flatMap(({ returns }) => returns.flatMap(({ values }) => values)),
    ...assignments.map(({ value }) => value),
    ...calls.flatMap(({ call }) => call.args),
  ].filter(({ is }) => is === 'binary' || is === 'not');

/** An empty text does for most variables; what names a store does not. */
const names = /(?:^|_)(?:DB|DATABASE|POSTGRES\w*|MYSQL|MONGO\w*|REDIS|RABBIT\w*|AMQP|KAFKA|DSN)(?:_|$)/;

const isParameter = (value: Value | undefined): value is Extract<Value, { is: 'parameter' }> => value?.is === 'parameter';

function emitCall(program: ProgramView, call: CallSite, wrappers: Map<string, number>, emit: Emit): void {
  const [first] = call.args;
  const written = call.written.call.args[0];
  const name = textOf(first);
  const own = call.within === undefined ? undefined : program.evaluator.functionOf(call.within);
  const index = written?.is === 'name' ? (own?.parameters.findIndex((one) => one.name === written.name) ?? -1) : -1;
  if (index >= 0 && call.within !== undefined) {
    wrappers.set(call.within, index);
    return;
  }
  if (name === undefined) {
    if (!isParameter(first)) emit('env-read', anchor(call), { name: '*', hasDefault: true, optional: true });
    return;
  }
  const need = needOf(program, call);
  const fallback = fallbackOf(program, call);
  const isDefault = program
    .summary(call.path)
    ?.calls.some((one) => isFlag(one.call.callee) && one.call.args.some((argument) => contains(argument, call.written.call.at)));
  const isNeeded = !isDefault && (need === 'demanded' || (need === 'plain' && names.test(name)));
  const optional = !isNeeded || program.isOption(call.within) || call.when.length > 0 || (call.name === 'LookupEnv' && need !== 'demanded');
  emit('env-read', anchor(call), { name, hasDefault: fallback !== undefined, optional, ...(fallback ? { fallback } : {}) });
}

/** A variable that a flag of the command line replaces. */
const isFlag = (callee: Expression): boolean =>
  callee.is === 'selector' &&
  /^(?:String|Int|Bool|Duration|Uint|Float64|Int64|StringSlice|Var|Text)(?:Var)?P?$|^Default$/.test(callee.name);

/** What stands in for a variable, by the name that it is kept under. */
function fallbackOf(program: ProgramView, call: CallSite): Value | undefined {
  const { at } = call.written.call;
  const target = program.summary(call.path)?.assignments.find(({ value }) => contains(value, at));
  const [name = ''] = target?.target ?? [];
  if (!target || target.target.length > 1) return undefined;
  const value = program.evaluator.name(name, call.path, target.within);
  return value?.is === 'env' && value.fallback && value.fallback.is !== 'unknown' ? value.fallback : undefined;
}

/** The program's own `func getEnv(key, fallback string) string`. */
function emitWrapped(program: ProgramView, wrappers: ReadonlyMap<string, number>, emit: Emit, depth = 0): void {
  const outer = new Map<string, number>();
  for (const call of program.calls) {
    const index = call.callee.is === 'function' ? wrappers.get(call.callee.id) : undefined;
    if (index === undefined || call.callee.is !== 'function') continue;
    const written = call.written.call.args[index];
    const around = call.within === undefined ? undefined : program.evaluator.functionOf(call.within);
    const passed = written?.is === 'name' ? (around?.parameters.findIndex((one) => one.name === written.name) ?? -1) : -1;
    const name = textOf(call.args[index]);
    if (passed >= 0 && call.within !== undefined) outer.set(call.within, passed);
    else if (name === undefined) emit('env-read', anchor(call), { name: '*', hasDefault: true, optional: true });
    else emitWrappedRead(program, call, call.callee.id, index, name, emit);
  }
  if (outer.size > 0 && depth < 3) emitWrapped(program, outer, emit, depth + 1);
}

function emitWrappedRead(program: ProgramView, call: CallSite, id: string, index: number, name: string, emit: Emit): void {
  const inside = program.callsWithin(id);
  const demands = inside.some(
    (one) => one.written.when !== undefined && (ending.test(one.target ?? one.name) || endsByName.test(one.name)),
  );
  const given = program.evaluator.functionOf(id)?.parameters.length ?? 1;
  const other =
    given > 1 ? call.args.find((argument, at) => at !== index && argument.is !== 'package' && argument.is !== 'function') : undefined;
  const fallback = demands || /^must/i.test(program.evaluator.functionOf(id)?.name ?? '') ? undefined : other;
  const isDemanded = demands && given <= 2;
  emit('env-read', anchor(call), {
    name,
    hasDefault: fallback !== undefined,
    optional: !isDemanded || program.isOption(call.within) || call.when.length > 0,
    ...(fallback ? { fallback } : {}),
  });
}

/** Fields and keys that libraries take from variables. */
function emitSettings(program: ProgramView, emit: Emit): void {
  const { settings } = program.evaluator;
  if (!(settings instanceof Configuration)) return;
  for (const { name, fallback, required, place } of settings.tagged()) {
    const value: Value | undefined = fallback === undefined ? undefined : { is: 'literal', value: fallback, place };
    emit('env-read', { place }, { name, hasDefault: value !== undefined, optional: !required, ...(value ? { fallback: value } : {}) });
  }
  for (const { name, place } of settings.viper?.reads ?? []) emit('env-read', { place }, { name, hasDefault: true, optional: true });
  const [automatic] = program.called('viper.AutomaticEnv', 'viper.Viper.AutomaticEnv');
  if (automatic) emit('env-read', anchor(automatic), { name: '*', hasDefault: true, optional: true });
}

/** `EnvVars: []string{"SHOP_PORT"}` of urfave/cli. */
function emitFlags(program: ProgramView, emit: Emit): void {
  const all = (at: Anchor, value: Value | undefined): void => {
    const items = value?.is === 'list' ? value.items : value?.is === 'made' ? value.args : [];
    for (const item of items) {
      const name = textOf(item);
      if (name !== undefined) emit('env-read', { ...at, place: item.place }, { name, hasDefault: true, optional: true });
    }
  };
  for (const one of program.literals) {
    if (!/^urfave\/cli(?:\/altsrc)?\.\w*Flag$/.test(one.type)) continue;
    all(one, one.field('EnvVars') ?? one.field('Sources'));
    const name = textOf(one.field('EnvVar'));
    if (name !== undefined)
      for (const part of name.split(',')) emit('env-read', one, { name: part.trim(), hasDefault: true, optional: true });
  }
  for (const call of program.calls) {
    const name = call.name === 'Envar' || call.name === 'OverrideDefaultFromEnvar' ? textOf(call.args[0]) : undefined;
    if (name !== undefined) emit('env-read', anchor(call), { name, hasDefault: true, optional: true });
  }
}

/** Variables that the program reads. `*`: all of them, or one with a computed name. */
export const environment: Recogniser = {
  id: 'environment',
  recognise(program, emit) {
    const wrappers = new Map<string, number>();
    for (const call of program.calls)
      if (call.target !== undefined && isEnvironmentReader(call.target)) emitCall(program, call, wrappers, emit);
    emitWrapped(program, wrappers, emit);
    emitSettings(program, emit);
    emitFlags(program, emit);
    const any = program.called('os.Environ', 'os.ExpandEnv', 'envconfig.Process', 'envconfig.MustProcess');
    const first = any[0]?.place ?? program.imported(...readers);
    if (first) emit('env-read', { place: first }, { name: '*', hasDefault: true, optional: true });
  },
};
