/** What reaches a function from outside of it: arguments of its callers, and what the application carries for requests. */
import type { Value } from '../../facts.ts';
import { dependedOn, isOwnObject, objectOfType, tells } from './annotations.ts';
import type { Evaluator } from './evaluate.ts';
import type { CallExpression, FunctionSummary } from './summary.ts';
import { choose, placeAt } from './value-shapes.ts';

const mostCallers = 12;

/** What calls of a function hand over, by name of the parameter. */
export type Callers = (functionId: string) => readonly Caller[];
interface Caller {
  readonly call: CallExpression;
  readonly path: string;
  readonly within?: number;
  readonly class?: number;
}

/** What callers hand over, where they agree; else what its annotation says it is. */
export function parameterValue(evaluator: Evaluator, own: FunctionSummary, scope: number, index: number, path: string): Value {
  const id = `${path}#${scope}`;
  const parameter = own.parameters[index]!;
  const place = placeAt(path, own.at);
  if (own.class !== undefined && index === 0 && /^(?:self|cls)$/.test(parameter.name)) {
    const type: Value = { is: 'class', id: `${path}#${own.class}`, place };
    return parameter.name === 'cls' ? type : { is: 'made', callee: type, args: [], place };
  }
  const callers = evaluator.callersOf(id).slice(0, mostCallers);
  const given = callers.flatMap((caller) => argumentOf(caller, evaluator, parameter.name, own.class === undefined ? index : index - 1));
  const object = objectOfType(parameter.type, path, own.parent, evaluator);
  if (given.length > 0 && !(isOwnObject(object) && !given.some((value) => tells(value))))
    return choose(
      given.map((value) => ({ value })),
      place,
    );
  const usual = parameter.default && evaluator.value(parameter.default, path, own.parent);
  const depended = usual && dependedOn(usual, evaluator);
  if (depended) return depended;
  // Nobody gives another one: what stands in its place is what it is.
  const isLeft =
    callers.length > 0 && callers.every((caller) => isOmitted(caller, parameter.name, own.class === undefined ? index : index - 1));
  const left = usual && isLeft && isText(usual) && !isOwnObject(object) ? usual : undefined;
  if (left ?? object) return left ?? object!;
  if (usual && /^(?:class|made|function)$/.test(usual.is)) return usual;
  return { is: 'parameter', function: id, index, place };
}

/** What is worth following: an address, a path, a variable. */
const isText = (value: Value): boolean =>
  value.is === 'text' || value.is === 'env' || (value.is === 'literal' && typeof value.value === 'string' && value.value !== '');

function argumentOf({ call, path, within, class: inClass }: Caller, evaluator: Evaluator, name: string, index: number): readonly Value[] {
  const argument = call.named[name] ?? call.args[index];
  const value = argument && evaluator.value(argument, path, within, inClass);
  return value && value.is !== 'unknown' && value.is !== 'parameter' ? [value] : [];
}
const isOmitted = ({ call }: Caller, name: string, index: number): boolean =>
  !call.open && !Object.hasOwn(call.named, name) && call.args[index] === undefined;
