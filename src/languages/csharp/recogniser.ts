/** The contract of recognisers: they see a whole program as plain data and emit facts. */
import type { Condition, FactKind, FactValues, StoreChoice, Value } from '../../facts.ts';
import type { AnyFact, Confidence, Place } from '../../types.ts';
import type { CallGraph } from './call-graph.ts';
import { type Evaluator, placeAt } from './evaluate.ts';
import type { CallView, MethodView, Names, TypeView } from './names.ts';
import type { Project } from './projects.ts';
import type { Settings } from './settings.ts';

export interface ProgramView {
  readonly project: Project;
  /** The project and those that it is built of. */
  readonly projects: readonly Project[];
  /** The first package that one of them refers to by such a name. */
  package(pattern: RegExp): Place | undefined;
  readonly isWeb: boolean;
  readonly settings: Settings;
  readonly manifestFacts: readonly AnyFact[];
  readonly types: readonly TypeView[];
  readonly methods: readonly MethodView[];
  readonly names: Names;
  readonly graph: CallGraph;
  readonly evaluator: Evaluator;
  /** Where its code begins. */
  readonly start: Place;
  /** Calls that can run in this program: those of its own project, and those that its start or requests lead to. */
  callsNamed(...names: readonly string[]): readonly CallView[];
  /** Methods that run in this program. */
  readonly running: readonly MethodView[];
  /** Handlers of requests, by their ids. */
  readonly handlers: ReadonlySet<string>;
  /** True when a handler of requests leads to the method. */
  answersRequest(view: MethodView): boolean;
  /** True for what runs when the program starts. */
  runsAtStart(view: MethodView): boolean;
  /** Under what a call runs: its tests, and those around the calls of its method. */
  conditions(view: CallView): readonly Condition[];
  under(folder: string): readonly string[];
  text(path: string): string | undefined;
}

export interface EmitOptions {
  readonly confidence?: Confidence;
  readonly when?: readonly Condition[];
  readonly within?: string;
}
export type Emit = <K extends FactKind>(kind: K, place: Place, value: FactValues[K], options?: EmitOptions) => void;

export interface Recogniser {
  /** Texts of which a file must hold one to be parsed for this recogniser. */
  readonly text: readonly string[];
  recognise(view: ProgramView, emit: Emit): void;
}

export { placeAt };

/** The name of what is called. */
export const placeOf = (view: CallView): Place => placeAt(view.path, view.call.nameAt);

/** A store with the conditions under which its call runs. */
export function storeAt(view: ProgramView, call: CallView, kind: StoreChoice['kind'], technology?: string): StoreChoice {
  const when = view.conditions(call);
  return { kind, ...(technology === undefined ? {} : { technology }), ...(when.length > 0 ? { when } : {}), place: placeOf(call) };
}

/** The argument by name, else by position. */
export const argumentOf = ({ call }: CallView, index: number, name?: string) =>
  name !== undefined && Object.hasOwn(call.named, name) ? call.named[name] : call.args[index];

/** The lambda that a call hands over. */
export function lambdaOf(view: ProgramView, call: CallView, index?: number): MethodView | undefined {
  const all = [...call.call.args, ...Object.values(call.call.named)];
  const lambda = index === undefined ? all.find(({ is }) => is === 'lambda') : all[index];
  return lambda?.is === 'lambda' ? view.names.methodsOf(call.type)[lambda.index] : undefined;
}

/** What options are set to in the lambda of a call: `options => options.Timeout = x`. */
export function optionOf(view: ProgramView, call: CallView, name: string): Value | undefined {
  const lambda = lambdaOf(view, call);
  const found = lambda?.method.assignments.find(({ target, how }) => target.at(-1) === name && how === 'set');
  return lambda && found?.value ? view.evaluator.value(found.value, lambda) : undefined;
}
