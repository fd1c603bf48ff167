/** Files that are gone again when the request is answered. */
import type { MethodView, TypeView } from '../names.ts';
import type { ProgramView } from '../recogniser.ts';
import type { Expression } from '../summary.ts';

type Call = MethodView['method']['calls'][number];
const removes = /^(?:delete|deleteIfExists|deleteQuietly|forceDelete)$/;

/** What makes it a temporary file: in the method, in the fields that it uses, or in a helper that it hands the path to. */
export function isRemovedAfter(view: MethodView, target: Expression | undefined, [line]: Expression['at'], program: ProgramView): boolean {
  const { method, type } = view;
  const makes = method.calls.some(({ name }) => /^(?:createTempFile|createTempDirectory|deleteOnExit)$/.test(name));
  if (makes || /Test$/.test(type.name)) return true;
  const written = target && variablesOf(target, view);
  return method.calls.some((call) => {
    // What is deleted before it is written makes room for it.
    if (call.at[0] < line) return false;
    if (!removes.test(call.name)) return written !== undefined && call.at[0] > line && isRemovedByHelper(call, written, view, program);
    const removed = removedBy(call, view);
    // Another file, whose variables have nothing to do with the one that is written: an older picture.
    return removed !== undefined && (!written || written.size === 0 || removed.size === 0 || [...removed].some((one) => written.has(one)));
  });
}

const removedBy = (call: Call, view: MethodView): ReadonlySet<string> | undefined =>
  removes.test(call.name) && call.on !== undefined
    ? variablesOf(call.name === 'delete' && call.args.length === 0 ? call.on : (call.args[0] ?? call.on), view)
    : undefined;

/** `Store.upload(folder, name)` deletes what lies at the path that it is given. */
function isRemovedByHelper({ on, name, args }: Call, written: ReadonlySet<string>, view: MethodView, { names }: ProgramView): boolean {
  const given = args.map((argument) => argument.is === 'name' && argument.path.length === 1 && written.has(argument.path[0]!));
  if (!given.includes(true)) return false;
  const type = names.typeOf(on, view) ?? (on?.is === 'name' ? on.path.join('.') : undefined);
  const owner: TypeView | undefined = on === undefined ? view : type === undefined ? undefined : names.find(view.file, type);
  return (owner?.type.methods ?? []).some((method) => {
    if (method.name !== name || method.parameters.length !== args.length) return false;
    const helper: MethodView = { ...owner!, method, id: '' };
    return method.calls.some((call) => {
      const removed = removedBy(call, helper);
      return removed !== undefined && method.parameters.some((one, index) => given[index] && removed.has(one.name));
    });
  });
}

/** The local variables and parameters that a path is made of, also through other variables. */
function variablesOf(expression: Expression, { method }: MethodView): ReadonlySet<string> {
  const found = new Set<string>();
  const queue: Expression[] = [expression];
  for (let next = queue.pop(), steps = 0; next && steps < 100; next = queue.pop(), steps++) {
    if (next.is === 'name') {
      const [name] = next.path;
      const local = method.locals.filter((one) => one.name === name);
      if (found.has(name!) || (local.length === 0 && !method.parameters.some((one) => one.name === name))) continue;
      found.add(name!);
      queue.push(...local.flatMap(({ value }) => value ?? []));
    } else if (next.is === 'sum') queue.push(...next.parts);
    else if (next.is === 'new') queue.push(...next.args);
    else if (next.is === 'call') queue.push(...(next.on ? [next.on] : []), ...next.args);
  }
  return found;
}
