/**
 * What a long-lived session keeps between analyses: the listing, open buffers in front of the disk, and what was made of each
 * file, by stamp and by content. An editor tells what changed; everything else is believed until `distrust` is called.
 */
import type { FileSource } from './access.ts';
import { type Cache, type Remembered, writtenDown } from './cache.ts';
import { isKept, type Listing, type ListOptions, listFiles } from './host/list-files.ts';
import { maxTextBytes, readBytes, readHead, readStamp, type Stamp } from './host/read.ts';
import { KeptValues, sizeOf } from './kept-values.ts';
import { mergeRemembered } from './memory.ts';
import { isSameStamp, isSettled } from './stamps.ts';

interface Entry {
  /** Absent while only the stamp was looked at. */
  hash?: string;
  stamp?: Stamp;
}
interface Buffered {
  readonly bytes: Buffer;
  readonly stamp: Stamp;
}
/** No file has it: the stamp is that of a buffer, whose `modified` counts its versions. */
const bufferInode = -1;
const isTrusted = (stamp: Stamp): boolean => stamp.inode === bufferInode || isSettled(stamp);

/** Facts in memory; what it does not know is asked of the cache of earlier runs. */
export class SessionCache implements Cache {
  readonly #root: string;
  readonly #below: Cache | undefined;
  readonly #entries = new Map<string, Entry>();
  readonly #values: KeptValues;
  readonly #limit: number;
  readonly #buffers = new Map<string, Buffered>();
  /** Stamps that were looked at since somebody said that the file may have changed. */
  readonly #stamps = new Map<string, Stamp>();
  #listed: Listing | undefined;
  #listing: Listing | undefined;
  #version = 0;
  readonly #sizes = new WeakMap<object, number>();
  #remembered: Remembered | undefined;
  #newRemembered: (() => Remembered) | undefined;

  /** @param limit bytes of what is kept in memory although it could be made again */
  constructor(root: string, below: Cache | undefined, limit: number) {
    this.#root = root;
    this.#below = below;
    this.#limit = limit;
    this.#values = new KeptValues(limit);
  }

  get keptBytes(): number {
    return this.#values.bytes;
  }

  /** A buffer was opened or edited; `undefined`: it was closed, the disk counts again. */
  update(path: string, text: string | undefined): void {
    const known = this.#buffers.get(path);
    if (text === undefined) {
      if (!this.#buffers.delete(path)) return;
      if (!this.#listed?.paths.includes(path)) this.#listed = undefined;
    } else {
      const bytes = Buffer.from(text);
      if (known?.bytes.equals(bytes)) return;
      this.#buffers.set(path, { bytes, stamp: { size: bytes.length, modified: ++this.#version, changed: 0, inode: bufferInode } });
    }
    if (text === undefined || !known) this.#listing = undefined;
    this.#stamps.delete(path);
  }

  buffer(path: string): string | undefined {
    return this.#buffers.get(path)?.bytes.toString('utf8');
  }

  /** The file may have changed on the disk. A folder that came or went is told of alone, without its files. */
  touch(path: string): void {
    if (this.#stamps.delete(path)) return;
    for (const known of this.#stamps.keys()) if (known.startsWith(`${path}/`)) this.#stamps.delete(known);
  }

  /** Files may have come or gone. */
  relist(): void {
    this.#listed = undefined;
    this.#listing = undefined;
  }

  /** Anything may have changed on the disk. */
  distrust(): void {
    this.relist();
    this.#stamps.clear();
  }

  /** Same object as long as no file came or went. A buffer of a file that is on the disk but not listed (.gitignore) adds nothing. */
  list(options: ListOptions): Listing {
    this.#values.beginRun();
    this.#listed ??= listFiles(this.#root, options);
    if (this.#listing) return this.#listing;
    const listed = this.#listed;
    const known = new Set(listed.paths);
    const added = [...this.#buffers.keys()].filter((path) => !known.has(path) && isKept(path) && !readStamp(this.#root, path));
    this.#listing = added.length ? { ...listed, paths: [...listed.paths, ...added].sort() } : listed;
    return this.#listing;
  }

  stamp(path: string): Stamp | undefined {
    const buffer = this.#buffers.get(path);
    if (buffer) return buffer.stamp;
    const known = this.#stamps.get(path);
    if (known) return known;
    const stamp = readStamp(this.#root, path);
    if (stamp && isTrusted(stamp)) this.#stamps.set(path, stamp);
    return stamp;
  }

  /** Reads buffers in front of the disk. */
  source({ root, aliases }: Listing): FileSource {
    return {
      stamp: (path) => (aliases.has(path) ? undefined : this.stamp(path)),
      read: (path) => {
        const buffer = this.#buffers.get(path);
        if (!buffer) return readBytes(root, path, { follow: aliases.has(path) });
        return buffer.bytes.length > maxTextBytes ? { problem: 'too-large', size: buffer.bytes.length } : buffer;
      },
      head: (path) => this.buffer(path)?.slice(0, 65_536) ?? readHead(root, path),
    };
  }

  knows(path: string, kind: string): boolean {
    return this.#values.has(path, kind) || (this.#below?.knows(path, kind) ?? false);
  }

  byStamp<T>(path: string, kind: string, stamp: Stamp): { readonly value: T } | undefined {
    const entry = this.#entries.get(path);
    const kept = entry?.stamp && isSameStamp(entry.stamp, stamp) ? this.#values.get(path, kind) : undefined;
    if (kept) return { value: kept.value as T };
    if (stamp.inode === bufferInode) return undefined;
    const found = this.#below?.byStamp<T>(path, kind, stamp);
    if (found) this.#keep(path, kind, undefined, stamp, found.value);
    return found;
  }

  byContent<T>(path: string, kind: string, hash: string, stamp?: Stamp): { readonly value: T } | undefined {
    const entry = this.#entries.get(path);
    if (entry?.hash === hash) {
      if (stamp) entry.stamp = isTrusted(stamp) ? stamp : undefined;
      const kept = this.#values.get(path, kind);
      if (kept) return { value: kept.value as T };
    }
    const found = this.#below?.byContent<T>(path, kind, hash, stamp?.inode === bufferInode ? undefined : stamp);
    if (found && stamp) this.#keep(path, kind, hash, stamp, found.value);
    return found;
  }

  store(path: string, kind: string, hash: string, stamp: Stamp, value: unknown): void {
    this.#keep(path, kind, hash, stamp, value);
    if (stamp.inode !== bufferInode) this.#below?.store(path, kind, hash, stamp, value);
  }

  #keep(path: string, kind: string, hash: string | undefined, stamp: Stamp, value: unknown): void {
    const entry = this.#entry(path, hash, stamp);
    entry.stamp = isTrusted(stamp) ? stamp : undefined;
    this.#values.set(path, kind, value);
  }

  #entry(path: string, hash: string | undefined, stamp: Stamp): Entry {
    const known = this.#entries.get(path);
    const isCurrent = known && ((known.stamp && isSameStamp(known.stamp, stamp)) || (hash !== undefined && known.hash === hash));
    if (known && !isCurrent) this.#values.forget(path);
    const entry: Entry = isCurrent ? known : { hash };
    entry.hash ??= hash;
    this.#entries.set(path, entry);
    return entry;
  }

  hashOf(path: string, stamp: Stamp): string | undefined {
    const entry = this.#entries.get(path);
    if (entry?.hash !== undefined && entry.stamp && isSameStamp(entry.stamp, stamp)) return entry.hash;
    return stamp.inode === bufferInode ? undefined : this.#below?.hashOf(path, stamp);
  }

  identify(path: string, hash: string, stamp: Stamp): void {
    const entry = this.#entry(path, hash, stamp);
    entry.stamp = isTrusted(stamp) ? stamp : undefined;
    if (stamp.inode !== bufferInode) this.#below?.identify(path, hash, stamp);
  }

  get remembered(): Remembered | undefined {
    return this.#remembered ?? this.#below?.remembered;
  }

  replaceRemembered(make: () => Remembered): void {
    this.#newRemembered = make;
  }

  /** What rests on many files is made now, so that nothing of this run is held by it. */
  save(exists: (path: string) => boolean): void {
    for (const path of this.#entries.keys()) {
      if (exists(path)) continue;
      this.#entries.delete(path);
      this.#values.forget(path);
    }
    if (this.#newRemembered) this.#keepResults(this.#newRemembered());
  }

  /** The run ended early: what it came to is kept beside what earlier ones came to. */
  abandon(): void {
    const made = this.#newRemembered?.();
    const earlier = this.remembered;
    if (made) this.#keepResults(earlier?.listing === made.listing ? mergeRemembered(earlier, made) : made);
  }

  #keepResults({ results, ...remembered }: Remembered): void {
    this.#remembered = { ...remembered, results: this.#fit(results) };
    this.#newRemembered = undefined;
  }

  /** As many results as half of the limit holds. */
  #fit(results: Remembered['results']): Remembered['results'] {
    const made = Object.entries(results).flatMap(([name, { reads, value }]) => {
      const known = this.#plain(value());
      return known ? [{ name, result: { reads, value: () => known }, bytes: this.#sizes.get(known) ?? 0 }] : [];
    });
    let bytes = 0;
    const fitting: [string, Remembered['results'][string]][] = [];
    for (const one of made.sort((a, b) => a.bytes - b.bytes)) {
      if (bytes + one.bytes > this.#limit / 2) break;
      bytes += one.bytes;
      fitting.push([one.name, one.result]);
    }
    this.#values.reserve(bytes);
    return Object.fromEntries(fitting);
  }

  /** What was made in this run may lead to everything that it was made from. What was recalled is plain already. */
  #plain(result: unknown): object | undefined {
    if (typeof result !== 'object' || result === null) return undefined;
    if (this.#sizes.has(result)) return result;
    const text = writtenDown(result);
    if (text === undefined) return undefined;
    const plain = JSON.parse(text) as object;
    this.#sizes.set(plain, sizeOf(plain));
    return plain;
  }

  /** Writes to the disk what this session learnt of files as they are saved, unless results rest on buffers. */
  persist(): void {
    const remembered = this.#remembered;
    if (remembered && !this.#buffers.size) this.#below?.replaceRemembered(() => remembered);
    const paths = new Set(this.#listed?.paths);
    this.#below?.save((path) => paths.has(path));
    this.#below?.park();
  }

  /** Whoever holds a session holds no other cache. */
  park(): void {
    this.#below?.park();
  }
}
