/** Expressions and types of the tree as plain data, to a bounded depth. */

import type { Node } from 'web-tree-sitter';
import { atOf, partsOf } from '../tree-sitter.ts';
import type { At, CallExpression, CompositeExpression, Expression, Field } from './summary.ts';

const maxDepth = 14;
const maxItems = 300;
const longestText = 2000;

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '\\': '\\', "'": "'", '"': '"' };
const decode = (text: string): string =>
  text.replace(/\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|(.))/g, (whole, hex?: string, code?: string, letter?: string) =>
    (hex ?? code) ? String.fromCharCode(Number.parseInt((hex ?? code)!, 16)) : (escapes[letter ?? ''] ?? whole),
  );

/** What a string literal says. */
export const textOfLiteral = ({ text }: Node): string => (text.startsWith('`') ? text.slice(1, -1) : decode(text.slice(1, -1)));

const holders: Readonly<Record<string, readonly ['list' | 'map' | 'channel', string]>> = {
  slice_type: ['list', 'element'],
  array_type: ['list', 'element'],
  implicit_length_array_type: ['list', 'element'],
  map_type: ['map', 'value'],
  channel_type: ['channel', 'value'],
};

export class ExpressionReader {
  /** One object for each node, so that what stands in several places is stored once. */
  readonly #known = new Map<number, Expression>();
  readonly names = new Set<string>();

  /** @param literalOf numbers the functions without a name */
  constructor(readonly literalOf: (node: Node) => number) {}

  read(node: Node | null | undefined, depth = 0): Expression {
    if (!node) return { is: 'unknown', at: [1, 1, 1, 1] };
    const known = this.#known.get(node.id);
    if (known) return known;
    const made = this.#make(node, depth);
    if (depth < maxDepth) this.#known.set(node.id, made);
    return made;
  }

  #make(node: Node, depth: number): Expression {
    const at = atOf(node);
    if (depth > maxDepth) return { is: 'unknown', at };
    const inner = (field: string): Expression => this.read(node.childForFieldName(field), depth + 1);
    const holder = Object.hasOwn(holders, node.type) ? holders[node.type] : undefined;
    if (holder) return { is: 'holder', kind: holder[0], of: inner(holder[1]), at };
    switch (node.type) {
      case 'identifier':
      case 'field_identifier':
      case 'type_identifier':
      case 'package_identifier':
        return this.#named({ is: 'name', name: node.text, at });
      case 'interpreted_string_literal':
      case 'raw_string_literal': {
        const text = textOfLiteral(node);
        return text.length > longestText ? { is: 'unknown', at } : { is: 'literal', value: text, at };
      }
      case 'int_literal':
      case 'float_literal':
        return readNumber(node.text, at);
      case 'true':
      case 'false':
        return { is: 'literal', value: node.type === 'true', at };
      case 'nil':
        return { is: 'literal', value: null, at };
      case 'selector_expression':
        return this.#named({ is: 'selector', of: inner('operand'), name: node.childForFieldName('field')?.text ?? '', at });
      case 'qualified_type':
        return { is: 'selector', of: inner('package'), name: node.childForFieldName('name')?.text ?? '', at };
      case 'call_expression':
        return this.#call(node, depth);
      case 'composite_literal':
        return this.#elements(inner('type'), node.childForFieldName('body'), at, depth);
      case 'func_literal':
        return { is: 'function', id: this.literalOf(node), at };
      case 'index_expression':
        return { is: 'index', of: inner('operand'), key: inner('index'), at };
      case 'binary_expression':
        return this.#binary(node, at, depth);
      case 'unary_expression':
        return node.text.startsWith('!') ? { is: 'not', value: inner('operand'), at } : inner('operand');
      case 'generic_type':
      case 'type_assertion_expression':
        return inner('type');
      case 'slice_expression':
        return inner('operand');
      case 'type_conversion_expression':
        return inner('operand');
      case 'pointer_type':
      case 'parenthesized_expression':
      case 'parenthesized_type':
      case 'expression_list':
      case 'literal_element':
        return this.read(partsOf(node)[0], depth + 1);
      default:
        return { is: 'unknown', at };
    }
  }

  #named<T extends Expression & { readonly name: string }>(expression: T): T {
    this.names.add(expression.name);
    return expression;
  }

  #call(node: Node, depth: number): CallExpression {
    const args = partsOf(node.childForFieldName('arguments')).slice(0, maxItems);
    return {
      is: 'call',
      callee: this.read(node.childForFieldName('function'), depth + 1),
      args: args.map((argument) => this.read(argument, depth + 1)),
      at: atOf(node),
    };
  }

  #elements(type: Expression, body: Node | null, at: At, depth: number): CompositeExpression {
    const fields: Field[] = [];
    const items: Expression[] = [];
    // The type of what a list or map holds may be left out.
    const held: Expression = type.is === 'holder' ? type.of : { is: 'unknown', at };
    const heldValue = (part: Node | null | undefined): Expression => {
      const own = part?.type === 'literal_element' ? partsOf(part)[0] : part;
      if (own?.type === 'literal_value' && depth < maxDepth) return this.#elements(held, own, atOf(own), depth + 1);
      return this.read(own, depth + 1);
    };
    for (const part of partsOf(body).slice(0, maxItems)) {
      if (part.type !== 'keyed_element') items.push(heldValue(part));
      else {
        const key = part.childForFieldName('key');
        const name = key ? keyText(key) : undefined;
        const value = heldValue(part.childForFieldName('value'));
        if (name === undefined || !key) items.push(value);
        else fields.push({ key: name, keyAt: atOf(key), value });
      }
    }
    return { is: 'composite', type, fields, items, at };
  }

  #binary(node: Node, at: At, depth: number): Expression {
    const operator = node.childForFieldName('operator')?.text ?? '';
    const [left, right] = ['left', 'right'].map((field) => this.read(node.childForFieldName(field), depth + 1)) as [Expression, Expression];
    if (operator === '+') {
      const parts = [left, right].flatMap((part) => (part.is === 'text' ? part.parts : [part]));
      return { is: 'text', parts, at };
    }
    return { is: 'binary', operator, left, right, at };
  }
}

/** The name or text of a key. */
function keyText(node: Node): string | undefined {
  const [key = node] = node.type === 'literal_element' ? partsOf(node) : [];
  if (/^(?:identifier|field_identifier)$/.test(key.type)) return key.text;
  return /_string_literal$/.test(key.type) ? textOfLiteral(key) : undefined;
}

function readNumber(text: string, at: At): Expression {
  const value = Number(text.replaceAll('_', ''));
  return Number.isFinite(value) ? { is: 'literal', value, at } : { is: 'unknown', at };
}
