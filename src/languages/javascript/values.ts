import type { Condition, Value } from '../../facts.ts';
import type { Place } from '../../types.ts';

/** More alternatives than that say nothing. */
export const maximumOptions = 8;

/** The file of a function or class, of which an id is `path#number`. */
export const moduleOf = (id: string): string => id.slice(0, id.lastIndexOf('#'));

/** Adds a property that is computed when it is first read: most arguments and options never are. */
export function defineLazy<T extends object>(target: T, key: string, compute: () => unknown): T {
  return Object.defineProperty(target, key, {
    enumerable: true,
    configurable: true,
    get(this: T) {
      const value = compute();
      Object.defineProperty(this, key, { value, enumerable: true, configurable: true, writable: true });
      return value;
    },
  });
}

/** The result of a call; its arguments are computed when somebody asks. */
export class MadeValue {
  readonly is = 'made';
  readonly callee: Value;
  readonly place: Place;
  readonly #compute: () => readonly Value[];
  #args: readonly Value[] | undefined;

  constructor(
    callee: Value,
    place: Place,
    compute: () => readonly Value[],
    /** It was called without arguments: nothing is left to compute. */
    readonly isBare = false,
  ) {
    this.callee = callee;
    this.place = place;
    this.#compute = compute;
  }

  get args(): readonly Value[] {
    this.#args ??= this.#compute();
    return this.#args;
  }

  /** What is kept of it between runs: rules see through conversions (`Number.parseInt(process.env.PORT)`) alone, and only to what they convert. */
  toJSON(): Value {
    return keepMade(this, 0);
  }
}

const conversions = /^(?:Number|String|Boolean|(?:Number\.)?parse(?:Int|Float))$/;
const maximumKept = 8;

function keepMade({ callee, args, place }: MadeValue | Extract<Value, { is: 'made' }>, depth: number): Value {
  const isPackage = callee.is === 'package';
  const [first] = isPackage && callee.package === '' && conversions.test(callee.path) ? args : [];
  return {
    is: 'made',
    place,
    callee: isPackage ? callee : { is: 'unknown', place: callee.place },
    args: first ? [keep(first, depth + 1)] : [],
  };
}

/** A value as far as it can come to a literal. What a variable is converted from may be the variable itself: `port = Number.parseInt(port)`. */
function keep(value: Value, depth: number): Value {
  if (depth > maximumKept) return { is: 'unknown', place: value.place };
  switch (value.is) {
    case 'literal':
      return value;
    case 'env':
      return value.fallback ? { ...value, fallback: keep(value.fallback, depth + 1) } : value;
    case 'choice':
      return { ...value, options: value.options.map((option) => ({ ...option, value: keep(option.value, depth + 1) })) };
    case 'text':
      return { ...value, parts: value.parts.map((part) => keep(part, depth + 1)) };
    case 'made':
      return keepMade(value, depth);
    default:
      return { is: 'unknown', place: value.place };
  }
}

/**
 * The value is the same in every program: nothing in it is computed later or comes from a parameter. `unknown` may stand for one, and
 * a choice may be decided by one.
 */
export function isPlain(value: Value, depth = 0): boolean {
  if (depth > 12) return false;
  switch (value.is) {
    case 'package':
    case 'function':
    case 'class':
    case 'literal':
      return true;
    case 'member':
      return isPlain(value.of, depth + 1);
    case 'made':
      return (value instanceof MadeValue ? value.isBare : value.args.length === 0) && isPlain(value.callee, depth + 1);
    default:
      return false;
  }
}

/** A property that an object has itself: names of the code may be `constructor` or `toString`. */
export const own = <T>(record: Readonly<Record<string, T>> | undefined, key: string): T | undefined =>
  record !== undefined && Object.hasOwn(record, key) ? record[key] : undefined;

/** An object that is written through computed keys: each property may have been replaced, and there may be others. */
export function openObject(value: Value): Value {
  if (value.is !== 'object') return value;
  const properties: Record<string, Value> = Object.create(null);
  for (const key of Object.keys(value.properties))
    defineLazy(properties, key, () =>
      choice([{ value: value.properties[key]! }, { value: { is: 'unknown', place: value.place } }], value.place),
    );
  return { ...value, properties, open: true };
}

/** Takes over properties without computing them. */
export const takeProperties = (target: Record<string, Value>, source: Readonly<Record<string, Value>>): Record<string, Value> =>
  Object.defineProperties(target, Object.getOwnPropertyDescriptors(source));

/** Conditions as optional data. */
export const whenOf = (when: readonly Condition[]): { when?: readonly Condition[] } => (when.length > 0 ? { when } : {});
/** The opposite of one condition; of several, nothing certain can be said. */
export const negate = (conditions: readonly Condition[]): readonly Condition[] => {
  const [only] = conditions;
  if (conditions.length !== 1 || !only) return [];
  const opposite = { set: 'unset', unset: 'set', equals: 'differs', differs: 'equals' } as const;
  return [{ ...only, test: opposite[only.test] }];
};

const isSame = (a: Value, b: Value): boolean =>
  a === b ||
  (a.is === b.is &&
    a.place.line === b.place.line &&
    a.place.column === b.place.column &&
    a.place.path === b.place.path &&
    (a.is !== 'literal' || a.value === (b as typeof a).value) &&
    // One `new Driver()` makes an instance of each class that `Driver` may be.
    (a.is !== 'made' || isSame(a.callee, (b as typeof a).callee)) &&
    (a.is !== 'member' || isSame(a.of, (b as typeof a).of)));

const sameConditions = (a: readonly Condition[] = [], b: readonly Condition[] = []): boolean =>
  a.length === b.length &&
  a.every((one, index) => one.env === b[index]!.env && one.test === b[index]!.test && one.value === b[index]!.value);

const bothOf = (outer: readonly Condition[] | undefined, inner: readonly Condition[] | undefined): readonly Condition[] | undefined =>
  outer?.length && inner?.length ? [...outer, ...inner] : outer?.length ? outer : inner;

/** Options without doubles; nested choices are flattened, their conditions added up. */
export function choice(options: readonly { value: Value; when?: readonly Condition[] }[], place: Place): Value {
  const distinct: { value: Value; when?: readonly Condition[] }[] = [];
  const add = (value: Value, when: readonly Condition[] | undefined): void => {
    if (distinct.length >= maximumOptions) return;
    if (distinct.some((other) => isSame(other.value, value) && sameConditions(other.when, when))) return;
    distinct.push(when?.length ? { value, when } : { value });
  };
  for (const { value, when } of options) {
    if (value.is === 'choice') for (const inner of value.options) add(inner.value, bothOf(when, inner.when));
    else add(value, when);
  }
  const [only] = distinct;
  return distinct.length === 1 && only && !only.when?.length ? only.value : { is: 'choice', options: distinct, place };
}

/** `new Driver()` where a setting chose the class: an instance of each that it may be. */
export function callEach(callee: Value & { is: 'choice' }, place: Place, call: (callee: Value) => Value): Value {
  const own = callee.options.filter(({ value }) => value.is === 'class' || value.is === 'function').slice(0, maximumOptions);
  return own.length > 0
    ? choice(
        own.map((option) => ({ ...option, value: call(option.value) })),
        place,
      )
    : call(callee);
}

/** Its default is for the machines of developers: services are judged as they run in production. */
const environmentName = /^(?:NODE|APP)_ENV(?:IRONMENT)?$|^ENVIRONMENT$/;

/** What a test of the variable compares where it is absent. */
export const otherwiseOf = ({ name, fallback }: Value & { is: 'env' }): Pick<Condition, 'otherwise'> =>
  fallback?.is === 'literal' && fallback.value !== null && !environmentName.test(name)
    ? { otherwise: { value: String(fallback.value) } }
    : {};

/** `table[process.env.NAME]`: each entry, where the variable has its key. */
export function chosenBy(key: Value & { is: 'env' }, table: Value, place: Place): Value {
  if (table.is !== 'object') return { is: 'unknown', place };
  const options = Object.keys(table.properties)
    .slice(0, maximumOptions)
    .map((value) => ({ value: table.properties[value]!, when: [{ env: key.name, test: 'equals', value, ...otherwiseOf(key) } as const] }));
  return options.length > 0 ? choice(options, place) : { is: 'unknown', place };
}

/** Text of its parts: a literal when all of them are. Numbers are added, as `+` does it, until the first text comes. */
export function joinText(parts: readonly Value[], place: Place): Value {
  if (!parts.every((part) => part.is === 'literal')) return { is: 'text', parts, place };
  const [first = '', ...rest] = parts.map(({ value }) => value ?? '');
  const start = rest.length > 0 ? first : String(first);
  const value = rest.reduce(
    (left, right) => (typeof left === 'number' && typeof right === 'number' ? left + right : `${left}${right}`),
    start,
  );
  return { is: 'literal', value, place };
}

/** `...value` in an object: takes over what it holds. True when it may hold more than that. */
export function spreadInto(target: Record<string, Value>, value: Value): boolean {
  if (value.is === 'object') {
    takeProperties(target, value.properties);
    return value.open;
  }
  const options = value.is === 'choice' ? value.options : [];
  // `undefined` adds nothing.
  const given = options.flatMap(({ value: one, when = [] }): Alternative[] =>
    one.is === 'object' ? [{ properties: one.properties, when }] : one.is === 'literal' ? [{ properties: {}, when }] : [],
  );
  spreadEach(target, given, value.place);
  return (
    value.is !== 'literal' &&
    (given.length < options.length || options.some(({ value: one }) => one.is === 'object' && one.open) || options.length === 0)
  );
}

interface Alternative {
  readonly properties: Readonly<Record<string, Value>>;
  readonly when: readonly Condition[];
}

/** Callers give different objects: a property is what one of them says, else what it was before. */
function spreadEach(target: Record<string, Value>, given: readonly Alternative[], place: Place): void {
  for (const key of new Set(given.flatMap(({ properties }) => Object.keys(properties)))) {
    const before = Object.getOwnPropertyDescriptor(target, key);
    const kept: Record<string, Value> = before ? Object.defineProperty(Object.create(null), key, before) : {};
    const otherwise = (): Value => own(kept, key) ?? { is: 'literal', value: null, place };
    const read = ({ properties, when }: Alternative) => ({ value: own(properties, key) ?? otherwise(), ...whenOf(when) });
    defineLazy(target, key, () => choice(given.map(read), place));
  }
}

/** What `Object.assign` makes of several objects. */
export function mergeObjects(args: readonly Value[], place: Place): Value {
  const properties: Record<string, Value> = Object.create(null);
  let open = false;
  for (const argument of args) {
    if (argument.is === 'object') {
      takeProperties(properties, argument.properties);
      open ||= argument.open;
    } else open = true;
  }
  return { is: 'object', properties, open, place };
}
