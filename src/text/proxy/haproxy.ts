/** HAProxy: backends that send a client to the same server again (HAProxy configuration manual, sections 4.2 and 5.2). */
import type { AnyFact, Extraction, SourceFile } from '../../types.ts';
import { type ProxyServer, pinFacts } from './pool.ts';
import { type Row, readRows } from './rows.ts';

interface Section {
  readonly kind: string;
  readonly rows: readonly Row[];
}

const sectionStart =
  /^(?:global|defaults|frontend|backend|listen|userlist|peers|resolvers|mailers|cache|program|ring|http-errors|fcgi-app)$/;

function readSections(file: SourceFile): readonly Section[] {
  const sections: { kind: string; rows: Row[] }[] = [];
  for (const row of readRows(file)) {
    const [first = ''] = row.words;
    if (sectionStart.test(first)) sections.push({ kind: first, rows: [] });
    else sections.at(-1)?.rows.push(row);
  }
  return sections;
}

const clientKeys = /^(?:source|hdr\((?:cookie|authorization|x-forwarded-for|x-real-ip)[,)]|rdp-cookie)/i;
const hashedKeys = /^hash\b/;
/** What `stick on` looks at that belongs to one client. */
const clientSample =
  /^(?:src\b|req\.cook|cookie\b|res\.cook|rdp_cookie|ssl_fc_session_id|payload_lv|(?:urlp|url_param|hdr|req\.hdr|req\.fhdr)\([\w-]*(?:sess|sid|token|user|auth|forwarded-for|real-ip))/i;

/** How one row pins; `cookie` pins only servers that have a value of their own. */
function pinOf({ words }: Row, marked: number, isHttp: boolean): string | undefined {
  const [name, first = '', second = ''] = words;
  if (name === 'balance' && (clientKeys.test(first) || (hashedKeys.test(first) && /^(?:src|req\.cook)/.test(second))))
    return `\`balance ${first}\``;
  if (name === 'appsession') return '`appsession`';
  if (name === 'stick' && (first === 'on' || first === 'match') && clientSample.test(second))
    return `\`stick ${first} ${second.slice(0, 60)}\``;
  const rewrites = words.some((word) => word === 'insert' || word === 'prefix' || word === 'rewrite');
  if (name === 'cookie' && isHttp && (words.includes('dynamic') || (rewrites ? marked > 0 : marked > 1)))
    return `the cookie \`${first.slice(0, 60)}\``;
  return undefined;
}

const toServer = ({ words }: Row): ProxyServer => ({
  address: words[2] ?? '',
  spare: words.includes('backup') || words.includes('disabled'),
});

/** Settings of the nearest `defaults` above hold where a section has none of its own. */
function pinsOf(section: Section, defaults: readonly Row[]): readonly AnyFact[] {
  if (section.kind !== 'backend' && section.kind !== 'listen') return [];
  const servers = section.rows.filter(({ words }) => words[0] === 'server' && words.length > 2);
  const generated = section.rows.some(({ words }) => words[0] === 'server-template' || /^(?:\{[{%]|<%)/.test(words[0] ?? ''));
  const has = (name: string) => section.rows.some(({ words }) => words[0] === name);
  const rows = [...section.rows, ...defaults.filter(({ words }) => (words[0] === 'balance' || words[0] === 'cookie') && !has(words[0]))];
  const mode = [...section.rows, ...[...defaults].reverse()].find(({ words }) => words[0] === 'mode')?.words[1] ?? 'http';
  const marked = servers.filter(({ words }) => words.includes('cookie')).length;
  for (const row of rows) {
    const how = pinOf(row, marked, mode === 'http' || mode.startsWith('{'));
    if (how !== undefined) return pinFacts({ how: `${how} of HAProxy`, place: row.place, servers: servers.map(toServer), open: generated });
  }
  return [];
}

export function readHaproxy(file: SourceFile): Extraction {
  let defaults: readonly Row[] = [];
  const facts: AnyFact[] = [];
  for (const section of readSections(file)) {
    if (section.kind === 'defaults') defaults = section.rows;
    facts.push(...pinsOf(section, defaults));
  }
  const seen = new Set<string>();
  return {
    facts: facts.filter(({ place }) => !seen.has(`${place.line}:${place.column}`) && seen.add(`${place.line}:${place.column}`)),
    notAssessed: [],
  };
}

const section = /^[ \t]{0,9}(?:backend[ \t]+\S|listen[ \t]+\S)/m;
export const hasBackend = (text: string): boolean =>
  section.test(text) && /^[ \t]{1,99}(?:server(?:-template)?|balance)[ \t]+\S/m.test(text);
