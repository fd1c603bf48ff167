/**
 * What one module shows, as plain data: it depends on that file alone and can be cached.
 * Expressions keep the shape of the code; `link.ts` resolves them across modules into `Value`s.
 */

/** line, column, endLine, endColumn; as in `Place`. */
export type At = readonly [number, number, number, number];

export type Expression = { readonly at: At } & (
  | { readonly k: 'literal'; readonly value: string | number | boolean | null }
  /** A name declared in this module; index into `bindings`. */
  | { readonly k: 'local'; readonly binding: number }
  | { readonly k: 'global'; readonly name: string }
  | { readonly k: 'member'; readonly of: Expression; readonly name: string }
  /** `a[b]` with a key that is not a literal here. */
  | { readonly k: 'element'; readonly of: Expression; readonly key: Expression }
  | { readonly k: 'call'; readonly callee: Expression; readonly args: readonly Expression[]; readonly isNew: boolean }
  /** `a || b`, `a ?? b`, a default in destructuring or parameters. */
  | { readonly k: 'or'; readonly left: Expression; readonly right: Expression }
  | { readonly k: 'and'; readonly left: Expression; readonly right: Expression }
  | { readonly k: 'not'; readonly value: Expression }
  | { readonly k: 'equal'; readonly left: Expression; readonly right: Expression; readonly negated: boolean }
  | { readonly k: 'conditional'; readonly test: Expression; readonly yes: Expression; readonly no: Expression }
  | { readonly k: 'text'; readonly parts: readonly Expression[] }
  | { readonly k: 'object'; readonly properties: readonly Property[]; readonly spreads: readonly Expression[]; readonly open: boolean }
  | { readonly k: 'list'; readonly items: readonly Expression[]; readonly open: boolean }
  | { readonly k: 'function'; readonly id: number }
  | { readonly k: 'class'; readonly id: number }
  | { readonly k: 'parameter'; readonly function: number; readonly index: number; readonly rest: boolean }
  | { readonly k: 'this'; readonly class?: number }
  | { readonly k: 'import'; readonly specifier: string; readonly name: string }
  /** `new RegExp`, arithmetic, template tags…: not followed. */
  | { readonly k: 'unknown' }
);
export interface Property {
  readonly key: string;
  readonly value: Expression;
}

/** A test around a piece of code, with the branch taken. */
export interface Guard {
  readonly test: Expression;
  readonly holds: boolean;
}

export interface Binding {
  readonly name: string;
  /** Declared at module level, outside every function. */
  readonly top: boolean;
  readonly kind: 'const' | 'let' | 'function' | 'class' | 'parameter' | 'import' | 'catch';
  /** Everything that is assigned to it, in order of the text. */
  readonly values: readonly { readonly value: Expression; readonly when?: readonly Guard[]; readonly within?: number }[];
  /** `name.a.b = value`. */
  readonly properties: readonly {
    readonly path: readonly string[];
    readonly value: Expression;
    readonly when?: readonly Guard[];
    readonly within?: number;
  }[];
  /** Written through computed keys (`name[key] = value`): what it holds may have been replaced. */
  readonly open?: true;
  /** Declared type as written, one identifier. */
  readonly type?: string;
  readonly at: At;
}

export interface FunctionSummary {
  readonly name?: string;
  readonly parent?: number;
  /** Class and method, for methods. */
  readonly class?: number;
  /** Read like a field: `get options() { … }`. */
  readonly getter?: true;
  readonly parameters: number;
  readonly returns: readonly { readonly value: Expression; readonly when?: readonly Guard[] }[];
  readonly async: boolean;
  readonly at: At;
}

export interface ClassSummary {
  readonly name?: string;
  readonly extends?: Expression;
  readonly methods: Readonly<Record<string, number>>;
  readonly fields: Readonly<Record<string, Expression>>;
  readonly staticFields: Readonly<Record<string, Expression>>;
  /** `this.x = value` in the constructor and methods. */
  readonly assigned: Readonly<Record<string, Expression>>;
  /** Type names of constructor parameters that become fields (`private readonly db: Db`), by field. */
  readonly injected: Readonly<Record<string, Expression>>;
  /** What decorators ask a container for (`@Inject(DB)`), by field. */
  readonly tokens?: Readonly<Record<string, Expression>>;
  /** The constructor's parameters that become fields (`private readonly port: number`), by field. */
  readonly handed?: Readonly<Record<string, Expression>>;
  readonly at: At;
}

/** A call, construction or decorator that a recogniser may understand. */
export interface Call {
  readonly callee: Expression;
  readonly args: readonly Expression[];
  readonly how: 'call' | 'new' | 'decorator' | 'tag';
  readonly at: At;
  /** The callee's last name: `get` of `app.get(…)`. */
  readonly nameAt: At;
  readonly within?: number;
  readonly when?: readonly Guard[];
  /** `void`: the result is dropped; `awaited`; `used`. */
  readonly result: 'void' | 'awaited' | 'used';
  /** What a decorator stands on. */
  readonly decorates?: { readonly class: number; readonly member?: string; readonly function?: number; readonly parameter?: number };
  /** Inside a `try` that has a handler. */
  readonly tried?: boolean;
  /** Inside a loop. */
  readonly looped?: boolean;
}

export interface ImportSummary {
  readonly specifier: string;
  /** `folder`: a folder whose files are loaded by name at run time; the specifier is relative. */
  readonly how: 'import' | 'require' | 'dynamic' | 'export' | 'folder';
  readonly at: At;
  /** Loaded only then: `if (process.env.DB_HOST) require('./remote')`. */
  readonly when?: readonly Guard[];
}

/** A read of `process.env.NAME`, written directly or by destructuring. */
export interface EnvRead {
  readonly name: string;
  readonly at: At;
  readonly hasDefault: boolean;
  readonly fallback?: Expression;
  /** Only tested, or read where absence is handled. */
  readonly optional: boolean;
  readonly within?: number;
  readonly when?: readonly Guard[];
}

export interface ModuleSummary {
  readonly imports: readonly ImportSummary[];
  /** `default`, names, and `=` for `module.exports = …`. */
  readonly exports: readonly { readonly name: string; readonly value: Expression; readonly when?: readonly Guard[] }[];
  /** `export * from`, `export { a as b } from`; name `*` is all. */
  readonly reExports: readonly { readonly specifier: string; readonly name: string; readonly as: string }[];
  readonly bindings: readonly Binding[];
  readonly functions: readonly FunctionSummary[];
  readonly classes: readonly ClassSummary[];
  readonly calls: readonly Call[];
  readonly envReads: readonly EnvRead[];
  /** Results of syntax passes by id. */
  readonly passes: Readonly<Record<string, readonly unknown[]>>;
  /** `'use client'` and the like. */
  readonly directives: readonly string[];
  readonly hashbang: boolean;
  /** Error of the parser; the rest is what could be read in spite of it. */
  readonly error?: { readonly message: string; readonly line: number; readonly column: number };
}

/** A module that shows nothing. */
export const emptySummary: ModuleSummary = {
  imports: [],
  exports: [],
  reExports: [],
  bindings: [],
  functions: [],
  classes: [],
  calls: [],
  envReads: [],
  passes: {},
  directives: [],
  hashbang: false,
};
