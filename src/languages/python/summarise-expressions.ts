/** Expressions of the tree as plain data, to a bounded depth. */

import type { Node } from 'web-tree-sitter';
import { atOf, partsOf } from '../tree-sitter.ts';
import type { At, CallExpression, DictEntry, Expression } from './summary.ts';

const maxDepth = 14;
const maxItems = 300;
const longestText = 2000;

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '\\': '\\', "'": "'", '"': '"' };
const decode = (text: string): string =>
  text.replace(
    /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|(\r?\n)|(.))/g,
    (whole, hex?: string, code?: string, end?: string, letter?: string) => {
      if (hex ?? code) return String.fromCharCode(Number.parseInt((hex ?? code)!, 16));
      return end === undefined ? (escapes[letter ?? ''] ?? whole) : '';
    },
  );

export class ExpressionReader {
  /** @param lambdaOf numbers the functions without a name */
  constructor(readonly lambdaOf: (node: Node) => number) {}

  read(node: Node | null | undefined, depth = 0): Expression {
    if (!node) return { is: 'unknown', at: [1, 1, 1, 1] };
    const at = atOf(node);
    if (depth > maxDepth) return { is: 'unknown', at };
    const inner = (field: string): Expression => this.read(node.childForFieldName(field), depth + 1);
    switch (node.type) {
      case 'identifier':
        return { is: 'name', name: node.text, at };
      case 'string':
        return this.#string(node, at, depth);
      case 'concatenated_string':
        return joinTexts(
          partsOf(node)
            .slice(0, maxItems)
            .map((part) => this.read(part, depth + 1)),
          at,
        );
      case 'integer':
      case 'float':
        return readNumber(node.text, at);
      case 'true':
      case 'false':
        return { is: 'literal', value: node.type === 'true', at };
      case 'none':
        return { is: 'literal', value: null, at };
      case 'parenthesized_expression':
      case 'await':
      case 'type':
      case 'expression_statement':
        return this.read(partsOf(node)[0], depth + 1);
      case 'named_expression':
        return inner('value');
      case 'attribute':
        return { is: 'attribute', of: inner('object'), name: node.childForFieldName('attribute')?.text ?? '', at };
      case 'subscript':
        return { is: 'item', of: inner('value'), key: inner('subscript'), at };
      case 'generic_type':
        return this.#generic(node, at, depth);
      case 'call':
        return this.call(node, depth);
      case 'list':
      case 'tuple':
      case 'set':
      case 'expression_list':
      case 'pattern_list': {
        const items = partsOf(node)
          .slice(0, maxItems)
          .map((item) => this.read(item, depth + 1));
        return { is: 'list', items, type: node.type === 'list' || node.type === 'set' ? node.type : 'tuple', at };
      }
      case 'dictionary':
        return this.#dictionary(node, at, depth);
      case 'dictionary_comprehension':
        return { is: 'dict', entries: [], open: true, at };
      case 'boolean_operator': {
        const is = node.childForFieldName('operator')?.text === 'and' ? 'and' : 'or';
        return { is, left: inner('left'), right: inner('right'), at };
      }
      case 'not_operator':
        return { is: 'not', value: inner('argument'), at };
      case 'comparison_operator':
        return this.#comparison(node, at, depth);
      case 'conditional_expression': {
        const [yes, test, no] = partsOf(node);
        return { is: 'conditional', test: this.read(test, depth + 1), yes: this.read(yes, depth + 1), no: this.read(no, depth + 1), at };
      }
      case 'binary_operator':
        return this.#binary(node, at, depth);
      case 'unary_operator': {
        const value = inner('argument');
        return value.is === 'literal' && typeof value.value === 'number' && node.text.startsWith('-')
          ? { is: 'literal', value: -value.value, at }
          : { is: 'unknown', at };
      }
      case 'lambda':
        return { is: 'function', id: this.lambdaOf(node), at };
      default:
        return { is: 'unknown', at };
    }
  }

  call(node: Node, depth = 0): CallExpression {
    const args: Expression[] = [];
    const named: Record<string, Expression> = Object.create(null);
    let open = false;
    const list = node.childForFieldName('arguments');
    for (const argument of depth > maxDepth ? [] : list?.type === 'argument_list' ? partsOf(list).slice(0, maxItems) : []) {
      if (argument.type === 'keyword_argument')
        named[argument.childForFieldName('name')?.text ?? ''] = this.read(argument.childForFieldName('value'), depth + 1);
      else if (argument.type === 'list_splat' || argument.type === 'dictionary_splat') {
        open = true;
        if (argument.type === 'dictionary_splat') this.#spread(argument, named, depth);
      } else args.push(this.read(argument, depth + 1));
    }
    // Chains are followed further than other expressions: builders are long.
    const callee = this.read(node.childForFieldName('function'), depth + 0.4);
    return { is: 'call', callee, args, named: { ...named }, open, at: atOf(node) };
  }

  /** `**{'key': value}`. */
  #spread(node: Node, named: Record<string, Expression>, depth: number): void {
    const value = this.read(partsOf(node)[0], depth + 1);
    if (value.is === 'dict') for (const entry of value.entries) named[entry.key] = entry.value;
  }

  #string(node: Node, at: At, depth: number): Expression {
    const start = node.children[0]?.text ?? '';
    const isRaw = /r/i.test(start);
    const isFormat = /[ft]/i.test(start);
    const parts: Expression[] = [];
    if (!isFormat) {
      const text = node.text.slice(start.length, node.text.length - start.replace(/^\w*/, '').length).slice(0, longestText);
      return { is: 'literal', value: isRaw ? text : decode(text), at };
    }
    for (const part of partsOf(node).slice(0, maxItems)) {
      if (part.type === 'string_content')
        parts.push({
          is: 'literal',
          value: decode(part.text.slice(0, longestText)).replace(/\{\{/g, '{').replace(/\}\}/g, '}'),
          at: atOf(part),
        });
      else if (part.type === 'interpolation') parts.push(this.read(part.childForFieldName('expression'), depth + 1));
    }
    return joinTexts(parts, at);
  }

  /** `list[Note]`, `dict[str, Note]`. */
  #generic(node: Node, at: At, depth: number): Expression {
    const [of, parameters] = partsOf(node);
    const keys = partsOf(parameters).slice(0, maxItems);
    const read = (one: Node | undefined): Expression => this.read(one, depth + 1);
    const key: Expression = keys.length > 1 ? { is: 'list', items: keys.map(read), type: 'tuple', at } : read(keys[0]);
    return { is: 'item', of: read(of), key, at };
  }

  #dictionary(node: Node, at: At, depth: number): Expression {
    const entries: DictEntry[] = [];
    let open = false;
    for (const part of partsOf(node).slice(0, maxItems)) {
      const key = part.type === 'pair' ? this.read(part.childForFieldName('key'), depth + 1) : undefined;
      if (key?.is === 'literal' && (typeof key.value === 'string' || typeof key.value === 'number'))
        entries.push({ key: String(key.value), keyAt: key.at, value: this.read(part.childForFieldName('value'), depth + 1) });
      else open = true;
    }
    return { is: 'dict', entries, open, at };
  }

  #comparison(node: Node, at: At, depth: number): Expression {
    const [left, right, ...more] = partsOf(node);
    if (!left || !right || more.length > 0) return { is: 'unknown', at };
    const operator = node.children
      .filter((child) => child !== null && !child.isNamed)
      .map((child) => child!.text)
      .join(' ');
    return { is: 'compare', left: this.read(left, depth + 1), operator, right: this.read(right, depth + 1), at };
  }

  #binary(node: Node, at: At, depth: number): Expression {
    const operator = node.childForFieldName('operator')?.text;
    if (operator === '+' || operator === '/') {
      const left = this.read(node.childForFieldName('left'), depth + 0.5);
      const right = this.read(node.childForFieldName('right'), depth + 1);
      const numbers = [left, right].every(({ is, ...rest }) => is === 'literal' && typeof (rest as { value?: unknown }).value === 'number');
      if (numbers) return { is: 'unknown', at };
      return operator === '+' ? joinTexts([left, right], at) : { is: 'text', parts: [left, right], slash: true, at };
    }
    if (operator === '|') {
      const left = this.read(node.childForFieldName('left'), depth + 1);
      const right = this.read(node.childForFieldName('right'), depth + 1);
      // `Store | None`, which only types say.
      if (isNone(right)) return { is: 'item', of: { is: 'name', name: 'Optional', at }, key: left, at };
      if (isNone(left)) return { is: 'item', of: { is: 'name', name: 'Optional', at }, key: right, at };
    }
    if (operator === '%') {
      const left = this.read(node.childForFieldName('left'), depth + 1);
      if (left.is === 'literal' && typeof left.value === 'string')
        return {
          is: 'text',
          parts: [
            { ...left, value: left.value.replace(/%.*$/s, '') },
            { is: 'unknown', at },
          ],
          at,
        };
    }
    return { is: 'unknown', at };
  }
}

const isNone = (expression: Expression): boolean => expression.is === 'literal' && expression.value === null;

function readNumber(text: string, at: At): Expression {
  const value = Number(text.replace(/_/g, ''));
  return Number.isFinite(value) ? { is: 'literal', value, at } : { is: 'unknown', at };
}

/** Texts without anything between them are one literal. */
function joinTexts(parts: readonly Expression[], at: At): Expression {
  const flat = parts.flatMap((part) => (part.is === 'text' && !part.slash ? part.parts : [part]));
  if (flat.every((part) => part.is === 'literal')) {
    return {
      is: 'literal',
      value: flat
        .map((part) => String((part as { value: unknown }).value))
        .join('')
        .slice(0, longestText),
      at,
    };
  }
  return { is: 'text', parts: flat.slice(0, maxItems), at };
}
