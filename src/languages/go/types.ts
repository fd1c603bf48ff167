/** Types of the repository: their fields, their methods, and what stands for them. */
import type { Value } from '../../facts.ts';
import type { Place } from '../../types.ts';
import type { Evaluator } from './evaluate.ts';
import { libraryOf, usualType } from './libraries.ts';
import { typeName } from './package-graph.ts';
import type { Expression, TypeSummary } from './summary.ts';
import { choose, isOwnType, ofType, placeAt, splitId, typeOf } from './value-shapes.ts';
import { folderOf } from './workspace.ts';

const mostChoices = 12;
const mostEmbedded = 6;

export class TypeReader {
  readonly #evaluator: Evaluator;
  readonly #members = new Map<string, Value | undefined>();
  readonly #replacing = new Map<string, readonly { readonly value: Value }[]>();
  #interfaces: ReadonlyMap<string, readonly string[]> | undefined;

  constructor(evaluator: Evaluator) {
    this.#evaluator = evaluator;
  }

  typeOf(id: string): TypeSummary | undefined {
    const [path, index] = splitId(id);
    return this.#evaluator.graph.summary(path)?.types[index];
  }

  /** `type Router chi.Router` is a router of chi. */
  target(id: string): string {
    const own = this.typeOf(id);
    const of = own?.kind === 'other' && own.of?.is === 'selector' ? this.idOf(own.of, splitId(id)[0]) : undefined;
    return of === undefined || isOwnType(of) ? id : of;
  }

  /** The id of a named type as a file writes it: `shop.go#2`, `gin.Engine`. */
  idOf(type: Expression, path: string): string | undefined {
    const { graph } = this.#evaluator;
    if (type.is === 'index') return this.idOf(type.of, path);
    if (type.is === 'name') {
      const own = graph.index(folderOf(path)).types.get(type.name);
      return own === undefined ? undefined : this.target(own);
    }
    if (type.is !== 'selector' || type.of.is !== 'name') return undefined;
    const imported = graph.importNamed(type.of.name, path);
    if (imported === undefined) return undefined;
    const folder = graph.workspace.folderOf(imported);
    const own = folder === undefined ? undefined : graph.index(folder).types.get(type.name);
    return own === undefined ? usualType(`${libraryOf(imported)}.${type.name}`) : this.target(own);
  }

  /** Something of which the type alone is known. */
  instance(type: Expression, path: string, place: Place): Value | undefined {
    const id = this.idOf(type, path);
    return id === undefined ? undefined : ofType(id, place);
  }

  /** A field or method of a type of the repository. */
  member(id: string, name: string, place: Place): Value | undefined {
    const key = `${id} ${name}`;
    if (this.#members.has(key)) return this.#members.get(key);
    const found = this.#evaluator.once(`member ${key}`, () => {
      const value = this.method(id, name) ?? this.#field(id, name, place);
      this.#members.set(key, value);
      return value;
    });
    return found;
  }

  /** A method of a type, of what it embeds, or of all types that an interface may stand for. */
  method(id: string, name: string, depth = 0): Value | undefined {
    const own = this.typeOf(id);
    if (!own || depth > mostEmbedded) return undefined;
    const [path] = splitId(id);
    const found = this.#evaluator.graph.index(folderOf(path)).methods.get(`${own.name}.${name}`);
    if (found !== undefined) return { is: 'function', id: found, place: this.#evaluator.placeOf(found) };
    if (own.kind === 'interface' && own.methods.includes(name)) return this.#implemented(id, name);
    for (const field of own.fields) {
      const inner = field.embedded ? this.idOf(field.type, path) : undefined;
      const method = inner === undefined ? undefined : isOwnType(inner) ? this.method(inner, name, depth + 1) : undefined;
      if (method) return method;
    }
    return undefined;
  }

  #implemented(id: string, name: string): Value | undefined {
    const options = this.#implementers(id).flatMap((type) => {
      const method = this.method(type, name);
      return method ? [{ value: method }] : [];
    });
    return options.length > 0 ? choose(options.slice(0, mostChoices), this.#evaluator.placeOf(id, 'types')) : undefined;
  }

  /** Types of the program that have all methods of an interface. */
  #implementers(id: string): readonly string[] {
    const wanted = this.typeOf(id)?.methods ?? [];
    this.#interfaces ??= this.#collectMethods();
    const all = this.#interfaces;
    const [first] = wanted;
    if (first === undefined) return [];
    return (all.get(first) ?? []).filter((type) => wanted.every((method) => all.get(method)?.includes(type)));
  }

  /** Types by the methods that they have. */
  #collectMethods(): ReadonlyMap<string, readonly string[]> {
    const { graph } = this.#evaluator;
    const found = new Map<string, string[]>();
    for (const path of graph.reached) {
      for (const own of graph.summary(path)?.functions ?? []) {
        const name = own.receiver && typeName(own.receiver.type);
        const type = name === undefined ? undefined : graph.index(folderOf(path)).types.get(name);
        if (type === undefined) continue;
        const known = found.get(own.name);
        if (known) known.push(type);
        else found.set(own.name, [type]);
      }
    }
    return found;
  }

  #field(id: string, name: string, place: Place): Value | undefined {
    const [path] = splitId(id);
    const own = this.typeOf(id);
    const declared = own?.fields.find((field) => field.name === name);
    if (!own) return undefined;
    if (declared) {
      const given = [...this.#assigned(id, name), ...this.#literal(id, own.name, name)].filter(
        ({ value }) => !(value.is === 'unknown' || value.is === 'parameter' || (value.is === 'literal' && value.value === null)),
      );
      if (given.length > 0) return choose(given.slice(0, mostChoices), place);
      return this.instance(declared.type, path, placeAt(path, declared.at));
    }
    for (const field of own.fields) {
      const inner = field.embedded ? this.idOf(field.type, path) : undefined;
      if (inner === undefined) continue;
      // A router that a struct embeds is used through it.
      const held = this.member(id, field.name, placeAt(path, field.at));
      if (held && (!isOwnType(inner) || this.#has(inner, name))) return this.#evaluator.member(held, name, place);
    }
    return undefined;
  }

  #has(id: string, name: string): boolean {
    return this.typeOf(id)?.fields.some((field) => field.name === name || field.embedded) ?? false;
  }

  /** Variables that replace what a literal gave to a field: `if url := os.Getenv("URL"); url != "" { c.Auth.URL = url }`. */
  replacing(id: string, name: string): readonly { readonly value: Value }[] {
    const key = `${id} ${name}`;
    const known = this.#replacing.get(key);
    if (known) return known;
    const found = this.#evaluator.once(`replacing ${key}`, () => this.#assigned(id, name).filter(({ value }) => value.is === 'env'));
    if (found) this.#replacing.set(key, found.slice(0, mostChoices));
    return found ?? [];
  }

  /** `s.router = mux.NewRouter()`. */
  #assigned(id: string, name: string): readonly { readonly value: Value }[] {
    return this.#evaluator.index
      .fields(name)
      .slice(0, 60)
      .flatMap(({ own, path }) => {
        let holder = this.#evaluator.name(own.target[0]!, path, own.within);
        for (const part of own.target.slice(1, -1)) holder = holder && this.#evaluator.member(holder, part, placeAt(path, own.at));
        return holder && typeOf(holder) === id ? [this.#evaluator.assignedOption({ own, path })] : [];
      });
  }

  /** `&Server{router: mux.NewRouter()}`. */
  #literal(id: string, typeName: string, name: string): readonly { readonly value: Value }[] {
    return this.#evaluator.index
      .literals(typeName)
      .slice(0, 60)
      .flatMap(({ own, path }) => {
        if (this.idOf(own.literal.type, path) !== id) return [];
        const field = own.literal.fields.find(({ key }) => key === name);
        return field ? [{ value: this.#evaluator.value(field.value, path, own.within) }] : [];
      });
  }
}
