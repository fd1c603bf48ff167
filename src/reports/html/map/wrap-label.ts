/** Names of images and folders are long and have no spaces: they break where their parts meet. */
import stringWidth from 'string-width';
import { makeVisible } from '../../../reporters/visible-text.ts';

/** Cells of a line: what fits a box at 12 px. */
const cells = 21;
const maxLines = 3;
/** A longer name is cut before it is measured. */
const maxLength = 500;

export function wrapLabel(label: string): readonly string[] {
  const parts = (makeVisible(label.slice(0, maxLength)).match(/[^\s/:_@-]*[\s/:_@-]?/g) ?? []).filter((part) => part !== '');
  const lines: string[] = [];
  let line = '';
  for (const part of parts.flatMap(splitLong)) {
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
function splitLong(part: string): readonly string[] {
  if (stringWidth(part) <= cells) return [part];
  const dotted = part.match(/[^.]*\.|[^.]+$/g) ?? [part];
  return dotted.length > 1 ? dotted.flatMap(cutLong) : cutLong(part);
}

function cutLong(part: string): readonly string[] {
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
