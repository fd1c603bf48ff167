/** Writes what `suppressions.ts` reads. */
import { isScalar, parseAllDocuments, visit } from 'yaml';
import type { Edit, SourceFile } from '../types.ts';
import { LineMap } from './positions.ts';

type Comment = readonly [open: string, close: string];
const comments: readonly (readonly [RegExp, Comment])[] = [
  [
    /(?:^|\/)(?:Dockerfile|Containerfile)[^/]*$|\.(?:dockerfile|ya?ml|sh|bash|properties|toml|tf|hcl|conf|ini|cfg)$|(?:^|\/)(?:\.env[^/]*|Procfile)$/i,
    ['# ', ''],
  ],
  [/\.(?:[cm]?[jt]sx?|java|gradle|kts?|groovy|jsonc|go|cs|php)$/i, ['// ', '']],
  [/\.(?:xml|html?|vue|svelte)$/i, ['<!-- ', ' -->']],
  [/\.sql$/i, ['-- ', '']],
];
const reason = 'accepted; say why';

/** A comment there would be a part of a text that goes over several lines. */
function isInsideText({ path, text }: SourceFile, offset: number): boolean {
  if (!/\.ya?ml$/i.test(path)) return false;
  let inside = false;
  for (const document of parseAllDocuments(text, { prettyErrors: false })) {
    if (!('contents' in document)) continue;
    visit(document, {
      Scalar: (_, node) => {
        if (isScalar(node) && node.range && node.range[0] < offset && node.range[1] > offset) inside = true;
        return inside ? visit.BREAK : undefined;
      },
    });
  }
  return inside;
}

/** A comment line above a line, in the file's own syntax; `undefined` where none can stand (JSON, within a text). */
export function writeSuppression(file: SourceFile, line: number, rule: string): Edit | undefined {
  const comment = comments.find(([pattern]) => pattern.test(file.path))?.[1];
  const lines = new LineMap(file.path, file.text);
  if (!comment || line < 1 || line > lines.lineCount) return undefined;
  const content = lines.line(line);
  const offset = lines.offset(line, 1);
  if (isInsideText(file, offset)) return undefined;
  const indent = /^[ \t]*/.exec(content)![0];
  const end = /\r\n|\n|\r/.exec(file.text)?.[0] ?? '\n';
  const [open, close] = comment;
  return {
    place: { path: file.path, line, column: 1, endLine: line, endColumn: 1 },
    text: `${indent}${open}cloudworthy-ignore ${rule}: ${reason}${close}${end}`,
  };
}
