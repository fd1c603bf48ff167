import type { At, Expression } from './summary.ts';
import type { Syntax } from './syntax.ts';
import type { Tokens } from './tokens.ts';

type Fields = Readonly<Record<string, QuickNode | undefined>>;

/** A node between two tokens, both included, under the name that the grammar has for it. */
export class QuickNode implements Syntax {
  /** In the tree of the grammar, at most: statements stand for up to four of its nodes. */
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
    this.height = height + (type === 'statement' || type === 'switch_expression' ? 4 : 1);
  }

  get hasError(): boolean {
    return false;
  }
  get isError(): boolean {
    return false;
  }
  get isMissing(): boolean {
    return false;
  }
  get namedChildren(): readonly QuickNode[] {
    return this.children;
  }
  get text(): string {
    return this.tokens.source.slice(this.tokens.starts[this.first], this.tokens.ends[this.last]);
  }
  get startPosition(): { readonly row: number; readonly column: number } {
    return this.#position(this.tokens.starts[this.first]!);
  }
  get endPosition(): { readonly row: number; readonly column: number } {
    return this.#position(this.tokens.ends[this.last]!);
  }
  #position(offset: number): { readonly row: number; readonly column: number } {
    const row = this.tokens.rowOf(offset);
    return { row, column: this.tokens.columnOf(offset, row) };
  }
  get at(): At {
    const { tokens } = this;
    const [start, end] = [tokens.starts[this.first]!, tokens.ends[this.last]!];
    const row = tokens.rowOf(start);
    const endRow = tokens.rowOf(end);
    return [row + 1, tokens.columnOf(start, row) + 1, endRow + 1, tokens.columnOf(end, endRow) + 1];
  }
  childForFieldName(name: string): QuickNode | null {
    return this.fields?.[name] ?? null;
  }
}
