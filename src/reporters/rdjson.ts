import type { Finding, Level, Place, Reporter, Result } from '../types.ts';
import { sortBySeverity } from './order.ts';
import { makeVisible, printJson } from './visible-text.ts';

const severities: Readonly<Record<Level, string>> = { error: 'ERROR', warning: 'WARNING', note: 'INFO' };
const homepage = 'https://www.npmjs.com/package/cloudworthy';
const relatedLimit = 100;

/** Reviewdog Diagnostic Format (reviewdog, proto/rdf): comments on pull requests of any forge that reviewdog knows. */
export const rdjson: Reporter = {
  id: 'rdjson',
  render(result) {
    const locate = makeLocator(result);
    const diagnostics = sortBySeverity(result.findings).map((finding) => describe(finding, locate));
    return printJson({ source: { name: 'cloudworthy', url: homepage }, diagnostics });
  },
};

type Locate = (place: Place) => {
  readonly path: string;
  readonly range: { readonly start: Position; readonly end: Position };
};
interface Position {
  readonly line: number;
  readonly column: number;
}

/** Columns of the format count bytes of UTF-8, ours UTF-16 code units. */
function makeLocator(result: Result): Locate {
  const lines = new Map<string, readonly string[]>();
  const readLines = (path: string): readonly string[] => {
    const known = lines.get(path) ?? (result.text(path) ?? '').split(/\r\n|\r|\n/);
    lines.set(path, known);
    return known;
  };
  const position = (path: string, line: number, column: number): Position => {
    const before = (readLines(path)[line - 1] ?? '').slice(0, column - 1);
    return { line, column: column - before.length + Buffer.byteLength(before) };
  };
  return ({ path, line, column, endLine, endColumn }) => ({
    path,
    range: { start: position(path, line, column), end: position(path, endLine, endColumn) },
  });
}

const describe = ({ rule, level, text, consequence, next, place, related }: Finding, locate: Locate) => ({
  message: [text, consequence, `Next: ${next}`].map(makeVisible).join('\n'),
  location: locate(place),
  severity: severities[level],
  code: { value: rule },
  ...(related.length > 0
    ? {
        related_locations: related
          .slice(0, relatedLimit)
          .map((entry) => ({ message: makeVisible(entry.message), location: locate(entry.place) })),
      }
    : {}),
});
