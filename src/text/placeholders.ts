/** `${name:default}` as Spring and MicroProfile Config write it, also nested: the text as a value. */
import type { Value } from '../facts.ts';
import type { Place } from '../types.ts';

const maxDepth = 8;

/** The index after the `}` that closes the `{` before `start`; -1 when none does. */
function closingBrace(text: string, start: number): number {
  let depth = 1;
  for (let at = start; at < text.length; at++) {
    if (text[at] === '{') depth++;
    else if (text[at] === '}' && --depth === 0) return at;
  }
  return -1;
}

/** Spring's relaxed binding of environment variables: `spring.datasource.url` is read from `SPRING_DATASOURCE_URL`. */
export const variableOfKey = (key: string): string =>
  /^[A-Z][A-Z0-9_]*$/.test(key)
    ? key
    : key
        .replace(/\[(\d+)\]/g, '_$1')
        .replace(/-/g, '')
        .replace(/[^A-Za-z0-9]+/g, '_')
        .toUpperCase();

/**
 * Reads a text with placeholders. `lookUp` gives the value of a key that the settings themselves define; others come from the environment.
 */
export function readPlaceholders(text: string, place: Place, lookUp: (key: string, depth: number) => Value | undefined, depth = 0): Value {
  const parts: Value[] = [];
  const literal = (value: string) => value !== '' && parts.push({ is: 'literal', value, place });
  let from = 0;
  for (let at = text.indexOf('${'); at >= 0 && depth < maxDepth; at = text.indexOf('${', from)) {
    const end = closingBrace(text, at + 2);
    if (end < 0) break;
    literal(text.slice(from, at));
    parts.push(readOne(text.slice(at + 2, end), place, lookUp, depth));
    from = end + 1;
  }
  literal(text.slice(from));
  if (parts.length === 0) return { is: 'literal', value: '', place };
  return parts.length === 1 ? parts[0]! : { is: 'text', parts, place };
}

function readOne(inside: string, place: Place, lookUp: (key: string, depth: number) => Value | undefined, depth: number): Value {
  const colon = inside.indexOf(':');
  const key = (colon < 0 ? inside : inside.slice(0, colon)).trim();
  const own = lookUp(key, depth + 1);
  if (own) return own;
  const fallback = colon < 0 ? undefined : readPlaceholders(inside.slice(colon + 1), place, lookUp, depth + 1);
  return { is: 'env', name: variableOfKey(key), ...(fallback ? { fallback } : {}), place };
}

/** The placeholders of a text: names, and whether each has a default. */
export function placeholdersOf(text: string): readonly { readonly key: string; readonly fallback?: string }[] {
  const found: { key: string; fallback?: string }[] = [];
  for (let at = text.indexOf('${'); at >= 0; at = text.indexOf('${', at + 2)) {
    const end = closingBrace(text, at + 2);
    if (end < 0) break;
    const inside = text.slice(at + 2, end);
    const colon = inside.indexOf(':');
    found.push(colon < 0 ? { key: inside.trim() } : { key: inside.slice(0, colon).trim(), fallback: inside.slice(colon + 1) });
  }
  return found;
}
