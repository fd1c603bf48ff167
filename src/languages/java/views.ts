/** What a file declares as recognisers see it. Programs that share a module share its views. */
import type { CallView, MethodView, TypeView } from './names.ts';
import type { JavaFile, Method, Type } from './summary.ts';

export interface FileViews {
  readonly types: readonly TypeView[];
  readonly methods: readonly MethodView[];
  readonly calls: readonly CallView[];
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
  return { types, methods, calls };
}

const known = new WeakMap<JavaFile, FileViews>();

export function viewsOf(path: string, file: JavaFile): FileViews {
  let views = known.get(file);
  if (!views) {
    views = makeViews(path, file);
    known.set(file, views);
  }
  return views;
}
