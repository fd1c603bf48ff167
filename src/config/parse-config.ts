/** Text of a configuration file → data, with the place of every part. */
import { findNodeAtLocation, getNodeValue, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import { isNode, parseDocument } from 'yaml';
import { LineMap } from '../text/positions.ts';
import type { DataPath, Problem } from '../text/shape.ts';
import type { Place, SourceFile } from '../types.ts';

export interface ParsedConfig {
  readonly data: unknown;
  readonly problems: readonly (Problem & { readonly place: Place })[];
  /** The place of a part, or of the nearest part around it that exists. */
  place(at: DataPath): Place;
}
/** More than any configuration needs; aliases are bounded by the parser. */
const maxAliases = 100;

function withNearest(find: (at: DataPath) => Place | undefined, start: Place): (at: DataPath) => Place {
  return (at) => {
    for (let length = at.length; length > 0; length--) {
      const place = find(at.slice(0, length));
      if (place) return place;
    }
    return start;
  };
}

function parseJson({ path, text }: SourceFile): ParsedConfig {
  const lines = new LineMap(path, text);
  const errors: ParseError[] = [];
  const tree = parseTree(text, errors, { allowTrailingComma: true });
  const place = withNearest(
    (at) => {
      const node = tree && findNodeAtLocation(tree, [...at]);
      const shown = node?.parent?.type === 'property' ? node.parent : node;
      return shown && lines.place(shown.offset, shown.offset + shown.length);
    },
    lines.place(0, 0),
  );
  const problems = errors.map(({ error, offset, length }) => ({
    at: [],
    message: printParseErrorCode(error),
    place: lines.place(offset, offset + length),
  }));
  return { data: tree ? getNodeValue(tree) : {}, problems, place };
}

function parseYaml({ path, text }: SourceFile): ParsedConfig {
  const lines = new LineMap(path, text);
  // Without warnings on the console: a map as a key is a mistake that the shape names.
  const document = parseDocument(text, { prettyErrors: false, uniqueKeys: true, logLevel: 'error' });
  const problems: (Problem & { place: Place })[] = document.errors.map(({ message, pos }) => ({
    at: [],
    message: message.split('\n')[0]!,
    place: lines.place(...pos),
  }));
  const place = withNearest(
    (at) => {
      const node = document.getIn([...at], true);
      return isNode(node) && node.range ? lines.place(node.range[0], node.range[1]) : undefined;
    },
    lines.place(0, 0),
  );
  let data: unknown = {};
  try {
    data = problems.length ? {} : (document.toJS({ maxAliasCount: maxAliases }) ?? {});
  } catch {
    problems.push({ at: [], message: 'too many aliases', place: lines.place(0, 0) });
  }
  return { data, problems, place };
}

export const parseConfigText = (file: SourceFile): ParsedConfig => (/\.jsonc?$/.test(file.path) ? parseJson(file) : parseYaml(file));
