/** Which lines of a file a change touches. */
import { diffArrays } from 'diff';
import type { Place } from '../types.ts';

/** Lines of the new text that were added or changed, and those beside a gap where lines were deleted; `all`: too different to tell. */
export type TouchedLines = ReadonlySet<number> | 'all';

/** Beyond it, the texts have so little in common that every line counts as changed. The time grows with its square. */
const maxEdits = 4000;

const linesOf = (text: string): string[] => {
  const lines = text.split(/\r\n|\r|\n/);
  if (lines.at(-1) === '') lines.pop();
  return lines;
};

export function findTouchedLines(before: string, after: string): TouchedLines {
  if (before === after) return new Set();
  const now = linesOf(after);
  const parts = diffArrays(linesOf(before), now, { maxEditLength: maxEdits });
  if (!parts) return 'all';
  const touched = new Set<number>();
  let line = 1;
  parts.forEach(({ added, removed, count }, index) => {
    const isReplaced = parts[index - 1]?.added || parts[index + 1]?.added;
    if (removed && !isReplaced) for (const beside of [line - 1, line]) if (beside >= 1 && beside <= now.length) touched.add(beside);
    if (added) for (let number = line; number < line + count; number++) touched.add(number);
    if (!removed) line += count;
  });
  return touched;
}

/** True when a line of the place is touched; a place that ends at the start of a line does not hold that line. */
export function isTouched(touched: TouchedLines, { line, endLine, endColumn }: Place): boolean {
  if (touched === 'all') return true;
  const last = endLine > line && endColumn <= 1 ? endLine - 1 : endLine;
  if (last - line > touched.size) return [...touched].some((number) => number >= line && number <= last);
  for (let number = line; number <= last; number++) if (touched.has(number)) return true;
  return false;
}
