import { atOf } from './summarise-expressions.ts';
import type { At } from './summary.ts';
import type { Syntax } from './syntax.ts';

/** Deeper trees than people write are not followed. */
export const maxNesting = 400;

/** The first place that a grammar could not make sense of. */
export function findError(root: Syntax): At | undefined {
  let node: Syntax | undefined = root;
  for (let depth = 0; node && depth < maxNesting; depth++) {
    if (node.isError || node.isMissing) return atOf(node);
    node = node.children.find((child) => child?.hasError || child?.isMissing) ?? undefined;
  }
  return undefined;
}
