/** Comments of Groovy and Kotlin become blanks of the same length, so that every offset stays true. */
export function blankComments(text: string): string {
  let result = '';
  let from = 0;
  const blank = (start: number, end: number): void => {
    result += text.slice(from, start) + text.slice(start, end).replace(/[^\r\n]/g, ' ');
    from = end;
  };
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === '"' || char === "'") at = stringEnd(text, at, char);
    else if (text.startsWith('//', at)) {
      const end = lineEnd(text, at);
      blank(at, end);
      at = end - 1;
    } else if (text.startsWith('/*', at)) {
      const close = text.indexOf('*/', at + 2);
      const end = close < 0 ? text.length : close + 2;
      blank(at, end);
      at = end - 1;
    }
  }
  return result + text.slice(from);
}

const lineEnd = (text: string, from: number): number => {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end;
};

/** The index of the quote that ends a string; strings end with their line at the latest. */
function stringEnd(text: string, start: number, quote: string): number {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === quote || text[at] === '\n') return at;
  }
  return text.length;
}
