/** What the rest of the product may see of the repository's files: bounded, decoded, each problem noted once. */
import { createHash } from 'node:crypto';
import type { FileAccess } from '../languages/language.ts';
import { readSuppressions, type Suppression } from '../text/suppressions.ts';
import type { NotAssessed, SourceFile } from '../types.ts';
import { unpackTexts } from './archive.ts';
import type { Cache } from './cache.ts';
import { decodeText } from './decode.ts';
import { fileStart, type Listing } from './host/list-files.ts';
import { maxTextBytes, type ReadResult, readBytes, readHead, readStamp, type Stamp } from './host/read.ts';
import { type Memory, openMemory } from './memory.ts';

/** Decides by its beginning whether a file that cannot be read as a whole would have mattered. */
export type Matters = (head: string) => boolean;
export interface RepositoryFiles extends FileAccess {
  /** As in `FileAccess`; a file that is too large or binary is named only when it `matters`. */
  derive<T>(path: string, kind: string, make: (file: SourceFile) => T, matters?: Matters): T | undefined;
  archive(path: string): ReadonlyMap<string, string> | undefined;
  readonly notAssessed: readonly NotAssessed[];
  /** Files whose content was looked at in this run, freshly or from the cache. */
  readonly used: ReadonlySet<string>;
  /** Suppressions that stand in those files, by path. */
  readonly suppressions: ReadonlyMap<string, readonly Suppression[]>;
  /** Files that were asked for, those that could not be read included: all that this run rests on, besides the listing. */
  lookedAt(): readonly string[];
  /** Results of earlier runs that rest on many files. */
  readonly memory: Memory;
  /** The run is over: what was made of files is forgotten, so that nothing holds it but the cache. */
  release(): void;
}
/** Where bytes come from. Without a stamp, a content is recalled from the cache by itself, and never kept. */
export interface FileSource {
  read(path: string): { readonly bytes: Buffer; readonly stamp?: Stamp } | Exclude<ReadResult, { bytes: Buffer }>;
  /** The beginning of a file that `read` refuses. */
  head(path: string): string;
  /** What `read` would stamp the content with, without reading it. Absent: nobody knows. */
  stamp?(path: string): Stamp | undefined;
}
export interface AccessOptions {
  readonly listing: Listing;
  /** Default: the disk. */
  readonly source?: FileSource;
  /** Unsaved buffers of an editor: text by path, in front of the disk. */
  readonly overlay: ReadonlyMap<string, string>;
  readonly cache?: Cache;
}

const problems = {
  unreadable: { reason: 'unreadable', message: 'The file could not be opened.' },
  'not-a-file': { reason: 'unreadable', message: 'It is not a plain file.' },
  'too-large': { reason: 'too-large', message: `It is larger than ${maxTextBytes / 1024 / 1024} MB and was not read.` },
  binary: { reason: 'binary', message: 'It holds NUL bytes, so it is not text.' },
} as const;

interface Loaded {
  readonly text: string;
  readonly stamp?: Stamp;
  readonly hash: () => string;
}
const readDisk = ({ root, aliases }: Listing): FileSource => ({
  read: (path) => readBytes(root, path, { follow: aliases.has(path) }),
  head: (path) => readHead(root, path),
  stamp: (path) => readStamp(root, path),
});
const hashBytes = (content: Buffer | string): string => createHash('sha1').update(content).digest('base64');
/** Characters of texts that one step reads and the next asks for again; bounded, so that memory stays flat on large trees. */
const keptCharacters = 8 * 1024 * 1024;

const suppressionKind = 'suppressions';

const always: Matters = () => true;

/** Derived data by maker, kept for the run: two services may load the same module. */
type Derived = Map<string, unknown>;

class Access implements RepositoryFiles {
  readonly notAssessed: NotAssessed[] = [];
  readonly used = new Set<string>();
  readonly suppressions = new Map<string, readonly Suppression[]>();
  readonly #listing: Listing;
  readonly #overlay: ReadonlyMap<string, string>;
  readonly #cache: Cache | undefined;
  readonly #source: FileSource;
  readonly #paths: Set<string>;
  readonly #sorted: readonly string[];
  readonly #noted = new Set<string>();
  readonly #asked = new Set<string>();
  readonly #texts = new Map<string, Loaded>();
  #characters = 0;
  readonly #derived = new Map<string, Derived>();
  readonly memory: Memory;

  constructor({ listing, overlay, cache, source }: AccessOptions) {
    this.#listing = listing;
    this.#source = source ?? readDisk(listing);
    this.#overlay = overlay;
    this.#cache = cache;
    this.#paths = new Set(listing.paths);
    for (const path of overlay.keys()) this.#paths.add(path);
    this.#sorted = this.#paths.size === listing.paths.length ? listing.paths : [...this.#paths].sort();
    // An editor's buffers are gone after the run, and so would be what was made of them.
    this.memory = openMemory({
      cache: overlay.size > 0 || !this.#source.stamp ? undefined : cache,
      files: this,
      hashOf: (path) => this.#hashOf(path),
      isSame: (path, hash) => this.#isSame(path, hash),
      use: (path) => this.#use(path),
    });
  }

  /** The content that a file has now, remembered with its stamp. */
  #hashOf(path: string): string | null {
    if (!this.#paths.has(path)) return null;
    const stamp = this.#listing.aliases.has(path) ? undefined : this.#source.stamp?.(path);
    const known = stamp && this.#cache?.hashOf(path, stamp);
    if (known !== undefined) return known;
    const loaded = this.#load(path);
    if (loaded?.stamp && this.#cache) {
      this.#cache.identify(path, loaded.hash(), loaded.stamp);
      this.#keepSuppressions(this.#cache, path, loaded, loaded.stamp);
    }
    return loaded ? loaded.hash() : null;
  }

  #isSame(path: string, hash: string | null): boolean {
    const stamp = hash === null || this.#listing.aliases.has(path) ? undefined : this.#source.stamp?.(path);
    return (stamp && this.#cache?.hashOf(path, stamp) === hash) || this.#hashOf(path) === hash;
  }

  #use(path: string): void {
    const stamp = this.#listing.aliases.has(path) ? undefined : this.#source.stamp?.(path);
    if (stamp && this.#cache?.hashOf(path, stamp) !== undefined) this.#recall(path, stamp);
    else this.#load(path);
  }

  release(): void {
    this.#derived.clear();
    this.memory.release();
  }

  lookedAt(): readonly string[] {
    return [...new Set([...this.used, ...this.#asked])];
  }

  has(path: string): boolean {
    return this.#paths.has(path);
  }

  under(folder: string): readonly string[] {
    if (folder === '') return this.#sorted;
    const prefix = `${folder}/`;
    return this.#sorted.slice(this.#firstFrom(prefix), this.#firstFrom(`${folder}0`));
  }

  text(path: string): string | undefined {
    return this.#load(path)?.text;
  }

  archive(path: string): ReadonlyMap<string, string> | undefined {
    const result = this.#paths.has(path) ? this.#source.read(path) : undefined;
    if (result) this.#asked.add(path);
    if (!result || !('bytes' in result)) return undefined;
    this.used.add(path);
    return unpackTexts(result.bytes);
  }

  derive<T>(path: string, kind: string, make: (file: SourceFile) => T, matters: Matters = always): T | undefined {
    const derived = this.#derived.get(path) ?? new Map<string, unknown>();
    if (derived.has(kind)) return derived.get(kind) as T;
    this.#derived.set(path, derived);
    const value = this.#deriveOnce(path, kind, make, matters);
    derived.set(kind, value);
    return value;
  }

  #deriveOnce<T>(path: string, kind: string, make: (file: SourceFile) => T, matters: Matters): T | undefined {
    if (!this.#paths.has(path)) return undefined;
    const cache = this.#overlay.has(path) || this.#listing.aliases.has(path) ? undefined : this.#cache;
    const stamp = cache?.knows(path, kind) ? this.#source.stamp?.(path) : undefined;
    const fresh = stamp && cache?.byStamp<T>(path, kind, stamp);
    if (fresh) {
      this.#recall(path, stamp);
      return fresh.value;
    }
    const loaded = this.#load(path, matters);
    if (!loaded) return undefined;
    const same = cache?.byContent<T>(path, kind, loaded.hash(), loaded.stamp);
    if (same) return same.value;
    const value = make({ path, text: loaded.text });
    if (cache && loaded.stamp) this.#keep(cache, path, kind, loaded, loaded.stamp, value);
    return value;
  }

  #keep(cache: Cache, path: string, kind: string, loaded: Loaded, stamp: Stamp, value: unknown): void {
    cache.store(path, kind, loaded.hash(), stamp, value);
    this.#keepSuppressions(cache, path, loaded, stamp);
  }

  #keepSuppressions(cache: Cache, path: string, loaded: Loaded, stamp: Stamp): void {
    const suppressions = this.suppressions.get(path);
    if (suppressions?.length) cache.store(path, suppressionKind, loaded.hash(), stamp, suppressions);
  }

  /** A file whose facts came from the cache: its suppressions do, too. */
  #recall(path: string, stamp: Stamp): void {
    if (this.used.has(path)) return;
    this.used.add(path);
    const known = this.#cache?.knows(path, suppressionKind) && this.#cache.byStamp<readonly Suppression[]>(path, suppressionKind, stamp);
    if (known) this.suppressions.set(path, known.value);
  }

  /** Index of the first path that is not before `key` in the order of UTF-16 units, which `sort` uses. */
  #firstFrom(key: string): number {
    let low = 0;
    let high = this.#sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#sorted[middle]! < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #load(path: string, matters: Matters = always): Loaded | undefined {
    const kept = this.#texts.get(path);
    if (kept) return kept;
    if (!this.#paths.has(path) || this.#noted.has(path)) return undefined;
    const buffer = this.#overlay.get(path);
    const loaded = buffer === undefined ? this.#read(path, matters) : { text: buffer, hash: () => hashBytes(buffer) };
    if (!loaded) return undefined;
    this.used.add(path);
    if (!this.suppressions.has(path)) this.suppressions.set(path, readSuppressions({ path, text: loaded.text }));
    this.#keepText(path, loaded);
    return loaded;
  }

  #keepText(path: string, loaded: Loaded): void {
    this.#texts.set(path, loaded);
    this.#characters += loaded.text.length;
    for (const [oldest, { text }] of this.#texts) {
      if (this.#characters <= keptCharacters) return;
      this.#texts.delete(oldest);
      this.#characters -= text.length;
    }
  }

  #read(path: string, matters: Matters): Loaded | undefined {
    const result = this.#source.read(path);
    this.#asked.add(path);
    if (!('bytes' in result)) {
      if (result.problem === 'missing') this.#forget(path);
      else this.#noteUseless(path, result.problem, matters);
      return undefined;
    }
    const text = decodeText(result.bytes);
    if (text === undefined) {
      this.#noteUseless(path, 'binary', matters);
      return undefined;
    }
    return { text, stamp: result.stamp, hash: () => hashBytes(result.bytes) };
  }

  /** A file that went since the listing; a name that is no valid UTF-8 cannot be opened either. */
  #forget(path: string): void {
    if (path.includes('\uFFFD')) this.#note(path, 'unreadable');
    this.#paths.delete(path);
  }

  #noteUseless(path: string, problem: keyof typeof problems, matters: Matters): void {
    this.#noted.add(path);
    if (problem === 'unreadable' || matters(this.#source.head(path))) this.#note(path, problem);
  }

  #note(path: string, problem: keyof typeof problems): void {
    this.#noted.add(path);
    this.notAssessed.push({ ...problems[problem], place: fileStart(path), failed: true });
  }
}

export const openFiles = (options: AccessOptions): RepositoryFiles => new Access(options);
