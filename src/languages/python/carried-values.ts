/** What an application carries for requests: under names of its state, and under keys. */
import type { Value } from '../../facts.ts';
import type { Evaluator } from './evaluate.ts';
import type { ModuleGraph } from './module-graph.ts';
import type { Assignment, Expression } from './summary.ts';
import { choose, placeAt } from './value-shapes.ts';

const mostChoices = 12;

/** `app.state.store = Store()`. */
interface StateEntry {
  readonly one: Assignment;
  readonly path: string;
}
/** What the program puts into the state of its application, by name. */
function indexStates(graph: ModuleGraph): ReadonlyMap<string, readonly StateEntry[]> {
  const found = new Map<string, StateEntry[]>();
  for (const path of graph.reached)
    for (const one of graph.modules.summary(path)?.assignments ?? []) {
      const name = one.target.at(-1);
      const isState = one.how === 'set' && !one.key && one.target.length > 2 && one.target.at(-2) === 'state';
      if (!isState || name === undefined || (one.value.is === 'literal' && one.value.value === null)) continue;
      const known = found.get(name);
      if (known) known.push({ one, path });
      else found.set(name, [{ one, path }]);
    }
  return found;
}

/** `app['notes'] = {}` of aiohttp: the key, as its text or its name. */
export const keyName = (key: Expression | undefined): string | undefined =>
  key?.is === 'literal' ? String(key.value) : key?.is === 'name' || key?.is === 'attribute' ? key.name : undefined;
export const isApplication = (name: string | undefined): boolean => /^_?app(?:lication)?$/.test(name ?? '');

/** What the program puts into its application by keys. */
function indexKeys(graph: ModuleGraph): ReadonlyMap<string, readonly StateEntry[]> {
  const found = new Map<string, StateEntry[]>();
  for (const path of graph.reached)
    for (const one of graph.modules.summary(path)?.assignments ?? []) {
      const name = one.how === 'set' && isApplication(one.target.at(-1)) ? keyName(one.key) : undefined;
      if (name === undefined || (one.value.is === 'literal' && one.value.value === null)) continue;
      found.set(name, [...(found.get(name) ?? []), { one, path }]);
    }
  return found;
}

type Item = Extract<Expression, { is: 'item' }>;
/** Works a value out unless that is being done further out. */
type Guarded = (key: string, make: () => Value) => Value | undefined;

export class CarriedValues {
  #states: ReadonlyMap<string, readonly StateEntry[]> | undefined;
  #keys: ReadonlyMap<string, readonly StateEntry[]> | undefined;
  constructor(
    readonly evaluator: Evaluator,
    readonly guarded: Guarded,
  ) {}

  /** `request.app.state.store`: what the program puts there. */
  ofState(of: Value, name: string): Value | undefined {
    if (of.is !== 'member' || of.name !== 'state') return undefined;
    this.#states ??= indexStates(this.evaluator.graph);
    return this.#oneOf(this.#states.get(name), `state ${name}`);
  }

  /** `request.app['notes']`. */
  underKey({ of, key }: Item): Value | undefined {
    const name = (of.is === 'attribute' || of.is === 'name') && isApplication(of.name) ? keyName(key) : undefined;
    if (name === undefined) return undefined;
    this.#keys ??= indexKeys(this.evaluator.graph);
    return this.#oneOf(this.#keys.get(name), `key ${name}`);
  }

  #oneOf(found: readonly StateEntry[] = [], key: string): Value | undefined {
    this.evaluator.kept.asked++;
    if (found.length === 0 || found.length > mostChoices) return undefined;
    return this.guarded(key, () => {
      const options = found.map(({ one, path }) => ({ value: this.evaluator.value(one.value, path, one.within, one.class) }));
      return choose(options, placeAt(found[0]!.path, found[0]!.one.at));
    });
  }
}
