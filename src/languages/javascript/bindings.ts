import type { Value } from '../../facts.ts';
import type { Place } from '../../types.ts';
import type { Evaluator } from './evaluate.ts';
import type { Frame } from './frame.ts';
import type { Binding } from './summary.ts';
import { choice, defineLazy, maximumOptions, negate, openObject, takeProperties, whenOf } from './values.ts';

/** Reads what a module assigns to its names. */
export class BindingReader {
  readonly #known = new Map<Binding, Value>();

  constructor(readonly evaluator: Evaluator) {}

  /** What a name declared in a module stands for: everything that is assigned to it, and to its properties. */
  read(index: number, path: string, frame: Frame | undefined, place: Place): Value {
    const binding = this.evaluator.graph.summary(path)?.bindings[index];
    if (!binding) return { is: 'unknown', place };
    const known = !frame ? this.#known.get(binding) : undefined;
    const { asking } = this.evaluator;
    if (known) {
      asking?.again(binding);
      return known;
    }
    const asked = asking?.count ?? 0;
    const assigned = this.#assigned(binding, path, frame, place);
    const complete = binding.properties.length > 0 ? this.#withProperties(assigned, binding, path, frame) : assigned;
    const value = binding.open ? openObject(complete) : complete;
    if (!frame && value.is !== 'unknown') {
      this.#known.set(binding, value);
      asking?.keep(binding, asked);
    }
    return value;
  }

  #assigned(binding: Binding, path: string, frame: Frame | undefined, place: Place): Value {
    const { values } = binding;
    if (values.length === 0) return { is: 'unknown', place };
    if (values.length === 1 && !values[0]!.when?.length) return this.evaluator.evaluate(values[0]!.value, path, frame);
    const options = values.slice(0, maximumOptions).map(({ value, when }) => ({
      value: this.evaluator.evaluate(value, path, frame),
      ...whenOf(when ? this.evaluator.conditions(when, path, frame) : []),
    }));
    return choice(options, place);
  }

  /** `options.store = …` after `const options = {}`. */
  #withProperties(value: Value, binding: Binding, path: string, frame: Frame | undefined): Value {
    if (value.is !== 'object') return value;
    const properties = takeProperties(Object.create(null), value.properties);
    const keys = new Set(binding.properties.flatMap((assignment) => (assignment.path.length === 1 ? [assignment.path[0]!] : [])));
    for (const key of keys) {
      const assignments = binding.properties
        .filter((assignment) => assignment.path.length === 1 && assignment.path[0] === key)
        .slice(-maximumOptions);
      const before = Object.hasOwn(value.properties, key) ? () => value.properties[key] : () => undefined;
      defineLazy(properties, key, () =>
        assignments.reduce<Value | undefined>((current, assignment) => this.#assignedProperty(assignment, current, path, frame), before()),
      );
    }
    return { ...value, properties };
  }

  #assignedProperty(
    { value, when }: Binding['properties'][number],
    before: Value | undefined,
    path: string,
    frame: Frame | undefined,
  ): Value {
    const assigned = this.evaluator.evaluate(value, path, frame);
    const conditions = when ? this.evaluator.conditions(when, path, frame) : [];
    if (conditions.length > 0) {
      const otherwise: Value = before ?? { is: 'literal', value: null, place: assigned.place };
      return choice(
        [
          { value: assigned, when: conditions },
          { value: otherwise, ...whenOf(negate(conditions)) },
        ],
        assigned.place,
      );
    }
    return when?.length && before ? choice([{ value: assigned }, { value: before }], assigned.place) : assigned;
  }
}
