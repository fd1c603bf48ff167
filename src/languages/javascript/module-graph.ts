import { posix } from 'node:path';
import type { Steps } from '../../steps.ts';
import { findDockerIgnore } from '../../text/ignore-patterns.ts';
import type { Modules } from './modules.ts';
import { startFolderMark } from './start-folder.ts';
import type { Guard } from './summary.ts';

const globLibraries = new Set(['glob', 'globby', 'fast-glob', 'tiny-glob', 'tinyglobby', 'glob-promise']);
const maxRounds = 3;
const source = /\.[cm]?[jt]s$/;
/** Data, and what a bundler turns into browser code. */
const noModule = /\.(?:json|svelte|vue|astro|marko|mdx?|s?css|sass|less|styl|html?|svg|graphqls?|gql|wasm|node|sql|txt|ya?ml|ejs|hbs|pug)$/;

/** A module that loads another. */
export interface Importer {
  readonly path: string;
  readonly when?: readonly Guard[];
}
interface Target {
  readonly target: string;
  readonly when: readonly Guard[] | undefined;
}

/** The modules that a program loads, breadth first from its entries. */
export class ModuleGraph {
  readonly #importers = new Map<string, Importer[]>();
  /** In the order in which they were reached. */
  readonly reached: string[] = [];
  /** Specifiers of the repository's own files that lead nowhere. */
  readonly unresolved: { from: string; specifier: string }[] = [];

  constructor(
    readonly modules: Modules,
    /** Files that are never entered: tests, browser code. */
    readonly excluded: (path: string, from: string | undefined) => boolean,
  ) {}

  *follow(entries: readonly string[]): Steps<void> {
    yield* this.#walk(entries);
    // Modules that a list of globs names may name more of them.
    for (let round = 0; round < maxRounds; round++) {
      const known = new Set(this.reached);
      const more = this.#globbed().filter((path) => !known.has(path) && !this.excluded(path, undefined));
      if (more.length === 0) return;
      yield* this.#walk(more);
    }
  }

  *#walk(entries: readonly string[]): Steps<void> {
    const queue = [...entries];
    const seen = new Set<string>(this.reached);
    for (let path = queue.shift(); path !== undefined; path = queue.shift()) {
      if (seen.has(path)) continue;
      seen.add(path);
      if (noModule.test(path)) continue;
      this.reached.push(path);
      yield;
      for (const { target, when } of this.#targets(path)) {
        const importer: Importer = when ? { path, when } : { path };
        const known = this.#importers.get(target);
        if (known) known.push(importer);
        else this.#importers.set(target, [importer]);
        if (!seen.has(target) && !this.excluded(target, path)) queue.push(target);
      }
    }
  }

  /** Who loads a module, and under which conditions; none for entries. */
  importersOf(path: string): readonly Importer[] {
    return this.#importers.get(path) ?? [];
  }

  #targets(path: string): Target[] {
    const outline = this.modules.outline(path);
    if (outline.browser) return [];
    const imports = outline.matters ? this.modules.summary(path)?.imports : undefined;
    const targets: Target[] = [];
    for (const { specifier, how, when } of imports ??
      outline.specifiers.map((specifier) => ({ specifier, how: 'import' as const, when: undefined }))) {
      if (how === 'folder') targets.push(...this.#folder(this.#folderNamed(specifier, path), path).map((target) => ({ target, when })));
      else {
        const resolution = this.modules.resolver.resolve(specifier, path);
        if (resolution && 'path' in resolution) targets.push({ target: resolution.path, when });
        else if (!resolution && specifier.startsWith('.')) this.unresolved.push({ from: path, specifier });
      }
    }
    return targets;
  }

  #folderNamed(specifier: string, from: string): string {
    const folder = posix.dirname(from);
    return specifier.startsWith(startFolderMark)
      ? posix.join(this.modules.resolver.startFolder(folder), specifier.slice(startFolderMark.length))
      : posix.join(folder, specifier);
  }

  /** Files that the globs of the program name, where it loads what a glob library finds. */
  #globbed(): readonly string[] {
    const outlines = this.reached.map((path) => ({ path, outline: this.modules.outline(path) }));
    if (!outlines.some(({ outline }) => outline.specifiers.some((specifier) => globLibraries.has(specifier)))) return [];
    return outlines.flatMap(({ path, outline: { globs } }) => {
      if (globs.length === 0) return [];
      const root = this.modules.resolver.startFolder(posix.dirname(path));
      const patterns = globs.map((glob) => glob.replace(/^(?:\.{0,2}\/)+/, ''));
      const isNamed = (file: string) => findDockerIgnore(patterns, root ? file.slice(root.length + 1) : file) !== undefined;
      return this.modules.files.under(root).filter((file) => source.test(file) && isNamed(file));
    });
  }

  #folder(folder: string, from: string): string[] {
    const base = folder.replace(/^\.?\/?/, '').replace(/\/$/, '');
    const wide = base === '' || base === posix.dirname(posix.dirname(from));
    return this.modules.files
      .under(base)
      .filter(
        (path) =>
          /\.[cm]?[jt]s$/.test(path) &&
          !path.endsWith('.d.ts') &&
          (!wide || posix.dirname(path) === base || (base === '' && !path.includes('/'))),
      );
  }
}
