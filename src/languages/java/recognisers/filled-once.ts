/** Tables that a program fills the first time that somebody asks for one of their entries. */
import type { MethodView } from '../names.ts';
import type { Method, Type } from '../summary.ts';

const flagNames = /^_?(?:is|has|was)?_?(?:init|load|scan|fill|built|build|prepar|set_?up|populat)\w*$/i;
/** `initialized = true`: once it has run, it does not run again. */
const marksDone = (method: Method, { fields }: Type): boolean =>
  method.assignments.some(({ target, how, value }) => {
    const name = target.at(-1) ?? '';
    const isFlag = how === 'set' && value?.is === 'flag' && value.value && flagNames.test(name);
    return isFlag && fields.some((field) => field.name === name && /^(?:boolean|Boolean|AtomicBoolean)$/.test(field.type));
  });

const mostSteps = 4;
/** It leaves a mark that says that the work is done and is handed nothing, or only such methods of its class lead to it. */
function isDoneOnce(method: Method, type: Type, depth = 0): boolean {
  if (marksDone(method, type)) return method.parameters.length === 0;
  if (depth === mostSteps || !method.modifiers.includes('private')) return false;
  const callers = type.methods.filter(({ calls }) => calls.some(({ on, name }) => on === undefined && name === method.name));
  return callers.length > 0 && callers.every((caller) => isDoneOnce(caller, type, depth + 1));
}

export const runsOnce = ({ type, method }: MethodView): boolean => isDoneOnce(method, type);
