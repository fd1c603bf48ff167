/** Lines of a configuration with the words and the place of each. `#` begins a comment, quotes keep blanks together. */

import type { Place, SourceFile } from '../../types.ts';
import { LineMap } from '../positions.ts';

export interface Row {
  readonly words: readonly string[];
  readonly place: Place;
}

const maxLength = 10_000;
const maxWords = 200;

/** Words of one line; backslashes keep the next character. */
export function wordsOf(row: string): readonly string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (let at = 0; at < row.length && words.length < maxWords; at++) {
    const char = row[at]!;
    if (quote !== '') {
      if (char === quote) quote = '';
      else word = (word ?? '') + char;
    } else if (char === '"' || char === "'") {
      quote = char;
      word ??= '';
    } else if (char === '\\') word = (word ?? '') + (row[++at] ?? '');
    else if (char === '#' && word === undefined) break;
    else if (char === ' ' || char === '\t' || char === '\r') {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? '') + char;
  }
  return word === undefined ? words : [...words, word];
}

/** Rows that say something. Too long ones are left out: nobody writes them by hand. */
export function readRows(file: SourceFile): readonly Row[] {
  const places = file.places ?? new LineMap(file.path, file.text);
  const rows: Row[] = [];
  let offset = 0;
  for (const row of file.text.split('\n')) {
    const words = row.length < maxLength ? wordsOf(row) : [];
    const start = offset + row.search(/\S/);
    if (words.length > 0) rows.push({ words, place: places.place(start, start + row.trim().length) });
    offset += row.length + 1;
  }
  return rows;
}
