/** A tree as text that the YAML reader reads back, with a map from its offsets to the places of its nodes. */
import type { YamlNode, YamlScalar } from '../../text/yaml-document.ts';
import type { Place, PlaceMap } from '../../types.ts';

export interface Emitted {
  readonly text: string;
  readonly places: PlaceMap;
}

/** Far above real objects: a tree may repeat parts, so that its text is larger than what was read. */
const maxLength = 4_000_000;

class Emitter {
  readonly #parts: string[] = [];
  readonly #starts: number[] = [];
  readonly #places: Place[] = [];
  #length = 0;
  constructor(readonly set: string | undefined) {}

  /** False when the text grows too long. */
  node(node: YamlNode): boolean {
    if (this.#length > maxLength) return false;
    this.#mark(node.place);
    if (node.kind === 'scalar') this.#write(printScalar(node));
    else if (node.kind === 'list') return this.#list(node.items);
    else {
      this.#write('{');
      let first = true;
      for (const { key, keyPlace, value } of node.entries.values()) {
        this.#write(first ? '\n' : ',\n');
        first = false;
        this.#mark(keyPlace);
        this.#write(JSON.stringify(key));
        this.#write(': ');
        if (!this.node(value)) return false;
      }
      this.#write('}');
    }
    return true;
  }

  #list(items: readonly YamlNode[]): boolean {
    this.#write('[');
    for (const [index, item] of items.entries()) {
      if (index > 0) this.#write(',\n');
      if (!this.node(item)) return false;
    }
    this.#write(']');
    return true;
  }

  #mark(place: Place): void {
    this.#starts.push(this.#length);
    this.#places.push(this.set === undefined ? place : { ...place, set: this.set });
  }

  #write(text: string): void {
    this.#parts.push(text);
    this.#length += text.length;
  }

  finish(): Emitted {
    const starts = this.#starts;
    const places = this.#places;
    return { text: this.#parts.join(''), places: { place: (start) => places[lastAtMost(starts, start)]! } };
  }
}

function lastAtMost(starts: readonly number[], wanted: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle]! <= wanted) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Plain words and numbers keep their form (`1.10`, `on`, `08`); every other text is quoted as in JSON. */
function printScalar({ text, quoted, value }: YamlScalar): string {
  if (value === null && !quoted) return 'null';
  if (!quoted && /^-\d{1,15}(?:\.\d{1,15})?$/.test(text)) return text;
  return !quoted && /^[A-Za-z0-9_+-][\w.+-]*$/.test(text) && text.length < 200 && !text.startsWith('-') ? text : JSON.stringify(text);
}

export function emit(root: YamlNode, set: string | undefined): Emitted | undefined {
  const emitter = new Emitter(set);
  return emitter.node(root) ? emitter.finish() : undefined;
}
