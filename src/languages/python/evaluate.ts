/** What expressions come to, across the modules of a program. */
import type { Condition, Value } from '../../facts.ts';
import type { Place } from '../../types.ts';
import { orObjectOf } from './annotations.ts';
import { CarriedValues } from './carried-values.ts';
import { collectBases, isSettingsClass, overriddenField, settingsField } from './class-bases.ts';
import { conditionsOf, truthOf } from './conditions.ts';
import { isForDevelopment } from './development.ts';
import { helperCall } from './environment-helpers.ts';
import { KeptValues } from './kept-values.ts';
import type { ModuleGraph } from './module-graph.ts';
import { indexOf } from './module-index.ts';
import type { Resolution } from './modules.ts';
import { type Callers, parameterValue } from './parameters.ts';
import {
  asPath,
  concat,
  environmentCall,
  isEnvironmentCopy,
  itemOf,
  ownFile,
  parentOf,
  passesThrough,
  unknownAt,
} from './standard-values.ts';
import type { Assignment, CallExpression, ClassSummary, Expression, FunctionSummary, Guard, ModuleSummary } from './summary.ts';
import { carries, choose, dottedOf, methodClass, orElse, packageValue, placeAt, splitId } from './value-shapes.ts';

const maxDepth = 40;
/** More than programs need: what grows without end is unknown. */
const mostSteps = 3_000_000;
/** What takes longer is kept all the same. */
const mostRepeated = 300;
const mostChoices = 12;

export class Evaluator {
  readonly graph: ModuleGraph;
  readonly kept: KeptValues;
  readonly #active = new Set<string>();
  readonly #settings = new Map<string, boolean>();
  callers: Callers = () => [];
  readonly #carried = new CarriedValues(this, (key, make) => {
    if (this.#isActive(key)) return undefined;
    this.#active.add(key);
    const made = make();
    this.#active.delete(key);
    return made;
  });
  #depth = 0;
  #steps = 0;
  /** How often something was asked for while it was being evaluated. */
  #circles = 0;

  #isActive(key: string): boolean {
    const isActive = this.#active.has(key);
    if (isActive) this.#circles++;
    return isActive;
  }

  constructor(graph: ModuleGraph, shared: Map<Expression, Value> = new Map()) {
    this.graph = graph;
    this.kept = new KeptValues(shared);
  }

  callersOf(id: string): ReturnType<Callers> {
    this.kept.asked++;
    return this.callers(id);
  }
  summary(path: string): ModuleSummary | undefined {
    // Another program rests on it only when it asks itself.
    if (!this.graph.has(path)) this.kept.asked++;
    return this.graph.modules.summary(path);
  }
  functionOf(id: string): FunctionSummary | undefined {
    const [path, index] = splitId(id);
    return this.summary(path)?.functions[index];
  }
  classOf(id: string): ClassSummary | undefined {
    const [path, index] = splitId(id);
    return this.summary(path)?.classes[index];
  }

  value(expression: Expression, path: string, within?: number, inClass?: number): Value {
    const known = this.kept.of(expression);
    if (known) return known;
    if (this.#depth > maxDepth || this.#steps > mostSteps) {
      this.kept.asked++;
      return unknownAt(placeAt(path, expression.at));
    }
    this.#depth++;
    this.#steps++;
    const [asked, circles, steps] = [this.kept.asked, this.#circles, this.#steps];
    const made = this.#read(expression, path, within, inClass);
    this.#depth--;
    // What is being evaluated further out looks unknown from inside: such results are not kept.
    const isWhole = this.#active.size === 0 || circles === this.#circles;
    if (!isWhole) this.kept.asked++;
    if (isWhole || this.#steps - steps > mostRepeated) this.kept.keep(expression, made, asked);
    return made;
  }

  conditions(guards: readonly Guard[] | undefined, path: string, within?: number): readonly Condition[] {
    return (guards ?? []).flatMap(({ test, holds }) => conditionsOf(test, holds, (inner) => this.value(inner, path, within)));
  }

  #read(expression: Expression, path: string, within?: number, inClass?: number): Value {
    const place = placeAt(path, expression.at);
    const inner = (one: Expression): Value => this.value(one, path, within, inClass);
    switch (expression.is) {
      case 'literal':
        return { is: 'literal', value: expression.value, place };
      case 'name':
        return this.name(expression.name, path, within, inClass) ?? this.#builtin(expression.name, place);
      case 'attribute':
        return this.member(inner(expression.of), expression.name, place);
      case 'item':
        return this.#carried.underKey(expression) ?? itemOf(inner(expression.of), inner(expression.key), place);
      case 'call':
        return this.#call(expression, path, within, inClass);
      case 'text':
        return concat(expression.parts.map(inner), place, expression.slash === true);
      case 'list':
        return { is: 'list', items: expression.items.map(inner), place };
      case 'dict': {
        const properties: Record<string, Value> = Object.create(null);
        for (const { key, value } of expression.entries) properties[key] = inner(value);
        return { is: 'object', properties: { ...properties }, open: expression.open, place };
      }
      case 'or':
        return orElse(inner(expression.left), inner(expression.right), place);
      case 'conditional': {
        const when = (holds: boolean) => conditionsOf(expression.test, holds, inner);
        return choose(
          [
            { value: inner(expression.yes), when: when(true) },
            { value: inner(expression.no), when: when(false) },
          ],
          place,
        );
      }
      case 'compare':
      case 'not':
        return truthOf(expression, inner, place) ?? unknownAt(place);
      case 'function':
        return { is: 'function', id: `${path}#${expression.id}`, place };
      default:
        return unknownAt(place);
    }
  }

  #builtin(name: string, place: Place): Value {
    if (name === '__file__') return ownFile(place.path, this.graph.root, place);
    return name === '__name__' || name === '<required>' ? unknownAt(place) : { is: 'package', package: '', path: name, place };
  }

  /** A name as code at a place sees it: functions outwards, then the module. */
  name(name: string, path: string, within?: number, inClass?: number): Value | undefined {
    const key = `${path} ${within ?? ''} ${inClass ?? ''} ${name}`;
    const known = this.kept.name(key);
    if (known) return known.value;
    if (this.#isActive(key)) return unknownAt(placeAt(path, [1, 1, 1, 1]));
    const [asked, circles] = [this.kept.asked, this.#circles];
    this.#active.add(key);
    const found = this.#lookUp(name, path, within, inClass);
    this.#active.delete(key);
    if (this.#active.size === 0 || circles === this.#circles) this.kept.keepName(key, found, asked);
    return found;
  }

  #lookUp(name: string, path: string, within?: number, inClass?: number): Value | undefined {
    const summary = this.summary(path);
    if (!summary) return undefined;
    if (within === undefined && inClass !== undefined) {
      const field = this.#assigned(name, path, (one) => one.class === inClass);
      if (field) return field;
    }
    for (let at: number | undefined = within, steps = 0; at !== undefined && steps < 20; at = summary.functions[at]?.parent, steps++) {
      const scope = at;
      const own = summary.functions[scope];
      const isGlobal = own?.globals.includes(name);
      const local = isGlobal ? undefined : this.#local(name, path, scope);
      if (local) return local;
      const index = isGlobal ? -1 : (own?.parameters.findIndex((parameter) => parameter.name === name) ?? -1);
      if (own && index >= 0) return parameterValue(this, own, scope, index, path);
    }
    return this.#local(name, path, undefined);
  }

  /** What a function, or the module, itself binds to a name. */
  #local(name: string, path: string, within: number | undefined): Value | undefined {
    const summary = this.summary(path)!;
    const assigned = this.#assigned(name, path, (one) => one.within === within && one.class === undefined);
    const isEmpty = within === undefined && (assigned === undefined || (assigned.is === 'literal' && assigned.value === null));
    const made = isEmpty ? this.#madeByFunctions(name, path) : undefined;
    if (assigned ?? made) return made ?? assigned;
    const { functions, classes } = indexOf(summary);
    const inFunction = functions
      .get(name)
      ?.find((at) => summary.functions[at]!.parent === within && summary.functions[at]!.class === undefined);
    if (inFunction !== undefined)
      return { is: 'function', id: `${path}#${inFunction}`, place: placeAt(path, summary.functions[inFunction]!.at) };
    const type = classes.get(name)?.find((at) => summary.classes[at]!.within === within && summary.classes[at]!.parent === undefined);
    if (type !== undefined) return { is: 'class', id: `${path}#${type}`, place: placeAt(path, summary.classes[type]!.at) };
    return this.#imported(name, path, within);
  }

  /** What functions bind to a name that they declare `global`, where the module leaves it empty. */
  #madeByFunctions(name: string, path: string): Value | undefined {
    const all = indexOf(this.summary(path)!).globals.get(name) ?? [];
    const options = all.slice(0, mostChoices).map((one) => ({ value: this.#typed(one, path) }));
    return options.length === 0 ? undefined : choose(options, placeAt(path, all[0]!.at));
  }

  #imported(name: string, path: string, within: number | undefined): Value | undefined {
    const summary = this.summary(path)!;
    for (const one of summary.typeImports ? [...summary.imports, ...summary.typeImports] : summary.imports) {
      if (one.within !== within) continue;
      const place = placeAt(path, one.at);
      const named = one.names?.find(({ as }) => as === name);
      if (named) return this.#from(one.module, named.name, path, place);
      if (one.as === name) {
        const isWhole = !one.module.startsWith(`${name}.`);
        return this.#module(this.graph.modules.resolve(isWhole ? one.module : name, path), place);
      }
    }
    const all = summary.imports.filter((one) => one.within === within && one.names?.some((each) => each.name === '*'));
    for (const one of all) {
      const found = this.graph.modules.resolve(one.module, path);
      const value = found && 'path' in found ? this.name(name, found.path) : undefined;
      if (value) return value;
    }
    return undefined;
  }

  #from(module: string, name: string, path: string, place: Place): Value {
    const target = this.graph.modules.resolve(module, path);
    if (target && 'package' in target) return packageValue(`${target.package}.${name}`, place);
    return this.#inModule(target, name, place);
  }

  #inModule(target: Resolution, name: string, place: Place): Value {
    const exported = target && 'path' in target ? this.name(name, target.path) : undefined;
    if (exported) return exported;
    const below = this.graph.modules.below(target, name);
    return below ? this.#module(below, place) : unknownAt(place);
  }

  #module(resolution: Resolution, place: Place): Value {
    if (!resolution) return unknownAt(place);
    if ('package' in resolution) return packageValue(resolution.package, place);
    return { is: 'reference', specifier: 'path' in resolution ? resolution.path : `${resolution.folder}/`, name: '*', place };
  }

  #assigned(name: string, path: string, fits: (one: Assignment) => boolean): Value | undefined {
    return this.fromAssignments((indexOf(this.summary(path)!).assignments.get(name) ?? []).filter(fits), path);
  }

  /** The last assignment that always runs, and those that may replace it. */
  fromAssignments(all: readonly Assignment[], path: string): Value | undefined {
    if (all.length === 0) return undefined;
    const start = Math.max(
      0,
      all.findLastIndex((one) => !one.when?.length),
    );
    const options = all.slice(start, start + mostChoices).map((one) => ({
      value: this.#typed(one, path),
      when: this.conditions(one.when, path, one.within),
    }));
    return choose(options, placeAt(path, all.at(-1)!.at));
  }

  #typed(one: Assignment, path: string): Value {
    const value = this.value(one.value, path, one.within, one.class);
    // `database: Database = Field(…)` tells how the field is filled.
    const isField = one.class !== undefined && value.is === 'made' && dottedOf(value) !== 'dataclasses.field()';
    return isField ? value : (orObjectOf(value, one.type, path, one.within, this) ?? value);
  }

  member(of: Value, name: string, place: Place): Value {
    switch (of.is) {
      case 'package':
        return { is: 'package', package: of.package, path: of.path === '' ? name : `${of.path}.${name}`, place };
      case 'reference': {
        const target: Resolution = of.specifier.endsWith('/') ? { folder: of.specifier.slice(0, -1) } : { path: of.specifier };
        return this.#inModule(target, name, place);
      }
      case 'class':
        return this.field(of.id, name) ?? { is: 'member', of, name, place };
      case 'made':
        if (of.callee.is === 'class')
          return overriddenField(of, name, this.#ofObject(of.callee.id, name)) ?? { is: 'member', of, name, place };
        return { is: 'member', of, name, place };
      case 'choice': {
        const options = of.options.map(({ value, when }) => ({ value: this.member(value, name, place), when }));
        return choose(options, place);
      }
      default:
        return this.#carried.ofState(of, name) ?? parentOf(of, name, place) ?? { is: 'member', of, name, place };
    }
  }

  #ofObject(classId: string, name: string): Value | undefined {
    if (!this.isSettings(classId)) return this.field(classId, name, true);
    // What a validator sets it to was read from the variable before.
    const declared = this.field(classId, name);
    const isField = declared?.is === 'literal' || (declared?.is === 'made' && dottedOf(declared.callee)?.endsWith('Field') === true);
    return declared && isField ? settingsField(classId, name, declared, this) : this.field(classId, name, true);
  }

  isSettings(classId: string): boolean {
    const { asked } = this.kept;
    const known = this.#settings.get(classId) ?? isSettingsClass(collectBases(classId, this));
    if (asked === this.kept.asked) this.#settings.set(classId, known);
    return known;
  }

  /** A field, constant or method of a class, or of those that it extends. `own`: fields that methods set count as well. */
  field(classId: string, name: string, own = false, depth = 0): Value | undefined {
    const [path, index] = splitId(classId);
    const summary = this.summary(path);
    const type = summary?.classes[index];
    const key = `field ${classId} ${name}`;
    if (!summary || !type || depth > 8 || this.#isActive(key)) return undefined;
    this.#active.add(key);
    const found = this.#ownField(path, index, name, own) ?? this.#inherited(type, path, name, own, depth);
    this.#active.delete(key);
    return found;
  }

  #ownField(path: string, index: number, name: string, own: boolean): Value | undefined {
    const summary = this.summary(path)!;
    const { functions, assignments, fields } = indexOf(summary);
    const method = functions.get(name)?.find((at) => summary.functions[at]!.class === index);
    if (method !== undefined) {
      const isProperty = summary.functions[method]!.decorators.some((one) => one.is === 'name' && /property$/.test(one.name));
      const id = `${path}#${method}`;
      return isProperty ? this.returned(id) : { is: 'function', id, place: placeAt(path, summary.functions[method]!.at) };
    }
    const declared = (assignments.get(name) ?? []).filter((one) => one.class === index);
    const set = own ? (fields.get(name) ?? []).filter(({ within }) => methodClass(summary.functions, within) === index) : [];
    return this.fromAssignments(set.length > 0 ? set : declared, path);
  }

  #inherited(type: ClassSummary, path: string, name: string, own: boolean, depth: number): Value | undefined {
    for (const base of type.bases) {
      const value = this.value(base, path, type.within);
      const found = value.is === 'class' ? this.field(value.id, name, own, depth + 1) : undefined;
      if (found) return found;
    }
    return undefined;
  }

  /** What a function gives back. */
  returned(id: string): Value | undefined {
    const [path, index] = splitId(id);
    const own = this.summary(path)?.functions[index];
    const key = `return ${id}`;
    if (!own || own.returns.length > mostChoices || this.#isActive(key)) return undefined;
    const within = own.parent;
    if (own.returns.length === 0) return orObjectOf(undefined, own.gives, path, within, this);
    this.#active.add(key);
    const deployed = own.returns.filter(({ when }) => !isForDevelopment(when));
    const options = (deployed.length > 0 ? deployed : own.returns).map(({ value, when }) => ({
      value: this.value(value, path, index),
      when: this.conditions(when, path, index),
    }));
    this.#active.delete(key);
    return orObjectOf(choose(options, placeAt(path, own.at)), own.gives, path, within, this);
  }

  #call(expression: CallExpression, path: string, within?: number, inClass?: number): Value {
    const place = placeAt(path, expression.at);
    const inner = (one: Expression): Value => this.value(one, path, within, inClass);
    const callee = inner(expression.callee);
    const args = expression.args.map(inner);
    const dotted = dottedOf(callee);
    const named = (name: string): Value | undefined => (expression.named[name] ? inner(expression.named[name]) : undefined);
    if (dotted !== undefined) {
      if (isEnvironmentCopy(dotted, args)) return { is: 'package', package: 'os', path: 'environ', place };
      const standard = environmentCall(dotted, args, named('default'), place) ?? asPath(dotted, args, place);
      if (standard) return standard;
    }
    if (callee.is === 'member' && passesThrough.has(callee.name) && carries(callee.of)) return callee.of;
    if (callee.is === 'function')
      return helperCall(callee.id, expression, inner, place, this) ?? this.returned(callee.id) ?? { is: 'made', callee, args, place };
    const properties = Object.fromEntries(Object.keys(expression.named).map((name) => [name, inner(expression.named[name]!)]));
    const options: Value[] =
      Object.keys(properties).length > 0 || expression.open ? [{ is: 'object', properties, open: expression.open, place }] : [];
    return { is: 'made', callee, args: [...args, ...options], place };
  }
}
