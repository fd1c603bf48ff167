/**
 * Control characters, ESC, line breaks, and invisible or direction-changing characters (Unicode Bidi_Control, zero width, BOM, tags):
 * in a terminal or a page they would let a file name rewrite the output ("Trojan Source", CVE-2021-42574).
 */
const unsafe =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufff9-\ufffb\u{e0000}-\u{e0fff}]/gu;

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
  const escape = (character: string) =>
    [...character.split('')].map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');
  const text = JSON.stringify(value, null, indent);
  return `${text.replace(unsafe, (character) => (character === '\n' ? character : escape(character))).replaceAll('##[', '#\\u0023[')}\n`;
}

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
