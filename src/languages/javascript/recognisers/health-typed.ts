/** What a health handler asks through an interface or an injected type: types tell what stands behind it. */

import type { CallSite, ProgramView } from '../recogniser.ts';
import { SymbolReader } from '../symbols.ts';
import { moduleOf } from '../values.ts';

interface Asked {
  readonly call: CallSite;
}
const maximumSteps = 4;
const typed = /\.[cm]?tsx?$/;
const longestLine = 1_000;
/** `this.checks.run(`, `probe.run<T>(`. */
const methodCall = /(\bthis(?:[?!]?\.[\w$]+)+)?[?!]?\.([A-Za-z_$][\w$]*)\s?(?:<[^>\n]{0,80}>)?\(/g;
/** Methods of values and collections, of requests and responses, of loggers and of routers: no class of the program stands behind them. */
const ordinary = new Set(
  (
    'then catch finally map filter forEach find some every reduce join push pop shift unshift splice at concat flat flatMap sort reverse includes indexOf startsWith endsWith slice split replace trim padStart padEnd toLowerCase toUpperCase test match exec ' +
    'get set has add delete clear keys values entries fromEntries hasOwn getOwnPropertyNames assign freeze isArray from toString toISOString getTime parseInt parseFloat ' +
    'json send status sendStatus end header setHeader writeHead type code text render redirect write log info warn error debug trace verbose fatal stringify parse safeParse now ' +
    'use all head patch options route listen ceil floor round max min'
  ).split(' '),
);
const literalPath = /\.(?:get|post|put|delete)\s?\(\s?['"`]/;

/** Names of the methods that the text of a function calls. */
function methodNames(id: string, program: ProgramView): readonly string[] {
  const path = moduleOf(id);
  const fn = program.functionOf(id);
  if (!fn || !typed.test(path)) return [];
  const lines = program.lines(path).slice(fn.at[0] - 1, fn.at[2]);
  return lines
    .filter((line) => line.length < longestLine && !literalPath.test(line))
    .flatMap((line) => [...line.matchAll(methodCall)])
    .flatMap(([, own, name]) => (own === undefined && ordinary.has(name!) ? [] : [name!]));
}

/** `run = `, `run: async ` and `run: () => Promise<void> = ` before a function that has no name of its own. */
const property = [/([\w$]+)\s?[=:]\s?(?:async\s?)?$/, /([\w$]+)\s?:[^=]{0,120}[^=!<>][=:]\s?(?:async\s?)?$/];
const longestHead = 300;

/** Ids of the program's functions by the name under which they stand, as methods or as values of properties. */
class FunctionNames {
  readonly #program: ProgramView;
  readonly #byName = new Map<string, string[]>();
  readonly #indexed = new Map<string, ReadonlyMap<string, readonly string[]>>();

  constructor(program: ProgramView) {
    this.#program = program;
  }

  under(names: ReadonlySet<string>): readonly string[] {
    const asked = [...names];
    this.#search(asked.filter((name) => !this.#byName.has(name)));
    return asked.flatMap((name) => this.#byName.get(name)!);
  }

  /** Only files whose text declares one of the names are worth parsing. */
  #search(names: readonly string[]): void {
    if (names.length === 0) return;
    for (const name of names) this.#byName.set(name, []);
    const declared = new RegExp(`(?<![.\\w$])(?:${names.map((name) => name.replaceAll('$', '\\$')).join('|')})\\s?[(<=:?]`);
    for (const path of this.#program.files) {
      if (!typed.test(path) || !declared.test(this.#program.text(path) ?? '')) continue;
      const index = this.#index(path);
      for (const name of names) this.#byName.get(name)!.push(...(index.get(name) ?? []));
    }
  }

  #index(path: string): ReadonlyMap<string, readonly string[]> {
    const known = this.#indexed.get(path);
    if (known) return known;
    const found = new Map<string, string[]>();
    const lines = this.#program.lines(path);
    (this.#program.evaluator.graph.summary(path)?.functions ?? []).forEach(({ name, at: [line, column] }, index) => {
      const head = (lines[line - 1] ?? '').slice(Math.max(0, column - 1 - longestHead), column - 1);
      const names = name === undefined ? property.flatMap((pattern) => pattern.exec(head)?.[1] ?? []) : [name];
      for (const one of new Set(names)) found.set(one, [...(found.get(one) ?? []), `${path}#${index}`]);
    });
    this.#indexed.set(path, found);
    return found;
  }
}

const namesOfPrograms = new WeakMap<ProgramView, FunctionNames>();
function functionsNamed(names: ReadonlySet<string>, program: ProgramView): readonly string[] {
  const known = namesOfPrograms.get(program) ?? new FunctionNames(program);
  namesOfPrograms.set(program, known);
  return known.under(names);
}

/** False when not even every function of the same name would lead to something that is asked: then no types have to be read. */
function couldAsk(known: ReadonlySet<string>, asked: readonly Asked[], program: ProgramView): boolean {
  const wanted = new Set(asked.map(({ call }) => call.within));
  const seen = new Set(known);
  let functions = [...known];
  for (let step = 0; step < maximumSteps && functions.length > 0; step++) {
    const named = functionsNamed(new Set(functions.flatMap((id) => methodNames(id, program))), program);
    functions = [...program.reached(named)].filter((id) => !seen.has(id));
    for (const id of functions) seen.add(id);
    if (functions.some((id) => wanted.has(id))) return true;
  }
  return false;
}

const readers = new WeakMap<ProgramView, SymbolReader>();
function symbolsOf(program: ProgramView): SymbolReader {
  const known = readers.get(program) ?? new SymbolReader(program);
  readers.set(program, known);
  return known;
}

/** What the functions ask once the methods behind their types are followed too. */
export function typedChecks<T extends Asked>(known: ReadonlySet<string>, asked: readonly T[], program: ProgramView): readonly T[] {
  if (!couldAsk(known, asked, program)) return [];
  const symbols = symbolsOf(program);
  const seen = new Set(known);
  let functions = [...known];
  for (let step = 0; step < maximumSteps && functions.length > 0; step++) {
    const next = program.reached(functions.flatMap((id) => symbols.implementations(id)));
    functions = [...next].filter((id) => !seen.has(id));
    for (const id of functions) seen.add(id);
    const found = asked.filter(({ call }) => functions.includes(call.within!));
    if (found.length > 0) return found;
  }
  return [];
}
