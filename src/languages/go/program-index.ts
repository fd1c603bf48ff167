/** What files bind to names, by name: large packages are asked often. */
import type { PackageGraph } from './package-graph.ts';
import type { Assignment, FileSummary, LiteralSummary } from './summary.ts';
import { folderOf } from './workspace.ts';

export interface Placed<T> {
  readonly own: T;
  readonly path: string;
}
type Groups<T> = Map<string, Placed<T>[]>;

const add = <T>(groups: Groups<T>, key: string, item: Placed<T>): void => {
  const known = groups.get(key);
  if (known) known.push(item);
  else groups.set(key, [item]);
};

export class ProgramIndex {
  /** Names that functions bind, by file, function and name. */
  readonly #locals: Groups<Assignment> = new Map();
  /** Names of packages, by folder and name. */
  readonly #globals: Groups<Assignment> = new Map();
  /** What is assigned to fields, by the field's name. */
  readonly #fields: Groups<Assignment> = new Map();
  /** Literals of named types, by the type's last name. */
  readonly #literals: Groups<LiteralSummary> = new Map();

  constructor(graph: PackageGraph) {
    for (const path of graph.reached) {
      const summary = graph.summary(path);
      if (summary) this.#read(summary, path, graph);
    }
  }

  #read(summary: FileSummary, path: string, graph: PackageGraph): void {
    const folder = folderOf(path);
    const locals = new Set(
      summary.assignments.flatMap(({ within, how, target }) =>
        within !== undefined && (how === 'declare' || how === 'loop') ? [`${within} ${target[0]}`] : [],
      ),
    );
    for (const own of summary.assignments) {
      if (graph.isDead(path, own.within) || own.key || own.how === 'change' || own.how === 'delete') continue;
      const [head = '', ...rest] = own.target;
      if (rest.length > 0) add(this.#fields, own.target.at(-1)!, { own, path });
      else if (own.within === undefined) add(this.#globals, `${folder} ${head}`, { own, path });
      else if (isLocal(summary, locals, own.within, head)) add(this.#locals, `${path} ${own.within} ${head}`, { own, path });
      else add(this.#globals, `${folder} ${head}`, { own, path });
    }
    for (const own of summary.literals) {
      const { type } = own.literal;
      if (graph.isDead(path, own.within)) continue;
      if (type.is === 'name' || type.is === 'selector') add(this.#literals, type.name, { own, path });
    }
  }

  locals(path: string, within: number, name: string): readonly Placed<Assignment>[] {
    return this.#locals.get(`${path} ${within} ${name}`) ?? [];
  }
  globals(folder: string, name: string): readonly Placed<Assignment>[] {
    return this.#globals.get(`${folder} ${name}`) ?? [];
  }
  fields(name: string): readonly Placed<Assignment>[] {
    return this.#fields.get(name) ?? [];
  }
  literals(typeName: string): readonly Placed<LiteralSummary>[] {
    return this.#literals.get(typeName) ?? [];
  }
}

/** The function, or one around it, declares the name. What a closure sets belongs to the function around it. */
function isLocal(summary: FileSummary, locals: ReadonlySet<string>, within: number, name: string): boolean {
  for (let at: number | undefined = within, steps = 0; at !== undefined && steps < 20; at = summary.functions[at]?.parent, steps++) {
    const own = summary.functions[at];
    if (locals.has(`${at} ${name}`) || own?.parameters.some((one) => one.name === name) || own?.receiver?.name === name) return true;
  }
  return false;
}
