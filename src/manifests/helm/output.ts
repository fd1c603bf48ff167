/** Output of templates as pieces that know their origin, and the work that a chart may cost. */
import { BudgetError, type Cell, type Origin, type Piece, printValue, type Site } from './values.ts';

/** What a chart may cost with all its sets of values, and one of its templates: a second or two each at worst. */
const perChart = { steps: 6_000_000, characters: 150_000_000 };
const perTemplate = { steps: 1_000_000, characters: 40_000_000 };
/** One text of a chart. */
const longestText = 4_000_000;
/** Blocks that one output remembers to have left out. */
const mostLeftOut = 5000;

export class Budget {
  readonly #left = { ...perChart };
  #steps = 0;
  #characters = 0;

  /** One template begins: what another one wasted does not count, what the chart has left does. */
  begin(): void {
    this.#steps = Math.min(perTemplate.steps, this.#left.steps);
    this.#characters = Math.min(perTemplate.characters, this.#left.characters);
  }
  step(count = 1): void {
    this.#steps -= count;
    this.#left.steps -= count;
    if (this.#steps < 0) throw new BudgetError('it takes too many steps');
  }
  /** Call before a text of this length is made. */
  text(length: number): void {
    if (length > longestText) throw new BudgetError('it makes too much text');
    this.#characters -= length;
    this.#left.characters -= length;
    if (this.#characters < 0) throw new BudgetError('it makes too much text');
  }
  /** Elements of a list that a function makes. */
  list(length: number): void {
    if (length > 200_000) throw new BudgetError('it makes a list that is too long');
    this.step(Math.max(0, length));
  }
}

/** What Go prints for nil; Helm takes it out of what a template or `tpl` printed in the end. */
export const noValue = '<no value>';

/** Stands for what could not be rendered, until the whole text is there. */
export const unknownMark = '\uE0F0';
/** As other unknown values are written, so that readers of manifests know it for one. */
const unknownText = '${unknown}';

export class Output {
  readonly #pieces: Piece[] = [];
  #length = 0;
  #leftOut = 0;
  readonly #budget: Budget;
  constructor(budget: Budget) {
    this.#budget = budget;
  }

  literal(text: string, site: Site): void {
    this.#add({ text, site });
  }

  /** What an action prints. A part that an included template printed over several lines keeps the place it has there. */
  print(cell: Cell, site: Site): void {
    const text = printValue(cell.value);
    if (text === '' && !cell.pieces) return;
    if (!cell.pieces) return this.#add({ text, site, ...(cell.from ? { from: cell.from } : {}) });
    const keeps = text.trim().includes('\n');
    for (const piece of cell.pieces) {
      if (piece.leftOut) this.leaveOut(piece);
      else this.#add(keeps && piece.site && standsWith(piece.site, site) ? piece : { ...piece, site });
    }
  }

  /** Notes what is not there; a template can leave out more than anybody asks for. */
  leaveOut(piece: Piece): void {
    if (++this.#leftOut <= mostLeftOut) this.#pieces.push(piece);
  }

  /** Literal values behind a colon that are this word come from the value that was compared with it. */
  decide(mark: number, word: string, from: readonly Origin[]): void {
    const decided = this.#pieces.slice(mark).flatMap((piece): readonly Piece[] => {
      const at = piece.site?.literal && !piece.from ? piece.text.search(wordValue(word)) : -1;
      const start = at < 0 ? -1 : piece.text.indexOf(word, at);
      if (start < 0) return [piece];
      const end = start + word.length;
      const parts = [cutPiece(piece, 0, start), { ...cutPiece(piece, start, end), from }, cutPiece(piece, end, piece.text.length)];
      return parts.filter(({ text }) => text !== '');
    });
    this.#pieces.splice(mark, this.#pieces.length - mark, ...decided);
  }

  #add(piece: Piece): void {
    this.#length += piece.text.length;
    this.#budget.text(piece.text.length);
    if (this.#length > longestText) throw new BudgetError('it makes too much text');
    this.#pieces.push(piece);
  }

  get pieces(): readonly Piece[] {
    return this.#pieces;
  }
  cell(): Cell {
    return cellOfPieces(this.#pieces);
  }
}

/** What a packed chart prints into a template of the repository stands where that template asks for it. */
const standsWith = (own: Site, site: Site): boolean => !own.source.isPacked || site.source.isPacked === true;

const wordValue = (word: string): RegExp =>
  new RegExp(`:[ \\t]*["']?${word.slice(0, 100).replace(/[^\w]/g, '\\$&')}["']?[ \\t]*(?:\\r?\\n|$)`);

export function cellOfPieces(pieces: readonly Piece[]): Cell {
  const value = pieces.map(({ text }) => text).join('');
  const from = originsOf(pieces);
  return { value, pieces, ...(from ? { from } : {}) };
}

function originsOf(pieces: readonly Piece[]): readonly Origin[] | undefined {
  const found = new Set<Origin>();
  for (const { from, leftOut } of pieces) for (const one of (!leftOut && from) || []) if (found.size < 4) found.add(one);
  return found.size ? [...found] : undefined;
}

/** The parts of a text, as one piece where they are not told apart. */
export const piecesOf = (cell: Cell): readonly Piece[] =>
  cell.pieces ?? [{ text: cell.value === null ? '' : printValue(cell.value), ...(cell.from ? { from: cell.from } : {}) }];

/** The characters from `start` to `end`. */
export function slicePieces(pieces: readonly Piece[], start: number, end: number): Piece[] {
  const result: Piece[] = [];
  let at = 0;
  for (const piece of pieces) {
    const from = Math.max(0, start - at);
    const to = Math.min(piece.text.length, end - at);
    if (piece.leftOut && at >= start && at <= end) result.push(piece);
    at += piece.text.length;
    if (from < to) result.push(cutPiece(piece, from, to));
  }
  return result;
}

function cutPiece(piece: Piece, from: number, to: number): Piece {
  if (from === 0 && to === piece.text.length) return piece;
  const { site } = piece;
  const cut = site?.literal ? { ...site, start: site.start + from, end: site.start + to } : site;
  return { ...piece, text: piece.text.slice(from, to), ...(cut ? { site: cut } : {}) };
}

/** Puts spaces in front of every line, as `indent` does. */
export function indentPieces(pieces: readonly Piece[], spaces: number): Piece[] {
  const margin = ' '.repeat(spaces);
  const result: Piece[] = [{ text: margin, ...pick(pieces[0]) }];
  for (const piece of pieces) {
    let from = 0;
    for (let end = piece.text.indexOf('\n'); end >= 0; end = piece.text.indexOf('\n', from)) {
      result.push(cutPiece(piece, from, end + 1), { text: margin, ...pick(piece) });
      from = end + 1;
    }
    if (from < piece.text.length) result.push(cutPiece(piece, from, piece.text.length));
    else if (piece.leftOut) result.push({ ...piece, leftOut: { ...piece.leftOut, indent: piece.leftOut.indent + spaces } });
  }
  return result;
}

/** The origin of a piece, for text that is put beside it; it stands nowhere in the template. */
const pick = (piece: Piece | undefined): Omit<Piece, 'text'> => ({
  ...(piece?.site ? { site: { ...piece.site, literal: false } } : {}),
  ...(piece?.from ? { from: piece.from } : {}),
});

/** A number of copies that no value gives comes from whoever installs the chart; it may be asked for in quotes. */
const asksForCopies = /(?:^|\n)[ \t]*replicas:[ \t]*["']?$/;

export const withoutNil = (pieces: readonly Piece[]): readonly Piece[] =>
  pieces.some(({ text }) => text.includes(noValue))
    ? pieces.map((piece, index) => {
        if (!piece.text.includes(noValue)) return piece;
        const isOpen = piece.text === noValue && asksForCopies.test(pieces[index - 1]?.text.slice(-80) ?? '');
        return { ...piece, text: piece.text.replaceAll(noValue, isOpen ? unknownMark : '') };
      })
    : pieces;

/** The whole text: what is unknown on a line of its own is left out, elsewhere it says that it is unknown. */
export function settlePieces(pieces: readonly Piece[]): { text: string; pieces: readonly Piece[] } {
  const text = pieces.map((piece) => piece.text).join('');
  if (!text.includes(unknownMark)) return { text, pieces };
  const settled: Piece[] = [];
  let at = 0;
  for (const piece of pieces) {
    let from = 0;
    for (let mark = piece.text.indexOf(unknownMark); mark >= 0; mark = piece.text.indexOf(unknownMark, from)) {
      if (mark > from) settled.push(cutPiece(piece, from, mark));
      if (!isAlone(text, at + mark))
        settled.push({ ...piece, text: unknownText, ...(piece.site ? { site: { ...piece.site, literal: false } } : {}) });
      from = mark + 1;
    }
    if (from < piece.text.length || piece.leftOut) settled.push(cutPiece(piece, from, piece.text.length));
    at += piece.text.length;
  }
  return { text: settled.map((piece) => piece.text).join(''), pieces: settled };
}

function isAlone(text: string, at: number): boolean {
  const start = text.lastIndexOf('\n', at) + 1;
  const end = text.indexOf('\n', at);
  return [...text.slice(start, end < 0 ? text.length : end)].every((char) => char === unknownMark || char === ' ' || char === '\t');
}
