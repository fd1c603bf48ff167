/**
 * What was made of files in earlier runs, in one file of the user's cache folder. A value is found by the file's stamp
 * (nothing is read) or, when that changed, by its content. Values stay text until they are asked for.
 */
import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { Stamp } from './host/read.ts';
import { buildStamp, readCacheFile, writeCacheFile } from './host/write.ts';

export interface Cache {
  knows(path: string, kind: string): boolean;
  byStamp<T>(path: string, kind: string, stamp: Stamp): { readonly value: T } | undefined;
  byContent<T>(path: string, kind: string, hash: string, stamp?: Stamp): { readonly value: T } | undefined;
  store(path: string, kind: string, hash: string, stamp: Stamp, value: unknown): void;
  /** Writes to the disk what this run added; forgets files that are gone. */
  save(exists: (path: string) => boolean): void;
}

/** Bytes of a value in the body of the loaded file. */
type Slice = readonly [offset: number, length: number];
interface Entry {
  hash: string;
  /** Absent: the file had only just been written when it was read, so that its stamp proves nothing ("racy git"). */
  stamp?: Stamp;
  readonly values: Map<string, Slice | Buffer>;
}
type SavedEntry = readonly [hash: string, stamp: readonly number[] | null, values: Readonly<Record<string, Slice>>];

/** Clocks of file systems are coarse: a file that changed this recently may change again under the same stamp. */
const racyMs = 2500;
const isSettled = (stamp: Stamp): boolean => Date.now() - Math.max(stamp.modified, stamp.changed) > racyMs;
const isSame = (a: Stamp, b: Stamp): boolean =>
  a.size === b.size && a.modified === b.modified && a.changed === b.changed && a.inode === b.inode;

const newline = 10;
const empty = Buffer.alloc(0);

/** Refuses anything that was cut, changed, or written by another build. */
function readSaved(content: Buffer | undefined, key: string): { entries: Map<string, Entry>; body: Buffer } | undefined {
  if (!content) return undefined;
  try {
    const headEnd = content.indexOf(newline);
    const head = JSON.parse(content.toString('utf8', 0, headEnd)) as { key: string; index: number; crc: number };
    const rest = content.subarray(headEnd + 1);
    if (head.key !== key || crc32(rest) !== head.crc) return undefined;
    const index = JSON.parse(rest.toString('utf8', 0, head.index)) as Readonly<Record<string, SavedEntry>>;
    const entries = Object.entries(index).map(([path, [hash, stamp, values]]): [string, Entry] => {
      const [size, modified, changed, inode] = stamp ?? [];
      return [
        path,
        { hash, stamp: stamp ? ({ size, modified, changed, inode } as Stamp) : undefined, values: new Map(Object.entries(values)) },
      ];
    });
    return { entries: new Map(entries), body: rest.subarray(head.index) };
  } catch {
    return undefined;
  }
}

class FileCache implements Cache {
  readonly #name: string;
  readonly #key: string;
  readonly #entries: Map<string, Entry>;
  readonly #body: Buffer;
  #dirty = false;

  constructor(root: string, version: string) {
    this.#name = `${createHash('sha256').update(root).digest('hex').slice(0, 32)}.facts`;
    this.#key = `1 ${version} ${buildStamp()}`;
    const saved = readSaved(readCacheFile(this.#name), this.#key);
    this.#entries = saved?.entries ?? new Map();
    this.#body = saved?.body ?? empty;
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
    const text = JSON.stringify(value);
    if (text === undefined) return;
    let entry = this.#entries.get(path);
    if (entry?.hash !== hash) {
      entry = { hash, values: new Map() };
      this.#entries.set(path, entry);
    }
    entry.stamp = isSettled(stamp) ? stamp : undefined;
    entry.values.set(kind, Buffer.from(text));
    this.#dirty = true;
  }

  save(exists: (path: string) => boolean): void {
    if (!this.#dirty) return;
    const index: Record<string, SavedEntry> = {};
    const parts: Buffer[] = [];
    let offset = 0;
    for (const [path, { hash, stamp, values }] of this.#entries) {
      if (!exists(path)) continue;
      const slices: Record<string, Slice> = {};
      for (const [kind, value] of values) {
        const bytes = this.#bytes(value);
        slices[kind] = [offset, bytes.length];
        parts.push(bytes);
        offset += bytes.length;
      }
      index[path] = [hash, stamp ? [stamp.size, stamp.modified, stamp.changed, stamp.inode] : null, slices];
    }
    const indexBytes = Buffer.from(JSON.stringify(index));
    const rest = Buffer.concat([indexBytes, ...parts]);
    const head = JSON.stringify({ key: this.#key, index: indexBytes.length, crc: crc32(rest) });
    writeCacheFile(this.#name, Buffer.concat([Buffer.from(`${head}\n`), rest]));
    this.#dirty = false;
  }

  #bytes(value: Slice | Buffer): Buffer {
    return Buffer.isBuffer(value) ? value : this.#body.subarray(value[0], value[0] + value[1]);
  }

  #value<T>(entry: Entry, kind: string): { readonly value: T } | undefined {
    const value = entry.values.get(kind);
    return value && { value: JSON.parse(this.#bytes(value).toString('utf8')) as T };
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
  save: () => undefined,
});
