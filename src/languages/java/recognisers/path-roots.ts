import type { Value } from '../../../facts.ts';
import { variableOfKey } from '../../../text/placeholders.ts';
import type { MethodView } from '../names.ts';
import { annotationOf, type ProgramView, placeAt } from '../recogniser.ts';
import type { Expression, Variable } from '../summary.ts';
import { idOf } from '../views.ts';
import { injected } from './call-targets.ts';

/** What a path starts with, and the method where that stands. */
export interface Root {
  readonly expression: Expression;
  readonly view: MethodView;
}

/** Calls that give a path as it is, or one that starts with it. */
const keepsRoot =
  /^(?:toPath|toFile|toString|getAbsolutePath|getAbsoluteFile|getCanonicalFile|getCanonicalPath|toAbsolutePath|normalize|resolve|getPath|trim)$/;
/** Calls that read a setting. */
const readsSetting = /^(?:getProperty|getenv|getInitParameter|getString|getRequiredProperty|getConfigValue)$/;
const atStart = /^(?:<init>|<instance>|init|afterPropertiesSet|setServletContext)$/;

/** Variables, constants, fields and helpers of the class are followed to where they get their value. */
export function rootOf(expression: Expression | undefined, view: MethodView, program: ProgramView, depth = 0): Root | undefined {
  if (!expression || depth > 10) return undefined;
  const again = (inner: Expression | undefined, where = view) => rootOf(inner, where, program, depth + 1);
  if (expression.is === 'sum') return again(expression.parts[0]);
  if (expression.is === 'new') return again(expression.args[0]);
  if (expression.is === 'call') {
    if (readsSetting.test(expression.name) || expression.name === 'getRealPath') return { expression, view };
    if (keepsRoot.test(expression.name) && expression.on) return again(expression.on);
    if (/^format(?:ted)?$/.test(expression.name)) return formatted(expression, view, program, again);
    if (/^(?:get|of|getFile|valueOf)$/.test(expression.name)) return again(expression.args[0]);
    const made = madeBy(expression, view);
    return made ? again(made.expression, made.view) : { expression, view };
  }
  if (expression.is !== 'name') return { expression, view };
  const constant = program.names.constant(expression, view);
  if (constant && constant.is !== 'name') return again(constant);
  const [name] = expression.path;
  const local = view.method.locals.findLast((one) => one.name === name && one.value?.is !== 'null');
  const set = view.method.assignments.findLast(({ target, value }) => target.length === 1 && target[0] === name && value?.is !== 'null');
  const found = again(local?.value ?? set?.value);
  if (found) return found;
  const given =
    local || set ? undefined : expression.path.length > 1 ? givenOnce(expression.path, view, program) : givenAtStart(name!, view);
  return (given && again(given.expression, given.view)) ?? { expression, view };
}

/** `String.format("%s/%s", folder, name)`: what is filled in first, or the text before. */
function formatted(
  { on, name, args, at }: Extract<Expression, { is: 'call' }>,
  view: MethodView,
  { names }: ProgramView,
  again: (inner: Expression | undefined) => Root | undefined,
): Root | undefined {
  const [pattern, first] = name === 'formatted' ? [on, args[0]] : args;
  const text = names.text(pattern, view);
  if (text === undefined) return again(pattern);
  const hole = /%(?:1\$)?s|\{0?\}/.exec(text);
  if (hole?.index === 0) return again(first);
  return { expression: { is: 'text', value: hole ? text.slice(0, hole.index) : text, at }, view };
}

const methodView = (view: MethodView, method: MethodView['method']): MethodView => ({
  ...view,
  method,
  id: idOf(view.path, view.type, method),
});

/** `fileFor(name)`: a helper of the class that makes one file. */
function madeBy({ on, name }: Extract<Expression, { is: 'call' }>, view: MethodView): Root | undefined {
  const method = on === undefined ? view.type.methods.find((one) => one.name === name && one !== view.method) : undefined;
  const files = /(?:^|\.)File$/.test(method?.returns ?? '') ? method!.creations.filter(({ type }) => type === 'File') : [];
  const [made] = files;
  return method && made && files.length === 1 ? { expression: made, view: methodView(view, method) } : undefined;
}

/** A field that the class sets once, when it is made or starts. */
function givenAtStart(name: string, view: MethodView): Root | undefined {
  if (view.method.parameters.some((one) => one.name === name) || !view.type.fields.some((field) => field.name === name)) return undefined;
  const all = view.type.methods.flatMap((method) =>
    method.assignments
      .filter(({ target, value }) => target.at(-1) === name && target.length === 1 && value && value.is !== 'null')
      .map(({ value }) => ({ method, value: value! })),
  );
  const [first] = all;
  const isStart = first && (atStart.test(first.method.name) || annotationOf(first.method, 'PostConstruct') !== undefined);
  return first && isStart && all.length === 1 && first.method !== view.method
    ? { expression: first.value, view: methodView(view, first.method) }
    : undefined;
}

/** `Folders.root`: a field of another class that one method sets. */
function givenOnce(path: readonly string[], view: MethodView, program: ProgramView): Root | undefined {
  const owner = program.names.find(view.file, path.slice(0, -1).join('.'));
  const name = path.at(-1);
  if (!owner?.type.fields.some((field) => field.name === name && field.modifiers.includes('static'))) return undefined;
  const all = owner.type.methods.flatMap((method) =>
    method.assignments.flatMap(({ target, value }) =>
      target.at(-1) === name && target.length <= 2 && value && value.is !== 'null' ? [{ method, value }] : [],
    ),
  );
  const [first] = all;
  return first && all.every(({ method }) => method === first.method)
    ? { expression: first.value, view: { ...owner, method: first.method, id: idOf(owner.path, owner.type, first.method) } }
    : undefined;
}

/** `files.createTemporaryFile(name)`, `tempDir()`: a helper that says what it gives. */
const givesTemporary = /^(?:(?:create|new|make|get|open|allocate)_?)?te?mp(?:orary)?_?(?:File|Path|Dir|Directory|Folder)(?:For\w{1,30})?$/i;
/** A temporary folder of the system, or a file there. */
export const isTemporaryRoot = (root: Root | undefined): boolean => {
  const expression = root?.expression;
  if (expression?.is !== 'call') return false;
  const [first] = expression.args;
  return (
    givesTemporary.test(expression.name) || (readsSetting.test(expression.name) && first?.is === 'text' && first.value === 'java.io.tmpdir')
  );
};

/** The path as far as constants and settings tell it. */
export function targetOf(
  expression: Expression | undefined,
  root: Root | undefined,
  view: MethodView,
  program: ProgramView,
): Value | undefined {
  const inner =
    expression?.is === 'new' && /(?:^|\.)File$/.test(expression.type)
      ? expression.args[0]
      : expression?.is === 'call' && /^(?:get|of)$/.test(expression.name)
        ? expression.args[0]
        : expression;
  const text = program.names.text(inner, view);
  if (text !== undefined && inner) return { is: 'literal', value: text, place: placeAt(view.path, inner.at) };
  return root && rootValue(root, program);
}

function rootValue({ expression: root, view }: Root, program: ProgramView): Value | undefined {
  const place = placeAt(view.path, root.at);
  if (root.is === 'text')
    return {
      is: 'text',
      parts: [
        { is: 'literal', value: root.value, place },
        { is: 'unknown', place },
      ],
      place,
    };
  if (root.is === 'call') {
    const [key] = root.args;
    // The folder that the program was started in, or that its archive lies in.
    if (root.name === 'getRealPath' || (key?.is === 'text' && key.value === 'user.dir')) return { is: 'literal', value: './', place };
    const name = readsSetting.test(root.name) ? program.names.text(key, view) : undefined;
    return name === undefined ? undefined : { is: 'env', name: variableOfKey(name), place };
  }
  const variable: Variable | undefined =
    root.is === 'name' && root.path.length === 1 ? program.names.variable(view, root.path[0]!) : undefined;
  return variable && injected(variable.annotations, view.path, program);
}
