import type { Memory } from '../files/memory.ts';
import type { AnyFact, Expander, ExpanderFiles, NotAssessed, SourceFile } from '../types.ts';

/** What one chart or overlay comes to. */
export interface ExpandedRoot {
  readonly facts: readonly AnyFact[];
  readonly notAssessed: readonly NotAssessed[];
  readonly consumed: readonly string[];
  /** Sets that are judged. */
  readonly judged: readonly string[];
  /** Paths whose role was asked for, with the answer. */
  readonly leftOut: readonly (readonly [path: string, isLeftOut: boolean])[];
}

/** Files as an expander sees them, with a record of what it read. */
class RecordedFiles implements ExpanderFiles {
  readonly read = new Set<string>();
  /** Bytes of an archive are not followed between runs. */
  isWhole = true;
  constructor(
    readonly whole: ExpanderFiles,
    readonly memory: Memory,
  ) {}
  has(path: string): boolean {
    return this.memory.files.has(path);
  }
  under(folder: string): readonly string[] {
    return this.memory.files.under(folder);
  }
  text(path: string): string | undefined {
    this.read.add(path);
    return this.memory.files.text(path);
  }
  derive<T>(path: string, kind: string, make: (file: SourceFile) => T): T | undefined {
    this.read.add(path);
    return this.memory.files.derive(path, kind, make);
  }
  archive(path: string): ReadonlyMap<string, string> | undefined {
    this.isWhole = false;
    return this.whole.archive?.(path);
  }
}

/** What went wrong in this run and may go well in the next, with the same files. */
const isOfRun = ({ reason }: NotAssessed): boolean => reason === 'internal-error';

/** What a root came to last time is recalled, unless a file that it rests on, or what else its expander asks, has changed. */
export function rememberExpansion(
  { memory, files, isLeftOut }: { memory?: Memory; files: ExpanderFiles; isLeftOut: (path: string) => boolean },
  expander: Expander,
  root: string,
  expand: (files: ExpanderFiles) => ExpandedRoot,
): ExpandedRoot {
  const rest = memory && expander.restsOn?.(root, files);
  if (!memory || rest === undefined) return expand(files);
  const name = `expansion:${expander.id}:${root}:${rest}`;
  const saved = memory.recall(name) as ExpandedRoot | undefined;
  if (saved?.leftOut.every(([path, was]) => isLeftOut(path) === was)) return saved;
  const recorded = new RecordedFiles(files, memory);
  return memory.make(
    name,
    () => expand(recorded),
    (made) => (recorded.isWhole && !made.notAssessed.some(isOfRun) ? { modules: [...recorded.read], value: () => made } : undefined),
  );
}
