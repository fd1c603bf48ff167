/** Compose interpolation: `$NAME`, `${NAME:-default}`, `${NAME:?error}`, `$$` (Compose specification, 12-interpolation). */

export interface Interpolated {
  /** Defaults filled in; variables without one stay as they are written. */
  readonly text: string;
  /** Variables that the shell or a `.env` file must give. */
  readonly unknown: readonly string[];
  /** Variables whose default was taken. */
  readonly defaulted: readonly string[];
}

const maxDepth = 8;
const nameAt = /[A-Za-z_]\w{0,200}/y;

class Interpolation {
  readonly unknown: string[] = [];
  readonly defaulted: string[] = [];

  expand(text: string, depth: number): string {
    if (!text.includes('$') || depth > maxDepth) return text;
    const parts: string[] = [];
    for (let at = 0; at < text.length; ) {
      const dollar = text.indexOf('$', at);
      if (dollar < 0) {
        parts.push(text.slice(at));
        break;
      }
      parts.push(text.slice(at, dollar));
      const { value, end } = this.#variable(text, dollar, depth);
      parts.push(value);
      at = end;
    }
    return parts.join('');
  }

  #variable(text: string, dollar: number, depth: number): { value: string; end: number } {
    const next = text[dollar + 1];
    if (next === '$') return { value: '$', end: dollar + 2 };
    const braced = next === '{';
    nameAt.lastIndex = dollar + (braced ? 2 : 1);
    const name = nameAt.exec(text)?.[0];
    if (!name) return { value: '$', end: dollar + 1 };
    if (!braced) return { value: this.#missing(name, text.slice(dollar, nameAt.lastIndex)), end: nameAt.lastIndex };
    const close = closingBrace(text, dollar + 1);
    const end = close < 0 ? text.length : close + 1;
    const [, operator = '', word = ''] = /^(:?[-?+])?(.*)$/s.exec(text.slice(nameAt.lastIndex, close < 0 ? text.length : close)) ?? [];
    if (operator.endsWith('-')) {
      this.defaulted.push(name);
      return { value: this.expand(word, depth + 1), end };
    }
    return { value: this.#missing(name, text.slice(dollar, end)), end };
  }

  #missing(name: string, written: string): string {
    this.unknown.push(name);
    return written;
  }
}

function closingBrace(text: string, open: number): number {
  let depth = 0;
  for (let at = open; at < text.length; at++) {
    if (text[at] === '{') depth++;
    else if (text[at] === '}' && --depth === 0) return at;
  }
  return -1;
}

/** Fills defaults in. */
export function interpolate(text: string): Interpolated {
  const interpolation = new Interpolation();
  const result = interpolation.expand(text, 0);
  return { text: result, unknown: interpolation.unknown, defaulted: interpolation.defaulted };
}
