/** Encodings, digests and patterns. What is random or secret in Go is a placeholder here: the same in every run. */
import { createHash } from 'node:crypto';
import { RE2JS } from 're2js';
import type { Interpreter } from '../interpreter.ts';
import { type Cell, cell, GoList, GoMap, joinOrigins, listOf, mapOf, nil, type Piece, TemplateError } from '../values.ts';
import { cellOfJson, parseYaml, printJson, printYaml } from '../yaml.ts';
import { at, count, type Functions, plain, string } from './arguments.ts';
import { placeholder, unlessGenerated } from './generated-values.ts';

const digest = (algorithm: string) =>
  plain(1, ([given]) => unlessGenerated(string(given), (text) => createHash(algorithm).update(text).digest('hex')));

function adler32(text: string): bigint {
  let [a, b] = [1, 0];
  for (const byte of Buffer.from(text)) {
    a = (a + byte) % 65521;
    b = (b + a) % 65521;
  }
  return BigInt(b) * 65536n + BigInt(a);
}

/** Linear in text and pattern, so that no pattern of a chart can stall. */
function compile(pattern: string): RE2JS {
  if (pattern.length > 5000) throw new TemplateError('the pattern is too long');
  try {
    return RE2JS.compile(pattern);
  } catch {
    throw new TemplateError('error parsing regexp');
  }
}
function findAll(pattern: string, text: string, limit: number, run: Interpreter): string[] {
  const matcher = compile(pattern).matcher(text);
  const found: string[] = [];
  while ((limit < 0 || found.length < limit) && matcher.find()) {
    run.environment.budget.step();
    found.push(matcher.group() ?? '');
  }
  return found;
}
/** `${1}` and `$1` of Go; replaced by hand, since RE2JS has a syntax of its own. */
function replaceAll(pattern: string, text: string, to: string, literal: boolean, run: Interpreter): string {
  const matcher = compile(pattern).matcher(text);
  let result = '';
  let last = 0;
  while (matcher.find()) {
    run.environment.budget.step();
    const expand = (whole: string, braced?: string, bare?: string): string => {
      const name = braced ?? bare ?? '';
      const number = Number(name);
      if (!Number.isInteger(number)) return '';
      return number <= matcher.groupCount() ? (matcher.group(number) ?? '') : whole && '';
    };
    const text1 = literal
      ? to
      : to.replace(/\$(?:\{(\w+)\}|(\w+))|\$\$/g, (whole, braced, bare) => (whole === '$$' ? '$' : expand(whole, braced, bare)));
    result += text.slice(last, matcher.start()) + text1;
    last = matcher.end();
    run.environment.budget.text(result.length > 4_000_000 ? result.length : 0);
  }
  return result + text.slice(last);
}
function splitBy(pattern: string, text: string, limit: number, run: Interpreter): string[] {
  if (limit === 0) return [];
  const matcher = compile(pattern).matcher(text);
  const parts: string[] = [];
  let last = 0;
  while ((limit < 0 || parts.length < limit - 1) && matcher.find()) {
    run.environment.budget.step();
    if (matcher.end() === 0) continue;
    parts.push(text.slice(last, matcher.start()));
    last = matcher.end();
  }
  return [...parts, text.slice(last)];
}
const first = (pattern: string, text: string, run: Interpreter): string => findAll(pattern, text, 1, run)[0] ?? '';

const patterns: Functions = {
  regexMatch: plain(2, ([pattern, text]) => compile(string(pattern)).matcher(string(text)).find()),
  regexFind: plain(2, ([pattern, text], run) => first(string(pattern), string(text), run)),
  regexFindAll: plain(3, ([pattern, text, limit], run) => listOf(findAll(string(pattern), string(text), count(limit), run))),
  regexReplaceAll: plain(3, ([pattern, text, to], run) => replaceAll(string(pattern), string(text), string(to), false, run)),
  regexReplaceAllLiteral: plain(3, ([pattern, text, to], run) => replaceAll(string(pattern), string(text), string(to), true, run)),
  regexSplit: plain(3, ([pattern, text, limit], run) => listOf(splitBy(string(pattern), string(text), count(limit), run))),
  regexQuoteMeta: plain(1, ([text]) => string(text).replace(/[\\.+*?()|[\]{}^$]/g, '\\$&')),
};
const mustPatterns = Object.fromEntries(
  Object.entries(patterns).map(([name, make]) => [`must${name[0]!.toUpperCase()}${name.slice(1)}`, make]),
);

const generated = plain(0, () => placeholder);
const certificate = plain(0, () => mapOf({ Cert: cell(placeholder), Key: cell(placeholder) }));

const parseJson = (text: string): Cell => {
  try {
    return cellOfJson(JSON.parse(text));
  } catch (error) {
    throw error instanceof TemplateError ? error : new TemplateError('the JSON cannot be read');
  }
};
const orError =
  (parse: (text: string, pieces?: readonly Piece[]) => Cell, expects?: 'map' | 'list') =>
  (args: readonly Cell[]): Cell => {
    const { from, pieces } = at(args, 0);
    try {
      const parsed = parse(string(at(args, 0).value), pieces);
      if (expects === 'map' && parsed.value === null) return cell(mapOf({}), from);
      if (expects === 'map' && !(parsed.value instanceof GoMap)) throw new TemplateError('it is no map');
      if (expects === 'list' && !(parsed.value instanceof GoList)) throw new TemplateError('it is no list');
      return { ...parsed, from };
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
      return expects === 'list' ? cell(listOf([error.message])) : cell(mapOf({ Error: cell(error.message) }));
    }
  };
const json = (raw: boolean, indent: string) => (args: readonly Cell[]) => cell(printJson(at(args, 0), raw, indent), joinOrigins(args));
const mustParse = (parse: (text: string) => Cell) => (args: readonly Cell[]) => ({
  ...parse(string(at(args, 0).value)),
  from: args[0]!.from,
});

/** What is made anew stays recognisable, however often it is encoded. */
const encodedPlaceholder = Buffer.from(placeholder).toString('base64');
const toBase64 = (text: string): string => (text === encodedPlaceholder ? text : Buffer.from(text).toString('base64'));

function fromBase64(text: string): string {
  if (text === placeholder) return text;
  if (!/^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(text)) return 'illegal base64 data';
  return Buffer.from(text, 'base64').toString();
}

const documents: Functions = {
  toYaml: ([given = nil]) => printYaml(given),
  toYamlPretty: ([given = nil]) => printYaml(given),
  mustToYaml: ([given = nil]) => printYaml(given),
  fromYaml: orError(parseYaml, 'map'),
  fromYamlArray: orError(parseYaml, 'list'),
  toJson: json(false, ''),
  mustToJson: json(false, ''),
  toRawJson: json(true, ''),
  mustToRawJson: json(true, ''),
  toPrettyJson: json(false, '  '),
  mustToPrettyJson: json(false, '  '),
  fromJson: orError(parseJson, 'map'),
  fromJsonArray: orError(parseJson, 'list'),
  mustFromJson: mustParse(parseJson),
};

export const encodingFunctions: Functions = {
  ...patterns,
  ...mustPatterns,
  ...documents,
  b64enc: plain(1, ([text]) => toBase64(string(text))),
  b64dec: plain(1, ([text]) => fromBase64(string(text))),
  b32enc: plain(1, ([given]) => unlessGenerated(string(given), (text) => base32(Buffer.from(text)))),
  sha1sum: digest('sha1'),
  sha256sum: digest('sha256'),
  sha512sum: digest('sha512'),
  adler32sum: plain(1, ([given]) => unlessGenerated(string(given), (text) => String(adler32(text)))),
  bcrypt: generated,
  htpasswd: plain(1, ([user]) => `${string(user)}:${placeholder}`),
  derivePassword: generated,
  encryptAES: generated,
  decryptAES: generated,
  genPrivateKey: generated,
  genCA: certificate,
  genCAWithKey: certificate,
  genSelfSignedCert: certificate,
  genSelfSignedCertWithKey: certificate,
  genSignedCert: certificate,
  genSignedCertWithKey: certificate,
  buildCustomCert: certificate,
  randAlphaNum: generated,
  randAlpha: generated,
  randNumeric: generated,
  randAscii: generated,
  randBytes: generated,
  randInt: plain(2, ([least]) => BigInt(count(least))),
  shuffle: plain(1, ([text]) => string(text)),
  uuidv4: generated,
  now: generated,
  date: generated,
  dateInZone: generated,
  date_in_zone: generated,
  dateModify: generated,
  mustDateModify: generated,
  date_modify: generated,
  htmlDate: generated,
  htmlDateInZone: generated,
  ago: generated,
  duration: generated,
  durationRound: generated,
  toDate: generated,
  mustToDate: generated,
  unixEpoch: generated,
  base: plain(1, ([path]) => string(path).replace(/\/+$/, '').split('/').at(-1) || '.'),
  dir: plain(1, ([path]) => string(path).split('/').slice(0, -1).join('/') || '.'),
  ext: plain(1, ([path]) => /\.[^./]*$/.exec(string(path).slice(-300))?.[0] ?? ''),
  clean: plain(1, ([path]) => cleanPath(string(path))),
  isAbs: plain(1, ([path]) => string(path).startsWith('/')),
  urlParse: plain(1, ([url]) => parseUrl(string(url))),
  urlJoin: plain(1, ([parts]) => joinUrl(parts instanceof GoMap ? parts : mapOf({}))),
};
for (const [short, long] of [
  ['osBase', 'base'],
  ['osDir', 'dir'],
  ['osExt', 'ext'],
  ['osClean', 'clean'],
  ['osIsAbs', 'isAbs'],
] as const)
  (encodingFunctions as Record<string, Functions[string]>)[short] = encodingFunctions[long]!;

function base32(bytes: Buffer): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const text = (bits.match(/.{1,5}/g) ?? [])
    .map((five) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'[Number.parseInt(five.padEnd(5, '0'), 2)])
    .join('');
  return text.padEnd(Math.ceil(text.length / 8) * 8, '=');
}
function cleanPath(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (part !== '' && part !== '.' && !(part === '..' && path.startsWith('/'))) parts.push(part);
  }
  return (path.startsWith('/') ? '/' : '') + parts.join('/') || '.';
}
function parseUrl(text: string): GoMap {
  const match =
    /^(?:([a-zA-Z][\w+.-]*):)?(?:\/\/(?:([^@/?#]*)@)?([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/s.exec(text.slice(0, 10_000)) ?? [];
  const [, scheme, user, host, path, query, fragment] = match;
  return mapOf({
    scheme: cell(scheme ?? ''),
    userinfo: cell(user ?? ''),
    host: cell(host ?? ''),
    hostname: cell((host ?? '').replace(/:[0-9]*$/, '')),
    path: cell(path ?? ''),
    query: cell(query ?? ''),
    fragment: cell(fragment ?? ''),
    opaque: cell(''),
  });
}
function joinUrl(parts: GoMap): string {
  const part = (name: string): string => {
    const value = parts.get(name)?.value;
    return typeof value === 'string' ? value : '';
  };
  const host = (part('userinfo') ? `${part('userinfo')}@` : '') + part('host');
  const query = part('query') ? `?${part('query')}` : '';
  const fragment = part('fragment') ? `#${part('fragment')}` : '';
  return `${part('scheme') ? `${part('scheme')}:` : ''}${host ? `//${host}` : ''}${part('path')}${query}${fragment}`;
}
