/**
 * Reads suppressions out of a file: `cloudworthy-ignore RULE[, RULE] [until=YYYY-MM-DD]: reason` in a comment, for its own line or,
 * when the comment stands alone, for the next line of code; `cloudworthy-ignore-file` for the whole file; and the annotation
 * `cloudworthy.dev/ignore` for its Kubernetes document.
 */
import { isMap, parseAllDocuments } from 'yaml';
import type { Place, SourceFile } from '../types.ts';
import { LineMap } from './positions.ts';

export interface Suppression {
  readonly rules: readonly string[];
  readonly reason: string;
  /** Last day on which it holds. */
  readonly until?: string;
  readonly place: Place;
  /** Lines of the file that it covers, both included. */
  readonly from: number;
  readonly to: number;
  /** Why it cannot be honoured, if so. */
  readonly problem?: string;
}

const marker = 'cloudworthy-ignore';
const annotation = 'cloudworthy.dev/ignore';
/** Openers of comments in code, YAML, Dockerfiles, shell, SQL, HTML and templates. */
const opener = /(?:\/\/|\/\*+|^\s*\*|#|<!--|--|;|\{\{-?\s*\/\*)\s*$/;
const closer = /\s*(?:\*\/\s*-?\}{0,2}|-->|\*\/\})\s*$/;
const ruleList = /^\s*([a-z0-9*][a-z0-9-]*(?:\s*,\s*[a-z0-9-]+)*)/;
const expiry = /^\s+until=(\S+)/;
const longestLine = 5000;

interface Statement {
  readonly rules: readonly string[];
  readonly reason: string;
  readonly until?: string;
  readonly problem?: string;
}

const isDay = (text: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text));

/** Reads `RULE[, RULE] [until=DAY]: reason`. */
function readStatement(source: string): Statement {
  const rules = ruleList.exec(source);
  if (!rules) return { rules: [], reason: '', problem: 'it names no rule' };
  let rest = source.slice(rules[0].length);
  const day = expiry.exec(rest);
  const until = day ? day[1]!.replace(/:$/, '') : undefined;
  if (day) rest = rest.slice(day[0].replace(/:$/, '').length);
  const reason = /^\s*:\s*(\S.*)$/.exec(rest)?.[1]?.trim() ?? '';
  const names = rules[1]!.split(',').map((name) => name.trim());
  const problem =
    until !== undefined && !isDay(until)
      ? `"${until.slice(0, 40)}" is not a day (YYYY-MM-DD)`
      : reason === ''
        ? 'it gives no reason'
        : undefined;
  return { rules: names, reason, until, problem };
}

const isCommentOrBlank = (line: string): boolean => /^\s*(?:$|\/\/|\/\*|\*|#|<!--|--)/.test(line);

function readComments(lines: LineMap): Suppression[] {
  const found: Suppression[] = [];
  for (let number = 1; number <= lines.lineCount; number++) {
    const line = lines.line(number);
    const index = line.length > longestLine ? -1 : line.indexOf(marker);
    const before = index < 0 ? '' : line.slice(0, index);
    if (index < 0 || !opener.test(before)) continue;
    const wholeFile = line.startsWith('-file', index + marker.length);
    const statement = line.slice(index + marker.length + (wholeFile ? 5 : 0)).replace(closer, '');
    const alone = before.replace(opener, '').trim() === '';
    const place = { path: lines.path, line: number, column: index + 1, endLine: number, endColumn: line.length + 1 };
    found.push({ ...readStatement(statement), place, ...coveredLines(lines, number, wholeFile, alone) });
  }
  return found;
}

function coveredLines(lines: LineMap, number: number, wholeFile: boolean, alone: boolean): { from: number; to: number } {
  if (wholeFile) return { from: 1, to: lines.lineCount };
  if (!alone) return { from: number, to: number };
  let next = number + 1;
  while (next < lines.lineCount && isCommentOrBlank(lines.line(next))) next++;
  return { from: number, to: next };
}

/** Annotations of every document, at the top and in its pod template. */
function readAnnotations({ path, text }: SourceFile, lines: LineMap): Suppression[] {
  const found: Suppression[] = [];
  for (const document of parseAllDocuments(text, { prettyErrors: false })) {
    if (!('contents' in document) || !document.range || !isMap(document.contents)) continue;
    const range = { from: lines.at(document.range[0]).line, to: lines.at(document.range[1]).line };
    for (const owner of [['metadata'], ['spec', 'template', 'metadata']]) {
      const value = document.getIn([...owner, 'annotations', annotation]);
      if (typeof value !== 'string') continue;
      const node = document.getIn([...owner, 'annotations', annotation], true) as { range?: [number, number, number] };
      const place = node.range ? lines.place(node.range[0], node.range[1]) : { path, line: 1, column: 1, endLine: 1, endColumn: 1 };
      for (const statement of value.split(/[;\n]/)) {
        if (statement.trim()) found.push({ ...readStatement(statement.trim()), place, ...range });
      }
    }
  }
  return found;
}

export function readSuppressions(file: SourceFile): readonly Suppression[] {
  const comments = file.text.includes(marker);
  const annotated = /\.ya?ml$/i.test(file.path) && file.text.includes(annotation);
  if (!comments && !annotated) return [];
  const lines = new LineMap(file.path, file.text);
  return [...(comments ? readComments(lines) : []), ...(annotated ? readAnnotations(file, lines) : [])];
}
