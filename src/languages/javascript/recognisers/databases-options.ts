import type { Condition, Value } from '../../../facts.ts';
import type { CallSite, ProgramView } from '../recogniser.ts';
import { moduleOf, own, whenOf } from '../values.ts';

type ObjectValue = Value & { is: 'object' };
/** One set of options that a call may get, and when. */
export interface Options {
  readonly object: ObjectValue;
  readonly when: readonly Condition[];
}

/** Every object that a value may come to: choices with their conditions, functions (`useFactory`) by what they return. */
export function objectsOf(value: Value | undefined, program: ProgramView, when: readonly Condition[] = [], depth = 0): Options[] {
  if (!value || depth > 4) return [];
  if (value.is === 'object') {
    const factory = own(value.properties, 'useFactory');
    if (factory?.is === 'function')
      return objectsOf(program.evaluator.returned(factory.id, injected(value), factory.place), program, when, depth + 1);
    const made = factory ?? optionsMethod(own(value.properties, 'useClass'), program);
    return made ? objectsOf(made, program, when, depth + 1) : [{ object: value, when }];
  }
  if (value.is === 'choice')
    return value.options.flatMap((option) => objectsOf(option.value, program, [...when, ...(option.when ?? [])], depth + 1));
  if (value.is === 'function') return objectsOf(program.evaluator.returned(value.id, [], value.place), program, when, depth + 1);
  return [];
}

/** `inject: [Settings]`: what Nest hands to the factory. */
function injected({ properties }: ObjectValue): readonly Value[] {
  const tokens = own(properties, 'inject');
  if (tokens?.is !== 'list') return [];
  return tokens.items.map((token) =>
    token.is === 'class' || token.is === 'package' ? { is: 'made', callee: token, args: [], place: token.place } : token,
  );
}

/** `class Settings implements TypeOrmOptionsFactory { createTypeOrmOptions() { … } }` (Nest, "Async configuration"). */
function optionsMethod(value: Value | undefined, program: ProgramView): Value | undefined {
  const methods = value?.is === 'class' ? program.classOf(value.id)?.methods : undefined;
  const name = methods && Object.keys(methods).find((method) => /^create\w+Options$/.test(method));
  if (!methods || name === undefined || value?.is !== 'class') return undefined;
  return { is: 'function', id: `${moduleOf(value.id)}#${methods[name]}`, place: value.place };
}

/** Every value that a value may come to, with the conditions under which it does. */
export function alternatives(value: Value | undefined): { readonly value: Value; readonly when: readonly Condition[] }[] {
  if (!value) return [];
  if (value.is === 'choice')
    return value.options.flatMap((option) =>
      alternatives(option.value).map((inner) => ({ value: inner.value, when: [...(option.when ?? []), ...inner.when] })),
    );
  // A fallback counts only while the variable is not set.
  if (value.is === 'env' && value.fallback)
    return alternatives(value.fallback).map((inner) => ({
      value: inner.value,
      when: [{ env: value.name, test: 'unset' as const }, ...inner.when],
    }));
  return [{ value, when: [] }];
}

export const textOf = (value: Value | undefined): string | undefined =>
  value?.is === 'literal' && typeof value.value === 'string' ? value.value : undefined;

/** An option by the first of its names that is given, at most one level down (`pool.max`). */
export function option(object: ObjectValue | undefined, ...names: readonly string[]): Value | undefined {
  for (const name of names) {
    const [outer = '', inner] = name.split('.');
    const found = own(object?.properties, outer);
    const value = inner === undefined ? found : found?.is === 'object' ? own(found.properties, inner) : undefined;
    if (value && !(value.is === 'literal' && value.value === null)) return value;
  }
  return undefined;
}

/** The options among the arguments of a call, wherever they stand. */
export const optionsAmong = (call: CallSite, program: ProgramView): Options[] =>
  call.args.flatMap((argument) => (argument.is === 'function' ? [] : objectsOf(argument, program)));

/** An argument that can be an address: text, a variable, or a choice of them. */
export const addressAmong = (call: CallSite): Value | undefined =>
  call.args.find(
    (argument) =>
      argument.is === 'env' ||
      argument.is === 'text' ||
      (argument.is === 'literal' && typeof argument.value === 'string') ||
      isTextChoice(argument),
  );
const isTextChoice = (value: Value): boolean =>
  value.is === 'choice' &&
  value.options.some(({ value: inner }) => inner.is === 'env' || inner.is === 'text' || textOf(inner) !== undefined);

/** Options of an anchor: the call's own conditions and those of the alternative. */
export const anchored = (call: CallSite, when: readonly Condition[] = []) => ({
  place: call.namePlace,
  ...(call.within === undefined ? {} : { within: call.within }),
  ...whenOf([...call.when, ...when]),
});

/** Leaves out what was not given. */
export const given = <K extends string>(values: Readonly<Record<K, Value | undefined>>): Partial<Record<K, Value>> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<Record<K, Value>>;
