/** Reads one C# file into plain data: its types with their members, and statements outside of types. */
import type { Node } from 'web-tree-sitter';
import type { SourceFile } from '../../types.ts';
import { atOf, findError, partsOf } from '../tree-sitter.ts';
import { withCSharpTree } from './parser.ts';
import { readType } from './read-expressions.ts';
import { MethodReader } from './read-methods.ts';
import type { Attribute, CSharpFile, Field, Type } from './summary.ts';

const typeKinds: Readonly<Record<string, Type['kind']>> = {
  class_declaration: 'class',
  interface_declaration: 'interface',
  struct_declaration: 'struct',
  record_declaration: 'record',
  record_struct_declaration: 'record',
  enum_declaration: 'enum',
};
const maxTypeNesting = 20;

/** Branches of the preprocessor for other builds hide code from the grammar; debug builds are not deployed. */
const withoutDirectives = (text: string): string =>
  text.includes('#')
    ? text.replace(/^[ \t]*#[ \t]*(?:if|elif|else|endif|region|endregion|pragma|nullable|error|warning|line|define|undef)\b.*$/gm, (line) =>
        ' '.repeat(line.length),
      )
    : text;

export const summariseCSharp = (file: SourceFile): CSharpFile =>
  withCSharpTree(withoutDirectives(file.text.replace(/^\uFEFF/, ' ')), readFile);

function readFile(root: Node): CSharpFile {
  const reader = new FileReader();
  reader.read(root, 0);
  const error = findError(root);
  return {
    namespace: reader.namespace,
    usings: reader.usings,
    types: [...reader.main(root), ...reader.types],
    ...(error ? { error: atOf(error) } : {}),
  };
}

class FileReader {
  namespace = '';
  readonly usings: string[] = [];
  readonly types: Type[] = [];
  readonly #statements: Node[] = [];

  read(node: Node, depth: number): void {
    if (depth > maxTypeNesting) return;
    for (const part of partsOf(node)) {
      if (part.type === 'using_directive') this.usings.push(readType(partsOf(part).at(-1)).type);
      else if (part.type === 'global_statement') this.#statements.push(part);
      else if (typeKinds[part.type]) this.#type(part, '', depth);
      else if (part.type === 'namespace_declaration' || part.type === 'file_scoped_namespace_declaration') {
        this.namespace ||= part.childForFieldName('name')?.text ?? '';
        this.read(part.childForFieldName('body') ?? part, depth + 1);
      } else if (part.type === 'declaration_list') this.read(part, depth + 1);
    }
  }

  /** Statements outside of types are the body of the program's `Main`. */
  main(root: Node): readonly Type[] {
    if (this.#statements.length === 0) return [];
    const methods = new MethodReader();
    methods.statements(this.#statements, root);
    const at = atOf(this.#statements[0]!);
    return [
      {
        name: '<main>',
        kind: 'main',
        modifiers: [],
        attributes: [],
        bases: [],
        fields: [],
        methods: methods.reading(methods.all.flatMap(({ name, locals }) => (name === '<main>' ? locals.map((local) => local.name) : []))),
        at,
      },
    ];
  }

  #type(node: Node, outer: string, depth: number): void {
    if (depth > maxTypeNesting) return;
    const named = node.childForFieldName('name');
    const name = outer === '' ? (named?.text ?? '') : `${outer}.${named?.text ?? ''}`;
    const methods = new MethodReader();
    const members = partsOf(node.childForFieldName('body'));
    const fields = members.flatMap((member) => readFields(member, methods));
    const parameters = partsOf(node).find(({ type }) => type === 'parameter_list');
    for (const member of members) methods.member(member);
    const { modifiers, attributes } = readModifiers(node, methods);
    this.types.push({
      name,
      kind: typeKinds[node.type]!,
      modifiers,
      attributes,
      bases: readBases(node),
      fields: [...fields, ...readPrimaryParameters(parameters)],
      methods: methods.reading(fields.map((field) => field.name)),
      at: atOf(named ?? node),
    });
    for (const member of members) if (typeKinds[member.type]) this.#type(member, name, depth + 1);
  }
}

const readBases = (node: Node): Type['bases'] =>
  partsOf(partsOf(node).find(({ type }) => type === 'base_list')).flatMap((part) => {
    const base = part.type === 'primary_constructor_base_type' ? partsOf(part)[0] : part;
    if (!base || base.type === 'argument_list') return [];
    const { type, types } = readType(base);
    return [{ name: type, types }];
  });

/** Parameters of a type's own constructor are seen by all of its methods. */
const readPrimaryParameters = (list: Node | undefined): Field[] =>
  partsOf(list).flatMap((part) => {
    const name = part.type === 'parameter' ? part.childForFieldName('name') : null;
    return name
      ? [
          {
            name: name.text,
            ...readType(part.childForFieldName('type')),
            modifiers: ['readonly'],
            attributes: [],
            isProperty: false,
            at: atOf(name),
          },
        ]
      : [];
  });

function readModifiers(node: Node, methods: MethodReader): { modifiers: string[]; attributes: Attribute[] } {
  const modifiers: string[] = [];
  const attributes: Attribute[] = [];
  for (const part of partsOf(node)) {
    if (part.type === 'modifier') modifiers.push(part.text);
    else if (part.type === 'attribute_list')
      for (const attribute of partsOf(part)) if (attribute.type === 'attribute') attributes.push(methods.expressions.attribute(attribute));
  }
  return { modifiers, attributes };
}

function readFields(member: Node, methods: MethodReader): Field[] {
  if (member.type === 'property_declaration') {
    const named = member.childForFieldName('name');
    const value = member.childForFieldName('value');
    const given = value && value.type !== 'arrow_expression_clause' ? methods.expressions.read(value) : undefined;
    const { modifiers, attributes } = readModifiers(member, methods);
    const type = readType(member.childForFieldName('type'));
    return [
      {
        name: named?.text ?? '',
        ...type,
        modifiers,
        attributes,
        isProperty: true,
        ...(given ? { value: given } : {}),
        at: atOf(named ?? member),
      },
    ];
  }
  if (member.type !== 'field_declaration') return [];
  const { modifiers, attributes } = readModifiers(member, methods);
  const declaration = partsOf(member).find(({ type }) => type === 'variable_declaration');
  return methods.variables(declaration).map((variable) => ({ ...variable, modifiers, attributes, isProperty: false }));
}
