/**
 * What was made of files in earlier runs, in one file of the user's cache folder. A value is found by the file's stamp
 * (nothing is read) or, when that changed, by its content. Values stay text until they are asked for.
 */
import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { Stamp } from './host/read.ts';
import { buildStamp, openCacheSlices, type ReadSlice, readCacheFile, writeCacheFile } from './host/write.ts';

export interface Cache {
  knows(path: string, kind: string): boolean;
  byStamp<T>(path: string, kind: string, stamp: Stamp): { readonly value: T } | undefined;
  byContent<T>(path: string, kind: string, hash: string, stamp?: Stamp): { readonly value: T } | undefined;
  store(path: string, kind: string, hash: string, stamp: Stamp, value: unknown): void;
  /** The content that a stamp proves. */
  hashOf(path: string, stamp: Stamp): string | undefined;
  /** Remembers which content a file had under a stamp. */
  identify(path: string, hash: string, stamp: Stamp): void;
  /** What was made of many files, as an earlier run left it. */
  readonly remembered: Remembered | undefined;
  /** Takes its place; absent: nothing changed. */
  replaceRemembered(make: () => Remembered): void;
  /** Writes to the disk what this run added; forgets files that are gone. */
  save(exists: (path: string) => boolean): void;
  /** For long sessions: values stay on the disk until they are asked for, and nothing is added any more. */
  park(): void;
}

/** Sorted numbers as pairs of a start and an exclusive end. */
export type Ranges = readonly number[];
/** Results that rest on many files. */
export interface Remembered {
  /** The list of paths of the repository. */
  readonly listing: string;
  /** Without a hash: it could not be read. */
  readonly files: readonly (readonly [path: string, hash: string | null])[];
  /** `reads`: places in `files`. */
  readonly results: Readonly<Record<string, { readonly reads: Ranges; readonly value: () => unknown }>>;
}
/** Bytes of a value in the body of the loaded file. */
type Slice = readonly [offset: number, length: number];
interface Entry {
  hash: string;
  /** Absent: the file had only just been written when it was read, so that its stamp proves nothing ("racy git"). */
  stamp?: Stamp;
  readonly values: Map<string, Slice | Buffer>;
}
interface SavedResults {
  readonly listing: string;
  readonly files: Remembered['files'];
  readonly results: Readonly<Record<string, readonly [reads: Ranges, ...Slice]>>;
}
type SavedEntry = readonly [hash: string, stamp: readonly number[] | null, values: Readonly<Record<string, Slice>>];

interface SavedIndex {
  readonly index: Readonly<Record<string, SavedEntry>>;
  readonly remembered?: SavedResults;
}

/** Clocks of file systems are coarse: a file that changed this recently may change again under the same stamp. */
const racyMs = 2500;
const isSettled = (stamp: Stamp): boolean => Date.now() - Math.max(stamp.modified, stamp.changed) > racyMs;
const isSame = (a: Stamp, b: Stamp): boolean =>
  a.size === b.size && a.modified === b.modified && a.changed === b.changed && a.inode === b.inode;

const newline = 10;
const nothing: ReadSlice = () => undefined;

interface Loaded {
  readonly entries: Map<string, Entry>;
  readonly body: ReadSlice;
  readonly remembered: Remembered | undefined;
}
/**
 * Refuses anything that was cut, changed, or written by another build.
 * @param parked what reads parts of the same file: then nothing of the content is held
 */
function readSaved(content: Buffer | undefined, key: string, parked?: ReadSlice): Loaded | undefined {
  if (!content) return undefined;
  try {
    const headEnd = content.indexOf(newline);
    const head = JSON.parse(content.toString('utf8', 0, headEnd)) as { key: string; index: number; crc: number };
    const rest = content.subarray(headEnd + 1);
    if (head.key !== key || crc32(rest) !== head.crc) return undefined;
    const { index, remembered } = JSON.parse(rest.toString('utf8', 0, head.index)) as SavedIndex;
    const bodyStart = headEnd + 1 + head.index;
    const held = parked ? undefined : rest.subarray(head.index);
    const body: ReadSlice = held
      ? (offset, length) => held.subarray(offset, offset + length)
      : (offset, length) => parked?.(bodyStart + offset, length);
    const entries = Object.entries(index).map(([path, [hash, stamp, values]]): [string, Entry] => {
      const [size, modified, changed, inode] = stamp ?? [];
      return [
        path,
        { hash, stamp: stamp ? ({ size, modified, changed, inode } as Stamp) : undefined, values: new Map(Object.entries(values)) },
      ];
    });
    return { entries: new Map(entries), body, remembered: remembered && readRemembered(remembered, body) };
  } catch {
    return undefined;
  }
}

function parseSlice(body: ReadSlice, [offset, length]: Slice): unknown {
  const bytes = body(offset, length);
  return bytes && JSON.parse(bytes.toString('utf8'));
}

const readRemembered = ({ listing, files, results }: SavedResults, body: ReadSlice): Remembered => ({
  listing,
  files,
  results: Object.fromEntries(
    Object.entries(results).map(([name, [reads, ...slice]]) => [name, { reads, value: () => parseSlice(body, slice) }]),
  ),
});

/** Collects values behind each other. */
class BodyWriter {
  readonly parts: Buffer[] = [];
  #offset = 0;
  add(bytes: Buffer): Slice {
    const slice: Slice = [this.#offset, bytes.length];
    this.parts.push(bytes);
    this.#offset += bytes.length;
    return slice;
  }
}

class FileCache implements Cache {
  readonly #name: string;
  readonly #key: string;
  #entries: Map<string, Entry>;
  #body: ReadSlice;
  remembered: Remembered | undefined;
  #parked = false;
  #newRemembered: (() => Remembered) | undefined;
  #dirty = false;

  constructor(root: string, version: string) {
    this.#name = `${createHash('sha256').update(root).digest('hex').slice(0, 32)}.facts`;
    this.#key = `3 ${version} ${buildStamp()}`;
    const saved = readSaved(readCacheFile(this.#name), this.#key);
    this.#entries = saved?.entries ?? new Map();
    this.#body = saved?.body ?? nothing;
    this.remembered = saved?.remembered;
  }

  hashOf(path: string, stamp: Stamp): string | undefined {
    const entry = this.#entries.get(path);
    return entry?.stamp && isSame(entry.stamp, stamp) ? entry.hash : undefined;
  }

  identify(path: string, hash: string, stamp: Stamp): void {
    const entry = this.#entry(path, hash);
    if (!isSettled(stamp) || (entry.stamp && isSame(entry.stamp, stamp))) return;
    entry.stamp = stamp;
    this.#dirty = true;
  }

  replaceRemembered(make: () => Remembered): void {
    this.#newRemembered = make;
    this.#dirty = true;
  }

  #entry(path: string, hash: string): Entry {
    const known = this.#entries.get(path);
    if (known?.hash === hash) return known;
    const entry: Entry = { hash, values: new Map() };
    this.#entries.set(path, entry);
    return entry;
  }

  knows(path: string, kind: string): boolean {
    return this.#entries.get(path)?.values.has(kind) ?? false;
  }

  byStamp<T>(path: string, kind: string, stamp: Stamp): { readonly value: T } | undefined {
    const entry = this.#entries.get(path);
    return entry?.stamp && isSame(entry.stamp, stamp) ? this.#value<T>(entry, kind) : undefined;
  }

  byContent<T>(path: string, kind: string, hash: string, stamp?: Stamp): { readonly value: T } | undefined {
    const entry = this.#entries.get(path);
    if (!entry || entry.hash !== hash) return undefined;
    if (stamp && isSettled(stamp)) {
      entry.stamp = stamp;
      this.#dirty = true;
    }
    return this.#value<T>(entry, kind);
  }

  store(path: string, kind: string, hash: string, stamp: Stamp, value: unknown): void {
    const text = this.#parked ? undefined : JSON.stringify(value);
    if (text === undefined) return;
    const entry = this.#entry(path, hash);
    entry.stamp = isSettled(stamp) ? stamp : undefined;
    entry.values.set(kind, Buffer.from(text));
    this.#dirty = true;
  }

  save(exists: (path: string) => boolean): void {
    if (!this.#dirty) return;
    const index: Record<string, SavedEntry> = {};
    const body = new BodyWriter();
    for (const [path, { hash, stamp, values }] of this.#entries) {
      if (!exists(path)) continue;
      const slices: Record<string, Slice> = {};
      for (const [kind, value] of values) {
        const bytes = this.#bytes(value);
        if (bytes) slices[kind] = body.add(bytes);
      }
      index[path] = [hash, stamp ? [stamp.size, stamp.modified, stamp.changed, stamp.inode] : null, slices];
    }
    const saved: SavedIndex = { index, remembered: this.#saveRemembered(body) };
    const indexBytes = Buffer.from(JSON.stringify(saved));
    const rest = Buffer.concat([indexBytes, ...body.parts]);
    const head = JSON.stringify({ key: this.#key, index: indexBytes.length, crc: crc32(rest) });
    writeCacheFile(this.#name, Buffer.concat([Buffer.from(`${head}\n`), rest]));
    this.#dirty = false;
  }

  /** What could not be written is forgotten. */
  park(): void {
    const parked = openCacheSlices(this.#name);
    const saved = parked && readSaved(readCacheFile(this.#name), this.#key, parked);
    this.#entries = saved?.entries ?? new Map();
    this.#body = saved?.body ?? nothing;
    this.remembered = saved?.remembered;
    this.#newRemembered = undefined;
    this.#parked = true;
  }

  #saveRemembered(body: BodyWriter): SavedResults | undefined {
    const remembered = this.#newRemembered?.() ?? this.remembered;
    if (!remembered) return undefined;
    const results = Object.entries(remembered.results).flatMap(([name, { reads, value }]): [string, readonly [Ranges, ...Slice]][] => {
      const text = writtenDown(value());
      return text === undefined ? [] : [[name, [reads, ...body.add(Buffer.from(text))]]];
    });
    return { listing: remembered.listing, files: remembered.files, results: Object.fromEntries(results) };
  }

  #bytes(value: Slice | Buffer): Buffer | undefined {
    return Buffer.isBuffer(value) ? value : this.#body(...value);
  }

  #value<T>(entry: Entry, kind: string): { readonly value: T } | undefined {
    const value = entry.values.get(kind);
    const bytes = value && this.#bytes(value);
    return bytes && { value: JSON.parse(bytes.toString('utf8')) as T };
  }
}

/** `undefined` for what holds itself (`options.self = options`): it is made anew the next time. */
export function writtenDown(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}

/** The cache of one root; a damaged one, or one of another build, counts as empty. */
export const openCache = (root: string, version: string): Cache => new FileCache(root, version);

/** For another version of the same tree: recalls by content what the cache knows, and leaves no trace in it. */
export const recallOnly = (cache: Cache): Cache => ({
  knows: () => false,
  byStamp: () => undefined,
  byContent: (path, kind, hash) => cache.byContent(path, kind, hash),
  store: () => undefined,
  hashOf: () => undefined,
  identify: () => undefined,
  remembered: undefined,
  replaceRemembered: () => undefined,
  save: () => undefined,
  park: () => undefined,
});
