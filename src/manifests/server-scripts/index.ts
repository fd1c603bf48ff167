/**
 * Scripts that set up an application server (WLST and wsadmin in Jython, jboss-cli, asadmin) and the properties that they load
 * → passwords that they write down, datasources inside of the server. Nothing is executed.
 */
import { readJdbcUrl } from '../../text/jdbc-urls.ts';
import { LineMap } from '../../text/positions.ts';
import { purposeOf } from '../../text/purpose.ts';
import { secretOf } from '../../text/secret-shapes.ts';
import type { Adapter, AnyFact, Extraction, Place, SourceFile } from '../../types.ts';

interface Language {
  readonly library: string;
  /** What opens a comment. */
  readonly comment: RegExp;
  /** Each has the literal as its group `value`. */
  readonly passwords: readonly RegExp[];
}

const quoted = String.raw`(?<quote>['"])(?<value>[^'"\n]{1,200})\k<quote>`;
const jython: Language = {
  library: 'WLST',
  comment: /^\s*#/,
  passwords: [
    new RegExp(String.raw`^\s*\w*(?:pass(?:w(?:or)?d)?|pwd)\s*=\s*${quoted}\s*;?\s*(?:#.*)?$`, 'i'),
    new RegExp(String.raw`\bset(?:Password|PasswordEncrypted|Credential)\(\s*${quoted}\s*\)`),
    new RegExp(String.raw`\bset\(\s*['"]Password(?:Encrypted)?['"]\s*,\s*${quoted}`),
    new RegExp(String.raw`\bconnect\(\s*['"][^'"\n]{0,100}['"]\s*,\s*${quoted}`),
    new RegExp(String.raw`\[\s*['"]password['"]\s*,\s*${quoted}\s*\]`, 'i'),
    /AdminTask\.\w+.{0,300}?-password\s+(?<value>[^\s'"\])+]{3,100})/,
  ],
};
const commands: Language = {
  library: 'the server',
  comment: /^\s*#/,
  passwords: [/(?:--|[\s:,(])password=(?<value>"[^"\n]{3,100}"|[^\s:,)"'{$]{3,100})/i],
};
const properties: Language = {
  library: 'the server',
  comment: /^\s*[#!]/,
  passwords: [/^\s*[\w.-]*(?:pass(?:w(?:or)?d)?|pwd)\s*[=:]\s*(?<value>\S{3,100})\s*$/i],
};

/** Objects and commands that only these interpreters know. */
const marks =
  /\b(?:cmo\.|readTemplate\(|readDomain\(|startEdit\(|addTemplate\(|nmConnect\(|AdminConfig\.|AdminTask\.|AdminControl\.|AdminApp\.)/;
const jythonName =
  /(?:wlst|wls|weblogic|wsadmin|websphere|was_|domain|datasource|queue|jms|deploy|resource|silent)[^/]*\.(?:py|jy)$|\.jy$/i;
const propertiesName = /(?:^|\/)(?:domain|datasources?|boot|weblogic|wls|wlst)[\w.-]{0,40}\.properties$/i;

const languageOf = (path: string): Language => {
  if (/\.properties$/i.test(path)) return properties;
  return /\.(?:py|jy)$/i.test(path) ? jython : commands;
};

function secretIn(line: string, { passwords }: Language): string | undefined {
  for (const pattern of passwords) {
    const value = pattern.exec(line)?.groups?.value?.replace(/^"|"$/g, '');
    // `param_password = 'password'` names the setting.
    if (value && !/^[\w.]*(?:passw(?:or)?d|pwd)$/i.test(value) && secretOf('password', value)) return value;
  }
  return undefined;
}

const most = { lines: 20_000, length: 2000, facts: 20 };

const secretFact = (value: string, place: Place): AnyFact => ({
  kind: 'secret',
  place,
  confidence: 'certain',
  value: {
    ...secretOf('password', value)!,
    origin: 'literal',
    holder: 'manifest',
    provisions: true,
    purpose: purposeOf(place.path),
  },
});

/** H2, HSQLDB and Derby run inside of the server that is set up. */
function embeddedFact(line: string, library: string, place: Place): AnyFact | undefined {
  const url = /jdbc:(?:h2|hsqldb|derby):[^\s'"\\)]{0,200}/.exec(line)?.[0];
  const jdbc = url === undefined ? undefined : readJdbcUrl(url);
  return jdbc?.embedded
    ? { kind: 'backing-service', place, confidence: 'likely', value: { technology: jdbc.technology, library, embedded: true } }
    : undefined;
}

function extract({ path, text }: SourceFile): Extraction {
  const language = languageOf(path);
  const lines = new LineMap(path, text);
  const facts: AnyFact[] = [];
  const seen = new Set<string>();
  let offset = 0;
  const all = text.split('\n').slice(0, most.lines);
  const urls = all.filter((line) => line.length <= most.length && !language.comment.test(line));
  // The password of a database inside of the server opens nothing elsewhere.
  const isOnlyEmbedded =
    urls.some((line) => embeddedFact(line, '', lines.place(0, 0))) && !urls.some((line) => /jdbc:(?!h2|hsqldb|derby)/.test(line));
  for (const line of all) {
    const start = offset + (line.length - line.trimStart().length);
    const end = offset + line.trimEnd().length;
    offset += line.length + 1;
    if (line.length > most.length || language.comment.test(line) || facts.length >= most.facts) continue;
    const place = lines.place(start, Math.max(start, end));
    const secret = secretIn(line, language);
    const isOwn = isOnlyEmbedded && /set(?:Password|\()/.test(line);
    if (secret !== undefined && !seen.has(secret) && !isOwn) facts.push(secretFact(secret, place));
    if (secret !== undefined) seen.add(secret);
    const database = language === properties ? undefined : embeddedFact(line, language.library, place);
    if (database) facts.push(database);
  }
  return { facts, notAssessed: [] };
}

export const serverScriptAdapter: Adapter = {
  id: 'server-script',
  needsText: (path) => jythonName.test(path),
  classify: (path, head) =>
    (jythonName.test(path) && head !== undefined && marks.test(head)) ||
    /\.asadmin$|(?:^|\/)[\w.-]+\.cli$/i.test(path) ||
    propertiesName.test(path),
  extract,
};
