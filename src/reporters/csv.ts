import type { Finding, Reporter } from '../types.ts';
import { sortBySeverity } from './order.ts';
import { makeVisible } from './visible-text.ts';

const columns: Readonly<Record<string, (finding: Finding) => string | number>> = {
  level: ({ level }) => level,
  rule: ({ rule }) => rule,
  category: ({ category }) => category,
  service: ({ service }) => service ?? '',
  path: ({ place }) => place.path,
  line: ({ place }) => place.line,
  column: ({ place }) => place.column,
  finding: ({ text }) => text,
  consequence: ({ consequence }) => consequence,
  next: ({ next }) => next,
  related: ({ related }) => related.map(({ place }) => `${place.path}:${place.line}`).join('; '),
  confidence: ({ confidence }) => confidence,
  effort: ({ effort }) => effort,
  fingerprint: ({ fingerprint }) => fingerprint,
};

/** RFC 4180, with a header; for spreadsheets. */
export const csv: Reporter = {
  id: 'csv',
  render({ findings }) {
    const rows = sortBySeverity(findings).map((finding) => Object.values(columns).map((read) => read(finding)));
    return [Object.keys(columns), ...rows].map((row) => `${row.map(writeCell).join(',')}\r\n`).join('');
  },
};

/** A spreadsheet takes these, in full width too, for the start of a formula (OWASP, "CSV Injection"). */
const startsFormula = /^[\s'"]*[=+\-@|%\uff1d\uff0b\uff0d\uff20]/;

function writeCell(value: string | number): string {
  if (typeof value === 'number') return String(value);
  const visible = makeVisible(value);
  const text = startsFormula.test(visible) ? `'${visible}` : visible;
  return /[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
