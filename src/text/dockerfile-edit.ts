/** Edits of single instructions of a Dockerfile; all others keep their form. */
import { DockerfileParser, type Instruction } from 'dockerfile-ast';
import type { Edit, Place, SourceFile } from '../types.ts';
import { LineMap } from './positions.ts';
import { insertLines, lineEndOf, lineStart, nextLine, replaceRange } from './text-edits.ts';

export interface DockerLine {
  /** Upper case. */
  readonly keyword: string;
  /** The keyword as written. */
  readonly written: string;
  readonly start: number;
  readonly end: number;
  /** What follows the keyword, as written. */
  readonly body: string;
}
export interface DockerText {
  readonly lines: LineMap;
  readonly text: string;
  readonly instructions: readonly DockerLine[];
}

export function openDockerfile({ path, text }: SourceFile): DockerText {
  const lines = new LineMap(path, text);
  const instructions = DockerfileParser.parse(text)
    .getInstructions()
    .map((instruction: Instruction): DockerLine => {
      const { start, end } = instruction.getRange();
      const from = lines.offset(start.line + 1, start.character + 1);
      const to = lines.offset(end.line + 1, end.character + 1);
      const written = text.slice(from, to);
      const body = written.replace(/^\S+\s*/, '');
      return { keyword: instruction.getKeyword(), written: written.slice(0, written.search(/\s|$/)), start: from, end: to, body };
    });
  return { lines, text, instructions };
}

/** The instruction that holds a place. */
export const instructionAt = ({ lines, instructions }: DockerText, place: Place): DockerLine | undefined => {
  const offset = lines.offset(place.line, place.column);
  return instructions.find(({ start, end }) => start <= offset && offset <= end);
};

/** Writes another body behind the keyword. */
export const replaceBody = ({ lines, text }: DockerText, { written, start, end }: DockerLine, body: string): Edit =>
  replaceRange(lines, start, end, `${written} ${body.replaceAll('\n', lineEndOf(text))}`);

/** A line in front of an instruction and of the comments right above it. */
export function insertAbove({ lines, text }: DockerText, { start }: DockerLine, line: string): Edit {
  let at = lineStart(text, start);
  for (let above = at; above > 0; ) {
    above = lineStart(text, Math.max(0, above - (text.startsWith('\r\n', above - 2) ? 2 : 1)));
    if (!/^[ \t]*#/.test(text.slice(above, above + 200))) break;
    at = above;
  }
  return insertLines(lines, at, line);
}
/** A line behind an instruction. */
export const insertAfter = ({ lines, text }: DockerText, { end }: DockerLine, line: string): Edit =>
  insertLines(lines, nextLine(text, end), line);

/** The instructions of the stage that an instruction belongs to: from its FROM to the next one. */
export function stageAround({ instructions }: DockerText, place: Place, lines: LineMap): readonly DockerLine[] {
  const offset = lines.offset(place.line, place.column);
  const from = instructions.findLastIndex(({ keyword, start }) => keyword === 'FROM' && start <= offset);
  const next = instructions.findIndex(({ keyword }, index) => keyword === 'FROM' && index > from);
  return from < 0 ? [] : instructions.slice(from, next < 0 ? undefined : next);
}

/** `["node", "server.js"]`. */
export const execForm = (words: readonly string[]): string => `[${words.map((word) => JSON.stringify(word)).join(', ')}]`;
