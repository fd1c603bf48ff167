/** `.env` files → `env-file` facts. Values are masked; whether one is empty, a placeholder or a secret stays readable from its setting. */
import type { EnvEntry } from '../../facts.ts';
import { LineMap } from '../../text/positions.ts';
import { purposeOf } from '../../text/purpose.ts';
import { isGuestOfBroker, safeSetting, secretOf } from '../../text/secret-shapes.ts';
import type { Adapter, AnyFact, Place, SourceFile } from '../../types.ts';

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
const sampleWords =
  /(?:^|[._-])(?:examples?|exp|exemplo|ejemplo|exemple|esempio|beispiel|samples?|template|tpl|dist|default|defaults|skel|stub)(?:[._-]|$)/i;
const isDotenv = (name: string): boolean =>
  (/^\.env(?:[._-][\w.-]+)?$/i.test(name) ||
    /^[\w.-]+\.env$/i.test(name) ||
    /^\.[\w.-]+[_-]env$/i.test(name) ||
    /^env[._-](?:example|sample|template|dist)$/i.test(name)) &&
  !/\.(?:js|ts|mjs|cjs|json|ya?ml|md|sh|php|vault|keys|enc|gpg|sops|age|j2|tmpl|d\.ts)$/i.test(name);

const maxEntries = 5000;
const start = /^[ \t]*(?:export[ \t]+)?([A-Za-z_][\w.-]*)[ \t]*[=:]/;

/** Where a quoted value ends: the closing quote, on a later line if need be. */
function closingQuote(text: string, from: number, quote: string): number {
  for (let at = from; at < text.length; at++) {
    if (text[at] === '\\' && quote === '"') at++;
    else if (text[at] === quote) return at;
  }
  return -1;
}

interface RawEntry {
  readonly name: string;
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

/** Entries as dotenv and Compose read them: `export`, quotes, values over several lines, comments after a blank. */
function readEntries(text: string): readonly RawEntry[] {
  const entries: RawEntry[] = [];
  for (let at = 0; at < text.length && entries.length < maxEntries; ) {
    const newline = text.indexOf('\n', at);
    const lineEnd = newline < 0 ? text.length : newline;
    const line = text.slice(at, lineEnd).replace(/\r$/, '');
    const match = line.length > 100_000 ? null : start.exec(line);
    let next = lineEnd + 1;
    if (match) {
      const valueStart = at + match[0].length + (/^[ \t]*/.exec(line.slice(match[0].length))?.[0].length ?? 0);
      const quote = text[valueStart];
      const close = quote === '"' || quote === "'" || quote === '`' ? closingQuote(text, valueStart + 1, quote) : -1;
      const value =
        close >= 0
          ? text.slice(valueStart + 1, close)
          : line
              .slice(valueStart - at)
              .replace(/(?:^|\s)#.*$/, '')
              .trim();
      const end = close >= 0 ? close + 1 : at + line.length;
      entries.push({ name: match[1]!, value, start: at + (line.length - line.trimStart().length), end });
      if (close >= 0) next = Math.max(next, text.indexOf('\n', close) + 1 || text.length);
    }
    at = next;
  }
  return entries;
}

/** `# LOG_DIR=/var/log`: variables that a sample names without setting them. */
function readCommented(text: string, lines: LineMap): { name: string; place: Place }[] {
  const found = text.matchAll(/^[ \t]{0,20}#[# \t]{0,20}(?:export[ \t]+)?([A-Z][A-Z0-9_]{1,100})[ \t]?=/gm);
  return [...found].slice(0, maxEntries).map((match) => ({
    name: match[1]!,
    place: lines.place(match.index, match.index + match[0].length),
  }));
}

function toEntry({ name, value, start: from, end }: RawEntry, lines: LineMap): EnvEntry {
  const place = lines.place(from, end);
  return { name, value: safeSetting(name, value, place), place };
}

/** `.envs/.production/.postgres`, `.env/.prod-sample`: a folder of them. */
const envFolder = /(?:^|\/)(?:\.envs?|envs)\/(?:\.?[\w-]+\/)?\.(?!git|keep\b|DS_Store)[\w.-]+$/;

export const dotenvAdapter: Adapter = {
  id: 'dotenv',
  classify: (path) => isDotenv(baseName(path)) || envFolder.test(path),
  extract(file: SourceFile) {
    const lines = new LineMap(file.path, file.text);
    const conflict = /^(?:<{7}|>{7}) /m.exec(file.text);
    if (conflict) {
      const message = 'The file holds the markers of an unresolved merge conflict.';
      return {
        facts: [],
        notAssessed: [{ reason: 'syntax-error', message, place: lines.place(conflict.index, conflict.index), failed: true }],
      };
    }
    const raw = readEntries(file.text);
    const purpose = purposeOf(file.path);
    const entries = raw.map((entry) => toEntry(entry, lines));
    const commented = readCommented(file.text, lines);
    const value = { sample: sampleWords.test(baseName(file.path)), purpose, entries, ...(commented.length > 0 ? { commented } : {}) };
    const secrets = raw.flatMap(({ name, value: text, start: from, end }): AnyFact[] => {
      const secret = isGuestOfBroker(name, text) ? undefined : secretOf(name, text);
      if (!secret) return [];
      const place = lines.place(from, end);
      return [{ kind: 'secret', place, confidence: 'certain', value: { ...secret, origin: 'literal', holder: 'env-file', purpose } }];
    });
    return { facts: [{ kind: 'env-file', place: lines.place(0, 0), confidence: 'certain', value }, ...secrets], notAssessed: [] };
  },
};
