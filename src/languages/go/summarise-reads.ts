/** What of a file is worth keeping: calls that say something, and reads of what outlives a call. */
import type { Assignment, Call, Expression, FunctionSummary, ImportSummary, Read } from './summary.ts';

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
  readonly calls: readonly Call[];
  readonly assignments: readonly Assignment[];
  readonly functions: readonly FunctionSummary[];
  readonly imports: readonly ImportSummary[];
  readonly reads: readonly Read[];
}

const standard =
  /^(?:archive|bufio|bytes|cmp|compress|container|context|crypto|database|debug|embed|encoding|errors|expvar|flag|fmt|go|hash|html|image|index|io|iter|log|maps|math|mime|net|os|path|plugin|reflect|regexp|runtime|slices|sort|strconv|strings|sync|syscall|testing|text|time|unicode|unsafe)(?:\/|$)/;
/** Names of packages: those of others than the standard library may hold variables of the repository. */
function importedNames(imports: readonly ImportSummary[]): ReadonlyMap<string, boolean> {
  return new Map(imports.map(({ path, as }) => [as ?? path.slice(path.lastIndexOf('/') + 1), !standard.test(path)]));
}

/** Reads of names of the package, of what a function around binds, and of fields of what methods belong to. */
export function lastingReads({ assignments, calls, functions, imports, reads }: Parts): readonly Read[] {
  const bound = new Set<string>();
  for (const { within, how, target } of assignments)
    if (within !== undefined && (how === 'declare' || how === 'loop')) bound.add(`${within} ${target[0]}`);
  for (const [index, { parameters }] of functions.entries()) for (const { name } of parameters) bound.add(`${index} ${name}`);
  const imported = importedNames(imports);
  const called = new Set(calls.map(({ call }) => call.callee.at.join()));
  /** `models.Albums` of another package of the repository. */
  const isElsewhere = ({ path, at }: Read): boolean =>
    path.length === 2 && imported.get(path[0]!) === true && /^[A-Z]/.test(path[1]!) && !called.has(at.join());
  const isBoundAround = (name: string, within: number): boolean => {
    for (let at = functions[within]?.parent, steps = 0; at !== undefined && steps < 20; at = functions[at]?.parent, steps++)
      if (bound.has(`${at} ${name}`)) return true;
    return false;
  };
  const receivers = new Set(functions.flatMap(({ receiver }) => receiver?.name ?? []));
  // `notes = append(notes, note)` is no reading of its own.
  const changed = new Set(assignments.map(({ within, target, at }) => `${within} ${target.join('.')} ${at[0]}`));
  const seen = new Set<string>();
  return reads.filter((read) => {
    const { path, within, at } = read;
    const [head = ''] = path;
    if (within === undefined) return false;
    const key = `${within} ${path.join('.')}`;
    if (seen.has(key)) return false;
    const isOwn = receivers.has(head) ? path.length < 2 : bound.has(`${within} ${head}`) || predeclared.has(head);
    if (isOwn || (imported.has(head) && !isBoundAround(head, within) && !isElsewhere(read))) return false;
    if (!changed.has(`${key} ${at[0]}`)) seen.add(key);
    return true;
  });
}
