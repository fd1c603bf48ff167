import type { Value } from '../../facts.ts';
import { resolveCall } from './call-sites.ts';
import { Evaluator } from './evaluate.ts';
import { type HandedCall, handedCallsPass } from './handed-calls.ts';
import { MethodsByName } from './methods-by-name.ts';
import type { ModuleGraph } from './module-graph.ts';
import type { Modules } from './modules.ts';
import type { CallSite } from './recogniser.ts';
import { type Caller, type Receiver, type RecordedCalls, recordCalls } from './recorded-calls.ts';
import type { Call, Expression, ModuleSummary } from './summary.ts';
import { moduleOf } from './values.ts';

const maximumCallers = 6;
const maximumTable = 40;

/** What stands directly inside a function. */
interface Body {
  readonly functions: number[];
  readonly calls: Call[];
  /** Callees of calls on what the function is handed. */
  readonly handed: Expression[];
}
const bodies = new WeakMap<ModuleSummary, ReadonlyMap<number, Body>>();

/** Made once for each module: every program that reaches it asks for many of its functions. */
function bodiesOf(summary: ModuleSummary): ReadonlyMap<number, Body> {
  const known = bodies.get(summary);
  if (known) return known;
  const made = new Map<number, Body>();
  const open = (index: number): Body => {
    const body = made.get(index) ?? { functions: [], calls: [], handed: [] };
    made.set(index, body);
    return body;
  };
  summary.functions.forEach(({ parent }, index) => {
    if (parent !== undefined) open(parent).functions.push(index);
  });
  for (const call of summary.calls) if (call.within !== undefined) open(call.within).calls.push(call);
  for (const { within, callee } of (summary.passes[handedCallsPass.id] ?? []) as readonly HandedCall[]) open(within).handed.push(callee);
  bodies.set(summary, made);
  return made;
}

/** `function start() {}`, `const start = () => {}`. */
const nameOf = (index: number, { bindings, functions }: ModuleSummary): string | undefined =>
  functions[index]?.name ??
  bindings.find(({ kind, values: [first] }) => kind === 'const' && first?.value.k === 'function' && first.value.id === index)?.name;

/** How often a text names something: the declaration and one call make two. */
function timesNamed(name: string, text: string): number {
  const word = /[\w$]/;
  let times = 0;
  for (let at = text.indexOf(name); at !== -1 && times < 3; at = text.indexOf(name, at + name.length))
    if (!word.test(text[at - 1] ?? '') && !word.test(text[at + name.length] ?? '')) times++;
  return times;
}

/** Who calls whom: for parameters (what callers pass) and for reach (what a handler may run). */
export class FunctionGraph {
  /** Callers by function id, per module whose importers have been searched. */
  readonly #callers = new Map<string, Caller[]>();
  readonly #searched = new Set<string>();
  /** Modules whose importers have been searched as well. */
  readonly #complete = new Set<string>();
  readonly #receivers = new Map<string, Receiver>();
  readonly #parameters = new Map<string, Value | undefined>();
  readonly #targets = new Map<string, readonly string[]>();
  readonly #methods: MethodsByName;
  readonly modules: Modules;
  /** Finds callees without asking for parameters, so that a search never needs another search. */
  readonly statics: Evaluator;
  /** Resolves everything, reading any module that it needs. */
  readonly evaluator: Evaluator;
  /** Finds what is called, reading only modules that can lead to a package. */
  readonly callees: Evaluator;

  constructor(
    readonly graph: ModuleGraph,
    readonly callback: (call: CallSite, argument: number, parameter: number) => Value | undefined,
    provided?: (token: Value) => readonly string[],
  ) {
    this.modules = graph.modules;
    this.#methods = new MethodsByName(graph);
    this.statics = this.modules.statics;
    const { statics, shared, sharedCallees } = this.modules;
    const sources = { parameterOf: (id: string, index: number) => this.parameter(id, index), statics, ...(provided ? { provided } : {}) };
    this.callees = new Evaluator(this.modules, { ...sources, opens: (path) => this.modules.leadsOn(path), shared: sharedCallees });
    this.evaluator = new Evaluator(this.modules, { ...sources, shared });
  }

  /** What a parameter stands for: the arguments of direct callers, or what a library hands to a callback. */
  parameter(id: string, index: number): Value | undefined {
    const key = `${id}:${index}`;
    if (this.#parameters.has(key)) return this.#parameters.get(key);
    this.#parameters.set(key, undefined);
    const value = this.#readParameter(id, index);
    this.#parameters.set(key, value);
    return value;
  }

  #readParameter(id: string, index: number): Value | undefined {
    this.#search(moduleOf(id));
    const receiver = this.#receivers.get(id);
    if (receiver) {
      const given = this.callback(resolveCall(receiver.call, receiver.path, this), receiver.argument, index);
      if (given) return given;
    }
    const callers = this.#callers.get(id) ?? [];
    const values = callers
      .slice(0, maximumCallers)
      .flatMap(({ call, path }) => (call.args[index] ? [this.evaluator.evaluate(call.args[index], path)] : []));
    const [first] = values;
    if (!first) return undefined;
    return values.length === 1 ? first : { is: 'choice', options: values.map((value) => ({ value })), place: first.place };
  }

  /** The one call of a plain function, where its module names it nowhere else. */
  soleCallOf(id: string): CallSite | undefined {
    const path = moduleOf(id);
    const summary = this.modules.summary(path);
    const name = summary && nameOf(Number(id.slice(path.length + 1)), summary);
    if (!name || timesNamed(name, this.modules.files.text(path) ?? '') !== 2) return undefined;
    const found = this.#recorded(summary, path).callers.find(([target]) => target === id);
    return found && resolveCall(found[1].call, path, this);
  }

  receiverOf(id: string): { call: CallSite; argument: number } | undefined {
    this.#search(moduleOf(id));
    const receiver = this.#receivers.get(id);
    return receiver && { call: resolveCall(receiver.call, receiver.path, this), argument: receiver.argument };
  }

  /** The function and those written inside it. */
  nested(id: string): readonly string[] {
    const cut = id.lastIndexOf('#');
    const path = id.slice(0, cut);
    const functions = this.modules.summary(path)?.functions ?? [];
    const found = [Number(id.slice(cut + 1))];
    // A nested function always has a higher number than the one around it.
    functions.forEach((fn, index) => {
      if (fn.parent !== undefined && found.includes(fn.parent)) found.push(index);
    });
    return found.map((index) => `${path}#${index}`);
  }

  reached(functions: readonly string[], maximum = 2_000): ReadonlySet<string> {
    const seen = new Set<string>();
    const queue = [...functions];
    for (let id = queue.pop(); id !== undefined && seen.size < maximum; id = queue.pop()) {
      if (seen.has(id)) continue;
      seen.add(id);
      queue.push(...this.#calledBy(id));
    }
    return seen;
  }

  #calledBy(id: string): readonly string[] {
    const known = this.#targets.get(id);
    if (known) return known;
    const cut = id.lastIndexOf('#');
    const path = id.slice(0, cut);
    const index = Number(id.slice(cut + 1));
    const summary = this.modules.summary(path);
    const body = summary && bodiesOf(summary).get(index);
    const targets = (body?.functions ?? []).map((inner) => `${path}#${inner}`);
    for (const call of body?.calls ?? []) {
      for (const expression of [call.callee, ...call.args]) {
        if (expression.k === 'literal' || expression.k === 'object' || expression.k === 'text') continue;
        const value = this.evaluator.evaluate(expression, path);
        if (value.is === 'function') targets.push(value.id, ...(value.around ?? []));
        if (expression.k === 'element' && value.is === 'unknown') targets.push(...this.#inTable(expression.of, path));
        // `const store = remote || local`: either may run.
        if (value.is === 'choice')
          targets.push(...value.options.flatMap((option) => (option.value.is === 'function' ? [option.value.id] : [])));
      }
    }
    for (const callee of body?.handed ?? []) {
      const value = this.evaluator.evaluate(callee, path);
      const options = value.is === 'choice' ? value.options.map((option) => option.value) : [value];
      targets.push(...options.flatMap((option) => (option.is === 'function' ? [option.id] : [])));
    }
    for (const callee of [...(body?.calls ?? []).map((call) => call.callee), ...(body?.handed ?? [])])
      if (callee.k === 'member') targets.push(...this.#methods.behind(callee, this.evaluator.evaluate(callee, path), summary!));
    this.#targets.set(id, targets);
    return targets;
  }

  /** `providers[name](token)`: any function of the table may run. */
  #inTable(table: Expression, path: string): readonly string[] {
    const value = this.evaluator.evaluate(table, path);
    const members =
      value.is === 'object'
        ? Object.values(value.properties)
        : value.is === 'reference' && value.name === '*'
          ? (this.modules.summary(value.specifier)?.exports ?? []).map(({ name }) =>
              this.evaluator.exported(value.specifier, name, value.place),
            )
          : [];
    return members.slice(0, maximumTable).flatMap((member) => (member.is === 'function' ? [member.id] : []));
  }

  /** Finds the callers of a module's functions: in the module itself and in those that import it. */
  #search(path: string): void {
    if (this.#complete.has(path)) return;
    this.#complete.add(path);
    const importers = this.graph.importersOf(path).map((importer) => importer.path);
    const likely = importers.filter((importer) => this.modules.leadsOn(importer) || this.modules.outline(importer).asked);
    for (const searched of [path, ...likely, ...importers.slice(0, maximumCallers)]) {
      if (this.#searched.has(searched)) continue;
      this.#searched.add(searched);
      const summary = this.modules.summary(searched);
      if (summary) this.#record(summary, searched);
    }
  }

  #recorded(summary: ModuleSummary, path: string): RecordedCalls {
    const { recordedCalls } = this.modules;
    const recorded = recordedCalls.get(path) ?? recordCalls(summary, path, this.statics);
    recordedCalls.set(path, recorded);
    return recorded;
  }

  #record(summary: ModuleSummary, path: string): void {
    const recorded = this.#recorded(summary, path);
    for (const [target, caller] of recorded.callers) {
      const callers = this.#callers.get(target);
      if (callers) callers.push(caller);
      else this.#callers.set(target, [caller]);
    }
    for (const [id, receiver] of recorded.receivers) if (!this.#receivers.has(id)) this.#receivers.set(id, receiver);
  }
}
