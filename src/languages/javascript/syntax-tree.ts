import type { Node } from '@babel/types';
import { codeKeys } from './visitor-keys.ts';

/** Kept on the nodes themselves: a module is walked several times, and a map of all nodes costs more than the walk. */
const children = Symbol('children');
const parent = Symbol('parent');
type Marked = { [children]?: readonly Node[]; [parent]?: Node };
const none: readonly Node[] = [];

/** The children of a node that are code, in order of the text. */
export const childrenOf = (node: Node): readonly Node[] => (node as Marked)[children] ?? collectChildren(node);

/** The node around one that a walk from the top has met. */
export const parentOf = (node: Node): Node | undefined => (node as Marked)[parent];

/** What a node stands in, the nearest first. */
export function ancestorsOf(node: Node): readonly Node[] {
  const found: Node[] = [];
  for (let at = parentOf(node); at; at = parentOf(at)) found.push(at);
  return found;
}

/** Calls `visit` on each child that is code, in order of the text. */
export function eachChild(node: Node, visit: (child: Node) => void): void {
  for (const child of childrenOf(node)) visit(child);
}

function collectChildren(node: Node): readonly Node[] {
  const keys = codeKeys[node.type];
  let found: Node[] | undefined;
  if (keys) {
    const record = node as unknown as Record<string, Node | null | undefined | readonly (Node | null)[]>;
    for (const key of keys) {
      const value = record[key];
      if (!value) continue;
      found ??= [];
      if (Array.isArray(value)) {
        for (const item of value) if (item) found.push(item);
      } else found.push(value as Node);
    }
  }
  if (found) for (const child of found) (child as Marked)[parent] = node;
  (node as Marked)[children] = found ?? none;
  return found ?? none;
}

/** The nodes of a module by type: one walk for all who look for nodes of a kind. */
export class NodeIndex {
  readonly #byType = new Map<string, Node[]>();

  constructor(readonly program: Node) {
    this.#add(program);
  }

  #add(node: Node): void {
    const { type } = node;
    const list = this.#byType.get(type);
    if (list) list.push(node);
    else this.#byType.set(type, [node]);
    for (const child of childrenOf(node)) this.#add(child);
  }

  /** Nodes of the given types, in order of the text; of those that start together, in order of the types. */
  of<T extends Node['type']>(types: readonly T[]): (Node & { type: T })[] {
    const [only] = types;
    if (types.length === 1) return (this.#byType.get(only!) ?? []) as (Node & { type: T })[];
    const found = types.flatMap((type) => this.#byType.get(type) ?? []);
    return found.sort((a, b) => a.start! - b.start!) as (Node & { type: T })[];
  }
}
