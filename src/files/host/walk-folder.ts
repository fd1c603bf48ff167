/** Lists a plain folder the way git would: nested .gitignore files are honoured, links are never followed. */
import { type Dirent, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ignore, { type Ignore } from 'ignore';

interface Scope {
  /** Folder of the .gitignore, with a trailing slash, or `''`. */
  readonly base: string;
  readonly rules: Ignore;
}
export interface FolderListing {
  readonly paths: readonly string[];
  readonly links: readonly string[];
  /** Folders that could not be opened. */
  readonly unreadable: readonly string[];
  /** True when the limit on entries was reached. */
  readonly truncated: boolean;
}

export const skippedFolders: ReadonlySet<string> = new Set(['node_modules', '.git', '.hg', '.svn', 'bower_components']);
const maxEntries = 1_000_000;

const readGitignore = (file: string): string => {
  try {
    return readFileSync(file, 'utf8').slice(0, 1_000_000);
  } catch {
    return '';
  }
};
const byName = (a: Dirent, b: Dirent): number => (a.name < b.name ? -1 : 1);

/** The nearest .gitignore that has an opinion decides, as in git. */
function isIgnored(scopes: readonly Scope[], path: string, folder: boolean): boolean {
  for (let i = scopes.length - 1; i >= 0; i--) {
    const { base, rules } = scopes[i]!;
    const relative = path.slice(base.length) + (folder ? '/' : '');
    if (!ignore.isPathValid(relative)) continue;
    const verdict = rules.test(relative);
    if (verdict.ignored) return true;
    if (verdict.unignored) return false;
  }
  return false;
}

/** `below` starts the walk in a folder of the root (`''`: the root itself). */
export function walkFolder(root: string, below = ''): FolderListing {
  const paths: string[] = [];
  const links: string[] = [];
  const unreadable: string[] = [];
  const stack: { folder: string; scopes: readonly Scope[] }[] = [{ folder: below ? `${below}/` : '', scopes: [] }];
  let seen = 0;
  for (let next = stack.pop(); next; next = stack.pop()) {
    const { folder } = next;
    let entries: Dirent[];
    try {
      entries = readdirSync(join(root, folder), { withFileTypes: true }).sort(byName);
    } catch {
      unreadable.push(folder.slice(0, -1));
      continue;
    }
    seen += entries.length;
    if (seen > maxEntries) return { paths: paths.sort(), links, unreadable, truncated: true };
    let { scopes } = next;
    if (entries.some(({ name }) => name === '.gitignore')) {
      scopes = [...scopes, { base: folder, rules: ignore().add(readGitignore(join(root, folder, '.gitignore'))) }];
    }
    for (const entry of entries) {
      const path = folder + entry.name;
      const isFolder = entry.isDirectory();
      if (isFolder && skippedFolders.has(entry.name)) continue;
      if (!isFolder && !entry.isFile() && !entry.isSymbolicLink()) continue;
      if (isIgnored(scopes, path, isFolder)) continue;
      if (isFolder) stack.push({ folder: `${path}/`, scopes });
      else paths.push(path);
      if (entry.isSymbolicLink()) links.push(path);
    }
  }
  return { paths: paths.sort(), links, unreadable, truncated: false };
}
