/** Expressions of Java, with the precedence that the grammar gives them. */
import { precedences } from './precedences.ts';
import type { QuickNode } from './quick-node.ts';
import { TypeReader } from './read-types.ts';
import { unsure } from './tokens.ts';

const assignments = /^(?:[-+*/&|^%]?=|<<=|>>=|>>>=)$/;
const assignable = /^(?:identifier|field_access|array_access)$/;
/** Longer chains and sums are left to the grammar. */
const longestChain = 300;

interface Operator {
  readonly text: string;
  readonly tokens: number;
}

export abstract class ExpressionReader extends TypeReader {
  /** A label of a switch: its arrow is none of a lambda. */
  #inLabel = false;

  protected abstract block(): QuickNode;
  protected abstract classBody(): QuickNode;
  protected abstract switch(): QuickNode;

  protected expression(): QuickNode {
    this.enter();
    const expression = this.#assignment();
    this.leave();
    return expression;
  }

  protected labelExpression(): QuickNode {
    this.#inLabel = true;
    const label = this.deeper(() => this.#ternary());
    this.#inLabel = false;
    return label;
  }

  protected parenthesized(): QuickNode {
    const first = this.at;
    this.expect('(');
    const inner = this.expression();
    this.expect(')');
    return this.node('parenthesized_expression', first, [inner]);
  }

  #assignment(): QuickNode {
    const first = this.at;
    const left = this.#ternary();
    const found = this.#operator();
    if (!found || !assignments.test(found.text)) return left;
    if (!assignable.test(left.type)) unsure();
    const operator = this.#takeOperator(found);
    const right = this.expression();
    return this.node('assignment_expression', first, [left, right], { left, operator, right });
  }

  #ternary(): QuickNode {
    const first = this.at;
    const condition = this.#binary(0);
    if (!this.take('?')) return condition;
    const inLabel = this.#inLabel;
    this.#inLabel = false;
    const consequence = this.expression();
    this.#inLabel = inLabel;
    this.expect(':');
    const alternative = this.expression();
    return this.node('ternary_expression', first, [condition, consequence, alternative], {
      condition,
      consequence,
      alternative,
    });
  }

  /** `>`, `>>`, `>=` and so on are one operator when nothing stands between their characters. */
  #operator(): Operator | undefined {
    const { tokens, at } = this;
    const { kind, text } = this;
    if (kind !== 'symbol' || text !== '>') return kind === 'symbol' || text === 'instanceof' ? { text, tokens: 1 } : undefined;
    let joined = text;
    let last = at;
    while (tokens.kinds[last + 1] === 'symbol' && tokens.starts[last + 1] === tokens.ends[last] && /^>=?$/.test(tokens.texts[last + 1]!))
      joined += tokens.texts[++last];
    return { text: joined, tokens: last - at + 1 };
  }

  #takeOperator({ tokens }: Operator): QuickNode {
    const first = this.at;
    this.at += tokens;
    return this.node('operator', first);
  }

  #binary(least: number): QuickNode {
    const first = this.at;
    let left = this.#unary();
    for (let count = 0; ; count++) {
      const found = this.#operator();
      const precedence = found && Object.hasOwn(precedences, found.text) ? precedences[found.text]! : 0;
      if (!found || precedence <= least) return left;
      if (count > longestChain || left.type === 'lambda_expression') unsure();
      const operator = this.#takeOperator(found);
      left = found.text === 'instanceof' ? this.#instanceOf(first, left) : this.#operation(first, left, operator, precedence);
    }
  }

  #operation(first: number, left: QuickNode, operator: QuickNode, precedence: number): QuickNode {
    const right = this.deeper(() => this.#binary(precedence));
    if (right.type === 'lambda_expression') unsure();
    return this.node('binary_expression', first, [left, right], { left, operator, right });
  }

  #instanceOf(first: number, left: QuickNode): QuickNode {
    this.take('final');
    this.annotatedType();
    if (this.is('(')) unsure();
    if (this.isName()) this.at++;
    return this.node('instanceof_expression', first, [left], { left });
  }

  #unary(): QuickNode {
    const first = this.at;
    const { text } = this;
    if (this.kind !== 'symbol') return this.#postfix();
    if (text === '+' || text === '-' || text === '!' || text === '~') {
      this.at++;
      return this.node('unary_expression', first, [this.#operand()]);
    }
    if (text === '++' || text === '--') {
      this.at++;
      return this.node('update_expression', first, [this.#operand()]);
    }
    return (text === '(' ? this.#cast() : undefined) ?? this.#postfix();
  }

  /** The grammar binds `-x++` as `(-x)++`. */
  #operand(): QuickNode {
    const operand = this.deeper(() => this.#unary());
    if (operand.type === 'update_expression' || operand.type === 'lambda_expression') unsure();
    return operand;
  }

  #cast(): QuickNode | undefined {
    const first = this.at;
    if (this.#isLambda()) return undefined;
    const type = this.attempt(() => {
      this.expect('(');
      const found = this.is('@') ? this.annotatedType() : this.maybeType();
      while (found && this.take('&')) if (!this.maybeType()) return undefined;
      return found && this.take(')') && this.#mayBeCast(found) ? found : undefined;
    });
    if (!type) return undefined;
    const value = this.deeper(() => (this.#isLambda() ? this.#lambda() : this.#unary()));
    return this.node('cast_expression', first, [type, value], { type, value });
  }

  /** `(a) + b` adds; `(int) + b` casts. */
  #mayBeCast({ type }: QuickNode): boolean {
    const { kind, text } = this;
    if (kind === 'name' || kind === 'number' || kind === 'text') return true;
    if (kind === 'keyword') return text !== 'instanceof';
    if (text === '(' || text === '!' || text === '~') return true;
    const isSign = text === '+' || text === '-' || text === '++' || text === '--';
    if (isSign && /^(?:integral|floating_point|boolean)_type$/.test(type)) return true;
    if (text === '++' || text === '--') unsure();
    return false;
  }

  #postfix(): QuickNode {
    const first = this.at;
    let node = this.#primary();
    for (let count = 0; ; count++) {
      if (count > longestChain) unsure();
      const next = this.#suffix(first, node);
      if (!next) return node;
      node = next;
    }
  }

  #suffix(first: number, on: QuickNode): QuickNode | undefined {
    if (this.kind !== 'symbol') return undefined;
    switch (this.text) {
      case '.':
        if (on.type === 'update_expression') unsure();
        this.at++;
        return this.#member(first, on);
      case '[':
        return this.#access(first, on);
      case '::':
        return this.#reference(first, on);
      case '++':
      case '--':
        this.at++;
        return this.node('update_expression', first, [on]);
      default:
        return undefined;
    }
  }

  #access(first: number, array: QuickNode): QuickNode {
    if (array.type === 'update_expression' || array.type === 'array_creation_expression') unsure();
    this.expect('[');
    const index = this.expression();
    this.expect(']');
    return this.node('array_access', first, [array, index], { array, index });
  }

  #member(first: number, object: QuickNode): QuickNode {
    if (this.is('new') && object.type !== 'super') return this.#creation(first, object);
    if (this.take('super')) {
      this.expect('.');
      if (!this.isName() || !this.is('(', 1)) unsure();
    }
    if (this.is('<') && !this.typeArguments()) unsure();
    if (this.is('this')) {
      const field = this.leaf('this');
      return this.node('field_access', first, [object, field], { object, field });
    }
    const name = this.identifier();
    if (!this.is('(')) return this.#field(first, object, name);
    return this.#invocation(first, name, object);
  }

  #field(first: number, object: QuickNode, field: QuickNode): QuickNode {
    if (object.type === 'super' && this.is('::')) unsure();
    return this.node('field_access', first, [object, field], { object, field });
  }

  #invocation(first: number, name: QuickNode, object?: QuickNode): QuickNode {
    const args = this.arguments();
    return this.node('method_invocation', first, object ? [object, name, args] : [name, args], { object, name, arguments: args });
  }

  protected arguments(): QuickNode {
    const first = this.at;
    this.expect('(');
    const inLabel = this.#inLabel;
    this.#inLabel = false;
    const list: QuickNode[] = [];
    if (!this.is(')')) {
      do list.push(this.expression());
      while (this.take(','));
    }
    this.expect(')');
    this.#inLabel = inLabel;
    return this.node('argument_list', first, list);
  }

  #reference(first: number, on: QuickNode): QuickNode {
    this.expect('::');
    if (this.is('<') && !this.typeArguments()) unsure();
    if (this.take('new')) return this.node('method_reference', first, [on]);
    return this.node('method_reference', first, [on, this.identifier()]);
  }

  #primary(): QuickNode {
    const { kind, text } = this;
    if (kind === 'name') return this.#name();
    if (kind === 'number') return this.#number();
    if (kind === 'text') return this.leaf(text === '"' ? 'string_literal' : 'character_literal');
    if (kind === 'keyword') return this.#keyword();
    if (text !== '(') return unsure();
    return this.#isLambda() ? this.#lambda() : this.deeper(() => this.parenthesized());
  }

  #number(): QuickNode {
    const literal = this.leaf('');
    const { text } = literal;
    const type = /^0[xX]/.test(text)
      ? 'hex_integer'
      : /^0[bB]/.test(text)
        ? 'binary_integer'
        : /[.eEfFdD]/.test(text)
          ? 'decimal_floating_point'
          : /^0[0-7_]+[lL]?$/.test(text)
            ? 'octal_integer'
            : 'decimal_integer';
    return this.node(`${type}_literal`, literal.first);
  }

  #keyword(): QuickNode {
    const { text } = this;
    if (text === 'true' || text === 'false' || text === 'this') return this.leaf(text);
    if (text === 'null') return this.leaf('null_literal');
    if (text === 'new') return this.#creation(this.at);
    if (text === 'super') {
      if (!this.is('.', 1) && !this.is('::', 1)) unsure();
      return this.leaf('super');
    }
    return text === 'switch' ? this.switch() : (this.#typeMember() ?? unsure());
  }

  #name(): QuickNode {
    if (this.is('->', 1) && !this.#inLabel) return this.#lambda();
    // Words that only sometimes are names.
    if (this.text === 'yield') unsure();
    const found = this.#mayNameType() ? this.#typeMember() : undefined;
    if (found) return found;
    const first = this.at;
    const name = this.identifier();
    return this.is('(') ? this.#invocation(first, name) : name;
  }

  #mayNameType(): boolean {
    let ahead = 1;
    while (this.is('.', ahead) && this.isName(ahead + 1)) ahead += 2;
    return this.is('<', ahead) || (this.is('[', ahead) && this.is(']', ahead + 1)) || (this.is('.', ahead) && this.is('class', ahead + 1));
  }

  /** `List<String>::new`, `Cart[]::new`, `Cart.class` */
  #typeMember(): QuickNode | undefined {
    return this.attempt(() => {
      const first = this.at;
      const type = this.maybeType();
      if (!type) return undefined;
      if (this.is('.') && this.is('class', 1)) {
        this.at += 2;
        return this.node('class_literal', first, [type]);
      }
      const isPlain = type.type === 'type_identifier' || type.type === 'scoped_type_identifier';
      return this.is('::') && !isPlain ? this.#reference(first, type) : undefined;
    });
  }

  /** `new Cart()`, `shop.new Cart()` */
  #creation(first: number, outer?: QuickNode): QuickNode {
    this.expect('new');
    if (this.is('@') || this.is('<')) unsure();
    const type = this.simpleType();
    if (this.is('[')) return outer ? unsure() : this.#arrayCreation(first, type);
    const args = this.arguments();
    const body = this.is('{') ? [this.deeper(() => this.classBody())] : [];
    return this.node('object_creation_expression', first, [...(outer ? [outer] : []), type, args, ...body], { type, arguments: args });
  }

  #arrayCreation(first: number, type: QuickNode): QuickNode {
    const sizes: QuickNode[] = [];
    while (this.is('[') && !this.is(']', 1)) {
      this.at++;
      sizes.push(this.expression());
      this.expect(']');
    }
    const isOpen = this.is('[');
    this.dimensions();
    if (!isOpen || sizes.length > 0) return this.node('array_creation_expression', first, [type, ...sizes], { type });
    const value = this.arrayInitializer();
    return this.node('array_creation_expression', first, [type, value], { type, value });
  }

  protected arrayInitializer(): QuickNode {
    return this.list('array_initializer', () => (this.is('{') ? this.deeper(() => this.arrayInitializer()) : this.expression()));
  }

  /** A name or a list in parentheses stands before an arrow. */
  #isLambda(): boolean {
    if (this.isName()) return this.is('->', 1) && !this.#inLabel;
    if (!this.is('(')) return false;
    let depth = 0;
    for (let ahead = 0; this.tokens.kinds[this.at + ahead] !== 'end'; ahead++) {
      if (this.is('(', ahead)) depth++;
      else if (this.is(')', ahead) && --depth === 0) return this.is('->', ahead + 1) && !this.#inLabel;
    }
    return unsure();
  }

  #lambda(): QuickNode {
    const first = this.at;
    if (this.isName()) this.identifier();
    else if (this.isName(1) && (this.is(',', 2) || this.is(')', 2))) this.#names();
    else this.parameters();
    this.expect('->');
    const body = this.is('{') ? this.deeper(() => this.block()) : this.expression();
    return this.node('lambda_expression', first, [body], { body });
  }

  #names(): void {
    this.expect('(');
    do this.identifier();
    while (this.take(','));
    this.expect(')');
  }
}
