/** Which lines of the new version a unified diff touches. */

export interface LineRange {
  readonly from: number;
  /** Inclusive. */
  readonly to: number;
}

const hunkHead = /^@@ -\d{1,9}(?:,\d{1,9})? \+(\d{1,9})(?:,\d{1,9})? @@/;

/**
 * Added lines, and where lines went away the two between which they stood: taking `store:` out of a call changes the call.
 * @param patch hunks as GitHub's API gives them, without file headers
 */
export function readTouchedLines(patch: string): readonly LineRange[] {
  const ranges: LineRange[] = [];
  let line = 0;
  for (const text of patch.split('\n')) {
    const head = hunkHead.exec(text);
    if (head) line = Number(head[1]);
    else if (text.startsWith('+')) addRange(ranges, line, line++);
    else if (text.startsWith('-')) addRange(ranges, Math.max(1, line - 1), Math.max(1, line));
    else if (!text.startsWith('\\')) line++;
  }
  return ranges;
}

/** Ranges come in order, so that only the last can be continued. */
function addRange(ranges: LineRange[], from: number, to: number): void {
  const last = ranges.at(-1);
  if (last && from <= last.to + 1) ranges[ranges.length - 1] = { from: last.from, to: Math.max(last.to, to) };
  else ranges.push({ from, to });
}
