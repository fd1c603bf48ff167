/** Clients in objects of the program: `Map<String, Player> players`, where each player has the socket that it came by. */
import type { MethodView, TypeView } from '../names.ts';
import type { ProgramView } from '../recogniser.ts';
import type { Field } from '../summary.ts';
import { inFiles } from '../views.ts';

export interface Wrapped {
  readonly type: TypeView;
  readonly field: Field;
  readonly library: string;
}

const collections = inFiles(({ types }) =>
  types.flatMap((type) =>
    type.type.fields.flatMap((field) =>
      field.of !== undefined && /Map$|Set$|List$|Queue$|Collection$/.test(field.type)
        ? [{ type, field, words: field.of.match(/[A-Z]\w*/g) ?? [] }]
        : [],
    ),
  ),
);

/** What the objects of a collection hold: one connection each. */
export function wrappedClients(
  view: ProgramView,
  connectionIn: (written: string, type: TypeView) => string | undefined,
): readonly Wrapped[] {
  const libraries = new Map<TypeView['type'], string>();
  const names = new Set<string>();
  for (const type of view.types) {
    for (const field of type.type.fields) {
      const library = field.of === undefined && !field.modifiers.includes('static') ? connectionIn(field.type, type) : undefined;
      if (library === undefined) continue;
      libraries.set(type.type, library);
      names.add(type.type.name.slice(type.type.name.lastIndexOf('.') + 1));
    }
  }
  if (names.size === 0) return [];
  return collections(view).flatMap(({ type, field, words }) => {
    const word = words.find((one) => names.has(one));
    const held =
      word === undefined ? undefined : (view.names.find(type.file, word) ?? view.names.find(type.file, `${type.type.name}.${word}`));
    const library = held && libraries.get(held.type);
    return library ? [{ type, field, library }] : [];
  });
}

/** Whoever asks the holder for a client and sends to it. */
export const sendersBy = (reader: MethodView, view: ProgramView): readonly MethodView[] =>
  view.callsNamed(reader.method.name).filter((call) => {
    const owner = call.type === reader.type ? call : view.names.find(call.file, view.names.typeOf(call.call.on, call) ?? '');
    return (
      owner !== undefined &&
      (owner.type === reader.type || reader.type.interfaces.some((name) => view.names.find(reader.file, name)?.type === owner.type))
    );
  });
