/** Expressions and annotations of the tree as plain data, to a bounded depth. */
import { QuickNode } from './quick-node.ts';
import type { Annotation, At, Expression } from './summary.ts';
import type { Syntax } from './syntax.ts';

const maxDepth = 12;
const maxItems = 200;
const longestText = 2000;

export function atOf(node: Syntax): At {
  if (node.at) return node.at;
  const { startPosition, endPosition } = node;
  return [startPosition.row + 1, startPosition.column + 1, endPosition.row + 1, endPosition.column + 1];
}

const isNoComment = <Node extends Syntax>(node: Node | null): node is Node => node !== null && !node.type.endsWith('comment');
/** Named children that are no comments. */
export const partsOf = <Node extends Syntax>(node: { readonly namedChildren: readonly (Node | null)[] } | null): readonly Node[] => {
  if (!node) return [];
  const { namedChildren } = node;
  if (namedChildren.length === 0) return [];
  return namedChildren.every(isNoComment) ? namedChildren : namedChildren.filter(isNoComment);
};

/** `Map<String, List<T>>[]` is `Map`. */
export function typeText(node: Syntax | null): string {
  if (!node) return '';
  if (node.type === 'generic_type' || node.type === 'array_type' || node.type === 'annotated_type') {
    const inner = partsOf(node).find(({ type }) => !/annotation|type_arguments|dimensions/.test(type));
    return inner ? typeText(inner) : '';
  }
  return node.text.slice(0, 300).replace(/\s+/g, '');
}

/** `Map<String, Cart>` has `String, Cart`. */
export function typeArguments(type: string): string | undefined {
  const [start, end] = [type.indexOf('<'), type.lastIndexOf('>')];
  return start < 0 || end < start ? undefined : type.slice(start + 1, Math.min(end, start + 200)).replace(/\s+/g, ' ');
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', s: ' ' };
const decode = (text: string): string =>
  text.replace(/\\(?:u+([0-9a-fA-F]{4})|([0-7]{1,3})|\r?\n|(.))/g, (_, code?: string, octal?: string, letter?: string) => {
    if (code) return String.fromCharCode(Number.parseInt(code, 16));
    if (octal) return String.fromCharCode(Number.parseInt(octal, 8));
    return letter === undefined ? '' : (escapes[letter] ?? letter);
  });

/** Text blocks lose their quotes and the indentation of their first line; that is near enough for what is asked of them. */
function stringValue(node: Syntax): string {
  const { text } = node;
  if (text.startsWith('"""')) return decode(text.slice(3, -3).replace(/^\s*\n\s*/, '')).slice(0, longestText);
  return decode(text.slice(1, -1)).slice(0, longestText);
}

/** The segments of `a.b.c` and `this.a`; `undefined` for other expressions. */
function pathOf(node: Syntax): string[] | undefined {
  if (node.type === 'identifier') return [node.text];
  if (node.type === 'scoped_identifier' || node.type === 'scoped_type_identifier') return node.text.replace(/\s+/g, '').split('.');
  if (node.type !== 'field_access') return undefined;
  const field = node.childForFieldName('field');
  const object = node.childForFieldName('object');
  if (!field || !object) return undefined;
  if (object.type === 'this' || object.type === 'super') return [field.text];
  const before = pathOf(object);
  return before && [...before, field.text];
}

const argumentsOf = (node: Syntax, depth: number): Expression[] =>
  partsOf(node.childForFieldName('arguments'))
    .slice(0, maxItems)
    .map((argument) => readExpression(argument, depth + 1));

/** `a + b + c` flat. */
function sumParts(node: Syntax, depth: number): Expression[] {
  const parts: Expression[] = [];
  let current: Syntax | null = node;
  for (
    let count = 0;
    current?.type === 'binary_expression' && current.childForFieldName('operator')?.text === '+' && count < maxItems;
    count++
  ) {
    const right = current.childForFieldName('right');
    if (right) parts.unshift(readExpression(right, depth + 1));
    current = current.childForFieldName('left');
  }
  return current ? [readExpression(current, depth + 1), ...parts] : parts;
}

/** Low trees say the same at every depth: those of the quick reader are read once. */
const isLow = (node: Syntax, depth: number): node is QuickNode => node instanceof QuickNode && depth + node.height <= maxDepth;

export function readExpression(node: Syntax, depth = 0): Expression {
  if (!isLow(node, depth)) return readPart(node, depth);
  node.expression ??= readPart(node, depth);
  return node.expression;
}

function readPart(node: Syntax, depth: number): Expression {
  const at = atOf(node);
  if (depth > maxDepth) return { is: 'other', at };
  switch (node.type) {
    case 'string_literal':
      return { is: 'text', value: stringValue(node), at };
    case 'decimal_integer_literal':
    case 'decimal_floating_point_literal':
    case 'hex_integer_literal':
      return { is: 'number', value: Number(node.text.replace(/_/g, '').replace(/[lLdDfF]$/, '')), at };
    case 'true':
    case 'false':
      return { is: 'flag', value: node.type === 'true', at };
    case 'null_literal':
      return { is: 'null', at };
    case 'parenthesized_expression':
      return readOnly(partsOf(node)[0], at, depth);
    case 'cast_expression':
      return readOnly(node.childForFieldName('value'), at, depth);
    case 'method_invocation':
      return readCall(node, depth);
    case 'object_creation_expression':
      return { is: 'new', type: typeText(node.childForFieldName('type')), args: argumentsOf(node, depth), at };
    case 'class_literal':
      return { is: 'class', type: typeText(partsOf(node)[0] ?? null), at };
    case 'element_value_array_initializer':
    case 'array_initializer':
      return {
        is: 'list',
        items: partsOf(node)
          .slice(0, maxItems)
          .map((item) => readExpression(item, depth + 1)),
        at,
      };
    case 'array_creation_expression':
      return readOnly(node.childForFieldName('value'), at, depth);
    case 'annotation':
    case 'marker_annotation':
      return { is: 'annotation', annotation: readAnnotation(node, depth + 1), at };
    case 'ternary_expression': {
      const options = [node.childForFieldName('consequence'), node.childForFieldName('alternative')];
      return { is: 'choice', options: options.flatMap((option) => (option ? [readExpression(option, depth + 1)] : [])), at };
    }
    case 'binary_expression':
      return node.childForFieldName('operator')?.text === '+' ? { is: 'sum', parts: sumParts(node, depth), at } : { is: 'other', at };
    default: {
      const path = pathOf(node);
      return path ? { is: 'name', path, at } : readField(node, at, depth);
    }
  }
}

/** `find().name` */
function readField(node: Syntax, at: At, depth: number): Expression {
  const [object, field] = [node.childForFieldName('object'), node.childForFieldName('field')];
  if (node.type !== 'field_access' || !object || !field) return { is: 'other', at };
  const on = readExpression(object, depth + 1);
  return on.is === 'call' || on.is === 'field' ? { is: 'field', on, name: field.text, at } : { is: 'other', at };
}

const readOnly = (node: Syntax | null | undefined, at: At, depth: number): Expression =>
  node ? readExpression(node, depth + 1) : { is: 'other', at };

type Call = Extract<Expression, { is: 'call' }>;

export function readCall(node: Syntax, depth = 0): Call {
  if (!isLow(node, depth)) return readWholeCall(node, depth);
  node.expression ??= readWholeCall(node, depth);
  return node.expression as Call;
}

/** Chains are followed to twice the depth of other expressions: builders are long. */
function readWholeCall(node: Syntax, depth: number): Call {
  const object = node.childForFieldName('object');
  const isOwn = object === null || object.type === 'this' || object.type === 'super';
  return {
    is: 'call',
    ...(isOwn
      ? {}
      : { on: object.type === 'method_invocation' && depth < 40 ? readCall(object, depth + 0.5) : readExpression(object, depth + 1) }),
    name: node.childForFieldName('name')?.text ?? '',
    args: depth > maxDepth ? [] : argumentsOf(node, depth),
    at: atOf(node),
  };
}

export function readAnnotation(node: Syntax, depth = 0): Annotation {
  const args = partsOf(node.childForFieldName('arguments')).flatMap((argument): readonly (readonly [string, Expression])[] => {
    if (argument.type !== 'element_value_pair') return [['value', readExpression(argument, depth + 1)]];
    const value = argument.childForFieldName('value');
    return value ? [[argument.childForFieldName('key')?.text ?? 'value', readExpression(value, depth + 1)]] : [];
  });
  const name = (node.childForFieldName('name')?.text ?? '').replace(/\s+/g, '');
  return { name, args: args.length > 0 ? Object.fromEntries(args) : {}, at: atOf(node) };
}
