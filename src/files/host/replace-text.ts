/** Writes changed texts back into a repository: all that can be written, or nothing. */
import { lstatSync, realpathSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { decodeText } from '../decode.ts';
import { readBytes } from './read.ts';
import { writeFile } from './write.ts';

export interface TextChange {
  /** From the root, with `/`. */
  readonly path: string;
  /** The text that the change was made for; absent: the file is new. */
  readonly before?: string;
  readonly after: string;
}

const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);
const isIn = (path: string): boolean => !isAbsolute(path) && path.split('/').every((part) => part !== '' && part !== '.' && part !== '..');

/** The nearest folder above that exists. */
function existingFolder(root: string, path: string): string {
  const folder = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
  try {
    lstatSync(join(root, folder));
    return folder;
  } catch {
    return existingFolder(root, folder);
  }
}

function exists(file: string): boolean {
  try {
    lstatSync(file);
    return true;
  } catch {
    return false;
  }
}

/** The bytes to write, or why they must not be. */
function prepare(root: string, { path, before, after }: TextChange): Buffer | string {
  if (!isIn(path)) return 'it lies outside of the repository';
  const folder = existingFolder(root, path);
  if (realpathSync(join(root, folder)) !== join(realpathSync(root), folder)) return 'a link leads to it';
  if (before === undefined) return exists(join(root, path)) ? 'it exists already, and git ignores it' : Buffer.from(after);
  const read = readBytes(root, path);
  if (!('bytes' in read)) return read.problem === 'not-a-file' ? 'it is a link, or no plain file' : 'it can no longer be read';
  const { bytes } = read;
  const isMarked = bytes.subarray(0, 3).equals(byteOrderMark);
  const prefix = isMarked ? byteOrderMark : Buffer.alloc(0);
  if (decodeText(bytes) !== before) return 'it was changed meanwhile';
  if (!Buffer.concat([prefix, Buffer.from(before)]).equals(bytes)) return 'it is not written in UTF-8';
  return Buffer.concat([prefix, Buffer.from(after)]);
}

/** Replaces each file as a whole. Returns what stands in the way, by path; then nothing was written. */
export function replaceTexts(root: string, changes: readonly TextChange[]): readonly { readonly path: string; readonly why: string }[] {
  const prepared = changes.map((change) => ({ path: change.path, content: prepare(root, change) }));
  const refused = prepared.flatMap(({ path, content }) => (typeof content === 'string' ? [{ path, why: content }] : []));
  if (refused.length > 0) return refused;
  for (const { path, content } of prepared) writeFile(join(root, dirname(path), path.slice(path.lastIndexOf('/') + 1)), content as Buffer);
  return [];
}
