import type { ChalkInstance } from 'chalk';
import stringWidth from 'string-width';
import type { Place, Result } from '../../types.ts';
import { makeCodeVisible, makeVisible } from '../visible-text.ts';
import { type Paint, takeCells } from './paint.ts';

/** One place in a frame: what to mark, in which colour, and what to say of it. */
export interface Marked {
  readonly place: Place;
  readonly label?: string;
  readonly color: ChalkInstance;
  /** Lines to show before and after. */
  readonly context: number;
}

interface Line {
  readonly number: number;
  readonly text: string;
}

/** Characters kept on each side of the range before anything is measured: a line can have megabytes. */
const reach = 400;
/** Cells kept to the left of a range when a line is cut. */
const lead = 12;

/**
 * Excerpts of all places of a finding in one frame, so that one sees at a glance that they belong together:
 * path, numbered lines, the range underlined, the label under it.
 */
export function drawFrame(result: Result, places: readonly Marked[], paint: Paint): string[] {
  const excerpts = places.map(({ place, context }) => readLines(result, place, context));
  const numbers = excerpts.flatMap((lines) => lines.map(({ number }) => number));
  const gutter = Math.max(3, String(Math.max(0, ...numbers)).length) + 2;
  const { dim } = paint.color;
  const margin = ' '.repeat(gutter);
  const parts = places.flatMap((marked, index) => {
    const corner = index === 0 ? '╭─' : '├─';
    const head = `${margin} ${dim(corner)} ${paint.cut(printPlace(marked.place), paint.width - gutter - 5)}`;
    return [head, ...drawExcerpt(excerpts[index]!, marked, gutter, paint)];
  });
  return [...parts, `${margin} ${dim('╰─')}`];
}

/** `path:line:column`, as terminals and editors open it. */
export const printPlace = ({ path, line, column }: Place): string => makeVisible(`${path}:${line}:${column}`);
/** `path:line`, where the line as a whole is meant. */
export const printLine = ({ path, line }: Place): string => makeVisible(`${path}:${line}`);

/** The lines to show, without blank ones at the edges. */
function readLines(result: Result, place: Place, context: number): readonly Line[] {
  const lines = (result.excerpt({ ...place, endLine: place.line }, context) ?? [])
    .filter(({ line }) => Math.abs(line - place.line) <= context)
    .map(({ line, text }) => ({ number: line, text: text.replace(/[\r\n]+$/, '') }));
  const counts = ({ number, text }: Line) => number === place.line || text.trim() !== '';
  return lines.slice(Math.max(0, lines.findIndex(counts)), lines.findLastIndex(counts) + 1);
}

function drawExcerpt(lines: readonly Line[], { place, label, color }: Marked, gutter: number, paint: Paint): string[] {
  const { dim } = paint.color;
  const room = paint.width - gutter - 4;
  const marked = lines.find(({ number }) => number === place.line);
  if (!marked) return label ? drawLabel(label, gutter, paint, color) : [];
  const range = measureRange(marked.text, place, room);
  return lines.flatMap(({ number, text }) => {
    const code = fitLine(makeCodeVisible(text.slice(range.origin, range.origin + 2 * reach)), range.shift, room);
    const bar = `${dim(String(number).padStart(gutter))} ${dim('│')}`;
    const isMarked = number === place.line;
    const line = code === '' ? bar : `${bar} ${isMarked ? code : dim(code)}`;
    return isMarked ? [line, ...drawMark(range, label, color, gutter, room, paint)] : [line];
  });
}

interface Range {
  /** Characters that are left out on the left of every line. */
  readonly origin: number;
  /** Terminal cells before the range and in it. */
  readonly start: number;
  readonly size: number;
  /** Cells that are left out on the left. */
  readonly shift: number;
}

/** Where the range is in terminal cells, and how far the lines must move to the left for it to be seen. */
function measureRange(line: string, place: Place, room: number): Range {
  const from = Math.min(place.column - 1, line.length);
  const to = place.endLine > place.line ? line.length : Math.min(Math.max(place.endColumn - 1, from), line.length);
  const origin = Math.max(0, from - reach);
  const start = stringWidth(makeCodeVisible(line.slice(origin, from)));
  const size = Math.max(1, stringWidth(makeCodeVisible(line.slice(from, Math.min(to, from + reach)).trimEnd())));
  const shift = start + Math.min(size, room >> 1) > room ? Math.max(0, start - lead) : 0;
  return { origin, start, size, shift };
}

function fitLine(text: string, shift: number, room: number): string {
  const left = shift > 0 && text !== '' ? '…' : '';
  const shown = takeCells(text, shift + left.length, room - left.length);
  const end = shift + room < stringWidth(text);
  return (left + (end ? `${takeCells(text, shift + left.length, room - left.length - 1)}…` : shown)).trimEnd();
}

/** The line under the range, with the label behind it or, where it does not fit, below it. */
function drawMark(range: Range, label: string | undefined, color: ChalkInstance, gutter: number, room: number, paint: Paint): string[] {
  const offset = range.start - range.shift;
  const length = Math.max(1, Math.min(range.size, room - offset));
  const line = `${' '.repeat(gutter)} ${paint.color.dim('·')} ${' '.repeat(offset)}${color('━'.repeat(length))}`;
  if (!label) return [line];
  const fits = offset + length + 1 + stringWidth(makeVisible(label)) <= room;
  return fits ? [`${line} ${paint.prose(label, color)}`] : [line, ...drawLabel(label, gutter, paint, color)];
}

function drawLabel(label: string, gutter: number, paint: Paint, color: ChalkInstance): string[] {
  const blank = ' '.repeat(gutter + 3);
  const margin = `${' '.repeat(gutter)} ${paint.color.dim('·')} `;
  return paint.wrap(blank, paint.prose(label, color)).map((line) => margin + line.slice(blank.length));
}
