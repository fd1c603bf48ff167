/**
 * Reads Java without the grammar: many times as fast, and for everyday code only. Where it is not sure it says so,
 * and the grammar reads the file.
 */
import { maxNesting } from '../tree-sitter.ts';
import type { QuickNode } from './quick-node.ts';
import { StatementReader } from './read-statements.ts';
import type { Syntax } from './syntax.ts';
import { Unsure, unsure } from './tokens.ts';

/** Higher trees are left to the grammar: summaries end at a depth. */
const highest = maxNesting - 20;

class FileReader extends StatementReader {
  file(): QuickNode {
    const parts: QuickNode[] = [];
    if (this.is('package')) parts.push(this.#package());
    while (this.is('import')) parts.push(this.#import());
    while (this.kind !== 'end') if (!this.take(';')) parts.push(this.#typeDeclaration());
    const root = this.node('program', 0, parts);
    return root.height > highest ? unsure() : root;
  }

  #package(): QuickNode {
    const first = this.at++;
    const name = this.qualifiedName();
    this.expect(';');
    return this.node('package_declaration', first, [name]);
  }

  #import(): QuickNode {
    const first = this.at++;
    const parts: QuickNode[] = [];
    if (this.is('static')) parts.push(this.leaf('static'));
    parts.push(this.qualifiedName());
    if (this.take('.')) parts.push(this.is('*') ? this.leaf('asterisk') : unsure());
    this.expect(';');
    return this.node('import_declaration', first, parts);
  }

  #typeDeclaration(): QuickNode {
    const first = this.at;
    return this.maybeTypeDeclaration(first, this.modifiers()) ?? unsure();
  }

  protected maybeTypeDeclaration(first: number, modifiers: QuickNode | undefined): QuickNode | undefined {
    const before = modifiers ? [modifiers] : [];
    return this.deeper(() => {
      if (this.take('class')) return this.#class(first, before);
      if (this.take('interface')) return this.#interface(first, before);
      if (this.take('enum')) return this.#enum(first, before);
      if (this.is('@') && this.is('interface', 1)) return this.#annotationType(first, before);
      if (this.isName() && this.text === 'record' && this.isName(1) && (this.is('(', 2) || this.is('<', 2)))
        return this.#record(first, before);
      return undefined;
    });
  }

  #class(first: number, before: readonly QuickNode[]): QuickNode {
    const name = this.identifier();
    if (this.is('<')) this.typeParameters();
    const superclass = this.is('extends') ? this.#superclass() : undefined;
    const interfaces = this.#interfaces();
    this.#permits();
    const body = this.classBody();
    const parts = [...before, name, superclass, interfaces, body].filter((part) => part !== undefined);
    return this.node('class_declaration', first, parts, { name, superclass, interfaces, body });
  }

  #superclass(): QuickNode {
    const first = this.at++;
    return this.node('superclass', first, [this.annotatedType()]);
  }

  #interfaces(): QuickNode | undefined {
    const first = this.at;
    return this.take('implements') ? this.node('super_interfaces', first, [this.#typeList()]) : undefined;
  }

  #typeList(): QuickNode {
    const first = this.at;
    const list: QuickNode[] = [];
    do list.push(this.annotatedType());
    while (this.take(','));
    return this.node('type_list', first, list);
  }

  #permits(): void {
    if (!this.isName() || this.text !== 'permits') return;
    this.at++;
    this.#typeList();
  }

  #record(first: number, before: readonly QuickNode[]): QuickNode {
    this.at++;
    const name = this.identifier();
    if (this.is('<')) this.typeParameters();
    const parameters = this.parameters();
    const interfaces = this.#interfaces();
    const body = this.classBody();
    const parts = [...before, name, parameters, interfaces, body].filter((part) => part !== undefined);
    return this.node('record_declaration', first, parts, { name, parameters, interfaces, body });
  }

  #interface(first: number, before: readonly QuickNode[]): QuickNode {
    const name = this.identifier();
    if (this.is('<')) this.typeParameters();
    const start = this.at;
    const parents = this.take('extends') ? [this.node('extends_interfaces', start, [this.#typeList()])] : [];
    this.#permits();
    const body = this.#body('interface_body', () => this.#member('constant_declaration'));
    return this.node('interface_declaration', first, [...before, name, ...parents, body], { name, body });
  }

  #annotationType(first: number, before: readonly QuickNode[]): QuickNode {
    this.at += 2;
    const name = this.identifier();
    const body = this.#body('annotation_type_body', () => this.#annotationMember());
    return this.node('annotation_type_declaration', first, [...before, name, body], { name, body });
  }

  #body(type: string, read: () => QuickNode): QuickNode {
    const first = this.at;
    this.expect('{');
    const members: QuickNode[] = [];
    while (!this.take('}')) if (!this.take(';')) members.push(this.deeper(read));
    return this.node(type, first, members);
  }

  protected classBody(): QuickNode {
    return this.#body('class_body', () => this.#classMember());
  }

  #classMember(): QuickNode {
    const first = this.at;
    if (this.is('{')) return this.block();
    if (this.is('static') && this.is('{', 1)) {
      this.at++;
      return this.node('static_initializer', first, [this.block()]);
    }
    return this.#member('field_declaration');
  }

  #enum(first: number, before: readonly QuickNode[]): QuickNode {
    const name = this.identifier();
    const interfaces = this.#interfaces();
    const body = this.#enumBody();
    const parts = [...before, name, interfaces, body].filter((part) => part !== undefined);
    return this.node('enum_declaration', first, parts, { name, interfaces, body });
  }

  #enumBody(): QuickNode {
    const first = this.at;
    this.expect('{');
    const parts: QuickNode[] = [];
    while (!this.is(';') && !this.is('}')) {
      parts.push(this.#enumConstant());
      if (!this.take(',')) break;
    }
    if (this.is(';')) parts.push(this.#enumDeclarations());
    this.expect('}');
    return this.node('enum_body', first, parts);
  }

  #enumConstant(): QuickNode {
    const first = this.at;
    const modifiers = this.modifiers();
    const name = this.identifier();
    const args = this.is('(') ? this.arguments() : undefined;
    const body = this.is('{') ? this.classBody() : undefined;
    const parts = [modifiers, name, args, body].filter((part) => part !== undefined);
    return this.node('enum_constant', first, parts, { name, arguments: args, body });
  }

  #enumDeclarations(): QuickNode {
    const first = this.at++;
    const members: QuickNode[] = [];
    while (!this.is('}')) if (!this.take(';')) members.push(this.deeper(() => this.#classMember()));
    return this.node('enum_body_declarations', first, members);
  }

  /** A field, method, constructor or type inside of another. */
  #member(field: string): QuickNode {
    const first = this.at;
    const modifiers = this.modifiers();
    const declared = this.maybeTypeDeclaration(first, modifiers);
    if (declared) return declared;
    const before = modifiers ? [modifiers] : [];
    if (this.is('<')) {
      this.typeParameters();
      this.annotations();
    } else if (this.isName() && this.is('{', 1) && field === 'field_declaration') return this.#compactConstructor(first, before);
    if (this.isName() && this.is('(', 1)) return field === 'field_declaration' ? this.#constructorDeclaration(first, before) : unsure();
    const type = this.type();
    if (this.isName() && this.is('(', 1)) return this.#method(first, before, type);
    const declarators = this.declarators();
    this.expect(';');
    return this.node(field, first, [...before, type, ...declarators], { type });
  }

  #compactConstructor(first: number, before: readonly QuickNode[]): QuickNode {
    const name = this.identifier();
    const body = this.block();
    return this.node('compact_constructor_declaration', first, [...before, name, body], { name, body });
  }

  #constructorDeclaration(first: number, before: readonly QuickNode[]): QuickNode {
    const name = this.identifier();
    const parameters = this.parameters();
    this.#throws();
    const body = this.constructorBody();
    return this.node('constructor_declaration', first, [...before, name, parameters, body], { name, parameters, body });
  }

  #method(first: number, before: readonly QuickNode[], type: QuickNode): QuickNode {
    const name = this.identifier();
    const parameters = this.parameters();
    this.dimensions();
    this.#throws();
    const body = this.take(';') ? undefined : this.block();
    const parts = [...before, type, name, parameters, ...(body ? [body] : [])];
    return this.node('method_declaration', first, parts, { type, name, parameters, body });
  }

  #throws(): void {
    if (!this.take('throws')) return;
    do this.annotatedType();
    while (this.take(','));
  }

  #annotationMember(): QuickNode {
    const first = this.at;
    const modifiers = this.modifiers();
    const declared = this.maybeTypeDeclaration(first, modifiers);
    if (declared) return declared;
    const before = modifiers ? [modifiers] : [];
    const type = this.type();
    if (this.isName() && this.is('(', 1)) return this.#annotationElement(first, before, type);
    const declarators = this.declarators();
    this.expect(';');
    return this.node('constant_declaration', first, [...before, type, ...declarators], { type });
  }

  #annotationElement(first: number, before: readonly QuickNode[], type: QuickNode): QuickNode {
    const name = this.identifier();
    this.expect('(');
    this.expect(')');
    this.dimensions();
    const value = this.take('default') ? this.elementValue() : undefined;
    this.expect(';');
    const parts = [...before, type, name, ...(value ? [value] : [])];
    return this.node('annotation_type_element_declaration', first, parts, { type, name, value });
  }
}

/** The tree that the grammar has for a text, as far as summaries read it; `undefined` where only the grammar can tell. */
export function readQuickly(text: string): Syntax | undefined {
  try {
    return new FileReader(text).file();
  } catch (error) {
    if (error instanceof Unsure) return undefined;
    throw error;
  }
}
