/** Reads characters of an HCL text: names, gaps and comments. */
import { HclError } from './syntax.ts';

const isNameStart = (code: number): boolean =>
  (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95 || (code > 127 && code !== 0xa0 && code !== 0xfeff);
const isNamePart = (code: number): boolean => isNameStart(code) || (code >= 48 && code <= 57) || code === 45;

export const maxDepth = 150;

export class Cursor {
  at: number;
  readonly end: number;
  readonly text: string;
  #depth = 0;
  constructor(text: string, start = 0, end = text.length) {
    this.text = text;
    this.at = start;
    this.end = end;
  }

  get code(): number {
    return this.at < this.end ? this.text.charCodeAt(this.at) : -1;
  }
  peek(ahead: number): number {
    return this.at + ahead < this.end ? this.text.charCodeAt(this.at + ahead) : -1;
  }
  startsWith(text: string): boolean {
    return this.text.startsWith(text, this.at) && this.at + text.length <= this.end;
  }

  /** Skips blanks and comments; with `lines` also the ends of lines. */
  skipGaps(lines: boolean): void {
    for (;;) {
      const code = this.code;
      if (code === 32 || code === 9 || code === 13 || code === 0xa0 || code === 0xfeff || (lines && code === 10)) this.at++;
      else if (code === 35 || (code === 47 && this.peek(1) === 47)) this.#skipLine();
      else if (code === 47 && this.peek(1) === 42) this.#skipComment();
      else return;
    }
  }
  #skipLine(): void {
    const end = this.text.indexOf('\n', this.at);
    this.at = end < 0 || end > this.end ? this.end : end;
  }
  #skipComment(): void {
    const end = this.text.indexOf('*/', this.at + 2);
    if (end < 0 || end + 2 > this.end) throw new HclError('a comment is not closed', this.at);
    this.at = end + 2;
  }

  /** The name that starts here, if one does. */
  name(): string | undefined {
    if (!isNameStart(this.code)) return undefined;
    const start = this.at++;
    while (isNamePart(this.code)) this.at++;
    return this.text.slice(start, this.at);
  }
  expect(character: string): void {
    if (!this.startsWith(character)) throw new HclError(`\`${character}\` was expected`, Math.min(this.at, this.end));
    this.at += character.length;
  }

  /** Runs one level deeper; refuses to go down without bound. */
  nested<T>(read: () => T): T {
    if (++this.#depth > maxDepth) throw new HclError(`it is nested more than ${maxDepth} levels deep`, this.at, 'too-deep');
    const result = read();
    this.#depth--;
    return result;
  }
  /** After an error, reading starts again at the outermost level. */
  surface(): void {
    this.#depth = 0;
  }
}
