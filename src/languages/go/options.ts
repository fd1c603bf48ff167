/** Code that runs only where some option is on. */
import type { Condition } from '../../facts.ts';
import { isForOthers } from './development.ts';
import type { Evaluator } from './evaluate.ts';
import type { Expression, Guard } from './summary.ts';
import { splitId } from './value-shapes.ts';

/** `err != nil`, `x == nil`: what every program asks. */
const isPlain = (test: Expression): boolean =>
  test.is === 'unknown' ||
  (test.is === 'binary' && [test.left, test.right].some((part) => part.is === 'literal' && part.value === null)) ||
  (test.is === 'name' && test.name === 'ok') ||
  (test.is === 'not' && isPlain(test.value));

/** `case "serve"` of a command line: what the program is there for. */
const isServing = (test: Expression): boolean =>
  test.is === 'binary' &&
  (test.operator === '||'
    ? isServing(test.left) || isServing(test.right)
    : test.operator === '==' &&
      test.right.is === 'literal' &&
      /^(?:serve|server|start|run|web|api|daemon)$/.test(String(test.right.value)));

/** A test that is no plain one stands around it. */
export const isTested = (when: readonly Guard[] | undefined): boolean =>
  (when ?? []).some(
    ({ test, holds, rest }) => rest !== true && !isPlain(test) && !(holds && isServing(test)) && !isForOthers({ test, holds }),
  );

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

/** What must hold of the environment for a function to run, where one call alone leads to it. */
export function conditionsAround(evaluator: Evaluator, id: string | undefined, depth = 0): readonly Condition[] {
  const own = id === undefined || depth > 4 ? undefined : evaluator.functionOf(id);
  if (!own || id === undefined) return [];
  if (own.parent !== undefined) return conditionsAround(evaluator, `${splitId(id)[0]}#${own.parent}`, depth + 1);
  const [only, ...others] = evaluator.callers(id);
  if (!only || others.length > 0) return [];
  const written = evaluator.graph.summary(only.path)?.calls.find((one) => one.call === only.call);
  const around = only.within === undefined ? [] : conditionsAround(evaluator, `${only.path}#${only.within}`, depth + 1);
  return [...around, ...evaluator.conditions(written?.when, only.path, only.within)];
}
