/** Small parts of XML 1.0 output that junit and checkstyle share. */
import { makeVisible } from './visible-text.ts';

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };

/** Text of an attribute or element. What XML 1.0 §2.2 has no place for becomes visible; lines may be kept in elements only. */
export function escapeXml(text: string): string {
  return makeVisible(text)
    .replace(/[\ufffe\uffff]/g, '\ufffd')
    .replace(/[&<>"']/g, (character) => entities[character]!);
}

/** ` name="value"` for each attribute that has a value. */
export const writeAttributes = (values: Readonly<Record<string, string | number | undefined>>): string =>
  Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}="${escapeXml(String(value))}"`)
    .join('');

export const xmlHead = '<?xml version="1.0" encoding="UTF-8"?>';
