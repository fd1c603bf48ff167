import type { Value } from '../../facts.ts';
import type { Place } from '../../types.ts';
import type { Evaluator } from './evaluate.ts';
import type { CallSite, EnvReadSite } from './recogniser.ts';
import type { At, Call, EnvRead } from './summary.ts';
import { defineLazy } from './values.ts';

const placeOf = (path: string, at: At): Place => ({ path, line: at[0], column: at[1], endLine: at[2], endColumn: at[3] });

/** The package and the way from it that a value comes from. A choice comes from its first option that has an origin. */
export function originOf(value: Value, depth = 0): { package: string; path: string } | undefined {
  if (depth > 12) return undefined;
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

/** Resolves one recorded call. `callees` reads only modules that can lead to a package; arguments are read by `evaluator` when somebody asks. */
export function resolveCall(call: Call, path: string, { evaluator, callees, statics }: Evaluators): CallSite {
  const callee = callees.evaluate(call.callee, path);
  const origin = originOf(callee);
  const main = mainValue(callee);
  const name = call.callee.k === 'member' ? call.callee.name : lastName(main);
  const on = main.is === 'member' ? main.of : call.callee.k === 'member' ? callees.evaluate(call.callee.of, path) : undefined;
  const { decorates } = call;
  const site = {
    package: origin?.package,
    path: origin ? origin.path : name,
    name: name || (origin?.path.split('.').at(-1) ?? ''),
    callee: main,
    ...(on ? { on } : {}),
    how: call.how,
    place: placeOf(path, call.at),
    namePlace: placeOf(path, call.nameAt),
    ...(call.within === undefined ? {} : { within: `${path}#${call.within}` }),
    result: call.result,
    tried: call.tried ?? false,
    looped: call.looped ?? false,
    ...(decorates
      ? {
          decorates: {
            class: `${path}#${decorates.class}`,
            ...(evaluator.classSummary(`${path}#${decorates.class}`)?.name
              ? { className: evaluator.classSummary(`${path}#${decorates.class}`)!.name! }
              : {}),
            ...(decorates.member === undefined ? {} : { member: decorates.member }),
            ...(decorates.function === undefined ? {} : { function: `${path}#${decorates.function}` }),
            ...(decorates.parameter === undefined ? {} : { parameter: decorates.parameter }),
          },
        }
      : {}),
  };
  defineLazy(site, 'when', () => (call.when ? statics.conditions(call.when, path) : []));
  return defineLazy(site, 'args', () => call.args.map((argument) => evaluator.evaluate(argument, path))) as unknown as CallSite;
}

export const resolveEnvRead = (read: EnvRead, path: string, { evaluator, statics }: Evaluators): EnvReadSite => ({
  name: read.name,
  place: placeOf(path, read.at),
  hasDefault: read.hasDefault,
  ...(read.fallback ? { fallback: evaluator.evaluate(read.fallback, path) } : {}),
  optional: read.optional,
  ...(read.within === undefined ? {} : { within: `${path}#${read.within}` }),
  when: read.when ? statics.conditions(read.when, path) : [],
});
