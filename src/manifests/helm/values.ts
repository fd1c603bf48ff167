/**
 * Values as Go templates see them, each with where it came from. An integer of Go is a `bigint`, a float64 a `number`:
 * YAML of a chart has floats only, and templates tell them apart.
 */
import type { DecidingPlace, Place } from '../../types.ts';
import type { LeftOut } from './left-out.ts';

export type Origin = DecidingPlace;

/** A part of a text with one origin. */
export interface Piece {
  readonly text: string;
  /** Where a template prints it. */
  readonly site?: Site;
  /** Values that decided it. */
  readonly from?: readonly Origin[];
  /** What the map or list comes from whose text this is a part of. */
  readonly whole?: readonly Origin[];
  /** No text: here a block was left out because of `from`. */
  readonly leftOut?: LeftOut;
}
/** A range of a template. `literal`: the text stands there as it is, so that offsets carry over. */
export interface Site {
  readonly source: Source;
  readonly start: number;
  readonly end: number;
  readonly literal: boolean;
}
/** A text that templates are parsed from. `place` is missing for texts that were made while rendering (`tpl`). */
export interface Source {
  readonly name: string;
  readonly text: string;
  /** It stands in an archive. */
  readonly isPacked?: true;
  place?(start: number, end: number): Place;
}

/** One value. Cells are never changed; maps and lists are. */
export interface Cell {
  readonly value: Value;
  readonly from?: readonly Origin[];
  /** Of a string, when its parts have different origins: their texts make the value. */
  readonly pieces?: readonly Piece[];
}
export type Value = null | boolean | bigint | number | string | GoMap | GoList | GoBytes | Callable | GoStruct;

export class GoMap {
  constructor(
    readonly entries: Map<string, Cell> = new Map(),
    readonly methods: Readonly<Record<string, Callable>> = {},
  ) {}
  /** Keys in the order in which Go prints and ranges over maps. */
  keys(): string[] {
    return [...this.entries.keys()].sort(compareText);
  }
  get(key: string): Cell | undefined {
    return this.entries.get(key);
  }
}
export class GoList {
  constructor(
    readonly items: readonly Cell[],
    readonly methods: Readonly<Record<string, Callable>> = {},
  ) {}
}
export class GoBytes {
  constructor(readonly text: string) {}
}
/** A method of an object, such as `.Files.Get`. */
export class Callable {
  constructor(
    readonly name: string,
    readonly call: (args: readonly Cell[]) => Cell,
  ) {}
}
/** What only Go knows how to print, such as a semantic version: fields, and a text. */
export class GoStruct {
  constructor(
    readonly text: string,
    readonly fields: GoMap,
  ) {}
}

export const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
export const nil: Cell = { value: null };
export const cell = (value: Value, from?: readonly Origin[]): Cell => (from?.length ? { value, from } : { value });
export const mapOf = (entries: Readonly<Record<string, Cell>>): GoMap => new GoMap(new Map(Object.entries(entries)));
export const listOf = (values: readonly Value[]): GoList => new GoList(values.map((value) => cell(value)));

const mostOrigins = 4;
/** All origins of several values, each once; more than a few say nothing. */
export function joinOrigins(cells: readonly Cell[]): readonly Origin[] | undefined {
  const found: Origin[] = [];
  for (const { from } of cells) for (const one of from ?? []) if (found.length < mostOrigins && !found.includes(one)) found.push(one);
  return found.length ? found : undefined;
}

/** A failure that Helm would stop at; rendering goes on behind the action that failed. */
export class TemplateError extends Error {
  constructor(message: string) {
    // Nobody reads where it was thrown, and a chart may fail thousands of times.
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    super(message);
    Error.stackTraceLimit = stackTraceLimit;
  }
}
/** The chart asks for more work than any real one does: rendering it ends. */
export class BudgetError extends Error {}

export const isTrue = (value: Value): boolean => {
  if (value === null) return false;
  if (typeof value === 'string') return value.length > 0;
  if (value instanceof GoMap) return value.entries.size > 0;
  if (value instanceof GoList) return value.items.length > 0;
  if (value instanceof GoBytes) return value.text.length > 0;
  return value !== false && value !== 0 && value !== 0n && !Number.isNaN(value);
};
/** What sprig calls empty is what templates call false. */
export const isEmpty = (value: Value): boolean => !isTrue(value);

/** `%v` of a float64: the shortest digits, with an exponent below 1e-04 and from 1e+06 on where digits are left out. */
export function printFloat(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  const [digits, exponent] = value.toExponential().split('e') as [string, string];
  const power = Number(exponent);
  if (power >= -4 && power < 6) return plainDecimal(value);
  const shown = Math.abs(power) < 10 ? `0${Math.abs(power)}` : String(Math.abs(power));
  return `${digits}e${power < 0 ? '-' : '+'}${shown}`;
}
/** Digits without an exponent. */
export const plainDecimal = (value: number): string => {
  const text = String(value);
  return text.includes('e') ? value.toFixed(20).replace(/0+$/, '') : text;
};

/** As `print` and actions show a value. */
export function printValue(value: Value, inside = false): string {
  if (value === null) return inside ? '<nil>' : '<no value>';
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return printFloat(value);
  if (value instanceof GoMap)
    return `map[${value
      .keys()
      .map((key) => `${key}:${printValue(value.get(key)!.value, true)}`)
      .join(' ')}]`;
  if (value instanceof GoList) return `[${value.items.map((item) => printValue(item.value, true)).join(' ')}]`;
  if (value instanceof GoBytes) return `[${[...Buffer.from(value.text)].join(' ')}]`;
  if (value instanceof GoStruct) return value.text;
  return value instanceof Callable ? value.name : String(value);
}

/** As sprig's `toString`. */
export const textOf = (value: Value): string => {
  if (value instanceof GoBytes) return value.text;
  return value === null ? '<nil>' : printValue(value, true);
};

export const kindOf = (value: Value): string => {
  if (value === null) return 'invalid';
  if (typeof value === 'string') return 'string';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'bigint') return 'int';
  if (typeof value === 'number') return 'float64';
  if (value instanceof GoMap) return 'map';
  if (value instanceof GoList || value instanceof GoBytes) return 'slice';
  return value instanceof Callable ? 'func' : 'ptr';
};
