import type { Condition, Value } from '../../facts.ts';
import type { Place } from '../../types.ts';
import type { Anchor, Emit } from '../emit.ts';
import type { SyntaxPass } from './context.ts';
import type { Evaluator } from './evaluate.ts';
import type { ClassSummary, FunctionSummary } from './summary.ts';

export type { Anchor, Emit };

/** A call, construction or decorator of the program, resolved across modules. */
export interface CallSite {
  /** Package that the callee comes from; `''` for globals (`fetch`, `process.on`); `undefined` when it could not be traced to one. */
  readonly package: string | undefined;
  /**
   * The way from the package to the callee: `` for the module itself, `Router().get` for `express.Router().get`,
   * `Server().of().emit` for socket.io. Construction and call look the same. For untraced callees it is the last name.
   */
  readonly path: string;
  /** Last name of the callee: `get`. */
  readonly name: string;
  readonly callee: Value;
  /** The value that the method is called on; its place identifies the instance. */
  readonly on?: Value;
  /** Resolved when read. */
  readonly args: readonly Value[];
  /** How many they are. */
  readonly given: number;
  /** The first of them alone: a look at it costs no more than it. */
  readonly firstArgument: Value | undefined;
  readonly how: 'call' | 'new' | 'decorator' | 'tag';
  readonly place: Place;
  /** The callee's last name alone: a short range to point at. */
  readonly namePlace: Place;
  /** Function around it. */
  readonly within?: string;
  readonly when: readonly Condition[];
  readonly result: 'void' | 'awaited' | 'used';
  readonly tried: boolean;
  readonly looped: boolean;
  readonly decorates?: {
    readonly class: string;
    readonly className?: string;
    readonly member?: string;
    readonly function?: string;
    readonly parameter?: number;
  };
}

export interface EnvReadSite {
  readonly name: string;
  readonly place: Place;
  readonly hasDefault: boolean;
  readonly fallback?: Value;
  readonly optional: boolean;
  readonly within?: string;
  readonly when: readonly Condition[];
}

/** The program as recognisers see it. */
export interface ProgramView {
  /** Source files that the process loads, entries first. */
  readonly files: readonly string[];
  readonly root: string;
  /** What starts it, in words that hold the command. */
  readonly started: readonly string[];
  /** Ranges of the package's dependencies by name (dev dependencies left out, but for frameworks that a build packs). */
  readonly dependencies: ReadonlyMap<string, string>;
  /** Every kept call, by the file's order of reach, then by place. */
  readonly calls: readonly CallSite[];
  /** Calls whose callee comes from one of these packages. */
  callsOf(...packages: readonly string[]): readonly CallSite[];
  /** Calls by last name, traced or not. */
  callsNamed(...names: readonly string[]): readonly CallSite[];
  readonly envReads: readonly EnvReadSite[];
  /** Specifiers of packages that the program imports, with the first place of each. */
  readonly imports: ReadonlyMap<string, Place>;
  /** Results of a syntax pass, with the file of each. */
  pass<T>(id: string): readonly { readonly path: string; readonly item: T }[];
  readonly evaluator: Evaluator;
  /** Classes of which a container of dependencies hands out one instance, by their ids. */
  readonly handedOut: ReadonlySet<string>;
  functionOf(id: string): FunctionSummary | undefined;
  classOf(id: string): ClassSummary | undefined;
  /** The call that a function is handed to (`app.get('/', fn)`), and as which argument. */
  receiverOf(functionId: string): { readonly call: CallSite; readonly argument: number } | undefined;
  /** Calls lexically inside a function and the functions nested in it. */
  callsWithin(functionId: string): readonly CallSite[];
  /** Ids of the functions that the given ones may call, themselves included; so many at most that no tangle costs without end. */
  reached(functions: readonly string[], maximum?: number): ReadonlySet<string>;
  /** The text of a file, for what neither calls nor passes show. */
  text(path: string): string | undefined;
  /** Its lines without their ends; none for a file that is not there. */
  lines(path: string): readonly string[];
}

/**
 * What some libraries mean. It sees resolved calls as plain data and emits facts.
 * Everything by which it finds a file is declared here: the gate before the parser is made of these lists.
 */
/** A pattern, or a look that a pattern alone cannot take. */
export interface TextTest {
  test(text: string): boolean;
}

export interface Recogniser {
  readonly id: string;
  /** Package names; a trailing `/` takes every package of a scope. */
  readonly packages?: readonly string[];
  /** Method names whose calls are kept although the receiver is unknown in its file. Keep it short: each costs memory. */
  readonly methods?: readonly string[];
  /** Text that makes a file worth parsing although it imports none of the packages. Linear time only. */
  readonly text?: readonly TextTest[];
  readonly passes?: readonly SyntaxPass[];
  /** What a callback's parameter is: `instance` of `fastify.register(async (instance) => …)`. */
  parameter?(call: CallSite, argument: number, parameter: number): Value | undefined;
  recognise(program: ProgramView, emit: Emit): void;
}
