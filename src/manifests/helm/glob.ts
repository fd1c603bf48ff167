/** Globs of `.Files.Glob`: `*` stays in a folder, `**` does not, `?`, `[a-z]` and `{a,b}`. Time is bounded by a step count. */
const mostSteps = 20_000;

export function matchesGlob(pattern: string, path: string): boolean {
  if (pattern.length > 300) return false;
  return expandBraces(pattern).some((one) => new Matcher(one, path).matches(0, 0));
}

/** Alternatives in braces, written out; nested ones are left as they are. */
function expandBraces(pattern: string, left = 50): string[] {
  const open = pattern.indexOf('{');
  const close = pattern.indexOf('}', open);
  if (open < 0 || close < 0 || left === 0) return [pattern];
  const parts = pattern
    .slice(open + 1, close)
    .split(',')
    .slice(0, 20);
  return parts.flatMap((part) => expandBraces(pattern.slice(0, open) + part + pattern.slice(close + 1), left - 1)).slice(0, 200);
}

class Matcher {
  #steps = 0;
  readonly #pattern: string;
  readonly #path: string;
  constructor(pattern: string, path: string) {
    this.#pattern = pattern;
    this.#path = path;
  }

  matches(p: number, t: number): boolean {
    if (++this.#steps > mostSteps) return false;
    const char = this.#pattern[p];
    if (char === undefined) return t === this.#path.length;
    if (char === '*') return this.#star(p, t);
    if (t >= this.#path.length) return false;
    if (char === '?') return this.#path[t] !== '/' && this.matches(p + 1, t + 1);
    if (char === '[') return this.#set(p, t);
    return char === this.#path[t] && this.matches(p + 1, t + 1);
  }

  #star(p: number, t: number): boolean {
    const deep = this.#pattern[p + 1] === '*';
    const next = p + (deep ? 2 : 1);
    for (let at = t; at <= this.#path.length; at++) {
      if (this.matches(next, at)) return true;
      if (!deep && this.#path[at] === '/') return false;
    }
    return false;
  }

  #set(p: number, t: number): boolean {
    const close = this.#pattern.indexOf(']', p + 1);
    if (close < 0) return false;
    const body = this.#pattern.slice(p + 1, close);
    const negated = body.startsWith('!') || body.startsWith('^');
    const char = this.#path[t]!;
    let inside = false;
    for (let at = negated ? 1 : 0; at < body.length; at++) {
      if (body[at + 1] === '-' && at + 2 < body.length) {
        inside ||= body[at]! <= char && char <= body[at + 2]!;
        at += 2;
      } else inside ||= body[at] === char;
    }
    return inside !== negated && this.matches(p + 1 + body.length + 1, t + 1);
  }
}
