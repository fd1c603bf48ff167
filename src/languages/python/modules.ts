/** Which file a module's name means, and what each file says. */
import type { FileAccess } from '../language.ts';
import { summarisePython } from './summarise.ts';
import type { ModuleSummary } from './summary.ts';

/** Part of the cache key: raise it when summaries change. */
const version = 7;

export const folderOf = (path: string): string => (path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '');
export const join = (folder: string, path: string): string => (folder === '' ? path : path === '' ? folder : `${folder}/${path}`);

/** What an import leads to. */
export type Resolution =
  | { readonly path: string }
  /** A folder without `__init__.py`. */
  | { readonly folder: string }
  | { readonly package: string }
  | undefined;

/** Libraries after which people name a folder of their own. */
const libraries = new Set([
  'alembic',
  'tornado',
  'flask',
  'django',
  'fastapi',
  'aiohttp',
  'starlette',
  'celery',
  'redis',
  'sqlalchemy',
  'grpc',
  'kafka',
  'streamlit',
  'socketio',
]);

const mostExtensions = 100;

export class Modules {
  readonly #files: FileAccess;
  /** Folders from which absolute names are found, nearest first. */
  readonly roots: readonly string[];
  /** One object for each file: what expressions come to is kept by it. */
  readonly #summaries = new Map<string, ModuleSummary | undefined>();
  readonly #resolved = new Map<string, Resolution>();
  readonly #hasPython = new Map<string, boolean>();
  /** Folders of other packages of the repository that provide a name. */
  readonly #others: (top: string) => readonly string[];

  constructor(files: FileAccess, roots: readonly string[], others: (top: string) => readonly string[] = () => []) {
    this.#files = files;
    this.roots = roots;
    this.#others = others;
  }

  summary(path: string): ModuleSummary | undefined {
    if (!this.#summaries.has(path)) this.#summaries.set(path, this.#files.derive(path, `python:module:${version}`, summarisePython));
    return this.#summaries.get(path);
  }

  text(path: string): string | undefined {
    return this.#files.text(path);
  }

  /** `a.b` or `..a.b`, as written in the file `from`. */
  resolve(name: string, from: string): Resolution {
    const dots = /^\.*/.exec(name)![0].length;
    if (dots === 0) return this.#isItself(name, from) ? (this.#above(name, from) ?? { package: name }) : this.#absolute(name);
    let folder = folderOf(from);
    for (let level = 1; level < dots; level++) folder = folderOf(folder);
    const rest = name.slice(dots).replaceAll('.', '/');
    return this.#at(rest === '' ? folder : join(folder, rest));
  }

  /** `shop/celery.py` that imports `celery` means the library: nothing imports itself. A folder beside it comes before both. */
  #isItself(name: string, from: string): boolean {
    const own = join(folderOf(from), name.split('.', 1)[0]!);
    return from === `${own}.py` && !this.#files.has(`${own}/__init__.py`);
  }

  /** `shop/core/shop.py` that imports `shop.orders` means the package above it. */
  #above(name: string, from: string): Resolution {
    if (libraries.has(name.split('.', 1)[0]!)) return undefined;
    for (const root of this.roots) {
      const found = root === folderOf(from) ? undefined : this.#at(join(root, name.replaceAll('.', '/')));
      if (found && !('path' in found && found.path === from)) return found;
    }
    return undefined;
  }

  /** Modules and packages right below a folder. */
  namesBelow(folder: string): readonly string[] {
    const names = this.#files.under(folder).flatMap((path) => {
      const inside = path.slice(folder.length + 1);
      return /^[A-Za-z]\w*(?:\.py|\/__init__\.py)$/.exec(inside) ? [inside.replace(/(?:\.py|\/__init__\.py)$/, '')] : [];
    });
    return names.filter((name) => name !== '__init__').slice(0, mostExtensions);
  }

  /** A submodule of what `resolution` is. */
  below(resolution: Resolution, name: string): Resolution {
    if (!resolution) return undefined;
    if ('package' in resolution) return { package: `${resolution.package}.${name}` };
    const folder = 'folder' in resolution ? resolution.folder : packageFolder(resolution.path);
    return folder === undefined ? undefined : this.#at(join(folder, name));
  }

  #absolute(name: string): Resolution {
    if (!this.#resolved.has(name)) this.#resolved.set(name, this.#find(name));
    return this.#resolved.get(name);
  }

  #find(name: string): Resolution {
    const path = name.replaceAll('.', '/');
    const [top = ''] = name.split('.');
    for (const root of this.roots) {
      const found = this.#at(join(root, path));
      // A folder without `__init__.py` gives way to the installed library, as `alembic` with the migrations of a project does.
      if (found && !('folder' in found && libraries.has(name))) return found;
      // A package of the program that bears the name of a library, seen from a folder above it: `shop/tornado/server.py`.
      if (name.includes('.') && libraries.has(top)) continue;
      // The package is here, and lacks this module.
      if (this.#files.has(join(root, `${top}/__init__.py`)) || this.#files.has(join(root, `${top}.py`))) return undefined;
      if (name.includes('.') && this.#at(join(root, folderOf(path)))) return undefined;
    }
    for (const root of this.#others(top)) return this.#at(join(root, path));
    return { package: name };
  }

  #at(path: string): Resolution {
    if (path !== '' && this.#files.has(`${path}.py`) && !this.#files.has(`${path}/__init__.py`)) return { path: `${path}.py` };
    if (this.#files.has(join(path, '__init__.py'))) return { path: join(path, '__init__.py') };
    return path !== '' && this.#holdsPython(path) ? { folder: path } : undefined;
  }

  #holdsPython(folder: string): boolean {
    let known = this.#hasPython.get(folder);
    if (known === undefined) {
      known = this.#files.under(folder).some((path) => path.endsWith('.py'));
      this.#hasPython.set(folder, known);
    }
    return known;
  }
}

/** The folder whose submodules a package's `__init__.py` stands for. */
export const packageFolder = (path: string): string | undefined => (/(?:^|\/)__init__\.py$/.test(path) ? folderOf(path) : undefined);
