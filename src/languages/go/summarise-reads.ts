/** What of a file is worth keeping: calls that say something, and reads of what outlives a call. */
import type { Assignment, Expression, FunctionSummary, ImportSummary, Read } from './summary.ts';

/** Calls that no fact rests on. */
const plainPackages = new Set(['fmt', 'errors', 'strings', 'strconv', 'bytes', 'sort', 'math', 'unicode', 'reflect']);
export const isPlain = (callee: Expression): boolean =>
  callee.is === 'name'
    ? callee.name !== 'panic' && callee.name !== 'new' && predeclared.has(callee.name)
    : callee.is === 'selector' && callee.of.is === 'name' && plainPackages.has(callee.of.name);
const predeclared = new Set('append cap close copy delete len make max min new panic print println recover iota'.split(' '));

/** `a.b.c`, also behind a pointer or in parentheses. */
export function pathOf(expression: Expression, depth = 0): readonly string[] | undefined {
  if (expression.is === 'name') return [expression.name];
  if (expression.is !== 'selector' || depth > 8) return undefined;
  const of = pathOf(expression.of, depth + 1);
  return of && [...of, expression.name];
}

interface Parts {
  readonly assignments: readonly Assignment[];
  readonly functions: readonly FunctionSummary[];
  readonly imports: readonly ImportSummary[];
  readonly reads: readonly Read[];
}

/** Reads of names of the package, and of fields of what methods belong to. */
export function lastingReads({ assignments, functions, imports, reads }: Parts): readonly Read[] {
  const locals = new Set(
    assignments.flatMap(({ within, how, target }) => (within !== undefined && how !== 'set' ? target.slice(0, 1) : [])),
  );
  const receivers = new Set(functions.flatMap(({ receiver }) => receiver?.name ?? []));
  for (const { parameters } of functions) for (const { name } of parameters) locals.add(name);
  for (const { path, as } of imports) locals.add(as ?? path.slice(path.lastIndexOf('/') + 1));
  const seen = new Set<string>();
  return reads.filter(({ path, within }) => {
    const [head = ''] = path;
    const key = `${within} ${path.join('.')}`;
    const lasts = receivers.has(head) ? path.length > 1 : !locals.has(head) && within !== undefined && !predeclared.has(head);
    if (!lasts || seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
