/** Which commit a change is compared with. */
import { findMergeBase, resolveCommit } from './host/git-history.ts';

/** Where hosts keep the branch that others are merged into; the first that exists counts. */
const defaultBranches = [
  'refs/remotes/origin/HEAD',
  'refs/remotes/origin/main',
  'refs/remotes/origin/master',
  'refs/remotes/upstream/HEAD',
  'refs/heads/main',
  'refs/heads/master',
];

const leave = (root: string, commit: string): string => findMergeBase(root, commit) ?? commit;

/** The point where HEAD left `ref`, or the default branch: on that branch it is HEAD itself, so that what is not committed counts. */
export function findComparedCommit(root: string, ref?: string): string | undefined {
  if (ref !== undefined) {
    const commit = resolveCommit(root, ref);
    return commit && leave(root, commit);
  }
  for (const name of defaultBranches) {
    const commit = resolveCommit(root, name);
    if (commit) return leave(root, commit);
  }
  return resolveCommit(root, 'HEAD');
}
