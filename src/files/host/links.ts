/** Decides what a symbolic link in the listing may be used for. */
import { lstatSync, realpathSync, statSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';

export type LinkVerdict =
  | { readonly is: 'not-a-link' }
  /** Leads to another file of the repository; `target` is its path from the root. */
  | { readonly is: 'alias'; readonly target: string }
  | { readonly is: 'folder' }
  | { readonly is: 'outside' }
  | { readonly is: 'loop' }
  | { readonly is: 'broken' };

const isLink = (file: string): boolean => {
  try {
    return lstatSync(file).isSymbolicLink();
  } catch {
    return false;
  }
};

/** `root` must itself be a real path. */
export function judgeLink(root: string, path: string): LinkVerdict {
  const file = join(root, path);
  if (!isLink(file)) return { is: 'not-a-link' };
  let real: string;
  try {
    real = realpathSync(file);
  } catch (error) {
    return { is: (error as NodeJS.ErrnoException).code === 'ELOOP' ? 'loop' : 'broken' };
  }
  const target = relative(root, real);
  if (target.startsWith('..') || target === real) return { is: 'outside' };
  if (!statSync(real).isDirectory()) return { is: 'alias', target: target.split(sep).join('/') };
  return dirname(file).startsWith(real) ? { is: 'loop' } : { is: 'folder' };
}
