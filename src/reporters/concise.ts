import type { Finding, Reporter } from '../types.ts';
import { sortBySeverity } from './order.ts';
import { makeVisible } from './visible-text.ts';

/** One finding a line, as compilers print them, so that editors and `grep` can read it. */
export const concise: Reporter = {
  id: 'concise',
  render: (result) => sortBySeverity(result.findings).map(printLine).join(''),
};

function printLine({ place, level, rule, text, related }: Finding): string {
  const elsewhere = related.find(({ place: other }) => other.path !== place.path);
  const also = elsewhere ? ` (${printPath(elsewhere.place.path)}:${elsewhere.place.line})` : '';
  return `${printPath(place.path)}:${place.line}:${place.column}: ${level} ${rule} ${makeVisible(text)}${also}\n`;
}

/** `./` keeps a file name like `::error::` from starting a line, where a CI runner would obey it. */
function printPath(path: string): string {
  const visible = makeVisible(path);
  return /^[\s:#]/.test(visible) ? `./${visible}` : visible;
}
