/** Which methods may run where one of a base class is called. */
import type { Evaluator } from './evaluate.ts';
import type { ClassView, FunctionView } from './recogniser.ts';
import { dottedOf, splitId } from './value-shapes.ts';

const mostOverrides = 12;
const mostDepth = 8;
const isPrivate = (name: string): boolean => name.startsWith('__');

export class Overrides {
  /** Methods by class and name. */
  readonly #methods = new Map<string, Map<string, string>>();
  readonly #children = new Map<string, string[]>();

  constructor(classes: readonly ClassView[], functions: readonly FunctionView[], evaluator: Evaluator) {
    for (const { id, path, own } of functions) {
      if (own.class === undefined) continue;
      const type = `${path}#${own.class}`;
      const known = this.#methods.get(type);
      if (known) known.set(own.name, id);
      else this.#methods.set(type, new Map([[own.name, id]]));
    }
    const protocols: string[] = [];
    for (const { id, path, own } of classes) {
      for (const base of own.bases) {
        const value = evaluator.value(base, path, own.within);
        if (value.is === 'class' && value.id !== id) this.#add(value.id, id);
        else if (/^typing(?:_extensions)?\.Protocol\b/.test(dottedOf(value) ?? '')) protocols.push(id);
      }
    }
    for (const id of protocols) if (!this.#children.has(id)) for (const one of this.#like(id, classes)) this.#add(id, one);
  }

  #add(base: string, child: string): void {
    const known = this.#children.get(base);
    if (known) known.push(child);
    else this.#children.set(base, [child]);
  }

  /** Classes with all methods of a protocol, which need not name it. */
  #like(protocol: string, classes: readonly ClassView[]): readonly string[] {
    const wanted = [...(this.#methods.get(protocol)?.keys() ?? [])].filter((name) => !isPrivate(name));
    if (wanted.length === 0) return [];
    return classes.flatMap(({ id }) => (id !== protocol && wanted.every((name) => this.#methods.get(id)?.has(name)) ? [id] : []));
  }

  /** The methods of that name which classes below give; none where there are too many to tell. */
  of(id: string, evaluator: Evaluator): readonly string[] {
    const own = evaluator.functionOf(id);
    if (own?.class === undefined || isPrivate(own.name)) return [];
    const found = new Set<string>();
    let level = [`${splitId(id)[0]}#${own.class}`];
    for (let depth = 0; level.length > 0 && depth < mostDepth && found.size <= mostOverrides; depth++) {
      level = level.flatMap((type) => this.#children.get(type) ?? []);
      for (const type of level) {
        const method = this.#methods.get(type)?.get(own.name);
        if (method !== undefined) found.add(method);
      }
    }
    return found.size > mostOverrides ? [] : [...found];
  }
}
