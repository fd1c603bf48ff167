import type { Value } from '../../../facts.ts';
import { variableOfKey } from '../../../text/placeholders.ts';
import type { Place } from '../../../types.ts';
import type { MethodView } from '../names.ts';
import { annotationOf, type ProgramView, placeAt } from '../recogniser.ts';
import type { Expression, Variable } from '../summary.ts';
import { idOf } from '../views.ts';
import { injected } from './call-targets.ts';
import { keyOfField, outsideOf, ownerOf, propertyOf, returned } from './returned-values.ts';

/** What a path starts with, and the method where that stands. */
export interface Root {
  readonly expression: Expression;
  readonly view: MethodView;
  /** The file where the default of a setting stands, where that is another. */
  readonly defaultIn?: string;
}

/** Calls that give a path as it is, or one that starts with it. */
const keepsRoot =
  /^(?:toPath|toFile|toString|getAbsolutePath|getAbsoluteFile|getCanonicalFile|getCanonicalPath|toAbsolutePath|normalize|resolve|getPath|trim|strip|concat|replace|replaceAll|replaceFirst|intern)$/;
/** Calls that read a setting. */
const readsSetting = /^(?:getProperty|getenv|getInitParameter|getString|getRequiredProperty|getConfigValue)$/;
const atStart = /^(?:<init>|<instance>|init|afterPropertiesSet|setServletContext)$/;

/** Variables, constants, fields and helpers of the class are followed to where they get their value. */
export function rootOf(expression: Expression | undefined, view: MethodView, program: ProgramView, depth = 0): Root | undefined {
  if (!expression || depth > 16) return undefined;
  const again = (inner: Expression | undefined, where = view) => rootOf(inner, where, program, depth + 1);
  if (expression.is === 'sum') return again(expression.parts[0]);
  if (expression.is === 'new') return asFolder(again(expression.args[0]), expression.args.length > 1);
  if (expression.is === 'choice') return rootOfChoice(expression.options.map((option) => again(option)));
  if (expression.is === 'call') return rootOfCall(expression, view, program, again);
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
  if (given) return again(given.expression, given.view) ?? { expression, view };
  if (local || set || expression.path.length > 2) return { expression, view };
  return (
    (expression.path.length === 1 ? initialOf(name!, view, program, again) : memberOf(expression, view, program, again)) ?? {
      expression,
      view,
    }
  );
}

type Call = Extract<Expression, { is: 'call' }>;
function rootOfCall(expression: Call, view: MethodView, program: ProgramView, again: Again): Root | undefined {
  const { name, on, args, at } = expression;
  const property = propertyOf(expression, view, program);
  if (property) {
    const { key, fallback, path } = property;
    return { expression: asSetting(key, at, fallback), view, ...(path === undefined ? {} : { defaultIn: path }) };
  }
  if (readsSetting.test(name) || name === 'getRealPath' || isVariableOrElse(expression)) return { expression, view };
  if (keepsRoot.test(name) && on) return asFolder(again(on), name === 'resolve');
  if (/^format(?:ted)?$/.test(name)) return formatted(expression, view, program, again);
  // `folders.of(name)` asks the program's own.
  if (/^(?:get|of|getFile|valueOf)$/.test(name) && args.length > 0 && !(on && ownerOf(expression, view, program)))
    return asFolder(again(args[0]), name !== 'valueOf' && args.length > 1);
  const made = madeBy(expression, view);
  if (made) return again(made.expression, made.view);
  const given = returned(expression, view, program).map((one) => again(one.expression, one.view));
  return firstKnown(given) ?? { expression, view };
}

type Again = (inner: Expression | undefined, where?: MethodView) => Root | undefined;
const asSetting = (key: string, at: Expression['at'], fallback: Expression | undefined): Expression => ({
  is: 'call',
  name: 'getProperty',
  args: [{ is: 'text', value: key, at }, ...(fallback ? [fallback] : [])],
  at,
});

/** `new File("uploads", name)`: what it begins with is a whole folder. */
function asFolder(root: Root | undefined, isFolder: boolean): Root | undefined {
  const expression = root?.expression;
  if (!root || !isFolder || expression?.is !== 'text' || /[/\\]$/.test(expression.value)) return root;
  return { ...root, expression: { ...expression, value: `${expression.value}/` } };
}

/** `System.getenv("FOLDER") ?: "/data"`: the setting with its default, else one that says where it is. */
function rootOfChoice(roots: readonly (Root | undefined)[]): Root | undefined {
  const asked = roots.find((root) => root?.expression.is === 'call' && readsSetting.test(root.expression.name));
  const text = roots.find((root) => root?.expression.is === 'text')?.expression;
  if (asked?.expression.is !== 'call' || !text || asked.expression.args.length !== 1) return firstKnown(roots);
  return { ...asked, expression: { ...asked.expression, args: [...asked.expression.args, text] } };
}

/** `private String folder = "uploads/"`, which nothing sets. */
function initialOf(name: string, view: MethodView, program: ProgramView, again: Again): Root | undefined {
  if (view.method.parameters.some((one) => one.name === name)) return undefined;
  const field = program.names.field(view, name);
  if (!field?.value || field.annotations.length > 0 || keyOfField(name, view) !== undefined) return undefined;
  const isSet = view.type.methods.some(({ assignments }) => assignments.some(({ target }) => target.at(-1) === name));
  return isSet ? undefined : again(field.value);
}

/** `properties.folder`: a field of another object. */
function memberOf(
  { path, at }: Extract<Expression, { is: 'name' }>,
  view: MethodView,
  program: ProgramView,
  again: Again,
): Root | undefined {
  const holder = program.names.variable(view, path[0]!);
  const owner = holder && program.names.find(view.file, holder.type);
  return owner && again({ is: 'name', path: [path[1]!], at }, outsideOf(owner));
}

/** Of several that may be, one that says where it is. */
const firstKnown = (roots: readonly (Root | undefined)[]): Root | undefined =>
  roots.find((root) => root && root.expression.is !== 'call' && root.expression.is !== 'other' && root.expression.is !== 'null') ??
  roots.find((root) => root !== undefined);

/** `System.getenv().getOrDefault("FOLDER", "/data")` */
const isVariableOrElse = ({ name, on }: Extract<Expression, { is: 'call' }>): boolean =>
  name === 'getOrDefault' && on?.is === 'call' && on.name === 'getenv';

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
  const isStart =
    first && (atStart.test(first.method.name) || annotationOf(first.method, 'PostConstruct', 'Value', 'Autowired') !== undefined);
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

/** `${java.io.tmpdir}/exports`, also as the default of a setting. */
export const isTemporaryValue = (value: Value | undefined, depth = 0): boolean => {
  if (!value || depth > 4) return false;
  if (value.is === 'text') return isTemporaryValue(value.parts[0], depth + 1);
  return value.is === 'env' && (value.name === 'JAVA_IO_TMPDIR' || isTemporaryValue(value.fallback, depth + 1));
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

function rootValue({ expression: root, view, defaultIn = view.path }: Root, program: ProgramView): Value | undefined {
  const place = placeAt(view.path, root.at);
  const literal = (written: Expression | undefined, path = view.path): Value | undefined => {
    const text = program.names.text(written, view);
    return written && text !== undefined ? { is: 'literal', value: text, place: placeAt(path, written.at) } : undefined;
  };
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
    const name = readsSetting.test(root.name) || isVariableOrElse(root) ? program.names.text(key, view) : undefined;
    if (name === undefined) return undefined;
    const fallback = literal(root.args[1], defaultIn);
    if (/^getenv$|^getOrDefault$/.test(root.name)) return { is: 'env', name, ...(fallback ? { fallback } : {}), place };
    return settingValue(name, fallback, program, place);
  }
  const variable: Variable | undefined =
    root.is === 'name' && root.path.length === 1 ? program.names.variable(view, root.path[0]!) : undefined;
  if (!variable) return undefined;
  const own = keyOfField(variable.name, view);
  return (
    injected(variable.annotations, view.path, program) ??
    // `@Value("${folder}") void setFolder(String folder)`
    (view.method.parameters.includes(variable) ? injected(view.method.annotations, view.path, program) : undefined) ??
    (own === undefined ? undefined : settingValue(own, literal(variable.value), program, place))
  );
}

const canonical = (key: string): string => key.replace(/[-_]/g, '').toLowerCase();
/** What the settings give for a key, however they write it, else the default beside it. */
function settingValue(name: string, fallback: Value | undefined, { settings }: ProgramView, place: Place): Value {
  const wanted = canonical(name);
  const key = settings.all.find((setting) => canonical(setting.key) === wanted)?.key;
  const own = key === undefined ? undefined : (settings.of(key).find(({ profile }) => profile === undefined) ?? settings.of(key)[0]);
  return own ? settings.value(own) : { is: 'env', name: variableOfKey(name), ...(fallback ? { fallback } : {}), place };
}
