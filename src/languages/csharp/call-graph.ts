/** Which methods may call which: by the types of receivers, what implements them, and methods that extend them. */
import type { MethodView, Names } from './names.ts';
import type { CallExpression, Expression } from './summary.ts';

/** What is handed to these runs for requests, not where it is written. */
export const takesHandler = /^(?:Map(?!Group$)\w*|Use|Run|UseWhen|UseExceptionHandler)$/;

export class CallGraph {
  readonly #byId = new Map<string, MethodView>();
  readonly #callees = new Map<string, readonly string[]>();
  readonly #extensions = new Map<string, MethodView[]>();
  readonly #lambdas = new Map<string, MethodView[]>();
  #callers: ReadonlyMap<string, readonly { readonly caller: MethodView; readonly call: CallExpression }[]> | undefined;

  constructor(
    readonly methods: readonly MethodView[],
    readonly names: Names,
  ) {
    for (const view of methods) {
      this.#byId.set(view.id, view);
      if (view.method.extends) add(this.#extensions, view.method.name, view);
      if (view.method.parent === undefined || view.method.name !== '<lambda>') continue;
      const outer = names.methodsOf(view.type)[view.method.parent];
      if (outer) add(this.#lambdas, outer.id, view);
    }
  }

  /** The given methods and all that they may call. */
  reached(ids: Iterable<string>): ReadonlySet<string> {
    const found = new Set(ids);
    const queue = [...found];
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
      for (const callee of this.#calleesOf(next)) {
        if (found.has(callee)) continue;
        found.add(callee);
        queue.push(callee);
      }
    }
    return found;
  }

  /** Every call that may mean the method. */
  callersOf(id: string): readonly { readonly caller: MethodView; readonly call: CallExpression }[] {
    this.#callers ??= this.#collectCallers();
    return this.#callers.get(id) ?? [];
  }

  #collectCallers() {
    const callers = new Map<string, { caller: MethodView; call: CallExpression }[]>();
    for (const caller of this.methods)
      for (const { call } of caller.method.calls)
        for (const target of this.targetsOf(call, caller)) add(callers, target.id, { caller, call });
    return callers;
  }

  #calleesOf(id: string): readonly string[] {
    const known = this.#callees.get(id);
    if (known) return known;
    const view = this.#byId.get(id);
    const callees = view ? this.#findCallees(view) : [];
    this.#callees.set(id, callees);
    return callees;
  }

  #findCallees(view: MethodView): readonly string[] {
    const lambdas = (this.#lambdas.get(view.id) ?? []).filter(({ method }) => !takesHandler.test(method.handedTo ?? ''));
    const called = view.method.calls.flatMap(({ call }) => [
      ...this.targetsOf(call, view),
      // A method that is named without being called is called by whoever gets it.
      ...(takesHandler.test(call.name)
        ? []
        : [...call.args, ...Object.values(call.named)].flatMap((argument) => this.groupOf(argument, view))),
    ]);
    const made = view.method.creations.flatMap(({ creation }) =>
      this.names
        .find(creation.type, view)
        .flatMap(({ type }) => this.names.methodsOf(type).filter(({ method }) => method.name === '<new>')),
    );
    return [...lambdas, ...called, ...made].map((one) => one.id);
  }

  /** The method of its own type, or of a named one, that a plain name means. */
  groupOf(argument: Expression, view: MethodView): readonly MethodView[] {
    if (argument.is !== 'name') return [];
    const [name = '', owner] = [...argument.path].reverse();
    if (owner === undefined) {
      if (this.names.variable(name, view)) return [];
      return this.#own(view, name);
    }
    const type = this.names.typeOf({ ...argument, path: argument.path.slice(0, -1) }, view);
    return type === undefined ? [] : this.#inTypes(type, name, view);
  }

  #own(view: MethodView, name: string): readonly MethodView[] {
    const parts = this.names.partsOf(view).flatMap(({ type }) => this.names.methodsOf(type).filter(({ method }) => method.name === name));
    if (parts.length > 0) return parts;
    return view.type.bases.flatMap((base) => this.#inTypes(base.name, name, view));
  }

  #inTypes(type: string, name: string, view: MethodView): readonly MethodView[] {
    const found = this.names.find(type, view);
    // An interface that holds nothing of interest is not read; those that implement it name it.
    const isInterface = /^(?:\w+\.)*I[A-Z]\w*$/.test(type);
    const types = [...found, ...(found.length > 0 || isInterface ? this.names.subtypesOf(type) : [])];
    return types.flatMap((one) => this.names.methodsOf(one.type).filter(({ method }) => method.name === name));
  }

  readonly #targets = new Map<CallExpression, readonly MethodView[]>();

  targetsOf(call: CallExpression, view: MethodView): readonly MethodView[] {
    const known = this.#targets.get(call);
    if (known) return known;
    const found = this.#findTargets(call, view);
    this.#targets.set(call, found);
    return found;
  }

  #findTargets(call: CallExpression, view: MethodView): readonly MethodView[] {
    if (!call.on) return this.#own(view, call.name);
    const type = this.names.typeOf(call.on, view);
    const own = type === undefined ? [] : this.#inTypes(type, call.name, view);
    if (own.length > 0) return own;
    return this.#extensions.get(call.name) ?? [];
  }
}

function add<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const known = map.get(key);
  if (known) known.push(value);
  else map.set(key, [value]);
}
