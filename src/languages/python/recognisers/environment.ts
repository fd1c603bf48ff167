import type { Value } from '../../../facts.ts';
import { isSettingsClass, settingsPrefix } from '../class-bases.ts';
import {
  type AssignmentView,
  type CallSite,
  type ClassView,
  type Emit,
  isNone,
  type ProgramView,
  type Recogniser,
  textOf,
} from '../recogniser.ts';
import { isEnvironmentReader } from '../standard-values.ts';
import type { Around, Expression } from '../summary.ts';
import { dottedOf, placeAt, splitId } from '../value-shapes.ts';
import { anchor } from './servers.ts';

/** Libraries that read many variables by rules of their own. */
const readers = [
  'dynaconf',
  'environs',
  'prettyconf',
  'hydra',
  'goodconf',
  'configargparse',
  'omegaconf',
  'everett',
  'confuse',
  'configobj',
  'airflow',
];

/** Where absence is handled: a test, an exception that is caught, `get` without a use of its own. */
function copes(call: CallSite): boolean {
  return call.written.tried === true || call.when.length > 0;
}

/** Reads by a call: `os.getenv('A')`, `config('A', default=…)`, `env.str('A')`. */
function emitCalls(program: ProgramView, emit: Emit): void {
  for (const call of program.calls) {
    if (call.dotted === undefined || !isEnvironmentReader(call.dotted)) continue;
    const [first, second] = call.args;
    const name = textOf(first);
    if (name === undefined) {
      if (!isParameter(first)) emit('env-read', anchor(call), { name: '*', hasDefault: true, optional: true });
      continue;
    }
    const fallback = call.named('default') ?? second;
    const isGet = call.dotted.startsWith('os.');
    const hasDefault = fallback !== undefined && !(isNone(fallback) && isGet) && fallback.is !== 'package' && call.name !== 'setdefault';
    emit('env-read', anchor(call), {
      name,
      hasDefault: hasDefault || call.name === 'setdefault',
      optional: copes(call) || isNone(fallback) || (isGet && isTested(program, call)),
      ...(hasDefault ? { fallback } : {}),
    });
  }
}

const isParameter = (value: Value | undefined): boolean => value?.is === 'parameter';

/** The program's own `def env(name, default=None): return os.environ.get(name, default)`. */
function emitWrapped(program: ProgramView, emit: Emit): void {
  const wrappers = new Map<string, number>();
  const note = (value: Value | undefined): void => {
    if (value?.is === 'parameter') wrappers.set(value.function, value.index);
  };
  for (const call of program.calls) if (call.dotted !== undefined && isEnvironmentReader(call.dotted)) note(call.args[0]);
  for (const path of program.files)
    for (const { item, within } of program.summary(path)?.items ?? [])
      if (isEnviron(program.evaluator.value(item.of, path, within))) note(program.evaluator.value(item.key, path, within));
  for (const call of program.calls) {
    const index = call.callee.is === 'function' ? wrappers.get(call.callee.id) : undefined;
    if (index === undefined || call.callee.is !== 'function') continue;
    const own = program.evaluator.functionOf(call.callee.id);
    const offset = own?.class === undefined ? 0 : 1;
    const name = textOf(call.argument(own?.parameters[index]?.name ?? '', index - offset));
    if (name === undefined) emit('env-read', anchor(call), { name: '*', hasDefault: true, optional: true });
    else emit('env-read', anchor(call), { name, hasDefault: true, optional: true });
  }
}

/** The result is compared, or stands in `a or b`: absence was thought of. */
function isTested(program: ProgramView, call: CallSite): boolean {
  const at = call.written.call.at;
  const summary = program.summary(call.path);
  const holds = (expression: Expression | undefined, depth = 0): boolean => {
    if (!expression || depth > 8) return false;
    if (expression.is === 'or' || expression.is === 'and') return contains(expression.left, at) || holds(expression.right, depth + 1);
    if (expression.is === 'conditional') return contains(expression, at);
    if (expression.is === 'compare' || expression.is === 'not') return contains(expression, at);
    if (expression.is === 'call') {
      const inner = [expression.callee, ...expression.args, ...Object.values(expression.named)];
      return inner.some((one) => holds(one, depth + 1));
    }
    if (expression.is === 'attribute') return holds(expression.of, depth + 1);
    if (expression.is === 'list') return expression.items.some((item) => holds(item, depth + 1));
    return false;
  };
  const guards = (one: Around): boolean => (one.when ?? []).some(({ test }) => contains(test, at));
  const target = summary?.assignments.find(({ value }) => contains(value, at));
  if (target && (holds(target.value) || allowsNone(target.type))) return true;
  if (summary?.calls.some((one) => standsIn(one.call, at))) return true;
  // `if os.getenv('A'):`, and a name that is tested before it is used.
  if ([...(summary?.calls ?? []), ...(summary?.assignments ?? [])].some(guards)) return true;
  const name = target?.target.at(-1);
  return name !== undefined && isTestedName(program, name, target!.target.length === 1 ? call.path : undefined);
}

/** `log_file: Optional[str] = os.getenv('LOG_FILE')`, `str | None`: its annotation says that it may be missing. */
const allowsNone = (type: Expression | undefined): boolean =>
  type !== undefined && type.is === 'item' && /"Optional"/.test(JSON.stringify(type.of));

/** `{'key': 'MAIL_HOST', 'default': os.environ.get('MAIL_HOST')}`, `Field(default=os.getenv('A'))`: it stands in for something else. */
function standsIn(expression: Expression, at: Expression['at'], depth = 0): boolean {
  if (depth > 6 || !contains(expression, at)) return false;
  const isDefault = (name: string): boolean => /^(?:default|fallback|initial)(?:_value)?$/i.test(name);
  if (expression.is === 'dict')
    return expression.entries.some(({ key, value }) => contains(value, at) && (isDefault(key) || standsIn(value, at, depth + 1)));
  if (expression.is === 'list') return expression.items.some((item) => standsIn(item, at, depth + 1));
  if (expression.is !== 'call') return false;
  const named = Object.entries(expression.named).some(
    ([name, value]) => contains(value, at) && (isDefault(name) || standsIn(value, at, depth + 1)),
  );
  return named || expression.args.some((argument) => standsIn(argument, at, depth + 1));
}

const tested = new WeakMap<ProgramView, ReadonlySet<string>>();
/** Names that conditions of the program ask. */
function isTestedName(program: ProgramView, name: string, _path: string | undefined): boolean {
  let names = tested.get(program);
  if (!names) {
    const found = new Set<string>();
    const collect = (expression: Expression, depth = 0): void => {
      if (depth > 6) return;
      if (expression.is === 'name' || expression.is === 'attribute') found.add(expression.name);
      else if (expression.is === 'item' && expression.key.is === 'literal') found.add(String(expression.key.value));
      else if (expression.is === 'not') collect(expression.value, depth + 1);
      else if (expression.is === 'compare' || expression.is === 'and' || expression.is === 'or') {
        collect(expression.left, depth + 1);
        collect(expression.right, depth + 1);
      } else if (expression.is === 'call') for (const argument of expression.args) collect(argument, depth + 1);
    };
    for (const path of program.files) {
      const summary = program.summary(path);
      for (const one of [
        ...(summary?.calls ?? []),
        ...(summary?.assignments ?? []),
        ...(summary?.functions ?? []).flatMap(({ returns }) => returns),
      ])
        for (const { test } of one.when ?? []) collect(test);
    }
    names = found;
    tested.set(program, names);
  }
  return names.has(name);
}

const contains = (expression: Expression, [line, column, endLine, endColumn]: Expression['at']): boolean => {
  const [a, b, c, d] = expression.at;
  return (a < line || (a === line && b <= column)) && (c > endLine || (c === endLine && d >= endColumn));
};

const isEnviron = (value: Value): boolean => value.is === 'package' && value.package === 'os' && value.path === 'environ';

/** `os.environ['A']`, and `os.environ` handed over as a whole. */
function emitItems(program: ProgramView, emit: Emit): void {
  for (const path of program.files) {
    const summary = program.summary(path);
    for (const { item, within, when, tried } of summary?.items ?? []) {
      if (!isEnviron(program.evaluator.value(item.of, path, within))) continue;
      const key = program.evaluator.value(item.key, path, within);
      const at = {
        place: placeAt(path, item.at),
        when: program.evaluator.conditions(when, path, within),
        ...(within === undefined ? {} : { within: `${path}#${within}` }),
      };
      const isAssigned = summary?.assignments.some((one) => one.key && one.at.join() === item.at.join());
      const name = textOf(key);
      if (isAssigned || isParameter(key)) continue;
      const optional = tried === true || (when ?? []).length > 0;
      emit('env-read', at, name === undefined ? { name: '*', hasDefault: true, optional: true } : { name, hasDefault: false, optional });
    }
  }
  for (const call of program.calls)
    if (call.args.some(isEnviron) || (call.on && isEnviron(call.on) && /^(?:items|keys|values|copy)$/.test(call.name)))
      emit('env-read', anchor(call), { name: '*', hasDefault: true, optional: true });
}

/** Fields of a `BaseSettings` class are variables of their own name. */
function emitSettings(program: ProgramView, emit: Emit): void {
  const classes = program.classes.filter(({ id }) => isSettingsClass(program.basesOf(id)));
  for (const type of classes) {
    const [path, index] = splitId(type.id);
    const prefix = prefixOf(program, type);
    const makers = program.callsNamed(type.own.name).filter(({ callee }) => callee.is === 'class' && callee.id === type.id);
    for (const one of program.assignments) {
      if (one.path !== path || one.own.class !== index || one.own.target.length !== 1 || one.own.key) continue;
      // What the program hands over it does not read.
      const isGiven = makers.length > 0 && makers.every(({ written }) => Object.hasOwn(written.call.named, one.own.target[0]!));
      if (!isGiven) emitField(one, prefix, emit);
    }
  }
}

function emitField(one: AssignmentView, prefix: string, emit: Emit): void {
  const [field = ''] = one.own.target;
  if (!one.own.type || field === 'model_config' || field.startsWith('_')) return;
  const { value } = one.own;
  const isRequired = value.is === 'name' && value.name === '<required>';
  const made = value.is === 'call' ? one.value() : undefined;
  const isField = made?.is === 'made' && /(?:^|\.)Field$/.test(dottedOf(made.callee) ?? '');
  const options = isField ? made.args.at(-1) : undefined;
  const properties = options?.is === 'object' ? options.properties : {};
  const first = isField ? made.args[0] : undefined;
  const given = isField
    ? (properties['default'] ?? properties['default_factory'] ?? (first !== options && !isEllipsis(value) ? first : undefined))
    : undefined;
  const hasDefault = isField ? given !== undefined : !isRequired && !(value.is === 'unknown' && /\.\.\./.test(''));
  const alias = textOf(properties['validation_alias'] ?? properties['alias'] ?? properties['env']);
  const isOptional = /Optional|None/.test(JSON.stringify(one.own.type));
  const fallback = isField ? given : isRequired ? undefined : one.value();
  emit(
    'env-read',
    { place: one.place },
    {
      name: (alias ?? `${prefix}${field}`).toUpperCase(),
      hasDefault,
      optional: isOptional,
      ...(fallback && hasDefault ? { fallback } : {}),
    },
  );
}

/** `Field(...)` demands a value. */
const isEllipsis = (value: Expression): boolean => value.is === 'call' && value.args[0]?.is === 'unknown';

/** `env_prefix` of the class's own configuration, in either form. */
export function prefixOf(program: ProgramView, { id, path }: ClassView): string {
  const [, index] = splitId(id);
  const modern = settingsPrefix(id, program.evaluator);
  if (modern !== undefined) return modern;
  const inner = program.classes.find((one) => one.path === path && one.own.parent === index && one.own.name === 'Config');
  return (inner && textOf(program.evaluator.field(inner.id, 'env_prefix'))) ?? '';
}

/** Variables that the program reads. `*`: all of them, or one with a computed name. */
export const environment: Recogniser = {
  id: 'environment',
  recognise(program, emit) {
    emitCalls(program, emit);
    emitWrapped(program, emit);
    emitItems(program, emit);
    emitSettings(program, emit);
    const place = program.imported(...readers);
    if (place) emit('env-read', { place }, { name: '*', hasDefault: true, optional: true });
  },
};
