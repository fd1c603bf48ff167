/** Which folder an import means: the modules of a workspace, and what replaces others. */
import { readGoModule } from '../../text/go-module.ts';
import type { FileAccess } from '../language.ts';
import { isNamedForOthers } from './build-constraints.ts';
import { packGo, unpackGo } from './summarise.ts';
import type { FileSummary } from './summary.ts';

/** Part of the cache key: raise it when summaries change. */
const version = 2;

export const folderOf = (path: string): string => (path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '');
export const join = (folder: string, path: string): string => (folder === '' ? path : path === '' ? folder : `${folder}/${path}`);

/** `../shared` below a folder; `undefined` outside of the repository. */
function resolveFolder(folder: string, written: string): string | undefined {
  const parts = folder === '' ? [] : folder.split('/');
  for (const part of written.split('/')) {
    if (part === '..') {
      if (parts.pop() === undefined) return undefined;
    } else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts.join('/');
}

interface Module {
  readonly path: string;
  readonly folder: string;
}
/** Code of others, or of tests. */
const excluded = /(?:^|\/)(?:vendor|testdata|node_modules)\/|(?:^|\/)[_.][^/]*\//;
/** Made from descriptions of messages: large, and without anything of their own. */
const isMessages = (path: string): boolean =>
  /\.pb(?:\.gw)?\.go$|_easyjson\.go$|(?:^|\/)(?:mock_[^/]*|[^/]*_mock|[^/]*_string|bindata)\.go$/.test(path);
const longestGenerated = 300_000;
/** The mark that tools leave (go.dev/s/generatedcode). */
const generated = /^\/\/ Code generated .* DO NOT EDIT\.$/m;
const markWithin = 4_000;
const asks =
  /\b(?:sql|gorm|redis|mongo)\.Open\w*\(|\bsql\.Open|\bos\.(?:Getenv|LookupEnv|Create|OpenFile|WriteFile)\b|HandleFunc|ListenAndServe|\.(?:Handle|Methods)\(|(?<!Header|Query\(\))\.(?:GET|POST|PUT|PATCH|DELETE|Get|Post|Put|Patch|Delete)\((?:"|\w*[bB]ase\w*\s*\+|options\.)/;
/** Clients, models and mocks that a tool made: a program is written beside them, not in them. Routers and stores are read. */
const isMadeByTool = (text: string): boolean => generated.test(text.slice(0, markWithin)) && !asks.test(text);

export class Workspace {
  readonly #files: FileAccess;
  readonly #modules: readonly Module[];
  /** Where nothing names the modules: folders below this one. */
  readonly #unnamed: string | undefined;
  readonly #byFolder = new Map<string, string[]>();
  readonly #summaries = new Map<string, FileSummary | undefined>();
  readonly #skipped = new Set<string>();

  constructor(files: FileAccess, root: string) {
    this.#files = files;
    const home = findUpwards(files, root, 'go.mod');
    this.#modules = home === undefined ? [] : collectModules(files, home);
    this.#unnamed = home === undefined ? root : undefined;
    const folders = this.#unnamed === undefined ? this.#modules.map(({ folder }) => folder) : [this.#unnamed];
    for (const path of new Set(folders.flatMap((folder) => files.under(folder)))) this.#note(path);
  }

  #note(path: string): void {
    if (!path.endsWith('.go') || isNamedForOthers(path) || excluded.test(path)) return;
    const known = this.#byFolder.get(folderOf(path));
    if (known) known.push(path);
    else this.#byFolder.set(folderOf(path), [path]);
  }

  /** Files of the package in a folder that may belong to a program. */
  filesIn(folder: string): readonly string[] {
    return this.#byFolder.get(folder) ?? [];
  }
  get folders(): Iterable<string> {
    return this.#byFolder.keys();
  }

  /** The folder of a package of the repository; `undefined` for packages of others. */
  folderOf(importPath: string): string | undefined {
    if (this.#unnamed !== undefined) return this.#bySuffix(importPath, this.#unnamed);
    for (const { path, folder } of this.#modules) {
      if (importPath !== path && !importPath.startsWith(`${path}/`)) continue;
      const found = join(folder, importPath.slice(path.length + 1));
      if (this.#byFolder.has(found)) return found;
    }
    return undefined;
  }

  /** True when a package of the repository is meant. */
  isOwn(importPath: string): boolean {
    return this.#modules.some(({ path }) => importPath === path || importPath.startsWith(`${path}/`));
  }

  /** Programs from before modules: `github.com/shop/user/api` is the folder `api` here. */
  #bySuffix(importPath: string, root: string): string | undefined {
    const parts = importPath.split('/');
    if (!/\./.test(parts[0] ?? '')) return undefined;
    for (let start = 1; start < parts.length; start++) {
      const found = join(root, parts.slice(start).join('/'));
      if (this.#byFolder.has(found)) return found;
    }
    return undefined;
  }

  text(path: string): string | undefined {
    return this.#files.text(path);
  }

  summary(path: string): FileSummary | undefined {
    if (!this.#summaries.has(path)) this.#summaries.set(path, this.#read(path));
    return this.#summaries.get(path);
  }

  #read(path: string): FileSummary | undefined {
    if (isMessages(path) || (/\.gen\.go$|generated/.test(path) && (this.#files.text(path)?.length ?? 0) > longestGenerated))
      return undefined;
    const packed = this.#files.derive(path, `go:file:${version}`, (file) => (isMadeByTool(file.text) ? null : packGo(file)));
    if (packed === null) this.#skipped.add(path);
    return packed ? unpackGo(packed) : undefined;
  }

  /** A file that was left unread since it holds nothing but what a tool made. */
  isSkipped(path: string): boolean {
    return isMessages(path) || this.#skipped.has(path);
  }
}

function findUpwards(files: FileAccess, root: string, name: string): string | undefined {
  for (let folder = root; ; folder = folderOf(folder)) {
    if (files.has(join(folder, name))) return folder;
    if (folder === '') return undefined;
  }
}

/** The module of the program, those that stand in for others, and those of its workspace; longer paths first. */
function collectModules(files: FileAccess, home: string): readonly Module[] {
  const found: Module[] = [];
  const read = (folder: string, file: string) => readGoModule(files.text(join(folder, file)) ?? '');
  const add = (folder: string, depth: number): void => {
    if (depth > 3 || found.some((one) => one.folder === folder)) return;
    const { name, replaces } = read(folder, 'go.mod');
    if (name) found.push({ path: name.text, folder });
    for (const one of replaces) {
      const local = resolveFolder(folder, one.folder);
      if (local === undefined) continue;
      found.push({ path: one.path, folder: local });
      add(local, depth + 1);
    }
  };
  add(home, 0);
  const work = findUpwards(files, home, 'go.work');
  if (work !== undefined)
    for (const used of read(work, 'go.work').uses.slice(0, 200)) {
      const folder = resolveFolder(work, used);
      if (folder !== undefined) add(folder, 1);
    }
  return found.sort((a, b) => b.path.length - a.path.length);
}
