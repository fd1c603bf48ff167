/** Which types names mean: by imports, packages and the files of the program. */
import type { Expression, Field, JavaFile, Method, Type, Variable } from './summary.ts';

export interface TypeView {
  readonly path: string;
  readonly file: JavaFile;
  readonly type: Type;
  readonly name: string;
}
export interface MethodView extends TypeView {
  readonly method: Method;
  readonly id: string;
}
export interface CallView extends MethodView {
  readonly call: Extract<Expression, { is: 'call' }>;
}

/** Java EE became Jakarta EE: both packages are one API. */
const unified = (name: string): string =>
  name.replace(
    /^javax\.(?=(?:servlet|ejb|enterprise|faces|inject|jms|persistence|transaction|websocket|ws\.rs|annotation|mail|resource)\b)/,
    'jakarta.',
  );

const simpleName = (name: string): string => name.slice(name.lastIndexOf('.') + 1);
const packageName = (name: string): string => name.slice(0, Math.max(0, name.lastIndexOf('.')));

/** True when a name, as written in the file, means one of these fully qualified types (`jakarta` for both Java EE and Jakarta EE). */
export function refersTo(file: JavaFile, written: string, ...types: readonly string[]): boolean {
  if (written === '') return false;
  if (types.some((type) => unified(written) === type)) return true;
  const head = written.split('.')[0]!;
  const candidates = types.filter((type) => type.endsWith(`.${written}`) || simpleName(type) === written);
  if (candidates.length === 0) return false;
  const explicit = file.imports.find(({ name, wildcard, isStatic }) => !wildcard && !isStatic && simpleName(name) === head);
  if (explicit) return candidates.some((type) => type === unified(explicit.name) || type.startsWith(`${unified(explicit.name)}.`));
  return candidates.some(
    (type) =>
      packageName(type) === 'java.lang' ||
      file.imports.some(({ name, wildcard, isStatic }) => wildcard && !isStatic && unified(name) === packageName(type)),
  );
}

/** True when the file imports something of one of these packages. */
export const importsFrom = (file: JavaFile, ...packages: readonly string[]): boolean =>
  file.imports.some(({ name }) => packages.some((one) => unified(name) === one || unified(name).startsWith(`${one}.`)));

/** The types of a program by name, and what expressions are. */
export class Names {
  readonly #byName = new Map<string, TypeView>();
  readonly #constants = new Map<string, Expression | undefined>();

  constructor(
    types: readonly TypeView[],
    /** Reads a type that the gate left out, by its full name. */
    readonly load: (name: string) => TypeView | undefined,
  ) {
    for (const view of types) if (!this.#byName.has(view.name)) this.#byName.set(view.name, view);
  }

  /** The type of the program that a name means. */
  find(file: JavaFile, written: string): TypeView | undefined {
    if (written === '') return undefined;
    const head = written.split('.')[0]!;
    const explicit = file.imports.find(({ name, wildcard, isStatic }) => !wildcard && !isStatic && simpleName(name) === head);
    const names = explicit
      ? [explicit.name + written.slice(head.length)]
      : [
          written,
          `${file.package}.${written}`,
          ...file.imports.filter(({ wildcard, isStatic }) => wildcard && !isStatic).map(({ name }) => `${name}.${written}`),
        ];
    for (const name of names) {
      const found = this.#byName.get(name) ?? this.load(name);
      if (found) return found;
    }
    return undefined;
  }

  /** A field of the type or of those that it extends. */
  field(view: TypeView, name: string, depth = 0): Field | undefined {
    const own = view.type.fields.find((field) => field.name === name);
    if (own || !view.type.superclass || depth > 8) return own;
    const parent = this.find(view.file, view.type.superclass);
    return parent && this.field(parent, name, depth + 1);
  }

  /** The variable that a plain name means inside of a method. */
  variable(view: MethodView, name: string): Variable | undefined {
    return (
      view.method.locals.findLast((local) => local.name === name) ??
      view.method.parameters.find((parameter) => parameter.name === name) ??
      this.field(view, name)
    );
  }

  /** The type of an expression as written in its declaration; `undefined` when it cannot be told. */
  typeOf(expression: Expression | undefined, view: MethodView, depth = 0): string | undefined {
    if (!expression || depth > 6) return undefined;
    if (expression.is === 'new') return expression.type;
    if (expression.is === 'text' || expression.is === 'sum') return 'String';
    if (expression.is === 'call' && !expression.on) return view.type.methods.find(({ name }) => name === expression.name)?.returns;
    if (expression.is !== 'name') return undefined;
    const [first] = expression.path;
    if (expression.path.length > 1) return undefined;
    const variable = this.variable(view, first!);
    if (variable?.type === 'var') return this.typeOf(variable.value, view, depth + 1);
    return variable?.type ?? (/^[A-Z]/.test(first!) ? first : undefined);
  }

  /** The constant that a name stands for, also across files. */
  constant(expression: Expression | undefined, view: TypeView, depth = 0): Expression | undefined {
    if (expression?.is !== 'name' || depth > 6) return expression;
    const key = `${view.name} ${expression.path.join('.')}`;
    if (!this.#constants.has(key)) this.#constants.set(key, this.#findConstant(expression.path, view, depth));
    return this.#constants.get(key);
  }

  #findConstant(path: readonly string[], view: TypeView, depth: number): Expression | undefined {
    const name = path.at(-1)!;
    const imported = view.file.imports.find((one) => one.isStatic && !one.wildcard && simpleName(one.name) === name);
    const owner =
      path.length > 1
        ? this.find(view.file, path.slice(0, -1).join('.'))
        : imported
          ? this.find(view.file, packageName(imported.name))
          : view;
    const field = owner && this.field(owner, name);
    if (!owner || !field?.value || !(field.modifiers.includes('final') || owner.type.kind === 'interface')) return undefined;
    return this.constant(field.value, owner, depth + 1);
  }

  /** The text that an expression comes to; `undefined` when a part is not constant. */
  text(expression: Expression | undefined, view: TypeView, depth = 0): string | undefined {
    const value = this.constant(expression, view);
    if (!value || depth > 8) return undefined;
    if (value.is === 'text') return value.value;
    if (value.is === 'number') return String(value.value);
    if (value.is !== 'sum') return undefined;
    const parts = value.parts.map((part) => this.text(part, view, depth + 1));
    return parts.every((part) => part !== undefined) ? parts.join('') : undefined;
  }
}
