/** Writes: reports that were asked for, a new configuration, and the cache in the user's own folder. */
import { closeSync, existsSync, fstatSync, mkdirSync, openSync, readFileSync, readSync, type Stats, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import writeFileAtomic from 'write-file-atomic';
import { cacheFolder } from './cache-folder.ts';

/** Replaces a file as a whole: a reader sees the old content or the new one. Missing folders are made. */
export function writeFile(
  file: string,
  content: string | Uint8Array,
  options: { readonly durable?: boolean; readonly secret?: boolean } = {},
): void {
  mkdirSync(dirname(file), { recursive: true, mode: options.secret ? 0o700 : 0o777 });
  writeFileAtomic.sync(file, Buffer.from(content as Uint8Array), {
    fsync: options.durable ?? true,
    ...(options.secret ? { mode: 0o600 } : {}),
  });
}

/** Never overwrites: false when the file exists. */
export function writeNewFile(file: string, content: string): boolean {
  if (existsSync(file)) return false;
  writeFile(file, content);
  return true;
}

const maxCacheBytes = 512 * 1024 * 1024;

export function readCacheFile(name: string): Buffer | undefined {
  const folder = cacheFolder();
  if (!folder) return undefined;
  try {
    const file = join(folder, name);
    return statSync(file).size > maxCacheBytes ? undefined : readFileSync(file);
  } catch {
    return undefined;
  }
}

export type ReadSlice = (offset: number, length: number) => Buffer | undefined;
/** A cache file of which parts are read when somebody asks. */
export interface CacheSlices {
  readonly size: number;
  readonly read: ReadSlice;
}
const isSameFile = (a: Stats, b: Stats): boolean => a.ino === b.ino && a.size === b.size && a.mtimeMs === b.mtimeMs;

function statsOf(file: string): Stats | undefined {
  try {
    return statSync(file, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

/** Reads parts of a cache file, as long as nobody puts another in its place. It is opened for each, so that others may. */
export function openCacheSlices(name: string): CacheSlices | undefined {
  const folder = cacheFolder();
  const known = folder ? statsOf(join(folder, name)) : undefined;
  if (!folder || !known || known.size > maxCacheBytes) return undefined;
  const read: ReadSlice = (offset, length) => {
    try {
      const file = openSync(join(folder, name), 'r');
      try {
        const bytes = Buffer.allocUnsafe(length);
        return isSameFile(fstatSync(file), known) && readSync(file, bytes, 0, length, offset) === length ? bytes : undefined;
      } finally {
        closeSync(file);
      }
    } catch {
      return undefined;
    }
  };
  return { size: known.size, read };
}

/** A cache that cannot be written (read-only home, full disk) costs time only. */
export function writeCacheFile(name: string, content: Uint8Array): void {
  const folder = cacheFolder();
  if (!folder || content.length > maxCacheBytes) return;
  try {
    writeFile(join(folder, name), content, { durable: false, secret: true });
  } catch {
    return;
  }
}
/** Tells builds of the same version apart: when this program's own file was written. */
export function buildStamp(): number {
  try {
    return statSync(fileURLToPath(import.meta.url)).mtimeMs;
  } catch {
    return 0;
  }
}
