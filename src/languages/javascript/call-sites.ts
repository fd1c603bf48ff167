import type { Value } from '../../facts.ts';
import type { Place } from '../../types.ts';
import type { Evaluator } from './evaluate.ts';
import type { CallSite, EnvReadSite } from './recogniser.ts';
import type { At, Call, EnvRead } from './summary.ts';
import { defineLazy } from './values.ts';

const placeOf = (path: string, at: At): Place => ({ path, line: at[0], column: at[1], endLine: at[2], endColumn: at[3] });

/** Chains of calls are long: `new Hono().get(…).post(…)`. */
const maximumWay = 60;

/** The package and the way from it that a value comes from. A choice comes from its first option that has an origin. */
export function originOf(value: Value, depth = 0): { package: string; path: string } | undefined {
  if (depth > maximumWay) return undefined;
  switch (value.is) {
    case 'package':
      return { package: value.package, path: value.path };
    case 'member': {
      const of = originOf(value.of, depth + 1);
      return of && { package: of.package, path: of.path ? `${of.path}.${value.name}` : value.name };
    }
    case 'made': {
      const callee = originOf(value.callee, depth + 1);
      return callee && { package: callee.package, path: `${callee.path}()` };
    }
    case 'choice':
      return choiceOrigin(value.options.map((option) => originOf(option.value, depth + 1)));
    default:
      return undefined;
  }
}

/** `globalThis.db ?? new Client()` comes from the client's package, not from the global. */
const choiceOrigin = (origins: readonly ReturnType<typeof originOf>[]): ReturnType<typeof originOf> =>
  origins.find((origin) => origin && origin.package !== '') ?? origins.find((origin) => origin !== undefined);

/** The first value of a choice that is not a plain literal: the object that a method call most likely means. */
export const mainValue = (value: Value): Value =>
  value.is === 'choice'
    ? (value.options.find((option) => option.value.is !== 'literal' && option.value.is !== 'unknown')?.value ?? value)
    : value;

const lastName = (callee: Value): string => {
  if (callee.is === 'member') return callee.name;
  if (callee.is === 'package') return callee.path.split('.').at(-1) ?? '';
  const main = mainValue(callee);
  // A choice of nothing but literals has no main value.
  return main === callee ? '' : lastName(main);
};

/** Three depths of looking: everything, what leads to a package, and that without parameters. */
export interface Evaluators {
  readonly evaluator: Evaluator;
  readonly callees: Evaluator;
  readonly statics: Evaluator;
}

/** A call whose arguments and conditions are resolved when somebody asks: most never are. */
class ResolvedCall implements CallSite {
  readonly package: string | undefined;
  readonly path: string;
  readonly name: string;
  readonly callee: Value;
  readonly on?: Value;
  readonly how: CallSite['how'];
  readonly place: Place;
  readonly namePlace: Place;
  readonly within?: string;
  readonly when!: CallSite['when'];
  readonly result: CallSite['result'];
  readonly tried: boolean;
  readonly looped: boolean;
  readonly decorates?: NonNullable<CallSite['decorates']>;
  readonly #call: Call;
  readonly #evaluator: Evaluator;
  #args: readonly Value[] | undefined;

  constructor(call: Call, path: string, { evaluator, callees, statics }: Evaluators) {
    const callee = statics.graph.plainCallee(call.callee, path) ?? callees.evaluate(call.callee, path);
    const origin = originOf(callee);
    const main = mainValue(callee);
    const name = call.callee.k === 'member' ? call.callee.name : lastName(main);
    const on = main.is === 'member' ? main.of : call.callee.k === 'member' ? callees.evaluate(call.callee.of, path) : undefined;
    this.#call = call;
    this.#evaluator = evaluator;
    this.package = origin?.package;
    this.path = origin ? origin.path : name;
    this.name = name || (origin?.path.split('.').at(-1) ?? '');
    this.callee = main;
    if (on) this.on = on;
    this.how = call.how;
    this.place = placeOf(path, call.at);
    this.namePlace = placeOf(path, call.nameAt);
    if (call.within !== undefined) this.within = `${path}#${call.within}`;
    this.result = call.result;
    this.tried = call.tried ?? false;
    this.looped = call.looped ?? false;
    if (call.decorates) this.decorates = decoratedBy(call.decorates, path, evaluator);
    // An own property, so that anchors made by spreading keep it.
    if (call.when) defineLazy(this, 'when', () => statics.conditions(call.when!, path));
    else this.when = always;
  }

  get given(): number {
    return this.#call.args.length;
  }

  get firstArgument(): Value | undefined {
    const [first] = this.#call.args;
    return this.#args ? this.#args[0] : first && this.#evaluator.evaluate(first, this.place.path);
  }

  get args(): readonly Value[] {
    this.#args ??= this.#call.args.map((argument) => this.#evaluator.evaluate(argument, this.place.path));
    return this.#args;
  }
}
const always: CallSite['when'] = [];

function decoratedBy(decorates: NonNullable<Call['decorates']>, path: string, evaluator: Evaluator): NonNullable<CallSite['decorates']> {
  const id = `${path}#${decorates.class}`;
  const className = evaluator.classSummary(id)?.name;
  return {
    class: id,
    ...(className ? { className } : {}),
    ...(decorates.member === undefined ? {} : { member: decorates.member }),
    ...(decorates.function === undefined ? {} : { function: `${path}#${decorates.function}` }),
    ...(decorates.parameter === undefined ? {} : { parameter: decorates.parameter }),
  };
}

/** Resolves one recorded call. `callees` reads only modules that can lead to a package; arguments are read by `evaluator` when somebody asks. */
export const resolveCall = (call: Call, path: string, evaluators: Evaluators): CallSite => new ResolvedCall(call, path, evaluators);

export const resolveEnvRead = (read: EnvRead, path: string, { evaluator, statics }: Evaluators): EnvReadSite => ({
  name: read.name,
  place: placeOf(path, read.at),
  hasDefault: read.hasDefault,
  ...(read.fallback ? { fallback: evaluator.evaluate(read.fallback, path) } : {}),
  optional: read.optional,
  ...(read.within === undefined ? {} : { within: `${path}#${read.within}` }),
  when: read.when ? statics.conditions(read.when, path) : [],
});
