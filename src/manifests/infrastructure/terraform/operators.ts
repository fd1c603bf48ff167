/** Operators of HCL on values that may be unknown. */
import type { Place } from '../../../types.ts';
import { booleanOf, type Node, numberOf, scalar, textOf, unknown } from '../node.ts';

const open = (place: Place): Node => unknown('it is made from values that are not known', place);

export function negate(operator: string, of: Node, place: Place): Node {
  if (operator === '!') {
    const value = booleanOf(of);
    return value === undefined ? open(place) : scalar(!value, mergePlaces(place, of));
  }
  const value = numberOf(of);
  return value === undefined ? open(place) : scalar(-value, mergePlaces(place, of));
}

/** The place of a result carries what decided its operands. */
function mergePlaces(place: Place, ...operands: readonly Node[]): Place {
  const decidedBy = operands.flatMap((operand) => operand.place.decidedBy ?? []).slice(0, 8);
  return decidedBy.length === 0 ? place : { ...place, decidedBy };
}

export function compute(operator: string, left: Node, right: Node, place: Place): Node {
  const value = operator === '&&' || operator === '||' ? combine(operator, left, right) : compareOrCalculate(operator, left, right);
  return value === undefined ? open(place) : scalar(value, mergePlaces(place, left, right));
}

/** One side may decide alone. */
function combine(operator: '&&' | '||', left: Node, right: Node): boolean | undefined {
  const values = [booleanOf(left), booleanOf(right)];
  const deciding = operator === '||';
  if (values.includes(deciding)) return deciding;
  return values.includes(undefined) ? undefined : !deciding;
}

const isNull = (node: Node): boolean => node.is === 'scalar' && node.value === null;
/** Something that is there, whatever its value. */
const isThere = (node: Node): boolean =>
  (node.is === 'scalar' && node.value !== null) || ['list', 'map', 'reference', 'text', 'encoded'].includes(node.is);

function isEqual(left: Node, right: Node): boolean | undefined {
  if (isNull(left) || isNull(right)) {
    const other = isNull(left) ? right : left;
    return isNull(other) ? true : isThere(other) ? false : undefined;
  }
  const isEmpty = (node: Node) => (node.is === 'list' && !node.items.length) || (node.is === 'map' && !node.entries.length);
  if ((left.is === 'list' || left.is === 'map') && (right.is === 'list' || right.is === 'map') && !left.open && !right.open) {
    if (isEmpty(left) || isEmpty(right)) return isEmpty(left) && isEmpty(right);
  }
  const [a, b] = [textOf(left), textOf(right)];
  return a === undefined || b === undefined ? undefined : a === b;
}

function compareOrCalculate(operator: string, left: Node, right: Node): boolean | number | undefined {
  if (operator === '==' || operator === '!=') {
    const equal = isEqual(left, right);
    return equal === undefined ? undefined : equal === (operator === '==');
  }
  const [a, b] = [numberOf(left), numberOf(right)];
  if (a === undefined || b === undefined) return undefined;
  const results: Readonly<Record<string, () => boolean | number>> = {
    '<': () => a < b,
    '>': () => a > b,
    '<=': () => a <= b,
    '>=': () => a >= b,
    '+': () => a + b,
    '-': () => a - b,
    '*': () => a * b,
    '/': () => a / b,
    '%': () => a % b,
  };
  const result = results[operator]?.();
  return typeof result === 'number' && !Number.isFinite(result) ? undefined : result;
}
