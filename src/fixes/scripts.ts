/** JavaScript and TypeScript as a tree of ranges, for edits. */
import type { File, Node } from '@babel/types';
import { parseModule } from '../languages/javascript/parse.ts';
import { codeKeys } from '../languages/javascript/visitor-keys.ts';
import { LineMap } from '../text/positions.ts';
import type { Place, SourceFile } from '../types.ts';

export interface Script {
  readonly path: string;
  readonly text: string;
  readonly lines: LineMap;
  readonly file: File;
}

/** `undefined` when it holds a syntax error. */
export function parseScript({ path, text }: SourceFile): Script | undefined {
  const { file, error } = parseModule(path, text);
  return file && !error ? { path, text, lines: new LineMap(path, text), file } : undefined;
}

export function childrenOf(node: Node): readonly Node[] {
  const fields = node as unknown as Readonly<Record<string, unknown>>;
  return (codeKeys[node.type] ?? []).flatMap((key) => {
    const value = fields[key];
    return (Array.isArray(value) ? value : [value]).filter((child): child is Node => typeof child?.type === 'string');
  });
}

/** Nodes around an offset, outermost first. */
export function nodesAround({ file, lines }: Script, place: Place): readonly Node[] {
  const start = lines.offset(place.line, place.column);
  const holds = (node: Node): boolean => node.start! <= start && start < node.end!;
  const found: Node[] = [];
  for (let node: Node | undefined = file.program; node; node = childrenOf(node).find(holds)) found.push(node);
  return found;
}

/** Every node, parents before their children, in the order of the text. */
export function* walk(root: Node): Generator<Node> {
  const pending: Node[] = [root];
  for (let next = pending.pop(); next; next = pending.pop()) {
    yield next;
    pending.push(...childrenOf(next).toReversed());
  }
}
