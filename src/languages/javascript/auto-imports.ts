import { posix } from 'node:path';
import type { FileAccess } from '../language.ts';

const settings = ['nuxt.config.ts', 'nuxt.config.js', 'nuxt.config.mjs', 'nitro.config.ts', 'nitro.config.js', 'nitro.config.mjs'];
const exportedName = /\bexport\s+(?:default\s+)?(?:async\s+)?(?:const|let|var|function\*?|class)\s+([A-Za-z_$][\w$]*)/g;
const maximumFiles = 500;
const none: ReadonlyMap<string, string> = new Map();

/** Names that Nitro and Nuxt import by themselves: what the modules below `server/utils` export (nitro.build, "Auto Imports"). */
export class AutoImports {
  /** Modules by name, for each `server` folder. */
  readonly #folders = new Map<string, ReadonlyMap<string, string>>();

  constructor(readonly files: FileAccess) {}

  /** The module that a name without a declaration stands for. */
  moduleOf(name: string, from: string): string | undefined {
    const end = from.startsWith('server/') ? 0 : from.indexOf('/server/');
    if (end < 0) return undefined;
    const folder = from.slice(0, end === 0 ? 6 : end + 7);
    let names = this.#folders.get(folder);
    if (!names) {
      names = this.#read(folder);
      this.#folders.set(folder, names);
    }
    return names.get(name);
  }

  #read(folder: string): ReadonlyMap<string, string> {
    const above = posix.dirname(folder);
    const roots = above === '.' ? [''] : [above, ...(posix.basename(above) === 'src' ? [posix.dirname(above)] : [])];
    const isNitro = roots.some((root) => settings.some((file) => this.files.has(root === '' || root === '.' ? file : `${root}/${file}`)));
    if (!isNitro) return none;
    const names = new Map<string, string>();
    const modules = this.files
      .under(`${folder}/utils`)
      .filter((path) => /\.[cm]?[jt]s$/.test(path) && !/\.(?:d|test|spec)\.[cm]?ts$/.test(path));
    for (const path of modules.slice(0, maximumFiles))
      for (const match of (this.files.text(path) ?? '').matchAll(exportedName)) if (!names.has(match[1]!)) names.set(match[1]!, path);
    return names;
  }
}
