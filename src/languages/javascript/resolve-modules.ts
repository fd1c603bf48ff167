import { builtinModules } from 'node:module';
import { posix } from 'node:path';
import { parse as parseJsonc } from 'jsonc-parser';
import type { PackageManifest } from '../../facts.ts';
import type { FileAccess } from '../language.ts';
import { Builds } from './builds/index.ts';
import { startFolderMark } from './start-folder.ts';

/** Where an import leads: a file of the repository, a package, or nowhere that can be read. */
export type Resolution = { readonly path: string } | { readonly package: string; readonly subpath: string } | undefined;

const builtins = new Set(builtinModules);
const sourceExtensions = ['.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs', '.json', '.es6'];
/** TypeScript code imports its siblings by the name that they will have once compiled. */
const compiledTo: Readonly<Record<string, readonly string[]>> = {
  '.js': ['.ts', '.tsx'],
  '.mjs': ['.mts'],
  '.cjs': ['.cts'],
  '.jsx': ['.tsx'],
};

const compiledFolder = /^(?:dist|build|out|compiled)(?:\/src(?=\/))?(?:\/|$)/;

interface PathAlias {
  readonly prefix: string;
  readonly exact: boolean;
  readonly targets: readonly string[];
}

/** Node's and TypeScript's module resolution, as far as the repository's own files go. */
export class ModuleResolver {
  readonly #aliases = new Map<string, { base?: string; aliases: PathAlias[] }>();
  /** Resolutions by importing file; files of one folder share theirs. */
  readonly #found = new Map<string, Map<string, Resolution>>();
  readonly #foundIn = new Map<string, Map<string, Resolution>>();
  readonly #packageAliases = new Map<string, readonly PathAlias[]>();
  readonly #builds = new Map<string, Builds>();
  #byRoot?: ReadonlyMap<string, PackageManifest>;

  constructor(
    readonly files: FileAccess,
    readonly packages: ReadonlyMap<string, PackageManifest>,
  ) {}

  resolve(specifier: string, from: string): Resolution {
    const found = this.#found.get(from) ?? this.#openFolder(from);
    const known = found.get(specifier);
    if (known || found.has(specifier)) return known;
    const resolution = this.#resolve(specifier, posix.dirname(from));
    found.set(specifier, resolution);
    return resolution;
  }

  #openFolder(from: string): Map<string, Resolution> {
    const folder = posix.dirname(from);
    const found = this.#foundIn.get(folder) ?? new Map<string, Resolution>();
    this.#foundIn.set(folder, found);
    this.#found.set(from, found);
    return found;
  }

  /** The file that a path without its extension, or of its compiled form, stands for. */
  file(path: string): string | undefined {
    const normal = posix.normalize(path).replace(/\/$/, '').replace(/^\.\//, '');
    if (normal.startsWith('..')) return undefined;
    const extension = posix.extname(normal);
    if (extension && this.files.has(normal)) return normal;
    for (const source of compiledTo[extension] ?? []) {
      const candidate = normal.slice(0, -extension.length) + source;
      if (this.files.has(candidate)) return candidate;
    }
    for (const end of sourceExtensions) if (this.files.has(normal + end)) return normal + end;
    const index = normal === '.' || normal === '' ? 'index' : `${normal}/index`;
    for (const end of sourceExtensions) if (this.files.has(index + end)) return index + end;
    return this.files.has(normal) && !extension ? normal : undefined;
  }

  #resolve(specifier: string, folder: string): Resolution {
    if (specifier.startsWith('.') || specifier.startsWith('/')) {
      const target = posix.join(folder === '.' ? '' : folder, specifier);
      const path = specifier.startsWith('/') ? undefined : (this.file(target) ?? this.#template(target) ?? this.#uncompiled(target));
      return path === undefined ? undefined : { path };
    }
    if (specifier.startsWith(startFolderMark)) {
      const target = posix.join(this.startFolder(folder), specifier.slice(startFolderMark.length)).replace(/^\/+/, '');
      const path = this.file(target) ?? this.#uncompiled(target);
      return path === undefined ? undefined : { path };
    }
    const alias = this.#alias(specifier, folder);
    if (alias) return { path: alias };
    const plain = specifier.replace(/^node:/, '');
    const [first = '', second = ''] = plain.split('/');
    const name = first.startsWith('@') ? `${first}/${second}` : first;
    const subpath = plain.slice(name.length + 1);
    if (builtins.has(name)) return { package: name, subpath };
    const workspace = this.packages.get(name);
    const inside = (workspace && this.#workspaceFile(workspace, subpath)) ?? this.#fromSearchPath(plain, name, folder);
    return inside ? { path: inside } : { package: name, subpath };
  }

  /** An ignored `config.js` that is copied from the committed `config.default.js` or `config.template.js`. */
  #template(target: string): string | undefined {
    const name = target.replace(/\.[cm]?[jt]s$/, '');
    return ['default', 'template', 'dist'].map((kind) => this.file(`${name}.${kind}`)).find(Boolean);
  }

  /** `require('./dist/server')` of a starter that is not compiled itself: the source of what the build writes there. */
  #uncompiled(target: string): string | undefined {
    const root = this.startFolder(posix.dirname(target));
    const within = root === '' ? target : target.slice(root.length + 1);
    const output = compiledFolder.exec(within);
    if (!output) return undefined;
    const rest = within.slice(output[0].length).replace(/\.[cm]?js$/, '');
    const name = rest || 'index';
    const candidates = [`src/${name}`, ...(rest.includes('/') ? [rest] : []), `lib/${name}`, `source/${name}`];
    return this.#buildsOf(root).sourceOf(target) ?? candidates.map((path) => this.file(posix.join(root, path))).find(Boolean);
  }

  #buildsOf(root: string): Builds {
    const known = this.#builds.get(root) ?? new Builds(root, this.#manifestAbove(root), this.#byRoot, this);
    this.#builds.set(root, known);
    return known;
  }

  /** Where a program whose files lie in `folder` is started: in its package. */
  startFolder(folder: string): string {
    return this.#manifestAbove(folder)?.root ?? '';
  }

  /** Packages that add folders to Node's search path (`rootpath`, `app-module-path`), and scripts that set `NODE_PATH`. */
  #fromSearchPath(specifier: string, name: string, folder: string): string | undefined {
    const manifest = this.#manifestAbove(folder);
    if (!manifest || manifest.dependencies[name] || manifest.devDependencies[name]) return undefined;
    const folders = searchPathOf(manifest);
    return folders.map((one) => this.file(posix.join(manifest.root, one, specifier))).find(Boolean);
  }

  #manifestAbove(folder: string): PackageManifest | undefined {
    if (!this.#byRoot) this.#byRoot = new Map([...this.packages.values()].map((manifest) => [manifest.root, manifest]));
    for (let at = folder === '.' ? '' : folder; ; at = at.includes('/') ? posix.dirname(at) : '') {
      const found = this.#byRoot.get(at);
      if (found || at === '') return found;
    }
  }

  #workspaceFile(manifest: PackageManifest, subpath: string): string | undefined {
    const at = (path: string): string | undefined => this.file(posix.join(manifest.root, path));
    const exported = exportedAs(manifest, subpath)
      .map((path) => at(path) ?? at(path.replace(builtInto, 'src/')))
      .find(Boolean);
    if (exported) return exported;
    if (subpath) return at(subpath) ?? at(`src/${subpath}`) ?? at(`lib/${subpath}`) ?? at(`src/lib/${subpath}`);
    const main = manifest.main?.path;
    return (
      (main && (at(main) ?? at(main.replace(builtInto, 'src/')))) || at('src/index') || at('index') || at('src/main') || at('lib/index')
    );
  }

  #alias(specifier: string, folder: string): string | undefined {
    const { base, aliases } = this.#configFor(folder);
    for (const { prefix, exact, targets } of aliases) {
      if (exact ? specifier !== prefix : !specifier.startsWith(prefix)) continue;
      for (const target of targets) {
        const found = this.file(exact ? target : filled(target, specifier.slice(prefix.length)));
        if (found) return found;
      }
    }
    const named = this.#packageAlias(specifier, folder) ?? this.#builtAlias(specifier, folder);
    if (named) return named;
    return base === undefined || /^(?:node:|@?[a-z0-9-]+$)/.test(specifier) ? undefined : this.file(posix.join(base, specifier));
  }

  /** Aliases of the package itself, whose paths may be those of what its build writes. */
  #packageAlias(specifier: string, folder: string): string | undefined {
    const manifest = this.#manifestAbove(folder);
    if (!manifest?.aliases) return undefined;
    const known = this.#packageAliases.get(manifest.root) ?? readPackageAliases(manifest);
    this.#packageAliases.set(manifest.root, known);
    for (const { prefix, exact, targets } of known) {
      if (exact ? specifier !== prefix : !specifier.startsWith(prefix)) continue;
      for (const target of targets) {
        const path = exact ? target : filled(target, specifier.slice(prefix.length));
        const found = this.file(path) ?? this.#uncompiled(path);
        if (found) return found;
      }
    }
    return undefined;
  }

  /** Aliases that a framework adds to the settings which it writes itself. */
  #builtAlias(specifier: string, folder: string): string | undefined {
    if (!/^[$~@#]/.test(specifier)) return undefined;
    const manifest = this.#manifestAbove(folder);
    if (!manifest) return undefined;
    for (const { dependency, prefix, targets } of builtAliases) {
      if (!prefix.test(specifier)) continue;
      if (!Object.hasOwn(manifest.dependencies, dependency) && !Object.hasOwn(manifest.devDependencies, dependency)) continue;
      const rest = specifier.replace(prefix, '');
      const found = targets.map((target) => this.file(posix.join(manifest.root, target, rest))).find(Boolean);
      if (found) return found;
    }
    return undefined;
  }

  /** Aliases of the nearest tsconfig.json or jsconfig.json at or above a folder. */
  #configFor(folder: string): { base?: string; aliases: PathAlias[] } {
    const known = this.#aliases.get(folder);
    if (known) return known;
    const at = folder === '.' ? '' : folder;
    const file = ['tsconfig.json', 'jsconfig.json', 'tsconfig.base.json']
      .map((name) => posix.join(at, name))
      .find((path) => this.files.has(path));
    const own = file ? this.#readConfig(file, 0) : undefined;
    const result = own ?? (at === '' ? { aliases: [] } : this.#configFor(posix.dirname(at) === '.' ? '' : posix.dirname(at)));
    this.#aliases.set(folder, result);
    return result;
  }

  #readConfig(path: string, depth: number): { base?: string; aliases: PathAlias[] } | undefined {
    const text = this.files.text(path);
    if (text === undefined || depth > 4) return undefined;
    const config = (parseJsonc(text, [], { allowTrailingComma: true }) ?? {}) as {
      extends?: unknown;
      compilerOptions?: { baseUrl?: unknown; paths?: Record<string, unknown> };
    };
    const options = config.compilerOptions ?? {};
    const folder = posix.dirname(path);
    const base = typeof options.baseUrl === 'string' ? posix.join(folder, options.baseUrl) : undefined;
    const aliases = Object.entries(options.paths ?? {}).flatMap(([pattern, targets]) =>
      Array.isArray(targets) ? [toAlias(pattern, targets, base ?? folder)] : [],
    );
    const parentPath =
      typeof config.extends === 'string' && config.extends.startsWith('.')
        ? this.file(posix.join(folder, config.extends.replace(/\.json$/, '.json')))
        : undefined;
    const parent = parentPath ? this.#readConfig(parentPath, depth + 1) : undefined;
    return { base: base ?? parent?.base, aliases: [...aliases, ...(parent?.aliases ?? [])] };
  }
}

const builtInto = /^(?:\.\/)?(?:dist|build|lib|out)\/(?:src\/)?/;

/** What `exports` of a package names for a subpath, types last: the source stands there, or what is built of it. */
function exportedAs({ exports }: PackageManifest, subpath: string): readonly string[] {
  const wanted = subpath ? `./${subpath}` : '.';
  for (const [key, files] of Object.entries(exports ?? {})) {
    const [before, after] = key.split('*', 2) as [string, string | undefined];
    const isPattern = after !== undefined && wanted.length > before.length + after.length;
    if (key !== wanted && !(isPattern && wanted.startsWith(before) && wanted.endsWith(after))) continue;
    const rest = isPattern ? wanted.slice(before.length, wanted.length - after.length) : '';
    const paths = files.map((path) => path.replaceAll('*', rest).replace(/\.d\.([cm]?ts)$/, '.$1'));
    return paths.filter((path) => /^\.?\/?[\w@]/.test(path));
  }
  return [];
}

/** By the documentation of SvelteKit and of Nuxt. */
const builtAliases: readonly { readonly dependency: string; readonly prefix: RegExp; readonly targets: readonly string[] }[] = [
  { dependency: '@sveltejs/kit', prefix: /^\$lib(?=\/|$)/, targets: ['src/lib'] },
  { dependency: 'nuxt', prefix: /^(?:~~|@@)\//, targets: [''] },
  { dependency: 'nuxt', prefix: /^[~@]\//, targets: ['', 'app', 'src'] },
  { dependency: 'nuxt', prefix: /^#shared\//, targets: ['shared'] },
];
const searchPathPackages = ['rootpath', 'app-module-path'];

function searchPathOf({ dependencies, scripts }: PackageManifest): readonly string[] {
  const set = Object.values(scripts).flatMap(({ command }) => /\bNODE_PATH=["']?([\w./:-]+)/.exec(command)?.[1]?.split(':') ?? []);
  const added = searchPathPackages.some((name) => dependencies[name]) ? ['.', 'src', 'app'] : [];
  return [...new Set([...set.filter((folder) => !folder.startsWith('/')), ...added])];
}

/** Longer names first: `@core/db` before `@core`. */
const readPackageAliases = ({ root, aliases = {} }: PackageManifest): readonly PathAlias[] =>
  Object.entries(aliases)
    .map(([pattern, targets]) => toAlias(pattern, targets, root))
    .sort((a, b) => b.prefix.length - a.prefix.length);

/** `./app/models/*.js`: what an alias stands for may go on behind the star. */
const filled = (target: string, rest: string): string => (target.includes('*') ? target.replace('*', () => rest) : target + rest);

const toAlias = (pattern: string, targets: readonly unknown[], base: string): PathAlias => ({
  prefix: pattern.replace(/\*$/, ''),
  exact: !pattern.endsWith('*'),
  // The bare `*` stands for what lies below the base.
  targets: targets
    .filter((target): target is string => typeof target === 'string')
    .map((target) => posix.join(base, target === '*' ? './' : target.replace(/\*$/, ''))),
});
