/** Lines of a file for the reports, with secrets masked. */
import { LineMap } from '../text/positions.ts';
import { mask, maskCommand } from '../text/secret-shapes.ts';
import type { Place, Result } from '../types.ts';

export interface ExcerptLine {
  readonly line: number;
  readonly text: string;
}
/** A line longer than this is cut: minified code helps nobody. */
const maxLineLength = 2000;
const maxContext = 20;

/** Secrets that everyone knows by their shape, wherever they stand. */
const secretShapes =
  /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{20,}|\bgithub_pat_\w{20,}|\bglpat-[\w-]{20,}|\bxox[abpr]-[\w-]{10,}|\b[sr]k_(?:live|test)_[A-Za-z0-9]{10,}|\bAIza[\w-]{30,}|\beyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]*|\bSG\.[\w-]{16,}\.[\w-]{16,}|\bnpm_[A-Za-z0-9]{30,}/g;
/** `password: 'value'`, `"apiKey": "value"`, `secret = value`: the value of a key whose name says what it is. */
const keyedValue =
  /((?:pass(?:word|wd|phrase)?|secret|token|api[_-]?key|private[_-]?key|credentials?)["']?\s{0,4}[:=]\s{0,4})(["'`])([^"'`]{1,500})\2/gi;

/** Only the name of a variable. */
const reference = /^\$\{\w{1,100}(?::?\?)?\}$/;
const hideKeyed = (whole: string, key: string, quote: string, value: string): string =>
  reference.test(value) ? whole : `${key}${quote}${mask}${quote}`;

/** Hides what lies in the ranges, and what looks like a secret outside of them. */
export function maskLine(text: string, line: number, secrets: readonly Place[]): string {
  let masked = text;
  const touching = secrets.filter((place) => place.line <= line && place.endLine >= line).sort((a, b) => b.column - a.column);
  // Services that share code bring the same place twice.
  let end = Number.POSITIVE_INFINITY;
  for (const place of touching) {
    const from = place.line === line ? place.column - 1 : 0;
    if (from >= end) continue;
    const to = Math.min(place.endLine === line ? place.endColumn - 1 : text.length, end);
    masked = masked.slice(0, from) + hideQuoted(masked.slice(from, to)) + masked.slice(to);
    end = from;
  }
  masked = masked.replace(secretShapes, mask).replace(keyedValue, hideKeyed);
  return maskCommand(masked);
}

/** Keeps the key in front of a value (`NAME=`, `name: `) when the range covers the whole entry. The scheme of an address is none. */
function hideQuoted(part: string): string {
  const key = /^\s*(["']?)[\w.-]{1,80}\1\s*[:=](?!\/\/)\s*/.exec(part)?.[0] ?? '';
  const quote = /^["'`]/.exec(part.slice(key.length))?.[0] ?? '';
  return `${key}${quote}${mask}${quote}`;
}

/** `undefined` when the line does not exist. */
export function makeExcerpt(
  path: string,
  text: string,
  place: Place,
  context: number,
  secrets: readonly Place[],
): readonly ExcerptLine[] | undefined {
  const lines = new LineMap(path, text);
  if (place.line < 1 || place.line > lines.lineCount) return undefined;
  const around = Math.min(Math.max(0, context), maxContext);
  const last = Math.min(lines.lineCount, Math.min(place.endLine, place.line + maxContext) + around);
  const excerpt: ExcerptLine[] = [];
  for (let line = Math.max(1, place.line - around); line <= last; line++) {
    excerpt.push({ line, text: maskLine(lines.line(line), line, secrets).slice(0, maxLineLength) });
  }
  return excerpt;
}

/** What a result tells of the texts of files. */
export const openTexts = (
  text: (path: string) => string | undefined,
  secrets: ReadonlyMap<string, readonly Place[]>,
): Pick<Result, 'excerpt' | 'text'> => ({
  text,
  excerpt(place, context) {
    const whole = text(place.path);
    return whole === undefined ? undefined : makeExcerpt(place.path, whole, place, context, secrets.get(place.path) ?? []);
  },
});
