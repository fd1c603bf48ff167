/**
 * Control characters (ESC, line breaks), invisible and direction-changing characters, lone surrogates, fillers:
 * in a terminal or a page they would let a file name rewrite the output ("Trojan Source", CVE-2021-42574).
 */
const unsafe = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u115f\u1160\u3164\uffa0]/gu;

const named: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\u001b': '\\e' };
const nameCharacter = (character: string): string => named[character] ?? `\\u{${character.codePointAt(0)!.toString(16)}}`;

/**
 * One line of text with nothing invisible in it. `##[` is taken apart because the GitHub runner reads it as a command anywhere in a line
 * (actions/runner, ActionCommand).
 */
export function makeVisible(text: string): string {
  return text.replace(unsafe, nameCharacter).replaceAll('##[', '## [');
}

/** A line of source code: tabs become spaces, nothing else may move the cursor. */
export function makeCodeVisible(text: string): string {
  return makeVisible(text.replaceAll('\t', '  '));
}

/** Indented JSON in which no string can move a cursor, hide text or look like a runner's command; parses to the same value. */
export function printJson(value: unknown, indent = 2): string {
  const text = JSON.stringify(value, null, indent);
  const safe = text.replace(unsafe, (character) => (character === '\n' ? character : character.split('').map(escapeUnit).join('')));
  return `${safe.replaceAll('##[', '#\\u0023[')}\n`;
}

const escapeUnit = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** The first `limit` characters, ended by `…` when there were more. Never cuts a surrogate pair. */
export function cutText(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const end = limit - 1;
  const code = text.charCodeAt(end - 1);
  return `${text.slice(0, code >= 0xd800 && code <= 0xdbff ? end - 1 : end)}…`;
}

/** `1 error`, `2 errors`. */
export function countOf(count: number, noun: string, plural = `${noun}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? noun : plural}`;
}
