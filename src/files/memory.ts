/**
 * Results that rest on many files (a program and all its modules), kept between runs. One holds as long as the list of paths
 * is the same and no file that it rests on has changed. Programs share what was made of modules, so that one rests on files that
 * another has read: on all that were read before it was done, but for modules that only others load.
 */
import { createHash } from 'node:crypto';
import type { FileAccess } from '../languages/language.ts';
import type { Steps } from '../steps.ts';
import type { Cache, Ranges, Remembered } from './cache.ts';

export interface Memory {
  /** The repository's files; what is read through it counts as read by the results of this run. */
  readonly files: FileAccess;
  /** The result of an earlier run, if it still holds. */
  recall(name: string): unknown;
  /** Makes a result, and keeps it unless `save` says otherwise. */
  make<T>(name: string, make: () => T, save: (made: T) => Saved | undefined): T;
  /** The same in steps: no other result is made between them. */
  makeInSteps<T>(name: string, make: () => Steps<T>, save: (made: T) => Saved | undefined): Steps<T>;
  /** The run is over and saved: nothing of it is held any more, nor what others keep for `files`. */
  release(): void;
}
export interface Saved {
  /** Modules that it loads. What another result loads and this one does not, it does not rest on. */
  readonly modules: readonly string[];
  /** Asked for at the end of the run. */
  readonly value: () => unknown;
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

/** A result of this run. */
interface Kept {
  readonly restsOn: readonly string[];
  readonly value: () => unknown;
}

const digest = (paths: readonly string[]): string => {
  const hash = createHash('sha1');
  for (const path of paths) hash.update(path).update('\0');
  return hash.digest('base64');
};

/** Sorted numbers as starts and (exclusive) ends. */
function toRanges(numbers: readonly number[]): Ranges {
  const ranges: number[] = [];
  for (const number of numbers) {
    if (ranges.at(-1) === number) ranges[ranges.length - 1] = number + 1;
    else ranges.push(number, number + 1);
  }
  return ranges;
}
function* numbersIn(ranges: Ranges): Generator<number> {
  for (let index = 0; index < ranges.length; index += 2)
    for (let number = ranges[index]!; number < ranges[index + 1]!; number++) yield number;
}

/** What two runs over the same list of paths made: the later one where both made the same. */
export function mergeRemembered(earlier: Remembered, later: Remembered): Remembered {
  const places = new Map<string, number>();
  const files: Remembered['files'][number][] = [];
  const placeOf = (file: Remembered['files'][number]): number => {
    const key = file.join('\0');
    const known = places.get(key) ?? files.push(file) - 1;
    places.set(key, known);
    return known;
  };
  const moved = ({ files: from, results }: Remembered) =>
    Object.entries(results).map(([name, { reads, value }]) => {
      const numbers = [...numbersIn(reads)].map((index) => placeOf(from[index]!)).sort((a, b) => a - b);
      return [name, { reads: toRanges(numbers), value }] as const;
    });
  return { listing: later.listing, results: Object.fromEntries([...moved(earlier), ...moved(later)]), files };
}

class CachedMemory implements Memory {
  files: FileAccess;
  readonly #options: MemoryOptions;
  readonly #listing: string;
  #earlier: Remembered | undefined;
  /** Files read in this run, in order. */
  readonly #read = new Set<string>();
  /** Files that the result at work asked for, also those whose content another one has read. */
  readonly #asked = new Set<string>();
  /** Modules of all results of this run. */
  readonly #modules = new Set<string>();
  readonly #kept = new Map<string, Kept>();
  readonly #same = new Map<number, boolean>();

  constructor(options: MemoryOptions) {
    this.#options = options;
    const { cache, files } = options;
    this.#listing = digest(files.under(''));
    this.#earlier = cache.remembered?.listing === this.#listing ? cache.remembered : undefined;
    const touch = (path: string): void => {
      this.#read.add(path);
      this.#asked.add(path);
    };
    this.files = {
      has: (path) => files.has(path),
      under: (folder) => files.under(folder),
      touch,
      text: (path) => {
        touch(path);
        return files.text(path);
      },
      derive: (path, kind, make) => {
        touch(path);
        return files.derive(path, kind, make);
      },
    };
  }

  recall(name: string): unknown {
    const earlier = this.#earlier;
    const result = earlier && Object.hasOwn(earlier.results, name) ? earlier.results[name]! : undefined;
    if (!result) return undefined;
    for (const index of numbersIn(result.reads)) if (!this.#isSame(index)) return undefined;
    const restsOn = [...numbersIn(result.reads)].map((index) => earlier!.files[index]![0]);
    for (const path of restsOn) this.#options.use(path);
    this.#kept.set(name, { restsOn, value: result.value });
    return result.value();
  }

  make<T>(name: string, make: () => T, save: (made: T) => Saved | undefined): T {
    this.#asked.clear();
    return this.#keep(name, make(), save);
  }

  *makeInSteps<T>(name: string, make: () => Steps<T>, save: (made: T) => Saved | undefined): Steps<T> {
    this.#asked.clear();
    return this.#keep(name, yield* make(), save);
  }

  #keep<T>(name: string, made: T, save: (made: T) => Saved | undefined): T {
    const saved = save(made);
    if (!saved) {
      this.#kept.delete(name);
      return made;
    }
    const own = new Set(saved.modules);
    const restsOn = [...this.#read].filter((path) => own.has(path) || this.#asked.has(path) || !this.#modules.has(path));
    for (const path of own) this.#modules.add(path);
    this.#kept.set(name, { restsOn, value: saved.value });
    this.#options.cache.replaceRemembered(() => this.#remember());
    return made;
  }

  release(): void {
    this.#kept.clear();
    this.#earlier = undefined;
    this.files = { ...this.files };
  }

  #isSame(index: number): boolean {
    const known = this.#same.get(index);
    if (known !== undefined) return known;
    const [path, hash] = this.#earlier!.files[index]!;
    const same = this.#options.isSame(path, hash);
    this.#same.set(index, same);
    return same;
  }

  #remember(): Remembered {
    const indexes = new Map<string, number>();
    for (const { restsOn } of this.#kept.values()) for (const path of restsOn) if (!indexes.has(path)) indexes.set(path, indexes.size);
    const results = [...this.#kept].map(([name, { restsOn, value }]) => {
      const numbers = restsOn.map((path) => indexes.get(path)!).sort((a, b) => a - b);
      return [name, { reads: toRanges(numbers), value }] as const;
    });
    return {
      listing: this.#listing,
      files: [...indexes.keys()].map((path) => [path, this.#options.hashOf(path)] as const),
      results: Object.fromEntries(results),
    };
  }
}

/** Without a cache nothing is recalled or kept. */
export function openMemory(options: Omit<MemoryOptions, 'cache'> & { readonly cache?: Cache }): Memory {
  const { cache, files } = options;
  return cache
    ? new CachedMemory({ ...options, cache })
    : { files, recall: () => undefined, make: (_name, make) => make(), makeInSteps: (_name, make) => make(), release: () => undefined };
}
