import type { Location, Region } from 'sarif';
import type { Place } from '../../types.ts';

/** Relative URI of a path, percent-encoded (RFC 3986). Lone surrogates, which have no encoding, become U+FFFD. */
export function encodePath(path: string): string {
  const wellFormed = Buffer.from(path, 'utf8').toString('utf8');
  return wellFormed.split('/').map(encodeURIComponent).join('/');
}

/**
 * A region on one line: a pull request shows an alert only when all of its lines are in the diff.
 * Without `endColumn` a region ends with its line (SARIF 2.1.0 §3.30.9).
 */
export function describeRegion(place: Place): Region {
  const { line, column } = place;
  if (place.endLine > line || place.endColumn <= column) return { startLine: line, startColumn: column, endLine: line };
  return { startLine: line, startColumn: column, endLine: line, endColumn: place.endColumn };
}

/** Where something is; with an id a message can link to it. */
export function describeLocation(place: Place, message?: string, id?: number): Location {
  return {
    ...(id === undefined ? {} : { id }),
    physicalLocation: { artifactLocation: { uri: encodePath(place.path) }, region: describeRegion(place) },
    ...(message === undefined ? {} : { message: { text: message } }),
  };
}
