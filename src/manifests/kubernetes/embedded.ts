/** Configurations of proxies that stand in a ConfigMap, read where they stand; and passwords of files that stand there. */
import type { Purpose } from '../../facts.ts';
import { LineMap } from '../../text/positions.ts';
import { hasBackend, readHaproxy } from '../../text/proxy/haproxy.ts';
import { hasUpstream, readNginx } from '../../text/proxy/nginx.ts';
import { secretOf } from '../../text/secret-shapes.ts';
import { entriesOf, nodeAt, scalarOf } from '../../text/yaml-access.ts';
import type { YamlEntry } from '../../text/yaml-document.ts';
import type { AnyFact, Place, PlaceMap, SourceFile } from '../../types.ts';
import type { KubernetesObject } from './object.ts';

const maxLength = 256 * 1024;

/** Lines of a block (`key: |`) stand below its key in the file, moved to the right; other forms have the place of their value. */
function placesOf({ keyPlace, value }: YamlEntry, text: string, file: SourceFile): PlaceMap {
  const whole: PlaceMap = { place: () => value.place };
  if (file.places || !text.includes('\n')) return whole;
  const own = new LineMap(file.path, text);
  const rows = file.text.split('\n');
  const first = text.split('\n').find((row) => row.trim() !== '') ?? '';
  const start = rows.findIndex((row, index) => index >= keyPlace.line && row.trim() !== '');
  if (start < 0 || first === '' || !rows[start]!.includes(first)) return whole;
  const indent = rows[start]!.indexOf(first);
  const skipped = text.split('\n').indexOf(first);
  const move = (offset: number): { line: number; column: number } => {
    const { line, column } = own.at(offset);
    return { line: start + line - skipped, column: column + indent };
  };
  return {
    place(from, to): Place {
      const begin = move(from);
      const end = move(Math.max(from, to));
      return { path: file.path, line: begin.line, column: begin.column, endLine: end.line, endColumn: end.column };
    },
  };
}

/** `password: x`, `"db_connection": "…"`, `spring.datasource.password=x`: a setting on a line of its own. */
const setting = /^[ \t]*["']?([A-Za-z][\w.-]{0,100})["']?[ \t]*[:=][ \t]*(\S.{0,1000})$/gm;
/** Without the comma of JSON and quotes. */
function bare(written: string): string {
  const text = written.trimEnd();
  const value = text.endsWith(',') ? text.slice(0, -1).trimEnd() : text;
  const [quote] = value;
  return value.length > 1 && (quote === '"' || quote === "'") && value.endsWith(quote) ? value.slice(1, -1) : value;
}
/** A template, a call or a path stands for a value from elsewhere. */
const isOpen = (text: string): boolean => /[{}$<>()]|^[/|&*!]/.test(text);

interface SecretLine {
  readonly name: string;
  readonly what: string;
  readonly from: number;
  readonly to: number;
}

/** Lines of a file that give a password, or a connection string with one. */
function secretLines(text: string): readonly SecretLine[] {
  const lines: SecretLine[] = [];
  for (const match of text.matchAll(setting)) {
    const [whole, name = '', written = ''] = match;
    const value = bare(written);
    const secret = isOpen(value) ? undefined : secretOf(name, value);
    const isPassword = secret?.what === 'password' && /(?:pass|passwd|password|pwd)$/i.test(name) && !/\s/.test(value) && value.length > 3;
    if (!secret || !(isPassword || secret.what === 'connection string')) continue;
    lines.push({ name, what: secret.what, from: match.index + whole.indexOf(name), to: match.index + whole.length });
  }
  return lines;
}

/** What the file says is a secret, whatever it is called. */
export const holdsSecretLine = (text: string): boolean => /-----BEGIN [A-Z ]{0,30}PRIVATE KEY/.test(text) || secretLines(text).length > 0;

/** Passwords, and connection strings with one, in a file that a ConfigMap holds. */
function readSecrets(entry: YamlEntry, text: string, file: SourceFile, purpose: Purpose): readonly AnyFact[] {
  if (!text.includes('\n') || !/pass|pwd|:\/\//i.test(text)) return [];
  const lines = secretLines(text);
  if (lines.length === 0) return [];
  const places = placesOf(entry, text, file);
  return lines.slice(0, 20).map(({ name, what, from, to }) => ({
    kind: 'secret',
    place: places.place(from, to),
    confidence: 'certain',
    value: { what, origin: 'literal', env: name, holder: 'manifest', purpose },
  }));
}

export function readEmbedded(object: KubernetesObject, file: SourceFile): readonly AnyFact[] {
  if (object.group !== '' || object.kind !== 'ConfigMap') return [];
  return entriesOf(nodeAt(object.root, 'data')).flatMap((entry) => {
    const text = scalarOf(entry.value)?.text ?? '';
    if (text.length > maxLength) return [];
    const read = hasUpstream(text) ? readNginx : hasBackend(text) ? readHaproxy : undefined;
    if (read) return read({ path: file.path, text, places: placesOf(entry, text, file) }).facts;
    return readSecrets(entry, text, file, object.purpose);
  });
}
