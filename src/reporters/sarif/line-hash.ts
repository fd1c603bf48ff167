/** Characters that a hash looks at, from the start of its line; spaces and tabs do not count. */
const windowSize = 100;
const base = 37;
const lineFeed = 10;
const carriageReturn = 13;
/** What follows the last character of the file; zeros follow it. */
const endOfFile = 0xffff;
const word = 2 ** 32;

/** Hash of one line, and the last line that it depends on. */
export interface LineHash {
  readonly hash: string;
  readonly lastLine: number;
}

/**
 * The hash of every line of a text that GitHub uses to recognise an alert after lines have moved: `primaryLocationLineHash`
 * as github/codeql-action computes it. A polynomial of base 37 over the next 100 characters in 64 bits, line ends as LF, and
 * a count that tells equal hashes apart. Index 0 is line 1.
 */
export function hashLines(text: string): readonly LineHash[] {
  const { codes, starts } = readCharacters(text);
  const seen = new Map<string, number>();
  const hashes: LineHash[] = [];
  const rolling = new RollingHash();
  let fed = 0;
  let lastLine = 0;
  for (const start of starts) {
    for (; fed < start + windowSize; fed++) rolling.add(codes[fed] ?? 0, codes[fed - windowSize] ?? 0);
    while (lastLine + 1 < starts.length && starts[lastLine + 1]! < start + windowSize) lastLine++;
    const value = rolling.toString();
    const occurrence = (seen.get(value) ?? 0) + 1;
    seen.set(value, occurrence);
    hashes.push({ hash: `${value}:${occurrence}`, lastLine: lastLine + 1 });
  }
  return hashes;
}

/** Characters without spaces and tabs, line ends as LF, the end mark last; and where in them each line starts. */
function readCharacters(text: string): { codes: readonly number[]; starts: readonly number[] } {
  const codes: number[] = [];
  const starts: number[] = [0];
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 32 || code === 9) continue;
    // As the original: only an LF that follows CR directly belongs to it.
    if (code === lineFeed && text.charCodeAt(i - 1) === carriageReturn) continue;
    const lineEnd = code === lineFeed || code === carriageReturn;
    codes.push(lineEnd ? lineFeed : code);
    if (lineEnd) starts.push(codes.length);
  }
  codes.push(endOfFile);
  return { codes, starts };
}

/** `value × 37 + added − removed × 37^100` modulo 2^64, in two halves because a double holds 53 bits. */
class RollingHash {
  #high = 0;
  #low = 0;
  static readonly #leaving = BigInt.asUintN(64, BigInt(base) ** BigInt(windowSize));
  static readonly #leavingHigh = Number(RollingHash.#leaving >> 32n);
  static readonly #leavingLow = Number(RollingHash.#leaving & 0xffffffffn);

  add(added: number, removed: number): void {
    const low = this.#low * base + added - removed * RollingHash.#leavingLow;
    const carry = Math.floor(low / word);
    this.#low = low - carry * word;
    const high = this.#high * base + carry - removed * RollingHash.#leavingHigh;
    this.#high = high - Math.floor(high / word) * word;
  }

  toString(): string {
    return this.#high === 0 ? this.#low.toString(16) : this.#high.toString(16) + this.#low.toString(16).padStart(8, '0');
  }
}
