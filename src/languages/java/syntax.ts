/** What summaries read of a syntax tree: nodes of the grammar and those of the quick reader alike. */

import type { At } from './summary.ts';

interface Point {
  readonly row: number;
  readonly column: number;
}

export interface Syntax {
  readonly type: string;
  readonly text: string;
  readonly startPosition: Point;
  readonly endPosition: Point;
  /** Both, where a node has them at hand. */
  readonly at?: At;
  readonly hasError: boolean;
  readonly isError: boolean;
  readonly isMissing: boolean;
  readonly children: readonly (Syntax | null)[];
  readonly namedChildren: readonly (Syntax | null)[];
  childForFieldName(name: string): Syntax | null;
}
