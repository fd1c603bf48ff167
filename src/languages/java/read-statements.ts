/** Statements of Java. Those of which no summary speaks share one name. */
import type { QuickNode } from './quick-node.ts';
import { ExpressionReader } from './read-expressions.ts';
import { unsure } from './tokens.ts';

export abstract class StatementReader extends ExpressionReader {
  /** A class, record, interface, enum or annotation, if one is declared here. */
  protected abstract maybeTypeDeclaration(first: number, modifiers: QuickNode | undefined): QuickNode | undefined;

  protected block(): QuickNode {
    const first = this.at;
    this.expect('{');
    return this.node('block', first, this.#statementsUntilBrace());
  }

  #statementsUntilBrace(): readonly QuickNode[] {
    const list: QuickNode[] = [];
    while (!this.take('}')) list.push(this.#statement());
    return list;
  }

  protected constructorBody(): QuickNode {
    const first = this.at;
    this.expect('{');
    const call = (this.is('this') || this.is('super')) && this.is('(', 1) ? [this.#constructorCall()] : [];
    return this.node('constructor_body', first, [...call, ...this.#statementsUntilBrace()]);
  }

  #constructorCall(): QuickNode {
    const first = this.at++;
    const args = this.arguments();
    this.expect(';');
    return this.node('explicit_constructor_invocation', first, [args]);
  }

  #statement(): QuickNode {
    this.enter();
    const statement = this.#read();
    this.leave();
    return statement;
  }

  #read(): QuickNode {
    const first = this.at;
    if (this.kind === 'symbol') {
      if (this.is('{')) return this.block();
      if (this.take(';')) return this.node('statement', first);
    }
    if (this.isName() && this.is(':', 1)) {
      this.at += 2;
      return this.node('statement', first, [this.#statement()]);
    }
    if (this.text === 'yield' && this.isName()) return this.#yield(first);
    return this.#keyword(first) ?? this.#declaration(first) ?? this.#expressionStatement(first);
  }

  /** Before a sign or an empty list it may be a name. */
  #yield(first: number): QuickNode {
    this.at++;
    if (this.kind === 'symbol' && !this.is('!') && (!this.is('(') || this.is(')', 1))) unsure();
    return this.#expressionStatement(first);
  }

  #expressionStatement(first: number): QuickNode {
    const expression = this.expression();
    this.expect(';');
    return this.node('statement', first, [expression]);
  }

  #keyword(first: number): QuickNode | undefined {
    if (this.kind !== 'keyword') return undefined;
    if (this.is('return')) return this.node('return_statement', first, this.#one(this.is(';', 1)));
    const parts = this.#keywordParts();
    return parts && this.node('statement', first, parts);
  }

  /** What stands in a statement that begins with a keyword. */
  #keywordParts(): readonly QuickNode[] | undefined {
    switch (this.text) {
      case 'if':
        return this.#if();
      case 'for':
        return this.#for();
      case 'while':
        this.at++;
        return [this.parenthesized(), this.#statement()];
      case 'do':
        return this.#do();
      case 'try':
        return this.#try();
      case 'switch':
        return [this.switch()];
      case 'throw':
        return this.#one(false);
      case 'break':
      case 'continue':
        return this.#jump();
      case 'assert':
        return this.#assert();
      case 'synchronized':
        this.at++;
        return [this.parenthesized(), this.block()];
      default:
        return undefined;
    }
  }

  #one(isEmpty: boolean): readonly QuickNode[] {
    this.at++;
    const parts = isEmpty ? [] : [this.expression()];
    this.expect(';');
    return parts;
  }

  #jump(): readonly QuickNode[] {
    this.at++;
    if (this.isName()) this.identifier();
    this.expect(';');
    return [];
  }

  #assert(): readonly QuickNode[] {
    this.at++;
    const parts = [this.expression()];
    if (this.take(':')) parts.push(this.expression());
    this.expect(';');
    return parts;
  }

  #if(): readonly QuickNode[] {
    this.at++;
    const parts = [this.parenthesized(), this.#statement()];
    if (this.take('else')) parts.push(this.#statement());
    return parts;
  }

  #do(): readonly QuickNode[] {
    this.at++;
    const body = this.#statement();
    this.expect('while');
    const condition = this.parenthesized();
    this.expect(';');
    return [body, condition];
  }

  #for(): readonly QuickNode[] {
    const first = this.at++;
    this.expect('(');
    return this.attempt(() => this.#forEach(first)) ?? this.#forLoop();
  }

  /** `for (Type name : values)` */
  #forEach(first: number): readonly QuickNode[] | undefined {
    const modifiers = this.modifiers();
    const type = this.maybeType();
    if (!type || !this.isName()) return undefined;
    const name = this.identifier();
    this.dimensions();
    if (!this.take(':')) return undefined;
    const value = this.expression();
    this.expect(')');
    const body = this.#statement();
    const parts = [...(modifiers ? [modifiers] : []), type, name, value, body];
    return [this.node('enhanced_for_statement', first, parts, { type, name, value, body })];
  }

  #forLoop(): readonly QuickNode[] {
    const first = this.at;
    const declaration = this.#declaration(first);
    const parts = declaration ? [declaration] : this.#expressionsUntil(';');
    const condition = this.is(';') ? [] : [this.expression()];
    this.expect(';');
    return [...parts, ...condition, ...this.#expressionsUntil(')'), this.#statement()];
  }

  #expressionsUntil(end: string): readonly QuickNode[] {
    const list: QuickNode[] = [];
    if (!this.is(end)) {
      do list.push(this.expression());
      while (this.take(','));
    }
    this.expect(end);
    return list;
  }

  #try(): readonly QuickNode[] {
    this.at++;
    const resources = this.is('(') ? this.#resources() : [];
    const parts = [...resources, this.block()];
    let isClosed = resources.length > 0;
    while (this.take('catch')) {
      this.#caught();
      parts.push(this.block());
      isClosed = true;
    }
    if (this.take('finally')) parts.push(this.block());
    else if (!isClosed) unsure();
    return parts;
  }

  #caught(): void {
    this.expect('(');
    this.modifiers();
    do this.type();
    while (this.take('|'));
    this.identifier();
    this.expect(')');
  }

  #resources(): readonly QuickNode[] {
    this.expect('(');
    const list = [this.#resource()];
    while (this.take(';')) {
      if (this.is(')')) break;
      list.push(this.#resource());
    }
    this.expect(')');
    return list;
  }

  #resource(): QuickNode {
    const first = this.at;
    if (this.isName() && (this.is(';', 1) || this.is(')', 1))) return this.node('resource', first, [this.identifier()]);
    const modifiers = this.modifiers();
    const type = this.type();
    const name = this.identifier();
    this.expect('=');
    const value = this.expression();
    return this.node('resource', first, [...(modifiers ? [modifiers] : []), type, name, value], { type, name, value });
  }

  protected switch(): QuickNode {
    const first = this.at++;
    const parts = [this.parenthesized()];
    this.expect('{');
    let arrows: boolean | undefined;
    while (!this.take('}')) {
      parts.push(...this.#label());
      const isArrow = this.take('->');
      if (!isArrow) this.expect(':');
      // The grammar knows either form, not both at once.
      if (arrows !== undefined && arrows !== isArrow) unsure();
      arrows = isArrow;
      if (isArrow) parts.push(this.#ruleBody());
      else while (!this.is('case') && !this.is('default') && !this.is('}')) parts.push(this.#statement());
    }
    return this.node('switch_expression', first, parts);
  }

  #label(): readonly QuickNode[] {
    if (this.take('default')) return [];
    this.expect('case');
    const list: QuickNode[] = [];
    do list.push(this.labelExpression());
    while (this.take(','));
    return list;
  }

  #ruleBody(): QuickNode {
    if (this.is('{') || this.is('throw')) return this.#statement();
    return this.#expressionStatement(this.at);
  }

  /** A variable or a local type; nothing when an expression begins here. */
  #declaration(first: number): QuickNode | undefined {
    if (this.kind === 'symbol' && !this.is('@')) return undefined;
    const modifiers = this.modifiers();
    const type = this.maybeTypeDeclaration(first, modifiers);
    if (type) return type;
    const variable = this.attempt(() => this.#variable(first, modifiers));
    return variable ?? (modifiers ? unsure() : undefined);
  }

  #variable(first: number, modifiers: QuickNode | undefined): QuickNode | undefined {
    const type = this.maybeType();
    if (!type || !this.isName()) return undefined;
    const declarators = this.declarators();
    this.expect(';');
    return this.node('local_variable_declaration', first, [...(modifiers ? [modifiers] : []), type, ...declarators], { type });
  }

  protected declarators(): readonly QuickNode[] {
    const list: QuickNode[] = [];
    do list.push(this.#declarator());
    while (this.take(','));
    return list;
  }

  #declarator(): QuickNode {
    const first = this.at;
    const name = this.identifier();
    this.dimensions();
    if (!this.take('=')) return this.node('variable_declarator', first, [name], { name });
    const value = this.is('{') ? this.arrayInitializer() : this.expression();
    return this.node('variable_declarator', first, [name, value], { name, value });
  }
}
