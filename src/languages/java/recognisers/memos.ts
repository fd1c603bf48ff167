/** What each copy can work out again: looked up and, when it is missing, computed. */
import type { CallView, MethodView, TypeView } from '../names.ts';
import type { ProgramView } from '../recogniser.ts';
import type { Expression, Field } from '../summary.ts';
import type { FileViews } from '../views.ts';
import type { Use } from './process-state.ts';

/** Looked up and, when it is missing, computed in the same method: a memo that any copy can make again. */
export const isMemo = (writes: readonly Use[], reads: readonly Use[]): boolean =>
  writes.some(({ call }) => call?.name !== 'clear') &&
  writes.every(
    ({ view, call }) =>
      // What can be emptied at any time can be made again.
      call?.name === 'clear' ||
      (call?.name === 'computeIfAbsent' && !isChangedAfter(view, call)) ||
      ((isPut(call) || call === undefined) &&
        reads.some((read) => read.view.id === view.id && isLookup(read.call)) &&
        !handsIn(view, call)),
  );

const changesIt =
  /^(?:add|addAll|addFirst|addLast|put|putAll|offer|push|remove|removeIf|merge|(?:get|increment|decrement|add|update|accumulate)And\w+|increment\w*|decrement\w*|increase\w*|record\w*|append\w*|set[A-Z]\w*)$/;
/** `attempts.computeIfAbsent(ip, …).incrementAndGet()`: what is made is only where the counting starts. */
function isChangedAfter({ method }: MethodView, made: CallView['call']): boolean {
  const local = method.locals.find(({ value }) => value?.is === 'call' && value.at[0] === made.at[0] && value.at[1] === made.at[1]);
  return method.calls.some(
    ({ name, on, args }) =>
      changesIt.test(name) &&
      ((on?.is === 'call' && on.name === 'computeIfAbsent' && on.at[0] === made.at[0] && on.at[1] === made.at[1]) ||
        (local !== undefined && on?.is === 'name' && on.path.length === 1 && on.path[0] === local.name)) &&
      (args.length > 0 || !/^remove/.test(name)),
  );
}

export const kept = (call: CallView['call'] | undefined): Expression | undefined =>
  call && (isPut(call) ? call.args[1] : /^(?:add|offer|push|addFirst|addLast)$/.test(call.name) ? call.args[0] : undefined);
const isPut = (call: CallView['call'] | undefined): boolean => call?.name === 'put' || call?.name === 'putIfAbsent';
const isLookup = (call: CallView['call'] | undefined): boolean => call !== undefined && /^(?:get|containsKey)$/.test(call.name);
/** What a caller hands in is data, not the result of a computation. */
export const handsIn = ({ method }: MethodView, call: CallView['call'] | undefined): boolean => {
  const value = kept(call);
  return value?.is === 'name' && method.parameters.some(({ name }) => name === value.path[0]);
};

const grows = /^(?:add|addAll|addFirst|addLast|offer|push)$/;
const entryOf = /^(?:get|getOrDefault|computeIfAbsent|putIfAbsent|getOrPut)$/;
const isGetter = /^(?:get|is)[A-Z]\w*$/;
const mostGetters = 3;
/** `rooms.get(id)`, `rooms.get(id).getPlayers()`, and what a variable holds of them. */
function isEntry(expression: Expression | undefined, field: string, entries: ReadonlySet<string> = new Set(), depth = 0): boolean {
  if (expression?.is === 'name') return expression.path.length === 1 && entries.has(expression.path[0]!);
  if (expression?.is !== 'call' || depth > mostGetters) return false;
  if (entryOf.test(expression.name) && expression.on?.is === 'name' && expression.on.path.at(-1) === field) return true;
  return isGetter.test(expression.name) && expression.args.length === 0 && isEntry(expression.on, field, entries, depth + 1);
}

/** What the method does to entries of the field that are there: `rooms.get(id).add(player)`, also by a variable. */
function changesOfEntries(view: MethodView, field: string): readonly CallView['call'][] {
  const { locals, calls } = view.method;
  const entries = new Set<string>();
  // In order of the text: a variable may hold a part of what another holds.
  for (const { name, value } of locals) if (isEntry(value, field, entries)) entries.add(name);
  return calls.filter(({ name, on }) => changesIt.test(name) && isEntry(on, field, entries));
}

/** `alerts.addLast(new Alert(text))`: made of what a caller hands in, beside the key that it is found by. */
function isMadeOfGiven({ method }: MethodView, call: CallView['call'], field: string): boolean {
  const value = kept(call);
  const made = value?.is === 'name' && value.path.length === 1 ? method.locals.find(({ name }) => name === value.path[0])?.value : value;
  if (made?.is !== 'new') return false;
  const keys = new Set(method.calls.flatMap((one) => (isEntry(one, field) ? one.args.flatMap(namesIn) : [])));
  return made.args.flatMap(namesIn).some((name) => !keys.has(name) && method.parameters.some((parameter) => parameter.name === name));
}
const namesIn = (expression: Expression): readonly string[] =>
  expression.is === 'name'
    ? [expression.path[0]!]
    : expression.is === 'call'
      ? [...(expression.on ? namesIn(expression.on) : []), ...expression.args.flatMap(namesIn)]
      : [];
const isMadeHere = ({ method }: MethodView, call: CallView['call']): boolean => {
  const value = kept(call);
  return value?.is === 'name' && method.locals.some(({ name, value: made }) => name === value.path[0] && made?.is === 'new');
};
const loads = /^(?:find|select|query|load|fetch|list)/;

/** The entries go on growing by what requests hand in: the first look at one makes only an empty list. `strictly`: its name says that it is a cache. */
export function growsByRequests(view: TypeView, field: Field, { methods }: FileViews, program: ProgramView, strictly = false): boolean {
  return methods.some((method) => {
    if (method.type !== view.type) return false;
    const changes = changesOfEntries(method, field.name);
    if (changes.length === 0 || !program.handlesWork(method)) return false;
    const fills = method.method.calls.some(({ name, on }) => isFilling.test(name) && on?.is === 'name' && on.path.at(-1) === field.name);
    if (strictly && method.method.calls.some(({ name }) => loads.test(name))) return false;
    // Where the list is made, elements may be what was worked out for it.
    return changes.some(
      (call) =>
        handsIn(method, call) ||
        isMadeOfGiven(method, call, field.name) ||
        (!fills && grows.test(call.name) && (!strictly || isMadeHere(method, call))),
    );
  });
}
const isFilling = /^(?:put|putIfAbsent|putAll|computeIfAbsent|set)$/;
