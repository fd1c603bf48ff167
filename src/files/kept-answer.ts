/**
 * The answer of one run in a file of the user's cache folder, with the stamps of all files that it rests on: while none of them
 * changed, the same question has the same answer.
 */
import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { Listing } from './host/list-files.ts';
import { readStamp, type Stamp } from './host/read.ts';
import { buildStamp, readCacheFile, writeCacheFile } from './host/write.ts';
import { isSameStamp, isSettled } from './stamps.ts';

/** Who asks what of which list of files. */
export interface Question {
  readonly listing: Listing;
  /** Everything else that the answer depends on; JSON. */
  readonly asked: unknown;
  readonly version: string;
}
type SavedFile = readonly [path: string, size: number, modified: number, changed: number, inode: number];
interface Saved {
  readonly files: readonly SavedFile[];
  readonly answer: unknown;
}

const newline = 10;

const nameOf = ({ root }: Listing): string => `${createHash('sha256').update(root).digest('hex').slice(0, 32)}.answer`;

function keyOf({ listing, asked, version }: Question): string {
  const hash = createHash('sha1').update(JSON.stringify([1, version, buildStamp(), asked, listing.notAssessed, [...listing.aliases]]));
  for (const paths of [listing.paths, listing.tracked ?? ['not tracked']]) hash.update('\0\0').update([...paths].join('\0'));
  return hash.digest('base64');
}

/** A link is what it leads to. */
const stampOf = ({ root, aliases }: Listing, path: string): Stamp | undefined => readStamp(root, aliases.get(path) ?? path);

const isUnchanged = (listing: Listing, [path, size, modified, changed, inode]: SavedFile): boolean => {
  const stamp = stampOf(listing, path);
  return stamp !== undefined && isSameStamp(stamp, { size, modified, changed, inode });
};

/** What was kept for this very question; `undefined`: nothing, or something has changed since. */
export function recallAnswer(question: Question): unknown {
  const content = readCacheFile(nameOf(question.listing));
  if (!content) return undefined;
  try {
    const headEnd = content.indexOf(newline);
    const { key, crc } = JSON.parse(content.toString('utf8', 0, headEnd)) as { key: string; crc: number };
    const body = content.subarray(headEnd + 1);
    if (key !== keyOf(question) || crc !== crc32(body)) return undefined;
    const { files, answer } = JSON.parse(body.toString('utf8')) as Saved;
    return files.every((file) => isUnchanged(question.listing, file)) ? answer : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Keeps an answer, unless one of the files that it rests on may have changed after it was read.
 * @param began when the run began, in milliseconds of the clock
 */
export function keepAnswer(question: Question, restsOn: readonly string[], began: number, answer: unknown): void {
  const files: SavedFile[] = [];
  for (const path of restsOn) {
    const stamp = stampOf(question.listing, path);
    if (!stamp || !isSettled(stamp, began)) return;
    files.push([path, stamp.size, stamp.modified, stamp.changed, stamp.inode]);
  }
  const body = Buffer.from(JSON.stringify({ files, answer } satisfies Saved));
  const head = JSON.stringify({ key: keyOf(question), crc: crc32(body) });
  writeCacheFile(nameOf(question.listing), Buffer.concat([Buffer.from(`${head}\n`), body]));
}
