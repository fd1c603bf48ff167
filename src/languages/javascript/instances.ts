import type { Value } from '../../facts.ts';
import type { Place } from '../../types.ts';
import type { Evaluator } from './evaluate.ts';
import { placeOf } from './leaf-values.ts';
import type { At } from './summary.ts';
import { choice, moduleOf, own } from './values.ts';

const settings: ReadonlySet<Value['is']> = new Set(['literal', 'env', 'text']);

/** Reads classes: what their instances are, and what members of these and of the classes themselves come to. */
export class InstanceReader {
  constructor(readonly evaluator: Evaluator) {}

  /** The one instance that `this` means inside a class, and that injection hands out. */
  of(classId: string): Value {
    const found = this.evaluator.summaryOf(classId);
    const at = found?.summary.classes[found.index]?.at ?? [1, 1, 1, 1];
    const place = placeOf(found?.path ?? '', at as At);
    return { is: 'made', callee: { is: 'class', id: classId, place }, args: [], place };
  }

  /** What a method, a field or a base class says that a property of an instance is. */
  member(classId: string, name: string, depth = 0): Value | undefined {
    const found = this.evaluator.summaryOf(classId);
    const summary = found?.summary.classes[found.index];
    if (!found || !summary || depth > 6) return undefined;
    const { path } = found;
    const method = own(summary.methods, name);
    if (method !== undefined) return this.#methodOf(path, method, placeOf(path, found.summary.functions[method]!.at));
    const initial = own(summary.fields, name);
    // `io = null` waits for `this.io = new Server()`.
    const field =
      initial?.k === 'literal' && initial.value === null
        ? (own(summary.assigned, name) ?? initial)
        : (initial ?? own(summary.assigned, name));
    const injected = own(summary.injected, name);
    const assigned = injected && own(summary.assigned, name) ? this.evaluator.evaluate(own(summary.assigned, name)!, path) : undefined;
    // `this.app = fastify()` says more than the type of the field.
    if (assigned?.is === 'made') return assigned;
    const token = own(summary.tokens, name) ?? injected;
    const given = token && this.handedOut(this.evaluator.evaluate(token, path), placeOf(path, token.at));
    if (given) return given;
    if (injected) {
      const type = this.evaluator.evaluate(injected, path);
      if (type.is === 'class') return this.of(type.id);
      if (type.is === 'package') return { is: 'made', callee: type, args: [], place: placeOf(path, injected.at) };
    }
    if (field) return this.evaluator.evaluate(field, path);
    const handed = own(summary.handed ?? {}, name);
    const value = handed && this.evaluator.evaluate(handed, path);
    // Settings: a callback that others hand over is called for them.
    if (value && settings.has(value.is)) return value;
    const parent = summary.extends && this.evaluator.evaluate(summary.extends, path);
    if (parent?.is === 'class') return this.member(parent.id, name, depth + 1);
    if (parent?.is === 'package')
      return {
        is: 'member',
        of: { is: 'made', callee: parent, args: [], place: placeOf(path, summary.at) },
        name,
        place: placeOf(path, summary.at),
      };
    return undefined;
  }

  #methodOf(path: string, index: number, place: Place): Value {
    const id = `${path}#${index}`;
    return this.evaluator.functionSummary(id)?.getter ? this.evaluator.returned(id, [], place) : { is: 'function', id, place };
  }

  /** What a container hands out for a token. */
  handedOut(token: Value, place: Place): Value | undefined {
    const given = this.evaluator.provided(token).map((id) => ({ value: this.of(id) }));
    return given.length > 0 ? choice(given, place) : undefined;
  }

  /** A static method or field. */
  ofClass(classId: string, name: string, place: Place): Value | undefined {
    const summary = this.evaluator.classSummary(classId);
    const path = moduleOf(classId);
    const method = own(summary?.methods, name);
    if (method !== undefined) return this.#methodOf(path, method, place);
    const field = own(summary?.staticFields, name);
    return field && this.evaluator.evaluate(field, path);
  }
}
