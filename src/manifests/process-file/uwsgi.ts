/** Settings of uWSGI → the command that would say the same (uwsgi-docs, "Configuring uWSGI"). */
import { LineMap } from '../../text/positions.ts';
import type { Extraction, SourceFile } from '../../types.ts';

/** Options that say what is loaded, and where it listens. */
const options = new Set([
  'module',
  'wsgi',
  'wsgi-file',
  'callable',
  'chdir',
  'http',
  'http-socket',
  'socket',
  'processes',
  'threads',
  'logto',
  'logger',
  'req-logger',
]);

export const isUwsgi = (text: string): boolean => /^\[uwsgi\]/m.test(text);

export function extractUwsgi(file: SourceFile): Extraction {
  const lines = new LineMap(file.path, file.text);
  const start = file.text.search(/^\[uwsgi\]/m);
  const words = ['uwsgi'];
  for (const row of file.text.slice(start).split('\n').slice(1, 500)) {
    if (row.startsWith('[')) break;
    const match = /^([a-z-]{1,30})[ \t]*=[ \t]*(\S{1,500})[ \t\r]*$/.exec(row);
    if (match && options.has(match[1]!) && !/[$%'"]/.test(match[2]!)) words.push(`--${match[1]}`, match[2]!);
  }
  if (words.length === 1) return { facts: [], notAssessed: [] };
  const value = { manager: 'uwsgi', scripts: [words.join(' ')] };
  return { facts: [{ kind: 'process-file', place: lines.place(start, start + 7), confidence: 'certain', value }], notAssessed: [] };
}
