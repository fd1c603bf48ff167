/** Splits a Dockerfile into instructions with continuation lines joined and comments removed (Dockerfile reference, "Format"). */
import { DockerfileParser, type Instruction as ParsedInstruction, type Property } from 'dockerfile-ast';
import { LineMap } from '../../text/positions.ts';
import { tokenizeShell } from '../../text/shell-words.ts';
import type { Place, SourceFile } from '../../types.ts';

export interface DockerInstruction {
  /** Upper case. */
  readonly keyword: string;
  readonly flags: ReadonlyMap<string, string>;
  /** What follows the flags, on one line. */
  readonly body: string;
  /** Bodies of here-documents, in order. */
  readonly heredocs: readonly string[];
  /** `NAME=value` pairs of ENV and ARG, quotes removed. */
  readonly pairs: readonly { readonly name: string; readonly value?: string; readonly literal: boolean; readonly place: Place }[];
  readonly place: Place;
}

/** Far above real Dockerfiles; the parser is not linear in them. */
const limits = { length: 128 * 1024, line: 4096, flags: 2000 };

/** Why a Dockerfile is not parsed at all; `undefined` when it can be. */
export function findExcess(text: string): string | undefined {
  if (text.length > limits.length) return `it is longer than ${limits.length / 1024} KiB`;
  let flags = 0;
  for (let at = text.indexOf(' --'); at >= 0; at = text.indexOf(' --', at + 3)) flags++;
  if (flags > limits.flags) return `it has more than ${limits.flags} flags`;
  return text.split('\n').some((line) => line.length > limits.line) ? `a line is longer than ${limits.line} characters` : undefined;
}

type Range = ReturnType<ParsedInstruction['getRange']>;

class InstructionReader {
  readonly #rows: readonly string[];
  readonly #lines: LineMap;
  constructor(
    readonly file: SourceFile,
    readonly escapeSign: string,
  ) {
    this.#lines = new LineMap(file.path, file.text);
    this.#rows = Array.from({ length: this.#lines.lineCount }, (_, index) => this.#lines.line(index + 1));
  }

  place(range: Range): Place {
    const { start, end } = range;
    return { path: this.file.path, line: start.line + 1, column: start.character + 1, endLine: end.line + 1, endColumn: end.character + 1 };
  }

  read(instruction: ParsedInstruction): DockerInstruction {
    const range = instruction.getRange();
    const { body, heredocs } = this.#split(range);
    const rest = body.replace(/^\s*\S+\s*/, '');
    const { flags, tail } = splitFlags(rest);
    const properties = (instruction as { getProperties?: () => Property[] }).getProperties?.() ?? [];
    return {
      keyword: instruction.getKeyword(),
      flags,
      body: tail,
      heredocs,
      pairs: properties.filter((property) => property.getName()).map((property) => this.#pair(property)),
      place: this.place(range),
    };
  }

  #pair(property: Property): DockerInstruction['pairs'][number] {
    const value = property.getValue();
    const raw = property.getUnescapedValue() ?? '';
    return {
      name: property.getName(),
      ...(value === null ? {} : { value }),
      literal: raw.startsWith("'"),
      place: this.place(property.getRange()),
    };
  }

  /** The logical first line and the here-documents after it. */
  #split(range: Range): { body: string; heredocs: readonly string[] } {
    const rows = this.#rows.slice(range.start.line, range.end.line + 1);
    if (rows.length > 0) rows[0] = rows[0]!.slice(range.start.character);
    const parts: string[] = [];
    let next = 0;
    while (next < rows.length) {
      const row = rows[next++]!;
      if (next > 1 && /^\s*(#|$)/.test(row)) continue;
      const trimmed = row.trimEnd();
      if (!trimmed.endsWith(this.escapeSign)) {
        parts.push(row);
        break;
      }
      parts.push(trimmed.slice(0, -1));
    }
    const body = parts.join('');
    return { body: body.trim(), heredocs: readHeredocs(body, rows.slice(next)) };
  }
}

function readHeredocs(body: string, rows: readonly string[]): readonly string[] {
  if (rows.length === 0 || !body.includes('<<')) return [];
  const ends = [...body.matchAll(/<<(-?)["']?([A-Za-z_][\w.]*)["']?/g)].map((match) => ({ tabs: match[1] === '-', end: match[2]! }));
  let next = 0;
  return ends.map(({ tabs, end }) => {
    const start = next;
    while (next < rows.length && (tabs ? rows[next]!.trim() : rows[next]!.trimEnd()) !== end) next++;
    return rows.slice(start, next++).join('\n');
  });
}

function splitFlags(text: string): { flags: ReadonlyMap<string, string>; tail: string } {
  const flags = new Map<string, string>();
  let tail = text;
  for (let match = /^--([a-z-]+)(?:=(\S*))?(?:\s+|$)/i.exec(tail); match; match = /^--([a-z-]+)(?:=(\S*))?(?:\s+|$)/i.exec(tail)) {
    flags.set(match[1]!.toLowerCase(), (match[2] ?? '').replace(/^["']|["']$/g, ''));
    tail = tail.slice(match[0].length);
  }
  return { flags, tail };
}

/** All instructions of a Dockerfile, in order. */
export function readInstructions(file: SourceFile): readonly DockerInstruction[] {
  const parsed = DockerfileParser.parse(file.text);
  const reader = new InstructionReader(file, parsed.getEscapeCharacter());
  return parsed.getInstructions().map((instruction) => reader.read(instruction));
}

/** Words of an instruction's body: a JSON array, or words as a shell splits them. */
export function readWords(body: string): readonly string[] {
  const list = readJsonWords(body);
  if (list) return list;
  return tokenizeShell(body)
    .filter(({ kind, text }) => kind === 'word' && text !== '')
    .map(({ text }) => text);
}

/** The exec form; `undefined` when the body is no JSON array of strings. */
export function readJsonWords(body: string): readonly string[] | undefined {
  if (!body.startsWith('[')) return undefined;
  try {
    const list: unknown = JSON.parse(body);
    return Array.isArray(list) && list.every((word) => typeof word === 'string') ? list : undefined;
  } catch {
    return undefined;
  }
}
