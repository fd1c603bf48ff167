/** The contract of recognisers: they see a whole program as plain data and emit facts. */
import type { BuildReference, Condition, FactKind, FactValues } from '../../facts.ts';
import type { AnyFact, Confidence, Place } from '../../types.ts';
import type { Module, Version } from './build.ts';
import type { CallView, MethodView, Names, TypeView } from './names.ts';
import type { PageUse } from './pages.ts';
import type { Settings } from './settings.ts';
import type { Annotation, At } from './summary.ts';
import type { FileViews } from './views.ts';

export interface ProgramView {
  readonly module: Module;
  /** The module and those that it depends on. */
  readonly modules: readonly Module[];
  readonly dependencies: readonly BuildReference[];
  /** The first dependency whose `group:artifact` matches. */
  dependency(pattern: RegExp): BuildReference | undefined;
  /** Version of Spring Boot; `unknown` for a program of it whose version the repository does not tell. */
  readonly boot?: Version | 'unknown';
  /** The line that says which. */
  readonly bootPlace?: Place;
  /** True when the archive is deployed into a server that is not part of it. */
  readonly needsServer: boolean;
  readonly settings: Settings;
  /** A config server gives settings that are not among these. */
  readonly hasOtherSettings: boolean;
  readonly manifestFacts: readonly AnyFact[];
  readonly files: readonly FileViews[];
  readonly types: readonly TypeView[];
  readonly methods: readonly MethodView[];
  /** What its JSP pages do. */
  readonly pages: readonly PageUse[];
  readonly names: Names;
  /** Full names of classes of which descriptors make one instance each. */
  readonly declaredBeans: ReadonlySet<string>;
  /** The line that stands for the program. */
  readonly place: Place;
  /** Calls of methods with one of these names. */
  callsNamed(...names: readonly string[]): readonly CallView[];
  /** True when a container (Spring, CDI, EJB, servlet) makes one instance of the type. */
  isBean(view: TypeView): boolean;
  /** True when a handler of requests leads to the method. */
  answersRequest(view: MethodView): boolean;
  /** True when a handler of requests or of messages leads to the method. */
  handlesWork(view: MethodView): boolean;
  /** The methods and those that they may call, themselves and onwards. */
  calledFrom(views: readonly MethodView[]): readonly MethodView[];
  /** True when the method may run while a request is answered: a handler leads to it, or it belongs to a bean. */
  servesRequest(view: MethodView): boolean;
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

export const placeAt = (path: string, at: At): Place => ({ path, line: at[0], column: at[1], endLine: at[2], endColumn: at[3] });
/** Places of long constructs end with their first line. */
export const startOf = (path: string, at: At): Place =>
  at[2] === at[0] ? placeAt(path, at) : { path, line: at[0], column: at[1], endLine: at[0], endColumn: at[1] + 1 };

const lastName = (name: string): string => name.slice(name.lastIndexOf('.') + 1);
/** The annotation with one of these simple names. */
export const annotationOf = (
  holder: { readonly annotations: readonly Annotation[] },
  ...names: readonly string[]
): Annotation | undefined => holder.annotations.find(({ name }) => names.includes(lastName(name)));
