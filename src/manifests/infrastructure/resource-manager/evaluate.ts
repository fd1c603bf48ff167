/** Expressions of Bicep and ARM templates → values, as far as they are sure. */
import type { Expression } from '../../../text/bicep/syntax.ts';
import type { Place } from '../../../types.ts';
import { decidedElsewhere, type Entry, entryOf, type Node, numberOf, scalar, type TextPart, textOf, unknown } from '../node.ts';

/** Where names lead, and where a piece of the text stands. */
export interface Scope {
  place(start: number, end: number): Place;
  /** A parameter, variable, resource or module. */
  lookUp(name: string, place: Place, budget: Budget): Node;
  /** `parameters('x')`, `resourceId(…)`: functions that are the template's own. */
  call?(name: string, args: readonly Node[], place: Place, budget: Budget): Node | undefined;
}
/** Shared by everything that one file makes: values that name each other could otherwise multiply without bound. */
export class Budget {
  #steps = 0;
  depth = 0;
  spend(): boolean {
    return ++this.#steps <= 100_000 && this.depth < 100;
  }
}

const later = 'it is known only when it is deployed';

export function evaluate(expression: Expression, scope: Scope, budget: Budget): Node {
  const place = scope.place(expression.start, expression.end);
  if (!budget.spend()) return unknown('working it out takes too long', place);
  budget.depth++;
  const node = evaluateHere(expression, scope, budget, place);
  budget.depth--;
  return node.place === place ? node : { ...node, place: decidedElsewhere(place, node.place) };
}

function evaluateHere(expression: Expression, scope: Scope, budget: Budget, place: Place): Node {
  const below = (part: Expression): Node => evaluate(part, scope, budget);
  switch (expression.is) {
    case 'literal':
      return scalar(expression.value, place);
    case 'text':
      return asText(
        expression.pieces.map(
          (piece): TextPart =>
            piece.is === 'value'
              ? { node: below(piece.value) }
              : { text: piece.text, at: (from, to) => scope.place(piece.start + from, Math.min(piece.start + to, piece.end)) },
        ),
        place,
      );
    case 'name':
      return scope.lookUp(expression.name, place, budget);
    case 'member':
      return memberOf(below(expression.of), expression.name, place);
    case 'index': {
      const of = below(expression.of);
      const key = below(expression.key);
      const index = numberOf(key);
      if (of.is === 'list' && index !== undefined) return of.items[index] ?? unknown(later, place);
      const name = textOf(key);
      return name === undefined ? unknown(later, place) : memberOf(of, name, place);
    }
    case 'list':
      return { is: 'list', items: expression.items.map(below), ...(expression.open ? { open: true } : {}), place };
    case 'object':
      return readObject(expression, scope, budget, place);
    case 'choice':
      return choose(expression, below, place);
    case 'loop':
      return { is: 'list', items: [below(expression.body)], open: true, place };
    case 'call': {
      const args = expression.args.map(below);
      return scope.call?.(expression.name, args, place, budget) ?? callFunction(expression.name, args, place);
    }
    default:
      return unknown(later, place);
  }
}

function readObject(object: Extract<Expression, { is: 'object' }>, scope: Scope, budget: Budget, place: Place): Node {
  let open = object.open;
  const entries = object.properties.flatMap(({ key, value }): Entry[] => {
    const name = textOf(evaluate(key, scope, budget));
    if (name === undefined) {
      open = true;
      return [];
    }
    return [{ key: name, keyPlace: scope.place(key.start, key.end), value: evaluate(value, scope, budget) }];
  });
  return { is: 'map', entries, ...(open ? { open } : {}), place };
}

/** A condition that is not known leaves both ways open. */
function choose({ test, options }: Extract<Expression, { is: 'choice' }>, below: (part: Expression) => Node, place: Place): Node {
  const [first, second] = options.map(below);
  const decided = test === undefined ? undefined : textOf(below(test));
  if (decided === 'true') return first!;
  if (decided === 'false') return second!;
  const text = textOf(first);
  if (text !== undefined && text === textOf(second)) return first!;
  return { is: 'either', options: [first!, second!], place };
}

/** A member of a value; `id` and the like of a resource stay a reference to it. */
export function memberOf(of: Node, name: string, place: Place): Node {
  if (of.is === 'reference') return { ...of, path: [...of.path, name], place };
  const entry = entryOf(of, name);
  return entry?.value ?? unknown(later, place);
}

/** What names itself over and over would grow without bound. */
const maxText = 20_000;
const maxParts = 500;
const maxItems = 2_000;

/** Texts within texts are taken apart, so that each part counts. */
function asText(given: readonly TextPart[], place: Place): Node {
  const parts = given.flatMap((part) => ('node' in part && part.node.is === 'text' ? part.node.parts : [part]));
  const node: Node = { is: 'text', parts, place };
  if (parts.length > maxParts) return unknown('working it out takes too long', place);
  const text = textOf(node);
  if (text === undefined) return node;
  if (text.length > maxText) return unknown('working it out takes too long', place);
  const deciders = parts.flatMap((part) => ('node' in part ? (part.node.place.decidedBy ?? []) : [])).slice(0, 8);
  return scalar(text, deciders.length > 0 ? { ...place, decidedBy: deciders } : place);
}

type Apply = (args: readonly Node[], place: Place) => Node | undefined;
const changed =
  (change: (text: string) => string | number | boolean): Apply =>
  ([of], place) => {
    const text = textOf(of);
    return text === undefined ? undefined : scalar(change(text), place);
  };

const concat: Apply = (args, place) => {
  if (args.some(({ is }) => is === 'list')) return joinLists(args, place);
  return asText(
    args.map((node) => ({ node })),
    place,
  );
};
const joinLists: Apply = (args, place) => {
  const items = args.flatMap((arg) => (arg.is === 'list' ? arg.items.slice(0, maxItems) : []));
  const isWhole = items.length <= maxItems && args.every((arg) => arg.is === 'list' && !arg.open);
  return { is: 'list', items: items.slice(0, maxItems), ...(isWhole ? {} : { open: true }), place };
};
/** Later objects win; one that is not known may hold anything. */
const union: Apply = (args, place) => {
  if (args.some(({ is }) => is === 'list')) return joinLists(args, place);
  const entries = new Map<string, Entry>();
  for (const arg of args) if (arg.is === 'map') for (const entry of arg.entries) entries.set(entry.key, entry);
  const isOpen = args.some((arg) => arg.is !== 'map' || arg.open);
  return { is: 'map', entries: [...entries.values()], ...(isOpen ? { open: true } : {}), place };
};
const format: Apply = ([pattern, ...values], place) => {
  const text = textOf(pattern);
  if (text === undefined) return undefined;
  const parts = text.split(/(\{\d{1,2}\})/).flatMap((piece): TextPart[] => {
    const value = /^\{\d+\}$/.test(piece) ? values[Number(piece.slice(1, -1))] : undefined;
    return value ? [{ node: value }] : piece === '' ? [] : [{ text: piece, at: () => place }];
  });
  return asText(parts, place);
};
const isEmpty: Apply = ([of], place) => {
  if (of?.is === 'list' || of?.is === 'map')
    return of.open ? undefined : scalar((of.is === 'list' ? of.items : of.entries).length === 0, place);
  const text = textOf(of);
  return text === undefined ? undefined : scalar(text === '', place);
};

/** What `json('0.5')` holds is a number in practice: Bicep has no others with a point. */
const functions: Readonly<Record<string, Apply>> = {
  concat,
  union,
  format,
  empty: isEmpty,
  json: changed((text) => (/^-?\d+(?:\.\d+)?$/.test(text) ? Number(text) : text)),
  int: changed((text) => Number(text)),
  string: changed((text) => text),
  bool: changed((text) => text.toLowerCase() === 'true'),
  tolower: changed((text) => text.toLowerCase()),
  toupper: changed((text) => text.toUpperCase()),
};

function callFunction(name: string, args: readonly Node[], place: Place): Node {
  const known = name.toLowerCase();
  const apply = Object.hasOwn(functions, known) ? functions[known] : undefined;
  return apply?.(args, place) ?? unknown(later, place);
}
