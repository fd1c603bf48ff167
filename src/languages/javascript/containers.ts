/** What containers of dependencies hand out for a token: a text, a symbol, an abstract class. The type of a field says nothing of it. */
import type { Node } from '@babel/types';
import type { Value } from '../../facts.ts';
import type { SyntaxPass, SyntaxView } from './context.ts';
import type { Evaluator } from './evaluate.ts';
import { keyName, unwrap } from './expressions.ts';
import type { Expression, ModuleSummary } from './summary.ts';
import { parentOf } from './syntax-tree.ts';

/** `{ provide: ORDERS, useClass: OrdersInMemory }`, `bind(ORDERS).to(OrdersInMemory)`. */
interface Provider {
  readonly token: Expression;
  readonly made: Expression;
  /** Everybody gets the same instance. */
  readonly single?: true;
}
const makers = ['useClass', 'useExisting', 'useFactory', 'useValue'];

const entriesOf = (node: Node & { type: 'ObjectExpression' }): ReadonlyMap<string, Node> =>
  new Map(
    node.properties.flatMap((property) =>
      property.type === 'ObjectProperty' ? [[keyName(property.key as Node, property.computed) ?? '', property.value as Node] as const] : [],
    ),
  );

/** What a table of makers makes. */
function madeBy(node: Node | undefined): Node | undefined {
  if (node?.type !== 'ObjectExpression') return node;
  const entries = entriesOf(node);
  return makers.map((name) => entries.get(name)).find((made) => made !== undefined);
}

type Pair = readonly [token: Node | null | undefined, made: Node | null | undefined, single: boolean];

/** `bind(T).to(C).inSingletonScope()`. */
function isKept(node: Node): boolean {
  const parent = parentOf(node);
  return parent?.type === 'MemberExpression' && keyName(parent.property as Node, parent.computed) === 'inSingletonScope';
}

/** Inversify: `bind(T).to(C)`; tsyringe: `register(T, { useClass: C })`, `registerSingleton(T, C)`; TypeDI: `Container.set(T, new C())`. */
function registered(node: Node & { type: 'CallExpression' }): Pair | undefined {
  const { callee, arguments: args } = node;
  if (callee.type !== 'MemberExpression') return undefined;
  const method = keyName(callee.property as Node, callee.computed) ?? '';
  const on = unwrap(callee.object as Node);
  if (/^to(?:ConstantValue|DynamicValue)?$/.test(method)) {
    const isBound = on.type === 'CallExpression' && on.callee.type === 'MemberExpression';
    const name = isBound ? keyName((on.callee as Node & { type: 'MemberExpression' }).property as Node, false) : undefined;
    if (!isBound || !/^(?:re)?bind$/.test(name ?? '')) return undefined;
    return [on.arguments[0] as Node, args[0] as Node, method === 'toConstantValue' || isKept(node)];
  }
  const isContainer = on.type === 'Identifier' && /container$/i.test(on.name);
  return isContainer && /^(?:set|register|registerSingleton|registerInstance)$/.test(method)
    ? [args[0] as Node, madeBy(args[1] as Node | undefined), method !== 'register']
    : undefined;
}

function* pairsOf(view: SyntaxView): Iterable<Pair> {
  for (const node of view.nodes('ObjectExpression')) {
    const token = entriesOf(node).get('provide');
    if (token) yield [token, madeBy(node), true];
  }
  for (const node of view.nodes('CallExpression')) {
    const pair = registered(node);
    if (pair) yield pair;
  }
}

export const providersPass: SyntaxPass = {
  id: 'providers',
  text: [/\bprovide\s*:|\b(?:bind|set|register(?:Singleton|Instance)?)\s*[<(]/],
  run: (view) =>
    [...pairsOf(view)].flatMap(([token, made, single]): Provider[] =>
      token && made ? [{ token: view.read(token), made: view.read(made), ...(single ? { single } : {}) }] : [],
    ),
};

/** The same for every mention of a token; `undefined` where nobody can tell. */
function keyOf(token: Value): string | undefined {
  if (token.is === 'literal') return typeof token.value === 'string' ? `text:${token.value}` : undefined;
  if (token.is === 'class') return `class:${token.id}`;
  return token.is === 'made' ? `at:${token.place.path}:${token.place.line}:${token.place.column}` : undefined;
}

/** Classes of which a value is one, or an instance; `undefined` where it may be anything. */
function classesOf(value: Value, evaluator: Evaluator, depth = 0): readonly string[] | undefined {
  if (value.is === 'class') return [value.id];
  if (value.is === 'made') return value.callee.is === 'class' ? [value.callee.id] : undefined;
  if (value.is === 'function' && depth < 2) return classesOf(evaluator.returned(value.id, [], value.place), evaluator, depth + 1);
  if (value.is !== 'choice' || depth > 2) return undefined;
  const options = value.options.map((option) => classesOf(option.value, evaluator, depth + 1));
  return options.every((option) => option !== undefined) ? options.flat() : undefined;
}

/** The containers of one program, read when the first token is looked up. */
export class Containers {
  #classes: Map<string, readonly string[]> | undefined;
  readonly #single = new Set<string>();

  constructor(
    readonly modules: () => Iterable<readonly [path: string, summary: ModuleSummary]>,
    readonly evaluator: () => Evaluator,
  ) {}

  /** The classes behind a token. */
  behind(token: Value): readonly string[] {
    const key = keyOf(token);
    return key === undefined ? [] : (this.#read().get(key) ?? []);
  }

  /** Classes of which a container hands out one instance. */
  singles(): ReadonlySet<string> {
    this.#read();
    return this.#single;
  }

  #read(): ReadonlyMap<string, readonly string[]> {
    if (this.#classes) return this.#classes;
    // What is asked for meanwhile finds nothing, instead of asking without end.
    const classes = new Map<string, readonly string[]>();
    this.#classes = classes;
    const found = new Map<string, readonly string[]>();
    for (const [path, summary] of this.modules()) {
      for (const { token, made, single } of (summary.passes[providersPass.id] ?? []) as readonly Provider[]) {
        const key = keyOf(this.evaluator().evaluate(token, path));
        const behind = key === undefined ? undefined : classesOf(this.evaluator().evaluate(made, path), this.evaluator());
        if (key === undefined || !behind) continue;
        found.set(key, [...new Set([...(found.get(key) ?? []), ...behind])]);
        if (single) for (const id of behind) this.#single.add(id);
      }
    }
    for (const [key, behind] of found) classes.set(key, behind);
    return classes;
  }
}
