import { findNearest } from './nearest.ts';

/** One description of plain data, from which a validator and a JSON Schema both follow, so that they cannot drift apart. */
export type Shape =
  | { readonly type: 'text' | 'number' | 'boolean' | 'scalar'; readonly description: string; readonly oneOf?: readonly (string | number)[] }
  | { readonly type: 'list'; readonly of: Shape; readonly description: string; readonly atLeast?: number }
  | { readonly type: 'map'; readonly of: Shape; readonly description: string }
  | { readonly type: 'either'; readonly of: readonly Shape[]; readonly description: string }
  | {
      readonly type: 'object';
      readonly keys: Readonly<Record<string, Shape>>;
      readonly required: readonly string[];
      readonly description: string;
      /** Other keys may be there, too: a later version wrote it. */
      readonly open?: true;
    };

export type ObjectShape = Extract<Shape, { type: 'object' }>;
export type DataPath = readonly (string | number)[];
export interface Problem {
  /** Where in the data. */
  readonly at: DataPath;
  readonly message: string;
}

export const text = (description: string, oneOf?: readonly string[]): Shape => ({ type: 'text', description, oneOf });
export const list = (of: Shape, description: string, atLeast = 0): Shape => ({ type: 'list', of, description, atLeast });

/** JSON Schema (draft 2020-12) of a shape. */
export function toJsonSchema(shape: Shape): Record<string, unknown> {
  const { description } = shape;
  switch (shape.type) {
    case 'list':
      return { description, type: 'array', items: toJsonSchema(shape.of), ...(shape.atLeast ? { minItems: shape.atLeast } : {}) };
    case 'map':
      return { description, type: 'object', additionalProperties: toJsonSchema(shape.of) };
    case 'either':
      return { description, anyOf: shape.of.map(toJsonSchema) };
    case 'object': {
      const properties = Object.fromEntries(Object.entries(shape.keys).map(([key, of]) => [key, toJsonSchema(of)]));
      return { description, type: 'object', properties, required: shape.required, additionalProperties: shape.open === true };
    }
    default: {
      const types = { text: 'string', number: 'number', boolean: 'boolean', scalar: ['string', 'number', 'boolean'] };
      return { description, type: types[shape.type], ...(shape.oneOf ? { enum: shape.oneOf } : {}) };
    }
  }
}

const scalarTypes: Readonly<Record<string, readonly string[]>> = {
  text: ['string'],
  number: ['number'],
  boolean: ['boolean'],
  scalar: ['string', 'number', 'boolean'],
};

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
const names = { text: 'a text', number: 'a number', boolean: 'true or false', scalar: 'a single value' } as const;

/** Every way in which a value differs from the shape; empty: it has the shape. */
export function checkShape(shape: Shape, value: unknown, at: DataPath = []): readonly Problem[] {
  switch (shape.type) {
    case 'list':
      if (!Array.isArray(value)) return [{ at, message: 'a list is expected' }];
      if (value.length < (shape.atLeast ?? 0)) return [{ at, message: 'the list is empty' }];
      return value.flatMap((item, index) => checkShape(shape.of, item, [...at, index]));
    case 'map':
      if (!isObject(value)) return [{ at, message: 'a mapping is expected' }];
      return Object.entries(value).flatMap(([key, item]) => checkShape(shape.of, item, [...at, key]));
    case 'either':
      return checkEither(shape.of, value, at);
    case 'object':
      return checkObject(shape, value, at);
    default:
      if (!scalarTypes[shape.type]!.includes(typeof value)) return [{ at, message: `${names[shape.type]} is expected` }];
      return shape.oneOf && !shape.oneOf.includes(value as string) ? [{ at, message: `one of ${shape.oneOf.join(', ')} is expected` }] : [];
  }
}

const kindOf = (value: unknown): 'list' | 'object' | 'scalar' => (Array.isArray(value) ? 'list' : isObject(value) ? 'object' : 'scalar');
const shapeKind = ({ type }: Shape): 'list' | 'object' | 'scalar' =>
  type === 'list' ? 'list' : type === 'object' || type === 'map' ? 'object' : 'scalar';

/** The problems of the option that is of the value's own kind tell most. */
function checkEither(options: readonly Shape[], value: unknown, at: DataPath): readonly Problem[] {
  const results = options.map((option) => checkShape(option, value, at));
  if (results.some((result) => !result.length)) return [];
  const nearest = options.findIndex((option) => shapeKind(option) === kindOf(value));
  return results[Math.max(0, nearest)]!;
}

function checkObject(shape: ObjectShape, value: unknown, at: DataPath): readonly Problem[] {
  if (!isObject(value)) return [{ at, message: 'a mapping is expected' }];
  const known = Object.keys(shape.keys);
  return [
    ...Object.keys(value)
      .filter((key) => !shape.open && !Object.hasOwn(shape.keys, key))
      .map((key) => ({ at: [...at, key], message: `unknown key "${key}"${suggest(key, known)}` })),
    ...shape.required.filter((key) => !Object.hasOwn(value, key)).map((key) => ({ at, message: `"${key}" is missing` })),
    ...Object.entries(value).flatMap(([key, item]) =>
      Object.hasOwn(shape.keys, key) ? checkShape(shape.keys[key]!, item, [...at, key]) : [],
    ),
  ];
}

const suggest = (word: string, known: readonly string[]): string => {
  const near = findNearest(word, known);
  return near ? `; did you mean "${near}"?` : '';
};
