/** Which types names mean, and what variables are: by namespaces and the files of the program. */
import type { Call, CSharpFile, Expression, Field, Method, Type, Variable } from './summary.ts';

export interface TypeView {
  readonly path: string;
  readonly file: CSharpFile;
  readonly type: Type;
  /** The project that holds it, by its folder. */
  readonly project: string;
  /** It belongs to the project that runs, not to one that it builds on. */
  readonly isOwn: boolean;
}
export interface MethodView extends TypeView {
  readonly method: Method;
  readonly index: number;
  readonly id: string;
}
export interface CallView extends MethodView {
  readonly written: Call;
  readonly call: Call['call'];
}

const lastOf = (name: string): string => name.slice(name.lastIndexOf('.') + 1);

const maxLineage = 40;

/** Containers whose element is what is injected. */
const wrappers = /^(?:IOptions|IOptionsMonitor|IOptionsSnapshot|Lazy|Task|ValueTask)$/;

export class Names {
  readonly #byName = new Map<string, TypeView[]>();
  readonly #methodsOf = new Map<Type, MethodView[]>();
  readonly #subtypes = new Map<string, TypeView[]>();
  readonly #types = new Map<Expression, string | undefined>();
  readonly #bases = new Map<Type, readonly string[]>();

  constructor(types: readonly TypeView[], methods: readonly MethodView[]) {
    for (const view of types) {
      add(this.#byName, lastOf(view.type.name), view);
      for (const { name } of view.type.bases) add(this.#subtypes, lastOf(name), view);
    }
    for (const method of methods) add(this.#methodsOf, method.type, method);
  }

  methodsOf(type: Type): readonly MethodView[] {
    return this.#methodsOf.get(type) ?? [];
  }

  /** Types that name this one among their bases. */
  subtypesOf(name: string): readonly TypeView[] {
    return this.#subtypes.get(lastOf(name)) ?? [];
  }

  /** All parts of the type of the program that a name means: those of a namespace in sight, else the only ones of that name. */
  find(written: string, from: TypeView): readonly TypeView[] {
    const found = this.#byName.get(lastOf(written)) ?? [];
    if (found.length < 2) return found;
    const inSight = found.filter(({ file }) => file.namespace === from.file.namespace || from.file.usings.includes(file.namespace));
    if (inSight.length > 0) return inSight;
    return new Set(found.map(({ file }) => file.namespace)).size === 1 ? found : [];
  }

  /** All parts of a type that is written over several files. */
  partsOf(view: TypeView): readonly TypeView[] {
    if (!view.type.modifiers.includes('partial')) return [view];
    return (this.#byName.get(lastOf(view.type.name)) ?? []).filter(
      ({ file, type }) => file.namespace === view.file.namespace && type.name === view.type.name,
    );
  }

  /** A type with everything that it is made from, nearest first. */
  #lineageOf(view: TypeView): readonly TypeView[] {
    const seen = new Set<Type>();
    const found: TypeView[] = [];
    const queue = [...this.partsOf(view)];
    for (let next = queue.shift(); next && found.length < maxLineage; next = queue.shift()) {
      if (seen.has(next.type)) continue;
      seen.add(next.type);
      found.push(next);
      for (const { name } of next.type.bases) queue.push(...this.find(name, next).flatMap((base) => this.partsOf(base)));
    }
    return found;
  }

  /** Names of everything that a type is: its bases, and theirs. */
  basesOf(view: TypeView): readonly string[] {
    const known = this.#bases.get(view.type);
    if (known) return known;
    const found = [...new Set(this.#lineageOf(view).flatMap(({ type }) => type.bases.map(({ name }) => lastOf(name))))];
    this.#bases.set(view.type, found);
    return found;
  }

  field(view: TypeView, name: string): { readonly field: Field; readonly owner: TypeView } | undefined {
    for (const owner of view.type.bases.length === 0 ? this.partsOf(view) : this.#lineageOf(view)) {
      const field = owner.type.fields.find((one) => one.name === name);
      if (field) return { field, owner };
    }
    return undefined;
  }

  /** The methods around a lambda or local function, itself first. */
  around(view: MethodView): readonly MethodView[] {
    const own = this.methodsOf(view.type);
    const found: MethodView[] = [view];
    for (let at = view.method.parent, count = 0; at !== undefined && count < 20; count++) {
      const outer = own[at];
      if (!outer) break;
      found.push(outer);
      at = outer.method.parent;
    }
    return found;
  }

  /** The variable that a plain name means inside of a method. */
  variable(name: string, view: MethodView): Variable | undefined {
    for (const { method } of this.around(view)) {
      const found = method.locals.findLast((local) => local.name === name) ?? method.parameters.find((one) => one.name === name);
      if (found) return found;
    }
    return this.field(view, name)?.field;
  }

  /** The type of an expression, as written where it is declared; `undefined` when it cannot be told. */
  typeOf(expression: Expression | undefined, view: MethodView, depth = 0): string | undefined {
    if (!expression || depth > 6) return undefined;
    if (depth > 0) return this.#typeOf(expression, view, depth);
    if (!this.#types.has(expression)) this.#types.set(expression, this.#typeOf(expression, view, 0));
    return this.#types.get(expression);
  }

  #typeOf(expression: Expression, view: MethodView, depth: number): string | undefined {
    if (expression.is === 'new') return expression.type || undefined;
    if (expression.is === 'call') return this.#typeOfCall(expression, view, depth);
    if (expression.is !== 'name') return undefined;
    const [first = '', ...rest] = expression.path;
    const variable = this.variable(first, view);
    let type = variable ? this.#typeOfVariable(variable, view, depth) : /^[A-Z]/.test(first) ? first : undefined;
    for (const name of rest) {
      const [holder] = type === undefined ? [] : this.find(type, view);
      if (!holder) return undefined;
      type = this.field(holder, name)?.field.type;
    }
    return type;
  }

  #typeOfVariable(variable: Variable, view: MethodView, depth: number): string | undefined {
    if (variable.type === 'var') return this.typeOf(variable.value, view, depth + 1);
    return wrappers.test(variable.type) && variable.types[0] ? variable.types[0] : variable.type;
  }

  #typeOfCall(call: Extract<Expression, { is: 'call' }>, view: MethodView, depth: number): string | undefined {
    if (/^(?:GetRequiredService|GetService|CreateInstance|GetRequiredKeyedService)$/.test(call.name)) return call.types[0];
    const holder = call.on ? this.typeOf(call.on, view, depth + 1) : undefined;
    const types = call.on ? (holder === undefined ? [] : this.find(holder, view)) : this.partsOf(view);
    for (const { type } of types) {
      const found = type.methods.find((method) => method.name === call.name && method.returnType !== undefined);
      if (found) return found.returnType;
    }
    return undefined;
  }
}

function add<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const known = map.get(key);
  if (known) known.push(value);
  else map.set(key, [value]);
}
