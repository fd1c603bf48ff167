/** Names, types and annotations of Java. What is unusual is left to the grammar: see `Unsure`. */
import { QuickNode } from './quick-node.ts';
import { type Kind, Tokens, unsure } from './tokens.ts';

/** Deeper code is left to the grammar. */
const deepest = 100;
const numbers = /^(?:byte|short|int|long|char)$/;

const modifierWords: ReadonlySet<string> = new Set([
  'public',
  'protected',
  'private',
  'abstract',
  'static',
  'final',
  'strictfp',
  'default',
  'synchronized',
  'native',
  'transient',
  'volatile',
]);

export abstract class TypeReader {
  protected readonly tokens: Tokens;
  protected at = 0;
  #depth = 0;

  constructor(source: string) {
    this.tokens = new Tokens(source);
  }

  protected abstract expression(): QuickNode;

  protected get text(): string {
    return this.tokens.texts[this.at]!;
  }
  protected get kind(): Kind {
    return this.tokens.kinds[this.at]!;
  }
  /** A symbol or keyword stands at this distance. */
  protected is(text: string, ahead = 0): boolean {
    const kind = this.tokens.kinds[this.at + ahead];
    return this.tokens.texts[this.at + ahead] === text && (kind === 'symbol' || kind === 'keyword');
  }
  protected isName(ahead = 0): boolean {
    return this.tokens.kinds[this.at + ahead] === 'name';
  }
  protected take(text: string): boolean {
    if (!this.is(text)) return false;
    this.at++;
    return true;
  }
  protected expect(text: string): void {
    if (!this.take(text)) unsure();
  }
  protected node(type: string, first: number, children?: readonly QuickNode[], fields?: QuickNode['fields']): QuickNode {
    return new QuickNode(this.tokens, type, first, this.at - 1, children, fields);
  }
  protected leaf(type: string): QuickNode {
    const first = this.at++;
    return this.node(type, first);
  }
  protected enter(): void {
    if (++this.#depth > deepest) unsure();
  }
  protected leave(): void {
    this.#depth--;
  }
  protected deeper<T>(read: () => T): T {
    this.enter();
    const result = read();
    this.leave();
    return result;
  }
  /** What `read` finds, else nothing and nothing is read. */
  protected attempt<T>(read: () => T | undefined): T | undefined {
    const [start, depth] = [this.at, this.#depth];
    const result = read();
    if (result === undefined) {
      this.at = start;
      this.#depth = depth;
    }
    return result;
  }

  protected identifier(type = 'identifier'): QuickNode {
    if (!this.isName()) unsure();
    return this.leaf(type);
  }

  /** `a.b.c`, as far as names follow. */
  protected qualifiedName(): QuickNode {
    const first = this.at;
    let name = this.identifier();
    while (this.is('.') && this.isName(1)) {
      this.at += 2;
      name = this.node('scoped_identifier', first);
    }
    return name;
  }

  protected type(): QuickNode {
    return this.attempt(() => this.maybeType()) ?? unsure();
  }

  /** A type, if one stands here; expressions may begin alike. */
  protected maybeType(): QuickNode | undefined {
    const first = this.at;
    const simple = this.#simpleType();
    if (!simple) return undefined;
    return this.dimensions() ? this.node('array_type', first, [simple], { element: simple }) : simple;
  }

  /** A type, with annotations of its own where the grammar has a place for them. */
  protected annotatedType(): QuickNode {
    return this.attempt(() => this.#maybeAnnotatedType()) ?? unsure();
  }

  #maybeAnnotatedType(): QuickNode | undefined {
    const first = this.at;
    const annotations = this.annotations();
    const type = this.maybeType();
    return type && annotations.length > 0 ? this.node('annotated_type', first, [...annotations, type]) : type;
  }

  /** `[] @Nullable []`, if anything. */
  protected dimensions(): boolean {
    const first = this.at;
    while (this.is('@') || (this.is('[') && this.is(']', 1))) {
      const start = this.at;
      this.annotations();
      if (!this.is('[') || !this.is(']', 1)) {
        this.at = start;
        break;
      }
      this.at += 2;
    }
    return this.at > first;
  }

  protected annotations(): readonly QuickNode[] {
    const list: QuickNode[] = [];
    while (this.is('@')) list.push(this.annotation());
    return list;
  }

  /** A type that `new` can be followed by. */
  protected simpleType(): QuickNode {
    return this.attempt(() => this.#simpleType()) ?? unsure();
  }

  #simpleType(): QuickNode | undefined {
    const first = this.at;
    if (this.kind === 'keyword') return this.#primitiveType();
    if (!this.isName()) return undefined;
    let type = this.identifier('type_identifier');
    for (;;) {
      if (this.is('<')) {
        if (!this.typeArguments()) return undefined;
        type = this.node('generic_type', first, [type]);
      } else if (this.is('.') && (this.isName(1) || this.is('@', 1))) {
        this.at++;
        this.annotations();
        if (!this.isName()) return undefined;
        this.at++;
        type = this.node('scoped_type_identifier', first);
      } else return type;
    }
  }

  #primitiveType(): QuickNode | undefined {
    const { text } = this;
    const type = numbers.test(text)
      ? 'integral_type'
      : text === 'float' || text === 'double'
        ? 'floating_point_type'
        : text === 'boolean' || text === 'void'
          ? `${text}_type`
          : undefined;
    if (type === undefined) return undefined;
    return this.leaf(type);
  }

  /** `<A, ? extends B>`; false when something else stands there. */
  protected typeArguments(): boolean {
    this.expect('<');
    if (this.take('>')) return true;
    do {
      if (!this.#typeArgument()) return false;
    } while (this.take(','));
    return this.take('>');
  }

  #typeArgument(): boolean {
    this.annotations();
    if (!this.take('?')) return this.maybeType() !== undefined;
    return !(this.take('extends') || this.take('super')) || this.#maybeAnnotatedType() !== undefined;
  }

  /** `<T extends A & B>` of a declaration. */
  protected typeParameters(): void {
    this.expect('<');
    do {
      this.annotations();
      this.identifier();
      if (this.take('extends')) {
        do this.annotatedType();
        while (this.take('&'));
      }
    } while (this.take(','));
    this.expect('>');
  }

  protected annotation(): QuickNode {
    const first = this.at;
    this.expect('@');
    const name = this.qualifiedName();
    if (!this.is('(')) return this.node('marker_annotation', first, [name], { name });
    const args = this.#annotationArguments();
    return this.node('annotation', first, [name, args], { name, arguments: args });
  }

  #annotationArguments(): QuickNode {
    const first = this.at;
    this.expect('(');
    const list: QuickNode[] = [];
    if (this.isName() && this.is('=', 1)) {
      do list.push(this.#elementPair());
      while (this.take(','));
    } else if (!this.is(')')) list.push(this.elementValue());
    this.expect(')');
    return this.node('annotation_argument_list', first, list);
  }

  #elementPair(): QuickNode {
    const first = this.at;
    const key = this.identifier();
    this.expect('=');
    const value = this.elementValue();
    return this.node('element_value_pair', first, [key, value], { key, value });
  }

  protected elementValue(): QuickNode {
    if (this.is('@')) return this.annotation();
    if (!this.is('{')) return this.expression();
    return this.list('element_value_array_initializer', () => this.deeper(() => this.elementValue()));
  }

  protected modifiers(): QuickNode | undefined {
    const first = this.at;
    const list: QuickNode[] = [];
    for (;;) {
      if (this.is('@') && !this.is('interface', 1)) list.push(this.annotation());
      else if (this.kind === 'keyword' && modifierWords.has(this.text)) list.push(this.leaf(this.text));
      else if (this.isName() && this.text === 'sealed' && this.#isModifier(1)) list.push(this.leaf('sealed'));
      else if (this.#isNonSealed()) list.push(this.#nonSealed());
      else return list.length > 0 ? this.node('modifiers', first, list) : undefined;
    }
  }

  /** The words before a type may also be names. */
  #isModifier(ahead: number): boolean {
    const text = this.tokens.texts[this.at + ahead]!;
    return this.tokens.kinds[this.at + ahead] === 'keyword' && (text === 'class' || text === 'interface' || modifierWords.has(text));
  }
  #isNonSealed(): boolean {
    return this.isName() && this.text === 'non' && this.is('-', 1) && this.tokens.texts[this.at + 2] === 'sealed' && this.#isModifier(3);
  }
  #nonSealed(): QuickNode {
    const first = this.at;
    this.at += 3;
    return this.node('non-sealed', first);
  }

  protected parameters(): QuickNode {
    const first = this.at;
    this.expect('(');
    const list: QuickNode[] = [];
    if (!this.is(')')) {
      do list.push(this.#parameter());
      while (this.take(','));
    }
    this.expect(')');
    return this.node('formal_parameters', first, list);
  }

  #parameter(): QuickNode {
    const first = this.at;
    const modifiers = this.modifiers();
    const before = modifiers ? [modifiers] : [];
    const type = this.type();
    const isSpread = this.take('...');
    const name = this.identifier();
    this.dimensions();
    return isSpread
      ? this.node('spread_parameter', first, before)
      : this.node('formal_parameter', first, [...before, type, name], { type, name });
  }

  /** `{ a, b, }` */
  protected list(type: string, read: () => QuickNode): QuickNode {
    const first = this.at;
    this.expect('{');
    const items: QuickNode[] = [];
    while (!this.is('}')) {
      items.push(read());
      if (!this.take(',')) break;
    }
    this.expect('}');
    return this.node(type, first, items);
  }
}
