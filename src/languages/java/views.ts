/** What a file declares as recognisers see it. Programs that share a module share its views, and what is found in them. */
import type { FileAccess } from '../language.ts';
import type { CallView, MethodView, TypeView } from './names.ts';
import type { JavaFile, Method, Type } from './summary.ts';

export interface FileViews {
  readonly path: string;
  readonly file: JavaFile;
  readonly types: readonly TypeView[];
  readonly methods: readonly MethodView[];
  readonly calls: readonly CallView[];
  /** What has been found in the file, by the number of what looked for it. */
  readonly found: (readonly unknown[] | undefined)[];
}

export const idOf = (path: string, type: Type, { name, at }: Method): string => `${path}#${type.name}.${name}:${at[0]}`;

function makeViews(path: string, file: JavaFile): FileViews {
  const types = file.types.map(
    (type): TypeView => ({ path, file, type, name: file.package === '' ? type.name : `${file.package}.${type.name}` }),
  );
  const methods = types.flatMap(({ type, name }) =>
    type.methods.map((method): MethodView => ({ path, file, type, name, method, id: idOf(path, type, method) })),
  );
  const calls = methods.flatMap(({ type, name, method, id }) =>
    method.calls.map((call): CallView => ({ path, file, type, name, method, id, call })),
  );
  return { path, file, types, methods, calls, found: [] };
}

const knownIn = new WeakMap<FileAccess, WeakMap<JavaFile, FileViews>>();

/** Views live as long as the run whose files they show: sessions keep the files alone. */
export function viewsOf(path: string, file: JavaFile, run: FileAccess): FileViews {
  const known = knownIn.get(run) ?? new WeakMap<JavaFile, FileViews>();
  knownIn.set(run, known);
  const views = known.get(file) ?? makeViews(path, file);
  known.set(file, views);
  return views;
}

let searches = 0;

/** What files show by themselves, found once in each for all programs that hold it. Asked for each file by each recogniser: kept in a list. */
export function inFiles<T>(find: (file: FileViews) => readonly T[]): (program: { readonly files: readonly FileViews[] }) => readonly T[] {
  const search = searches++;
  return ({ files }) => {
    const all: T[] = [];
    for (const file of files) {
      file.found[search] ??= find(file);
      for (const one of file.found[search] as readonly T[]) all.push(one);
    }
    return all;
  };
}
