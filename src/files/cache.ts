/**
 * What was made of files in earlier runs, in one file of the user's cache folder. A value is found by the file's stamp
 * (nothing is read) or, when that changed, by its content. Values stay on the disk until they are asked for.
 */
import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { Stamp } from './host/read.ts';
import { buildStamp, type CacheSlices, openCacheSlices, readCacheFile, writeCacheFile } from './host/write.ts';
import { isSameStamp, isSettled } from './stamps.ts';

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
  /** For long sessions: nothing is held or added any more. */
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
/** Bytes of a value in the body of the loaded file; its checksum shows damage. */
type Slice = readonly [offset: number, length: number, crc: number];
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

const newline = 10;
const longestHead = 1024;
type ReadBody = (slice: Slice) => Buffer | undefined;
const nothing: ReadBody = () => undefined;
const isWhole = (bytes: Buffer | undefined, [, , crc]: Slice): bytes is Buffer => bytes !== undefined && crc32(bytes) === crc;

interface Loaded {
  readonly entries: Map<string, Entry>;
  readonly body: ReadBody;
  readonly bodyStart: number;
  readonly remembered: Remembered | undefined;
}
/** Refuses anything that was cut, changed, or written by another build. */
function readSaved(file: CacheSlices | undefined, key: string): Loaded | undefined {
  if (!file) return undefined;
  try {
    const start = file.read(0, Math.min(longestHead, file.size))!;
    const headEnd = start.indexOf(newline);
    const head = JSON.parse(start.toString('utf8', 0, headEnd)) as { key: string; index: number; crc: number };
    const indexBytes = head.key === key ? file.read(headEnd + 1, head.index) : undefined;
    if (!isWhole(indexBytes, [headEnd + 1, head.index, head.crc])) return undefined;
    const { index, remembered } = JSON.parse(indexBytes.toString('utf8')) as SavedIndex;
    const bodyStart = headEnd + 1 + head.index;
    const body: ReadBody = (slice) => {
      const bytes = file.read(bodyStart + slice[0], slice[1]);
      return isWhole(bytes, slice) ? bytes : undefined;
    };
    const entries = Object.entries(index).map(([path, [hash, stamp, values]]): [string, Entry] => {
      const [size, modified, changed, inode] = stamp ?? [];
      return [
        path,
        { hash, stamp: stamp ? ({ size, modified, changed, inode } as Stamp) : undefined, values: new Map(Object.entries(values)) },
      ];
    });
    return { entries: new Map(entries), body, bodyStart, remembered: remembered && readRemembered(remembered, body) };
  } catch {
    return undefined;
  }
}

function parseSlice(body: ReadBody, slice: Slice): unknown {
  const bytes = body(slice);
  return bytes && JSON.parse(bytes.toString('utf8'));
}

const readRemembered = ({ listing, files, results }: SavedResults, body: ReadBody): Remembered => ({
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
    const slice: Slice = [this.#offset, bytes.length, crc32(bytes)];
    this.parts.push(bytes);
    this.#offset += bytes.length;
    return slice;
  }
}

class FileCache implements Cache {
  readonly #name: string;
  readonly #key: string;
  #entries = new Map<string, Entry>();
  #body = nothing;
  #bodyStart = 0;
  remembered: Remembered | undefined;
  #parked = false;
  #newRemembered: (() => Remembered) | undefined;
  #dirty = false;

  constructor(root: string, version: string) {
    this.#name = `${createHash('sha256').update(root).digest('hex').slice(0, 32)}.facts`;
    this.#key = `4 ${version} ${buildStamp()}`;
    this.#load();
  }

  #load(): void {
    const saved = readSaved(openCacheSlices(this.#name), this.#key);
    this.#entries = saved?.entries ?? new Map();
    this.#body = saved?.body ?? nothing;
    this.#bodyStart = saved?.bodyStart ?? 0;
    this.remembered = saved?.remembered;
  }

  hashOf(path: string, stamp: Stamp): string | undefined {
    const entry = this.#entries.get(path);
    return entry?.stamp && isSameStamp(entry.stamp, stamp) ? entry.hash : undefined;
  }

  identify(path: string, hash: string, stamp: Stamp): void {
    const entry = this.#entry(path, hash);
    if (!isSettled(stamp) || (entry.stamp && isSameStamp(entry.stamp, stamp))) return;
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
    return entry?.stamp && isSameStamp(entry.stamp, stamp) ? this.#value<T>(entry, kind) : undefined;
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
    const earlier = this.#wholeBody();
    for (const [path, { hash, stamp, values }] of this.#entries) {
      if (!exists(path)) continue;
      const slices: Record<string, Slice> = {};
      for (const [kind, value] of values) {
        const bytes = Buffer.isBuffer(value) ? value : earlier(value);
        if (bytes) slices[kind] = body.add(bytes);
      }
      index[path] = [hash, stamp ? [stamp.size, stamp.modified, stamp.changed, stamp.inode] : null, slices];
    }
    const saved: SavedIndex = { index, remembered: this.#saveRemembered(body) };
    const indexBytes = Buffer.from(JSON.stringify(saved));
    const head = JSON.stringify({ key: this.#key, index: indexBytes.length, crc: crc32(indexBytes) });
    writeCacheFile(this.#name, Buffer.concat([Buffer.from(`${head}\n`), indexBytes, ...body.parts]));
    this.#dirty = false;
  }

  /** All slices at once: a file with thousands of them is not opened for each. */
  #wholeBody(): ReadBody {
    const content = this.#bodyStart > 0 ? readCacheFile(this.#name) : undefined;
    return (slice) => {
      const start = this.#bodyStart + slice[0];
      const bytes = content?.subarray(start, start + slice[1]);
      return isWhole(bytes, slice) ? bytes : undefined;
    };
  }

  /** What could not be written is forgotten. */
  park(): void {
    this.#load();
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
    return Buffer.isBuffer(value) ? value : this.#body(value);
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
