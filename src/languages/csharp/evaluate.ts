/** What expressions come to, across the files of a program. */
import type { Condition, Value } from '../../facts.ts';
import type { Place } from '../../types.ts';
import type { CallGraph } from './call-graph.ts';
import { conditionsOf } from './conditions.ts';
import type { MethodView, Names } from './names.ts';
import type { Settings } from './settings.ts';
import type { At, CallExpression, Expression, Guard } from './summary.ts';

export const placeAt = (path: string, at: At): Place => ({ path, line: at[0], column: at[1], endLine: at[2], endColumn: at[3] });

const maxDepth = 24;
const maxCallers = 6;
/** More than programs need: what grows without end is unknown. */
const mostSteps = 1_000_000;
/** What takes longer is kept all the same. */
const mostRepeated = 300;
type Caller = ReturnType<CallGraph['callersOf']>[number];
const configurationTypes =
  /^(?:IConfiguration|IConfigurationRoot|IConfigurationSection|ConfigurationManager|IConfigurationManager|ConfigurationRoot)$/;
const configurationNames = /^_?(?:\w{0,20}config(?:uration)?)$/i;
/** Calls that change nothing that matters here. */
const passing = /^(?:Trim|TrimEnd|TrimStart|ToString|ToLower|ToLowerInvariant|ToUpper|ToUpperInvariant|Replace|AsString)$/;
const parsing = /^(?:Parse|ToInt32|ToBoolean|ToString|GetFullPath|ToDouble|ToInt64|ToInt16|ToUInt16)$/;

export class Evaluator {
  readonly names: Names;
  readonly #settings: Settings;
  readonly #graph: CallGraph;
  readonly #conditions = new Map<string, readonly Condition[]>();
  readonly #active = new Set<string>();
  readonly #known = new Map<Expression, Value>();
  /** The section of the settings that a type is filled from. */
  sectionOf: (type: string) => string | undefined = () => undefined;
  #steps = 0;
  /** How often something was asked for while it was being evaluated. */
  #circles = 0;

  constructor(names: Names, settings: Settings, graph: CallGraph) {
    this.names = names;
    this.#settings = settings;
    this.#graph = graph;
  }

  value(expression: Expression | undefined, view: MethodView, depth = 0): Value {
    const place = placeAt(view.path, expression?.at ?? view.method.at);
    if (!expression) return { is: 'unknown', place };
    const known = this.#known.get(expression);
    if (known) return known;
    if (depth > maxDepth || this.#steps > mostSteps) return { is: 'unknown', place };
    this.#steps++;
    const [circles, steps] = [this.#circles, this.#steps];
    const made = this.#read(expression, view, place, depth);
    // What is being evaluated further out looks unknown from inside: such results are not kept, unless they took long.
    if (circles === this.#circles || this.#steps - steps > mostRepeated) this.#known.set(expression, made);
    return made;
  }

  #isActive(key: string): boolean {
    const isActive = this.#active.has(key);
    if (isActive) this.#circles++;
    return isActive;
  }

  #read(expression: Expression, view: MethodView, place: Place, depth: number): Value {
    const inner = (one: Expression): Value => this.value(one, view, depth + 1);
    switch (expression.is) {
      case 'literal':
        return { is: 'literal', value: expression.value, place };
      case 'name':
        return this.#name(expression.path, view, place, depth);
      case 'member':
        return expression.name === 'Value'
          ? (this.#section(expression.of, view, place, depth) ?? inner(expression.of))
          : { is: 'unknown', place };
      case 'index':
        return this.#item(expression, view, place, depth);
      case 'call':
        return this.#call(expression, view, place, depth);
      case 'new':
        return (expression.type === 'Uri' || expression.type === '') && expression.args.length === 1
          ? inner(expression.args[0]!)
          : { is: 'made', callee: { is: 'package', package: '', path: expression.type, place }, args: expression.args.map(inner), place };
      case 'text':
        return { is: 'text', parts: expression.parts.map(inner), place };
      case 'list':
        return { is: 'list', items: expression.items.map(inner), place };
      case 'else':
        return orElse(inner(expression.left), expression.right.is === 'throw' ? undefined : inner(expression.right), place);
      case 'conditional':
        return this.#choice(expression, view, place, depth);
      case 'lambda':
        return { is: 'function', id: this.names.methodsOf(view.type)[expression.index]?.id ?? '', place };
      default:
        return { is: 'unknown', place };
    }
  }

  /** The text that an expression comes to, where nothing else can replace it. */
  text(expression: Expression | undefined, view: MethodView): string | undefined {
    return textOf(this.value(expression, view));
  }

  conditions(guards: readonly Guard[] | undefined, view: MethodView): readonly Condition[] {
    return (guards ?? []).flatMap(({ test, holds }) => conditionsOf(test, holds, view, this));
  }

  /** Under what a method runs at all: the tests around its only call, and around that of its caller. */
  reachedWhen(view: MethodView, depth = 0): readonly Condition[] {
    const known = this.#conditions.get(view.id);
    if (known) return known;
    if (depth > 8 || this.#isActive(view.id)) return [];
    this.#active.add(view.id);
    const found = this.#reachedWhen(view, depth);
    this.#active.delete(view.id);
    this.#conditions.set(view.id, found);
    return found;
  }

  #reachedWhen(view: MethodView, depth: number): readonly Condition[] {
    const { parent, name, when } = view.method;
    if (name === '<lambda>' && parent !== undefined) {
      const outer = this.names.methodsOf(view.type)[parent];
      return [...this.conditions(when, view), ...(outer ? this.reachedWhen(outer, depth + 1) : [])];
    }
    const callers = this.#graph.callersOf(view.id).filter(({ caller }) => caller.id !== view.id);
    if (callers.length === 0 || callers.length > 6) return [];
    const each = callers.map(({ caller, call }) => [
      ...this.conditions(caller.method.calls.find((one) => one.call === call)?.when, caller),
      ...this.reachedWhen(caller, depth + 1),
    ]);
    const [first, ...others] = each;
    const isShared = (condition: Condition): boolean =>
      others.every((list) => list.some((one) => one.env === condition.env && one.test === condition.test && one.value === condition.value));
    return first!.filter(isShared);
  }

  isConfiguration(expression: Expression | undefined, view: MethodView): boolean {
    if (expression?.is !== 'name') return false;
    const last = expression.path.at(-1) ?? '';
    const type = expression.path.length === 1 ? this.names.variable(last, view)?.type : undefined;
    return type !== undefined && type !== 'var' ? configurationTypes.test(type) : configurationNames.test(last);
  }

  /** `A:B` of `configuration.GetSection("A").GetSection("B")`; `undefined` for what is no section. */
  sectionKey(expression: Expression | undefined, view: MethodView, depth = 0): string | undefined {
    if (!expression || depth > 6) return undefined;
    if (this.isConfiguration(expression, view)) {
      const variable =
        expression.is === 'name' && expression.path.length === 1 ? this.names.variable(expression.path[0]!, view) : undefined;
      return (variable?.value && variable.value.is === 'call' ? this.sectionKey(variable.value, view, depth + 1) : undefined) ?? '';
    }
    if (expression.is === 'name' && expression.path.length === 1) {
      const value = this.names.variable(expression.path[0]!, view)?.value;
      return value?.is === 'call' ? this.sectionKey(value, view, depth + 1) : undefined;
    }
    if (expression.is !== 'call' || !/^Get(?:Required)?Section$/.test(expression.name)) return undefined;
    const before = this.sectionKey(expression.on, view, depth + 1);
    const key = this.text(expression.args[0], view);
    return before === undefined || key === undefined ? undefined : joinKey(before, key);
  }

  #section(of: Expression, view: MethodView, place: Place, depth: number): Value | undefined {
    const key = this.sectionKey(of, view, depth);
    return key ? this.#settings.value(key, place) : undefined;
  }

  #name(path: readonly string[], view: MethodView, place: Place, depth: number): Value {
    const key = `${view.id} ${path.join('.')}`;
    if (this.#isActive(key)) return { is: 'unknown', place };
    this.#active.add(key);
    const found = this.#lookUp(path, view, place, depth);
    this.#active.delete(key);
    return found;
  }

  #lookUp(path: readonly string[], view: MethodView, place: Place, depth: number): Value {
    const unknown: Value = { is: 'unknown', place };
    const [name = '', ...rest] = path;
    if (rest.length === 1 && rest[0] === 'Value' && this.names.variable(name, view)?.value)
      return this.#section({ is: 'name', path: [name], at: view.method.at }, view, place, depth) ?? unknown;
    if (rest.length === 1 && (rest[0] === 'WebRootPath' || rest[0] === 'ContentRootPath')) return known(rest[0], place);
    if (path.at(-1) === 'BaseDirectory' || path.at(-1) === 'CurrentDirectory') return known('ContentRootPath', place);
    if (path.at(-2) === 'Empty' || path.join('.') === 'string.Empty') return { is: 'literal', value: '', place };
    if (rest.length > 0)
      return (
        this.#bound(name, rest, view, place, depth) ??
        this.#constant(path, view, depth) ?? { is: 'package', package: '', path: path.join('.'), place }
      );
    for (const outer of this.names.around(view)) {
      const local = outer.method.locals.findLast((one) => one.name === name);
      if (local) return this.#localValue(local.value, name, outer, place, depth);
      const index = outer.method.parameters.findIndex((one) => one.name === name);
      if (index >= 0) return this.#argument(outer, index, place, depth);
    }
    return this.#fieldValue(name, view, place, depth);
  }

  /** What a variable holds where it is assigned once; several assignments leave it open. */
  #localValue(first: Expression | undefined, name: string, view: MethodView, place: Place, depth: number): Value {
    const later = view.method.assignments.filter(({ target }) => target.length === 1 && target[0] === name);
    const values = [first, ...later.map(({ value }) => value)].filter((one) => one !== undefined);
    if (later.some(({ how }) => how !== 'set') || values.length === 0 || values.length > 6) return { is: 'unknown', place };
    const read = values.map((value) => this.value(value, view, depth + 1));
    if (read.length === 1) return read[0]!;
    return { is: 'choice', options: read.map((value) => ({ value })), place };
  }

  #fieldValue(name: string, view: MethodView, place: Place, depth: number): Value {
    const found = this.names.field(view, name);
    if (!found) return { is: 'package', package: '', path: name, place };
    const { field, owner } = found;
    const methods = this.names.partsOf(owner).flatMap(({ type }) => this.names.methodsOf(type));
    const assigned = methods.flatMap((method) =>
      method.method.assignments
        .filter(({ target }) => target.length === 1 && target[0] === name)
        .map(({ value, how }) => ({ value, how, method })),
    );
    const start = methods.find(({ method }) => method.name === '<new>' || method.name === '<static>') ?? methods[0];
    if (assigned.length === 0 && field.value && start)
      return this.value(field.value, { ...start, ...owner, method: { ...start.method, locals: [], parameters: [] } }, depth + 1);
    // `string Folder => Path.Combine(…)` comes to the same each time.
    const getter = field.isProperty && !field.value ? methods.find(({ method }) => method.name === name) : undefined;
    if (assigned.length === 0 && getter?.method.returns.length === 1)
      return this.value(getter.method.returns[0], { ...getter, ...owner }, depth + 1);
    const [only] = assigned;
    if (assigned.length !== 1 || field.value || only!.how !== 'set' || only!.method.method.name !== '<new>')
      return { is: 'unknown', place };
    return this.value(only!.value, only!.method, depth + 1);
  }

  /** `options.Value.Folder`, `settings.Folder`: a part of what was filled from a section. */
  #bound(name: string, rest: readonly string[], view: MethodView, place: Place, depth: number): Value | undefined {
    const variable = this.names.variable(name, view);
    if (!variable) return undefined;
    const members = /^(?:Value|CurrentValue)$/.test(rest[0]!) ? rest.slice(1) : rest;
    const type = this.names.typeOf({ is: 'name', path: [name], at: view.method.at }, view);
    const key =
      variable.value?.is === 'call' && variable.value.name === 'Get'
        ? this.sectionKey(variable.value.on, view)
        : type && this.sectionOf(type);
    if (!key || members.length === 0) return undefined;
    const [holder] = type === undefined ? [] : this.names.find(type, view);
    const initial = members.length === 1 ? holder?.type.fields.find((one) => one.name === members[0])?.value : undefined;
    const [start] = holder ? this.names.methodsOf(holder.type) : [];
    const fallback = initial?.is === 'literal' && start ? this.value(initial, start, depth + 1) : undefined;
    return this.#settings.value(joinKey(key, members.join(':')), place, fallback);
  }

  #constant(path: readonly string[], view: MethodView, depth: number): Value | undefined {
    const name = path.at(-1)!;
    for (const owner of this.names.find(path.slice(0, -1).join('.'), view)) {
      const [method] = this.names.methodsOf(owner.type);
      const field = owner.type.fields.find((one) => one.name === name);
      if (!field?.value || !field.modifiers.some((one) => one === 'const' || one === 'readonly' || one === 'static')) continue;
      if (method) return this.#fieldValue(name, method, placeAt(owner.path, field.at), depth + 1);
      return this.value(field.value, { ...view, ...owner }, depth + 1);
    }
    return undefined;
  }

  /** What the calls of a method hand over, where they agree. */
  #argument(view: MethodView, index: number, place: Place, depth: number): Value {
    const unknown: Value = { is: 'parameter', function: view.id, index, place };
    const isHandler = view.method.name === '<lambda>' || view.method.attributes.length > 0;
    const callers = isHandler || depth > 12 ? [] : this.#graph.callersOf(view.id);
    const [first] = callers;
    if (!first || callers.length > maxCallers) return unknown;
    if (callers.length === 1) return this.#handedOver(first, view, index, depth) ?? unknown;
    const values = callers.map((caller) => this.#handedOver(caller, view, index, depth));
    const texts = new Set(values.map((value) => value && textOf(value)));
    return texts.size === 1 && !texts.has(undefined) ? values[0]! : unknown;
  }

  #handedOver({ call, caller }: Caller, view: MethodView, index: number, depth: number): Value | undefined {
    const shift = view.method.extends && this.names.typeOf(call.on, caller) !== view.type.name ? 1 : 0;
    const name = view.method.parameters[index]!.name;
    const argument = Object.hasOwn(call.named, name) ? call.named[name] : call.args[index - shift];
    return argument && this.value(argument, caller, depth + 1);
  }

  #item({ of, key }: Extract<Expression, { is: 'index' }>, view: MethodView, place: Place, depth: number): Value {
    const section = this.sectionKey(of, view);
    if (section === undefined) return { is: 'unknown', place };
    const name = textOf(this.value(key, view, depth + 1));
    return name === undefined ? { is: 'env', name: '*', place } : this.#settings.value(joinKey(section, name), place);
  }

  #call(call: CallExpression, view: MethodView, place: Place, depth: number): Value {
    const inner = (one: Expression | undefined): Value => this.value(one, view, depth + 1);
    const [first, second] = call.args;
    const on = call.on?.is === 'name' ? call.on.path.at(-1) : undefined;
    if (call.name === 'GetEnvironmentVariable' && first) {
      const name = textOf(inner(first));
      return { is: 'env', name: name ?? '*', place };
    }
    if (call.name === 'nameof' && first?.is === 'name') return { is: 'literal', value: first.path.at(-1) ?? '', place };
    const section = call.on ? this.sectionKey(call.on, view) : undefined;
    if (
      section !== undefined &&
      first &&
      /^(?:GetValue|GetConnectionString|GetRequiredValue|GetRequiredConnectionString)$/.test(call.name)
    ) {
      const key = textOf(inner(first));
      if (key === undefined) return { is: 'env', name: '*', place };
      const whole = call.name.endsWith('ConnectionString') ? joinKey('ConnectionStrings', key) : joinKey(section, key);
      return this.#settings.value(whole, place, second && call.name === 'GetValue' ? inner(second) : undefined);
    }
    if (on === 'Path') return this.#path(call, view, place, depth);
    // `Server.MapPath("~/Uploads")`.
    if (call.name === 'MapPath' && first && call.args.length === 1) return fromRoot(inner(first));
    if (call.name === 'GetCurrentDirectory') return known('ContentRootPath', place);
    if (call.on && passing.test(call.name)) return inner(call.on);
    // `Encoding.UTF8.GetBytes(key)`.
    if (call.name === 'GetBytes' && first) return inner(first);
    if (on !== undefined && parsing.test(call.name) && first) return inner(first);
    return this.#returned(call, view, place, depth);
  }

  #path(call: CallExpression, view: MethodView, place: Place, depth: number): Value {
    const inner = (one: Expression | undefined): Value => this.value(one, view, depth + 1);
    if (/^GetTemp/.test(call.name)) return { is: 'literal', value: call.name === 'GetTempPath' ? '/tmp' : '/tmp/file', place };
    if (call.name === 'GetFullPath') return inner(call.args[0]);
    if (call.name !== 'Combine' && call.name !== 'Join') return { is: 'unknown', place };
    const slash: Value = { is: 'literal', value: '/', place };
    const parts = call.args.map(inner);
    return { is: 'text', parts: parts.flatMap((part, index) => (index === 0 ? [part] : [slash, part])), place };
  }

  /** What a method of the program returns, where it has one way to. */
  #returned(call: CallExpression, view: MethodView, place: Place, depth: number): Value {
    const targets = depth > 10 ? [] : this.#graph.targetsOf(call, view);
    const [only] = targets;
    const [result] = only?.method.returns ?? [];
    if (only && targets.length === 1 && result && only.method.returns.length === 1) {
      const key = `returns ${only.id}`;
      if (this.#isActive(key)) return { is: 'unknown', place };
      this.#active.add(key);
      const value = this.value(result, only, depth + 1);
      this.#active.delete(key);
      return value;
    }
    const path = [call.on?.is === 'name' ? call.on.path.join('.') : '', call.name].filter(Boolean).join('.');
    return {
      is: 'made',
      callee: { is: 'package', package: '', path, place },
      args: call.args.map((one) => this.value(one, view, depth + 1)),
      place,
    };
  }

  #choice({ test, yes, no }: Extract<Expression, { is: 'conditional' }>, view: MethodView, place: Place, depth: number): Value {
    const option = (branch: Expression, holds: boolean) => ({
      value: this.value(branch, view, depth + 1),
      when: conditionsOf(test, holds, view, this),
    });
    return { is: 'choice', options: [option(yes, true), option(no, false)], place };
  }
}

const joinKey = (before: string, key: string): string => (before === '' ? key : `${before}:${key}`);

/** Folders of the program that the host names. */
const known = (name: string, place: Place): Value => ({ is: 'literal', value: name === 'WebRootPath' ? 'wwwroot' : '.', place });

/** `~/Uploads`: below the folder of the application. */
const fromRoot = (value: Value): Value =>
  value.is === 'literal' && typeof value.value === 'string' ? { ...value, value: value.value.replace(/^~[\\/]{0,5}/, '') } : value;

function orElse(left: Value, right: Value | undefined, place: Place): Value {
  if (left.is === 'env' && !left.fallback) return right ? { ...left, fallback: right } : left;
  if (left.is === 'env' || !right) return left;
  return { is: 'choice', options: [{ value: left }, { value: right }], place };
}

/** A value that is one text wherever it runs. */
export function textOf(value: Value): string | undefined {
  if (value.is === 'literal') return value.value === null ? undefined : String(value.value);
  if (value.is !== 'text') return undefined;
  const parts = value.parts.map(textOf);
  return parts.every((part) => part !== undefined) ? parts.join('') : undefined;
}
