import type { Node } from '@babel/types';
import { eachChild } from './scopes.ts';

/** The nodes of a module by type. Built when first asked: syntax passes share one walk. */
export class NodeIndex {
  #byType: Map<string, Node[]> | undefined;

  constructor(readonly program: Node) {}

  /** Nodes of the given types, in order of the text. */
  of<T extends Node['type']>(types: readonly T[]): (Node & { type: T })[] {
    this.#byType ??= this.#build();
    const found = types.flatMap((type) => this.#byType!.get(type) ?? []);
    if (types.length > 1) found.sort((a, b) => a.start! - b.start!);
    return found as (Node & { type: T })[];
  }

  #build(): Map<string, Node[]> {
    const byType = new Map<string, Node[]>();
    const visit = (node: Node): void => {
      const list = byType.get(node.type);
      if (list) list.push(node);
      else byType.set(node.type, [node]);
      eachChild(node, visit);
    };
    visit(this.program);
    return byType;
  }
}
