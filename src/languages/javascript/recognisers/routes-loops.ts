import type { Value } from '../../../facts.ts';
import { mainValue } from '../call-sites.ts';
import type { CallSite, ProgramView } from '../recogniser.ts';

const maximumItems = 200;
const loops = new Set(['forEach', 'map']);

/** The function whose first parameter a value hangs on: `route` of `route.path` in `routes.forEach((route) => …)`. */
function loopFunction(value: Value, depth = 0): string | undefined {
  if (depth > 6) return undefined;
  switch (value.is) {
    case 'parameter':
      return value.index === 0 ? value.function : undefined;
    case 'member':
      return loopFunction(value.of, depth + 1);
    case 'made':
      return loopFunction(value.callee, depth + 1) ?? value.args.map((item) => loopFunction(item, depth + 1)).find(Boolean);
    case 'text':
      return value.parts.map((item) => loopFunction(item, depth + 1)).find(Boolean);
    default:
      return undefined;
  }
}

function substitute(value: Value, fn: string, item: Value, program: ProgramView, depth = 0): Value {
  if (depth > 6) return value;
  const again = (inner: Value): Value => substitute(inner, fn, item, program, depth + 1);
  switch (value.is) {
    case 'parameter':
      return value.function === fn && value.index === 0 ? item : value;
    case 'member':
      return program.evaluator.memberOf(again(value.of), value.name, value.place);
    case 'made':
      return { ...value, callee: again(value.callee), args: value.args.map(again) };
    case 'text': {
      const parts = value.parts.map(again);
      return parts.every((part) => part.is === 'literal')
        ? { is: 'literal', value: parts.map((part) => String(part.value ?? '')).join(''), place: value.place }
        : { ...value, parts };
    }
    default:
      return value;
  }
}

/** True when the receiver itself may be the item of a loop. */
export const couldBeLoop = (call: CallSite): boolean => call.on !== undefined && loopFunction(call.on) !== undefined;

/** The calls that one written call makes when it stands in `list.forEach(item => …)` over a list that the code spells out. */
export function unrollCall(call: CallSite, program: ProgramView): readonly CallSite[] {
  if (call.within === undefined) return [call];
  const values = [...(call.on ? [call.on] : []), ...call.args];
  const fn = values.map((value) => loopFunction(value)).find((id) => id !== undefined);
  const receiver = fn === undefined ? undefined : program.receiverOf(fn);
  if (fn === undefined || !receiver || receiver.argument !== 0 || !loops.has(receiver.call.name)) return [call];
  const list = receiver.call.on && mainValue(receiver.call.on);
  if (list?.is !== 'list' || list.items.length === 0) return [call];
  return list.items.slice(0, maximumItems).map((item) => ({
    ...call,
    ...(call.on ? { on: substitute(call.on, fn, item, program) } : {}),
    args: call.args.map((argument) => substitute(argument, fn, item, program)),
  }));
}
