/** Names of images and folders are long and have no spaces: they break where their parts meet. */
import stringWidth from 'string-width';
import { makeVisible } from '../../../reporters/visible-text.ts';

const maxLines = 3;
/** One word may be this much wider than a line: it is drawn narrower, because half a word is harder to read. */
const squeeze = 1.25;
/** A longer name is cut before it is measured. */
const maxLength = 500;

/** @param cells width of a line, in terminal cells */
export function wrapLabel(label: string, cells: number): readonly string[] {
  const parts = (makeVisible(label.slice(0, maxLength)).match(/[^\s/:_@-]*[\s/:_@-]?/g) ?? []).filter((part) => part !== '');
  const lines: string[] = [];
  let line = '';
  for (const part of parts.flatMap((long) => splitLong(long, cells))) {
    if (line !== '' && stringWidth((line + part).trimEnd()) > cells) {
      lines.push(line.trim());
      line = '';
    }
    line += part;
  }
  if (line.trim() !== '') lines.push(line.trim());
  if (lines.length <= maxLines) return lines.length > 0 ? lines : ['?'];
  // The end tells more than the middle: `registry.example.com/team/…/orders:1.2`.
  return [...lines.slice(0, maxLines - 2), '…', lines.at(-1)!];
}

/** A part wider than a line breaks at its dots (`org.example.shop`), else anywhere. */
function splitLong(part: string, cells: number): readonly string[] {
  if (stringWidth(part) <= cells * squeeze) return [part];
  const dotted = part.match(/[^.]*\.|[^.]+$/g) ?? [part];
  return dotted.length > 1 ? dotted.flatMap((word) => cutLong(word, cells)) : cutLong(part, cells);
}

function cutLong(part: string, cells: number): readonly string[] {
  if (stringWidth(part) <= cells * squeeze) return [part];
  const pieces: string[] = [];
  let piece = '';
  for (const character of part) {
    if (stringWidth(piece + character) > cells) {
      pieces.push(piece);
      piece = '';
    }
    piece += character;
  }
  return [...pieces, piece];
}
