/** What one Python file says, as plain data: small enough to cache, complete enough that no recogniser needs the tree. */

/** Line, column, end line, end column: from 1, exclusive end, UTF-16 columns. */
export type At = readonly [number, number, number, number];

export type Expression = { readonly at: At } & (
  | { readonly is: 'literal'; readonly value: string | number | boolean | null }
  | { readonly is: 'name'; readonly name: string }
  | { readonly is: 'attribute'; readonly of: Expression; readonly name: string }
  | {
      readonly is: 'call';
      readonly callee: Expression;
      readonly args: readonly Expression[];
      readonly named: Readonly<Record<string, Expression>>;
      /** `*args` or `**options` add more. */
      readonly open: boolean;
    }
  /** `a[b]`. */
  | { readonly is: 'item'; readonly of: Expression; readonly key: Expression }
  /** f-strings, `a + b`; `slash`: parts of a path, `base / 'x'`. */
  | { readonly is: 'text'; readonly parts: readonly Expression[]; readonly slash?: true }
  | { readonly is: 'list'; readonly items: readonly Expression[]; readonly type: 'list' | 'tuple' | 'set' }
  | { readonly is: 'dict'; readonly entries: readonly DictEntry[]; readonly open: boolean }
  | { readonly is: 'or' | 'and'; readonly left: Expression; readonly right: Expression }
  | { readonly is: 'conditional'; readonly test: Expression; readonly yes: Expression; readonly no: Expression }
  | { readonly is: 'not'; readonly value: Expression }
  | { readonly is: 'compare'; readonly left: Expression; readonly operator: string; readonly right: Expression }
  | { readonly is: 'function'; readonly id: number }
  | { readonly is: 'unknown' }
);
export type CallExpression = Extract<Expression, { is: 'call' }>;
export interface DictEntry {
  readonly key: string;
  readonly keyAt: At;
  readonly value: Expression;
}

/** A test around a piece of code, with the branch taken. */
export interface Guard {
  readonly test: Expression;
  readonly holds: boolean;
}

/** Where a piece of code stands. */
export interface Around {
  /** Innermost function; absent: module level. */
  readonly within?: number;
  readonly when?: readonly Guard[];
}

export interface Assignment extends Around {
  /** `a.b.c = …` is `['a', 'b', 'c']`; empty for targets that are no names. */
  readonly target: readonly string[];
  /** `target[key] = …`. */
  readonly key?: Expression;
  readonly how: 'set' | 'change' | 'delete' | 'loop';
  readonly value: Expression;
  /** Written in the body of this class. */
  readonly class?: number;
  /** Its annotation. */
  readonly type?: Expression;
  /** The target alone. */
  readonly at: At;
}

export interface Call extends Around {
  readonly call: CallExpression;
  /** The callee's last name. */
  readonly nameAt: At;
  readonly result: 'void' | 'awaited' | 'used';
  readonly looped?: true;
  readonly tried?: true;
  /** Written in the body of this class. */
  readonly class?: number;
}

/** `a.b` read somewhere. Only names of modules and fields matter, so plain reads of names are kept as well. */
export interface Read {
  readonly path: readonly string[];
  readonly within?: number;
  readonly at: At;
}

export interface Parameter {
  readonly name: string;
  readonly default?: Expression;
  readonly type?: Expression;
}
export interface FunctionSummary {
  readonly name: string;
  readonly parent?: number;
  readonly class?: number;
  readonly parameters: readonly Parameter[];
  readonly decorators: readonly Expression[];
  /** What its annotation says that it returns. */
  readonly gives?: Expression;
  readonly returns: readonly { readonly value: Expression; readonly when?: readonly Guard[] }[];
  readonly async: boolean;
  readonly globals: readonly string[];
  readonly at: At;
}
export interface ClassSummary {
  readonly name: string;
  readonly bases: readonly Expression[];
  readonly decorators: readonly Expression[];
  /** As written. */
  readonly metaclass?: string;
  readonly within?: number;
  /** The class around it. */
  readonly parent?: number;
  readonly at: At;
}
export interface ImportSummary extends Around {
  /** Dots of relative imports stay in front. */
  readonly module: string;
  /** `from module import name as alias`; absent: the module itself. `*` is all. */
  readonly names?: readonly { readonly name: string; readonly as: string }[];
  /** The name that `import module` binds. */
  readonly as?: string;
  readonly tried?: true;
  readonly at: At;
}

export interface ModuleSummary {
  readonly imports: readonly ImportSummary[];
  /** Only for checkers of types: nothing of it is loaded. */
  readonly typeImports?: readonly ImportSummary[];
  readonly assignments: readonly Assignment[];
  readonly calls: readonly Call[];
  readonly functions: readonly FunctionSummary[];
  readonly classes: readonly ClassSummary[];
  /** Reads of `os.environ[…]` and of names that are changed somewhere in the file. */
  readonly reads: readonly Read[];
  /** `a[b]` that is read. */
  readonly items: readonly (Around & { readonly item: Extract<Expression, { is: 'item' }>; readonly tried?: true })[];
  /** The first place that could not be parsed, or is nested too deeply. */
  readonly error?: At;
}
