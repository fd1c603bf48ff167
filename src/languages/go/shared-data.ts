/** Plain data in which one object stands in several places, written so that each is stored once. */

export interface Packed {
  readonly root: unknown;
  /** Objects that stand in several places; `['#', n]` stands for the nth. */
  readonly shared: readonly unknown[];
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
const entriesOf = (value: object): readonly unknown[] => (Array.isArray(value) ? value : Object.values(value));

export function pack(data: unknown): Packed {
  const numbers = new Map<object, number>();
  const seen = new Set<object>();
  const count = (value: unknown): void => {
    if (!isObject(value)) return;
    if (seen.has(value)) {
      if (!numbers.has(value)) numbers.set(value, numbers.size);
      return;
    }
    seen.add(value);
    for (const inner of entriesOf(value)) count(inner);
  };
  count(data);
  const write = (value: unknown): unknown => {
    const number = isObject(value) ? numbers.get(value) : undefined;
    return number === undefined ? copy(value) : ['#', number];
  };
  const copy = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(write);
    return isObject(value) ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, write(inner)])) : value;
  };
  return { root: write(data), shared: [...numbers.keys()].map(copy) };
}

export function unpack({ root, shared }: Packed): unknown {
  const made: unknown[] = [];
  const isReference = (value: readonly unknown[]): boolean => value.length === 2 && value[0] === '#' && typeof value[1] === 'number';
  const read = (value: unknown): unknown => {
    if (Array.isArray(value)) {
      if (!isReference(value)) return value.map(read);
      const number = value[1] as number;
      made[number] ??= read(shared[number]);
      return made[number];
    }
    return isObject(value) ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, read(inner)])) : value;
  };
  return read(root);
}
