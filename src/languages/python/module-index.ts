/** What a module binds, by name: large modules are asked often. */
import type { Assignment, ModuleSummary } from './summary.ts';

interface ModuleIndex {
  /** Plain assignments, `name = …`. */
  readonly assignments: ReadonlyMap<string, readonly Assignment[]>;
  /** What functions bind to names that they declare `global`, without what empties them again. */
  readonly globals: ReadonlyMap<string, readonly Assignment[]>;
  /** Assignments of fields, `self.name = …`. */
  readonly fields: ReadonlyMap<string, readonly Assignment[]>;
  readonly functions: ReadonlyMap<string, readonly number[]>;
  readonly classes: ReadonlyMap<string, readonly number[]>;
}

/** `self.notes = …`, and `cls._instance.notes = …` of the one object that there is. */
export const isField = (target: readonly string[]): boolean =>
  target.length === 2 ? target[0] === 'self' : target.length === 3 && target[0] === 'cls' && /^_*instance$/.test(target[1]!);

const known = new WeakMap<ModuleSummary, ModuleIndex>();

export function indexOf(summary: ModuleSummary): ModuleIndex {
  const found = known.get(summary) ?? build(summary);
  known.set(summary, found);
  return found;
}

function build({ assignments, functions, classes }: ModuleSummary): ModuleIndex {
  const plain = assignments.filter(({ how, key }) => how === 'set' && key === undefined);
  return {
    assignments: group(
      plain.filter(({ target }) => target.length === 1),
      ({ target }) => target[0]!,
      (one) => one,
    ),
    globals: group(
      plain.filter(
        ({ target, within, value }) =>
          target.length === 1 &&
          within !== undefined &&
          functions[within]?.globals.includes(target[0]!) === true &&
          !(value.is === 'literal' && value.value === null),
      ),
      ({ target }) => target[0]!,
      (one) => one,
    ),
    fields: group(
      plain.filter(({ target }) => isField(target)),
      ({ target }) => target.at(-1)!,
      (one) => one,
    ),
    functions: group(
      functions,
      ({ name }) => name,
      (_, index) => index,
    ),
    classes: group(
      classes,
      ({ name }) => name,
      (_, index) => index,
    ),
  };
}

function group<T, R>(
  items: readonly T[],
  keyOf: (item: T) => string,
  make: (item: T, index: number) => R,
): ReadonlyMap<string, readonly R[]> {
  const groups = new Map<string, R[]>();
  for (const [index, item] of items.entries()) {
    const key = keyOf(item);
    const made = make(item, index);
    const found = groups.get(key);
    if (found) found.push(made);
    else groups.set(key, [made]);
  }
  return groups;
}
