/**
 * YAML as a small tree in which every value knows its place. Hostile input costs bounded time and memory: nesting and the
 * size after alias expansion are limited, and what goes wrong in one document leaves the others readable.
 */
import { Composer, type CST, type Document, isAlias, isMap, isScalar, isSeq, type Node, Parser, type Scalar, type YAMLMap } from 'yaml';
import type { LeftOutKey, NotAssessed, Place, PlaceMap, SourceFile } from '../types.ts';
import { readPlainYaml } from './plain-yaml.ts';
import { LineMap } from './positions.ts';

export interface YamlScalar {
  readonly kind: 'scalar';
  /** As YAML 1.2 core reads it. */
  readonly value: string | number | boolean | null;
  /** As written, without quotes: `08`, `1.10` and `on` keep their form. */
  readonly text: string;
  readonly quoted: boolean;
  readonly tag?: string;
  readonly place: Place;
}
export interface YamlEntry {
  readonly key: string;
  readonly keyPlace: Place;
  readonly value: YamlNode;
}
/** Entries in the order written, each key once (the last one wins), `<<` merged in. */
export interface YamlMap {
  readonly kind: 'map';
  readonly entries: ReadonlyMap<string, YamlEntry>;
  /** A custom tag such as Compose's `!reset`. */
  readonly tag?: string;
  readonly place: Place;
  /** Keys that it lacks because a value of a chart leaves them out. */
  readonly leftOut?: ReadonlyMap<string, LeftOutKey>;
}
export interface YamlList {
  readonly kind: 'list';
  readonly items: readonly YamlNode[];
  readonly tag?: string;
  readonly place: Place;
}
/** Aliases are already replaced by what they stand for; the place is then that of the anchor. */
export type YamlNode = YamlScalar | YamlMap | YamlList;

export interface YamlFile {
  /** Root of each document that could be read and is not empty. */
  readonly documents: readonly YamlNode[];
  readonly notAssessed: readonly NotAssessed[];
}

const maxDepth = 200;
/** Nodes of one document after aliases are expanded, far above real manifests and far below an alias bomb. */
const maxExpandedNodes = 200_000;

/** Why a document cannot be used. */
class UnreadableDocument extends Error {
  constructor(
    readonly reason: string,
    message: string,
    readonly offset: number,
  ) {
    super(message);
  }
}

/** Reads every document of a file. Documents with syntax errors are left out and noted. */
export function readYaml(file: SourceFile): YamlFile {
  const lines = file.places ?? new LineMap(file.path, file.text);
  const plain = readPlainYaml(file.text, lines);
  return plain ? { documents: plain, notAssessed: [] } : readAnyYaml(file, lines);
}

/** With the library, which knows all of YAML. */
export function readAnyYaml(file: SourceFile, lines: PlaceMap): YamlFile {
  const documents: YamlNode[] = [];
  const notAssessed: NotAssessed[] = [];
  const note = (reason: string, message: string, offset: number) =>
    notAssessed.push({ reason, message, place: lines.place(offset, lineEnd(file.text, offset)), failed: true });
  const conflicts = findConflictMarkers(file.text);
  const read = (document: Document.Parsed) => {
    const [start, , end] = document.range;
    const conflict = conflicts.find((offset) => offset >= start && offset < end);
    const error = document.errors[0];
    if (conflict !== undefined) note('syntax-error', 'The file holds the markers of an unresolved merge conflict.', conflict);
    else if (error) note('syntax-error', `The YAML cannot be read: ${firstSentence(error.message)}.`, error.pos[0]);
    else if (!isEmpty(document.contents)) documents.push(new TreeBuilder(lines).build(document.contents!));
  };
  const guarded = (step: () => void, offset: number) => {
    try {
      step();
    } catch (error) {
      if (error instanceof UnreadableDocument) note(error.reason, error.message, error.offset);
      else if (error instanceof RangeError) note('too-deep', 'The YAML is nested too deeply to be read.', offset);
      else throw error;
    }
  };
  const composer = new Composer({ uniqueKeys: false, strict: false, logLevel: 'silent', prettyErrors: false });
  const compose = (token: CST.Token) => {
    for (const document of composer.next(token)) guarded(() => read(document as Document.Parsed), token.offset ?? 0);
  };
  guarded(() => {
    for (const token of new Parser().parse(file.text)) {
      guarded(
        () => {
          checkDepth(token);
          compose(token);
        },
        'offset' in token ? token.offset : 0,
      );
    }
    for (const document of composer.end(false, file.text.length)) guarded(() => read(document as Document.Parsed), 0);
  }, 0);
  return { documents, notAssessed };
}

const isEmpty = (contents: unknown): boolean => contents == null || (isScalar(contents) && contents.value === null);
const lineEnd = (text: string, offset: number): number => {
  const end = text.slice(offset, offset + 500).search(/[\r\n]/);
  return end < 0 ? Math.min(text.length, offset + 500) : offset + end;
};
const firstSentence = (message: string): string => message.split(/\s*\n/)[0]!.replace(/[.:]$/, '');
const findConflictMarkers = (text: string): number[] =>
  text.includes('<<<<<<< ') ? [...text.matchAll(/^(?:<{7}|>{7}) /gm)].map((match) => match.index) : [];

/** Composing is recursive in the parser, so the depth is measured on the flat token tree first. */
function checkDepth(token: CST.Token): void {
  const pending: { token: CST.Token; depth: number }[] = [{ token, depth: 0 }];
  for (let next = pending.pop(); next; next = pending.pop()) {
    if (next.depth > maxDepth)
      throw new UnreadableDocument('too-deep', `The YAML is nested more than ${maxDepth} levels deep.`, next.token.offset);
    const children: (CST.Token | null | undefined)[] = [];
    if (next.token.type === 'document') children.push(next.token.value);
    if ('items' in next.token) for (const item of next.token.items) children.push(item.key, item.value);
    for (const child of children) if (child) pending.push({ token: child, depth: next.depth + 1 });
  }
}

interface Built {
  readonly node: YamlNode;
  /** Nodes and depth below, aliases expanded. */
  readonly size: number;
  readonly depth: number;
}

class TreeBuilder {
  readonly #anchors = new Map<string, Built>();
  constructor(readonly lines: PlaceMap) {}

  build(contents: Node): YamlNode {
    return this.#convert(contents).node;
  }

  #convert(node: unknown): Built {
    const built = this.#convertPlain(node);
    if (built.size > maxExpandedNodes)
      throw new UnreadableDocument('too-large', 'The YAML grows without bound when its aliases are expanded.', offsetOf(node));
    if (built.depth > maxDepth)
      throw new UnreadableDocument('too-deep', `The YAML is nested more than ${maxDepth} levels deep.`, offsetOf(node));
    const anchor = (node as { anchor?: string } | null)?.anchor;
    if (anchor) this.#anchors.set(anchor, built);
    return built;
  }

  #convertPlain(node: unknown): Built {
    if (isAlias(node)) return this.#anchors.get(node.source) ?? this.#empty(offsetOf(node));
    if (isMap(node)) return this.#convertMap(node);
    if (isSeq(node)) {
      const items = node.items.map((item) => this.#convert(item));
      return measure({ kind: 'list', items: items.map((item) => item.node), ...tagOf(node), place: this.#place(node) }, items);
    }
    if (isScalar(node)) return measure(this.#scalar(node), []);
    return this.#empty(offsetOf(node));
  }

  #convertMap(map: YAMLMap): Built {
    const entries = new Map<string, YamlEntry>();
    const merged = new Map<string, YamlEntry>();
    const children: Built[] = [];
    for (const pair of map.items) {
      const key = pair.key as Node | null;
      const value = pair.value ? this.#convert(pair.value) : this.#empty(key ? endOf(key) : offsetOf(map));
      children.push(value);
      if (isScalar(key) && key.source === '<<' && (!key.type || key.type === 'PLAIN')) addMerged(merged, value.node);
      else if (key) {
        const converted = this.#convert(key).node;
        const name = converted.kind === 'scalar' ? converted.text : '';
        entries.delete(name);
        entries.set(name, { key: name, keyPlace: this.#place(key), value: value.node });
      }
    }
    for (const [key, entry] of merged) if (!entries.has(key)) entries.set(key, entry);
    const mergedSize = merged.size;
    const built = measure({ kind: 'map', entries, ...tagOf(map), place: this.#place(map), ...this.#leftOut(map) }, children);
    return { ...built, size: built.size + mergedSize };
  }

  #leftOut(map: YAMLMap): { leftOut?: ReadonlyMap<string, LeftOutKey> } {
    const found = map.flow ? undefined : this.lines.leftOut?.(offsetOf(map), endOf(map));
    return found ? { leftOut: found } : {};
  }

  #scalar(node: Scalar): YamlScalar {
    const value = node.value;
    const known = value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
    const quoted = node.type !== undefined && node.type !== 'PLAIN';
    const source = quoted && typeof value === 'string' ? value : (node.source ?? (value === null ? '' : String(value)));
    return { kind: 'scalar', value: known ? value : source, text: source, quoted, ...tagOf(node), place: this.#place(node) };
  }

  #empty(offset: number): Built {
    return measure({ kind: 'scalar', value: null, text: '', quoted: false, place: this.lines.place(offset, offset) }, []);
  }

  #place(node: Node): Place {
    return this.lines.place(offsetOf(node), endOf(node));
  }
}

/** `<<` takes a map or a list of maps; the first that has a key wins. */
function addMerged(merged: Map<string, YamlEntry>, value: YamlNode): void {
  const sources = value.kind === 'list' ? value.items : [value];
  for (const source of sources)
    if (source.kind === 'map') for (const [key, entry] of source.entries) if (!merged.has(key)) merged.set(key, entry);
}
const measure = (node: YamlNode, children: readonly Built[]): Built => ({
  node,
  size: children.reduce((sum, child) => sum + child.size, 1),
  depth: children.reduce((most, child) => Math.max(most, child.depth), 0) + 1,
});
const tagOf = (node: { tag?: string }): { tag?: string } =>
  node.tag && !node.tag.startsWith('tag:yaml.org,2002:') ? { tag: node.tag } : {};
const rangeOf = (node: unknown): readonly number[] | null | undefined => (node as { range?: readonly number[] | null } | null)?.range;
const offsetOf = (node: unknown): number => rangeOf(node)?.[0] ?? 0;
const endOf = (node: unknown): number => rangeOf(node)?.[1] ?? 0;
