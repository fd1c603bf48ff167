import type { Finding, Reporter } from '../types.ts';
import { writeRows } from './csv-rows.ts';
import { sortBySeverity } from './order.ts';

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
    return writeRows([Object.keys(columns), ...rows]);
  },
};
