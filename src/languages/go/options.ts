/** Code that runs only where some option is on. */
import type { Evaluator } from './evaluate.ts';
import type { Expression, Guard } from './summary.ts';
import { splitId } from './value-shapes.ts';

/** `err != nil`, `x == nil`: what every program asks. */
const isPlain = (test: Expression): boolean =>
  test.is === 'unknown' ||
  (test.is === 'binary' && [test.left, test.right].some((part) => part.is === 'literal' && part.value === null)) ||
  (test.is === 'name' && test.name === 'ok') ||
  (test.is === 'not' && isPlain(test.value));

/** A test that is no plain one stands around it. */
export const isTested = (when: readonly Guard[] | undefined): boolean => (when ?? []).some(({ test }) => !isPlain(test));

export function isOption(evaluator: Evaluator, id: string | undefined, depth = 0): boolean {
  if (id === undefined || depth > 4) return false;
  const own = evaluator.functionOf(id);
  if (own?.parent !== undefined) return isOption(evaluator, `${splitId(id)[0]}#${own.parent}`, depth + 1);
  const callers = evaluator.callers(id);
  return (
    callers.length > 0 &&
    callers.every(({ call, path, within }) => {
      const written = evaluator.graph.summary(path)?.calls.find((one) => one.call === call);
      return isTested(written?.when) || (within !== undefined && isOption(evaluator, `${path}#${within}`, depth + 1));
    })
  );
}
