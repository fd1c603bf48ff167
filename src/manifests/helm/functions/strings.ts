/** Text functions of sprig. Those that only add or cut text keep the origin of every part. */
import { cellOfPieces, indentPieces, piecesOf, slicePieces } from '../output.ts';
import { type Cell, cell, GoList, GoMap, isTrue, joinOrigins, listOf, nil, type Piece, textOf, type Value } from '../values.ts';
import { at, count, type Functions, plain, string, strings } from './arguments.ts';
import { quoteGo } from './format.ts';
import { placeholder } from './generated-values.ts';

type Cut = (text: string) => readonly [start: number, end: number];

/** Cuts one text at both ends. */
const cut = (given: Cell, where: Cut): Cell => {
  const text = string(given.value);
  const [start, end] = where(text);
  if (start === 0 && end === text.length) return given;
  return given.pieces ? cellOfPieces(slicePieces(given.pieces, start, end)) : cell(text.slice(start, end), given.from);
};
const trimBy =
  (isCut: (char: string) => boolean, sides: 'both' | 'left' | 'right' = 'both'): Cut =>
  (text) => {
    let start = 0;
    let end = text.length;
    if (sides !== 'right') while (start < end && isCut(text[start]!)) start++;
    if (sides !== 'left') while (end > start && isCut(text[end - 1]!)) end--;
    return [start, end];
  };
const isSpace = (char: string): boolean => /\s/.test(char);
const cutset = (sides: 'both' | 'left' | 'right') => (args: readonly Cell[]) => {
  const set = string(at(args, 0).value);
  return cut(
    at(args, 1),
    trimBy((char) => set.includes(char), sides),
  );
};

const wrap = (args: readonly Cell[], mark: string, encode: (text: string) => string): Cell => {
  const given = args.filter(({ value }) => value !== null);
  const pieces = given.flatMap((arg, index): Piece[] => [
    ...(index > 0 ? [{ text: ' ' }] : []),
    { text: mark },
    ...piecesOf({ ...arg, value: typeof arg.value === 'string' ? arg.value : textOf(arg.value) }).map((piece) => ({
      ...piece,
      text: encode(piece.text),
    })),
    { text: mark },
  ]);
  return cellOfPieces(pieces);
};

/** Changes each character by itself, so that parts stay apart. */
const mapText = (change: (text: string) => string) => (args: readonly Cell[]) => {
  const given = at(args, 0);
  string(given.value);
  return cellOfPieces(piecesOf(given).map((piece) => ({ ...piece, text: change(piece.text) })));
};

const truncate: (args: readonly Cell[]) => Cell = (args) => {
  const size = count(at(args, 0).value);
  if (at(args, 1).value === placeholder) return at(args, 1);
  return cut(at(args, 1), (text) => (size >= 0 ? [0, Math.min(size, text.length)] : [Math.max(0, text.length + size), text.length]));
};

const words = (text: string): string[] => text.split(/[^\p{L}\p{N}]+|(?<=[\p{Ll}\p{N}])(?=\p{Lu})/u).filter(Boolean);
const capitalize = (word: string): string => word.slice(0, 1).toUpperCase() + word.slice(1);
const splitMap = (parts: readonly string[]): GoMap => new GoMap(new Map(parts.map((part, index) => [`_${index}`, cell(part)])));
const splitAt = (text: string, separator: string, limit: number): string[] => {
  const parts = separator === '' ? [...text] : text.split(separator);
  return limit < 0 || parts.length <= limit ? parts : [...parts.slice(0, limit - 1), parts.slice(limit - 1).join(separator)];
};

function joinTexts(args: readonly Cell[]): Cell {
  const given = at(args, 1);
  const separator = textOf(at(args, 0).value);
  if (!(given.value instanceof GoList)) return cell(strings(given.value).join(separator), joinOrigins(args));
  const items = given.value.items.filter((item) => item.value !== null);
  const pieces = items.flatMap((item, index) => [
    ...(index > 0 && separator ? [{ text: separator }] : []),
    ...piecesOf(typeof item.value === 'string' ? item : cell(textOf(item.value), item.from)),
  ]);
  return cellOfPieces(pieces);
}

const wrapLines = (text: string, width: number): string => {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line ? `${line} ${word}` : word;
  }
  return [...lines, line].join('\n');
};

function replaceAll(args: readonly Cell[]): Cell {
  const [from, to, given] = [string(at(args, 0).value), string(at(args, 1).value), at(args, 2)];
  const text = string(given.value);
  if (!text.includes(from)) return given;
  // Between pieces nothing is looked for: where that would matter, the parts are no longer told apart.
  const parts = piecesOf(given).map((piece) => ({ ...piece, text: piece.text.replaceAll(from, () => to) }));
  const whole = text.replaceAll(from, () => to);
  return parts.map((part) => part.text).join('') === whole ? cellOfPieces(parts) : cell(whole, joinOrigins(args));
}

const indent = (args: readonly Cell[]): readonly Piece[] => {
  const given = at(args, 1);
  string(given.value);
  return indentPieces(piecesOf(given), Math.max(0, Math.min(1000, count(at(args, 0).value))));
};

export const stringFunctions: Functions = {
  trim: (args) => cut(at(args, 0), trimBy(isSpace)),
  trimAll: cutset('both'),
  trimall: cutset('both'),
  trimLeft: cutset('left'),
  trimRight: cutset('right'),
  trimPrefix: (args) =>
    cut(at(args, 1), (text) => [text.startsWith(string(at(args, 0).value)) ? string(at(args, 0).value).length : 0, text.length]),
  trimSuffix: (args) =>
    cut(at(args, 1), (text) => [0, text.length - (text.endsWith(string(at(args, 0).value)) ? string(at(args, 0).value).length : 0)]),
  trunc: truncate,
  substr: (args) => {
    const [start, end] = [count(at(args, 0).value), count(at(args, 1).value)];
    if (at(args, 2).value === placeholder) return at(args, 2);
    return cut(at(args, 2), (text) => {
      const from = start < 0 ? 0 : Math.min(start, text.length);
      return [from, end < 0 || end > text.length ? text.length : Math.max(from, end)];
    });
  },
  upper: mapText((text) => text.toUpperCase()),
  lower: mapText((text) => text.toLowerCase()),
  title: plain(1, ([text]) =>
    string(text).replace(/(^|[^\p{L}\p{N}_'])(\p{Ll})/gu, (_, before: string, letter: string) => before + letter.toUpperCase()),
  ),
  untitle: plain(1, ([text]) =>
    string(text).replace(/(^|\s)(\p{Lu})/gu, (_, before: string, letter: string) => before + letter.toLowerCase()),
  ),
  repeat: (args, run) => {
    const times = Math.max(0, count(at(args, 0).value));
    const text = string(at(args, 1).value);
    run.environment.budget.text(times * text.length);
    return cell(text.repeat(times), joinOrigins(args));
  },
  nospace: plain(1, ([text]) => string(text).replace(/\s+/g, '')),
  initials: plain(1, ([text]) =>
    string(text)
      .split(/\s+/)
      .map((word) => word.slice(0, 1))
      .join(''),
  ),
  contains: plain(2, ([part, text]) => string(text).includes(string(part))),
  hasPrefix: plain(2, ([part, text]) => string(text).startsWith(string(part))),
  hasSuffix: plain(2, ([part, text]) => string(text).endsWith(string(part))),
  quote: (args) => wrap(args, '"', (text) => quoteGo(text).slice(1, -1)),
  squote: (args) => wrap(args, "'", (text) => text),
  cat: plain(0, (values) =>
    values
      .filter((value) => value !== null)
      .map(textOf)
      .join(' '),
  ),
  indent: (args, run) => bounded(indent(args), run.environment.budget),
  nindent: (args, run) => bounded([{ text: '\n' }, ...indent(args)], run.environment.budget),
  replace: replaceAll,
  plural: plain(3, ([one, many, number]) => (count(number) === 1 ? string(one) : string(many))),
  snakecase: plain(1, ([text]) =>
    words(string(text))
      .map((word) => word.toLowerCase())
      .join('_'),
  ),
  kebabcase: plain(1, ([text]) =>
    words(string(text))
      .map((word) => word.toLowerCase())
      .join('-'),
  ),
  camelcase: plain(1, ([text]) =>
    words(string(text))
      .map((word) => capitalize(word.toLowerCase()))
      .join(''),
  ),
  swapcase: plain(1, ([text]) =>
    [...string(text)].map((char) => (char === char.toUpperCase() ? char.toLowerCase() : char.toUpperCase())).join(''),
  ),
  wrap: plain(2, ([width, text]) => wrapLines(string(text), Math.max(1, count(width)))),
  wrapWith: plain(3, ([width, mark, text]) => wrapLines(string(text), Math.max(1, count(width))).replaceAll('\n', () => string(mark))),
  abbrev: plain(2, ([width, text]) =>
    string(text).length > count(width) ? `${string(text).slice(0, Math.max(0, count(width) - 3))}...` : string(text),
  ),
  toString: (args: readonly Cell[]) => (typeof at(args, 0).value === 'string' ? args[0]! : cell(textOf(args[0]!.value), args[0]!.from)),
  toStrings: plain(1, ([value]) => listOf(strings(value))),
  join: joinTexts,
  split: plain(2, ([separator, text]) => splitMap(splitAt(string(text), string(separator), -1))),
  splitn: plain(3, ([separator, limit, text]) => splitMap(splitAt(string(text), string(separator), count(limit)))),
  splitList: (args, run) => {
    const parts = splitAt(string(at(args, 1).value), string(at(args, 0).value), -1);
    run.environment.budget.list(parts.length);
    return { value: new GoList(parts.map((part) => cell(part, at(args, 1).from))) };
  },
  sortAlpha: plain(1, ([value]) => listOf([...strings(value)].sort())),
  ternary: ([yes = nil, no = nil, judge = nil]) => (judge.value === true ? yes : no),
  default: ([otherwise = nil, given]) => (given && isTrue(given.value) ? given : otherwise),
  coalesce: (args) => args.find(({ value }) => isTrue(value)) ?? nil,
  empty: plain(0, ([value]) => !isTrue(value ?? null)),
  all: plain(0, (values: readonly Value[]) => values.every(isTrue)),
  any: plain(0, (values: readonly Value[]) => values.some(isTrue)),
};

const bounded = (pieces: readonly Piece[], budget: { text(length: number): void }): Cell => {
  budget.text(pieces.reduce((sum, { text }) => sum + text.length, 0));
  return cellOfPieces(pieces);
};
