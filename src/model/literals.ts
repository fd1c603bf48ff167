import type { Value } from '../facts.ts';
import type { Place, Service } from '../types.ts';
import { evaluateAll } from './conditions.ts';
import type { Environment } from './environment.ts';

type Literals = ReturnType<Service['literals']>;
type Literal = Literals['values'][number];

const maxDepth = 30;
const maxValues = 32;
const nothing: Literals = { values: [], complete: false };
const conversions = new Set(['Number', 'parseInt', 'parseFloat', 'String', 'Boolean']);

/** What a value comes to in any of the environments; without one, only what the code itself says. */
export function readLiterals(value: Value | undefined, environments: readonly Environment[]): Literals {
  if (value === undefined) return nothing;
  const places = environments.length > 0 ? environments : [undefined];
  return joinLiterals(places.map((environment) => resolve(value, environment, 0)));
}

function resolve(value: Value, environment: Environment | undefined, depth: number): Literals {
  if (depth > maxDepth) return nothing;
  switch (value.is) {
    case 'literal':
      return { values: value.value === null ? [] : [{ value: value.value, place: value.place }], complete: true };
    case 'env':
      return resolveVariable(value, environment, depth);
    case 'choice':
      return joinLiterals(
        value.options
          .filter(({ when }) => evaluateAll(when, environment) !== false)
          .map((option) => resolve(option.value, environment, depth + 1)),
      );
    case 'text':
      return resolveText(value.parts, value.place, environment, depth);
    case 'made':
      return resolveConversion(value, environment, depth);
    default:
      return nothing;
  }
}

function resolveVariable(value: Extract<Value, { is: 'env' }>, environment: Environment | undefined, depth: number): Literals {
  const entry = environment?.given.find(({ name }) => name === value.name);
  if (entry?.value?.known && entry.value.value !== '')
    return { values: [{ value: entry.value.value, place: entry.value.place }], complete: true };
  const fallback = value.fallback ? resolve(value.fallback, environment, depth + 1) : undefined;
  if (entry && !(entry.value?.known && entry.value.value === '')) {
    const mayBeUnset = entry.from?.kind === 'shell' || entry.from?.optional === true;
    return { values: mayBeUnset ? (fallback?.values ?? []) : [], complete: false };
  }
  if (!fallback) return { values: [], complete: environment?.complete === true };
  return { values: fallback.values, complete: fallback.complete && (entry !== undefined || environment?.complete === true) };
}

function resolveText(parts: readonly Value[], place: Place, environment: Environment | undefined, depth: number): Literals {
  let texts = [''];
  let complete = true;
  for (const part of parts) {
    const read = resolve(part, environment, depth + 1);
    if (read.values.length === 0) return nothing;
    complete &&= read.complete;
    texts = texts.flatMap((text) => read.values.map(({ value }) => text + String(value)));
    if (texts.length > maxValues) return nothing;
  }
  return { values: texts.map((value) => ({ value, place })), complete };
}

/** `Number(process.env.PORT)`, `parseInt(port, 10)`, `String(x)`. */
function resolveConversion(
  { callee, args }: Extract<Value, { is: 'made' }>,
  environment: Environment | undefined,
  depth: number,
): Literals {
  const [first] = args;
  if (callee.is !== 'package' || callee.package !== '' || !conversions.has(callee.path.replace(/^Number\./, '')) || !first) return nothing;
  const read = resolve(first, environment, depth + 1);
  if (callee.path === 'String') return { ...read, values: read.values.map(({ value, place }) => ({ value: String(value), place })) };
  if (callee.path === 'Boolean') return { ...read, values: read.values.map(({ value, place }) => ({ value: Boolean(value), place })) };
  const numbers = read.values.map(({ value, place }) => ({ value: Number.parseFloat(String(value)), place }));
  return { ...read, values: numbers.filter(({ value }) => Number.isFinite(value)) };
}

function joinLiterals(read: readonly Literals[]): Literals {
  const values = new Map<string, Literal>();
  for (const { values: some } of read) {
    for (const literal of some) {
      const { path, line, column } = literal.place;
      const key = `${typeof literal.value}:${literal.value}\0${path}:${line}:${column}`;
      if (!values.has(key) && values.size < maxValues) values.set(key, literal);
    }
  }
  return { values: [...values.values()], complete: read.length > 0 && read.every(({ complete }) => complete) };
}
