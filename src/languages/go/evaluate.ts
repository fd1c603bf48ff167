/** What expressions come to, across the packages of a program. */
import type { Condition, Value } from '../../facts.ts';
import type { Place } from '../../types.ts';
import { conditionsOf } from './conditions.ts';
import { libraryOf } from './libraries.ts';
import type { PackageGraph } from './package-graph.ts';
import { type Placed, ProgramIndex } from './program-index.ts';
import { standardCall } from './standard-values.ts';
import { substitute } from './substitute.ts';
import type { Assignment, At, CallExpression, Expression, FunctionSummary, Guard } from './summary.ts';
import { TypeReader } from './types.ts';
import { choose, concat, isOwnType, ofType, placeAt, splitId, targetOf, typeOf, unknownAt } from './value-shapes.ts';
import { folderOf } from './workspace.ts';

const maxDepth = 40;
/** More than programs need: what grows without end is unknown. */
const mostSteps = 4_000_000;
/** What takes longer is kept all the same. */
const mostRepeated = 300;
const mostChoices = 12;

/** What calls of a function hand over. */
export type Callers = (functionId: string) => readonly { readonly call: CallExpression; readonly path: string; readonly within?: number }[];

/** What settings of a library come to: a key of viper, a tagged field of a struct. */
export interface SettingSource {
  call(target: string, args: readonly Value[], place: Place): Value | undefined;
  field(typeId: string, name: string): Value | undefined;
  /** What stands there holds only where nothing else is given. */
  isDefault(place: Place): boolean;
}

/** Unknown, or a name that is being read further out. */
const isNobodys = (value: Value): boolean => value.is === 'unknown' || (value.is === 'package' && value.package === '');

export class Evaluator {
  readonly graph: PackageGraph;
  readonly index: ProgramIndex;
  readonly types: TypeReader;
  callers: Callers = () => [];
  /** The call that hands a router to a function: `r.Route("/api", func(r chi.Router) { … })`. */
  callbacks: (functionId: string) => ReturnType<Callers>[number] | undefined = () => undefined;
  settings: SettingSource | undefined;
  readonly #known = new Map<Expression, Value>();
  readonly #knownOpen = new Map<Expression, Value>();
  readonly #active = new Set<string>();
  /** How many assignments of a name come before the one that is being read: `h = wrap(h)` wraps what it was. */
  readonly #limits = new Map<string, number>();
  /** What names mean, where nothing that was open or circular had a part in it. */
  readonly #names = new Map<string, Value | undefined>();
  readonly #results = new Map<string, Value>();
  /** Functions whose parameters stand for themselves while what they give is read. */
  readonly #open = new Set<string>();
  #depth = 0;
  #steps = 0;
  /** How often something was asked for while it was being evaluated. */
  #circles = 0;

  constructor(graph: PackageGraph) {
    this.graph = graph;
    this.index = new ProgramIndex(graph);
    this.types = new TypeReader(this);
  }

  functionOf(id: string): FunctionSummary | undefined {
    const [path, index] = splitId(id);
    return this.graph.summary(path)?.functions[index];
  }

  value(expression: Expression, path: string, within?: number): Value {
    const kept = this.#open.size === 0 ? this.#known : this.#knownOpen;
    const known = kept.get(expression);
    if (known) return known;
    if (this.#depth > maxDepth || this.#steps > mostSteps) return unknownAt(placeAt(path, expression.at));
    this.#depth++;
    this.#steps++;
    const [circles, steps] = [this.#circles, this.#steps];
    const made = this.#read(expression, path, within);
    this.#depth--;
    // What is being evaluated further out looks unknown from inside: such results are not kept.
    if (this.#active.size === 0 || circles === this.#circles || this.#steps - steps > mostRepeated) kept.set(expression, made);
    return made;
  }

  /** Guards against circles: `undefined` while `key` is being worked out. */
  once<T>(key: string, make: () => T): T | undefined {
    if (this.#active.has(key)) {
      this.#circles++;
      return undefined;
    }
    this.#active.add(key);
    const made = make();
    this.#active.delete(key);
    return made;
  }

  conditions(guards: readonly Guard[] | undefined, path: string, within?: number): readonly Condition[] {
    return (guards ?? []).flatMap(({ test, holds }) => conditionsOf(test, holds, (inner) => this.value(inner, path, within)));
  }

  #read(expression: Expression, path: string, within?: number): Value {
    const place = placeAt(path, expression.at);
    const inner = (one: Expression): Value => this.value(one, path, within);
    switch (expression.is) {
      case 'literal':
        return { is: 'literal', value: expression.value, place };
      case 'name':
        return this.name(expression.name, path, within) ?? { is: 'package', package: '', path: expression.name, place };
      case 'selector':
        return this.#selector(expression, path, within, place);
      case 'call':
        return this.result(expression, 0, path, within);
      case 'index':
        return this.#item(expression, path, within, place);
      case 'text':
        return concat(expression.parts.map(inner), place);
      case 'composite':
        return this.#composite(expression, path, within, place);
      case 'function':
        return { is: 'function', id: `${path}#${expression.id}`, place };
      default:
        return unknownAt(place);
    }
  }

  #selector(expression: Extract<Expression, { is: 'selector' }>, path: string, within: number | undefined, place: Place): Value {
    const { of, name } = expression;
    if (of.is === 'name' && !this.#isBound(of, path, within)) {
      const imported = this.graph.importNamed(of.name, path);
      if (imported !== undefined) return this.#ofPackage(imported, name, place);
    }
    return this.member(this.value(of, path, within), name, place);
  }

  #ofPackage(imported: string, name: string, place: Place): Value {
    const folder = this.graph.workspace.folderOf(imported);
    const own = folder === undefined ? undefined : this.export(folder, name);
    return own ?? { is: 'package', package: libraryOf(imported), path: name, place };
  }

  /** What a package binds to a name. */
  export(folder: string, name: string): Value | undefined {
    return this.once(`${folder} ${name}`, () => {
      const bound = this.#assigned(this.index.globals(folder, name));
      if (bound) return bound;
      const { functions, types } = this.graph.index(folder);
      const own = functions.get(name);
      if (own !== undefined) return { is: 'function', id: own, place: this.placeOf(own) } as const;
      const type = types.get(name);
      return type === undefined ? undefined : ({ is: 'class', id: this.types.target(type), place: this.placeOf(type, 'types') } as const);
    });
  }

  placeOf(id: string, kind: 'functions' | 'types' = 'functions'): Place {
    const [path, index] = splitId(id);
    return placeAt(path, this.graph.summary(path)?.[kind][index]?.at ?? [1, 1, 1, 1]);
  }

  /** In `app := app.New()` the second name is still that of the package. */
  #isBound({ name, at: use }: Extract<Expression, { is: 'name' }>, path: string, within: number | undefined): boolean {
    const summary = this.graph.summary(path);
    for (let at = within, steps = 0; at !== undefined && steps < 20; at = summary?.functions[at]?.parent, steps++) {
      const own = summary?.functions[at];
      if (own?.parameters.some((one) => one.name === name) || own?.receiver?.name === name) return true;
      if (this.index.locals(path, at, name).some((one) => bindsBefore(one.own, use))) return true;
    }
    return false;
  }

  /** A name as code at a place sees it: functions outwards, then the package. */
  name(name: string, path: string, within?: number): Value | undefined {
    const key = `${path} ${within ?? ''} ${name} ${this.#limits.get(`${path} ${name}`) ?? ''}`;
    const isPlain = this.#limits.size === 0 && this.#open.size === 0;
    if (isPlain && this.#names.has(key)) return this.#names.get(key);
    const circles = this.#circles;
    const found = this.once(key, () => this.#lookUp(name, path, within) ?? this.export(folderOf(path), name));
    if (isPlain && circles === this.#circles) this.#names.set(key, found);
    return found;
  }

  #lookUp(name: string, path: string, within?: number): Value | undefined {
    const summary = this.graph.summary(path);
    for (let at = within, steps = 0; at !== undefined && steps < 20; at = summary?.functions[at]?.parent, steps++) {
      const scope = at;
      const own = summary?.functions[scope];
      const local = this.#assigned(this.index.locals(path, scope, name));
      const index = own?.parameters.findIndex((one) => one.name === name) ?? -1;
      if (own && index >= 0) {
        const given = this.#parameter(own, scope, index, path);
        // `if port == "" { port = "8080" }`.
        return local ? choose([{ value: given }, { value: local }], given.place) : given;
      }
      if (local) return local;
      if (own?.receiver?.name === name) return this.types.instance(own.receiver.type, path, placeAt(path, own.receiver.type.at));
    }
    return undefined;
  }

  /** The last assignment that always runs, and those that may replace it. */
  #assigned(given: readonly Placed<Assignment>[]): Value | undefined {
    const [first] = given;
    if (!first) return undefined;
    const key = `${first.path} ${first.own.target[0]}`;
    const limit = this.#limits.get(key);
    const all = given.slice(0, limit);
    const written = all.filter(({ own }) => own.value.is !== 'unknown' || own.type === undefined);
    const start = Math.max(
      0,
      written.findLastIndex(({ own }) => !own.when?.length),
    );
    const options = written.slice(start, start + mostChoices).map((one) => {
      this.#limits.set(key, all.indexOf(one));
      return this.assignedOption(one);
    });
    if (limit === undefined) this.#limits.delete(key);
    else this.#limits.set(key, limit);
    const known = options.filter(({ value }) => !isNil(value));
    const last = given.at(-1)!;
    const place = placeAt(last.path, last.own.at);
    const chosen = choose(known, place);
    const isOpen = chosen.is === 'choice' ? chosen.options.some(({ value }) => isNobodys(value)) : isNobodys(chosen);
    if (known.length > 0 && !isOpen) return chosen;
    const declared = given.find(({ own }) => own.type !== undefined);
    const instance = declared && this.types.instance(declared.own.type!, declared.path, placeAt(declared.path, declared.own.at));
    // What nobody knows is at least of the type that the variable was declared with.
    return instance ?? (known.length > 0 ? chosen : unknownAt(place));
  }

  assignedOption({ own, path }: Placed<Assignment>): { readonly value: Value; readonly when: readonly Condition[] } {
    const when = this.conditions(own.when, path, own.within);
    if (own.how === 'loop') return { value: this.#element(own, path), when };
    const value = own.result === undefined ? this.value(own.value, path, own.within) : this.result(own.value, own.result, path, own.within);
    return { value, when };
  }

  /** What a loop ranges over holds. */
  #element(own: Assignment, path: string): Value {
    const over = this.value(own.value, path, own.within);
    const place = placeAt(path, own.at);
    if (over.is === 'list' && own.result === 1 && over.items.length > 0)
      return choose(
        over.items.slice(0, mostChoices).map((value) => ({ value })),
        place,
      );
    return unknownAt(place);
  }

  /** What callers hand over, where it is known; else what its type says. */
  #parameter(own: FunctionSummary, scope: number, index: number, path: string): Value {
    const id = `${path}#${scope}`;
    const parameter = own.parameters[index]!;
    const place = placeAt(path, own.at);
    if (this.#open.has(id)) return { is: 'parameter', function: id, index, place };
    const callback = index === 0 ? this.callbacks(id) : undefined;
    if (callback) return this.result(callback.call, 0, callback.path, callback.within);
    const given = this.callers(id)
      .slice(0, mostChoices)
      .flatMap(({ call, path: from, within }) => {
        const argument = call.args[index];
        const value = argument && this.value(argument, from, within);
        return value && value.is !== 'unknown' && value.is !== 'parameter' && !isNil(value) ? [{ value }] : [];
      });
    if (given.length > 0) return choose(given, place);
    return this.types.instance(parameter.type, path, place) ?? { is: 'parameter', function: id, index, place };
  }

  member(of: Value, name: string, place: Place): Value {
    if (of.is === 'choice')
      return choose(
        of.options.map(({ value, when }) => ({ value: this.member(value, name, place), ...(when ? { when } : {}) })),
        place,
      );
    if (of.is === 'object' && Object.hasOwn(of.properties, name)) return this.#orGiven(of.properties[name]!, of.place);
    const type = typeOf(of);
    if (type !== undefined && isOwnType(type)) {
      const given = of.is === 'made' ? of.args[0] : undefined;
      const written = given?.is === 'object' && Object.hasOwn(given.properties, name) ? given.properties[name]! : undefined;
      if (written && !isNil(written)) return this.#orReplaced(this.#orGiven(written, given?.place), type, name);
      const found = this.settings?.field(type, name) ?? this.types.member(type, name, place);
      if (found) return this.#orGiven(found);
    }
    // `migrateCommand.RunE(…)`: what a literal of a library's type was given.
    const given = of.is === 'made' && !(type !== undefined && isOwnType(type)) ? of.args[0] : undefined;
    const handed = given?.is === 'object' && Object.hasOwn(given.properties, name) ? given.properties[name]! : undefined;
    return handed?.is === 'function' ? handed : { is: 'member', of, name, place };
  }

  /** What a literal says, unless a variable takes its place later. */
  #orReplaced(value: Value, type: string, name: string): Value {
    const replacing = value.is === 'literal' ? this.types.replacing(type, name) : [];
    return replacing.length > 0 ? choose([{ value }, ...replacing], value.place) : value;
  }

  /** A default, or whatever a file of settings says; a constant stands elsewhere than the literal that holds it. */
  #orGiven(value: Value, holder: Place = value.place): Value {
    if (value.is !== 'literal' || !(this.settings?.isDefault(value.place) || this.settings?.isDefault(holder))) return value;
    return { is: 'choice', options: [{ value }, { value: unknownAt(value.place) }], place: value.place };
  }

  #composite(expression: Extract<Expression, { is: 'composite' }>, path: string, within: number | undefined, place: Place): Value {
    const { type, fields, items } = expression;
    const inner = (one: Expression): Value => this.value(one, path, within);
    const properties = Object.fromEntries(fields.map(({ key, value }) => [key, inner(value)]));
    const object: Value = { is: 'object', properties, open: false, place };
    if (type.is === 'holder') return type.kind === 'list' ? { is: 'list', items: items.map(inner), place } : object;
    const id = this.types.idOf(type, path);
    if (id === undefined) return object;
    return { is: 'made', callee: { is: 'class', id, place }, args: [object, ...items.map(inner)], place };
  }

  #item(expression: Extract<Expression, { is: 'index' }>, path: string, within: number | undefined, place: Place): Value {
    const of = this.value(expression.of, path, within);
    if (of.is === 'function' || of.is === 'class' || of.is === 'package') return of;
    const key = this.value(expression.key, path, within);
    const name = key.is === 'literal' ? String(key.value) : undefined;
    if (of.is === 'object' && name !== undefined && Object.hasOwn(of.properties, name)) return of.properties[name]!;
    if (of.is === 'list' && name !== undefined) return of.items[Number(name)] ?? unknownAt(place);
    return unknownAt(place);
  }

  /** One of the results of a call. */
  result(expression: Expression, index: number, path: string, within?: number): Value {
    if (expression.is !== 'call') return index === 0 ? this.value(expression, path, within) : unknownAt(placeAt(path, expression.at));
    const place = placeAt(path, expression.at);
    const callee = this.value(expression.callee, path, within);
    const args = expression.args.map((argument) => this.value(argument, path, within));
    return this.#called(callee, args, index, place);
  }

  #called(callee: Value, args: readonly Value[], index: number, place: Place): Value {
    if (callee.is === 'function') return this.returned(callee.id, args, index, place);
    if (callee.is === 'choice') {
      const options = callee.options
        .slice(0, 4)
        .map(({ value, when }) => ({ value: this.#called(value, args, index, place), ...(when ? { when } : {}) }));
      return choose(options, place);
    }
    // `Port(8080)`: another type of the same value.
    if (callee.is === 'class' && isOwnType(callee.id) && args.length === 1) return args[0]!;
    const target = targetOf(callee);
    if (target === 'new' && args[0]?.is === 'class') return ofType(args[0].id, place);
    const standard = target === undefined ? undefined : (standardCall(target, args, place) ?? this.settings?.call(target, args, place));
    // Whether a variable is there is asked of that variable.
    if (standard && (index === 0 || target === 'os.LookupEnv')) return standard;
    if (index > 0) return unknownAt(place);
    if (target !== undefined && /^gin\.(?:Engine|RouterGroup)\.Use$/.test(target) && callee.is === 'member') return callee.of;
    return { is: 'made', callee, args, place };
  }

  /** What a function of the repository gives. */
  returned(id: string, args: readonly Value[], index: number, place: Place): Value {
    const own = this.functionOf(id);
    if (!own) return unknownAt(place);
    const key = `${id} ${index}`;
    let found = this.#results.get(key);
    if (!found) {
      const [circles] = [this.#circles];
      found = this.once(`return ${key}`, () => this.#readReturns(own, id, index, place)) ?? unknownAt(place);
      if (circles === this.#circles) this.#results.set(key, found);
    }
    const result = substitute(found, id, args);
    const type = own.results[index];
    if (result.is !== 'unknown' && result.is !== 'parameter') return result;
    return (type && this.types.instance(type, splitId(id)[0], place)) ?? result;
  }

  #readReturns(own: FunctionSummary, id: string, index: number, place: Place): Value {
    const [path, number] = splitId(id);
    const isNew = !this.#open.has(id);
    this.#open.add(id);
    const options = own.returns.slice(0, mostChoices).flatMap(({ values, when }) => {
      const [only] = values;
      const isTuple = values.length === 1 && own.results.length > 1;
      const value = isTuple && only ? this.result(only, index, path, number) : values[index] && this.value(values[index], path, number);
      return value && !isNil(value) ? [{ value, when: this.conditions(when, path, number) }] : [];
    });
    if (isNew) this.#open.delete(id);
    return options.length > 0 ? choose(options, place) : unknownAt(place);
  }
}

const isNil = (value: Value): boolean => value.is === 'literal' && value.value === null;

const startsBefore = (one: At, other: At): boolean => one[0] < other[0] || (one[0] === other[0] && one[1] < other[1]);
/** What a declaration binds is known after it. */
function bindsBefore({ how, at, value }: Assignment, use: At): boolean {
  if (how !== 'declare') return true;
  const [, , line, column] = value.at;
  return startsBefore(at, use) && !startsBefore(use, [line, column, line, column]);
}
