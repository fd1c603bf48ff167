/** JSP pages, read as text: what their scriptlets and tags keep in sessions, look up, connect to and write. */

import { LineMap } from '../../text/positions.ts';
import { judgeNamed, judgeUse } from '../../text/secret-literals.ts';
import type { Place, SourceFile } from '../../types.ts';
import type { FileAccess } from '../language.ts';
import type { Module } from './build.ts';

/** What a page does at one place. `text` is the name or URL that it names, or the kind of a secret; secrets are never kept. */
export interface PageUse {
  readonly what: 'session' | 'application' | 'application-read' | 'lookup' | 'database' | 'file' | 'upload' | 'secret';
  readonly text?: string;
  readonly place: Place;
}
interface Page {
  readonly uses: readonly PageUse[];
}

const isPage = (path: string): boolean => /\.(?:jspx?|jspf|tagx?)$/i.test(path);
/** Folders that web applications pack. */
const inWebApp = /(?:^|\/)(?:src\/main\/(?:webapp|resources\/META-INF\/resources)|WebContent|WebRoot|webapp|web)\//;
const maxPages = 5000;
const maxUses = 200;

const blank = (text: string): string => text.replace(/[^\r\n]/g, ' ');

/** Cuts a text into what lies between two marks and what does not; the other parts become blanks. */
function partition(text: string): { readonly code: string; readonly markup: string } {
  let code = '';
  let markup = '';
  for (let at = 0; at < text.length; ) {
    const open = text.indexOf('<%', at);
    const end = open < 0 ? text.length : open;
    markup += text.slice(at, end);
    code += blank(text.slice(at, end));
    if (open < 0) break;
    const isComment = text.startsWith('<%--', open);
    const mark = isComment ? '--%>' : '%>';
    const close = text.indexOf(mark, open + 2);
    const after = close < 0 ? text.length : close + mark.length;
    const inner = text.slice(open, after);
    markup += blank(inner);
    code += isComment || text[open + 2] === '@' ? blank(inner) : blankJavaComments(inner);
    at = after;
  }
  return { code, markup };
}

/** Comments and nothing else; texts keep their `//`. */
const blankJavaComments = (code: string): string =>
  code.replace(/"(?:[^"\\\n]|\\.){0,2000}"|'(?:[^'\\\n]|\\.){0,10}'|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (whole) =>
    whole.startsWith('/') ? blank(whole) : whole,
  );

type Pattern = readonly [what: PageUse['what'], pattern: RegExp];
const inCode: readonly Pattern[] = [
  ['session', /\bsession\s{0,20}\.\s{0,20}(?:setAttribute|putValue)\s{0,20}\(/g],
  ['session', /\bgetSession\s{0,20}\([^()]{0,40}\)\s{0,20}\.\s{0,20}(?:setAttribute|putValue)\s{0,20}\(/g],
  ['session', /\bpageContext\s{0,20}\.\s{0,20}setAttribute\s{0,20}\([^;]{1,300}SESSION_SCOPE/g],
  // What any copy knows by itself is no data of requests.
  [
    'application',
    /\bapplication\s{0,20}\.\s{0,20}setAttribute\s{0,20}\(\s{0,20}"([^"\n]{1,100})"(?!\s{0,20},\s{0,20}(?:"[^"\n]{0,200}"\s{0,20}\)|(?:application|config)\s{0,20}\.\s{0,20}get(?:InitParameter|RealPath|ContextPath)\b))/g,
  ],
  ['application-read', /\bapplication\s{0,20}\.\s{0,20}getAttribute\s{0,20}\(\s{0,20}"([^"\n]{1,100})"/g],
  ['lookup', /\.\s{0,20}lookup\s{0,20}\(\s{0,20}"((?:java:|jdbc\/|ejb|jms\/)[^"\n]{1,200})"/g],
  ['database', /\bgetConnection\s{0,20}\(\s{0,20}"(jdbc:[^"\n]{1,500})"/g],
  ['secret', /\bgetConnection\s{0,20}\(\s{0,20}[^;,]{1,300},\s{0,20}[^;,]{1,200},\s{0,20}"([^"\n]{1,200})"/g],
  ['secret', /\.\s{0,20}set(?:Password|Secret|\w{0,12}Token|ApiKey)\s{0,20}\(\s{0,20}"([^"\n]{1,500})"\s{0,20}\)/g],
  ['file', /\bnew\s{1,20}(?:java\.io\.)?(?:FileOutputStream|FileWriter)\s{0,20}\(/g],
  ['upload', /\bnew\s{1,20}(?:com\.oreilly\.servlet\.)?MultipartRequest\s{0,20}\(\s{0,20}\w{1,40}\s{0,20},/g],
];
const inMarkup: readonly Pattern[] = [
  ['session', /<jsp:useBean\b[^>]{0,500}\bscope\s{0,20}=\s{0,20}["']session["']/g],
  ['session', /<c:set\b[^>]{0,500}\bscope\s{0,20}=\s{0,20}["']session["']/g],
  ['lookup', /<sql:setDataSource\b[^>]{0,500}\bdataSource\s{0,20}=\s{0,20}["']((?:java:|jdbc\/)[^"'\n]{1,200})["']/g],
  ['database', /<sql:setDataSource\b[^>]{0,500}\burl\s{0,20}=\s{0,20}["'](jdbc:[^"'\n]{1,500})["']/g],
  ['secret', /<sql:setDataSource\b[^>]{0,500}\bpassword\s{0,20}=\s{0,20}["']([^"'\n]{1,200})["']/g],
];

/** `session.setAttribute("cart", null)` forgets. */
const removes = (text: string, from: number): boolean => /^[^;()]{0,200},\s{0,20}null\s{0,20}\)/.test(text.slice(from, from + 300));

export function readPage(file: SourceFile): Page {
  const lines = new LineMap(file.path, file.text);
  const { code, markup } = partition(file.text);
  const read = (text: string, patterns: readonly Pattern[]): readonly PageUse[] =>
    patterns.flatMap(([what, pattern]) =>
      [...text.matchAll(pattern)].flatMap((match): readonly PageUse[] => {
        const end = match.index + match[0].length;
        const place = lines.place(match.index, end);
        if ((what === 'session' || what === 'application') && removes(text, end)) return [];
        if (what === 'secret') {
          // What stands beside an account is its password, whatever it looks like.
          if (/^(?:getConnection|<sql:)/.test(match[0]))
            return judgeUse('password', match[1]!) && match[1] !== 'sa' ? [{ what, place }] : [];
          const kind = /^\.\s{0,20}set\w{0,12}(?:Token|ApiKey)/.test(match[0]) ? 'token' : 'password';
          return judgeNamed(kind, match[1]!) ? [{ what, place, text: kind }] : [];
        }
        return [{ what, place, ...(match[1] === undefined ? {} : { text: match[1] }) }];
      }),
    );
  const uses = [...read(code, inCode), ...read(markup, inMarkup)];
  return { uses: uses.sort((a, b) => a.place.line - b.place.line || a.place.column - b.place.column).slice(0, maxUses) };
}

/** What the pages of a program's modules do, in order of paths. */
export function readPages(modules: readonly Module[], files: FileAccess): readonly PageUse[] {
  const paths = new Set(modules.flatMap(({ root }) => files.under(root).filter((path) => isPage(path) && inWebApp.test(path))));
  return [...paths].slice(0, maxPages).flatMap((path) => files.derive(path, 'java:page:5', readPage)?.uses ?? []);
}
