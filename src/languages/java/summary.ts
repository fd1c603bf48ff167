/** What one Java file says, as plain data: small enough to cache, complete enough that no recogniser needs the tree. */

/** Line, column, end line, end column: from 1, exclusive end, UTF-16 columns. */
export type At = readonly [number, number, number, number];

/** An expression as far as recognisers ask; deeper parts are `other`. */
export type Expression =
  | { readonly is: 'text'; readonly value: string; readonly at: At }
  | { readonly is: 'number'; readonly value: number; readonly at: At }
  | { readonly is: 'flag'; readonly value: boolean; readonly at: At }
  | { readonly is: 'null'; readonly at: At }
  /** `name`, `this.name`, `Type.CONSTANT`: segments, without `this`. */
  | { readonly is: 'name'; readonly path: readonly string[]; readonly at: At }
  /** `find().name`: the field of what another expression gives. */
  | { readonly is: 'field'; readonly on: Expression; readonly name: string; readonly at: At }
  | { readonly is: 'call'; readonly on?: Expression; readonly name: string; readonly args: readonly Expression[]; readonly at: At }
  | { readonly is: 'new'; readonly type: string; readonly args: readonly Expression[]; readonly at: At }
  | { readonly is: 'sum'; readonly parts: readonly Expression[]; readonly at: At }
  /** `a ? b : c`, and `a ?: b` of Kotlin: one of them. */
  | { readonly is: 'choice'; readonly options: readonly Expression[]; readonly at: At }
  | { readonly is: 'list'; readonly items: readonly Expression[]; readonly at: At }
  | { readonly is: 'class'; readonly type: string; readonly at: At }
  | { readonly is: 'annotation'; readonly annotation: Annotation; readonly at: At }
  | { readonly is: 'other'; readonly at: At };

export interface Annotation {
  /** As written, without `@`. */
  readonly name: string;
  /** The only unnamed argument is `value`. */
  readonly args: Readonly<Record<string, Expression>>;
  readonly at: At;
}

export interface Variable {
  readonly name: string;
  /** As written, without type arguments. */
  readonly type: string;
  readonly annotations: readonly Annotation[];
  readonly value?: Expression;
  readonly at: At;
}
export interface Field extends Variable {
  readonly modifiers: readonly string[];
  /** The type arguments as written: `String, Session`. */
  readonly of?: string;
}

/** `x = …`, `x += …`, `x++`, `x[i] = …` on something that is no local variable. */
export interface Assignment {
  readonly target: readonly string[];
  readonly how: 'set' | 'count' | 'element';
  readonly value?: Expression;
  readonly at: At;
}

/** Types of which a reader may want to know what a method returns. */
export const isValueType = (type: string): boolean =>
  /(?:^|\.)(?:String|CharSequence|File|Path|URI|URL|byte|char|int|long|Integer|Long|Duration|Key|SecretKey|ByteArray|Int)$/.test(type);
export const mostGiven = 6;

export interface Method {
  /** `<init>` for constructors, `<static>` and `<instance>` for initialisers. */
  readonly name: string;
  readonly modifiers: readonly string[];
  readonly annotations: readonly Annotation[];
  readonly returns?: string;
  readonly parameters: readonly Variable[];
  readonly locals: readonly Variable[];
  /** Every call, outermost first; chains keep their receivers in `on`. */
  readonly calls: readonly Extract<Expression, { is: 'call' }>[];
  readonly creations: readonly Extract<Expression, { is: 'new' }>[];
  readonly assignments: readonly Assignment[];
  /** What it returns, where that is a value: text, a path, a number, a key. Lambdas in it return to others. */
  readonly gives?: readonly Expression[];
  /** Names that are read, to tell fields that only are written. */
  readonly at: At;
}

export interface Type {
  /** `Outer.Inner` for nested types. */
  readonly name: string;
  readonly kind: 'class' | 'interface' | 'enum' | 'record' | 'annotation';
  readonly modifiers: readonly string[];
  readonly annotations: readonly Annotation[];
  readonly superclass?: string;
  readonly interfaces: readonly string[];
  readonly fields: readonly Field[];
  readonly methods: readonly Method[];
  /** The name of the type in its declaration. */
  readonly at: At;
}

export interface Import {
  /** Fully qualified; without `.*`. */
  readonly name: string;
  readonly wildcard: boolean;
  readonly isStatic: boolean;
  readonly at: At;
}

export interface JavaFile {
  readonly package: string;
  readonly imports: readonly Import[];
  readonly types: readonly Type[];
  /** The first place that could not be parsed. */
  readonly error?: At;
}
