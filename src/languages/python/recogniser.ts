/** The contract of recognisers: they see a whole program as plain data and emit facts. */

import type { Condition, Value } from '../../facts.ts';
import type { Place } from '../../types.ts';
import type { Anchor, Emit } from '../emit.ts';
import type { Entry } from '../language.ts';
import type { Evaluator } from './evaluate.ts';
import type { Assignment, Call, ClassSummary, FunctionSummary, ModuleSummary } from './summary.ts';

export { type Alternative, alternativesOf, textOf } from '../alternatives.ts';

export type { Anchor, Emit };

/** A call of the program, resolved across modules. */
export interface CallSite extends Anchor {
  /** The way from a package to the callee: `flask.Flask().route`; builtins are `open`; `undefined` when it could not be traced. */
  readonly dotted: string | undefined;
  /** Last name of the callee. */
  readonly name: string;
  readonly callee: Value;
  /** The value that the method is called on; its place identifies the instance. */
  readonly on?: Value;
  /** Positional arguments. */
  readonly args: readonly Value[];
  named(name: string): Value | undefined;
  /** The argument by its name, or by its position where it is not named. */
  argument(name: string, index: number): Value | undefined;
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
export interface ClassView {
  readonly id: string;
  readonly path: string;
  readonly own: ClassSummary;
}
export interface AssignmentView extends Anchor {
  readonly path: string;
  readonly own: Assignment;
  /** What is assigned. */
  value(): Value;
}

/** The program as recognisers see it. */
export interface ProgramView {
  readonly root: string;
  readonly entries: readonly Entry[];
  /** Source files that the process loads, entries first. */
  readonly files: readonly string[];
  readonly calls: readonly CallSite[];
  callsNamed(...names: readonly string[]): readonly CallSite[];
  callsWithin(functionId: string): readonly CallSite[];
  readonly functions: readonly FunctionView[];
  readonly classes: readonly ClassView[];
  readonly assignments: readonly AssignmentView[];
  /** Assignments whose last name is this one. */
  assigned(name: string): readonly AssignmentView[];
  summary(path: string): ModuleSummary | undefined;
  /** The first import of a module, or of one below it. */
  imported(...modules: readonly string[]): Place | undefined;
  readonly evaluator: Evaluator;
  /** True when the function may run while a request is answered. */
  servesRequest(functionId: string | undefined): boolean;
  /** True when the function may run for a message of a queue, and nothing ends it after a while. */
  takesMessage(functionId: string | undefined): boolean;
  /** True for code that runs when the program starts: at module level, or called from there. */
  runsAtStart(functionId: string | undefined): boolean;
  /** Functions that answer requests by themselves. */
  readonly handlers: ReadonlySet<string>;
  reached(functions: readonly string[]): ReadonlySet<string>;
  /** Names of the base classes of a class, of those of the repository as well. */
  basesOf(classId: string): ReadonlySet<string>;
  text(path: string): string | undefined;
  under(folder: string): readonly string[];
  has(path: string): boolean;
  /** Settings of the framework (`SECRET_KEY`, `SESSION_TYPE`), wherever they are set. */
  settings(name: string): readonly SettingView[];
  /** Those under tests that nobody can read: one of them may hold. */
  undecidedSettings(name: string): readonly SettingView[];
}
/** A value of a framework's configuration. */
export interface SettingView extends Anchor {
  readonly name: string;
  readonly value: Value;
  readonly path: string;
  /** The whole assignment. */
  readonly how: 'module' | 'class' | 'config' | 'option';
  /** The configuration class that it is a field of. */
  readonly className?: string;
}

export interface Recogniser {
  readonly id: string;
  recognise(program: ProgramView, emit: Emit): void;
}

export const isTrue = (value: Value | undefined): boolean => value?.is === 'literal' && value.value === true;
export const isFalse = (value: Value | undefined): boolean => value?.is === 'literal' && value.value === false;
export const isNone = (value: Value | undefined): boolean => value?.is === 'literal' && value.value === null;
