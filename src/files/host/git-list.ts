/** Lists a work tree with `git ls-files`. */
import { findTarget } from './find-root.ts';
import { runGit, startGit } from './run-git.ts';

export interface GitListing {
  /** Tracked files that are still there, and untracked ones that .gitignore does not exclude. */
  readonly paths: readonly string[];
  /** Those that were removed from the disk included. */
  readonly tracked: ReadonlySet<string>;
  /** Paths that git knows to be symbolic links, and untracked ones, which may be. */
  readonly maybeLinks: readonly string[];
  /** Folders that belong to another repository (submodules). */
  readonly submodules: readonly string[];
}

const listFiles = ['ls-files', '--cached', '--others', '--deleted', '--exclude-standard', '--stage', '-t', '-z'];

/** `undefined` when there is no git, no work tree, or git refuses (foreign owner, damaged index). */
export function listByGit(root: string): GitListing | undefined {
  const output = runGit(root, listFiles);
  return output && readListing(output.toString('utf8'));
}

/** Starts git on the repository of these paths while the analyser is still being loaded; wrong paths are somebody else's to tell. */
export async function startListing(paths: readonly string[]): Promise<void> {
  try {
    await startGit(findTarget(paths.length > 0 ? paths : ['.']).root, listFiles);
  } catch {}
}

/** Entries are `H 100644 <object> 0<TAB>path` for tracked files, the same with `R` once more where one was deleted, and `? path` for others, each ended by NUL. */
function readListing(output: string): GitListing {
  const tracked = new Set<string>();
  const deleted = new Set<string>();
  const others: string[] = [];
  const maybeLinks: string[] = [];
  const submodules: string[] = [];
  for (const entry of output.split('\0')) {
    if (entry === '') continue;
    if (entry.startsWith('? ')) {
      const path = entry.slice(2);
      if (path.endsWith('/')) submodules.push(path.slice(0, -1));
      else others.push(path);
      continue;
    }
    const path = entry.slice(entry.indexOf('\t') + 1);
    if (entry.startsWith('R ')) {
      deleted.add(path);
      continue;
    }
    const mode = entry.slice(2, 8);
    if (mode === '160000') submodules.push(path);
    else tracked.add(path);
    if (mode === '120000') maybeLinks.push(path);
  }
  const present = [...tracked].filter((path) => !deleted.has(path));
  return { paths: [...present, ...others].sort(), tracked, maybeLinks: [...maybeLinks, ...others], submodules };
}

/** `undefined` when there is no git. */
export const gitVersion = (): string | undefined => runGit(undefined, ['--version'])?.toString('utf8').trim();
