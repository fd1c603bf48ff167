/** Templates: filled with data, and found again in text that was made by one. */
const placeholder = /\{([A-Za-z][A-Za-z0-9]*)\}/g;

type Data = Readonly<Record<string, string | number>>;

/** Names of the values that a template sets apart as code: these are never translated. */
export const namesInCode = (template: string): ReadonlySet<string> =>
  new Set(
    template
      .split('`')
      .filter((_, index) => index % 2 === 1)
      .flatMap((code) => [...code.matchAll(placeholder)].map(([, name]) => name!)),
  );

/** Data is never a template: a `{name}` inside of it stays as it is. */
export const fill = (template: string, data: Data): string =>
  template.replace(placeholder, (whole, name: string) => (Object.hasOwn(data, name) ? String(data[name]) : whole));

interface Pattern {
  /** What stands between the values. */
  readonly literals: readonly string[];
  readonly names: readonly string[];
  readonly length: number;
  readonly code: ReadonlySet<string>;
  readonly target: string;
}

function makePattern(source: string, target: string): Pattern {
  const parts = source.split(placeholder);
  const literals = parts.filter((_, index) => index % 2 === 0);
  return {
    literals,
    names: parts.filter((_, index) => index % 2 === 1),
    length: literals.join('').length,
    code: namesInCode(source),
    target,
  };
}

/** How many, as a number or a word up to ten. */
const words = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];
const readCount = (text: string): string | undefined => {
  if (/^\d[\d.,]*$/.test(text)) return text;
  const count = words.indexOf(text);
  return count < 0 ? undefined : String(count);
};

/** Each value as short as it can be: one look through the text, no backtracking. */
function match({ literals, names }: Pattern, text: string): Readonly<Record<string, string>> | undefined {
  const last = literals.length - 1;
  if (!text.startsWith(literals[0]!)) return undefined;
  if (last === 0) return text.length === literals[0]!.length ? {} : undefined;
  const values: Record<string, string> = {};
  let from = literals[0]!.length;
  for (let index = 1; index <= last; index++) {
    const literal = literals[index]!;
    const at = index === last ? text.length - literal.length : text.indexOf(literal, from);
    if (at < from || !text.startsWith(literal, at)) return undefined;
    const name = names[index - 1]!;
    const value = name === 'count' ? readCount(text.slice(from, at)) : text.slice(from, at);
    if (value === undefined) return undefined;
    values[name] = value;
    from = at + literal.length;
  }
  return values;
}

export type Translate = (text: string) => string;

/** Values can be fragments themselves: `No: 3 blockers`. */
const deepest = 3;
/** Longer text is no fragment of ours. */
const longest = 2000;

/** Finds the template that a text was made by, the longest first, and fills its translation; text of no template stays as it is. */
export function makeTranslate(pairs: Readonly<Record<string, string>>): Translate {
  const patterns = Object.entries(pairs)
    .map(([source, target]) => makePattern(source, target))
    .sort((a, b) => b.length - a.length);
  const known = new Map<string, string>();
  const translate = (text: string, depth: number): string => {
    if (depth > deepest || text.length > longest) return text;
    for (const pattern of patterns) {
      const values = match(pattern, text);
      if (!values) continue;
      const told = Object.entries(values).map(
        ([name, value]) => [name, pattern.code.has(name) ? value : translate(value, depth + 1)] as const,
      );
      return fill(pattern.target, Object.fromEntries(told));
    }
    return text;
  };
  return (text) => {
    const found = known.get(text) ?? translate(text, 0);
    known.set(text, found);
    return found;
  };
}
