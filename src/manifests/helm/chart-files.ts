/** Files of charts, also of those that are packed: an archive stands as a folder of its name. */
import type { ExpanderFiles } from '../../types.ts';

const archive = /^(.*?\.(?:tgz|tar\.gz))\/(.+)$/;
export const isArchive = (path: string): boolean => /\.(?:tgz|tar\.gz)$/.test(path);
/** The archive that a path leads into. */
export const archiveOf = (path: string): string | undefined => archive.exec(path)?.[1];

/** Archives of one chart and those below it. */
const maxArchives = 50;

export class ChartFiles {
  readonly #files: ExpanderFiles;
  readonly #archives = new Map<string, ReadonlyMap<string, string> | undefined>();

  constructor(files: ExpanderFiles) {
    this.#files = files;
  }

  has(path: string): boolean {
    return this.#packed(path)?.texts.has(this.#packed(path)!.path) ?? this.#files.has(path);
  }

  under(folder: string): readonly string[] {
    const packed = this.#packed(`${folder}/x`);
    if (!packed) return this.#files.under(folder);
    const prefix = packed.path.slice(0, -1);
    return [...packed.texts.keys()]
      .filter((path) => path.startsWith(prefix))
      .map((path) => `${packed.archive}/${path}`)
      .sort();
  }

  text(path: string): string | undefined {
    const packed = this.#packed(path);
    return packed ? packed.texts.get(packed.path) : this.#files.text(path);
  }

  /** Folders of charts in an archive. */
  chartsIn(path: string): readonly string[] {
    const charts = [...(this.#open(path)?.keys() ?? [])].flatMap((one) => /^([^/]+)\/Chart\.yaml$/.exec(one)?.[1] ?? []);
    return charts.sort().map((name) => `${path}/${name}`);
  }

  #packed(path: string): { archive: string; path: string; texts: ReadonlyMap<string, string> } | undefined {
    const found = archive.exec(path);
    const texts = found ? this.#archives.get(found[1]!) : undefined;
    return found && texts ? { archive: found[1]!, path: found[2]!, texts } : undefined;
  }

  #open(path: string): ReadonlyMap<string, string> | undefined {
    if (!this.#archives.has(path)) {
      if (this.#archives.size >= maxArchives) return undefined;
      this.#archives.set(path, this.#files.archive?.(path));
    }
    return this.#archives.get(path);
  }
}
