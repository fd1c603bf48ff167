/**
 * Splits POSIX shell text into words, operators and simple commands (POSIX.1-2017, Shell Command Language §2.3 and §2.9).
 * Nothing is expanded or executed: `$NAME` and `$(…)` stay as they are written. Linear in the length of the text.
 */
export interface ShellToken {
  readonly kind: 'word' | 'operator' | 'redirect';
  /** Quotes and escapes removed. */
  readonly text: string;
  /** True when some part was quoted or escaped. */
  readonly quoted: boolean;
  readonly start: number;
  readonly end: number;
}

/** A command between operators. `if`, `then`, `do`… before it are left out, as are redirections. */
export interface SimpleCommand {
  readonly words: readonly string[];
  /** `NAME=value` before the first word. */
  readonly assignments: readonly { readonly name: string; readonly value: string }[];
  /** The file that its standard output goes to: `>> log`. */
  readonly output?: string;
  /** The operator that ends it: `&&`, `||`, `|`, `;`, `&`, a line end, `)`, or nothing at the end of the text. */
  readonly operator: string;
  readonly start: number;
  readonly end: number;
}

const operators = ['&&', '||', ';;', '|&', '&', '|', ';', '(', ')', '\n'];
const redirects = ['<<<', '<<-', '<<', '>>', '<&', '>&', '&>', '>|', '<>', '<', '>'];
const toFile = new Set(['>', '>>', '>|', '&>']);
const reserved = new Set(['if', 'then', 'else', 'elif', 'do', 'while', 'until', '!', '{', 'time']);
const closing = new Set(['fi', 'done', 'esac', '}']);
const blank = (char: string | undefined): boolean => char === ' ' || char === '\t' || char === '\r';
const assignment = /^([A-Za-z_][A-Za-z0-9_]*)\+?=/;

/** Reads one token after another from a text. */
class ShellScanner {
  readonly tokens: ShellToken[] = [];
  #at = 0;
  #heredocs: { end: string; tabs: boolean }[] = [];
  constructor(readonly text: string) {}

  scan(): readonly ShellToken[] {
    while (this.#at < this.text.length) {
      if (!this.#skipBlank() && !this.#operator()) this.#word();
    }
    return this.tokens;
  }

  #skipBlank(): boolean {
    const { text } = this;
    const char = text[this.#at];
    if (blank(char)) this.#at++;
    else if (char === '\\' && /^\\\r?\n/.test(text.slice(this.#at, this.#at + 3))) this.#at += text[this.#at + 1] === '\r' ? 3 : 2;
    else if (char === '#') {
      const end = text.indexOf('\n', this.#at);
      this.#at = end < 0 ? text.length : end;
    } else return false;
    return true;
  }

  #operator(): boolean {
    const { text } = this;
    const start = this.#at;
    const redirect = redirects.find((sign) => text.startsWith(sign, start));
    if (redirect) {
      this.#at += redirect.length;
      this.tokens.push({ kind: 'redirect', text: redirect, quoted: false, start, end: this.#at });
      if (redirect === '<<' || redirect === '<<-') this.#heredoc(redirect === '<<-');
      return true;
    }
    const operator = operators.find((sign) => text.startsWith(sign, start));
    if (!operator) return false;
    this.#at += operator.length;
    this.tokens.push({ kind: 'operator', text: operator, quoted: false, start, end: this.#at });
    if (operator === '\n') this.#skipHeredocs();
    return true;
  }

  #heredoc(tabs: boolean): void {
    while (blank(this.text[this.#at])) this.#at++;
    const before = this.tokens.length;
    this.#word();
    const word = this.tokens[before];
    if (word?.text) this.#heredocs.push({ end: word.text, tabs });
  }

  /** The bodies start at the line after the command. */
  #skipHeredocs(): void {
    for (const { end, tabs } of this.#heredocs.splice(0)) {
      while (this.#at < this.text.length) {
        const newline = this.text.indexOf('\n', this.#at);
        const stop = newline < 0 ? this.text.length : newline;
        const line = this.text.slice(this.#at, stop).replace(/\r$/, '');
        this.#at = Math.min(stop + 1, this.text.length);
        if ((tabs ? line.replace(/^\t+/, '') : line) === end) break;
      }
    }
  }

  #word(): void {
    const start = this.#at;
    const parts: string[] = [];
    let quoted = false;
    while (this.#at < this.text.length && !this.#atWordEnd()) {
      const char = this.text[this.#at]!;
      if (char === "'" || char === '"') {
        quoted = true;
        parts.push(char === "'" ? this.#singleQuoted() : this.#doubleQuoted());
      } else if (char === '\\') {
        quoted = true;
        if (this.text[this.#at + 1] !== '\n') parts.push(this.text[this.#at + 1] ?? '');
        this.#at += 2;
      } else if (char === '`' || char === '$') parts.push(this.#substitution());
      else {
        parts.push(char);
        this.#at++;
      }
    }
    this.#at = Math.min(this.#at, this.text.length);
    if (this.#at > start) this.tokens.push({ kind: 'word', text: parts.join(''), quoted, start, end: this.#at });
  }

  #atWordEnd(): boolean {
    const char = this.text[this.#at]!;
    return (
      blank(char) ||
      char === '\n' ||
      char === ';' ||
      char === '&' ||
      char === '|' ||
      char === '(' ||
      char === ')' ||
      char === '<' ||
      char === '>'
    );
  }

  #singleQuoted(): string {
    const end = this.text.indexOf("'", this.#at + 1);
    const text = this.text.slice(this.#at + 1, end < 0 ? undefined : end);
    this.#at = end < 0 ? this.text.length : end + 1;
    return text;
  }

  #doubleQuoted(): string {
    const parts: string[] = [];
    this.#at++;
    while (this.#at < this.text.length && this.text[this.#at] !== '"') {
      const char = this.text[this.#at]!;
      const next = this.text[this.#at + 1];
      if (char === '\\' && next !== undefined && '"\\$`\n'.includes(next)) {
        if (next !== '\n') parts.push(next);
        this.#at += 2;
      } else if (char === '`' || char === '$') parts.push(this.#substitution());
      else {
        parts.push(char);
        this.#at++;
      }
    }
    this.#at++;
    return parts.join('');
  }

  /** `$NAME`, `${…}`, `$(…)` or backticks, as written; brackets are counted, so depth costs nothing. */
  #substitution(): string {
    const { text } = this;
    const start = this.#at;
    if (text[start] === '`') {
      const end = text.indexOf('`', start + 1);
      this.#at = end < 0 ? text.length : end + 1;
      return text.slice(start, this.#at);
    }
    const open = text[start + 1];
    this.#at++;
    if (open !== '(' && open !== '{') return '$';
    const close = open === '(' ? ')' : '}';
    let depth = 0;
    while (this.#at < text.length) {
      const char = text[this.#at++];
      if (char === '\\') this.#at++;
      else if (char === open) depth++;
      else if (char === close && --depth === 0) break;
    }
    this.#at = Math.min(this.#at, text.length);
    return text.slice(start, this.#at);
  }
}

/** Words and operators in order; comments and the bodies of here-documents are left out. */
export const tokenizeShell = (text: string): readonly ShellToken[] => new ShellScanner(text).scan();

/** The words of a command line, without operators: what `exec` form would hold. */
export const splitWords = (text: string): readonly string[] =>
  tokenizeShell(text)
    .filter(({ kind }) => kind === 'word')
    .map((token) => token.text);

/** True when the text needs a shell: operators, redirections or expansions outside of single words. */
export const needsShell = (text: string): boolean =>
  tokenizeShell(text).some(({ kind, text: word }) => kind !== 'word' || word.includes('$'));

function toCommand(tokens: readonly ShellToken[], operator: string): SimpleCommand | undefined {
  const words: string[] = [];
  const assignments: { name: string; value: string }[] = [];
  let skip = false;
  let output: string | undefined;
  for (const [index, token] of tokens.entries()) {
    if (token.kind === 'redirect') {
      const stream = /^\d$/.test(words.at(-1) ?? '') && tokens[index - 1]?.end === token.start ? words.pop() : undefined;
      skip = true;
      if ((stream ?? '1') === '1' && toFile.has(token.text)) output = tokens[index + 1]?.text;
    } else if (skip) skip = false;
    else if (words.length === 0 && !token.quoted && reserved.has(token.text)) continue;
    else if (words.length === 0 && assignment.test(token.text)) {
      const at = token.text.indexOf('=');
      assignments.push({ name: token.text.slice(0, at).replace(/\+$/, ''), value: token.text.slice(at + 1) });
    } else words.push(token.text);
  }
  if (words.length === 0 && assignments.length === 0) return undefined;
  if (words.length === 1 && closing.has(words[0]!)) return undefined;
  const first = tokens.find((token) => token.quoted || !reserved.has(token.text)) ?? tokens[0]!;
  return { words, assignments, ...(output === undefined ? {} : { output }), operator, start: first.start, end: tokens.at(-1)!.end };
}

/** The simple commands of a text, in order, whatever joins them. */
export function splitCommands(text: string): readonly SimpleCommand[] {
  const commands: SimpleCommand[] = [];
  let tokens: ShellToken[] = [];
  const finish = (operator: string): void => {
    const command = tokens.length > 0 ? toCommand(tokens, operator) : undefined;
    if (command) commands.push(command);
    tokens = [];
  };
  for (const token of tokenizeShell(text)) {
    if (token.kind === 'operator') finish(token.text);
    else tokens.push(token);
  }
  finish('');
  return commands;
}
