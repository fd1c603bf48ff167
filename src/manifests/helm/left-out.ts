/** Blocks that values switch off: what they would have written, so that whoever misses it learns which value decides. */
import type { Node } from './syntax.ts';
import { type Cell, GoList, GoMap, type Source } from './values.ts';

export interface LeftOut {
  /** Keys at the outermost level of the block. */
  readonly keys: readonly string[];
  /** The column in which they would stand, from 0. */
  readonly indent: number;
  /** The value is empty rather than false: the choice is left to whoever sets it. */
  readonly isEmpty: boolean;
  /** The block as it would be, where it holds an object that a workload may miss. */
  readonly objects?: string;
}

/** Objects that somebody may miss, where a value switches them off. */
const missed = /^kind:[ \t]*["']?(?:HorizontalPodAutoscaler|ScaledObject|PodDisruptionBudget)\b/m;
const holding = new WeakMap<Node, boolean>();

export function holdsMissed(node: Node): boolean {
  if (node.type === 'text') return missed.test(node.text);
  if (!('body' in node)) return false;
  const known = holding.get(node) ?? node.body.some(holdsMissed);
  holding.set(node, known);
  return known;
}

const mostKeys = 12;
const keyLine = /(^|\n)( *)([A-Za-z][\w.-]{0,60}):(?=[ \t\r\n]|$)/g;
const known = new WeakMap<Node, Omit<LeftOut, 'isEmpty'> | undefined>();

export function leftOutBy(node: Node, { value }: Cell, source: Source): LeftOut | undefined {
  if (!known.has(node)) known.set(node, keysOf('body' in node ? node.body : [], source));
  const found = known.get(node);
  return found && { ...found, isEmpty: value === null || value instanceof GoMap || value instanceof GoList };
}

function keysOf(body: readonly Node[], source: Source): Omit<LeftOut, 'isEmpty'> | undefined {
  const found: { key: string; indent: number }[] = [];
  const visit = (nodes: readonly Node[]): void => {
    for (const node of nodes) {
      if (found.length > mostKeys * 10) return;
      if (node.type === 'text') found.push(...keysIn(node, source));
      else if ('body' in node) visit(node.body);
    }
  };
  visit(body);
  if (found.length === 0) return undefined;
  const indent = Math.min(...found.map((one) => one.indent));
  const keys = [...new Set(found.filter((one) => one.indent === indent).map(({ key }) => key))];
  return { keys: keys.slice(0, mostKeys), indent };
}

function keysIn(node: Extract<Node, { type: 'text' }>, { text }: Source): { key: string; indent: number }[] {
  const startsLine = node.start === 0 || text[node.start - 1] === '\n';
  return [...node.text.slice(0, 20_000).matchAll(keyLine)].flatMap(([, before, margin, key]) =>
    before === '' && !startsLine ? [] : [{ key: key!, indent: margin!.length }],
  );
}
