/** Shapes of statements that a summary tells apart. */
import type { Node } from 'web-tree-sitter';

/** `rooms[id]` of `rooms[id].players` and of `rooms[id][name]`: what is inside of a container changes. */
export function entryIn(target: Node): Node | undefined {
  let found: Node | undefined;
  for (let at: Node | null = target, steps = 0; at && steps < 10; steps++) {
    if (at.type === 'index_expression') found = at;
    else if (at.type !== 'selector_expression') break;
    at = at.childForFieldName('operand');
  }
  return found;
}

/** A body that only sleeps. */
export const isPause = (block: Node): boolean =>
  block.endIndex - block.startIndex < 120 && /^\{\s*time\.Sleep\([^{}]*\)\s*\}$/.test(block.text);
