/** Classes that a program fills from a section of its settings: `services.Configure<ShopOptions>(configuration.GetSection("Shop"))`. */
import { type Evaluator, textOf } from './evaluate.ts';
import type { CallView, MethodView } from './names.ts';

const lastOf = (name: string): string => name.slice(name.lastIndexOf('.') + 1);
const binders = /^(?:Configure|ConfigureOptions|AddOptions|AddOptionsWithValidateOnStart|Get|Bind|BindConfiguration)$/;

export class BoundOptions {
  readonly #methods: readonly MethodView[];
  readonly #evaluator: Evaluator;
  #keys: ReadonlyMap<string, string | undefined> | undefined;

  constructor(methods: readonly MethodView[], evaluator: Evaluator) {
    this.#methods = methods;
    this.#evaluator = evaluator;
  }

  /** The section of a type; `undefined` where none is known, or several are. */
  keyOf(type: string): string | undefined {
    this.#keys ??= this.#collect();
    return this.#keys.get(lastOf(type));
  }

  #collect(): ReadonlyMap<string, string | undefined> {
    const found = new Map<string, string | undefined>();
    // What is asked for while they are collected knows none of them.
    this.#keys = found;
    const put = (type: string | undefined, key: string | undefined): void => {
      if (type === undefined || !key) return;
      const name = lastOf(type);
      found.set(name, found.has(name) && found.get(name) !== key ? undefined : key);
    };
    for (const one of this.#methods)
      for (const written of one.method.calls) {
        if (binders.test(written.call.name)) this.#read({ ...one, written, call: written.call }, put);
      }
    return found;
  }

  #read(view: CallView, put: (type: string | undefined, key: string | undefined) => void): void {
    const { call } = view;
    const section = (expression: CallView['call']['on']): string | undefined => this.#evaluator.sectionKey(expression, view);
    const [first, second] = call.args;
    if (call.name === 'Configure') put(call.types[0], section(first) ?? section(second));
    else if (call.name === 'Get') put(call.types[0], section(call.on));
    else if (call.name === 'BindConfiguration') put(addedBy(call.on), first && textOf(this.#evaluator.value(first, view)));
    // `section.Bind(options)`, `AddOptions<T>().Bind(section)`.
    else if (call.name === 'Bind') {
      if (addedBy(call.on) !== undefined) put(addedBy(call.on), section(first));
      else if (first?.is === 'name') put(this.#evaluator.names.typeOf(first, view), section(call.on));
    }
  }
}

/** The type of `services.AddOptions<T>()`, which a chain of calls begins with. */
function addedBy(on: CallView['call']['on'], depth = 0): string | undefined {
  if (on?.is !== 'call' || depth > 8) return undefined;
  return /^AddOptions/.test(on.name) ? on.types[0] : addedBy(on.on, depth + 1);
}
