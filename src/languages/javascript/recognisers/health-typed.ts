/** What a health handler asks through an interface or an injected type: types tell what stands behind it. */
import type { CallSite, ProgramView } from '../recogniser.ts';
import { SymbolReader } from '../symbols.ts';

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

const pathOf = (id: string): string => id.slice(0, id.lastIndexOf('#'));
const linesOf = (path: string, program: ProgramView): readonly string[] => (program.text(path) ?? '').split('\n');

/** Names of the methods that the text of a function calls. */
function methodNames(id: string, program: ProgramView): readonly string[] {
  const path = pathOf(id);
  const fn = program.functionOf(id);
  if (!fn || !typed.test(path)) return [];
  const lines = linesOf(path, program).slice(fn.at[0] - 1, fn.at[2]);
  return lines
    .filter((line) => line.length < longestLine && !literalPath.test(line))
    .flatMap((line) => [...line.matchAll(methodCall)])
    .flatMap(([, own, name]) => (own === undefined && ordinary.has(name!) ? [] : [name!]));
}

/** Ids of the program's functions that stand under one of these names, as methods or as values of properties. */
function functionsNamed(names: ReadonlySet<string>, program: ProgramView): readonly string[] {
  if (names.size === 0) return [];
  const escaped = [...names].map((name) => name.replaceAll('$', '\\$')).join('|');
  const declared = new RegExp(`(?<![.\\w$])(?:${escaped})\\s?[(<=:?]`);
  const property = new RegExp(`(?:${escaped})\\s?(?::[^=]{0,120}[^=!<>])?[=:]\\s?(?:async\\s?)?$`);
  return program.files
    .filter((path) => typed.test(path) && declared.test(program.text(path) ?? ''))
    .flatMap((path) => {
      const lines = linesOf(path, program);
      return (program.evaluator.graph.summary(path)?.functions ?? []).flatMap(({ name, at: [line, column] }, index) => {
        const isNamed = name === undefined ? property.test((lines[line - 1] ?? '').slice(0, column - 1)) : names.has(name);
        return isNamed ? [`${path}#${index}`] : [];
      });
    });
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
