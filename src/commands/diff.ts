/** A unified diff of what fixes change; secrets are masked, and nothing in it moves the cursor. */
import { structuredPatch } from 'diff';
import { makeVisible } from '../reporters/visible-text.ts';
import type { FixedFile } from '../session.ts';
import type { Result } from '../types.ts';

const visible = (text: string): string => text.split('\t').map(makeVisible).join('\t');

/** A line as the result shows it. */
function showLine(result: Result, path: string, line: number, text: string): string {
  const ended = text.endsWith('\r') ? '\r' : '';
  const bare = text.slice(0, text.length - ended.length);
  const shown = result.excerpt({ path, line, column: 1, endLine: line, endColumn: 1 }, 0)?.[0]?.text;
  return visible(shown === undefined || bare.startsWith(shown) ? bare : shown) + ended;
}

/** A range of no lines is named by the line before it. */
const startOf = (start: number, count: number): number => (count === 0 ? start - 1 : start);

export function printDiff({ path, before, after }: FixedFile, was: Result, is: Result): string {
  const name = visible(path);
  const { hunks } = structuredPatch(path, path, before ?? '', after, '', '', { context: 3 });
  const lines = [`--- ${before === undefined ? '/dev/null' : `a/${name}`}`, `+++ b/${name}`];
  for (const { oldStart, oldLines, newStart, newLines, lines: changed } of hunks) {
    lines.push(`@@ -${startOf(oldStart, oldLines)},${oldLines} +${startOf(newStart, newLines)},${newLines} @@`);
    let old = oldStart;
    let fresh = newStart;
    for (const line of changed) {
      const text = line.slice(1);
      if (line.startsWith('\\')) lines.push(line);
      else if (line.startsWith('-')) lines.push(`-${showLine(was, path, old, text)}`);
      else lines.push(line[0] + showLine(is, path, fresh, text));
      if (/^[- ]/.test(line)) old++;
      if (/^[+ ]/.test(line)) fresh++;
    }
  }
  return lines.join('\n');
}
