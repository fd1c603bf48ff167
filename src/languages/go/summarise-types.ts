/** Type declarations as plain data. */

import type { Node } from 'web-tree-sitter';
import { atOf, partsOf } from '../tree-sitter.ts';
import { type ExpressionReader, textOfLiteral } from './summarise-expressions.ts';
import type { Expression, StructField, TypeSummary } from './summary.ts';

const mostFields = 300;

export function readTypes(declaration: Node, expressions: ExpressionReader): readonly TypeSummary[] {
  return partsOf(declaration).flatMap((spec): readonly TypeSummary[] => {
    const name = spec.childForFieldName('name');
    const type = spec.childForFieldName('type');
    return name && type ? [readType(name, type, expressions)] : [];
  });
}

function readType(name: Node, type: Node, expressions: ExpressionReader): TypeSummary {
  const base = { name: name.text, fields: [], methods: [], at: atOf(name) };
  if (type.type === 'struct_type') return { ...base, kind: 'struct', fields: fieldsOf(type, expressions) };
  if (type.type !== 'interface_type') return { ...base, kind: 'other', of: expressions.read(type) };
  const methods = partsOf(type).flatMap((part) => (part.type === 'method_elem' ? [part.childForFieldName('name')?.text ?? ''] : []));
  return { ...base, kind: 'interface', methods };
}

function fieldsOf(type: Node, expressions: ExpressionReader): readonly StructField[] {
  const list = partsOf(type).find((part) => part.type === 'field_declaration_list');
  return partsOf(list)
    .slice(0, mostFields)
    .flatMap((field): readonly StructField[] => {
      if (field.type !== 'field_declaration') return [];
      const written = field.childForFieldName('type');
      const tag = field.childForFieldName('tag');
      const more = { type: expressions.read(written), ...(tag ? { tag: textOfLiteral(tag) } : {}) };
      const names = field.childrenForFieldName('name').filter((name) => name !== null);
      if (names.length > 0) return names.map((name) => ({ name: name.text, ...more, at: atOf(name) }));
      return [{ name: lastNameOf(more.type), ...more, embedded: true, at: atOf(field) }];
    });
}

const lastNameOf = (type: Expression): string => (type.is === 'name' || type.is === 'selector' ? type.name : '');
