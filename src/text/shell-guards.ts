/** Tests on variables that stand around the commands of a shell script: `if [ "$MIGRATE" = "true" ]; then … fi`. */
import type { Condition } from '../facts.ts';
import { type ShellToken, tokenizeShell } from './shell-words.ts';

/** One word that is a variable: `$NAME`, `${NAME}`, `${NAME:-default}`, perhaps in lower case (`${NAME,,}`). */
const variable = /^\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?:,,|:?-([^{}$]*))?\})$/;

interface Read {
  readonly env: string;
  readonly fallback?: string;
}
function readVariable(word: string): Read | undefined {
  const found = variable.exec(word);
  if (!found) return undefined;
  const [, plain, braced, fallback] = found;
  return { env: plain ?? braced!, ...(fallback === undefined ? {} : { fallback }) };
}

const otherwiseOf = ({ fallback }: Read): Pick<Condition, 'otherwise'> =>
  fallback === undefined ? {} : { otherwise: { value: fallback } };

/** `[ "$NAME" = "text" ]`, `[[ -n $NAME ]]`, `test …`, with `!` before or inside. Other commands say nothing. */
export function testOfVariable(words: readonly string[], holds = true): readonly Condition[] {
  const [first, ...rest] = words;
  if (first === '!') return testOfVariable(rest, !holds);
  const inner =
    first === 'test' ? rest : (first === '[' && rest.at(-1) === ']') || (first === '[[' && rest.at(-1) === ']]') ? rest.slice(0, -1) : [];
  if (inner[0] === '!') return testOfVariable(['test', ...inner.slice(1)], !holds);
  const [left = '', operator = '', right = ''] = inner;
  if (inner.length === 2 && (left === '-n' || left === '-z')) {
    const read = readVariable(operator);
    return read ? [{ env: read.env, test: (left === '-n') === holds ? 'set' : 'unset', ...otherwiseOf(read) }] : [];
  }
  if (inner.length !== 3 || !/^(?:==?|!=)$/.test(operator) || /[$*?]/.test(right)) return [];
  const read = readVariable(left);
  if (!read) return [];
  // `x"$NAME" = x` and patterns are left alone.
  return [{ env: read.env, test: (operator !== '!=') === holds ? 'equals' : 'differs', value: right, ...otherwiseOf(read) }];
}

/** One `if` that is open: the words of its test so far, and what the branches before it have ruled out. */
interface Frame {
  words: string[];
  testing: boolean;
  tests: number;
  before: readonly Condition[];
  now: readonly Condition[];
}

/** From this offset on these conditions hold, each read once. */
interface Span {
  readonly from: number;
  readonly when: readonly Condition[];
}

const none: readonly Condition[] = [];
const most = 8;

class GuardReader {
  readonly spans: Span[] = [];
  readonly #frames: Frame[] = [];

  read(tokens: readonly ShellToken[]): void {
    let isStart = true;
    for (const token of tokens) {
      const isWord: boolean = token.kind === 'word' && !token.quoted;
      const isReserved: boolean = isStart && isWord && this.#reserved(token);
      if (!isReserved) this.#collect(token);
      isStart = token.kind === 'operator' || isReserved || (isStart && isWord && /^(?:do|else|\{|!|while|until)$/.test(token.text));
    }
  }

  #collect(token: ShellToken): void {
    const frame = this.#frames.at(-1);
    if (!frame?.testing) return;
    if (token.kind === 'operator') frame.tests += token.text === '\n' || token.text === ';' ? 0 : 1;
    else if (token.kind === 'word') frame.words.push(token.text);
  }

  #reserved({ text, end }: ShellToken): boolean {
    const frame = this.#frames.at(-1);
    if (text === 'if') this.#frames.push({ words: [], testing: true, tests: 0, before: none, now: none });
    else if (text === 'fi') this.#frames.pop();
    else if (!frame || !/^(?:then|elif|else)$/.test(text)) return false;
    else if (text === 'then') this.#enter(frame);
    else {
      frame.now = text === 'else' ? frame.before : none;
      frame.words = [];
      frame.testing = text === 'elif';
      frame.tests = 0;
    }
    const when = this.#frames.length > most ? none : this.#frames.flatMap(({ now }) => now);
    this.spans.push({ from: end, when: when.length > 0 ? when : none });
    return true;
  }

  #enter(frame: Frame): void {
    const isOne = frame.tests === 0;
    const yes = isOne ? testOfVariable(frame.words) : none;
    frame.now = [...frame.before, ...yes];
    frame.before = [...frame.before, ...(isOne ? testOfVariable(frame.words, false) : none)];
    frame.testing = false;
  }
}

/** The conditions under which the command at an offset runs; offsets have to rise. The same list means the same branch. */
export function shellGuards(text: string): (offset: number) => readonly Condition[] {
  if (!/\bif\b/.test(text)) return () => none;
  const reader = new GuardReader();
  reader.read(tokenizeShell(text));
  let at = -1;
  return (offset) => {
    while (at + 1 < reader.spans.length && reader.spans[at + 1]!.from <= offset) at++;
    return at < 0 ? none : reader.spans[at]!.when;
  };
}
