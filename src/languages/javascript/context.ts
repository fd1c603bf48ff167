import type { Node } from '@babel/types';
import type { Scope, ScopeTree } from './scopes.ts';
import type { Expression, Guard, ModuleSummary } from './summary.ts';

/** Where the walk stands. */
export interface Context {
  readonly scope: Scope;
  readonly within?: number;
  readonly class?: number;
  readonly when: readonly Guard[];
  readonly tried: boolean;
  readonly looped: boolean;
}

/** What a syntax pass may ask about the module, after it has been walked. */
export interface SyntaxView {
  readonly path: string;
  readonly program: Node;
  readonly scopes: ScopeTree;
  readonly summary: ModuleSummary;
  /** Every node of these types, in order of the text. The module is indexed once for all passes. */
  nodes<T extends Node['type']>(...types: readonly T[]): readonly (Node & { type: T })[];
  scopeAt(node: Node): Scope;
  contextOf(node: Node): Context;
  read(node: Node): Expression;
  functionId(node: Node): number | undefined;
}
/** A look at syntax that expressions do not keep (who writes a variable, in which function). Its result must be plain data. */
export interface SyntaxPass {
  readonly id: string;
  /** The pass finds nothing in a file that none of these match. */
  readonly text?: readonly RegExp[];
  run(view: SyntaxView): readonly unknown[];
}

/** The conditions of a context as optional data. */
export const guarded = (context: Context): { when?: readonly Guard[] } => (context.when.length > 0 ? { when: context.when } : {});

/** Reads an expression where the walk stands. */
export type Read = (node: Node, context: Context) => Expression;

/** Kept on the nodes themselves: a map of all nodes of a module costs more than the walk. */
const standing = Symbol('context');
type Standing = { [standing]?: Context };
export const standingOf = (node: Node): Context | undefined => (node as Standing)[standing];
export function stand(node: Node, context: Context): void {
  (node as Standing)[standing] = context;
}
