/** Edits of texts: how they are made, whether two get in each other's way, and what they make of a text. */
import type { Edit, Place } from '../types.ts';
import { LineMap } from './positions.ts';

/** What ends the lines of a text: what ends its first one. */
export const lineEndOf = (text: string): string => /\r\n|\n|\r/.exec(text.slice(0, 100_000))?.[0] ?? '\n';

/** Text with `\n` in the line ends of another one. */
export const withLineEnds = (text: string, like: string): string => text.replaceAll('\n', lineEndOf(like));

export const replaceRange = (lines: LineMap, start: number, end: number, text: string): Edit => ({ place: lines.place(start, end), text });

/** A file with all its content. */
export const createFile = (path: string, text: string): Edit => ({
  place: { path, line: 1, column: 1, endLine: 1, endColumn: 1 },
  text,
  creates: true,
});

/** Offset of the first character of the line that holds `offset`. */
export function lineStart(text: string, offset: number): number {
  let at = offset;
  while (at > 0 && text[at - 1] !== '\n' && text[at - 1] !== '\r') at--;
  return at;
}
/** Offset of the end of that line, before what ends it. */
export function lineEnd(text: string, offset: number): number {
  let at = offset;
  while (at < text.length && text[at] !== '\n' && text[at] !== '\r') at++;
  return at;
}
/** Offset of the first character of the next line; the end of the text when there is none. */
export function nextLine(text: string, offset: number): number {
  const end = lineEnd(text, offset);
  return text.startsWith('\r\n', end) ? end + 2 : Math.min(end + 1, text.length);
}

/** Whole lines (joined by `\n`, the last one not ended) in front of the line that starts at `offset`. */
export function insertLines(lines: LineMap, offset: number, block: string): Edit {
  const { text } = lines;
  const eol = lineEndOf(text);
  const body = block.replaceAll('\n', eol);
  const ended = offset === 0 || text[offset - 1] === '\n' || text[offset - 1] === '\r';
  return replaceRange(lines, offset, offset, ended ? body + eol : eol + body);
}

const startOf = ({ line, column }: Place): readonly [number, number] => [line, column];
const endOf = ({ endLine, endColumn }: Place): readonly [number, number] => [endLine, endColumn];
const isBefore = ([line, column]: readonly [number, number], [otherLine, otherColumn]: readonly [number, number]): boolean =>
  line < otherLine || (line === otherLine && column < otherColumn);

/** Two edits that touch the same text, or put something at the same point: their order would decide what comes out. */
export function collide(a: Edit, b: Edit): boolean {
  if (a.place.path !== b.place.path) return false;
  if (a.creates || b.creates) return true;
  return !isBefore(endOf(a.place), startOf(b.place)) && !isBefore(endOf(b.place), startOf(a.place));
}

/** What is put at one point becomes one edit, in its order. */
export function joinInserts(edits: readonly Edit[]): readonly Edit[] {
  const joined: Edit[] = [];
  for (const edit of edits) {
    const at = joined.findIndex((other) => isInsert(edit) && isInsert(other) && collide(edit, other));
    if (at < 0) joined.push(edit);
    else joined[at] = { ...joined[at]!, text: joined[at]!.text + edit.text };
  }
  return joined;
}
const isInsert = ({ place, creates }: Edit): boolean => !creates && place.line === place.endLine && place.column === place.endColumn;

/** The text of one file after edits that do not collide. */
export function applyEdits(path: string, text: string, edits: readonly Edit[]): string {
  const created = edits.find(({ creates }) => creates);
  if (created) return created.text;
  const lines = new LineMap(path, text);
  const ranges = edits.map(({ place, text: replacement }) => ({
    start: lines.offset(place.line, place.column),
    end: lines.offset(place.endLine, place.endColumn),
    replacement,
  }));
  let result = text;
  for (const { start, end, replacement } of ranges.sort((a, b) => b.start - a.start || b.end - a.end))
    result = result.slice(0, start) + replacement + result.slice(end);
  return result;
}
