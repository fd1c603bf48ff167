/** Where rendered text stands: in the template line that prints it, and in the values that decided it. */
import type { DecidingPlace, LeftOutKey, Place, PlaceMap } from '../../types.ts';
import type { Origin, Piece } from './values.ts';

/** Ranges of more parts are whole objects: no value decides them. */
const mostParts = 60;
/** Of several values in one text, such as a connection string, the password is what matters. */
const isSecretKey = ({ key }: Origin): boolean => /(?:pass|password|passwd|pwd|secret|token)$/i.test(key ?? '');
function secretOf(origins: readonly Origin[]): readonly Origin[] | undefined {
  const found = origins.find(isSecretKey);
  return found && [{ ...found, edit: true }];
}

/** Text of a template that only stands between values, as in `"{{ repository }}:{{ tag }}"`. */
const joint = /^[\s"':/@.-]*$/;

export class RenderedPlaces implements PlaceMap {
  readonly #pieces: readonly Piece[];
  readonly #text: string;
  readonly #set: string | undefined;
  readonly #starts: number[] = [];
  /** Blocks that are not there, and where they would be. */
  readonly #gaps: { readonly at: number; readonly piece: Piece }[] = [];
  readonly #fallback: Place;

  constructor(path: string, text: string, pieces: readonly Piece[], set: string | undefined) {
    this.#text = text;
    this.#set = set;
    this.#pieces = pieces.filter((piece) => piece.text !== '');
    this.#fallback = { path, line: 1, column: 1, endLine: 1, endColumn: 1 };
    let at = 0;
    for (const piece of pieces) {
      if (piece.leftOut) this.#gaps.push({ at, piece });
      if (piece.text !== '') this.#starts.push(at);
      at += piece.text.length;
    }
  }

  leftOut(start: number, end: number): ReadonlyMap<string, LeftOutKey> | undefined {
    const column = start - (this.#text.lastIndexOf('\n', start - 1) + 1);
    const found = new Map<string, LeftOutKey & { readonly isNamed: boolean }>();
    if (this.#gaps.length === 0) return undefined;
    const last = endOfBlank(this.#text, end);
    for (let index = firstFrom(this.#gaps, startOfBlank(this.#text, start)); index < this.#gaps.length; index++) {
      const { at, piece } = this.#gaps[index]!;
      if (at > last) break;
      if (piece.leftOut!.indent !== column) continue;
      for (const key of piece.leftOut!.keys) {
        const told = this.#tellGap(piece, key);
        // `if own … else if general …`: the value that has the name of the key, else the last that was asked.
        if (told && (told.isNamed || !found.get(key)?.isNamed)) found.set(key, told);
      }
    }
    return found.size ? found : undefined;
  }

  #tellGap({ site, from = [], leftOut }: Piece, key: string): (LeftOutKey & { readonly isNamed: boolean }) | undefined {
    const place = site?.source.place?.(site.start, site.end);
    if (!place) return undefined;
    const named = from.find((one) => one.key?.split('.').includes(key));
    const edit = named ?? from.at(-1);
    const decidedBy = from.map((one) => (one === edit ? { ...one, edit: true as const } : one));
    const isEmpty = leftOut!.isEmpty && edit?.key?.split('.').at(-1) === key;
    return { place: this.#withSet({ ...place, decidedBy }), isEmpty, isNamed: named !== undefined };
  }

  place(start: number, end: number): Place {
    const first = this.#at(start);
    const from = this.#sitePlace(first, start - this.#starts[first]!, end);
    if (!from) return this.#withSet(this.#fallback);
    const last = this.#at(Math.max(start, end - 1));
    const to = last === first ? from : this.#sitePlace(last, 0, end);
    const closed = to && to.path === from.path && isBefore(from, to) ? { ...from, endLine: to.endLine, endColumn: to.endColumn } : from;
    const decidedBy = this.#isName(start) ? undefined : this.#decidedBy(first, last, start, end);
    return this.#withSet(decidedBy ? { ...closed, decidedBy } : closed);
  }

  /** What decided a part of the text, wherever that stands. */
  originsAt(start: number, end: number): readonly DecidingPlace[] | undefined {
    if (this.#pieces.length === 0) return undefined;
    return this.#decidedBy(this.#at(start), this.#at(Math.max(start, end - 1)), start, end);
  }

  #withSet(place: Place): Place {
    return this.#set === undefined ? place : { ...place, set: this.#set };
  }

  /** The piece that holds an offset; the last one for the end of the text. */
  #at(offset: number): number {
    let low = 0;
    let high = this.#pieces.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return Math.max(0, low);
  }

  #sitePlace(index: number, skip: number, end: number): Place | undefined {
    const piece = this.#pieces[index];
    const site = piece?.site;
    if (!site) return undefined;
    if (!site.literal) return site.source.place?.(site.start, site.end);
    const to = Math.min(site.end, site.start + Math.max(skip, end - this.#starts[index]!));
    return site.source.place?.(Math.min(site.end, site.start + skip), to);
  }

  #decidedBy(first: number, last: number, start: number, end: number): readonly DecidingPlace[] | undefined {
    if (end <= start || last - first > mostParts) return undefined;
    const parts = this.#pieces
      .slice(first, last + 1)
      .filter((piece, index) => piece.from || !joint.test(this.#inside(first + index, start, end)));
    const value = this.#valueOfKey(end);
    if (value && parts.every(({ from }) => !from)) return value.map((one) => ({ ...one, edit: true }));
    const origins = [...new Set(parts.flatMap(({ from }) => from ?? []))];
    if (origins.length === 0) return undefined;
    const isWhole = parts.every(({ from }) => from) || this.#isTag(parts.at(-1)!, start, end);
    const isLine = !this.#text.slice(start, end).trim().includes('\n');
    if (!isWhole) return isLine ? origins : undefined;
    const edit: Origin = (isLine && origins.find(isSecretKey)) || origins.at(isLine ? -1 : 0)!;
    return isLine ? origins.map((one) => (one === edit ? { ...one, edit: true } : one)) : [{ ...edit, edit: true }];
  }

  /** What decided the value of the key that ends here. */
  #valueOfKey(end: number): readonly Origin[] | undefined {
    const colon = /^["']?:[ \t]*(?:\n[ \t]*)?["']?/.exec(this.#text.slice(end, end + 200));
    if (!colon) return undefined;
    const at = end + colon[0].length;
    if ('|>'.includes(this.#text[at] ?? ' ')) return this.#secretInBlock(end, at);
    const piece = this.#pieces[this.#at(at)];
    const origins = piece && /\S/.test(this.#text[at] ?? '') ? (colon[0].includes('\n') ? piece.whole : piece.from) : undefined;
    if (!origins) return undefined;
    const line = this.#text.indexOf('\n', at);
    const parts = this.#pieces.slice(this.#at(at), this.#at(line < 0 ? this.#text.length : line) + 1).slice(0, mostParts);
    return [parts.flatMap(({ from }) => from ?? []).find(isSecretKey) ?? origins[0]!];
  }

  /** The password in a file that stands as one text. */
  #secretInBlock(key: number, at: number): readonly Origin[] | undefined {
    const line = this.#text.lastIndexOf('\n', key - 1) + 1;
    const indent = /^ */.exec(this.#text.slice(line, key))![0].length;
    const below = new RegExp(`\\n {0,${Math.min(indent, 100)}}[^\\s]`, 'g');
    below.lastIndex = at;
    const end = below.exec(this.#text)?.index ?? this.#text.length;
    const [first, last] = [this.#at(at), this.#at(end)];
    return secretOf(this.#pieces.slice(first, Math.min(last, first + 10 * mostParts) + 1).flatMap(({ from }) => from ?? []));
  }

  #inside(index: number, start: number, end: number): string {
    const at = this.#starts[index]!;
    return this.#pieces[index]!.text.slice(Math.max(0, start - at), Math.max(0, end - at));
  }

  /** The tag of an image is a value of its own, whatever stands before it: `"{{ registry }}/web:{{ tag }}"`. */
  #isTag(last: Piece, start: number, end: number): boolean {
    const line = this.#text.slice(this.#text.lastIndexOf('\n', start - 1) + 1, start);
    if (!last.from || !/(?:^|[\s{,-])image:\s*["']?$/.test(line)) return false;
    const image = this.#text.slice(start, end).replace(/["'\s]+$/, '');
    return image.endsWith(`:${last.text}`);
  }

  /** A name stands for the whole object: what is said of it concerns the template. */
  #isName(start: number): boolean {
    const before = this.#text.slice(this.#text.lastIndexOf('\n', start - 1) + 1, start);
    return /(?:^|[\s{,-])(?:name|kind|apiVersion):\s*["']?$/.test(before);
  }
}

function startOfBlank(text: string, offset: number): number {
  let at = offset;
  while (at > 0 && ' \n\t\r'.includes(text[at - 1]!)) at--;
  return at;
}

function endOfBlank(text: string, offset: number): number {
  let at = offset;
  while (at < text.length && ' \n\t\r'.includes(text[at]!)) at++;
  return at;
}

/** The first of those in order that is not before an offset. */
function firstFrom(gaps: readonly { readonly at: number }[], offset: number): number {
  let low = 0;
  let high = gaps.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (gaps[middle]!.at < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

const isBefore = (a: Place, b: Place): boolean => b.endLine > a.line || (b.endLine === a.line && b.endColumn >= a.column);
