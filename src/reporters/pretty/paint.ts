import { Chalk, type ChalkInstance } from 'chalk';
import stringWidth from 'string-width';
import wrapAnsi from 'wrap-ansi';
import type { GateState, Level, ReporterOptions, Verdict } from '../../types.ts';
import { makeTell, type Tell } from '../terms.ts';
import { makeVisible } from '../visible-text.ts';

/** Beyond this, lines of prose get hard to read. */
const proseWidth = 110;

/** Code up to this length stays on one line. */
const unbroken = 30;
const noBreak = '\u00a0';

/** Keeps `wrap` from breaking a line within the text. */
export const keepTogether = (text: string): string => text.replaceAll(' ', noBreak);

/** The terminal's 16 colours, links and width: everything that turns meaning into characters. */
export class Paint {
  readonly color: ChalkInstance;
  readonly width: number;
  readonly tell: Tell;
  readonly #links: boolean;
  readonly #colored: boolean;

  constructor(options: ReporterOptions) {
    this.tell = makeTell(options.lang);
    this.#colored = options.color;
    this.#links = options.links;
    this.color = new Chalk({ level: options.color ? 1 : 0 });
    this.width = Math.max(40, options.width);
  }

  /** A terminal hyperlink (OSC 8), or the text alone. */
  link(text: string, url: string | undefined): string {
    return this.#links && url ? `\u001b]8;;${url}\u0007${text}\u001b]8;;\u0007` : text;
  }

  /** The address itself, where a link cannot be shown. */
  plainUrl(url: string | undefined): string | undefined {
    return this.#links ? undefined : url;
  }

  /** Prose with `code` set apart: by colour where there is one, else by its backticks. Short code is not broken over lines. */
  prose(text: string, style: (text: string) => string = (plain) => plain): string {
    return makeVisible(text)
      .split('`')
      .map((part, index, parts) => {
        if (index % 2 === 0 || index === parts.length - 1) return index % 2 === 0 ? style(part) : `\`${style(part)}`;
        const code = part.length <= unbroken ? keepTogether(part) : part;
        return this.#colored ? this.color.cyan(code) : `\`${code}\``;
      })
      .join('');
  }

  /** Wraps by words; lines after the first start with as many spaces as `first` is wide. */
  wrap(first: string, text: string): string[] {
    const indent = stringWidth(first);
    const width = Math.max(20, Math.min(this.width - 1, proseWidth) - indent);
    const lines = wrapAnsi(text, width, { hard: true }).split('\n');
    return lines.map((line, index) => (index === 0 ? first : ' '.repeat(indent)) + line.trimEnd().replaceAll(noBreak, ' '));
  }

  /** What fits in `width` cells, with `…` when it was more. */
  cut(text: string, width: number): string {
    return stringWidth(text) <= width ? text : `${takeCells(text, 0, width - 1)}…`;
  }

  level(level: Level): ChalkInstance {
    return { error: this.color.red, warning: this.color.yellow, note: this.color.cyan }[level];
  }

  gate(state: GateState): ChalkInstance {
    return { open: this.color.green, 'at risk': this.color.yellow, closed: this.color.red, unknown: this.color.blue }[state];
  }

  verdict(verdict: Verdict): ChalkInstance {
    return { ready: this.color.green, 'at risk': this.color.yellow, blocked: this.color.red, unknown: this.color.blue }[verdict];
  }
}

export const gateSign: Readonly<Record<GateState, string>> = { open: '✔', 'at risk': '▲', closed: '✖', unknown: '?' };
export const levelSign: Readonly<Record<Level, string>> = { error: '✖', warning: '▲', note: '•' };
export const verdictSign: Readonly<Record<Verdict, string>> = { ready: '✔', 'at risk': '▲', blocked: '✖', unknown: '?' };

/** The part of a plain text that covers the terminal cells from `start`, at most `width` of them. Wide characters stay whole. */
export function takeCells(text: string, start: number, width: number): string {
  let cell = 0;
  let taken = '';
  for (const character of text) {
    const size = stringWidth(character);
    if (cell >= start && cell + size <= start + width) taken += character;
    cell += size;
    if (cell >= start + width) break;
  }
  return taken;
}
