/** Follows what a program loads, from its entries on. */
import { folderOf, type Modules, type Resolution } from './modules.ts';
import type { ImportSummary } from './summary.ts';

const mostFiles = 4000;
/** Code that no server process loads. */
const excluded =
  /(?:^|\/)(?:tests?|testing|migrations|alembic|versions|node_modules|site-packages|\.?venv|env|docs)\/|(?:^|\/)(?:test_[^/]*|[^/]*_tests?|tests?|conftest|setup|noxfile|fabfile|tasks_dev)\.py$/;

export class ModuleGraph {
  readonly modules: Modules;
  readonly root: string;
  readonly #reached = new Set<string>();
  /** Something that it loads could not be found. */
  complete = true;

  constructor(modules: Modules, root: string) {
    this.modules = modules;
    this.root = root;
  }

  /** In order of reach. */
  get reached(): readonly string[] {
    return [...this.#reached];
  }
  has(path: string): boolean {
    return this.#reached.has(path);
  }

  isExcluded(path: string): boolean {
    const inside = this.root !== '' && path.startsWith(`${this.root}/`) ? path.slice(this.root.length + 1) : path;
    // Beside an `__init__.py` it is a module of a package that happens to have this name.
    const isModule = /\/setup\.py$/.test(inside) && this.modules.summary(`${folderOf(path)}/__init__.py`) !== undefined;
    return excluded.test(inside) && !isModule;
  }

  follow(entries: readonly string[]): void {
    const queue = [...entries];
    for (let path = queue.shift(); path !== undefined; path = queue.shift()) {
      if (this.#reached.has(path)) continue;
      if (this.#reached.size >= mostFiles) {
        this.complete = false;
        return;
      }
      this.#reached.add(path);
      const summary = this.modules.summary(path);
      if (!summary) this.complete = false;
      queue.push(...this.#packagesAbove(path));
      for (const one of summary?.imports ?? []) queue.push(...this.filesOf(one, path).filter((file) => !this.isExcluded(file)));
    }
  }

  /** `a/__init__.py` runs before `a/b.py`. */
  #packagesAbove(path: string): readonly string[] {
    const found: string[] = [];
    for (let folder = folderOf(path); folder !== ''; folder = folderOf(folder)) {
      const above = this.modules.resolve('.', `${folder}/x.py`);
      if (!above || !('path' in above)) break;
      if (above.path !== path) found.push(above.path);
    }
    return found;
  }

  /** Files that an import loads. */
  filesOf({ module, names, tried }: ImportSummary, from: string): readonly string[] {
    const target = this.modules.resolve(module, from);
    // Made by a build, or optional.
    if (target === undefined && !tried && !/(?:^|[._])version(?:$|[._])/.test(module)) this.complete = false;
    const found = pathsOf(target);
    for (const { name } of names ?? []) {
      const below = name === '*' || !target || 'package' in target ? undefined : this.modules.below(target, name);
      found.push(...pathsOf(below));
    }
    if (!names && target && 'path' in target) return [...found, ...this.#between(module, from)];
    return found;
  }

  /** `import a.b.c` loads `a` and `a.b`, too. */
  #between(module: string, from: string): readonly string[] {
    const parts = module.split('.');
    return parts.slice(1).flatMap((_, index) => pathsOf(this.modules.resolve(parts.slice(0, index + 1).join('.'), from)));
  }
}

const pathsOf = (resolution: Resolution): string[] => (resolution && 'path' in resolution ? [resolution.path] : []);
