/** Which methods may call which, by the declared types of receivers and the classes that implement them. */
import type { MethodView, Names, TypeView } from './names.ts';

export class CallGraph {
  readonly #byId = new Map<string, MethodView>();
  readonly #byType = new Map<string, MethodView[]>();
  /** Methods of classes by the simple name of what they implement or extend. */
  readonly #subtypes = new Map<string, Set<string>>();
  readonly #callees = new Map<string, readonly string[]>();
  /** Functions of Kotlin outside of types, by their full name. */
  readonly #topLevel = new Map<string, readonly string[]>();

  constructor(
    methods: readonly MethodView[],
    readonly names: Names,
  ) {
    let last: TypeView['type'] | undefined;
    for (const method of methods) {
      this.#byId.set(method.id, method);
      const own = this.#byType.get(method.name);
      if (own) own.push(method);
      else this.#byType.set(method.name, [method]);
      if (method.path.endsWith('.kt') && method.type.name.endsWith('Kt')) {
        const full = `${method.file.package}.${method.method.name}`;
        this.#topLevel.set(full, [...(this.#topLevel.get(full) ?? []), method.id]);
      }
      // Methods of a type follow each other.
      if (method.type !== last) this.#addSubtype(method);
      last = method.type;
    }
  }

  #addSubtype({ type, file, name }: TypeView): void {
    for (const parent of [type.superclass, ...type.interfaces]) {
      const found = parent ? this.names.find(file, parent) : undefined;
      if (found) this.#subtypes.set(found.name, (this.#subtypes.get(found.name) ?? new Set()).add(name));
    }
  }

  /** The given methods and all that they may call. */
  reached(ids: readonly string[]): ReadonlySet<string> {
    const found = new Set(ids);
    const queue = [...ids];
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
      for (const callee of this.#calleesOf(next)) {
        if (found.has(callee)) continue;
        found.add(callee);
        queue.push(callee);
      }
    }
    return found;
  }

  #calleesOf(id: string): readonly string[] {
    const known = this.#callees.get(id);
    if (known) return known;
    const method = this.#byId.get(id);
    const callees = method
      ? method.method.calls.flatMap(({ on, name }) => [
          ...this.#targets(on === undefined ? method : this.#receiver(method, on), name),
          ...(on === undefined && method.path.endsWith('.kt') ? this.#functions(method, name) : []),
        ])
      : [];
    this.#callees.set(id, callees);
    return callees;
  }

  /** A function of the same package, or one that is imported. */
  #functions({ file }: MethodView, name: string): readonly string[] {
    const imported = file.imports.find((one) => one.name.endsWith(`.${name}`))?.name;
    const packages = file.imports.filter(({ wildcard }) => wildcard).map((one) => `${one.name}.${name}`);
    return [imported ?? `${file.package}.${name}`, ...packages].flatMap((full) => this.#topLevel.get(full) ?? []);
  }

  #receiver(method: MethodView, on: NonNullable<MethodView['method']['calls'][number]['on']>): TypeView | undefined {
    const written = this.names.typeOf(on, method);
    if (written !== undefined) return this.names.find(method.file, written);
    return on.is === 'call' && on.on?.is === 'name' && /^[A-Z]/.test(on.on.path.at(-1)!)
      ? this.#made(method, on.on.path, on.name)
      : undefined;
  }

  /** `Registry.getInstance()`: what a static method of a class of the program returns. */
  #made(method: MethodView, path: readonly string[], name: string): TypeView | undefined {
    const owner = this.names.find(method.file, path.join('.'));
    const returns = owner?.type.methods.find((one) => one.name === name)?.returns;
    return owner && returns ? this.names.find(owner.file, returns) : undefined;
  }

  #targets(receiver: TypeView | undefined, name: string): string[] {
    if (!receiver) return [];
    const types = [receiver.name, ...(this.#subtypes.get(receiver.name) ?? [])];
    const own = types.flatMap((type) => this.#methodsOf(type, name));
    return own.length > 0 ? own : this.#inherited(receiver, name);
  }

  #methodsOf(type: string, name: string): readonly string[] {
    return (this.#byType.get(type) ?? []).filter(({ method }) => method.name === name).map(({ id }) => id);
  }

  /** What the nearest of its parents has. */
  #inherited({ type, file }: TypeView, name: string): string[] {
    let parent = type.superclass ? this.names.find(file, type.superclass) : undefined;
    for (let depth = 0; parent && depth < 6; depth++) {
      const found = this.#methodsOf(parent.name, name);
      if (found.length > 0) return [...found];
      parent = parent.type.superclass ? this.names.find(parent.file, parent.type.superclass) : undefined;
    }
    return [];
  }
}
