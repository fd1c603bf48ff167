/** Which of the listed files are looked at, and what each is for. */
import ignore from 'ignore';
import { chooseRoles, makeRoleOf } from '../files/classify.ts';
import type { Listing } from '../files/host/list-files.ts';
import type { Artifact } from '../types.ts';
import { isLeftOut } from './extract-manifests.ts';

export interface SelectInput {
  readonly listing: Listing;
  /** Folders or files that were asked for by name. */
  readonly bases: readonly string[];
  /** Patterns as in .gitignore. */
  readonly exclude: readonly string[];
  readonly overlay: ReadonlyMap<string, string>;
}

/** A base is in a closed world when the rest of the repository calls it a test, an example or the like: then only it is read. */
function isClosed(paths: readonly string[], bases: readonly string[]): boolean {
  if (!bases.length) return false;
  const roleOf = makeRoleOf({ paths: new Set(paths), bases: [] });
  return bases.every((base) => isLeftOut(roleOf(`${base}/x`)));
}

export function selectFiles({ listing, bases, exclude, overlay }: SelectInput): {
  readonly listing: Listing;
  readonly overlay: ReadonlyMap<string, string>;
  readonly roleOf: (path: string) => Artifact['role'];
} {
  const excluded = exclude.length ? ignore().add([...exclude]) : undefined;
  const closed = isClosed(listing.paths, bases);
  const isSelected = (path: string): boolean => {
    if (excluded && ignore.isPathValid(path) && excluded.ignores(path)) return false;
    return !closed || bases.some((base) => path === base || path.startsWith(`${base}/`));
  };
  const paths = excluded || closed ? listing.paths.filter(isSelected) : listing.paths;
  const selected = new Map([...overlay].filter(([path]) => isSelected(path)));
  let choice: ((path: string) => Artifact['role']) | undefined;
  const roleOf = (path: string): Artifact['role'] => {
    choice ??= chooseRoles({ paths: new Set([...paths, ...selected.keys()]), bases });
    return choice(path);
  };
  return { listing: { ...listing, paths }, overlay: selected, roleOf };
}
