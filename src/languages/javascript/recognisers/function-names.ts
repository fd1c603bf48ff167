import type { ProgramView } from '../recogniser.ts';
import type { Expression } from '../summary.ts';

/** The name under which a module knows a function: `function f() {}`, `const f = () => {}`, or that of a method. */
export function functionName(id: string, program: ProgramView): string | undefined {
  const own = program.functionOf(id)?.name;
  return own ?? topName(id, program);
}

/** The name of a plain function of the module. */
export function topName(id: string, program: ProgramView): string | undefined {
  const cut = id.lastIndexOf('#');
  const index = Number(id.slice(cut + 1));
  const bindings = program.evaluator.graph.summary(id.slice(0, cut))?.bindings ?? [];
  return bindings.find(({ top, values: [first] }) => top && first?.value.k === 'function' && first.value.id === index)?.name;
}

/** The name under which a function is handed on: `exports.load = async () => …`, `Store.prototype.load = function () { … }`. */
export function assignedName(id: string, program: ProgramView): string | undefined {
  const cut = id.lastIndexOf('#');
  const index = Number(id.slice(cut + 1));
  const summary = program.evaluator.graph.summary(id.slice(0, cut));
  const isThis = ({ value }: { readonly value: Expression }): boolean => value.k === 'function' && value.id === index;
  const exported = summary?.exports.find(isThis)?.name;
  if (exported !== undefined) return /^\w+$/.test(exported) && exported !== 'default' ? exported : undefined;
  for (const { properties } of summary?.bindings ?? []) {
    const found = properties.find(isThis)?.path.at(-1);
    if (found !== undefined) return found;
  }
  return undefined;
}
