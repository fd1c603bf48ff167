/** Text of a repository in Markdown: whatever it holds, it stays text. */
import type { Place } from '../types.ts';
import { cutText, makeVisible } from './visible-text.ts';

/** One hostile name must not fill the page. */
const textLimit = 2000;

export const at = ({ path, line }: Place): string => `${path}:${line}`;

/** A code span as HTML, because backticks in its text could end one of Markdown. */
export const code = (text: string): string => `<code>${encode(cutText(makeVisible(text), textLimit))}</code>`;

/** Prose in which `code` is the only markup. */
export function escapeProse(text: string): string {
  const parts = cutText(makeVisible(text), textLimit).split('`');
  return parts
    .map((part, index) =>
      index % 2 === 1 && index < parts.length - 1 ? `<code>${encode(part)}</code>` : encodeProse(part, index % 2 === 1),
    )
    .join('');
}

/**
 * Every character that can mean something in Markdown or HTML as a numeric reference: CommonMark §6.2 gives references no
 * structural meaning, in tables too. Brackets that follow no `]`, quotes, `_` inside of a word (§6.2, rule 2) and a colon inside of
 * a line mean nothing, and the text is easier to read without references.
 */
const encode = (text: string): string =>
  text.replace(/[^\p{L}\p{N}\p{S} .,;/()"'?!%’‘“”…–—-]|[<>|`~^$+=]/gu, (character, offset: number) =>
    isHarmless(character, text[offset - 1] ?? '', text[offset + 1] ?? '') ? character : `&#${character.codePointAt(0)};`,
  );

const wordCharacter = /[\p{L}\p{N}]/u;
const isHarmless = (character: string, before: string, after: string): boolean =>
  (character === ':' && wordCharacter.test(before) && /[ \p{L}\p{N}]/u.test(after)) ||
  (character === '=' && before === ' ' && after === ' ') ||
  (character === '_' && wordCharacter.test(before) && wordCharacter.test(after));

/** Outside of code, mentions (`@name`), issue numbers and bare addresses become links: a zero width space parts them. */
function encodeProse(text: string, backtick: boolean): string {
  const parted = text.replace(/[@#]|:(?=\/\/)|(?<=www)\./g, '$&\u200b');
  return (backtick ? '&#96;' : '') + encode(parted).replaceAll('&#8203;', '\u200b');
}
