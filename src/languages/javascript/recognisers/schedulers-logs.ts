import type { ProgramView } from '../recogniser.ts';

/** Longest text of a function that is looked at: samples that only tell that they ran are short. */
const longest = 1_500;
const decorator = /@[\w$.]{1,60}\s*(?=\()/y;
/** From the start of a function to its body; parameters that are taken apart are not expected. */
const head = /(?:async\s+)?(?:function\b\s*)?[\w$]{0,60}\s*(?:\([^(){}]{0,200}\)|(?=\s*=>))\s*(?::\s*[\w$<>[\] |]{1,60})?\s*(?:=>\s*)?/y;
const logCall =
  /(?:await\s+)?(?:console|(?:this\s*\.\s*)?[\w$]{0,40}?[lL]og(?:ger)?)\s*\.\s*(?:log|info|debug|warn|error|trace|verbose)\s*(?=\()/y;
const space = /[\s;]*/y;

class Reader {
  at = 0;
  constructor(readonly text: string) {}

  skip(pattern: RegExp): boolean {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (found) this.at = pattern.lastIndex;
    return found !== null;
  }

  take(character: string): boolean {
    const isNext = this.text[this.at] === character;
    if (isNext) this.at++;
    return isNext;
  }

  /** To behind the bracket that closes the one here. */
  skipBrackets(): boolean {
    for (let depth = 0; this.at < this.text.length; this.at++) {
      const character = this.text[this.at];
      if (character === '(') depth++;
      else if (character === ')' && --depth === 0) return this.take(')');
    }
    return false;
  }
}

/** `() => log.info('tick')`: a body of calls that log, and of nothing else. */
function onlyLogs(text: string): boolean {
  const reader = new Reader(text);
  while (reader.skip(decorator)) if (!reader.skipBrackets() || !reader.skip(space)) return false;
  if (!reader.skip(head)) return false;
  const isBlock = reader.take('{');
  for (let count = 0; count < 10; count++) {
    reader.skip(space);
    if (isBlock && reader.take('}')) return count > 0;
    if (!reader.skip(logCall) || !reader.skipBrackets()) return false;
    if (!isBlock) return true;
  }
  return false;
}

/** What is scheduled only tells that it ran, as samples do. */
export const onlyTells = (program: ProgramView, functions: readonly string[]): boolean =>
  functions.length > 0 &&
  functions.every((id) => {
    const at = program.functionOf(id)?.at;
    const text = at && program.text(id.slice(0, id.lastIndexOf('#')));
    if (!text) return false;
    let start = 0;
    for (let line = 1; line < at[0] && start >= 0; line++) start = text.indexOf('\n', start) + 1 || -1;
    return start >= 0 && onlyLogs(text.slice(start + at[1] - 1, start + at[1] - 1 + longest));
  });
