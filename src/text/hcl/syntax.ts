/** Syntax of HCL 2 (Terraform, OpenTofu, Nomad) as plain data. `start` and `end` are UTF-16 offsets, the end exclusive. */

export interface Span {
  readonly start: number;
  readonly end: number;
}
export type Expression = Span &
  (
    | { readonly is: 'literal'; readonly value: string | number | boolean | null }
    | { readonly is: 'template'; readonly parts: readonly TemplatePart[] }
    | { readonly is: 'list'; readonly items: readonly Expression[] }
    | { readonly is: 'object'; readonly items: readonly ObjectItem[] }
    | { readonly is: 'name'; readonly name: string }
    | { readonly is: 'attribute'; readonly of: Expression; readonly name: string }
    | { readonly is: 'index'; readonly of: Expression; readonly key: Expression }
    /** `of.*` and `of[*]`, with what follows. */
    | { readonly is: 'splat'; readonly of: Expression; readonly then: readonly string[] }
    | { readonly is: 'call'; readonly name: string; readonly args: readonly Expression[]; readonly spread: boolean }
    | { readonly is: 'conditional'; readonly test: Expression; readonly yes: Expression; readonly no: Expression }
    | { readonly is: 'binary'; readonly operator: string; readonly left: Expression; readonly right: Expression }
    | { readonly is: 'unary'; readonly operator: string; readonly of: Expression }
    | {
        readonly is: 'for';
        readonly names: readonly string[];
        readonly in: Expression;
        /** Set in the form that makes an object. */
        readonly key?: Expression;
        readonly value: Expression;
        readonly test?: Expression;
        readonly grouped: boolean;
      }
  );
/** Text as it comes out, with where it stands; or an interpolation; or a directive (`%{ if … }`), which is not followed. */
export type TemplatePart = Span &
  ({ readonly is: 'text'; readonly text: string } | { readonly is: 'value'; readonly value: Expression } | { readonly is: 'directive' });
export interface ObjectItem {
  /** A bare name is a literal. */
  readonly key: Expression;
  readonly value: Expression;
}
export interface Attribute extends Span {
  readonly name: string;
  readonly nameEnd: number;
  readonly value: Expression;
}
export interface Block extends Span {
  readonly type: string;
  readonly labels: readonly string[];
  /** End of the header, before `{`. */
  readonly headerEnd: number;
  readonly body: Body;
}
export interface Body {
  readonly attributes: readonly Attribute[];
  readonly blocks: readonly Block[];
}
export interface SyntaxProblem {
  readonly reason: 'syntax-error' | 'too-deep';
  readonly message: string;
  readonly offset: number;
}
export interface ParsedFile {
  readonly body: Body;
  readonly problems: readonly SyntaxProblem[];
}

export class HclError extends Error {
  readonly offset: number;
  readonly reason: SyntaxProblem['reason'];
  constructor(message: string, offset: number, reason: SyntaxProblem['reason'] = 'syntax-error') {
    super(message);
    this.offset = offset;
    this.reason = reason;
  }
}
