import type { Place } from '../../../types.ts';
import type { MethodView } from '../names.ts';
import { type ProgramView, placeAt } from '../recogniser.ts';
import type { Expression, Field } from '../summary.ts';
import { returned } from './returned-values.ts';

export interface GivenLiteral {
  readonly text: string;
  /** Where the literal stands: beside the call, at the variable, field or constant that holds it; else the argument. */
  readonly place: Place;
}

const mostHelpers = 4;
const literalAt = (path: string, value: Expression | undefined): GivenLiteral | undefined =>
  value?.is === 'text' ? { text: value.value, place: placeAt(path, value.at) } : undefined;

/** The text that an argument is in the end: a literal, a local variable, a field or constant, also of another class. */
export function givenLiteral(
  expression: Expression | undefined,
  view: MethodView,
  program: ProgramView,
  depth = 0,
): GivenLiteral | undefined {
  const { names } = program;
  if (!expression || depth > mostHelpers) return undefined;
  // `secret()` of a helper that returns a literal, and nothing else.
  const [given, ...others] = expression.is === 'call' ? returned(expression, view, program) : [];
  if (given) return others.length === 0 ? givenLiteral(given.expression, given.view, program, depth + 1) : undefined;
  const [name, ...rest] = expression.is === 'name' ? expression.path : [];
  if (name !== undefined && rest.length === 0) {
    const { method, type, path } = view;
    const locals = method.locals.filter((one) => one.name === name);
    if (locals.length > 0) return locals.length === 1 ? literalAt(path, locals[0]!.value) : undefined;
    if (method.parameters.some((one) => one.name === name)) return undefined;
    const field = type.fields.find((one) => one.name === name);
    if (field) return isInjected(field) || isSetElsewhere(name, view) ? undefined : literalAt(path, field.value);
  }
  const constant = names.literal(expression, view);
  if (constant) return literalAt(constant.path, constant.value);
  const text = names.text(expression, view);
  return literalAt(view.path, expression) ?? (text === undefined ? undefined : { text, place: placeAt(view.path, expression.at) });
}

/** What settings put into the field replaces what it is written with. */
const isInjected = ({ annotations }: Field): boolean =>
  annotations.some(({ name }) => /(?:^|\.)(?:Value|ConfigProperty|NacosValue|Property)$/.test(name));

/** A field that a method of the class sets holds something else later. */
const isSetElsewhere = (name: string, { type }: MethodView): boolean =>
  type.methods.some(({ assignments }) => assignments.some(({ target }) => target.at(-1) === name));
