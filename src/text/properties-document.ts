/** Java properties files (java.util.Properties): comments, continued lines, `=`/`:`/blank separators, escapes. */
import type { Place, SourceFile } from '../types.ts';
import { LineMap } from './positions.ts';

export interface Property {
  readonly key: string;
  readonly value: string;
  /** From the key to the end of the value. */
  readonly place: Place;
}

const maxProperties = 20_000;
const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', f: '\f' };

const decodeEscapes = (text: string): string =>
  text.replace(/\\(?:u([0-9a-fA-F]{4})|(.))/gs, (_, code: string | undefined, letter: string | undefined) =>
    code ? String.fromCharCode(Number.parseInt(code, 16)) : (escapes[letter!] ?? letter!),
  );

/** True when an odd number of backslashes ends the line. */
function isContinued(line: string): boolean {
  let count = 0;
  while (line[line.length - 1 - count] === '\\') count++;
  return count % 2 === 1;
}

/** Where the key of a logical line ends: at the first separator that is not escaped. */
function keyEnd(line: string): number {
  for (let at = 0; at < line.length; at++) {
    if (line[at] === '\\') at++;
    else if (/[=:\s]/.test(line[at]!)) return at;
  }
  return line.length;
}

export function readProperties(file: SourceFile): readonly Property[] {
  const lines = new LineMap(file.path, file.text);
  const properties: Property[] = [];
  for (let number = 1; number <= lines.lineCount && properties.length < maxProperties; number++) {
    const first = lines.line(number);
    const start = first.trimStart();
    if (start === '' || start[0] === '#' || start[0] === '!') continue;
    const from = { line: number, column: first.length - start.length + 1 };
    let logical = start;
    let last = first;
    while (isContinued(logical) && number < lines.lineCount) {
      last = lines.line(++number);
      logical = logical.slice(0, -1) + last.trimStart();
    }
    const end = keyEnd(logical);
    const value = logical
      .slice(end)
      .trimStart()
      .replace(/^[=:]\s*/, '');
    properties.push({
      key: decodeEscapes(logical.slice(0, end)),
      value: decodeEscapes(value).trimEnd(),
      place: { path: file.path, ...from, endLine: number, endColumn: last.trimEnd().length + 1 },
    });
  }
  return properties;
}
