/** Expressions and annotations of Kotlin in the form of Java's: what recognisers know of one holds for both. */
import type { Node } from 'web-tree-sitter';
import { atOf, partsOf } from './summarise-expressions.ts';
import type { Annotation, At, Expression } from './summary.ts';

const maxDepth = 12;
const maxItems = 200;
const longestText = 2000;

type Call = Extract<Expression, { is: 'call' }>;
type New = Extract<Expression, { is: 'new' }>;

/** Collections of Kotlin by the names that Java has for them. */
const collections: Readonly<Record<string, string>> = {
  MutableMap: 'Map',
  MutableList: 'List',
  MutableSet: 'Set',
  mutableMapOf: 'HashMap',
  hashMapOf: 'HashMap',
  linkedMapOf: 'LinkedHashMap',
  mutableListOf: 'ArrayList',
  arrayListOf: 'ArrayList',
  mutableSetOf: 'HashSet',
  hashSetOf: 'HashSet',
};
const javaName = (name: string): string => (Object.hasOwn(collections, name) ? collections[name]! : name);

/** `MutableMap<String, Cart>?` is `Map`. */
export function kotlinType(node: Node | undefined): string {
  if (!node) return '';
  if (node.type === 'nullable_type' || node.type === 'parenthesized_type') return kotlinType(partsOf(node)[0]);
  if (node.type !== 'user_type') return '';
  return javaName(
    partsOf(node)
      .filter(({ type }) => type === 'identifier')
      .map(({ text }) => text)
      .join('.'),
  );
}
export const isType = ({ type }: Node): boolean => /^(?:user_type|nullable_type|function_type|parenthesized_type)$/.test(type);

const escapes: Readonly<Record<string, string>> = {
  '\\n': '\n',
  '\\t': '\t',
  '\\r': '\r',
  '\\$': '$',
  '\\"': '"',
  "\\'": "'",
  '\\\\': '\\',
};

/** Text with parts that are filled in becomes a sum, as in Java. */
function readString(node: Node, at: At, depth: number): Expression {
  const parts: Expression[] = [];
  let text = '';
  const fill = (value: Expression): void => {
    if (text !== '') parts.push({ is: 'text', value: text, at });
    text = '';
    parts.push(value);
  };
  let isTemplate = false;
  for (const part of partsOf(node).slice(0, maxItems)) {
    const [inner] = part.type === 'interpolation' ? partsOf(part) : [];
    // `"${'$'}{shop.url}"` keeps the dollar that a template would take.
    if (inner?.type === 'character_literal') text += inner.text.slice(1, -1);
    else if (part.type === 'interpolation') fill(inner ? readKotlin(inner, depth + 1) : { is: 'other', at });
    else if (part.type === 'escape_sequence') text += escapes[part.text] ?? '';
    else if (part.text === '$') {
      // The grammar takes `$name` apart: a dollar, then a text that starts with the name.
      isTemplate = true;
      continue;
    } else {
      const name = isTemplate ? (/^[A-Za-z_]\w{0,100}/.exec(part.text)?.[0] ?? '') : '';
      if (name !== '') fill({ is: 'name', path: [name], at });
      text += (isTemplate && name === '' ? '$' : '') + part.text.slice(name.length);
    }
    isTemplate = false;
  }
  const last: Expression = { is: 'text', value: text.slice(0, longestText), at };
  return parts.length === 0 ? last : { is: 'sum', parts: text === '' ? parts : [...parts, last], at };
}

/** The segments of `a.b.c` and `this.a`; `undefined` for other expressions. */
function pathOf(node: Node): string[] | undefined {
  if (node.type === 'identifier') return [node.text];
  if (node.type !== 'navigation_expression') return undefined;
  const [base, member] = partsOf(node);
  if (!base || member?.type !== 'identifier') return undefined;
  if (base.type === 'this_expression' || base.type === 'super_expression') return [member.text];
  const before = pathOf(base);
  return before && [...before, member.text];
}

const argumentsOf = (list: Node | undefined, depth: number): readonly { readonly name?: string; readonly value: Expression }[] =>
  partsOf(list ?? null)
    .slice(0, maxItems)
    .flatMap((argument) => {
      const parts = partsOf(argument);
      const value = parts.at(-1);
      if (!value) return [];
      return [
        { ...(parts.length > 1 && parts[0]!.type === 'identifier' ? { name: parts[0]!.text } : {}), value: readKotlin(value, depth + 1) },
      ];
    });

const isTypeName = (name: string): boolean => /^[A-Z]\w*[a-z]/.test(name) || /^[A-Z]$/.test(name);

/** `Cart(id)` and `java.io.File("a")` make something; `mutableMapOf()` too. Everything else is a call. */
export function readKotlinCall(node: Node, depth = 0): Call | New {
  const at = atOf(node);
  const [callee, ...rest] = partsOf(node);
  const args =
    depth > maxDepth
      ? []
      : argumentsOf(
          rest.find(({ type }) => type === 'value_arguments'),
          depth,
        ).map(({ value }) => value);
  const path = callee && pathOf(callee);
  const name = path?.at(-1) ?? (callee?.type === 'navigation_expression' ? (partsOf(callee).at(-1)?.text ?? '') : '');
  if (
    path &&
    (isTypeName(name) || (path.length === 1 && Object.hasOwn(collections, name))) &&
    path.slice(0, -1).every((one) => /^[a-z]/.test(one))
  )
    return { is: 'new', type: path.length === 1 ? javaName(name) : path.join('.'), args, at };
  const base = callee?.type === 'navigation_expression' ? partsOf(callee)[0] : undefined;
  const isOwn = !base || base.type === 'this_expression' || base.type === 'super_expression';
  return { is: 'call', ...(isOwn ? {} : { on: readKotlin(base, depth + 0.5) }), name, args, at };
}

/** `request.session` is `request.getSession()`. */
function readProperty(node: Node, at: At, depth: number): Expression {
  const path = pathOf(node);
  if (path?.at(-1) === 'session' && path.length > 1)
    return { is: 'call', on: { is: 'name', path: path.slice(0, -1), at }, name: 'getSession', args: [], at };
  if (path) return { is: 'name', path, at };
  const [base, member] = partsOf(node);
  if (!base || !member) return { is: 'other', at };
  const getter = `get${member.text.slice(0, 1).toUpperCase()}${member.text.slice(1)}`;
  return { is: 'call', on: readKotlin(base, depth + 1), name: getter, args: [], at };
}

/** `by lazy { RestTemplate() }` comes to the last expression of the block. */
export function readDelegate(node: Node): Expression | undefined {
  const call = partsOf(node)[0];
  const [callee, ...rest] = partsOf(call ?? null);
  if (call?.type !== 'call_expression' || !/^lazy\b/.test(callee?.text ?? '')) return undefined;
  const lambda = rest
    .flatMap((part) => (part.type === 'annotated_lambda' ? partsOf(part) : [part]))
    .find(({ type }) => type === 'lambda_literal');
  const last = partsOf(lambda ?? null).at(-1);
  const expression = last?.type === 'statements' ? partsOf(last).at(-1) : last;
  return expression && readKotlin(expression);
}

export function readKotlin(node: Node, depth = 0): Expression {
  const at = atOf(node);
  if (depth > maxDepth * 2) return { is: 'other', at };
  switch (node.type) {
    case 'string_literal':
    case 'multiline_string_literal':
      return readString(node, at, depth);
    case 'number_literal':
      return { is: 'number', value: Number(node.text.replace(/[_uUlLfF]/g, '')), at };
    case 'boolean_literal':
    case 'true':
    case 'false':
      return { is: 'flag', value: node.text === 'true', at };
    case 'null':
    case 'null_literal':
      return { is: 'null', at };
    case 'identifier':
      return node.text === 'null' ? { is: 'null', at } : { is: 'name', path: [node.text], at };
    case 'navigation_expression':
      return readProperty(node, at, depth);
    case 'call_expression':
      return readKotlinCall(node, depth);
    case 'collection_literal':
      return {
        is: 'list',
        items: partsOf(node)
          .slice(0, maxItems)
          .map((item) => readKotlin(item, depth + 1)),
        at,
      };
    case 'parenthesized_expression':
    case 'as_expression':
      return partsOf(node)[0] ? readKotlin(partsOf(node)[0]!, depth + 1) : { is: 'other', at };
    case 'if_expression': {
      const [, ...options] = partsOf<Node>(node);
      const areValues = options.length === 2 && options.every(({ type }) => type !== 'block');
      return areValues ? { is: 'choice', options: options.map((part) => readKotlin(part, depth + 1)), at } : { is: 'other', at };
    }
    case 'binary_expression':
      return madeOfOne(node, at, depth) ?? readSum(node, at, depth);
    default:
      return { is: 'other', at };
  }
}

const joins = (node: Node | undefined, operator: string): boolean =>
  node?.type === 'binary_expression' && node.children.some((child) => child?.type === operator);

/** `Channel<Job>(8)` of one type argument looks to the grammar like two comparisons. */
function madeOfOne(node: Node, at: At, depth: number): Expression | undefined {
  const [left, right] = joins(node, '>') ? partsOf(node) : [];
  const [type] = joins(left, '<') ? partsOf(left!) : [];
  if (type?.type !== 'identifier' || !isTypeName(type.text) || right?.type !== 'parenthesized_expression') return undefined;
  return { is: 'new', type: javaName(type.text), args: partsOf(right).map((part) => readKotlin(part, depth + 1)), at };
}

function readSum(node: Node, at: At, depth: number): Expression {
  if (joins(node, '?:')) return { is: 'choice', options: partsOf<Node>(node).map((part) => readKotlin(part, depth + 1)), at };
  return node.children.some((child) => child?.type === '+')
    ? {
        is: 'sum',
        parts: partsOf(node)
          .slice(0, maxItems)
          .map((part) => readKotlin(part, depth + 1)),
        at,
      }
    : { is: 'other', at };
}

/** `@Value("x")`, `@field:NotNull`, `@RequestMapping(path = ["/a"])`. */
export function readKotlinAnnotation(node: Node): Annotation {
  const parts = partsOf(node);
  const made = parts.find(({ type }) => type === 'constructor_invocation');
  const type = made ? partsOf(made)[0] : parts.find(isType);
  const args: Record<string, Expression> = Object.create(null);
  const list = argumentsOf(made && partsOf(made).find((part) => part.type === 'value_arguments'), 0);
  const unnamed = list.filter(({ name }) => name === undefined).map(({ value }) => value);
  if (unnamed.length === 1) args.value = unnamed[0]!;
  else if (unnamed.length > 1) args.value = { is: 'list', items: unnamed, at: atOf(node) };
  for (const { name, value } of list) if (name !== undefined) args[name] = value;
  return { name: kotlinType(type), args: { ...args }, at: atOf(node) };
}
