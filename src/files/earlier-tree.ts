/** An earlier commit of a work tree as a listing with its contents, without a checkout. */
import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import type { FileSource } from './access.ts';
import { decodeText } from './decode.ts';
import { type IndexChange, listIndexChanges, listTree, readBlobs, type TreeEntry } from './host/git-history.ts';
import { isKept, type Listing } from './host/list-files.ts';
import { maxTextBytes, readBytes } from './host/read.ts';

export interface EarlierTree extends FileSource {
  readonly commit: string;
  readonly listing: Listing;
  /** Decoded text of a path of that commit; `undefined` when it was not there, is too large or binary. */
  text(path: string): string | undefined;
  /** The path that a path of today had. */
  pathBefore(path: string): string;
}

const link = '120000';
/** More changed files than a review holds; the rest is read one by one. */
const maxPrefetched = 2000;
const isFile = ({ mode }: TreeEntry): boolean => mode.startsWith('100');

/** As `git hash-object`: a file that did not change need not be asked for. */
function hashBlob(bytes: Buffer, length: number): string {
  return createHash(length === 40 ? 'sha1' : 'sha256')
    .update(`blob ${bytes.length}\0`)
    .update(bytes)
    .digest('hex');
}

/** Links to files of the same commit. */
function resolveLinks(root: string, tree: ReadonlyMap<string, TreeEntry>): ReadonlyMap<string, string> {
  const links = [...tree].filter(([, { mode }]) => mode === link);
  if (!links.length) return new Map();
  const blobs = readBlobs(
    root,
    links.map(([, { object }]) => object),
    4096,
  );
  return new Map(
    links.flatMap(([path, { object }]) => {
      const target = posix.join(posix.dirname(path), blobs.get(object)?.toString('utf8') ?? '');
      const entry = tree.get(target);
      return entry && isFile(entry) ? [[path, target] as const] : [];
    }),
  );
}

class Earlier implements EarlierTree {
  readonly listing: Listing;
  readonly #tree: ReadonlyMap<string, TreeEntry>;
  readonly #changes: readonly IndexChange[];
  readonly #before: ReadonlyMap<string, string>;
  readonly #blobs = new Map<string, Buffer | undefined>();
  #prefetched = false;

  constructor(
    readonly root: string,
    readonly commit: string,
    tree: ReadonlyMap<string, TreeEntry>,
  ) {
    const aliases = resolveLinks(root, tree);
    const paths = [...tree].filter(([path, entry]) => isKept(path) && (isFile(entry) || aliases.has(path))).map(([path]) => path);
    this.#tree = tree;
    this.#changes = listIndexChanges(root, commit);
    this.#before = new Map(
      this.#changes.flatMap(({ before, path }) => (before && path && path !== before.path ? [[path, before.path]] : [])),
    );
    this.listing = { root, paths: paths.sort(), aliases, tracked: new Set(tree.keys()), notAssessed: [] };
  }

  pathBefore(path: string): string {
    return this.#before.get(path) ?? path;
  }

  read(path: string): ReturnType<FileSource['read']> {
    const own = this.listing.aliases.get(path) ?? path;
    const entry = this.#tree.get(own);
    if (!entry || !isFile(entry)) return { problem: 'missing' };
    const today = readBytes(this.listing.root, own);
    if ('bytes' in today && hashBlob(today.bytes, entry.object.length) === entry.object) return { bytes: today.bytes };
    const bytes = this.#blob(entry.object);
    return bytes ? { bytes } : { problem: 'too-large' };
  }

  head(): string {
    return '';
  }

  text(path: string): string | undefined {
    const result = this.read(path);
    return 'bytes' in result ? decodeText(result.bytes) : undefined;
  }

  #blob(object: string): Buffer | undefined {
    if (!this.#prefetched) this.#prefetch();
    if (!this.#blobs.has(object)) this.#blobs.set(object, readBlobs(this.listing.root, [object], maxTextBytes).get(object));
    return this.#blobs.get(object);
  }

  /** What the index says has changed comes in one go; a file that only the work tree changes comes alone. */
  #prefetch(): void {
    this.#prefetched = true;
    const objects = [...new Set(this.#changes.flatMap(({ before }) => (before ? [before.object] : [])))].slice(0, maxPrefetched);
    if (!objects.length) return;
    for (const [object, bytes] of readBlobs(this.listing.root, objects, maxTextBytes)) this.#blobs.set(object, bytes);
  }
}
/** `undefined` when the commit cannot be read. */
export function openEarlierTree(root: string, commit: string): EarlierTree | undefined {
  const tree = listTree(root, commit);
  return tree && new Earlier(root, commit, tree);
}
