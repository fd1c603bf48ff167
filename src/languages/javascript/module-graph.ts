import { posix } from 'node:path';
import type { Modules } from './modules.ts';

/** The modules that a program loads, breadth first from its entries. */
export class ModuleGraph {
  readonly #importers = new Map<string, Set<string>>();
  /** In the order in which they were reached. */
  readonly reached: string[] = [];
  /** Specifiers of the repository's own files that lead nowhere. */
  readonly unresolved: { from: string; specifier: string }[] = [];

  constructor(
    readonly modules: Modules,
    /** Files that are never entered: tests, browser code. */
    readonly excluded: (path: string, from: string | undefined) => boolean,
  ) {}

  follow(entries: readonly string[]): void {
    const queue = [...entries];
    const seen = new Set<string>(this.reached);
    for (let path = queue.shift(); path !== undefined; path = queue.shift()) {
      if (seen.has(path)) continue;
      seen.add(path);
      if (path.endsWith('.json')) continue;
      this.reached.push(path);
      for (const target of this.#targets(path)) {
        this.#importers.set(target, (this.#importers.get(target) ?? new Set()).add(path));
        if (!seen.has(target) && !this.excluded(target, path)) queue.push(target);
      }
    }
  }

  importersOf(path: string): readonly string[] {
    return [...(this.#importers.get(path) ?? [])];
  }

  #targets(path: string): string[] {
    const outline = this.modules.outline(path);
    if (outline.browser) return [];
    const imports = outline.matters ? this.modules.summary(path)?.imports : undefined;
    const targets: string[] = [];
    for (const { specifier, how } of imports ?? outline.specifiers.map((specifier) => ({ specifier, how: 'import' as const }))) {
      if (how === 'folder') targets.push(...this.#folder(posix.join(posix.dirname(path), specifier), path));
      else {
        const resolution = this.modules.resolver.resolve(specifier, path);
        if (resolution && 'path' in resolution) targets.push(resolution.path);
        else if (!resolution && specifier.startsWith('.')) this.unresolved.push({ from: path, specifier });
      }
    }
    return targets;
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
