/** Lists a plain folder the way git would: nested .gitignore files are honoured, links are never followed. */
import { type Dirent, readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import fastGlob from 'fast-glob';
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

/** Reads folders for the walk: what .gitignore names never reaches it, so that ignored trees are not entered. */
class FolderReader {
  readonly links: string[] = [];
  readonly unreadable: string[] = [];
  truncated = false;
  readonly #unmatched: { path: string; isFolder: boolean }[] = [];
  #seen = 0;
  readonly #scopes = new Map<string, readonly Scope[]>();

  constructor(readonly root: string) {}

  /** Entries that count, folders among them. */
  readonly read = (directory: string): Dirent[] => {
    const folder = relative(this.root, directory).split(sep).join('/');
    const base = folder && `${folder}/`;
    const entries = this.#open(directory, folder);
    this.#seen += entries.length;
    if (this.#seen > maxEntries) this.truncated = true;
    if (this.truncated) return [];
    const inherited = this.#scopes.get(folder) ?? [];
    const own = entries.some(({ name }) => name === '.gitignore');
    const scopes = own ? [...inherited, { base, rules: ignore().add(readGitignore(join(directory, '.gitignore'))) }] : inherited;
    return entries.filter((entry) => this.#counts(entry, base + entry.name, scopes));
  };

  #open(directory: string, folder: string): Dirent[] {
    try {
      return readdirSync(directory, { withFileTypes: true });
    } catch {
      this.unreadable.push(folder);
      return [];
    }
  }

  #counts(entry: Dirent, path: string, scopes: readonly Scope[]): boolean {
    const isFolder = entry.isDirectory();
    if (isFolder ? skippedFolders.has(entry.name) : !entry.isFile() && !entry.isSymbolicLink()) return false;
    if (isIgnored(scopes, path, isFolder)) return false;
    if (isFolder) this.#scopes.set(path, scopes);
    if (entry.isSymbolicLink()) this.links.push(path);
    if (!/[\r\n]/.test(entry.name)) return true;
    this.#unmatched.push({ path, isFolder });
    return false;
  }

  /** Files whose path has a line break: no glob pattern matches one. */
  unmatched(): string[] {
    const files: string[] = [];
    for (let next = this.#unmatched.pop(); next; next = this.#unmatched.pop()) {
      const { path, isFolder } = next;
      if (isFolder)
        for (const entry of this.read(join(this.root, path)))
          this.#unmatched.push({ path: `${path}/${entry.name}`, isFolder: entry.isDirectory() });
      else files.push(path);
    }
    return files;
  }
}

/** `below` starts the walk in a folder of the root (`''`: the root itself). */
export function walkFolder(root: string, below = ''): FolderListing {
  const reader = new FolderReader(root);
  const found = fastGlob.sync('**/*', {
    cwd: join(root, below),
    dot: true,
    onlyFiles: false,
    objectMode: true,
    followSymbolicLinks: false,
    suppressErrors: true,
    fs: { readdirSync: reader.read as unknown as typeof readdirSync },
  });
  const prefix = below && `${below}/`;
  const matched = found.filter(({ dirent }) => !dirent.isDirectory()).map(({ path }) => prefix + path);
  const paths = [...matched, ...reader.unmatched()];
  return { paths: paths.sort(), links: reader.links.sort(), unreadable: reader.unreadable, truncated: reader.truncated };
}
