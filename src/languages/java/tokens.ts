/** Java as a list of tokens, without comments and blanks. */

export type Kind = 'name' | 'keyword' | 'number' | 'text' | 'symbol' | 'end';

/** The text holds something that only the grammar knows what to make of. */
export class Unsure extends Error {}
export const unsure = (): never => {
  throw new Unsure();
};

const longestText = 1_000_000;
const keywords: ReadonlySet<string> = new Set(
  `abstract assert boolean break byte case catch char class const continue default do double else enum extends false final finally
   float for goto if implements import instanceof int interface long native new null package private protected public return short
   static strictfp super switch synchronized this throw throws transient true try void volatile while`.split(/\s+/),
);
/** Longest first. `>` stands alone: it may close type arguments. */
const symbols = [
  ['<<=', '...'],
  ['->', '::', '++', '--', '&&', '||', '==', '!=', '<=', '>=', '+=', '-=', '*=', '/=', '&=', '|=', '^=', '%=', '<<'],
  [...'(){}[];,.@=<>!~?:+-*/&|^%'],
].map((list) => new Set(list));
const symbolsFrom = new Map<number, readonly string[]>();
for (const list of symbols)
  for (const symbol of list) symbolsFrom.set(symbol.charCodeAt(0), [...(symbolsFrom.get(symbol.charCodeAt(0)) ?? []), symbol]);

const number = /0[xX][\da-fA-F_]+[lL]?|0[bB][01_]+[lL]?|(?:\d[\d_]*(?:\.(?:\d[\d_]*)?)?|\.\d[\d_]*)(?:[eE][+-]?\d[\d_]*)?[fFdDlL]?/y;
const character = /'(?:[^\\'\r\n]|\\(?:[btnfrs"'\\]|[0-7]{1,3}|u[0-9a-fA-F]{4}))'/y;
const plainText = /"(?:[^"\\\r\n]|\\(?:[btnfrs"'\\]|[0-7]{1,3}|u[0-9a-fA-F]{4}))*"/y;
const textBlock = /"""[ \t\f]*\r?\n(?:[^"\\]|"(?!"")|\\(?:[btnfrs"'\\]|[0-7]{1,3}|\r?\n))*"""/y;

const isDigit = (code: number): boolean => code >= 48 && code <= 57;
const isLetter = (code: number): boolean => (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95 || code === 36;

export class Tokens {
  readonly kinds: Kind[] = [];
  /** Names, keywords and symbols; for others their first character. */
  readonly texts: string[] = [];
  readonly starts: number[] = [];
  readonly ends: number[] = [];
  readonly #lines: number[] = [0];
  #at = 0;

  constructor(readonly source: string) {
    if (source.length > longestText) unsure();
    for (let at = source.indexOf('\n'); at >= 0; at = source.indexOf('\n', at + 1)) this.#lines.push(at + 1);
    while (this.#skip()) this.#read();
    this.#add('end', '', source.length);
  }

  /** From 0, as the grammar counts. */
  rowOf(offset: number): number {
    let low = 0;
    let high = this.#lines.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (this.#lines[middle]! <= offset) low = middle;
      else high = middle;
    }
    return low;
  }
  columnOf(offset: number, row: number): number {
    return offset - this.#lines[row]!;
  }

  #add(kind: Kind, text: string, end: number): void {
    this.kinds.push(kind);
    this.texts.push(text);
    this.starts.push(this.#at);
    this.ends.push(end);
    this.#at = end;
  }

  /** Goes to the next token; false at the end. */
  #skip(): boolean {
    const { source } = this;
    for (;;) {
      const code = source.charCodeAt(this.#at);
      if (code === 32 || code === 10 || code === 9 || code === 13 || code === 12) this.#at++;
      else if (code !== 47) return this.#at < source.length;
      else if (!this.#skipComment()) return true;
    }
  }

  #skipComment(): boolean {
    const { source } = this;
    const next = source.charCodeAt(this.#at + 1);
    if (next === 47) {
      const end = source.indexOf('\n', this.#at);
      this.#at = end < 0 ? source.length : end;
      return true;
    }
    if (next !== 42) return false;
    const end = source.indexOf('*/', this.#at + 2);
    if (end < 0) unsure();
    this.#at = end + 2;
    return true;
  }

  #match(pattern: RegExp): number {
    pattern.lastIndex = this.#at;
    return pattern.test(this.source) ? pattern.lastIndex : unsure();
  }

  #read(): void {
    const { source } = this;
    const code = source.charCodeAt(this.#at);
    if (isLetter(code)) {
      let end = this.#at + 1;
      for (let next = source.charCodeAt(end); isLetter(next) || isDigit(next); next = source.charCodeAt(end)) end++;
      const text = source.slice(this.#at, end);
      return this.#add(keywords.has(text) ? 'keyword' : 'name', text, end);
    }
    if (code === 34) return this.#readText();
    if (code === 39) return this.#add('text', "'", this.#match(character));
    if (isDigit(code) || (code === 46 && isDigit(source.charCodeAt(this.#at + 1)))) return this.#readNumber();
    const symbol = symbolsFrom.get(code)?.find((one) => source.startsWith(one, this.#at));
    if (symbol === undefined) return unsure();
    this.#add('symbol', symbol, this.#at + symbol.length);
  }

  #readNumber(): void {
    const end = this.#match(number);
    if (isLetter(this.source.charCodeAt(end)) || isDigit(this.source.charCodeAt(end))) unsure();
    this.#add('number', '0', end);
  }

  #readText(): void {
    this.#add('text', '"', this.#match(this.source.startsWith('"""', this.#at) ? textBlock : plainText));
  }
}
