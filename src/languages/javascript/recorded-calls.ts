import type { Value } from '../../facts.ts';
import type { Evaluator } from './evaluate.ts';
import type { Call, Expression, ModuleSummary } from './summary.ts';
import { moduleOf } from './values.ts';

export interface Caller {
  readonly call: Call;
  readonly path: string;
}
/** A call that a function is handed to, and as which argument. */
export interface Receiver extends Caller {
  readonly argument: number;
}
/** What the calls of one module run, by the id of the function, in order of the text. */
export interface RecordedCalls {
  readonly callers: readonly (readonly [id: string, caller: Caller])[];
  readonly receivers: readonly (readonly [id: string, receiver: Receiver])[];
}

/** @param statics finds callees without asking for parameters, so that a search never needs another search */
export function recordCalls(summary: ModuleSummary, path: string, statics: Evaluator): RecordedCalls {
  const callers: [string, Caller][] = [];
  const receivers: [string, Receiver][] = [];
  for (const call of summary.calls) {
    const callee = statics.evaluate(call.callee, path);
    const values = callee.is === 'choice' ? callee.options.map(({ value }) => value) : [callee];
    const targets = values.flatMap((value) => codeOf(value, statics));
    for (const target of targets) callers.push([target, { call, path }]);
    if (targets.length === 0) receivers.push(...receiversOf(call, path, statics));
  }
  return { callers, receivers };
}

const mayNameFunction = ({ k }: Expression): boolean =>
  k === 'function' || k === 'local' || k === 'import' || k === 'member' || k === 'call';

const receiversOf = (call: Call, path: string, statics: Evaluator): [string, Receiver][] =>
  call.args.flatMap((expression, argument): [string, Receiver][] => {
    const value = mayNameFunction(expression) ? statics.evaluate(expression, path) : undefined;
    return value?.is === 'function' ? [[value.id, { path, call, argument }]] : [];
  });

function codeOf(callee: Value, statics: Evaluator): readonly string[] {
  const id = callee.is === 'class' ? constructorOf(callee.id, statics) : callee.is === 'function' ? callee.id : undefined;
  return id === undefined ? [] : [id];
}

function constructorOf(classId: string, statics: Evaluator): string | undefined {
  const index = statics.classSummary(classId)?.methods['constructor'];
  return index === undefined ? undefined : `${moduleOf(classId)}#${index}`;
}
