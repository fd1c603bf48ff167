import { groupBy } from '../text/group-by.ts';
import type { Finding, Level, Reporter } from '../types.ts';
import { sortBySeverity } from './order.ts';
import { makeVisible } from './visible-text.ts';
import { writeAttributes, xmlHead } from './xml.ts';

const severities: Readonly<Record<Level, string>> = { error: 'error', warning: 'warning', note: 'info' };

/** Checkstyle's XML, which most CI servers and review bots read: findings by file. */
export const checkstyle: Reporter = {
  id: 'checkstyle',
  render({ findings }) {
    const byFile = [...groupBy(sortBySeverity(findings), ({ place }) => place.path)].sort(([a], [b]) => (a < b ? -1 : 1));
    const files = byFile.flatMap(([path, own]) => [`  <file${writeAttributes({ name: path })}>`, ...own.map(writeError), '  </file>']);
    return `${[xmlHead, '<checkstyle version="4.3">', ...files, '</checkstyle>'].join('\n')}\n`;
  },
};

const writeError = ({ place, level, rule, text, consequence, next, related }: Finding): string => {
  const elsewhere = related.find(({ place: other }) => other.path !== place.path)?.place;
  const also = elsewhere ? ` (${makeVisible(elsewhere.path)}:${elsewhere.line})` : '';
  const message = `${text}${also} ${consequence} Next: ${next}`;
  return `    <error${writeAttributes({ line: place.line, column: place.column, severity: severities[level], message, source: `cloudworthy.${rule}` })}/>`;
};
