/** Paths that expressions and methods read: `game`, `game.Turn`. */
import type { MethodView } from '../names.ts';
import type { At, Expression } from '../summary.ts';

/** Every path that an expression names. */
export function* pathsIn(expression: Expression | undefined, depth = 0): Generator<{ readonly path: readonly string[]; readonly at: At }> {
  if (!expression || depth > 10) return;
  if (expression.is === 'name') yield expression;
  for (const inner of innerOf(expression)) yield* pathsIn(inner, depth + 1);
}
function innerOf(expression: Expression): readonly (Expression | undefined)[] {
  switch (expression.is) {
    case 'call':
      return [expression.on, ...expression.args, ...Object.values(expression.named)];
    case 'new':
      return [...expression.args, ...Object.values(expression.set)];
    case 'member':
      return [expression.of];
    case 'index':
      return [expression.of, expression.key];
    case 'text':
      return expression.parts;
    case 'list':
      return expression.items;
    case 'else':
    case 'compare':
    case 'and':
    case 'or':
      return [expression.left, expression.right];
    case 'conditional':
      return [expression.test, expression.yes, expression.no];
    case 'not':
      return [expression.value];
    default:
      return [];
  }
}

/** Every path that a method reads, in its order by kind. */
export function* readIn({ method }: MethodView): Generator<{ readonly path: readonly string[]; readonly at: At }> {
  for (const { call, when = [] } of method.calls) {
    yield* pathsIn(call);
    for (const { test } of when) yield* pathsIn(test);
  }
  for (const { creation } of method.creations) yield* pathsIn(creation);
  for (const { value } of method.locals) yield* pathsIn(value);
  for (const one of method.returns) yield* pathsIn(one);
  for (const { value, when = [] } of method.assignments) {
    yield* pathsIn(value);
    for (const { test } of when) yield* pathsIn(test);
  }
  for (const { name, at } of method.reads) yield { path: [name], at };
}
