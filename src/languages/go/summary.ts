/** What one Go file says, as plain data: small enough to cache, complete enough that no recogniser needs the tree. */

/** Line, column, end line, end column: from 1, exclusive end, UTF-16 columns. */
export type At = readonly [number, number, number, number];

export type Expression = { readonly at: At } & (
  | { readonly is: 'literal'; readonly value: string | number | boolean | null }
  | { readonly is: 'name'; readonly name: string }
  | { readonly is: 'selector'; readonly of: Expression; readonly name: string }
  | { readonly is: 'call'; readonly callee: Expression; readonly args: readonly Expression[] }
  /** `a[b]`; of a map or list, or a generic function with its type. */
  | { readonly is: 'index'; readonly of: Expression; readonly key: Expression }
  /** `a + b`. */
  | { readonly is: 'text'; readonly parts: readonly Expression[] }
  | { readonly is: 'composite'; readonly type: Expression; readonly fields: readonly Field[]; readonly items: readonly Expression[] }
  | { readonly is: 'binary'; readonly operator: string; readonly left: Expression; readonly right: Expression }
  /** `!a`. */
  | { readonly is: 'not'; readonly value: Expression }
  /** `[]T`, `chan T`, `map[K]T`: what they hold. */
  | { readonly is: 'holder'; readonly kind: 'list' | 'map' | 'channel'; readonly of: Expression }
  | { readonly is: 'function'; readonly id: number }
  | { readonly is: 'unknown' }
);
export type CallExpression = Extract<Expression, { is: 'call' }>;
export type CompositeExpression = Extract<Expression, { is: 'composite' }>;
export interface Field {
  readonly key: string;
  readonly keyAt: At;
  readonly value: Expression;
}

/** A test around a piece of code, with the branch taken. */
export interface Guard {
  readonly test: Expression;
  readonly holds: boolean;
  /** The rest of a switch: none of its cases was taken. */
  readonly rest?: true;
}

/** Where a piece of code stands. */
export interface Around {
  /** Innermost function; absent: package level. */
  readonly within?: number;
  readonly when?: readonly Guard[];
}

export interface Assignment extends Around {
  /** `a.b.c = …` is `['a', 'b', 'c']`. */
  readonly target: readonly string[];
  /** `target[key] = …`. */
  readonly key?: Expression;
  /** `target[key].field = …`. */
  readonly field?: string;
  /** `declare`: `:=`, `var`, `const`; `change`: `+=`, `++`, and what is inside of an entry; `loop`: an element of what is ranged over. */
  readonly how: 'declare' | 'set' | 'change' | 'delete' | 'loop';
  readonly value: Expression;
  /** Which of several results of a call. */
  readonly result?: number;
  readonly constant?: true;
  /** Declared type. */
  readonly type?: Expression;
  readonly looped?: true;
  /** The target alone. */
  readonly at: At;
}

export interface Call extends Around {
  readonly call: CallExpression;
  /** The callee's last name. */
  readonly nameAt: At;
  readonly how: 'plain' | 'go' | 'defer';
  readonly looped?: true;
}

/** A name, or a field of one, read or written. */
export interface Read {
  readonly path: readonly string[];
  readonly within?: number;
  readonly at: At;
}

export interface Parameter {
  readonly name: string;
  readonly type: Expression;
}
export interface FunctionSummary {
  /** Empty for function literals. */
  readonly name: string;
  readonly parent?: number;
  readonly receiver?: Parameter;
  readonly parameters: readonly Parameter[];
  readonly results: readonly Expression[];
  readonly returns: readonly { readonly values: readonly Expression[]; readonly when?: readonly Guard[] }[];
  readonly at: At;
}
export interface StructField {
  readonly name: string;
  readonly type: Expression;
  readonly tag?: string;
  readonly embedded?: true;
  readonly at: At;
}
export interface TypeSummary {
  readonly name: string;
  readonly kind: 'struct' | 'interface' | 'other';
  readonly fields: readonly StructField[];
  /** Methods of an interface. */
  readonly methods: readonly string[];
  /** What another kind of type is made of. */
  readonly of?: Expression;
  readonly at: At;
}
/** `T{A: a}` of a named type. */
export interface LiteralSummary extends Around {
  readonly literal: CompositeExpression;
}
export interface ImportSummary {
  readonly path: string;
  /** `_` and `.` as written. */
  readonly as?: string;
  readonly at: At;
}

export interface FileSummary {
  readonly package: string;
  /** A build constraint keeps it out of programs for Linux. */
  readonly excluded?: true;
  readonly imports: readonly ImportSummary[];
  readonly assignments: readonly Assignment[];
  readonly calls: readonly Call[];
  readonly functions: readonly FunctionSummary[];
  readonly types: readonly TypeSummary[];
  readonly literals: readonly LiteralSummary[];
  readonly reads: readonly Read[];
  /** Every name that its expressions use: what is never named does not run. */
  readonly names: readonly string[];
  /** The first place that could not be parsed, or is nested too deeply. */
  readonly error?: At;
}
