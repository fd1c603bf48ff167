/** Bounded reads of single files. */
import { closeSync, constants, fstatSync, lstatSync, openSync, readSync, type Stats } from 'node:fs';
import { join } from 'node:path';

/** What tells that a file has not changed since it was read. */
export interface Stamp {
  readonly size: number;
  readonly modified: number;
  readonly changed: number;
  readonly inode: number;
}
export type ReadResult =
  | { readonly bytes: Buffer; readonly stamp: Stamp }
  | { readonly problem: 'missing' | 'unreadable' | 'too-large' | 'not-a-file'; readonly size?: number };

/** Text above this size is not parsed: nothing that people write by hand comes near it. */
export const maxTextBytes = 2 * 1024 * 1024;
/** A name that became a pipe or a link after the listing must neither block nor lead elsewhere. */
const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
const followFlags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

const makeStamp = (stats: Stats): Stamp => ({
  size: stats.size,
  modified: stats.mtimeMs,
  changed: stats.ctimeMs,
  inode: stats.ino,
});

/** `undefined` when the file is gone or is not a plain file. */
export function readStamp(root: string, path: string): Stamp | undefined {
  try {
    const stats = lstatSync(join(root, path));
    return stats.isFile() ? makeStamp(stats) : undefined;
  } catch {
    return undefined;
  }
}

function readFully(descriptor: number, size: number): Buffer {
  const bytes = Buffer.allocUnsafe(size);
  let length = 0;
  while (length < size) {
    const count = readSync(descriptor, bytes, length, size - length, length);
    if (count === 0) break;
    length += count;
  }
  return bytes.subarray(0, length);
}

export interface ReadOptions {
  /** Follow a link: only for links that were judged to stay inside the root. */
  readonly follow?: boolean;
  readonly maxBytes?: number;
}

export function readBytes(root: string, path: string, options: ReadOptions = {}): ReadResult {
  let descriptor: number;
  try {
    descriptor = openSync(join(root, path), options.follow ? followFlags : flags);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return { problem: code === 'ENOENT' || code === 'ENOTDIR' ? 'missing' : code === 'ELOOP' ? 'not-a-file' : 'unreadable' };
  }
  try {
    const stats = fstatSync(descriptor);
    if (!stats.isFile()) return { problem: 'not-a-file' };
    if (stats.size > (options.maxBytes ?? maxTextBytes)) return { problem: 'too-large', size: stats.size };
    return { bytes: readFully(descriptor, stats.size), stamp: makeStamp(stats) };
  } catch {
    return { problem: 'unreadable' };
  } finally {
    closeSync(descriptor);
  }
}

const headBytes = 64 * 1024;

/** The beginning of a file of any size, as far as it is text; empty when it cannot be read. */
export function readHead(root: string, path: string): string {
  try {
    const descriptor = openSync(join(root, path), flags);
    try {
      return fstatSync(descriptor).isFile() ? readFully(descriptor, headBytes).toString('utf8') : '';
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return '';
  }
}
