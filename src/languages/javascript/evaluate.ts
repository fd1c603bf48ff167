import type { Condition, Value } from '../../facts.ts';
import type { Place } from '../../types.ts';
import { aroundFunctions } from './around-functions.ts';
import { BindingReader } from './bindings.ts';
import { ConditionReader } from './conditions.ts';
import { ExportReader } from './exports.ts';
import { Frame } from './frame.ts';
import { InstanceReader } from './instances.ts';
import { placeOf } from './leaf-values.ts';
import type { Modules } from './modules.ts';
import { SettingsFiles } from './settings-files.ts';
import type { Asking, SharedValues } from './shared-values.ts';
import type { Sources } from './sources.ts';
import type { ClassSummary, Expression, FunctionSummary, Guard, ModuleSummary } from './summary.ts';
import {
  callEach,
  choice,
  chosenBy,
  defineLazy,
  joinText,
  MadeValue,
  maximumOptions,
  mergeObjects,
  negate,
  own,
  spreadInto,
  whenOf,
} from './values.ts';

/** Two for each link of a chain of calls. */
const maximumDepth = 100;
const maximumReturns = 20;
/** Steps for one answer: with and without following parameters. */
const maximumSteps = 1_200;
const maximumStaticSteps = 200;

/** Methods of strings that keep what a value is about. */
const textMethods = new Set(['trim', 'toString', 'toLowerCase', 'toUpperCase', 'split', 'replace', 'valueOf', 'replaceAll']);
const passingGlobals = new Set(['Number', 'String', 'Boolean', 'parseInt', 'parseFloat', 'Object.freeze', 'JSON.parse', 'Promise.resolve']);

/** `exports.save` and `module.exports.save` in the module that hands it out. */
const ownExports = new Set(['exports', 'module.exports']);

/** `container.get(TYPES.Orders)`, `app.get(OrdersService)`. */
const isLookUp = (method: string, token: Expression): boolean => /^(?:get|resolve)$/.test(method) && /^(?:local|member)$/.test(token.k);

/** Resolves expressions across modules: constants, option objects, wrapper functions, class members, conditions. */
export class Evaluator {
  readonly #memo = new Map<Expression, Value>();
  readonly #bindings = new BindingReader(this);
  readonly #instances = new InstanceReader(this);
  readonly #exports = new ExportReader(this);
  readonly #settings = new SettingsFiles(this);
  /** What is being evaluated, seldom more than a few links: a set would be made anew again and again. */
  readonly #active: Expression[] = [];
  readonly #conditions: ConditionReader;
  #depth = 0;
  /** Work left for the answer in hand: code that folds back on itself a hundred ways ends as unknown. */
  #budget = 0;

  readonly opens: (path: string) => boolean;
  readonly statics: Evaluator | undefined;
  readonly asking: Asking | undefined;
  readonly #parameterOf: Sources['parameterOf'];
  readonly #provided: Sources['provided'];
  readonly #shared: SharedValues | undefined;

  constructor(
    readonly graph: Modules,
    { parameterOf, opens = () => true, statics, provided, shared, asking }: Sources,
  ) {
    this.opens = opens;
    this.statics = statics;
    this.asking = asking;
    this.#parameterOf = parameterOf;
    this.#provided = provided;
    this.#shared = shared;
    this.#conditions = statics ? statics.#conditions : new ConditionReader(this);
  }

  provided(token: Value): readonly string[] {
    if (this.asking) this.asking.count++;
    return this.#provided?.(token) ?? [];
  }

  evaluate(expression: Expression, path: string, call?: Frame): Value {
    const leaf = this.graph.leaf(expression, path);
    if (leaf && !(expression.k === 'global' && this.graph.autoImports.moduleOf(expression.name, path))) return leaf;
    const frame = call && this.graph.readsParameters(expression, path) ? call : undefined;
    const memo = frame?.memoOf(this) ?? this.#memo;
    const known = memo.get(expression);
    if (known) {
      this.asking?.again(expression);
      return known;
    }
    const shared = frame ? undefined : this.#shared?.of(expression, path);
    return shared ?? this.#evaluate(expression, path, frame, memo);
  }

  #evaluate(expression: Expression, path: string, frame: Frame | undefined, memo: Map<Expression, Value>): Value {
    if (this.#depth === 0) this.#budget = this.statics ? maximumSteps : maximumStaticSteps;
    if (this.#active.includes(expression) || this.#depth > maximumDepth || --this.#budget < 0) {
      if (this.asking) this.asking.count++;
      return { is: 'unknown', place: placeOf(path, expression.at) };
    }
    this.#active.push(expression);
    this.#depth++;
    const asked = this.asking?.count ?? 0;
    try {
      const value = this.#compute(expression, path, frame);
      memo.set(expression, value);
      this.asking?.keep(expression, asked);
      return value;
    } finally {
      this.#depth--;
      this.#active.pop();
    }
  }

  #compute(expression: Expression, path: string, frame: Frame | undefined): Value {
    const place = placeOf(path, expression.at);
    switch (expression.k) {
      case 'local':
        return this.#bindings.read(expression.binding, path, frame, place);
      case 'import':
        return this.#exports.imported(expression.specifier, expression.name, path, place);
      case 'global':
        return this.#global(expression, path, place);
      case 'member':
        return this.memberOf(this.evaluate(expression.of, path, frame), expression.name, place);
      case 'element':
        return this.#element(expression, path, frame, place);
      case 'call':
        return this.#call(expression, path, frame, place);
      case 'or':
        return this.#or(expression, path, frame, place);
      case 'and':
        return this.#and(expression, path, frame, place);
      case 'conditional':
        return this.#conditional(expression, path, frame, place);
      case 'text':
        return joinText(this.#each(expression.parts, path, frame), place);
      case 'object':
        return this.#object(expression, path, frame, place);
      case 'list':
        return this.#list(expression, path, frame, place);
      case 'parameter': {
        const id = `${path}#${expression.function}`;
        const args = frame?.functionId === id ? frame.args : undefined;
        if (args)
          return expression.rest
            ? { is: 'list', items: args.slice(expression.index), place }
            : (args[expression.index] ?? { is: 'literal', value: null, place });
        if (this.asking) this.asking.count++;
        return this.#parameterOf?.(id, expression.index) ?? { is: 'parameter', function: id, index: expression.index, place };
      }
      case 'this':
        return expression.class === undefined ? { is: 'unknown', place } : this.#instances.of(`${path}#${expression.class}`);
      default:
        return { is: 'unknown', place };
    }
  }

  // Closures stand in methods of their own: in a switch each of its cases would pay for them.
  #each(expressions: readonly Expression[], path: string, frame: Frame | undefined): Value[] {
    return expressions.map((inner) => this.evaluate(inner, path, frame));
  }

  #list(expression: Expression & { k: 'list' }, path: string, frame: Frame | undefined, place: Place): Value {
    return defineLazy({ is: 'list', place } as Value, 'items', () => this.#each(expression.items, path, frame));
  }

  #element(expression: Expression & { k: 'element' }, path: string, frame: Frame | undefined, place: Place): Value {
    const key = this.evaluate(expression.key, path, frame);
    if (key.is === 'env') return chosenBy(key, this.evaluate(expression.of, path, frame), place);
    return key.is === 'literal' && key.value !== null
      ? this.memberOf(this.evaluate(expression.of, path, frame), String(key.value), place)
      : { is: 'unknown', place };
  }

  summaryOf(id: string): { path: string; index: number; summary: ModuleSummary } | undefined {
    const cut = id.lastIndexOf('#');
    const path = id.slice(0, cut);
    const summary = this.graph.summary(path);
    return summary && { path, index: Number(id.slice(cut + 1)), summary };
  }
  functionSummary(id: string): FunctionSummary | undefined {
    const found = this.summaryOf(id);
    return found?.summary.functions[found.index];
  }
  classSummary(id: string): ClassSummary | undefined {
    const found = this.summaryOf(id);
    return found?.summary.classes[found.index];
  }

  #global(expression: Expression & { k: 'global' }, path: string, place: Place): Value {
    const module = this.graph.autoImports.moduleOf(expression.name, path);
    const value = module === undefined || module === path ? undefined : this.exported(module, expression.name, place);
    return value === undefined || value.is === 'unknown' ? this.graph.leaf(expression, path)! : value;
  }

  /** An export of a module: `=` is `module.exports`, `*` the namespace. */
  exported(path: string, name: string, place: Place): Value {
    return this.#exports.of(path, name, place);
  }

  memberOf(value: Value, name: string, place: Place): Value {
    switch (value.is) {
      case 'object':
        return (
          own(value.properties, name) ??
          (value.open ? (this.#ofFolder(value.place.path, name, place) ?? { is: 'unknown', place }) : { is: 'literal', value: null, place })
        );
      case 'list': {
        const item = /^\d+$/.test(name) ? value.items[Number(name)] : undefined;
        return item ?? { is: 'member', of: value, name, place };
      }
      case 'package': {
        if (value.package === '' && value.path === 'process.env') return { is: 'env', name, place };
        if (value.package === 'process' && value.path === 'env') return { is: 'env', name, place };
        if (value.package === 'config' && value.path === '') {
          const setting = this.#settings.member(name, place);
          if (setting) return setting;
        }
        const handedOut = value.package === '' && ownExports.has(value.path) ? this.exported(place.path, name, place) : undefined;
        if (handedOut && handedOut.is !== 'unknown') return handedOut;
        if (name === 'default') return value;
        const root = value.package === '' && value.path === 'globalThis' ? '' : value.path;
        return { is: 'package', package: value.package, path: root ? `${root}.${name}` : name, place };
      }
      case 'reference':
        return this.exported(value.specifier, name, place);
      case 'choice': {
        const options = value.options
          .filter((option) => option.value.is !== 'literal')
          .map((option) => ({ ...option, value: this.memberOf(option.value, name, place) }));
        return options.length > 0 ? choice(options, place) : { is: 'unknown', place };
      }
      case 'made':
        return (
          (value.callee.is === 'class' ? this.#instances.member(value.callee.id, name) : undefined) ?? {
            is: 'member',
            of: value,
            name,
            place,
          }
        );
      case 'class':
        return this.#instances.ofClass(value.id, name, place) ?? { is: 'member', of: value, name, place };
      case 'unknown':
        return value;
      default:
        return { is: 'member', of: value, name, place };
    }
  }

  /** `for (const file of fs.readdirSync(__dirname)) all[name] = require(`./${file}`)`: each is called by the name of its file. */
  #ofFolder(path: string, name: string, place: Place): Value | undefined {
    const isFilled = this.graph.summary(path)?.imports.some(({ how, specifier }) => how === 'folder' && specifier === './');
    if (!isFilled || !/^[\w-]+$/.test(name)) return undefined;
    const found = this.graph.resolver.resolve(`./${name}`, path);
    return found && 'path' in found && found.path !== path ? this.exported(found.path, '=', place) : undefined;
  }

  #call(expression: Expression & { k: 'call' }, path: string, frame: Frame | undefined, place: Place): Value {
    const callee = this.evaluate(expression.callee, path, frame);
    const readArguments = (): Value[] => expression.args.map((argument) => this.evaluate(argument, path, frame));
    if (callee.is === 'function') return aroundFunctions(this.#returned(callee.id, readArguments, place), expression, readArguments);
    if (callee.is === 'choice')
      return callEach(callee, place, (value) =>
        value.is === 'function' ? this.#returned(value.id, readArguments, place) : new MadeValue(value, place, readArguments),
      );
    if (callee.is === 'package' && callee.package === '') {
      if (passingGlobals.has(callee.path)) return readArguments()[0] ?? { is: 'unknown', place };
      if (callee.path === 'Object.assign') return mergeObjects(readArguments(), place);
    }
    if (callee.is === 'package' && callee.package === 'config' && /^(?:default\.)?get$/.test(callee.path)) {
      const [key] = expression.args;
      const setting = key?.k === 'literal' ? this.#settings.get(String(key.value), place) : undefined;
      if (setting) return setting;
    }
    if (callee.is === 'member') {
      if (textMethods.has(callee.name) && (callee.of.is === 'env' || callee.of.is === 'literal' || callee.of.is === 'text'))
        return callee.of;
      const [only] = expression.args;
      if (callee.name === 'get' && expression.args.length === 1 && only?.k === 'literal' && only.value === 'env') {
        return { is: 'env', name: 'NODE_ENV', fallback: { is: 'literal', value: 'development', place }, place };
      }
      if (callee.name === 'bind') return callee.of;
      const token = only && isLookUp(callee.name, only) ? this.evaluate(only, path, frame) : undefined;
      const found = token && (this.#instances.handedOut(token, place) ?? (token.is === 'class' ? this.#instances.of(token.id) : undefined));
      if (found) return found;
    }
    return new MadeValue(callee, place, readArguments, expression.args.length === 0);
  }

  /** What a function returns for the given arguments. */
  returned(id: string, args: readonly Value[], place: Place): Value {
    return this.#returned(id, () => args, place);
  }

  #returned(id: string, readArguments: () => readonly Value[], place: Place): Value {
    const found = this.summaryOf(id);
    const fn = found?.summary.functions[found.index];
    if (!found || !fn || fn.returns.length === 0 || this.#depth > maximumReturns) return { is: 'unknown', place };
    const isFixed = fn.returns.every(({ value, when }) => !when && !this.graph.readsParameters(value, found.path));
    const frame = isFixed ? undefined : new Frame(id, readArguments());
    if (fn.returns.length === 1) return this.evaluate(fn.returns[0]!.value, found.path, frame);
    return choice(
      fn.returns.slice(0, maximumOptions).map(({ value, when }) => ({
        value: this.evaluate(value, found.path, frame),
        ...whenOf(when ? this.conditions(when, found.path, frame) : []),
      })),
      place,
    );
  }

  #or(expression: Expression & { k: 'or' }, path: string, frame: Frame | undefined, place: Place): Value {
    const left = this.evaluate(expression.left, path, frame);
    const right = (): Value => this.evaluate(expression.right, path, frame);
    if (left.is === 'literal') return left.value === null || left.value === '' || left.value === false || left.value === 0 ? right() : left;
    if (left.is === 'env') return left.fallback ? left : { ...left, fallback: right(), place };
    if (left.is === 'choice') {
      const options = left.options.filter(
        (option) => option.value.is !== 'literal' || (option.value.value !== null && option.value.value !== ''),
      );
      return options.length === left.options.length && options.every((option) => option.value.is !== 'unknown')
        ? left
        : choice([...options, { value: right() }], place);
    }
    if (left.is === 'object' || left.is === 'list' || left.is === 'function' || left.is === 'class' || left.is === 'text') return left;
    return choice([{ value: left }, { value: right() }], place);
  }

  #and(expression: Expression & { k: 'and' }, path: string, frame: Frame | undefined, place: Place): Value {
    const conditions = this.conditions([{ test: expression.left, holds: true }], path, frame);
    const right = this.evaluate(expression.right, path, frame);
    if (conditions.length === 0) return right;
    return choice(
      [
        { value: right, when: conditions },
        { value: { is: 'literal', value: null, place }, ...whenOf(negate(conditions)) },
      ],
      place,
    );
  }

  #conditional(expression: Expression & { k: 'conditional' }, path: string, frame: Frame | undefined, place: Place): Value {
    const yes = this.conditions([{ test: expression.test, holds: true }], path, frame);
    const no = this.conditions([{ test: expression.test, holds: false }], path, frame);
    return choice(
      [
        { value: this.evaluate(expression.yes, path, frame), ...whenOf(yes) },
        { value: this.evaluate(expression.no, path, frame), ...whenOf(no) },
      ],
      place,
    );
  }

  #object(expression: Expression & { k: 'object' }, path: string, frame: Frame | undefined, place: Place): Value {
    const properties: Record<string, Value> = Object.create(null);
    let { open } = expression;
    for (const spread of expression.spreads) open = spreadInto(properties, this.evaluate(spread, path, frame)) || open;
    for (const { key, value } of expression.properties) defineLazy(properties, key, () => this.evaluate(value, path, frame));
    return { is: 'object', properties, open, place };
  }

  /** The conditions on the environment that guards amount to. What depends on anything else is left out. */
  conditions(guards: readonly Guard[], path: string, frame?: Frame): readonly Condition[] {
    return this.#conditions.read(guards, path, frame);
  }
}
