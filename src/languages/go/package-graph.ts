/** Follows what a program loads: its package, and the packages of the repository that it imports. */
import type { FileSummary, ImportSummary } from './summary.ts';
import { folderOf, type Workspace } from './workspace.ts';

const mostFiles = 4000;

/** What a package binds to its names, over all of its files. */
export interface PackageIndex {
  readonly name: string;
  /** Ids of functions without a receiver. */
  readonly functions: ReadonlyMap<string, string>;
  /** Ids of types. */
  readonly types: ReadonlyMap<string, string>;
  /** Ids of methods by type and name: `Shop.Open`. */
  readonly methods: ReadonlyMap<string, string>;
}

export class PackageGraph {
  readonly workspace: Workspace;
  readonly #packages = new Map<string, readonly string[]>();
  readonly #indexes = new Map<string, PackageIndex>();
  readonly #imports = new Map<string, ReadonlyMap<string, string>>();
  #names: ReadonlySet<string> | undefined;
  /** Everything that it loads was found and read. */
  complete = true;

  constructor(workspace: Workspace) {
    this.workspace = workspace;
  }

  /** In order of reach. */
  get reached(): readonly string[] {
    return [...this.#packages.values()].flat();
  }
  get folders(): readonly string[] {
    return [...this.#packages.keys()];
  }
  filesOf(folder: string): readonly string[] {
    return this.#packages.get(folder) ?? [];
  }
  summary(path: string): FileSummary | undefined {
    return this.workspace.summary(path);
  }

  /** Code of a function that nothing names. */
  isDead(path: string, within: number | undefined): boolean {
    const functions = this.summary(path)?.functions ?? [];
    let at = within;
    for (let steps = 0; at !== undefined && functions[at]?.parent !== undefined && steps < 20; steps++) at = functions[at]?.parent;
    const own = at === undefined ? undefined : functions[at];
    if (!own || own.name === '' || /^(?:main|init)$/.test(own.name)) return false;
    this.#names ??= new Set(this.reached.flatMap((one) => this.summary(one)?.names ?? []));
    return own.receiver === undefined && !this.#names.has(own.name);
  }

  follow(folder: string): void {
    const queue = [folder];
    let count = 0;
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      if (this.#packages.has(next)) continue;
      const files = this.#load(next, next === folder);
      this.#packages.set(next, files);
      count += files.length;
      if (count > mostFiles) {
        this.complete = false;
        return;
      }
      for (const path of files) queue.push(...this.#importedFolders(path));
    }
  }

  #load(folder: string, isMain: boolean): readonly string[] {
    return this.workspace.filesIn(folder).filter((path) => {
      const summary = this.workspace.summary(path);
      if (!summary && !this.workspace.isSkipped(path)) this.complete = false;
      return summary !== undefined && summary.excluded !== true && (isMain ? summary.package === 'main' : summary.package !== 'main');
    });
  }

  #importedFolders(path: string): readonly string[] {
    return (this.summary(path)?.imports ?? []).flatMap((one) => {
      const found = this.workspace.folderOf(one.path);
      // A package of the repository that is not here is made by a build.
      if (found === undefined && this.workspace.isOwn(one.path)) this.complete = false;
      return found === undefined ? [] : [found];
    });
  }

  index(folder: string): PackageIndex {
    const known = this.#indexes.get(folder) ?? this.#build(folder);
    this.#indexes.set(folder, known);
    return known;
  }

  #build(folder: string): PackageIndex {
    const functions = new Map<string, string>();
    const types = new Map<string, string>();
    const methods = new Map<string, string>();
    let name = '';
    for (const path of this.filesOf(folder)) {
      const summary = this.summary(path);
      name ||= summary?.package ?? '';
      for (const [index, own] of (summary?.functions ?? []).entries()) {
        if (own.name === '') continue;
        const id = `${path}#${index}`;
        const type = own.receiver && typeName(own.receiver.type);
        if (type === undefined) functions.set(own.name, id);
        else methods.set(`${type}.${own.name}`, id);
      }
      for (const [index, own] of (summary?.types ?? []).entries()) types.set(own.name, `${path}#${index}`);
    }
    return { name, functions, types, methods };
  }

  /** The import that a file binds to a name. */
  importNamed(name: string, path: string): string | undefined {
    let known = this.#imports.get(path);
    if (!known) {
      known = new Map((this.summary(path)?.imports ?? []).map((one) => [this.#boundName(one), one.path]));
      this.#imports.set(path, known);
    }
    return known.get(name);
  }

  /** What an import is called where no name is given: what its package calls itself, else what its path suggests. */
  #boundName({ path, as }: ImportSummary): string {
    if (as !== undefined) return as;
    const folder = this.workspace.folderOf(path);
    const own = folder === undefined ? '' : this.index(folder).name;
    return own || usualName(path);
  }
}

/** `github.com/labstack/echo/v4` is `echo`, `gopkg.in/yaml.v3` is `yaml`, `github.com/nats-io/nats.go` is `nats`. */
function usualName(path: string): string {
  const parts = path.split('/');
  const last = /^v\d+$/.test(parts.at(-1) ?? '') && parts.length > 1 ? parts.at(-2)! : parts.at(-1)!;
  return last
    .replace(/\.v\d+$/, '')
    .replace(/^go-|[.-]go$/g, '')
    .replace(/^.*-(?=\w)/, '');
}

export const typeName = (type: FileSummary['types'][number]['of']): string | undefined =>
  type?.is === 'name' ? type.name : type?.is === 'index' ? typeName(type.of) : undefined;

export const packageOf = folderOf;
