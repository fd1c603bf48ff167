/** The contract of recognisers: they see a whole program as plain data and emit facts. */

import type { Condition, Value } from '../../facts.ts';
import type { Place } from '../../types.ts';
import type { Anchor, Emit } from '../emit.ts';
import type { Entry } from '../language.ts';
import type { Evaluator } from './evaluate.ts';
import type { Assignment, Call, FileSummary, FunctionSummary, LiteralSummary } from './summary.ts';

export { type Alternative, alternativesOf, textOf } from '../alternatives.ts';

export type { Anchor, Emit };

/** A call of the program, resolved across packages. */
export interface CallSite extends Anchor {
  /** What is called, by the type that it belongs to: `gin.Engine.GET`, `net/http.HandleFunc`; `undefined` when it could not be traced. */
  readonly target: string | undefined;
  /** Last name of the callee. */
  readonly name: string;
  readonly callee: Value;
  /** The value that the method is called on; its place identifies the instance. */
  readonly on?: Value;
  readonly args: readonly Value[];
  readonly path: string;
  /** The callee's last name alone. */
  readonly namePlace: Place;
  readonly when: readonly Condition[];
  readonly written: Call;
}

/** A function with what stands around it. */
export interface FunctionView {
  readonly id: string;
  readonly path: string;
  readonly own: FunctionSummary;
}
/** `T{A: a}` of a named type. */
export interface LiteralView extends Anchor {
  readonly type: string;
  readonly path: string;
  readonly own: LiteralSummary;
  field(name: string): Value | undefined;
}

/** The program as recognisers see it. */
export interface ProgramView {
  readonly root: string;
  readonly entries: readonly Entry[];
  readonly files: readonly string[];
  readonly calls: readonly CallSite[];
  /** Calls of these targets. */
  called(...targets: readonly string[]): readonly CallSite[];
  callsWithin(functionId: string): readonly CallSite[];
  readonly functions: readonly FunctionView[];
  readonly literals: readonly LiteralView[];
  literalsOf(type: string): readonly LiteralView[];
  /** Assignments with their files. */
  readonly assignments: readonly { readonly path: string; readonly own: Assignment }[];
  summary(path: string): FileSummary | undefined;
  /** The first import of a library, or of a part of it. */
  imported(...libraries: readonly string[]): Place | undefined;
  importedLike(pattern: RegExp): Place | undefined;
  readonly evaluator: Evaluator;
  /** True when the function may run while a request is answered. */
  servesRequest(functionId: string | undefined): boolean;
  /** True for code that runs when the program starts. */
  runsAtStart(functionId: string | undefined): boolean;
  reached(functions: readonly string[]): ReadonlySet<string>;
  /** True when every way to the function leads through a test: what it does belongs to an option. */
  isOption(functionId: string | undefined): boolean;
  /** What must hold of the environment for the function to run, where one call alone leads to it. */
  conditionsAround(functionId: string | undefined): readonly Condition[];
  text(path: string): string | undefined;
}

export interface Recogniser {
  readonly id: string;
  recognise(program: ProgramView, emit: Emit): void;
}

export const isNil = (value: Value | undefined): boolean => value?.is === 'literal' && value.value === null;

/** Where a call stands, for its facts. */
export const anchor = ({ place, within, when }: Anchor): Anchor => ({
  place,
  ...(within === undefined ? {} : { within }),
  ...(when?.length ? { when } : {}),
});
