/** Values that code and manifests give, and the conditions under which they hold. */
import type { Place } from '../types.ts';

/** A value that a manifest sets: known, or known to be decided elsewhere (a template, an undeclared variable). Absent is `undefined`. */
export type Setting<T> =
  | { readonly known: true; readonly value: T; readonly place: Place }
  | {
      readonly known: false;
      readonly because: string;
      readonly place: Place;
      /** As written, where variables of a neighbouring file can complete it; never set for values that may be secret. */
      readonly written?: string;
    };

/** A condition on the environment under which a piece of code runs or a value holds. */
export interface Condition {
  readonly env: string;
  readonly test: 'set' | 'unset' | 'equals' | 'differs';
  /** Compared text, for `equals` and `differs`. */
  readonly value?: string;
  /** What holds where nothing sets the variable: another variable, else the program's own default. */
  readonly otherwise?: { readonly env?: string; readonly value?: string };
}

/** What an expression evaluates to, as far as reading it tells. Plain data; the module linker replaces references and parameters. */
export type Value =
  | { readonly is: 'literal'; readonly value: string | number | boolean | null; readonly place: Place }
  | { readonly is: 'env'; readonly name: string; readonly fallback?: Value; readonly place: Place }
  | {
      readonly is: 'choice';
      readonly options: readonly { readonly value: Value; readonly when?: readonly Condition[] }[];
      readonly place: Place;
    }
  /** Concatenation or template literal. */
  | { readonly is: 'text'; readonly parts: readonly Value[]; readonly place: Place }
  /** `open`: a spread or a computed key may add more properties. */
  | { readonly is: 'object'; readonly properties: Readonly<Record<string, Value>>; readonly open: boolean; readonly place: Place }
  | { readonly is: 'list'; readonly items: readonly Value[]; readonly place: Place }
  /** An export of a package: `express` + `Router` is `{ package: 'express', path: 'Router' }`; globals have package `''`. */
  | { readonly is: 'package'; readonly package: string; readonly path: string; readonly place: Place }
  /** The result of calling or constructing `callee`; its place identifies the instance. */
  | { readonly is: 'made'; readonly callee: Value; readonly args: readonly Value[]; readonly place: Place }
  /** A member of a value that could not be looked up. */
  | { readonly is: 'member'; readonly of: Value; readonly name: string; readonly place: Place }
  /** `around`: functions that it was made with, which it may call (`asyncHandler(show)`). */
  | { readonly is: 'function'; readonly id: string; readonly around?: readonly string[]; readonly place: Place }
  | { readonly is: 'class'; readonly id: string; readonly place: Place }
  | { readonly is: 'parameter'; readonly function: string; readonly index: number; readonly place: Place }
  /** An export of another module of the repository, before linking. */
  | { readonly is: 'reference'; readonly specifier: string; readonly name: string; readonly place: Place }
  | { readonly is: 'unknown'; readonly place: Place };

/** Where stateful middleware keeps its data. */
export type StoreKind = 'memory' | 'file' | 'external' | 'cookie' | 'unknown';
/** One of the stores that code may choose, and when. */
export interface StoreChoice {
  readonly kind: StoreKind;
  /** `redis`, `mongodb`, `postgresql`… as far as known. */
  readonly technology?: string;
  readonly when?: readonly Condition[];
  readonly place: Place;
}

/** What a program remembers of its users between requests. */
export interface Sessions {
  readonly library: string;
  readonly stores: readonly StoreChoice[];
  /** Other places that put data into it. */
  readonly uses?: readonly Place[];
  /** Open pages whose state lives in the process that they began in: Blazor Server. */
  readonly circuits?: true;
}
