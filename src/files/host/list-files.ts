/** Lists the files of a repository, with git where it can, and says which entries cannot be followed. */
import { realpathSync, statSync } from 'node:fs';
import type { NotAssessed } from '../../types.ts';
import { listByGit } from './git-list.ts';
import { judgeLink } from './links.ts';
import { skippedFolders, walkFolder } from './walk-folder.ts';

export interface Listing {
  /** Real path of the root. */
  readonly root: string;
  /** Sorted, relative to the root, with `/`. */
  readonly paths: readonly string[];
  /** Links to files inside the root, with the file that they lead to. */
  readonly aliases: ReadonlyMap<string, string>;
  /** `undefined` outside of git. */
  readonly tracked?: ReadonlySet<string>;
  readonly notAssessed: readonly NotAssessed[];
}
export interface ListOptions {
  readonly git: boolean;
  /** Folders or files that were asked for by name: listed even when .gitignore excludes them. */
  readonly wanted: readonly string[];
}

/** The place that stands for a whole file. */
export const fileStart = (path: string) => ({ path, line: 1, column: 1, endLine: 1, endColumn: 1 });

/** Git tells untracked files but not which are links: above this many only tracked links are looked at. */
const maxLinkLooks = 20_000;
const linkProblems = {
  outside: { reason: 'link-outside', message: 'The link leads out of the analysed folder and was not followed.' },
  loop: { reason: 'link-loop', message: 'The link leads back to itself or to a folder around it and was not followed.' },
  broken: { reason: 'link-broken', message: 'The link leads to nothing.' },
} as const;

/** False for what lies outside of the root, and for installed packages. */
export function isKept(path: string): boolean {
  if (path.startsWith('../') || path.startsWith('/')) return false;
  for (const folder of skippedFolders) if (path.startsWith(`${folder}/`) || path.includes(`/${folder}/`)) return false;
  return true;
}
const isInside = (path: string, folder: string): boolean => folder === '' || path === folder || path.startsWith(`${folder}/`);

interface RawListing {
  readonly paths: string[];
  readonly maybeLinks: readonly string[];
  readonly tracked?: ReadonlySet<string>;
  readonly notAssessed: NotAssessed[];
}

function listRaw(root: string, git: boolean, below = ''): RawListing {
  const byGit = git ? listByGit(root) : undefined;
  if (byGit) {
    const notAssessed = byGit.submodules.map((path) => ({
      reason: 'submodule',
      message: 'Another repository lives here; analyse it on its own.',
      place: fileStart(path),
      failed: false,
    }));
    return { paths: byGit.paths.filter(isKept), maybeLinks: byGit.maybeLinks, tracked: byGit.tracked, notAssessed };
  }
  const walked = walkFolder(root, below);
  const notAssessed: NotAssessed[] = walked.unreadable.map((path) => ({
    reason: 'unreadable',
    message: 'The folder could not be opened.',
    place: fileStart(path),
    failed: true,
  }));
  if (walked.truncated)
    notAssessed.push({ reason: 'too-many-files', message: 'Only the first million entries were listed.', failed: true });
  return { paths: [...walked.paths], maybeLinks: walked.links, notAssessed };
}

/** Throws when the root does not exist or is not a folder. */
export function listFiles(folder: string, options: ListOptions): Listing {
  const root = realpathSync(folder);
  if (!statSync(root).isDirectory()) throw Object.assign(new Error(`${folder} is not a folder`), { code: 'ENOTDIR' });
  const raw = listRaw(root, options.git);
  const paths = new Set(raw.paths);
  const maybeLinks = new Set(
    raw.maybeLinks.length > maxLinkLooks ? raw.maybeLinks.filter((path) => raw.tracked?.has(path)) : raw.maybeLinks,
  );
  for (const wanted of options.wanted) {
    if (wanted === '' || raw.paths.some((path) => isInside(path, wanted))) continue;
    const extra = walkFolder(root, wanted);
    for (const path of extra.paths) paths.add(path);
    for (const path of extra.links) maybeLinks.add(path);
  }
  const aliases = new Map<string, string>();
  const notAssessed = raw.notAssessed;
  for (const path of maybeLinks) {
    if (!paths.has(path)) continue;
    const verdict = judgeLink(root, path);
    if (verdict.is === 'not-a-link') continue;
    if (verdict.is === 'alias') {
      aliases.set(path, verdict.target);
      continue;
    }
    paths.delete(path);
    if (verdict.is !== 'folder') notAssessed.push({ ...linkProblems[verdict.is], place: fileStart(path), failed: false });
  }
  return { root, paths: [...paths].sort(), aliases, tracked: raw.tracked, notAssessed };
}
