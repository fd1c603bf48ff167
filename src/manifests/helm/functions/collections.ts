/** Maps and lists of sprig. Values keep their origins; maps are changed in place, as in Go. */
import type { Interpreter } from '../interpreter.ts';
import { type Cell, cell, GoList, GoMap, isTrue, listOf, nil, printValue, TemplateError, textOf, type Value } from '../values.ts';
import { at, count, type Functions, integer, list, map, plain, string } from './arguments.ts';

const deepest = 150;
/** Everything below is new, so that changing it changes nothing else. */
export function deepCopy(given: Cell, depth = 0): Cell {
  if (depth > deepest) throw new TemplateError('the value is nested too deeply');
  const { value } = given;
  if (value instanceof GoMap)
    return {
      ...given,
      value: new GoMap(new Map([...value.entries].map(([key, item]) => [key, deepCopy(item, depth + 1)])), value.methods),
    };
  if (value instanceof GoList)
    return {
      ...given,
      value: new GoList(
        value.items.map((item) => deepCopy(item, depth + 1)),
        value.methods,
      ),
    };
  return given;
}

/** mergo: what `to` has stays, unless it is empty or `overwrites`. */
function mergeInto(to: GoMap, from: GoMap, overwrites: boolean, run: Interpreter, depth = 0): void {
  if (depth > deepest) throw new TemplateError('the value is nested too deeply');
  for (const [key, item] of from.entries) {
    run.environment.budget.step();
    const known = to.get(key);
    if (known?.value instanceof GoMap && item.value instanceof GoMap) mergeInto(known.value, item.value, overwrites, run, depth + 1);
    else if (!known || (overwrites ? isTrue(item.value) : !isTrue(known.value))) to.entries.set(key, deepCopy(item));
  }
}
const merge =
  (overwrites: boolean) =>
  ([first = nil, ...others]: readonly Cell[], run: Interpreter): Cell => {
    const to = map(first.value);
    for (const other of others) if (other.value !== null) mergeInto(to, map(other.value), overwrites, run);
    return first;
  };

export const deepEqual = (a: Value, b: Value): boolean => {
  if (a instanceof GoList && b instanceof GoList)
    return a.items.length === b.items.length && a.items.every((item, index) => deepEqual(item.value, b.items[index]!.value));
  if (a instanceof GoMap && b instanceof GoMap)
    return (
      a.entries.size === b.entries.size &&
      [...a.entries].every(([key, item]) => b.entries.has(key) && deepEqual(item.value, b.get(key)!.value))
    );
  return a === b;
};

function makeDict(args: readonly Cell[]): Cell {
  const entries = new Map<string, Cell>();
  for (let index = 0; index < args.length; index += 2) entries.set(textOf(args[index]!.value), args[index + 1] ?? cell(''));
  return { value: new GoMap(entries) };
}

function dig(args: readonly Cell[]): Cell {
  if (args.length < 3) throw new TemplateError('dig needs at least three arguments');
  const keys = args.slice(0, -2);
  const [otherwise, from] = args.slice(-2) as [Cell, Cell];
  let current: Cell = from;
  for (const key of keys) {
    if (!(current.value instanceof GoMap))
      throw new TemplateError(`dig: ${printValue(key.value)} is looked up in something that is no map`);
    const next = current.value.get(string(key.value));
    if (!next) return otherwise;
    current = next;
  }
  return current;
}

const only = (args: readonly Cell[], keeps: (key: string, named: ReadonlySet<string>) => boolean): Cell => {
  const named = new Set(
    args.slice(1).flatMap(({ value }) => (value instanceof GoList ? value.items.map((item) => textOf(item.value)) : [textOf(value)])),
  );
  return { value: new GoMap(new Map([...map(at(args, 0).value).entries].filter(([key]) => keeps(key, named)))), from: args[0]!.from };
};

const items = (args: readonly Cell[], index: number): readonly Cell[] => list(at(args, index).value).items;
const made = (cells: readonly Cell[], run: Interpreter): Cell => {
  run.environment.budget.list(cells.length);
  return { value: new GoList(cells) };
};

function unique(cells: readonly Cell[], run: Interpreter): Cell[] {
  const kept: Cell[] = [];
  const seen = new Set<Value>();
  for (const one of cells) {
    if (!(one.value instanceof GoMap) && !(one.value instanceof GoList)) {
      if (!seen.has(one.value)) kept.push(one);
      seen.add(one.value);
      continue;
    }
    for (let step = 0; step < kept.length; step++) run.environment.budget.step();
    if (!kept.some((other) => deepEqual(other.value, one.value))) kept.push(one);
  }
  return kept;
}

function steps(from: bigint, to: bigint, step: bigint, run: Interpreter): Value {
  if (step === 0n || to - from > 0n !== step > 0n) return listOf([]);
  run.environment.budget.list(Number((to - from) / step) + 1);
  const values: bigint[] = [];
  for (let value = from; step > 0n ? value < to : value > to; value += step) values.push(value);
  return listOf(values);
}

const dictionaries: Functions = {
  dict: makeDict,
  get: (args) => map(at(args, 0).value).get(string(at(args, 1).value)) ?? cell(''),
  set: (args) => {
    map(at(args, 0).value).entries.set(string(at(args, 1).value), at(args, 2));
    return args[0]!;
  },
  unset: (args) => {
    map(at(args, 0).value).entries.delete(string(at(args, 1).value));
    return args[0]!;
  },
  hasKey: plain(2, ([given, key]) => map(given).entries.has(string(key))),
  pluck: (args, run) =>
    made(
      args.slice(1).flatMap((one) => map(one.value).get(string(at(args, 0).value)) ?? []),
      run,
    ),
  keys: (args, run) =>
    made(
      args.flatMap(({ value }) =>
        map(value)
          .keys()
          .map((key) => cell(key)),
      ),
      run,
    ),
  values: (args, run) =>
    made(
      map(at(args, 0).value)
        .keys()
        .map((key) => map(at(args, 0).value).get(key)!),
      run,
    ),
  pick: (args) => only(args, (key, named) => named.has(key)),
  omit: (args) => only(args, (key, named) => !named.has(key)),
  merge: merge(false),
  mustMerge: merge(false),
  mergeOverwrite: merge(true),
  mustMergeOverwrite: merge(true),
  dig,
  deepCopy: (args) => deepCopy(at(args, 0)),
  mustDeepCopy: (args) => deepCopy(at(args, 0)),
  deepEqual: plain(2, ([a, b]) => deepEqual(a!, b!)),
};

const lists: Functions = {
  list: (args) => ({ value: new GoList(args) }),
  tuple: (args) => ({ value: new GoList(args) }),
  append: (args, run) => made([...items(args, 0), at(args, 1)], run),
  push: (args, run) => made([...items(args, 0), at(args, 1)], run),
  prepend: (args, run) => made([at(args, 1), ...items(args, 0)], run),
  concat: (args, run) =>
    made(
      args.flatMap((_, index) => items(args, index)),
      run,
    ),
  first: (args) => items(args, 0)[0] ?? nil,
  last: (args) => items(args, 0).at(-1) ?? nil,
  rest: (args, run) => made(items(args, 0).slice(1), run),
  initial: (args, run) => made(items(args, 0).slice(0, -1), run),
  reverse: (args, run) => made([...items(args, 0)].reverse(), run),
  uniq: (args, run) => made(unique(items(args, 0), run), run),
  compact: (args, run) =>
    made(
      items(args, 0).filter(({ value }) => isTrue(value)),
      run,
    ),
  without: (args, run) =>
    made(
      items(args, 0).filter((item) => !args.slice(1).some(({ value }) => deepEqual(item.value, value))),
      run,
    ),
  has: plain(2, ([value, given]) => given !== null && list(given).items.some((item) => deepEqual(item.value, value!))),
  slice: (args, run) => {
    const all = items(args, 0);
    return made(all.slice(args[1] ? count(args[1].value) : 0, args[2] ? count(args[2].value) : all.length), run);
  },
  chunk: (args, run) => {
    const size = Math.max(1, count(at(args, 0).value));
    const all = items(args, 1);
    const parts = Array.from({ length: Math.ceil(all.length / size) }, (_, index) =>
      made(all.slice(index * size, (index + 1) * size), run),
    );
    return made(parts, run);
  },
  until: plain(1, ([to], run) => steps(0n, integer(to), integer(to) < 0n ? -1n : 1n, run)),
  untilStep: plain(3, ([from, to, step], run) => steps(integer(from), integer(to), integer(step), run)),
  seq: plain(0, (values, run) => {
    const [first = 1n, second, third] = values.map(integer);
    if (values.length === 0) return '';
    const [from, step, to] =
      third !== undefined
        ? [first, second!, third]
        : second !== undefined
          ? [first, second >= first ? 1n : -1n, second]
          : [1n, first >= 1n ? 1n : -1n, first];
    return (steps(from, to + (step > 0n ? 1n : -1n), step, run) as GoList).items.map(({ value }) => String(value)).join(' ');
  }),
};

const musts = [
  'append',
  'push',
  'prepend',
  'first',
  'last',
  'rest',
  'initial',
  'reverse',
  'uniq',
  'compact',
  'without',
  'has',
  'slice',
  'chunk',
];
export const collectionFunctions: Functions = {
  ...dictionaries,
  ...Object.fromEntries(musts.map((name) => [`must${name[0]!.toUpperCase()}${name.slice(1)}`, lists[name]!])),
  ...lists,
};
