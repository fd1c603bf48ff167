/** What annotations say of values that nothing else tells of: what a container hands in, what a function gives back. */

import type { Value } from '../../facts.ts';
import type { Place } from '../../types.ts';
import type { Evaluator } from './evaluate.ts';
import type { At, Expression } from './summary.ts';
import { dottedOf, placeAt } from './value-shapes.ts';

const mostParts = 6;

/** `'shop.Store | None'`: the name that stands in a text. */
function forward(text: string, at: At): Expression | undefined {
  const name = /^(?:Optional\[)?([A-Za-z_][\w.]*)\]?(?: ?\| ?None)?$/.exec(text.trim())?.[1];
  const [first, ...rest] = name?.split('.') ?? [];
  if (first === undefined || rest.length > mostParts) return undefined;
  return rest.reduce<Expression>((of, one) => ({ is: 'attribute', of, name: one, at }), { is: 'name', name: first, at });
}

/** An object of the type that an annotation names: a class of the program, or of a package. */
export function objectOfType(
  type: Expression | undefined,
  path: string,
  within: number | undefined,
  evaluator: Evaluator,
): Value | undefined {
  const named = type?.is === 'literal' && typeof type.value === 'string' ? forward(type.value, type.at) : type;
  const value = named && evaluator.value(named, path, within);
  if (!value || !(value.is === 'class' || (value.is === 'package' && value.package !== ''))) return undefined;
  return { is: 'made', callee: value, args: [], place: placeAt(path, named.at) };
}

/** An object of a class of the program. */
export const isOwnObject = (value: Value | undefined): value is Value => value?.is === 'made' && value.callee.is === 'class';

/** It says more than an annotation could: `container.resolve('store')` and a parameter that nobody in sight gives do not. */
export function tells(value: Value, depth = 0): boolean {
  if (value.is === 'unknown' || value.is === 'parameter' || value.is === 'member' || value.is === 'package') return false;
  if (value.is === 'literal') return value.value !== null;
  if (value.is === 'made') return value.callee.is === 'class' || value.callee.is === 'function';
  return value.is !== 'choice' || (depth < mostParts && value.options.some((option) => tells(option.value, depth + 1)));
}

/** What the value is, or an object of the class of the program that its annotation names, where the value tells nothing. */
export function orObjectOf(
  value: Value | undefined,
  type: Expression | undefined,
  path: string,
  within: number | undefined,
  evaluator: Evaluator,
): Value | undefined {
  if (type === undefined || (value && tells(value))) return value;
  const made = objectOfType(type, path, within, evaluator);
  return isOwnObject(made) ? made : value;
}

/** `store = Depends(open_store)` of FastAPI: what the function gives back. */
export function dependedOn(value: Value, evaluator: Evaluator): Value | undefined {
  if (value.is !== 'made' || !/^fastapi\.(?:\w+\.)?(?:Depends|Security)\(\)$/.test(dottedOf(value) ?? '')) return undefined;
  const [given] = value.args;
  if (given?.is === 'class') return made(given, value.place);
  const found = given?.is === 'function' ? evaluator.returned(given.id) : undefined;
  return found && tells(found) ? found : undefined;
}
const made = (callee: Value, place: Place): Value => ({ is: 'made', callee, args: [], place });
