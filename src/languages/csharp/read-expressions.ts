/** Nodes of the grammar → expressions as plain data, to a bounded depth. */

import type { Node } from 'web-tree-sitter';
import { atOf, partsOf } from '../tree-sitter.ts';
import type { At, Attribute, CallExpression, Expression } from './summary.ts';

const maxDepth = 60;
const maxItems = 100;

/** A type as written: its name, and its arguments. */
export function readType(node: Node | null | undefined): { readonly type: string; readonly types: readonly string[] } {
  if (!node) return { type: '', types: [] };
  if (node.type === 'nullable_type') return readType(node.childForFieldName('type') ?? partsOf(node)[0]);
  if (node.type === 'implicit_type') return { type: 'var', types: [] };
  if (node.type === 'array_type') return { type: `${readType(node.childForFieldName('type')).type}[]`, types: [] };
  const generic = node.type === 'generic_name' ? node : partsOf(node).find(({ type }) => type === 'generic_name');
  const list = partsOf(generic).find(({ type }) => type === 'type_argument_list');
  const text = node.text.replace(/<[\s\S]*$/, '').replace(/\s+|^global::/g, '');
  return { type: text, types: partsOf(list).map((part) => part.text.replace(/\s+/g, '')) };
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '0': '\0', '"': '"', "'": "'", '\\': '\\' };
const unescaped = (text: string): string =>
  text.replace(/\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{1,4})|(.))/gs, (whole, unicode?: string, hex?: string, one?: string) => {
    const code = unicode ?? hex;
    return code === undefined ? (escapes[one ?? ''] ?? whole) : String.fromCharCode(Number.parseInt(code, 16));
  });

/** The text of a literal, without its quotes. */
function stringOf(node: Node): string {
  const { text } = node;
  if (node.type === 'verbatim_string_literal') return text.slice(2, -1).replaceAll('""', '"');
  if (node.type === 'raw_string_literal') return text.replace(/^"{3,}|"{3,}(?:u8)?$/g, '').trim();
  return unescaped(text.replace(/^"|"(?:u8)?$/g, ''));
}

/** `[a, b]` wraps each of its elements twice. */
function elementOf(node: Node): Node {
  const inner = node.type === 'collection_element' || node.type === 'expression_element' ? partsOf(node)[0] : undefined;
  return inner ? elementOf(inner) : node;
}

function numberOf(text: string): number {
  const plain = text.replaceAll('_', '');
  return Number(plain.replace(/^0[xXbB]/.test(plain) ? /[lLuU]+$/ : /[lLuUdDfFmM]+$/, ''));
}

const isTornAccess = (node: Node | null): boolean => {
  const condition = node?.type === 'conditional_access_expression' ? node.childForFieldName('condition') : null;
  return condition?.type === 'binary_expression' && /^(?:&&|\|\|)$/.test(condition.childForFieldName('operator')?.text ?? '');
};

export class ExpressionReader {
  /** Gives a lambda its number. */
  readonly #lambda: (node: Node, handedTo: string | undefined) => number;
  constructor(lambda: (node: Node, handedTo: string | undefined) => number) {
    this.#lambda = lambda;
  }

  /** Chains and arguments are asked for by each call that holds them: every node is read once. */
  readonly #known = new Map<number, Expression>();

  read(node: Node | null | undefined, depth = 0, handedTo?: string): Expression {
    if (!node) return { is: 'other', at: [1, 1, 1, 1] };
    const known = this.#known.get(node.id);
    if (known) return known;
    if (depth > maxDepth) return { is: 'other', at: atOf(node) };
    const made = this.#read(node, depth, handedTo);
    this.#known.set(node.id, made);
    return made;
  }

  /** `Type name = new(…)`: what is made has the type that stands before it. */
  readAs(type: string, node: Node): Expression {
    const made = this.read(node);
    if (made.is !== 'new' || made.type !== '' || type === 'var' || type === '') return made;
    const typed: Expression = { ...made, type };
    this.#known.set(node.id, typed);
    return typed;
  }

  #read(node: Node, depth: number, handedTo: string | undefined): Expression {
    const at = atOf(node);
    switch (node.type) {
      case 'string_literal':
      case 'verbatim_string_literal':
      case 'raw_string_literal':
        return { is: 'literal', value: stringOf(node), at };
      case 'character_literal':
        return { is: 'literal', value: unescaped(node.text.slice(1, -1)), at };
      case 'integer_literal':
      case 'real_literal':
        return { is: 'literal', value: numberOf(node.text), at };
      case 'boolean_literal':
        return { is: 'literal', value: node.text === 'true', at };
      case 'null_literal':
        return { is: 'literal', value: null, at };
      case 'lambda_expression':
      case 'anonymous_method_expression':
        return { is: 'lambda', index: this.#lambda(node, handedTo), at };
      case 'invocation_expression':
        return this.call(node, depth);
      case 'throw_expression':
        return { is: 'throw', at };
      default:
        return this.#composed(node, at, depth);
    }
  }

  #composed(node: Node, at: At, depth: number): Expression {
    const inner = (part: Node | null | undefined): Expression => this.read(part, depth + 1);
    switch (node.type) {
      case 'parenthesized_expression':
      case 'await_expression':
      case 'checked_expression':
        return inner(partsOf(node)[0]);
      case 'cast_expression':
        return inner(node.childForFieldName('value'));
      case 'as_expression':
        return inner(node.childForFieldName('left'));
      // `_folder ??= Find()` comes to what is found, once.
      case 'assignment_expression':
        return inner(/^(?:\?\?)?=$/.test(node.childForFieldName('operator')?.text ?? '') ? node.childForFieldName('right') : null);
      case 'postfix_unary_expression':
        return node.text.endsWith('!') ? inner(partsOf(node)[0]) : { is: 'other', at };
      case 'prefix_unary_expression':
        return node.text.startsWith('!') ? { is: 'not', value: inner(partsOf(node)[0]), at } : this.#negative(node, at);
      case 'interpolated_string_expression':
        return { is: 'text', parts: this.#interpolated(node, depth), at };
      case 'object_creation_expression':
      case 'implicit_object_creation_expression':
        return this.#creation(node, at, depth);
      // `new { total, game.Turn }`: what it is made of.
      case 'anonymous_object_creation_expression':
        return { is: 'new', type: '', args: partsOf(node).slice(0, maxItems).map(inner), set: {}, at };
      case 'element_access_expression': {
        const key = partsOf(partsOf(node.childForFieldName('subscript'))[0])[0];
        return { is: 'index', of: inner(node.childForFieldName('expression')), key: inner(key), at };
      }
      case 'conditional_expression': {
        const [test, yes, no] = ['condition', 'consequence', 'alternative'].map((field) => inner(node.childForFieldName(field)));
        return { is: 'conditional', test: test!, yes: yes!, no: no!, at };
      }
      case 'typeof_expression':
        return { is: 'type', type: readType(node.childForFieldName('type') ?? partsOf(node)[0]).type, at };
      case 'binary_expression':
        return this.#binary(node, at, depth);
      case 'is_pattern_expression':
        return this.#pattern(node, at, depth);
      case 'array_creation_expression':
      case 'implicit_array_creation_expression':
        return this.#list(partsOf(node).find(({ type }) => type === 'initializer_expression') ?? null, at, depth);
      case 'initializer_expression':
      case 'collection_expression':
        return this.#list(node, at, depth);
      default:
        return this.#named(node, at, depth);
    }
  }

  #negative(node: Node, at: At): Expression {
    const number = /^-\s*([\d_.]+)$/.exec(node.text)?.[1];
    return number === undefined ? { is: 'other', at } : { is: 'literal', value: -Number(number.replace(/_/g, '')), at };
  }

  #list(node: Node | null, at: At, depth: number): Expression {
    const items = partsOf(node)
      .slice(0, maxItems)
      .map((part) => this.read(elementOf(part), depth + 1));
    return { is: 'list', items, at };
  }

  #interpolated(node: Node, depth: number): Expression[] {
    return partsOf(node)
      .slice(0, maxItems)
      .flatMap((part): Expression[] => {
        if (part.type === 'interpolation')
          return [
            this.read(
              partsOf(part).find(({ type }) => type !== 'interpolation_brace'),
              depth + 1,
            ),
          ];
        if (part.type === 'string_content')
          return [{ is: 'literal', value: part.text.replaceAll('{{', '{').replaceAll('}}', '}'), at: atOf(part) }];
        return part.type === 'escape_sequence' ? [{ is: 'literal', value: unescaped(part.text), at: atOf(part) }] : [];
      });
  }

  #binary(node: Node, at: At, depth: number): Expression {
    const operator = node.childForFieldName('operator')?.text ?? '';
    if (operator === '+') return { is: 'text', parts: this.#sum(node, depth), at };
    const left = this.read(node.childForFieldName('left'), depth + 1);
    const right = this.read(node.childForFieldName('right'), depth + 1);
    if (operator === '??') return { is: 'else', left, right, at };
    if (operator === '&&') return { is: 'and', left, right, at };
    if (operator === '||') return { is: 'or', left, right, at };
    if (operator !== '==' && operator !== '!=') return { is: 'other', at };
    // The grammar takes `a && b?.c == d` for `(a && b)?.c == d`.
    if (isTornAccess(node.childForFieldName('left')) && (left.is === 'and' || left.is === 'or'))
      return { ...left, right: { is: 'compare', left: left.right, operator, right, at }, at };
    return { is: 'compare', left, operator, right, at };
  }

  /** `a && b?.c`, which the grammar takes for `(a && b)?.c`. */
  #torn(node: Node, at: At, depth: number): Expression {
    const condition = node.childForFieldName('condition')!;
    const binding = partsOf(node).at(-1);
    const name = binding?.type === 'member_binding_expression' ? binding.childForFieldName('name') : null;
    const holder = this.read(condition.childForFieldName('right'), depth + 1);
    const right: Expression = !name
      ? { is: 'other', at }
      : holder.is === 'name'
        ? { is: 'name', path: [...holder.path, name.text], at }
        : { is: 'member', of: holder, name: name.text, at };
    const is = condition.childForFieldName('operator')?.text === '&&' ? 'and' : 'or';
    return { is, left: this.read(condition.childForFieldName('left'), depth + 1), right, at };
  }

  /** `a + b + c` flat. */
  #sum(node: Node, depth: number): Expression[] {
    const parts: Expression[] = [];
    let current: Node | null = node;
    const isSum = (one: Node): boolean => one.type === 'binary_expression' && one.childForFieldName('operator')?.text === '+';
    while (current && isSum(current) && parts.length < maxItems) {
      parts.unshift(this.read(current.childForFieldName('right'), depth + 1));
      current = current.childForFieldName('left');
    }
    return [this.read(current, depth + 1), ...parts];
  }

  /** `x is null`, `x is not null`, `x is "a"`. */
  #pattern(node: Node, at: At, depth: number): Expression {
    const left = this.read(node.childForFieldName('expression'), depth + 1);
    const pattern = node.childForFieldName('pattern');
    const isNegated = pattern?.type === 'negated_pattern';
    const constant = isNegated ? partsOf(pattern)[0] : pattern;
    if (constant?.type !== 'constant_pattern') return { is: 'other', at };
    return { is: 'compare', left, operator: isNegated ? '!=' : '==', right: this.read(partsOf(constant)[0], depth + 1), at };
  }

  /** Names and members: `a.b`, `this.a`, `a?.b`, `f().b`. */
  #named(node: Node, at: At, depth: number): Expression {
    if (node.type === 'identifier') return { is: 'name', path: [node.text], at };
    if (node.type === 'alias_qualified_name') return { is: 'name', path: [node.childForFieldName('name')?.text ?? ''], at };
    if (node.type === 'generic_name' || node.type === 'predefined_type' || node.type === 'qualified_name')
      return { is: 'name', path: readType(node).type.split('.'), at };
    if (isTornAccess(node)) return this.#torn(node, at, depth);
    const binding = node.type === 'conditional_access_expression' ? partsOf(node).at(-1) : undefined;
    if (binding?.type === 'element_binding_expression')
      return {
        is: 'index',
        of: this.read(node.childForFieldName('condition'), depth + 1),
        key: this.read(partsOf(partsOf(binding)[0])[0], depth + 1),
        at,
      };
    const access = this.#accessOf(node);
    if (!access) return { is: 'other', at };
    const { of, name } = access;
    if (!of || of.type === 'this' || of.type === 'base') return { is: 'name', path: [name], at };
    const holder = this.read(of, depth + 1);
    return holder.is === 'name' ? { is: 'name', path: [...holder.path, name], at } : { is: 'member', of: holder, name, at };
  }

  /** What stands before and behind the last dot. */
  #accessOf(node: Node): { readonly of: Node | null; readonly name: string; readonly named: Node } | undefined {
    if (node.type === 'member_access_expression') {
      const name = node.childForFieldName('name');
      const of = node.childForFieldName('expression') ?? null;
      return name ? { of, name: readType(name).type, named: name } : undefined;
    }
    if (node.type !== 'conditional_access_expression') return undefined;
    const binding = partsOf(node).at(-1);
    const name = binding?.type === 'member_binding_expression' ? binding.childForFieldName('name') : null;
    return name ? { of: node.childForFieldName('condition'), name: readType(name).type, named: name } : undefined;
  }

  call(node: Node, depth = 0): CallExpression {
    const known = this.#known.get(node.id);
    if (known?.is === 'call') return known;
    const made = this.#call(node, depth);
    this.#known.set(node.id, made);
    return made;
  }

  #call(node: Node, depth: number): CallExpression {
    const callee = node.childForFieldName('function');
    const access = callee ? this.#accessOf(callee) : undefined;
    const named = access?.named ?? callee;
    const { type: name, types } = readType(named);
    const isOwn = !access || access.of === null || access.of.type === 'this' || access.of.type === 'base';
    const on = isOwn ? undefined : access.of!;
    return {
      is: 'call',
      // Chains of builders are long: each link counts for half.
      ...(on ? { on: this.read(on, depth + (on.type === 'invocation_expression' ? 0.5 : 1)) } : {}),
      name: access ? name : (name.split('.').at(-1) ?? ''),
      nameAt: atOf(named ?? node),
      types,
      ...this.#arguments(node.childForFieldName('arguments'), depth, name),
      at: atOf(node),
    };
  }

  #arguments(node: Node | null, depth: number, handedTo: string): { args: Expression[]; named: Record<string, Expression> } {
    const args: Expression[] = [];
    const named: Record<string, Expression> = Object.create(null);
    for (const argument of partsOf(node).slice(0, maxItems)) {
      const name = argument.childForFieldName('name')?.text;
      const value = partsOf(argument).at(-1);
      const read = this.read(value, depth + 1, handedTo);
      if (name === undefined) args.push(read);
      else named[name] = read;
    }
    return { args, named: { ...named } };
  }

  #creation(node: Node, at: At, depth: number): Expression {
    const { type } = readType(node.childForFieldName('type'));
    const list = node.childForFieldName('arguments') ?? partsOf(node).find((part) => part.type === 'argument_list') ?? null;
    const set: Record<string, Expression> = Object.create(null);
    const initializer = node.childForFieldName('initializer') ?? partsOf(node).find((part) => part.type === 'initializer_expression');
    for (const part of partsOf(initializer).slice(0, maxItems)) {
      const left = part.type === 'assignment_expression' ? part.childForFieldName('left') : null;
      if (left) set[left.text] = this.read(part.childForFieldName('right'), depth + 1);
    }
    const { args, named } = this.#arguments(list, depth, type);
    return { is: 'new', type, args: [...args, ...Object.values(named)], set: { ...set }, at };
  }

  attribute(node: Node): Attribute {
    const args: Expression[] = [];
    const named: Record<string, Expression> = Object.create(null);
    const list = partsOf(node).find(({ type }) => type === 'attribute_argument_list');
    for (const argument of partsOf(list)) {
      const parts = partsOf(argument);
      const value = parts.at(-1);
      if (value?.type === 'assignment_expression')
        named[value.childForFieldName('left')?.text ?? ''] = this.read(value.childForFieldName('right'));
      else if (parts.length > 1) named[parts[0]!.text] = this.read(value);
      else args.push(this.read(value));
    }
    const name = readType(node.childForFieldName('name')).type;
    return { name: name.slice(name.lastIndexOf('.') + 1).replace(/Attribute$/, ''), args, named: { ...named }, at: atOf(node) };
  }
}
