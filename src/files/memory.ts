/**
 * Results that rest on many files (a program and all its modules), kept between runs. One holds as long as the list of paths
 * is the same and no file has changed that was read before it was done: later results may rest on what earlier ones have read,
 * because they share modules, so each rests on all files read up to its end.
 */
import { createHash } from 'node:crypto';
import type { FileAccess } from '../languages/language.ts';
import type { Cache, Remembered } from './cache.ts';

export interface Memory {
  /** The repository's files; what is read through it counts as read by the results of this run. */
  readonly files: FileAccess;
  /** The result of an earlier run, if it still holds. */
  recall(name: string): unknown;
  /** Keeps a result that was made just now; `value` is asked for at the end of the run. */
  keep(name: string, value: () => unknown): void;
}

export interface MemoryOptions {
  readonly cache: Cache;
  readonly files: FileAccess;
  /** The content that a file has now; `null`: it cannot be read. */
  readonly hashOf: (path: string) => string | null;
  /** The file has this content still. */
  readonly isSame: (path: string, hash: string | null) => boolean;
  /** The file counts as read, although its content was not needed. */
  readonly use: (path: string) => void;
}

const digest = (paths: readonly string[]): string => {
  const hash = createHash('sha1');
  for (const path of paths) hash.update(path).update('\0');
  return hash.digest('base64');
};

class CachedMemory implements Memory {
  readonly files: FileAccess;
  readonly #options: MemoryOptions;
  readonly #listing: string;
  readonly #earlier: Remembered | undefined;
  /** Files read in this run, in order. */
  readonly #read = new Set<string>();
  readonly #kept = new Map<string, { readonly reads: number; readonly value: () => unknown }>();
  readonly #recalled = new Map<string, { readonly reads: number; readonly value: () => unknown }>();
  #unchanged: number | undefined;
  #used = 0;

  constructor(options: MemoryOptions) {
    this.#options = options;
    const { cache, files } = options;
    this.#listing = digest(files.under(''));
    this.#earlier = cache.remembered?.listing === this.#listing ? cache.remembered : undefined;
    this.files = {
      has: (path) => files.has(path),
      under: (folder) => files.under(folder),
      text: (path) => {
        this.#read.add(path);
        return files.text(path);
      },
      derive: (path, kind, make) => {
        this.#read.add(path);
        return files.derive(path, kind, make);
      },
    };
  }

  recall(name: string): unknown {
    const result = this.#earlier && Object.hasOwn(this.#earlier.results, name) ? this.#earlier.results[name] : undefined;
    if (!result || result.reads > this.#countUnchanged()) return undefined;
    this.#recalled.set(name, result);
    this.#use(result.reads);
    return result.value();
  }

  keep(name: string, value: () => unknown): void {
    const isFirst = this.#kept.size === 0;
    this.#recalled.delete(name);
    this.#kept.set(name, { reads: this.#read.size, value });
    if (isFirst) this.#options.cache.replaceRemembered(() => this.#remember());
  }

  #use(count: number): void {
    const files = this.#earlier?.files ?? [];
    for (; this.#used < count; this.#used++) this.#options.use(files[this.#used]![0]);
  }

  /** How many of the files read earlier, from the first on, have not changed. */
  #countUnchanged(): number {
    const files = this.#earlier?.files ?? [];
    if (this.#unchanged === undefined) {
      const changed = files.findIndex(([path, hash]) => !this.#options.isSame(path, hash));
      this.#unchanged = changed < 0 ? files.length : changed;
    }
    return this.#unchanged;
  }

  /** Recalled results rest on the first files of the earlier run, the new ones on these and on those of this run. */
  #remember(): Remembered {
    const earlier = Math.max(0, ...[...this.#recalled.values()].map(({ reads }) => reads));
    const before = (this.#earlier?.files ?? []).slice(0, earlier);
    const files = [...before, ...[...this.#read].map((path) => [path, this.#options.hashOf(path)] as const)];
    const kept = [...this.#kept].map(([name, { reads, value }]) => [name, { reads: earlier + reads, value }] as const);
    return { listing: this.#listing, files, results: Object.fromEntries([...this.#recalled, ...kept]) };
  }
}

/** Without a cache nothing is recalled or kept. */
export function openMemory(options: Omit<MemoryOptions, 'cache'> & { readonly cache?: Cache }): Memory {
  const { cache, files } = options;
  return cache ? new CachedMemory({ ...options, cache }) : { files, recall: () => undefined, keep: () => undefined };
}
