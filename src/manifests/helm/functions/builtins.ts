/** What text/template itself brings: comparisons, `len`, `index`, `slice`, `print`. */
import {
  Callable,
  type Cell,
  cell,
  GoBytes,
  GoList,
  GoMap,
  isTrue,
  joinOrigins,
  kindOf,
  nil,
  printValue,
  TemplateError,
  type Value,
} from '../values.ts';
import { at, type Functions, integer, plain } from './arguments.ts';
import { formatGo } from './format.ts';

const basicKinds = new Set(['bool', 'int', 'float64', 'string']);

function equals(a: Value, b: Value): boolean {
  const kinds = [kindOf(a), kindOf(b)];
  if (kinds[0] !== kinds[1] && a !== null && b !== null && kinds.some((kind) => basicKinds.has(kind)))
    throw new TemplateError('incompatible types for comparison');
  if (basicKinds.has(kinds[0]!)) return a === b;
  if (a !== null && b !== null) throw new TemplateError(`non-comparable types ${kinds.join(' and ')}`);
  return a === b;
}

function isLess(a: Value, b: Value): boolean {
  const kind = kindOf(a);
  if (kind !== kindOf(b)) throw new TemplateError('incompatible types for comparison');
  if (kind !== 'int' && kind !== 'float64' && kind !== 'string') throw new TemplateError('invalid type for comparison');
  return (a as string) < (b as string);
}

const compare = (judge: (a: Value, b: Value) => boolean) => plain(2, ([a, b]) => judge(a!, b!));

function lengthOf(value: Value): bigint {
  if (typeof value === 'string') return BigInt(Buffer.byteLength(value));
  if (value instanceof GoBytes) return BigInt(Buffer.byteLength(value.text));
  if (value instanceof GoList) return BigInt(value.items.length);
  if (value instanceof GoMap) return BigInt(value.entries.size);
  throw new TemplateError(`len of type ${kindOf(value)}`);
}

function indexOf(given: Cell, key: Cell): Cell {
  const { value } = given;
  if (value instanceof GoMap) {
    if (typeof key.value !== 'string') throw new TemplateError(`value has type ${kindOf(key.value)}; should be string`);
    return value.get(key.value) ?? { value: null, from: given.from };
  }
  if (typeof key.value !== 'bigint' && typeof key.value !== 'number')
    throw new TemplateError(`cannot index slice/array with type ${kindOf(key.value)}`);
  if (typeof key.value === 'number') throw new TemplateError('cannot index slice/array with type float64');
  const position = Number(key.value);
  if (typeof value === 'string') {
    const byte = Buffer.from(value)[position];
    if (byte === undefined) throw new TemplateError(`index out of range: ${position}`);
    return cell(BigInt(byte), given.from);
  }
  if (!(value instanceof GoList))
    throw new TemplateError(value === null ? 'index of untyped nil' : `can't index item of type ${kindOf(value)}`);
  const item = value.items[position];
  if (!item) throw new TemplateError(`index out of range: ${position}`);
  return item;
}

function sliceOf({ value }: Cell, bounds: readonly Cell[]): Value {
  const [from = 0, to] = bounds.map((bound) => Number(integer(bound.value)));
  const size = Number(lengthOf(value));
  const end = to ?? size;
  if (from < 0 || end > size || from > end) throw new TemplateError(`index out of range: ${end}`);
  if (typeof value === 'string') return Buffer.from(value).subarray(from, end).toString();
  return new GoList((value as GoList).items.slice(from, end));
}

/** `print` puts a space between two operands when neither is a string. */
function printAll(values: readonly Value[], line: boolean): string {
  let text = '';
  values.forEach((value, index) => {
    const previous = values[index - 1];
    if (index > 0 && (line || (typeof value !== 'string' && typeof previous !== 'string'))) text += ' ';
    text += printValue(value, true);
  });
  return line ? `${text}\n` : text;
}

const escapeHtml = (text: string): string =>
  text.replace(/[<>&"']/g, (char) => ({ '<': '&lt;', '>': '&gt;', '&': '&amp;', '"': '&#34;', "'": '&#39;' })[char]!);

export const builtins: Functions = {
  eq: plain(2, ([first, ...others]) => others.some((other) => equals(first!, other))),
  ne: compare((a, b) => !equals(a, b)),
  lt: compare(isLess),
  le: compare((a, b) => isLess(a, b) || equals(a, b)),
  gt: compare((a, b) => !isLess(a, b) && !equals(a, b)),
  ge: compare((a, b) => !isLess(a, b)),
  not: plain(1, ([value]) => !isTrue(value!)),
  len: plain(1, ([value]) => lengthOf(value!)),
  index: ([first = nil, ...keys]) => keys.reduce(indexOf, first),
  slice: (args) => cell(sliceOf(at(args, 0), args.slice(1)), joinOrigins(args)),
  print: plain(0, (values) => printAll(values, false)),
  println: plain(0, (values) => printAll(values, true)),
  printf: (args, run) => formatGo(args, run.environment.budget),
  html: plain(0, (values) => escapeHtml(printAll(values, false))),
  js: plain(0, (values) => JSON.stringify(printAll(values, false)).slice(1, -1)),
  urlquery: plain(0, (values) => encodeURIComponent(printAll(values, false)).replaceAll('%20', '+')),
  call: ([first = nil, ...args]) => {
    if (!(first.value instanceof Callable)) throw new TemplateError('non-function of type call');
    return first.value.call(args);
  },
};
