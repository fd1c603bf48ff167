/** Collections that other classes change: `Rooms.getInstance().getRooms().put(…)`, `Registry.players.add(…)`. */

import type { CallView, TypeView } from '../names.ts';
import { annotationOf, type ProgramView } from '../recogniser.ts';
import type { Expression, Field } from '../summary.ts';
import { inFiles } from '../views.ts';

interface Outer {
  readonly field: string;
  readonly call: CallView;
  /** What is asked for the collection. */
  readonly owner: Expression | undefined;
  readonly isGetter: boolean;
}

/** `getRooms` → `rooms`. */
const fieldOf = (getter: string): string => `${getter.slice(3, 4).toLowerCase()}${getter.slice(4)}`;

const outerCalls = inFiles(({ calls }) =>
  calls.flatMap((call): readonly Outer[] => {
    const { on } = call.call;
    if (on?.is === 'call' && /^get[A-Z]/.test(on.name) && on.args.length === 0 && on.on)
      return [{ field: fieldOf(on.name), call, owner: on.on, isGetter: true }];
    if (on?.is === 'name' && on.path.length === 2 && /^[A-Z]/.test(on.path[0]!))
      return [{ field: on.path[1]!, call, owner: { ...on, path: [on.path[0]!] }, isGetter: false }];
    return [];
  }),
);
const byField = new WeakMap<ProgramView['files'], ReadonlyMap<string, readonly Outer[]>>();
function outerOf(program: ProgramView): ReadonlyMap<string, readonly Outer[]> {
  const known = byField.get(program.files);
  if (known) return known;
  const found = new Map<string, Outer[]>();
  for (const one of outerCalls(program)) {
    const same = found.get(one.field);
    if (same) same.push(one);
    else found.set(one.field, [one]);
  }
  byField.set(program.files, found);
  return found;
}

/** The type of what holds the collection: of a variable, or of what a static method of it returns. */
function ownerType({ call, owner }: Outer, { names }: ProgramView): TypeView | undefined {
  const written = names.typeOf(owner, call);
  if (written !== undefined) return names.find(call.file, written);
  if (owner?.is !== 'call' || owner.on?.is !== 'name') return undefined;
  const holder = names.find(call.file, owner.on.path.join('.'));
  const returns = holder?.type.methods.find(({ name }) => name === owner.name)?.returns;
  return holder && returns ? names.find(holder.file, returns) : undefined;
}

/** It has a getter that hands out the collection itself, or Lombok makes one. */
function isHandedOut({ type }: TypeView, field: Field): boolean {
  const getter = type.methods.find(
    ({ name, parameters }) => parameters.length === 0 && /^get[A-Z]/.test(name) && fieldOf(name) === field.name,
  );
  if (getter) return getter.calls.length === 0 && getter.creations.length === 0;
  return annotationOf(type, 'Getter', 'Data') !== undefined || annotationOf(field, 'Getter') !== undefined;
}

/** The calls of other classes on the collection that the field holds. */
export function callsFromOutside(view: TypeView, field: Field, program: ProgramView): readonly CallView[] {
  const all = outerOf(program).get(field.name);
  if (!all) return [];
  const [byGetter, byName] = [isHandedOut(view, field), field.modifiers.includes('static') && !field.modifiers.includes('private')];
  return all
    .filter((one) => one.call.type !== view.type && (one.isGetter ? byGetter : byName) && ownerType(one, program)?.type === view.type)
    .map(({ call }) => call);
}
