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
  name.startsWith('javax.')
    ? name.replace(
        /^javax\.(?=(?:servlet|ejb|enterprise|faces|inject|jms|persistence|transaction|websocket|ws\.rs|annotation|mail|resource)\b)/,
        'jakarta.',
      )
    : name;

const simpleName = (name: string): string => name.slice(name.lastIndexOf('.') + 1);
const packageName = (name: string): string => name.slice(0, Math.max(0, name.lastIndexOf('.')));

/** The imports of a file that bring types: those of one by its simple name, and packages as a whole. */
interface Imported {
  readonly explicit: ReadonlyMap<string, string>;
  readonly packages: readonly string[];
}
const importedBy = new WeakMap<JavaFile, Imported>();
function importedTypes(file: JavaFile): Imported {
  const known = importedBy.get(file);
  if (known) return known;
  const explicit = new Map<string, string>();
  const packages: string[] = [];
  for (const { name, wildcard, isStatic } of file.imports) {
    if (isStatic) continue;
    if (wildcard) packages.push(name);
    else if (!explicit.has(simpleName(name))) explicit.set(simpleName(name), name);
  }
  const imported = { explicit, packages };
  importedBy.set(file, imported);
  return imported;
}

const headOf = (written: string): string => {
  const end = written.indexOf('.');
  return end < 0 ? written : written.slice(0, end);
};
/** `b.C` names `a.b.C`. */
const endsWithName = (type: string, written: string): boolean => type.endsWith(written) && type[type.length - written.length - 1] === '.';

/** True when a name, as written in the file, means one of these fully qualified types (`jakarta` for both Java EE and Jakarta EE). */
export function refersTo(file: JavaFile, written: string, ...types: readonly string[]): boolean {
  if (written === '') return false;
  if (types.includes(unified(written))) return true;
  const candidates = types.filter((type) => endsWithName(type, written));
  if (candidates.length === 0) return false;
  const { explicit, packages } = importedTypes(file);
  const name = explicit.get(headOf(written));
  if (name !== undefined) {
    const full = unified(name);
    return candidates.some((type) => type === full || type.startsWith(`${full}.`));
  }
  return candidates.some(
    (type) => packageName(type) === 'java.lang' || packages.some((imported) => `${unified(imported)}.${written}` === type),
  );
}

/** True when the file imports something of one of these packages. */
export const importsFrom = (file: JavaFile, ...packages: readonly string[]): boolean =>
  file.imports.some(({ name }) => packages.some((one) => unified(name) === one || unified(name).startsWith(`${one}.`)));

interface Constant {
  readonly value: Expression;
  readonly owner: TypeView;
}

/** The types of a program by name, and what expressions are. */
export class Names {
  readonly #byName = new Map<string, TypeView>();
  readonly #found = new Map<JavaFile, Map<string, TypeView | undefined>>();
  /** By the type that asks, then by what it writes. */
  readonly #constants = new Map<string, Map<string, Constant | undefined>>();

  constructor(
    types: readonly TypeView[],
    /** Reads a type that the gate left out, by its full name. */
    readonly load: (name: string) => TypeView | undefined,
    /** What files of Kotlin in a package declare outside of types. */
    readonly topLevel: (packageName: string) => readonly TypeView[] = () => [],
  ) {
    for (const view of types) if (!this.#byName.has(view.name)) this.#byName.set(view.name, view);
  }

  /** The type of the program that a name means. */
  find(file: JavaFile, written: string): TypeView | undefined {
    if (written === '') return undefined;
    let found = this.#found.get(file);
    if (!found) {
      found = new Map();
      this.#found.set(file, found);
    }
    if (!found.has(written)) found.set(written, this.#find(file, written));
    return found.get(written);
  }

  #find(file: JavaFile, written: string): TypeView | undefined {
    const { explicit, packages } = importedTypes(file);
    const head = headOf(written);
    const imported = explicit.get(head);
    const names =
      imported === undefined
        ? [written, `${file.package}.${written}`, ...packages.map((name) => `${name}.${written}`)]
        : [imported + written.slice(head.length)];
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
    if (expression.is === 'field') return this.#typeOfField(expression, view, depth);
    if (expression.is === 'call' && !expression.on) return view.type.methods.find(({ name }) => name === expression.name)?.returns;
    if (expression.is !== 'name') return undefined;
    const [first] = expression.path;
    if (expression.path.length > 1) return this.#typeNamed(expression.path, view);
    const variable = this.variable(view, first!);
    if (variable?.type === 'var') return this.typeOf(variable.value, view, depth + 1);
    if (variable) return this.#inherited(variable, view) ?? variable.type;
    return /^[A-Z]/.test(first!) ? first : undefined;
  }

  /** `Accounts.Writer`, `com.acme.Accounts`: a type of the program under a name of several parts. */
  #typeNamed(path: readonly string[], view: MethodView): string | undefined {
    if (!/^[A-Z]\w*[a-z]/.test(path.at(-1)!) || !/^\w+$/.test(path[0]!) || this.variable(view, path[0]!)) return undefined;
    const written = path.join('.');
    return this.find(view.file, written) && written;
  }

  /** `getInstance().jobs`: what the type of the program says that it holds. */
  #typeOfField({ on, name }: Extract<Expression, { is: 'field' }>, view: MethodView, depth: number): string | undefined {
    const owner = this.find(view.file, this.typeOf(on, view, depth + 1) ?? '');
    const field = owner && this.field(owner, name);
    if (!owner || !field) return undefined;
    return this.find(owner.file, field.type)?.name ?? importedTypes(owner.file).explicit.get(headOf(field.type)) ?? field.type;
  }

  /** The full name of the type of a field that another file declares: its imports are those of that file. */
  #inherited(variable: Variable, view: TypeView): string | undefined {
    if (!view.type.superclass || importedTypes(view.file).explicit.has(headOf(variable.type))) return undefined;
    for (let owner: TypeView | undefined = view, depth = 0; owner && depth < 8; depth++) {
      if (owner.type.fields.some((field) => field === variable)) {
        const imported = owner.file === view.file ? undefined : importedTypes(owner.file).explicit.get(headOf(variable.type));
        return imported && imported + variable.type.slice(headOf(variable.type).length);
      }
      owner = owner.type.superclass ? this.find(owner.file, owner.type.superclass) : undefined;
    }
    return undefined;
  }

  /** The constant that a name stands for, also across files. */
  constant(expression: Expression | undefined, view: TypeView): Expression | undefined {
    return this.#resolve(expression, view, 0)?.value;
  }

  /** Names in a constant mean what they mean where it is written. */
  #resolve(expression: Expression | undefined, view: TypeView, depth: number): Constant | undefined {
    if (!expression) return undefined;
    if (expression.is !== 'name' || depth > 6) return { value: expression, owner: view };
    let known = this.#constants.get(view.name);
    if (!known) {
      known = new Map();
      this.#constants.set(view.name, known);
    }
    const { path } = expression;
    const key = path.length === 1 ? path[0]! : path.join('.');
    if (!known.has(key)) known.set(key, this.#findConstant(path, view, depth));
    return known.get(key);
  }

  #findConstant(path: readonly string[], view: TypeView, depth: number): Constant | undefined {
    const name = path.at(-1)!;
    for (const owner of this.#ownersOf(path, view)) {
      const field = this.field(owner, name);
      if (!field?.value || !(field.modifiers.includes('final') || owner.type.kind === 'interface')) continue;
      return this.#resolve(field.value, owner, depth + 1);
    }
    return undefined;
  }

  /** Types that may hold a constant, nearest first: its own, what encloses it, what is imported; for Kotlin also files. */
  #ownersOf(path: readonly string[], view: TypeView): readonly TypeView[] {
    const name = path.at(-1)!;
    const isKotlin = view.path.endsWith('.kt');
    const found = (written: string): readonly TypeView[] => {
      const type = this.find(view.file, written.replace(/\.Companion$/, ''));
      return type ? [type] : [];
    };
    if (path.length > 1) return found(path.slice(0, -1).join('.'));
    const imported = view.file.imports.find((one) => (one.isStatic || isKotlin) && !one.wildcard && simpleName(one.name) === name);
    if (imported && !isKotlin) return found(packageName(imported.name));
    if (!isKotlin) return [view];
    const outer = view.type.name.includes('.') ? found(`${view.file.package}.${packageName(view.type.name)}`) : [];
    const named = imported ? [...found(packageName(imported.name)), ...this.topLevel(packageName(imported.name))] : [];
    const wide = view.file.imports.filter(({ wildcard }) => wildcard).flatMap(({ name: one }) => this.topLevel(one));
    return [view, ...outer, ...named, ...this.topLevel(view.file.package), ...wide];
  }

  /** The literal that a name stands for, with the file where it is written. */
  literal(
    expression: Expression | undefined,
    view: TypeView,
  ): { readonly value: Extract<Expression, { is: 'text' }>; readonly path: string } | undefined {
    const found = this.#resolve(expression, view, 0);
    return found?.value.is === 'text' ? { value: found.value, path: found.owner.path } : undefined;
  }

  /** The text that an expression comes to; `undefined` when a part is not constant. */
  text(expression: Expression | undefined, view: TypeView, depth = 0): string | undefined {
    const found = this.#resolve(expression, view, 0);
    if (!found || depth > 8) return undefined;
    const { value, owner } = found;
    if (value.is === 'text') return value.value;
    if (value.is === 'number') return String(value.value);
    if (value.is !== 'sum') return undefined;
    const parts = value.parts.map((part) => this.text(part, owner, depth + 1));
    return parts.every((part) => part !== undefined) ? parts.join('') : undefined;
  }
}
