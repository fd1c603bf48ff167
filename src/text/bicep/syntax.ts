/** Syntax of Bicep and of the expressions in ARM templates, as far as values are made of it. Offsets are in the text. */

interface Span {
  readonly start: number;
  readonly end: number;
}
export type TextPiece = ({ readonly is: 'text'; readonly text: string } | { readonly is: 'value'; readonly value: Expression }) & Span;
export interface Property extends Span {
  readonly key: Expression;
  readonly value: Expression;
}
export type Expression = Span &
  (
    | { readonly is: 'literal'; readonly value: string | number | boolean | null }
    | { readonly is: 'text'; readonly pieces: readonly TextPiece[] }
    | { readonly is: 'name'; readonly name: string }
    | { readonly is: 'member'; readonly of: Expression; readonly name: string }
    | { readonly is: 'index'; readonly of: Expression; readonly key: Expression }
    | { readonly is: 'call'; readonly name: string; readonly args: readonly Expression[] }
    | { readonly is: 'list'; readonly items: readonly Expression[]; readonly open: boolean }
    | { readonly is: 'object'; readonly properties: readonly Property[]; readonly open: boolean }
    | { readonly is: 'choice'; readonly test?: Expression; readonly options: readonly Expression[] }
    | { readonly is: 'loop'; readonly body: Expression }
    /** An operation that is not worked out. */
    | { readonly is: 'other' }
  );

/** `resource x 'type@version' = …`, `module x 'path' = …`; `when`: under a condition or in a loop. */
export interface Declaration extends Span {
  readonly keyword: 'resource' | 'module';
  readonly name: string;
  /** What stands in quotes after the name. */
  readonly target: string;
  readonly body: Expression;
  readonly when: 'always' | 'condition' | 'loop';
  readonly existing: boolean;
}
export interface Binding extends Span {
  readonly name: string;
  readonly value?: Expression;
  /** `@secure()` and other decorators, by their names. */
  readonly decorators: readonly string[];
}
export interface Problem {
  readonly reason: 'syntax-error' | 'too-deep';
  readonly message: string;
  readonly offset: number;
}
export interface BicepFile {
  readonly parameters: readonly Binding[];
  readonly variables: readonly Binding[];
  readonly outputs: readonly Binding[];
  readonly declarations: readonly Declaration[];
  readonly problems: readonly Problem[];
}
