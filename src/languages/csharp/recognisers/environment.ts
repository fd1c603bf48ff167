import type { Value } from '../../../facts.ts';
import type { Place } from '../../../types.ts';
import type { CallView, MethodView } from '../names.ts';
import { type Emit, type ProgramView, placeAt, placeOf, type Recogniser } from '../recogniser.ts';
import type { CallExpression, Expression, Guard } from '../summary.ts';
import { hostCalls } from './servers.ts';

const maxDepth = 8;

/** The expressions right inside of one. */
function innerOf(expression: Expression): readonly Expression[] {
  switch (expression.is) {
    case 'call':
      return [...(expression.on ? [expression.on] : []), ...expression.args, ...Object.values(expression.named)];
    case 'new':
      return [...expression.args, ...Object.values(expression.set)];
    case 'else':
    case 'compare':
    case 'and':
    case 'or':
      return [expression.left, expression.right];
    case 'conditional':
      return [expression.test, expression.yes, expression.no];
    case 'not':
      return [expression.value];
    case 'text':
      return expression.parts;
    default:
      return [];
  }
}
const isName = (expression: Expression, name: string): boolean =>
  expression.is === 'name' && expression.path.length === 1 && expression.path[0] === name;

/** Whoever reads it looks whether it is there: a test, `??`, `TryParse`. */
function asksFor(expression: Expression, isIt: (one: Expression) => boolean, depth = 0): boolean {
  if (depth > maxDepth) return true;
  if (
    (expression.is === 'else' && isIt(expression.left)) ||
    (expression.is === 'compare' && (isIt(expression.left) || isIt(expression.right)))
  )
    return true;
  if (
    expression.is === 'call' &&
    (/^(?:IsNullOr|TryParse|Equals)/.test(expression.name) || (expression.on && isIt(expression.on))) &&
    innerOf(expression).some(isIt)
  )
    return true;
  return innerOf(expression).some((one) => asksFor(one, isIt, depth + 1));
}

function expressionsOf({ method }: MethodView): readonly Expression[] {
  const guards = (when: readonly Guard[] | undefined): readonly Expression[] => (when ?? []).map(({ test }) => test);
  return [
    ...method.locals.flatMap(({ value }) => value ?? []),
    ...method.assignments.flatMap(({ value, when }) => [...(value ? [value] : []), ...guards(when)]),
    ...method.calls.flatMap(({ call, when }) => [call as Expression, ...guards(when)]),
    ...method.creations.flatMap(({ creation, when }) => [creation as Expression, ...guards(when)]),
    ...method.returns,
  ];
}

interface Read {
  readonly hasDefault: boolean;
  readonly fallback?: Value;
  readonly optional: boolean;
}

/** How a read copes where the variable is not set. */
function readOf(call: CallView, view: ProgramView): Read {
  const isIt = (one: Expression): boolean => one === (call.call as CallExpression);
  const all = expressionsOf(call);
  const withDefault = all.flatMap((one) => findElse(one, isIt))[0];
  if (withDefault) {
    if (withDefault.right.is === 'throw') return { hasDefault: false, optional: false };
    return { hasDefault: true, fallback: view.evaluator.value(withDefault.right, call), optional: false };
  }
  const local = call.method.locals.find(({ value }) => value !== undefined && isIt(value));
  const isAsked = all.some((one) => asksFor(one, (inner) => isIt(inner) || (local !== undefined && isName(inner, local.name))));
  const isKept =
    !local && (call.method.assignments.some(({ value }) => value !== undefined && isIt(value)) || call.method.returns.some(isIt));
  const isThrown = (call.written.when ?? []).length > 0;
  return { hasDefault: false, optional: isAsked || isKept || isThrown };
}

function findElse(expression: Expression, isIt: (one: Expression) => boolean, depth = 0): readonly Extract<Expression, { is: 'else' }>[] {
  if (depth > maxDepth) return [];
  if (expression.is === 'else' && isIt(expression.left)) return [expression];
  return innerOf(expression).flatMap((one) => findElse(one, isIt, depth + 1));
}

function emitVariables(view: ProgramView, emit: Emit): void {
  for (const call of view.callsNamed('GetEnvironmentVariable', 'GetEnvironmentVariables')) {
    const value = call.call.name === 'GetEnvironmentVariable' ? view.evaluator.value(call.call, call) : undefined;
    const name = value?.is === 'env' ? value.name : '*';
    emit('env-read', placeOf(call), { name, ...readOf(call, view) }, { when: view.conditions(call), within: call.id });
  }
}

/** Settings that code asks for: files give them as well as variables, so none is missing for want of a variable. */
function emitSettings(view: ProgramView, emit: Emit): void {
  const add = (value: Value, place: Place, within: string) => {
    if (value.is !== 'env' || value.name === '*') return;
    emit('env-read', place, { name: value.name, hasDefault: value.fallback !== undefined, optional: true }, { within });
  };
  for (const one of view.running)
    for (const { lookup } of one.method.lookups) add(view.evaluator.value(lookup, one), placeAt(one.path, lookup.at), one.id);
  for (const call of view.callsNamed('GetValue', 'GetConnectionString', 'GetRequiredValue'))
    add(view.evaluator.value(call.call, call), placeOf(call), call.id);
}

/** Variables and settings that a program reads. Hosts take all variables as settings. */
export const environment: Recogniser = {
  text: ['GetEnvironmentVariable', 'onfiguration[', 'onfig[', 'GetConnectionString', 'GetValue', 'GetSection', 'AddEnvironmentVariables'],
  recognise(view, emit) {
    emitVariables(view, emit);
    emitSettings(view, emit);
    const [host] = [...hostCalls(view), ...view.callsNamed('AddEnvironmentVariables')];
    if (host) emit('env-read', placeOf(host), { name: '*', hasDefault: true, optional: true });
  },
};
