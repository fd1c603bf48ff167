/** Tokens of nginx: words, `{`, `}`, `;` with exact places. Marks of a template around them are kept apart. */

export interface Directive {
  readonly words: readonly string[];
  /** Offsets of the directive, without its block. */
  readonly start: number;
  readonly end: number;
  readonly block?: readonly Directive[];
  /** End of the block. */
  readonly blockEnd?: number;
}
/** A mark of a template language: opens or closes a condition or a loop. */
export interface TemplateMark {
  readonly at: number;
  readonly kind: 'condition' | 'loop' | 'end' | 'other';
}
export interface BraceFile {
  readonly directives: readonly Directive[];
  readonly marks: readonly TemplateMark[];
  /** Offset at which the braces stop making sense. */
  readonly brokenAt?: number;
}

const maxDepth = 50;
const maxDirectives = 50_000;
const maxMarks = 2000;
const maxMarkLength = 1000;
const templateEnds: Readonly<Record<string, string>> = { '{{': '}}', '{%': '%}', '{#': '#}', '<%': '%>' };

const kindOf = (content: string): TemplateMark['kind'] => {
  const text = content.replace(/^[-~#=\s]+/, '').slice(0, 40);
  if (/^(?:end|\/|\})/.test(text)) return 'end';
  if (/^(?:for|range|each)\b|\.each\b/.test(text) || /\.each\b|\bdo\s*\|/.test(content.slice(0, 200))) return 'loop';
  return /^(?:if|unless|with)\b/.test(text) ? 'condition' : 'other';
};

interface Frame {
  readonly directives: Directive[];
  readonly words: string[];
  readonly start: number;
}

class Reader {
  readonly marks: TemplateMark[] = [];
  #at = 0;
  #count = 0;
  #brokenAt: number | undefined;
  #words: string[] = [];
  #start = 0;
  #wordEnd = 0;
  #directives: Directive[] = [];
  readonly #frames: Frame[] = [];
  constructor(readonly text: string) {}

  read(): BraceFile {
    while (this.#at < this.text.length && this.#brokenAt === undefined) this.#step(this.text[this.#at]!);
    if (this.#frames.length > 0) this.#brokenAt ??= this.text.length;
    while (this.#frames.length > 0) this.#close(this.text.length);
    return {
      directives: this.#directives,
      marks: this.marks,
      ...(this.#brokenAt === undefined ? {} : { brokenAt: this.#brokenAt }),
    };
  }

  #step(char: string): void {
    if (/\s/.test(char)) this.#at++;
    else if (char === '#') this.#skipLine();
    else if (this.#skipTemplate()) return;
    else if (char === ';') this.#end(this.#at++);
    else if (char === '{') this.#open();
    else if (char === '}') {
      if (this.#frames.length === 0) this.#brokenAt = this.#at;
      else this.#close(++this.#at);
    } else this.#word();
  }

  #skipLine(): void {
    const end = this.text.indexOf('\n', this.#at);
    this.#at = end < 0 ? this.text.length : end;
  }

  /** `{{ x }}` in the middle of a directive is a word of it. */
  #skipTemplate(): boolean {
    const closing = templateEnds[this.text.slice(this.#at, this.#at + 2)];
    if (closing === undefined) return false;
    const end = this.#after(closing, this.#at + 2) ?? this.#at + 2;
    const kind = kindOf(this.text.slice(this.#at + 2, end - 2));
    if (this.marks.length < maxMarks) this.marks.push({ at: this.#at, kind });
    this.#at = end;
    if (kind === 'other' && this.#words.length > 0) this.#word(end - 2);
    return true;
  }

  #word(from = this.#at): void {
    if (this.#words.length === 0) this.#start = from;
    const quote = this.text[this.#at];
    if (quote === '"' || quote === "'") this.#at = this.#endOfQuoted(quote);
    else this.#at = this.#endOfWord();
    this.#wordEnd = this.#at;
    if (this.#words.length < 2000) this.#words.push(this.text.slice(from, this.#at).replace(/^(["'])(.*)\1$/s, '$2'));
  }

  #endOfQuoted(quote: string): number {
    let at = this.#at + 1;
    while (at < this.text.length && this.text[at] !== quote) at += this.text[at] === '\\' ? 2 : 1;
    return Math.min(at + 1, this.text.length);
  }

  #endOfWord(): number {
    let at = this.#at;
    while (at < this.text.length && !/[\s;{}]/.test(this.text[at]!)) {
      const closing = this.text.startsWith('${', at) ? '}' : templateEnds[this.text.slice(at, at + 2)];
      const end = closing === undefined ? undefined : this.#after(closing, at + 2);
      if (end !== undefined) at = end;
      else at += this.text[at] === '\\' || closing === '}' ? 2 : 1;
    }
    return Math.min(at, this.text.length);
  }

  /** The offset behind the next `closing`, where one is near. */
  #after(closing: string, from: number): number | undefined {
    const found = this.text.slice(from, from + maxMarkLength).indexOf(closing);
    return found < 0 ? undefined : from + found + closing.length;
  }

  #end(at: number): void {
    if (this.#words.length > 0) this.#add({ words: this.#words, start: this.#start, end: Math.max(this.#wordEnd, at) });
    this.#words = [];
  }

  #add(directive: Directive): void {
    this.#directives.push(directive);
    if (++this.#count > maxDirectives) this.#brokenAt = this.#at;
  }

  #open(): void {
    if (this.#frames.length >= maxDepth) {
      this.#brokenAt = this.#at;
      return;
    }
    this.#frames.push({ directives: this.#directives, words: this.#words, start: this.#words.length > 0 ? this.#start : this.#at });
    this.#directives = [];
    this.#words = [];
    this.#at++;
  }

  #close(at: number): void {
    const frame = this.#frames.pop()!;
    const block = this.#directives;
    this.#directives = frame.directives;
    this.#words = [];
    const end = Math.min(frame.start + frame.words.join(' ').length, at);
    this.#add({ words: frame.words, start: frame.start, end, block, blockEnd: at });
  }
}

export const readBraces = (text: string): BraceFile => new Reader(text).read();
