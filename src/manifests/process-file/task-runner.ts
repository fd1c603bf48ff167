/** gulpfile and Gruntfile → the servers that their tasks start. Tasks are code: only what hands a file to a known starter is read. */
import { posix } from 'node:path';
import { LineMap } from '../../text/positions.ts';
import type { Extraction, SourceFile } from '../../types.ts';

export const isTaskFile = (name: string): boolean => /^(?:gulpfile|gruntfile)(?:\.babel|\.esm)?\.(?:[cm]?js|ts|coffee)$/i.test(name);

const maxLength = 200_000;
const maxPrograms = 4;
const text = String.raw`['"]([\w./-]{1,200})['"]`;
/** gulp-nodemon and grunt-nodemon, gulp-live-server, gulp-express, gulp-develop-server, grunt-express-server, and Node itself. */
const starters: readonly { readonly pattern: RegExp; readonly by: string }[] = [
  { pattern: new RegExp(String.raw`\bnodemon\b['"]?\s{0,5}[:(][^;]{0,300}?\bscript\s{0,5}:\s{0,5}${text}`, 'g'), by: 'nodemon' },
  { pattern: new RegExp(String.raw`\b(?:gls|liveServer|live)\.new\(\s{0,5}\[?\s{0,5}${text}`, 'g'), by: 'node' },
  { pattern: new RegExp(String.raw`\b(?:server|express)\.(?:run|listen)\(\s{0,5}[[{][^)]{0,100}?${text}`, 'g'), by: 'node' },
  { pattern: new RegExp(String.raw`\bexpress['"]?\s{0,5}:\s{0,5}\{[^;]{0,300}?\bscript\s{0,5}:\s{0,5}${text}`, 'g'), by: 'node' },
  { pattern: new RegExp(String.raw`\bspawn\(\s{0,5}['"]node['"]\s{0,5},\s{0,5}\[\s{0,5}${text}`, 'g'), by: 'node' },
];

/** `cwd: './bin/'` beside the script says where it lies. */
const folderBeside = (match: string, after: string): string =>
  /\bcwd\s{0,5}:\s{0,5}['"]([\w./-]{1,200})['"]/.exec(match + after.slice(0, 200).split('}')[0]!)?.[1] ?? '';

export function extractTaskFile(file: SourceFile): Extraction {
  if (file.text.length > maxLength) return { facts: [], notAssessed: [] };
  const lines = new LineMap(file.path, file.text);
  const code = file.text.replace(/\/\/[^\n'"]{0,500}$/gm, (comment) => ' '.repeat(comment.length));
  const found = new Map<string, number>();
  for (const { pattern, by } of starters) {
    for (const match of code.matchAll(pattern)) {
      const folder = folderBeside(match[0], code.slice(match.index + match[0].length));
      const line = `${by} ${posix.join(folder, match[1]!)}`;
      if (!found.has(line) && found.size < maxPrograms) found.set(line, match.index);
    }
  }
  const [start] = found.values();
  if (start === undefined) return { facts: [], notAssessed: [] };
  const value = { manager: 'task-runner', scripts: [...found.keys()] };
  return { facts: [{ kind: 'process-file', place: lines.place(start, start + 1), confidence: 'likely', value }], notAssessed: [] };
}
