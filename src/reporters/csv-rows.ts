/** Rows of CSV (RFC 4180) that no spreadsheet takes for formulas. */
import { makeVisible } from './visible-text.ts';

export const writeRows = (rows: readonly (readonly (string | number)[])[]): string =>
  rows.map((row) => `${row.map(writeCell).join(',')}\r\n`).join('');

/** A spreadsheet takes these, in full width too, for the start of a formula (OWASP, "CSV Injection"). */
const startsFormula = /^[\s'"]*[=+\-@|%\uff1d\uff0b\uff0d\uff20]/;

function writeCell(value: string | number): string {
  if (typeof value === 'number') return String(value);
  const visible = makeVisible(value);
  const text = startsFormula.test(visible) ? `'${visible}` : visible;
  return /[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
