import type { Node } from '@babel/types';
import { keyName } from '../expressions.ts';
import type { Use } from './process-state-holders.ts';

/** Methods of texts, numbers, dates and lists: what has them is data. */
const dataMethods =
  /^(?:trim|toLowerCase|toUpperCase|toString|toFixed|replace(?:All)?|split|slice|substring|includes|indexOf|startsWith|endsWith|concat|join|map|filter|find|some|every|reduce|forEach|sort|at|get|has|keys|values|entries|toISOString|getTime|match)$/;
const identifierName =
  /(?:^_*|[a-z])(?:id|Id|ID|seq|Seq|sequence|Sequence|nonce|Nonce|version|revision|generation|name|Name|label|key|Key)$/;

/** The name that a value is given: a key of an object, a variable, a property. */
function givenName(node: Node, parent: Node): string | undefined {
  if (parent.type === 'ObjectProperty' && parent.value === node) return keyName(parent.key as Node, parent.computed);
  if (parent.type === 'VariableDeclarator' && parent.id.type === 'Identifier') return parent.id.name;
  if (parent.type !== 'AssignmentExpression' || parent.right !== node) return undefined;
  const { left } = parent;
  if (left.type === 'Identifier') return left.name;
  return left.type === 'MemberExpression' ? keyName(left.property as Node, left.computed) : undefined;
}

/** `id: ++count`, `` const requestId = `${prefix}-${count++}` ``: the number only tells things apart. */
function isIdentifier(stack: readonly Node[]): boolean {
  const [update, outer] = [stack.at(-1), stack.at(-2)];
  if (update?.type !== 'UpdateExpression' || !outer) return false;
  const isPart = outer.type === 'TemplateLiteral' || outer.type === 'BinaryExpression';
  const name = isPart ? stack.at(-3) && givenName(outer, stack.at(-3)!) : givenName(update, outer);
  return name !== undefined && identifierName.test(name);
}

function isTest(node: Node, parent: Node): boolean {
  switch (parent.type) {
    case 'UnaryExpression':
      return parent.operator === '!';
    case 'IfStatement':
    case 'ConditionalExpression':
      return parent.test === node;
    case 'LogicalExpression':
      return parent.left === node && parent.operator === '&&';
    case 'BinaryExpression':
      return [parent.left, parent.right].some(
        (side) => side.type === 'NullLiteral' || (side.type === 'Identifier' && side.name === 'undefined'),
      );
    default:
      return false;
  }
}

/**
 * How a variable is read; `undefined` where its value is used as data. `node` is the variable with the members that follow,
 * `depth` their number and `last` the name of the last one.
 */
export function readAs(node: Node, stack: readonly Node[], depth: number, last: string | undefined): Use['as'] {
  const parent = stack.at(-1);
  if (!parent) return undefined;
  const isCallee = (parent.type === 'CallExpression' || parent.type === 'OptionalCallExpression') && parent.callee === node;
  if (isCallee && (depth === 0 || (depth === 1 && !dataMethods.test(last ?? '')))) return 'called';
  if (depth === 0 && isTest(node, parent)) return 'tested';
  return isIdentifier(stack) ? 'identifier' : undefined;
}

const fetchTimes = /^(?:timestamp|time|fetchedAt|cachedAt|loadedAt|storedAt|lastFetch(?:ed)?|cacheTime|fetchTime)$/;
const lifeTimes = /^(?:expires?(?:At|In)?|expiry|expiration|ttl)$/;
const payloads = /^(?:value|data|result|response|body|payload|item|entry)$/;

/** `{ usage, timestamp }` and `{ value, expiresAt }`: a copy with the time from which it is stale. */
export function isDated(node: Node | undefined): boolean {
  if (node?.type !== 'ObjectExpression' || node.properties.length !== 2) return false;
  const names = node.properties.map((property) =>
    property.type === 'ObjectProperty' ? (keyName(property.key as Node, property.computed) ?? '') : '',
  );
  if (names.some((name) => fetchTimes.test(name))) return true;
  return names.some((name) => lifeTimes.test(name)) && names.some((name) => payloads.test(name));
}
