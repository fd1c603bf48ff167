/** Tests that the code decides by itself: a provider that is written down, compared with a name. */
import type { MethodView } from './names.ts';
import type { ProgramView } from './recogniser.ts';
import type { Expression, Guard } from './summary.ts';

const maxDepth = 8;
const changesCase = /^(?:ToLower|ToLowerInvariant|ToUpper|ToUpperInvariant|Trim)$/;

/** The text that an expression always has; `undefined` where it may change. */
function constantText(expression: Expression, view: MethodView, program: ProgramView, depth = 0): string | undefined {
  if (depth > maxDepth) return undefined;
  if (expression.is === 'literal') return typeof expression.value === 'string' ? expression.value : undefined;
  if (expression.is === 'call' && expression.on && changesCase.test(expression.name))
    return constantText(expression.on, view, program, depth + 1);
  const [name] = expression.is === 'name' && expression.path.length === 1 ? expression.path : [];
  if (name === undefined) return undefined;
  const isChanged = program.names.around(view).some(({ method }) => method.assignments.some(({ target }) => target[0] === name));
  const known = isChanged ? undefined : program.names.variable(name, view);
  return known?.value ? constantText(known.value, view, program, depth + 1) : undefined;
}

function decide(test: Expression, view: MethodView, program: ProgramView): boolean | undefined {
  if (test.is === 'not') {
    const inner = decide(test.value, view, program);
    return inner === undefined ? undefined : !inner;
  }
  const pair =
    test.is === 'compare' && /^[!=]=$/.test(test.operator)
      ? [test.left, test.right]
      : test.is === 'call' && test.name === 'Equals' && test.on && test.args[0]
        ? [test.on, test.args[0]]
        : [];
  const [left, right] = pair.map((one) => constantText(one, view, program));
  if (left === undefined || right === undefined) return undefined;
  const isSame = left.toLowerCase() === right.toLowerCase();
  return test.is === 'compare' && test.operator === '!=' ? !isSame : isSame;
}

/** Whether code behind these tests runs, where constants decide that; `undefined` where something else does. */
export function decidedBy(guards: readonly Guard[] | undefined, view: MethodView, program: ProgramView): boolean | undefined {
  const decided = (guards ?? []).map(({ test, holds }) => {
    const found = decide(test, view, program);
    return found === undefined ? undefined : found === holds;
  });
  if (decided.includes(false)) return false;
  return decided.length > 0 && decided.every((one) => one === true) ? true : undefined;
}
