/** What assignments and reads name. */
import type { Node } from 'web-tree-sitter';

/** `rooms[id]` of `rooms[id].players` and of `rooms[id][name]`: what is inside of a container changes. */
export function entryIn(target: Node): Node | undefined {
  let found: Node | undefined;
  let current: Node | null = target;
  for (let depth = 0; current && depth < 20; depth++) {
    if (current.type === 'subscript') found = current;
    else if (current.type !== 'attribute') break;
    current = current.childForFieldName(current.type === 'subscript' ? 'value' : 'object');
  }
  return found;
}

/** `a.b.c`; `undefined` for anything else. */
export function pathOf(node: Node | null | undefined): string[] | undefined {
  const path: string[] = [];
  let current = node;
  for (let depth = 0; current?.type === 'attribute' && depth < 20; depth++) {
    path.unshift(current.childForFieldName('attribute')?.text ?? '');
    current = current.childForFieldName('object');
  }
  return current?.type === 'identifier' ? [current.text, ...path] : undefined;
}
