import type { SyntaxView } from '../context.ts';
import type { OpenBinding } from '../scopes.ts';
import type { Expression } from '../summary.ts';

const taking = /^(?:get|find|at)$/;

/** The variable that an expression takes one entry of: `rooms.get(id)`, `rooms[id] ?? {}`. */
function takenFrom(value: Expression, holderOf: (expression: Expression) => string | undefined): string | undefined {
  switch (value.k) {
    case 'or':
      return takenFrom(value.left, holderOf);
    case 'element':
      return holderOf(value.of);
    case 'call':
      return value.callee.k === 'member' && taking.test(value.callee.name) ? holderOf(value.callee.of) : undefined;
    default:
      return undefined;
  }
}

const isLocal = ({ top, kind }: OpenBinding): boolean => !top && (kind === 'const' || kind === 'let');

/** Names that stand for one entry of a variable, by the number of their binding: what changes them changes the variable. */
export function entryNames(view: SyntaxView, holderOf: (expression: Expression) => string | undefined): ReadonlyMap<number, string> {
  const found = new Map<number, string>();
  for (const binding of view.scopes.bindings) {
    if (!isLocal(binding)) continue;
    for (const { value } of binding.values) {
      const variable = takenFrom(value, holderOf);
      if (variable !== undefined) found.set(binding.index, variable);
    }
  }
  return found;
}
