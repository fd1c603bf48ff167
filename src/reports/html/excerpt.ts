/** A few lines of a file with the range marked. */

import { cutText } from '../../reporters/visible-text.ts';
import type { Place, Result } from '../../types.ts';
import { placeRef } from './bits.ts';
import { type Content, codeLine, html, type Markup, prose } from './markup.ts';
import type { View } from './view.ts';

const maxLines = 7;
const maxContext = 2;
/** Characters of a line that are shown, and how many before the range when the line is longer. */
const maxWidth = 240;
const lead = 60;
/** What `result.excerpt` puts in the place of a secret. */
const mask = '***';

interface Line {
  readonly line: number;
  readonly text: string;
}

export function drawExcerpt(view: View, place: Place, label?: string): Markup {
  const lines = readLines(view.result, place);
  const caption = html`<figcaption>${placeRef(view, place)}${label !== undefined && html` <span>${prose(label)}</span>`}${decided(view, place)}</figcaption>`;
  if (lines.length === 0) return html`<figure class="code">${caption}</figure>`;
  const indent = Math.min(...lines.filter(({ text }) => text.trim() !== '').map(({ text }) => /^[ \t]*/.exec(text)![0].length));
  return html`<figure class="code">${caption}<pre>${lines.map((line) => drawLine(line, place, Number.isFinite(indent) ? indent : 0))}</pre></figure>`;
}

/** Where a rendered or patched text was decided. */
const decided = (view: View, { decidedBy }: Place): Content =>
  decidedBy?.slice(0, 3).map((place) => html` <span class="muted">← ${placeRef(view, place)}</span>`);

/** At most seven lines, without blank ones at the edges. */
function readLines(result: Result, place: Place): readonly Line[] {
  const height = Math.max(1, Math.min(place.endLine - place.line + 1, maxLines));
  const context = Math.min(maxContext, (maxLines - height) >> 1);
  const last = place.line + height - 1;
  const lines = (result.excerpt({ ...place, endLine: last }, context) ?? [])
    .filter(({ line }) => line >= place.line - context && line <= last + context)
    .map(({ line, text }) => ({ line, text: text.replace(/[\r\n]+$/, '') }));
  const counts = ({ line, text }: Line) => line === place.line || text.trim() !== '';
  return lines.slice(Math.max(0, lines.findIndex(counts)), lines.findLastIndex(counts) + 1);
}

function drawLine({ line, text }: Line, place: Place, indent: number): Markup {
  const inside = line >= place.line && line <= place.endLine;
  if (!inside) return html`<span class="l" data-n="${line}">${codeLine(cutText(text.slice(indent), maxWidth))}\n</span>`;
  const [from, to] = rangeOf(text, line, place);
  const start = Math.min(indent, from);
  const origin = to - start > maxWidth ? Math.max(start, from - lead) : start;
  const parts = [
    origin > start ? '…' : '',
    codeLine(text.slice(origin, from)),
    html`<mark>${codeLine(cutText(text.slice(from, to), maxWidth))}</mark>`,
    codeLine(cutText(text.slice(to), Math.max(lead, maxWidth - (to - origin)))),
  ];
  return html`<span class="l hit" data-n="${line}">${parts}\n</span>`;
}

/** Offsets of the marked part; a masked line has other columns than the file, so it is marked as a whole. */
function rangeOf(text: string, line: number, place: Place): readonly [number, number] {
  const first = /^[ \t]*/.exec(text)![0].length;
  const whole: readonly [number, number] = [Math.min(first, text.length), text.trimEnd().length];
  if (text.includes(mask)) return whole;
  const from = line === place.line ? Math.min(place.column - 1, text.length) : whole[0];
  const to = line === place.endLine ? Math.min(place.endColumn - 1, text.length) : whole[1];
  return to > from ? [from, to] : whole;
}
