/** Structs that a program fills from a file, from flags or from the environment: what a literal of them says is a default. */
import type { Place } from '../../types.ts';
import type { Evaluator } from './evaluate.ts';
import type { PackageGraph } from './package-graph.ts';
import type { CallExpression } from './summary.ts';
import { isOwnType, splitId, targetOf, typeOf } from './value-shapes.ts';

const fillers =
  /^(?:viper\.(?:Viper\.)?(?:Unmarshal|UnmarshalExact|UnmarshalKey)|github\.com\/knadh\/koanf\.Koanf\.Unmarshal(?:WithConf)?|envconfig\.(?:Must)?Process|caarlos0\/env\.Parse\w*|cleanenv\.Read(?:Config|Env)|sethvargo\/envconfig\.Process|github\.com\/jessevdk\/go-flags\.(?:NewParser|Parse|ParseArgs)|github\.com\/alecthomas\/kong\.(?:Parse|Must|New)|(?:.*\/)?(?:yaml|toml|json|ini|gcfg|hcl\w*|configor|confita|fig|aconfig|konfig)(?:\.v\d+)?\.(?:\w+\.)?(?:Unmarshal\w*|Decode\w*|MapTo|StrictMapTo|Load|ReadFileInto|LoaderFor|Pick))$/;
const names =
  /^(?:Unmarshal\w*|Must|Process|MustProcess|Parse\w*|Read(?:Config|Env|FileInto)|New|NewParser|Decode\w*|MapTo|StrictMapTo|Load\w*|Pick)$/;
const mostTypes = 400;

export class FilledTypes {
  readonly #graph: PackageGraph;
  readonly #evaluator: Evaluator;
  readonly #ranges: readonly Place[];

  constructor(graph: PackageGraph, evaluator: Evaluator) {
    this.#graph = graph;
    this.#evaluator = evaluator;
    this.#ranges = this.#findRanges();
  }

  /** What stands here holds only where nothing else is given. */
  isDefault({ path, line, column }: Place): boolean {
    return this.#ranges.some(
      (range) =>
        range.path === path &&
        (range.line < line || (range.line === line && range.column <= column)) &&
        (range.endLine > line || (range.endLine === line && range.endColumn > column)),
    );
  }

  #findRanges(): readonly Place[] {
    const { types, objects } = this.#filled();
    const named = [...types].flatMap((id) =>
      this.#evaluator.index.literals(this.#evaluator.types.typeOf(id)?.name ?? '').flatMap(({ own, path }) => {
        const [line, column, endLine, endColumn] = own.literal.at;
        return this.#evaluator.types.idOf(own.literal.type, path) === id ? [{ path, line, column, endLine, endColumn }] : [];
      }),
    );
    return [...named, ...objects];
  }

  /** Types that calls hand to such a library, with those of their fields, and literals of structs without a name. */
  #filled(): { readonly types: ReadonlySet<string>; readonly objects: readonly Place[] } {
    const found = new Set<string>();
    const objects: Place[] = [];
    const queue: string[] = [];
    const add = (id: string | undefined): void => {
      if (id === undefined || !isOwnType(id) || found.has(id) || found.size >= mostTypes) return;
      found.add(id);
      queue.push(id);
    };
    for (const path of this.#graph.reached)
      for (const { call, within } of this.#graph.summary(path)?.calls ?? []) {
        if (!names.test(lastName(call)) || !fillers.test(this.#targetOf(call, path, within) ?? '')) continue;
        for (const argument of call.args.slice(0, 3)) {
          const value = this.#evaluator.value(argument, path, within);
          if (value.is === 'object') objects.push(value.place);
          else add(typeOf(value));
        }
      }
    for (let id = queue.pop(); id !== undefined; id = queue.pop())
      for (const field of this.#evaluator.types.typeOf(id)?.fields ?? []) add(this.#evaluator.types.idOf(field.type, splitId(id)[0]));
    return { types: found, objects };
  }

  #targetOf(call: CallExpression, path: string, within: number | undefined): string | undefined {
    return targetOf(this.#evaluator.value(call.callee, path, within));
  }
}

const lastName = ({ callee }: CallExpression): string => (callee.is === 'selector' || callee.is === 'name' ? callee.name : '');
