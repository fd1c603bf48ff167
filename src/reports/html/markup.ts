/** HTML and SVG that cannot be broken by what a repository calls its files: every value is escaped unless it is markup itself. */
import { cutText, makeCodeVisible, makeVisible } from '../../reporters/visible-text.ts';

/** Text that is markup already. Only `html` and `raw` make it. */
export class Markup {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

export type Content = Markup | string | number | false | undefined | readonly Content[];

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escapeText = (text: string): string => text.replace(/[&<>"']/g, (character) => entities[character]!);

/** One hostile name must not fill the page. */
const textLimit = 2000;

function print(content: Content): string {
  if (content === undefined || content === false) return '';
  if (content instanceof Markup) return content.text;
  if (typeof content === 'number') return String(content);
  if (typeof content === 'string') return escapeText(cutText(makeVisible(content), textLimit));
  return content.map(print).join('');
}

/** Template tag: values become text, in elements and in quoted attributes alike. */
export function html(parts: TemplateStringsArray, ...values: readonly Content[]): Markup {
  let text = parts[0]!;
  for (let index = 0; index < values.length; index++) text += print(values[index]) + parts[index + 1]!;
  return new Markup(text);
}

/** Text that the product itself made. */
export const raw = (text: string): Markup => new Markup(text);

/** A line of source code: tabs become spaces. */
export const codeLine = (text: string): Markup => raw(escapeText(makeCodeVisible(text)));

/** Several lines of source code. */
export const codeLines = (text: string): Markup => raw(text.split('\n').map(makeCodeVisible).map(escapeText).join('\n'));

/** Prose in which `code` is the only markup. */
export function prose(text: string): Markup {
  const parts = cutText(makeVisible(text), textLimit).split('`');
  // The last of an odd number of backticks opens nothing.
  if (parts.length % 2 === 0) parts.push(parts.splice(-2).join('`'));
  return raw(parts.map((part, index) => (index % 2 === 1 ? `<code>${escapeText(part)}</code>` : escapeText(part))).join(''));
}

/** JSON inside of a `script` element: nothing in it can end the element or open a comment. */
export const islandJson = (value: unknown): Markup =>
  raw(JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`));

/** Address of a link, when it leads to a web page; documents of others could hold anything. */
export const webAddress = (text: string): string | undefined => (/^https?:\/\/[^\s]+$/i.test(text) ? text : undefined);
