/** What one C# file says, as plain data: small enough to cache, complete enough that no recogniser needs the tree. */

/** Line, column, end line, end column: from 1, exclusive end, UTF-16 columns. */
export type At = readonly [number, number, number, number];

export type Expression = { readonly at: At } & (
  | { readonly is: 'literal'; readonly value: string | number | boolean | null }
  /** `name`, `this.name`, `Type.Member`: segments, without `this`. */
  | { readonly is: 'name'; readonly path: readonly string[] }
  /** `call().Member`. */
  | { readonly is: 'member'; readonly of: Expression; readonly name: string }
  | {
      readonly is: 'call';
      /** What the method is called on; absent: a method of its own type, or a local function. */
      readonly on?: Expression;
      readonly name: string;
      readonly nameAt: At;
      /** Type arguments, as written. */
      readonly types: readonly string[];
      readonly args: readonly Expression[];
      readonly named: Readonly<Record<string, Expression>>;
    }
  | {
      readonly is: 'new';
      /** Without type arguments; empty where the target gives it. */
      readonly type: string;
      readonly args: readonly Expression[];
      /** `{ Host = x }`. */
      readonly set: Readonly<Record<string, Expression>>;
    }
  | { readonly is: 'index'; readonly of: Expression; readonly key: Expression }
  /** Interpolated texts, `a + b`. */
  | { readonly is: 'text'; readonly parts: readonly Expression[] }
  | { readonly is: 'list'; readonly items: readonly Expression[] }
  /** `a ?? b`. */
  | { readonly is: 'else'; readonly left: Expression; readonly right: Expression }
  | { readonly is: 'conditional'; readonly test: Expression; readonly yes: Expression; readonly no: Expression }
  | { readonly is: 'compare'; readonly left: Expression; readonly operator: string; readonly right: Expression }
  | { readonly is: 'not'; readonly value: Expression }
  | { readonly is: 'and' | 'or'; readonly left: Expression; readonly right: Expression }
  /** An anonymous function: an index into the methods of its type. */
  | { readonly is: 'lambda'; readonly index: number }
  | { readonly is: 'type'; readonly type: string }
  | { readonly is: 'throw' }
  | { readonly is: 'other' }
);
export type CallExpression = Extract<Expression, { is: 'call' }>;
export type NewExpression = Extract<Expression, { is: 'new' }>;

/** A test around a piece of code, with the branch taken. */
export interface Guard {
  readonly test: Expression;
  readonly holds: boolean;
}

export interface Attribute {
  /** As written, without `Attribute`. */
  readonly name: string;
  readonly args: readonly Expression[];
  readonly named: Readonly<Record<string, Expression>>;
  readonly at: At;
}

export interface Variable {
  readonly name: string;
  /** As written, without type arguments; `var` where it is left to the value. */
  readonly type: string;
  /** Type arguments, as written. */
  readonly types: readonly string[];
  readonly value?: Expression;
  readonly at: At;
}
export interface Field extends Variable {
  readonly modifiers: readonly string[];
  readonly isProperty: boolean;
  readonly attributes: readonly Attribute[];
}

interface Around {
  readonly when?: readonly Guard[];
  /** Inside of a loop. */
  readonly looped?: true;
}
export interface Call extends Around {
  readonly call: CallExpression;
}
export interface Creation extends Around {
  readonly creation: NewExpression;
}
/** `x = …`, `x += …`, `x++`, `x[i] = …`. */
export interface Assignment extends Around {
  readonly target: readonly string[];
  readonly how: 'set' | 'change' | 'element';
  readonly value?: Expression;
  readonly at: At;
}
/** `configuration["Key"]` that is read. */
export interface Lookup extends Around {
  readonly lookup: Extract<Expression, { is: 'index' }>;
}

export interface Method {
  /** `<new>` for constructors, `<static>` for static ones, `<lambda>` for anonymous functions, `<main>` for statements outside of types. */
  readonly name: string;
  readonly modifiers: readonly string[];
  readonly attributes: readonly Attribute[];
  /** Without type arguments. */
  readonly returnType?: string;
  readonly parameters: readonly (Variable & { readonly attributes: readonly Attribute[] })[];
  /** It extends the type of its first parameter. */
  readonly extends?: true;
  /** The method around a lambda or local function. */
  readonly parent?: number;
  /** The call that a lambda is handed to. */
  readonly handedTo?: string;
  /** Tests around a lambda in the method that holds it. */
  readonly when?: readonly Guard[];
  readonly locals: readonly Variable[];
  readonly calls: readonly Call[];
  readonly creations: readonly Creation[];
  readonly assignments: readonly Assignment[];
  readonly lookups: readonly Lookup[];
  readonly returns: readonly Expression[];
  /** Loops without end: `while (true)`, `while (!token.IsCancellationRequested)`, `for (;;)`, over ticks of a timer. */
  readonly loops: readonly At[];
  /** Names that are read. */
  readonly reads: readonly { readonly name: string; readonly at: At }[];
  readonly at: At;
}

export interface Type {
  /** `Outer.Inner` for nested types, `<main>` for statements outside of types. */
  readonly name: string;
  readonly kind: 'class' | 'interface' | 'struct' | 'record' | 'enum' | 'main';
  readonly modifiers: readonly string[];
  readonly attributes: readonly Attribute[];
  /** Base class and interfaces, with their type arguments. */
  readonly bases: readonly { readonly name: string; readonly types: readonly string[] }[];
  readonly fields: readonly Field[];
  readonly methods: readonly Method[];
  /** The name of the type in its declaration. */
  readonly at: At;
}

export interface CSharpFile {
  /** That of its first type. */
  readonly namespace: string;
  /** Namespaces that it uses. */
  readonly usings: readonly string[];
  readonly types: readonly Type[];
  /** The first place that could not be parsed. */
  readonly error?: At;
}
