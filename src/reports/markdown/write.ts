/** How a report writes tables, lists and places. */
import type { Factor, GateState } from '../../assessment/types.ts';
import { at, code } from '../../reporters/markdown-text.ts';
import type { Tell } from '../../reporters/terms.ts';
import type { Level, Place, Verdict } from '../../types.ts';

export const verdictMarks: Readonly<Record<Verdict, string>> = { ready: '🟢', 'at risk': '🟡', blocked: '🔴', unknown: '⚪' };
export const gateMarks: Readonly<Record<GateState, string>> = { open: '✔', 'at risk': '▲', closed: '✖', unknown: '?' };
export const levelMarks: Readonly<Record<Level, string>> = { error: '🔴', warning: '🟡', note: '🔵' };
export const factorMarks: Readonly<Record<Factor['state'], string>> = { met: '✔', partly: '▲', violated: '✖', 'not assessed': '?' };

export const placeOf = (place: Place): string => code(at(place));

/** Cells are escaped already. */
export const table = (head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] => [
  `| ${head.join(' | ')} |`,
  `| ${head.map(() => '---').join(' | ')} |`,
  ...rows.map((row) => `| ${row.join(' | ')} |`),
];

/** Bullets, and how many more there are. */
export function listLimited(lines: readonly string[], limit: number, tell: Tell): readonly string[] {
  const shown = lines.slice(0, limit).map((line) => `- ${line}`);
  return lines.length > limit ? [...shown, `- ${tell('and-more', { n: lines.length - limit })}`] : shown;
}
