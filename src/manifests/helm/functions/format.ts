/** `printf`: the verbs of fmt, with the origins of the arguments kept apart. */
import { type Budget, cellOfPieces, piecesOf, unknownMark } from '../output.ts';
import { type Cell, GoList, GoMap, kindOf, type Piece, printFloat, printValue, type Value } from '../values.ts';
import { string } from './arguments.ts';

interface Verb {
  readonly flags: string;
  readonly width: number;
  readonly precision: number | undefined;
  readonly verb: string;
  readonly end: number;
}

const widest = 10_000;
function readVerb(format: string, start: number): Verb {
  let at = start;
  while ('+-# 0'.includes(format[at] ?? 'x')) at++;
  const flags = format.slice(start, at);
  const digits = (): string => {
    const from = at;
    while (/[0-9]/.test(format[at] ?? '')) at++;
    return format.slice(from, at);
  };
  const width = Math.min(widest, Number(digits()));
  let precision: number | undefined;
  if (format[at] === '.') {
    at++;
    precision = Math.min(100, Number(digits()));
  }
  return { flags, width, precision, verb: format[at] ?? '', end: at + 1 };
}

export function formatGo([formatCell, ...args]: readonly Cell[], budget: Budget): Cell {
  const format = string(formatCell?.value);
  const pieces: Piece[] = [];
  const literal = (text: string): void => {
    if (text) pieces.push(formatCell?.from ? { text, from: formatCell.from } : { text });
  };
  let next = 0;
  let at = 0;
  for (let percent = format.indexOf('%'); percent >= 0; percent = format.indexOf('%', at)) {
    literal(format.slice(at, percent));
    const verb = readVerb(format, percent + 1);
    at = verb.end;
    budget.step();
    if (verb.verb === '%') literal('%');
    else if (verb.verb === '') literal('%!(NOVERB)');
    else if (next >= args.length) literal(`%!${verb.verb}(MISSING)`);
    else pieces.push(...formatOne(args[next++]!, verb));
  }
  literal(format.slice(at));
  if (next < args.length)
    literal(
      `%!(EXTRA ${args
        .slice(next)
        .map(({ value }) => `${typeName(value)}=${printValue(value, true)}`)
        .join(', ')})`,
    );
  budget.text(pieces.reduce((sum, { text }) => sum + text.length, 0));
  return cellOfPieces(pieces);
}

function formatOne(arg: Cell, verb: Verb): readonly Piece[] {
  if (verb.verb === 's' && typeof arg.value === 'string' && verb.width === 0 && verb.precision === undefined)
    return piecesOf(arg).map(({ text, from }) => ({ text, ...(from ? { from } : {}) }));
  const text = pad(convert(arg.value, verb), verb);
  return [{ text, ...(arg.from ? { from: arg.from } : {}) }];
}

function pad(text: string, { flags, width, verb }: Verb): string {
  if (text.length >= width) return text;
  if (flags.includes('-')) return text.padEnd(width);
  if (!flags.includes('0') || verb === 's' || verb === 'v') return text.padStart(width);
  const sign = /^[+-]/.test(text) ? text[0]! : '';
  return sign + text.slice(sign.length).padStart(width - sign.length, '0');
}

const typeName = (value: Value): string => {
  if (value instanceof GoMap) return 'map[string]interface {}';
  return value instanceof GoList ? '[]interface {}' : value === null ? '<nil>' : kindOf(value);
};
/** Go prints `%!s(<nil>)` where a value is missing, which no YAML can hold: a dependency that is not here gives it, or nobody does. */
const wrong = (value: Value, verb: string): string =>
  value === null ? unknownMark : `%!${verb}(${typeName(value)}=${printValue(value, true)})`;

function convert(value: Value, { verb, precision, flags }: Verb): string {
  const signed = (text: string): string => (flags.includes('+') && !text.startsWith('-') ? `+${text}` : text);
  switch (verb) {
    case 'v':
      return printValue(value, true);
    case 'T':
      return typeName(value);
    case 't':
      return typeof value === 'boolean' ? String(value) : wrong(value, verb);
    case 'd':
      return typeof value === 'bigint' ? signed(String(value)) : wrong(value, verb);
    case 'x':
    case 'X':
    case 'o':
    case 'b':
      return convertBase(value, verb);
    case 'c':
      return typeof value === 'bigint' ? String.fromCodePoint(Number(value) & 0x10ffff) : wrong(value, verb);
    case 'f':
    case 'F':
      return typeof value === 'number' ? signed(fixed(value, precision ?? 6)) : wrong(value, verb);
    case 'e':
    case 'g':
      return typeof value === 'number' ? signed(printFloat(value)) : wrong(value, verb);
    case 'q':
      return typeof value === 'string' ? quoteGo(value) : wrong(value, verb);
    case 's':
      return convertText(value, precision);
    default:
      return wrong(value, verb);
  }
}
/** Go rounds a half to the even digit, JavaScript up. */
function fixed(value: number, digits: number): string {
  const scaled = value * 10 ** digits;
  const isHalf = digits < 16 && Math.abs(scaled % 1) === 0.5 && Math.abs(scaled) < 2 ** 50;
  return isHalf ? ((2 * Math.round(scaled / 2)) / 10 ** digits).toFixed(digits) : value.toFixed(digits);
}
function convertText(value: Value, precision: number | undefined): string {
  if (value instanceof GoList) return `[${value.items.map((item) => convertText(item.value, precision)).join(' ')}]`;
  if (value instanceof GoMap)
    return `map[${value
      .keys()
      .map((key) => `${key}:${convertText(value.get(key)!.value, precision)}`)
      .join(' ')}]`;
  if (typeof value === 'bigint' || typeof value === 'number' || typeof value === 'boolean' || value === null) return wrong(value, 's');
  const text = printValue(value, true);
  return precision === undefined ? text : [...text].slice(0, precision).join('');
}
function convertBase(value: Value, verb: string): string {
  if (typeof value === 'string' && verb.toLowerCase() === 'x') {
    const hex = Buffer.from(value).toString('hex');
    return verb === 'X' ? hex.toUpperCase() : hex;
  }
  if (typeof value !== 'bigint') return wrong(value, verb);
  const text = value.toString(verb === 'o' ? 8 : verb === 'b' ? 2 : 16);
  return verb === 'X' ? text.toUpperCase() : text;
}

/** As strconv.Quote. */
export const quoteGo = (text: string): string =>
  `"${text.replace(/["\\\x00-\x1f\x7f]/g, (char) => quoteEscapes[char] ?? `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`)}"`;
const quoteEscapes: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\n': '\\n',
  '\t': '\\t',
  '\r': '\\r',
  '\b': '\\b',
  '\f': '\\f',
  '\v': '\\v',
  '\x07': '\\a',
};
