import type { FileAccess } from '../../language.ts';
import type { ProgramView } from '../recogniser.ts';

/** What a look at the text of a file tells, found once for all programs that hold the file. */
export function oncePerFile<T>(see: (text: string) => T): (program: ProgramView, path: string) => T {
  const known = new WeakMap<FileAccess, Map<string, T>>();
  return (program, path) => {
    const { files } = program.evaluator.graph;
    const seen = known.get(files) ?? new Map<string, T>();
    known.set(files, seen);
    const before = seen.get(path);
    if (before !== undefined) {
      files.touch?.(path);
      return before;
    }
    const found = see(program.text(path) ?? '');
    seen.set(path, found);
    return found;
  };
}
