/**
 * Reads an earlier version of a work tree. `git diff` against the work tree is not used: it would run the clean filters that
 * .gitattributes and the repository's configuration name. Trees, the index and blobs are data alone.
 */
import { runGit } from './run-git.ts';

export interface TreeEntry {
  /** `100644`, `100755`, `120000` (link), `160000` (submodule). */
  readonly mode: string;
  readonly object: string;
}
/** A path of the index that differs from the commit. */
export interface IndexChange {
  /** Where it was in the commit; absent: it is new. */
  readonly before?: { readonly path: string; readonly object: string };
  /** Where it is in the index; absent: it is gone. */
  readonly path?: string;
}

const text = (output: Buffer | undefined): string | undefined => output?.toString('utf8');
const isName = (ref: string): boolean => ref !== '' && !ref.startsWith('-') && !/[\0\n]/.test(ref);

/** Full id of the commit that a name stands for. */
export function resolveCommit(root: string, ref: string): string | undefined {
  if (!isName(ref)) return undefined;
  return text(runGit(root, ['rev-parse', '--verify', '--quiet', `${ref}^{commit}`]))?.trim() || undefined;
}

/** Where the branch of HEAD left the other one. */
export const findMergeBase = (root: string, commit: string): string | undefined =>
  text(runGit(root, ['merge-base', 'HEAD', commit]))?.trim() || undefined;

/** Every file of a commit below `root`, relative to it. */
export function listTree(root: string, commit: string): ReadonlyMap<string, TreeEntry> | undefined {
  const output = text(runGit(root, ['ls-tree', '-r', '-z', commit]));
  if (output === undefined) return undefined;
  const entries = new Map<string, TreeEntry>();
  for (const line of output.split('\0')) {
    const tab = line.indexOf('\t');
    const [mode, , object] = line.slice(0, Math.max(0, tab)).split(' ');
    if (mode && object) entries.set(line.slice(tab + 1), { mode, object });
  }
  return entries;
}

/** What the index changes, with renames; fields are `:modes objects status NUL path NUL [path NUL]` (git-diff-index, "Raw output format"). */
export function listIndexChanges(root: string, commit: string): readonly IndexChange[] {
  const words = ['diff-index', '--cached', '--raw', '-r', '-z', '-M', '-l1000', '--relative', '--no-abbrev', '--ignore-submodules=all'];
  const fields = (text(runGit(root, [...words, commit])) ?? '').split('\0');
  const changes: IndexChange[] = [];
  for (let index = 0; fields[index]; ) {
    const [, , object = '', , status = ''] = fields[index++]!.split(' ');
    const path = fields[index++] ?? '';
    if (status.startsWith('R')) changes.push({ before: { path, object }, path: fields[index++] });
    else if (status.startsWith('A')) changes.push({ path });
    else changes.push({ before: { path, object }, ...(status.startsWith('D') ? {} : { path }) });
  }
  return changes;
}

/** Blobs by object id; those that are missing or larger than `maxBytes` are left out. */
export function readBlobs(root: string, objects: readonly string[], maxBytes: number): ReadonlyMap<string, Buffer> {
  const sizes = text(runGit(root, ['cat-file', '--batch-check'], `${objects.join('\n')}\n`)) ?? '';
  const wanted = sizes.split('\n').flatMap((line) => {
    const [object, type, size] = line.split(' ');
    return type === 'blob' && Number(size) <= maxBytes ? [object!] : [];
  });
  return wanted.length ? readBatch(runGit(root, ['cat-file', '--batch'], `${wanted.join('\n')}\n`)) : new Map();
}

const newline = 10;
/** Entries are `<object> blob <size> LF <content> LF`. */
function readBatch(output: Buffer | undefined): ReadonlyMap<string, Buffer> {
  const blobs = new Map<string, Buffer>();
  for (let at = 0; output && at < output.length; ) {
    const end = output.indexOf(newline, at);
    if (end < 0) break;
    const [object = '', type, size] = output.toString('latin1', at, end).split(' ');
    at = end + 1;
    if (type !== 'blob') continue;
    blobs.set(object, output.subarray(at, at + Number(size)));
    at += Number(size) + 1;
  }
  return blobs;
}
