import type { Value } from '../../facts.ts';
import type { ModuleGraph } from './module-graph.ts';
import type { Expression, ModuleSummary } from './summary.ts';
import { own } from './values.ts';

interface NamedClass {
  readonly path: string;
  readonly name: string;
}

/** `roomManager`, `_roomManager`, `IRoomManager` are one name. */
const plain = (name: string): string => name.replace(/^(?:[_#]+|I(?=[A-Z]))/, '').toLowerCase();

const taking = /^(?:find|get|at|pop|shift|values|\[\])$/;
const collection = /^(?:Map|Set|Array)(?![\w$])/;
/** Nothing is known of it but its name: a parameter that no caller fills, what is taken out of a collection, a field that nothing sets. */
function isNameless(value: Value, depth = 0): boolean {
  if (depth > 8) return false;
  switch (value.is) {
    case 'unknown':
    case 'parameter':
    case 'list':
      return true;
    case 'literal':
      return value.value === null;
    case 'member':
      return (value.of.is === 'made' && value.of.callee.is === 'class') || isNameless(value.of, depth + 1);
    case 'made':
      if (value.callee.is === 'package') return value.callee.package === '' && collection.test(value.callee.path);
      return value.callee.is === 'member' && taking.test(value.callee.name) && isNameless(value.callee.of, depth + 1);
    default:
      return false;
  }
}

/** Several classes of one kind may stand behind a name; of too many nobody knows which. */
const maximumClasses = 8;
const shortest = 4;
const declared = /\bclass\s+([A-Z]\w{0,80})/g;

/** Finds methods of the program's classes by what an object is called, where nothing else tells what it is. */
export class MethodsByName {
  #classes: readonly NamedClass[] | undefined;
  readonly #named = new Map<string, readonly NamedClass[]>();

  constructor(readonly graph: ModuleGraph) {}

  /** `roomManager.join(id)`, `processor.process(order)`: the classes that have such a method and that the object is called after. */
  behind(callee: Expression & { k: 'member' }, value: Value, summary: ModuleSummary): readonly string[] {
    if (value.is !== 'unknown' && (value.is !== 'member' || !isNameless(value.of))) return [];
    const owner = nameOf(callee.of, summary);
    if (owner === undefined || owner.length < shortest) return [];
    return this.#calledAfter(plain(owner)).flatMap(({ path, name }) =>
      (this.graph.modules.summary(path)?.classes ?? []).flatMap((one) => {
        const method = one.name === name ? own(one.methods, callee.name) : undefined;
        return method === undefined ? [] : [`${path}#${method}`];
      }),
    );
  }

  #calledAfter(owner: string): readonly NamedClass[] {
    const known = this.#named.get(owner);
    if (known) return known;
    this.#classes ??= this.#read();
    const found = this.#classes.filter(({ name }) => plain(name).endsWith(owner));
    const few = found.length <= maximumClasses ? found : [];
    this.#named.set(owner, few);
    return few;
  }

  /** Declared classes by the text alone: few of their modules are worth a parse. */
  #read(): readonly NamedClass[] {
    const { files } = this.graph.modules;
    return this.graph.reached.flatMap((path) =>
      (files.derive(path, 'javascript-classes-1', ({ text }) => [...text.matchAll(declared)].map(([, name]) => name!)) ?? []).map(
        (name) => ({
          path,
          name,
        }),
      ),
    );
  }
}

/** What the object is called: the last member, or the name of the variable. */
function nameOf(expression: Expression, { bindings }: ModuleSummary): string | undefined {
  if (expression.k === 'member') return expression.name;
  return expression.k === 'local' ? bindings[expression.binding]?.name : undefined;
}
