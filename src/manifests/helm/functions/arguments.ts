/** Arguments of template functions as plain values: what Go would refuse is refused. */
import type { GoFunction, Interpreter } from '../interpreter.ts';
import { type Cell, cell, GoBytes, GoList, GoMap, joinOrigins, kindOf, TemplateError, textOf, type Value } from '../values.ts';

export type Functions = Readonly<Record<string, GoFunction>>;

/** A function of plain values; its result comes from all that it was given. */
export const plain =
  (least: number, make: (values: readonly Value[], run: Interpreter) => Value): GoFunction =>
  (args, run) => {
    if (args.length < least) throw new TemplateError(`wrong number of args: want at least ${least} got ${args.length}`);
    const value = make(
      args.map((arg) => arg.value),
      run,
    );
    if (typeof value === 'string') run.environment.budget.text(value.length);
    return cell(value, joinOrigins(args));
  };

export const at = (args: readonly Cell[], index: number): Cell => {
  const found = args[index];
  if (!found) throw new TemplateError(`wrong number of args: want at least ${index + 1} got ${args.length}`);
  return found;
};
export const string = (value: Value | undefined): string => {
  if (typeof value === 'string') return value;
  if (value instanceof GoBytes) return value.text;
  throw new TemplateError(`wrong type for value; expected string; got ${kindOf(value ?? null)}`);
};
export const map = (value: Value | undefined): GoMap => {
  if (value instanceof GoMap) return value;
  if (value === null) return new GoMap();
  throw new TemplateError(`wrong type for value; expected map[string]interface {}; got ${kindOf(value ?? null)}`);
};
export const list = (value: Value | undefined): GoList => {
  if (value instanceof GoList) return value;
  throw new TemplateError(`Cannot use type ${kindOf(value ?? null)} as list`);
};

/** As sprig's `toInt64`: text is read, and what is no number is 0. */
export function integer(value: Value | undefined): bigint {
  if (typeof value === 'bigint') return BigInt.asIntN(64, value);
  if (typeof value === 'number') return Number.isFinite(value) ? BigInt.asIntN(64, BigInt(Math.trunc(value))) : 0n;
  if (typeof value === 'boolean') return value ? 1n : 0n;
  if (typeof value !== 'string') return 0n;
  const text = value.trim();
  if (/^[-+]?[0-9]{1,18}$/.test(text)) return BigInt(text.replace('+', '').replace(/^(-?)0+(?=[0-9])/, '$1'));
  const number = text === '' || text.length > 40 ? Number.NaN : Number(text);
  return Number.isFinite(number) ? BigInt(Math.trunc(number)) : 0n;
}
export const count = (value: Value | undefined): number => Number(integer(value));
export function float(value: Value | undefined): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'boolean') return value ? 1 : 0;
  const number = typeof value === 'string' && value.trim() !== '' && value.length < 60 ? Number(value) : 0;
  return Number.isFinite(number) ? number : 0;
}

/** As sprig's `strslice`: the texts of a list without nils, or the one text. */
export function strings(value: Value | undefined): readonly string[] {
  if (value instanceof GoList) return value.items.filter((item) => item.value !== null).map((item) => textOf(item.value));
  return value === null || value === undefined ? [] : [textOf(value)];
}
