/** What an expression comes to. Whatever is not sure is unknown; work and depth are bounded. */

import type { Expression, TemplatePart } from '../../../text/hcl/syntax.ts';
import type { Place, TreeFiles } from '../../../types.ts';
import { decidedElsewhere, type Entry, type Node, numberOf, scalar, type TextPart, textOf, unknown } from '../node.ts';
import { callFunction } from './functions.ts';
import { type HclFile, type Instance, placeOf } from './module.ts';
import { compute, negate } from './operators.ts';

export interface Scope {
  readonly instance: Instance;
  readonly file: HclFile;
  /** `each`, `count`, iterators of dynamic blocks, names of `for`. */
  readonly names: ReadonlyMap<string, Node>;
}
/** Resolves names that lead out of the expression. */
export interface Resolver {
  readonly files: TreeFiles;
  variable(name: string, scope: Scope): Node | undefined;
  local(name: string, scope: Scope): Node | undefined;
  /** `module.name`, optionally with the key of its instance, then an output. */
  output(name: string, key: string | undefined, output: string, scope: Scope): Node | undefined;
  data(type: string, name: string, attribute: string, scope: Scope): Node | undefined;
}

const maxSteps = 200_000;
const maxDepth = 60;
export const maxItems = 500;
const maxText = 400_000;

export class Evaluator {
  readonly resolver: Resolver;
  #steps = 0;
  #depth = 0;
  /** Expressions left open because the limit was reached. */
  exhausted = false;
  constructor(resolver: Resolver) {
    this.resolver = resolver;
  }

  evaluate(expression: Expression, scope: Scope): Node {
    const place = placeOf(scope.file, expression);
    if (++this.#steps > maxSteps || this.#depth > maxDepth) {
      this.exhausted = true;
      return unknown('working it out takes too long', place);
    }
    this.#depth++;
    const node = this.#read(expression, scope, place);
    this.#depth--;
    return { ...node, place: decidedElsewhere(place, node.place) };
  }

  #read(expression: Expression, scope: Scope, place: Place): Node {
    switch (expression.is) {
      case 'literal':
        return scalar(expression.value, place);
      case 'template':
        return this.#template(expression.parts, scope, place);
      case 'list':
        return { is: 'list', items: expression.items.slice(0, maxItems).map((item) => this.evaluate(item, scope)), place };
      case 'object':
        return this.#object(expression, scope, place);
      case 'conditional':
        return this.#conditional(expression, scope, place);
      case 'binary':
        return compute(expression.operator, this.evaluate(expression.left, scope), this.evaluate(expression.right, scope), place);
      case 'unary':
        return negate(expression.operator, this.evaluate(expression.of, scope), place);
      case 'for':
        return this.#comprehend(expression, scope, place);
      case 'call':
        return this.#call(expression, scope, place);
      case 'splat':
        return this.#splat(expression, scope, place);
      default:
        return this.#traverse(expression, scope, place);
    }
  }

  #template(parts: readonly TemplatePart[], scope: Scope, place: Place): Node {
    const made: TextPart[] = [];
    let length = 0;
    for (const part of parts) {
      if (part.is === 'text') {
        length += part.text.length;
        made.push(sourceText(scope.file, part));
      } else if (part.is === 'directive') made.push({ node: unknown('a template directive decides it', placeOf(scope.file, part)) });
      else {
        const node = this.evaluate(part.value, scope);
        length += textOf(node)?.length ?? 0;
        made.push({ node });
      }
      if (length > maxText) return unknown('the text is too long', place);
    }
    const [only] = made;
    // `"${var.x}"` is the value itself.
    if (made.length === 1 && only && 'node' in only) return only.node;
    return joinText(made, place);
  }

  #object({ items }: Extract<Expression, { is: 'object' }>, scope: Scope, place: Place): Node {
    const entries: Entry[] = [];
    let open = false;
    for (const { key, value } of items.slice(0, maxItems)) {
      const keyNode = this.evaluate(key, scope);
      const name = textOf(keyNode);
      if (name === undefined) open = true;
      else entries.push({ key: name, keyPlace: keyNode.place, value: this.evaluate(value, scope) });
    }
    return { is: 'map', entries, ...(open ? { open: true } : {}), place };
  }

  #conditional({ test, yes, no }: Extract<Expression, { is: 'conditional' }>, scope: Scope, place: Place): Node {
    const decision = this.evaluate(test, scope);
    const value = decision.is === 'scalar' ? textOf(decision) : undefined;
    if (value === 'true' || value === 'false') {
      const chosen = this.evaluate(value === 'true' ? yes : no, scope);
      return { ...chosen, place: decidedElsewhere(place, withDeciders(chosen.place, decision.place)) };
    }
    const options = [this.evaluate(yes, scope), this.evaluate(no, scope)];
    return eitherOf(options, place);
  }

  #comprehend(expression: Extract<Expression, { is: 'for' }>, scope: Scope, place: Place): Node {
    const source = this.evaluate(expression.in, scope);
    const pairs = pairsOf(source);
    if (!pairs) return unknown('it is made from values that are not known', place);
    const items: Node[] = [];
    const entries: Entry[] = [];
    let open = pairs.open;
    for (const [key, value] of pairs.list) {
      const names = new Map(scope.names);
      const [first, second] = expression.names;
      if (second === undefined) names.set(first!, value);
      else names.set(first!, key).set(second, value);
      const inner: Scope = { ...scope, names };
      const test = expression.test && textOf(this.evaluate(expression.test, inner));
      if (test === 'false') continue;
      if (expression.test && test === undefined) open = true;
      else if (!expression.key) items.push(this.evaluate(expression.value, inner));
      else {
        const name = this.evaluate(expression.key, inner);
        const text = textOf(name);
        if (text === undefined || expression.grouped) open = true;
        else entries.push({ key: text, keyPlace: name.place, value: this.evaluate(expression.value, inner) });
      }
    }
    const more = open ? ({ open: true } as const) : {};
    return expression.key ? { is: 'map', entries, ...more, place } : { is: 'list', items, ...more, place };
  }

  #call(expression: Extract<Expression, { is: 'call' }>, scope: Scope, place: Place): Node {
    const args = expression.args.map((arg) => this.evaluate(arg, scope));
    if (expression.spread) {
      const last = args.pop();
      if (last?.is !== 'list' || last.open) return unknown('its arguments are not known', place);
      args.push(...last.items);
    }
    return callFunction({ name: expression.name, args, place, scope, evaluator: this });
  }

  #splat({ of, then }: Extract<Expression, { is: 'splat' }>, scope: Scope, place: Place): Node {
    const source = this.evaluate(of, scope);
    if (source.is === 'reference') return { ...source, path: [...source.path, ...then] };
    if (source.is !== 'list') return unknown('it is made from values that are not known', place);
    const items = source.items.map((item) => then.reduce((node, name) => memberOf(node, name), item));
    return { is: 'list', items, ...(source.open ? { open: true } : {}), place };
  }

  /** A name with members and indexes. */
  #traverse(expression: Expression, scope: Scope, place: Place): Node {
    const steps: (string | Expression)[] = [];
    let base = expression;
    while (base.is === 'attribute' || base.is === 'index') {
      steps.unshift(base.is === 'attribute' ? base.name : base.key);
      base = base.of;
    }
    const keys = steps.map((step) => (typeof step === 'string' ? step : this.#key(step, scope)));
    if (base.is !== 'name') return follow(this.evaluate(base, scope), keys);
    return this.#resolve(base.name, keys, scope, place) ?? unknown(`\`${base.name}\` is not known`, place);
  }
  /** `undefined`: an index that is not known. */
  #key(expression: Expression, scope: Scope): string | undefined {
    return textOf(this.evaluate(expression, scope));
  }

  #resolve(name: string, keys: readonly (string | undefined)[], scope: Scope, place: Place): Node | undefined {
    const own = scope.names.get(name);
    if (own) return follow(own, keys);
    const [first, second, ...rest] = keys;
    if (first === undefined) return undefined;
    if (name === 'var') return followFound(this.resolver.variable(first, scope), keys.slice(1));
    if (name === 'local') return followFound(this.resolver.local(first, scope), keys.slice(1));
    if (name === 'module') return this.#output(first, keys.slice(1), scope);
    if (name === 'path') return scalar(first === 'module' ? scope.instance.source.folder : scope.instance.root, place);
    if (name === 'each' || name === 'count' || name === 'self' || name === 'terraform') return undefined;
    if (name === 'data') {
      const data = second !== undefined && rest[0] !== undefined ? this.resolver.data(first, second, rest[0], scope) : undefined;
      return data ?? { is: 'reference', to: `data.${first}.${second ?? ''}`, path: keptNames(rest), place };
    }
    return referenceTo(scope.instance.address, `${name}.${first}`, keys.slice(1), place);
  }

  #output(name: string, keys: readonly (string | undefined)[], scope: Scope): Node | undefined {
    const isKey = keys.length > 1 && this.resolver.output(name, keys[0], keys[1] ?? '', scope);
    if (isKey) return follow(isKey, keys.slice(2));
    return keys[0] === undefined ? undefined : followFound(this.resolver.output(name, undefined, keys[0], scope), keys.slice(1));
  }
}

const keptNames = (keys: readonly (string | undefined)[]): readonly string[] => keys.filter((key) => key !== undefined);

/** `type.name[key].attribute`; a key that is no attribute names one instance. */
function referenceTo(address: string, resource: string, keys: readonly (string | undefined)[], place: Place): Node {
  const [first, ...rest] = keys;
  const prefix = address === '' ? '' : `${address}.`;
  const isInstance = keys.length > 0 && (first === undefined || /^\d+$/.test(first) || rest.length > 0);
  const instance = isInstance && first !== undefined && !/^\d+$/.test(first) ? `["${first}"]` : '';
  return { is: 'reference', to: `${prefix}${resource}${instance}`, path: keptNames(isInstance ? rest : keys), place };
}

/** Text of a file with its places. */
export function sourceText({ lines }: HclFile, { text, start, end }: { text: string; start: number; end: number }): TextPart {
  const exact = end - start === text.length;
  return { text, at: (from, to) => (exact ? lines.place(start + from, start + to) : lines.place(start, end)) };
}

/** One line of known text is a scalar; longer texts keep where their parts stand. */
export function joinText(parts: readonly TextPart[], place: Place): Node {
  const node: Node = { is: 'text', parts, place };
  if (place.line !== place.endLine) return node;
  const text = textOf(node);
  return text === undefined ? node : scalar(text, decideAll(place, parts));
}
const decideAll = (place: Place, parts: readonly TextPart[]): Place =>
  parts.reduce((decided, part) => ('node' in part ? withDeciders(decided, part.node.place) : decided), place);

/** Adds what decided a condition or a part. */
function withDeciders(place: Place, { decidedBy }: Place): Place {
  if (!decidedBy?.length) return place;
  const all = [...(place.decidedBy ?? []), ...decidedBy];
  return { ...place, decidedBy: all.slice(0, 8) };
}

/** Alternatives that come to the same are known. */
export function eitherOf(options: readonly Node[], place: Place): Node {
  const [first] = options;
  const text = textOf(first);
  if (first && text !== undefined && options.every((option) => textOf(option) === text)) return first;
  return { is: 'either', options, place };
}

const followFound = (node: Node | undefined, keys: readonly (string | undefined)[]): Node | undefined => node && follow(node, keys);
export function follow(node: Node, keys: readonly (string | undefined)[]): Node {
  let current = node;
  for (const key of keys) current = key === undefined ? anyOf(current) : memberOf(current, key);
  return current;
}

/** An element whose index is not known: sure only when all are alike. */
function anyOf(node: Node): Node {
  if (node.is === 'reference') return node;
  if (node.is === 'list' && node.items.length > 0 && !node.open) return eitherOf(node.items, node.place);
  return unknown('which element it is, is known only when it is applied', node.place);
}

export function memberOf(node: Node, key: string): Node {
  if (node.is === 'reference') return { ...node, path: [...node.path, key] };
  if (node.is === 'map') {
    const found = node.entries.find((entry) => entry.key === key);
    if (found) return found.value;
    return node.open ? unknown(`\`${key}\` is not known`, node.place) : scalar(null, node.place);
  }
  if (node.is === 'list') {
    const index = Number(key);
    const item = Number.isInteger(index) ? node.items[index] : undefined;
    return item ?? unknown(`there is no element ${key.slice(0, 40)}`, node.place);
  }
  if (node.is === 'either') return { is: 'either', options: node.options.map((option) => memberOf(option, key)), place: node.place };
  return unknown(node.is === 'unknown' ? node.because : `\`${key.slice(0, 60)}\` is not known`, node.place);
}

/** Keys and values to go through; `undefined` when they are not known. */
export function pairsOf(node: Node): { readonly list: readonly (readonly [Node, Node])[]; readonly open: boolean } | undefined {
  if (node.is === 'list') return { list: node.items.map((item, index) => [scalar(index, item.place), item]), open: node.open === true };
  if (node.is === 'map')
    return { list: node.entries.map(({ key, keyPlace, value }) => [scalar(key, keyPlace), value]), open: node.open === true };
  return undefined;
}

export const countOf = (node: Node): number | undefined => numberOf(node);
