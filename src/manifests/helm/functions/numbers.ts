/** Numbers of sprig: integers of 64 bits, and floats where the name ends in `f`. */
import { kindOf, TemplateError, type Value } from '../values.ts';
import { type Functions, float, integer, plain } from './arguments.ts';

const wrap = (value: bigint): bigint => BigInt.asIntN(64, value);
const fold = (start: bigint | undefined, step: (a: bigint, b: bigint) => bigint) =>
  plain(1, (values) => {
    const numbers = values.map(integer);
    return start === undefined
      ? numbers.slice(1).reduce((a, b) => wrap(step(a, b)), numbers[0]!)
      : numbers.reduce((a, b) => wrap(step(a, b)), start);
  });
const foldFloat = (step: (a: number, b: number) => number) =>
  plain(1, (values) => {
    const [first, ...others] = values.map(float);
    return others.reduce(step, first!);
  });
const divisor = (value: bigint): bigint => {
  if (value === 0n) throw new TemplateError('integer divide by zero');
  return value;
};
const round = (value: number, digits: number): number => {
  const factor = 10 ** Math.max(0, Math.min(15, digits));
  return Math.round(value * factor + Number.EPSILON) / factor;
};

export const numberFunctions: Functions = {
  int: plain(1, ([value]) => integer(value)),
  int64: plain(1, ([value]) => integer(value)),
  float64: plain(1, ([value]) => float(value)),
  atoi: plain(1, ([value]) => (/^[-+]?[0-9]{1,18}$/.test(String(value)) ? integer(value) : 0n)),
  toDecimal: plain(1, ([value]) => (/^[0-7]{1,20}$/.test(String(value)) ? BigInt(`0o${String(value)}`) : 0n)),
  add: fold(0n, (a, b) => a + b),
  add1: plain(1, ([value]) => wrap(integer(value) + 1n)),
  sub: fold(undefined, (a, b) => a - b),
  mul: fold(1n, (a, b) => a * b),
  div: fold(undefined, (a, b) => a / divisor(b)),
  mod: fold(undefined, (a, b) => a % divisor(b)),
  max: fold(undefined, (a, b) => (a > b ? a : b)),
  biggest: fold(undefined, (a, b) => (a > b ? a : b)),
  min: fold(undefined, (a, b) => (a < b ? a : b)),
  addf: foldFloat((a, b) => a + b),
  add1f: plain(1, ([value]) => float(value) + 1),
  subf: foldFloat((a, b) => a - b),
  mulf: foldFloat((a, b) => a * b),
  divf: foldFloat((a, b) => a / b),
  maxf: foldFloat(Math.max),
  minf: foldFloat(Math.min),
  ceil: plain(1, ([value]) => Math.ceil(float(value))),
  floor: plain(1, ([value]) => Math.floor(float(value))),
  round: plain(2, ([value, digits]) => round(float(value), Number(integer(digits)))),
  kindOf: plain(1, ([value]) => kindOf(value!)),
  kindIs: plain(2, ([kind, value]) => kindOf(value!) === kind),
  typeOf: plain(1, ([value]) => typeName(value!)),
  typeIs: plain(2, ([name, value]) => typeName(value!) === name),
  typeIsLike: plain(2, ([name, value]) => typeName(value!) === name || `*${typeName(value!)}` === name),
};

function typeName(value: Value): string {
  const kind = kindOf(value);
  return { invalid: '<nil>', map: 'map[string]interface {}', slice: '[]interface {}' }[kind] ?? kind;
}
