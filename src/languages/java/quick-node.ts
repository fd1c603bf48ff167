import type { At, Expression } from './summary.ts';
import type { Syntax } from './syntax.ts';
import type { Tokens } from './tokens.ts';

type Fields = Readonly<Record<string, QuickNode | undefined>>;

/** A node between two tokens, both included, under the name that the grammar has for it. */
export class QuickNode implements Syntax {
  readonly hasError = false;
  readonly isError = false;
  readonly isMissing = false;
  readonly height: number;
  /** What it says as a whole, once somebody asked. */
  expression?: Expression;
  constructor(
    readonly tokens: Tokens,
    readonly type: string,
    readonly first: number,
    readonly last: number,
    readonly children: readonly QuickNode[] = [],
    readonly fields?: Fields,
  ) {
    let height = 0;
    for (const child of children) if (child.height > height) height = child.height;
    this.height = height + 1;
  }

  get namedChildren(): readonly QuickNode[] {
    return this.children;
  }
  get text(): string {
    return this.tokens.source.slice(this.tokens.starts[this.first], this.tokens.ends[this.last]);
  }
  get startPosition(): { readonly row: number; readonly column: number } {
    return { row: this.tokens.rows[this.first]!, column: this.tokens.columns[this.first]! };
  }
  get endPosition(): { readonly row: number; readonly column: number } {
    return this.tokens.endOf(this.last);
  }
  get at(): At {
    const { rows, columns } = this.tokens;
    const end = this.tokens.endOf(this.last);
    return [rows[this.first]! + 1, columns[this.first]! + 1, end.row + 1, end.column + 1];
  }
  childForFieldName(name: string): QuickNode | null {
    return this.fields?.[name] ?? null;
  }
}
