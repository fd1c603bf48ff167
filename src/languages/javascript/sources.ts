import type { Value } from '../../facts.ts';
import type { Evaluator } from './evaluate.ts';
import type { Asking, SharedValues } from './shared-values.ts';

/** What the parameters of a function come to, when no direct call says so. */
export type ParameterSource = (functionId: string, index: number) => Value | undefined;

/** What an evaluator may ask beyond the modules. */
export interface Sources {
  readonly parameterOf?: ParameterSource;
  /** Whether a module may be read for the value of an export. */
  readonly opens?: (path: string) => boolean;
  /** Reads tests of the environment; they seldom depend on parameters, which are dear to find. */
  readonly statics?: Evaluator;
  /** Classes that a container hands out for a token: a text, a symbol, an abstract class. */
  readonly provided?: (token: Value) => readonly string[];
  /** Answers that hold in every program. */
  readonly shared?: SharedValues;
  /** Of an evaluator whose answers are shared. */
  readonly asking?: Asking;
}
