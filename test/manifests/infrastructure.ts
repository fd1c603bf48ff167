/** Reads infrastructure code that a test writes down. */

import { terraformAdapter } from '../../src/manifests/infrastructure/terraform/index.ts';
import type { Extraction, Place } from '../../src/types.ts';

export { factsOf } from './read.ts';

export function readTerraform(files: Readonly<Record<string, string>>): Extraction {
  const paths = Object.keys(files)
    .filter((path) => terraformAdapter.owns(path))
    .sort();
  return terraformAdapter.extract({ paths, has: (path) => Object.hasOwn(files, path), text: (path) => files[path] });
}
/** Every place of a value, deciding places included. */
export function placesIn(value: unknown, found: Place[] = [], depth = 0): Place[] {
  if (value === null || typeof value !== 'object' || depth > 40) return found;
  if ('path' in value && 'line' in value && 'endColumn' in value) found.push(value as Place);
  for (const member of Object.values(value)) placesIn(member, found, depth + 1);
  return found;
}
const split = new Map<string, readonly string[]>();
function linesOf(text: string): readonly string[] {
  const known = split.get(text) ?? text.split(/\r\n|\r|\n/);
  split.set(text, known);
  return known;
}
/** True when a place lies in its file and does not end before it starts. */
export function liesWithin(place: Place, files: Readonly<Record<string, string>>): boolean {
  const text = files[place.path];
  if (text === undefined) return false;
  const lines = linesOf(text);
  const first = lines[place.line - 1];
  const last = lines[place.endLine - 1];
  const ordered = place.endLine > place.line || (place.endLine === place.line && place.endColumn >= place.column);
  return first !== undefined && last !== undefined && place.column <= first.length + 2 && place.endColumn <= last.length + 2 && ordered;
}
