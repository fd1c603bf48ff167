/** A parsed Java file → `JavaFile`. One walk over the tree; nesting is bounded. */
import type { SourceFile } from '../../types.ts';
import { findError, maxNesting, withLineFeeds } from '../tree-sitter.ts';
import { withJavaTree } from './parser.ts';
import { readQuickly } from './quick-reader.ts';
import { atOf, partsOf, readAnnotation, readCall, readExpression, typeArguments, typeText } from './summarise-expressions.ts';
import {
  type Annotation,
  type Assignment,
  type Expression,
  type Field,
  type Import,
  isValueType,
  type JavaFile,
  type Method,
  mostGiven,
  type Type,
  type Variable,
} from './summary.ts';
import type { Syntax } from './syntax.ts';

const typeKinds: Readonly<Record<string, Type['kind']>> = {
  class_declaration: 'class',
  interface_declaration: 'interface',
  enum_declaration: 'enum',
  record_declaration: 'record',
  annotation_type_declaration: 'annotation',
};

/** Reads one file. What cannot be parsed is skipped, and its first place is named. */
export function summariseJava(file: SourceFile): JavaFile {
  const text = withoutVarargAnnotations(withLineFeeds(file.text));
  const tree = readQuickly(text);
  return tree ? readFile(tree) : withJavaTree(text, readFile);
}

/** Reads it by the grammar alone. */
export const summariseByGrammar = (file: SourceFile): JavaFile => withJavaTree(withoutVarargAnnotations(file.text), readFile);

/** `String @NonNull... names` is more than the grammar knows; such an annotation says nothing that is asked here. */
const withoutVarargAnnotations = (text: string): string =>
  text.replace(/@[\w.]{1,100}(?=[ \t]{0,10}\.\.\.)/g, (whole) => ' '.repeat(whole.length));

function readFile(root: Syntax): JavaFile {
  const parts = partsOf(root);
  const types: Type[] = [];
  for (const part of parts) if (typeKinds[part.type]) readType(part, '', types, 0);
  const declaration = parts.find(({ type }) => type === 'package_declaration');
  const error = findError(root);
  return {
    package: partsOf(declaration ?? null).find(({ type }) => /identifier$/.test(type))?.text ?? '',
    imports: parts.filter(({ type }) => type === 'import_declaration').map(readImport),
    types,
    ...(error ? { error: atOf(error) } : {}),
  };
}

const readImport = (node: Syntax): Import => ({
  name:
    partsOf(node)
      .find(({ type }) => /identifier$/.test(type))
      ?.text.replace(/\s+/g, '') ?? '',
  wildcard: partsOf(node).some(({ type }) => type === 'asterisk'),
  isStatic: node.children.some((child) => child?.type === 'static'),
  at: atOf(node),
});

function readModifiers(node: Syntax): { modifiers: string[]; annotations: Annotation[] } {
  const list = node.children.find((child) => child?.type === 'modifiers');
  if (!list) return { modifiers: [], annotations: [] };
  const annotations = partsOf(list).filter(({ type }) => /annotation$/.test(type));
  const modifiers = list.children.flatMap((child) => (child && !/annotation$|comment$/.test(child.type) ? [child.type] : []));
  return { modifiers, annotations: annotations.map((annotation) => readAnnotation(annotation)) };
}

function readType(node: Syntax, outer: string, types: Type[], depth: number): void {
  if (depth > 20) return;
  const nameNode = node.childForFieldName('name');
  const name = outer === '' ? (nameNode?.text ?? '') : `${outer}.${nameNode?.text ?? ''}`;
  const body = node.childForFieldName('body');
  const members = partsOf(body).flatMap((member) => (member.type === 'enum_body_declarations' ? partsOf(member) : [member]));
  const superclass = partsOf(node.childForFieldName('superclass'))[0];
  const interfaces = node.childForFieldName('interfaces') ?? node.children.find((child) => child?.type === 'extends_interfaces') ?? null;
  types.push({
    name,
    kind: typeKinds[node.type]!,
    ...readModifiers(node),
    ...(superclass ? { superclass: typeText(superclass) } : {}),
    interfaces: partsOf(interfaces)
      .flatMap((list) => (list.type === 'type_list' ? partsOf(list) : [list]))
      .map(typeText),
    fields: members.filter(({ type }) => type === 'field_declaration' || type === 'constant_declaration').flatMap(readFields),
    methods: members.flatMap(readMethod),
    at: atOf(nameNode ?? node),
  });
  for (const member of members) if (typeKinds[member.type]) readType(member, name, types, depth + 1);
}

function readFields(node: Syntax): Field[] {
  const { modifiers, annotations } = readModifiers(node);
  const type = node.childForFieldName('type');
  const of = type && /^(?:generic|annotated|scoped)_type/.test(type.type) ? typeArguments(type.text) : undefined;
  return declaratorsOf(node).map((variable) => ({ ...variable, annotations, modifiers, ...(of === undefined ? {} : { of }) }));
}

function declaratorsOf(node: Syntax): Variable[] {
  const type = typeText(node.childForFieldName('type'));
  return partsOf(node)
    .filter((part) => part.type === 'variable_declarator')
    .map((declarator) => {
      const value = declarator.childForFieldName('value');
      return {
        name: declarator.childForFieldName('name')?.text ?? '',
        type,
        annotations: [],
        ...(value ? { value: readExpression(value) } : {}),
        at: atOf(declarator),
      };
    });
}

const initialisers: Readonly<Record<string, string>> = {
  static_initializer: '<static>',
  block: '<instance>',
  constructor_declaration: '<init>',
  compact_constructor_declaration: '<init>',
};

function readMethod(node: Syntax): Method[] {
  const isMethod = node.type === 'method_declaration' || node.type === 'annotation_type_element_declaration';
  const name = isMethod ? (node.childForFieldName('name')?.text ?? '') : initialisers[node.type];
  if (name === undefined) return [];
  const parameters = partsOf(node.childForFieldName('parameters')).filter(
    ({ type }) => type === 'formal_parameter' || type === 'spread_parameter',
  );
  const returns = node.childForFieldName('type');
  const body = new Body(returns !== null && isValueType(typeText(returns)));
  const block = node.childForFieldName('body') ?? (name.startsWith('<') ? node : null);
  if (block) body.walk(block, 0);
  return [
    {
      name,
      ...readModifiers(node),
      ...(returns ? { returns: typeText(returns) } : {}),
      parameters: parameters.map((parameter) => ({
        name: parameter.childForFieldName('name')?.text ?? '',
        type: typeText(parameter.childForFieldName('type')),
        annotations: readModifiers(parameter).annotations,
        at: atOf(parameter),
      })),
      locals: body.locals,
      calls: body.calls,
      creations: body.creations,
      assignments: body.assignments,
      ...(body.gives.length > 0 ? { gives: body.gives } : {}),
      at: atOf(node.childForFieldName('name') ?? node),
    },
  ];
}

/** Collects what a body does, lambdas and anonymous classes included: they run, if at all, because of it. */
class Body {
  readonly locals: Variable[] = [];
  readonly calls: Extract<Expression, { is: 'call' }>[] = [];
  readonly creations: Extract<Expression, { is: 'new' }>[] = [];
  readonly assignments: Assignment[] = [];
  readonly gives: Expression[] = [];

  /** What it returns is asked for, until a lambda or a class begins. */
  #mayGive: boolean;

  constructor(mayGive: boolean) {
    this.#mayGive = mayGive;
  }

  walk(node: Syntax, depth: number): void {
    if (depth > maxNesting) return;
    const before = this.#mayGive;
    if (before && /^(?:lambda_expression|class_body)$/.test(node.type)) this.#mayGive = false;
    this.#visit(node, depth);
    this.#mayGive = before;
  }

  #visit(node: Syntax, depth: number): void {
    this.#read(node);
    for (const child of node.namedChildren) if (child) this.walk(child, depth + 1);
  }

  #read(node: Syntax): void {
    switch (node.type) {
      case 'local_variable_declaration':
        this.locals.push(...declaratorsOf(node));
        break;
      case 'resource':
      case 'enhanced_for_statement':
        this.#addVariable(node);
        break;
      case 'method_invocation':
        this.calls.push(readCall(node));
        break;
      case 'return_statement':
        this.#give(partsOf(node)[0]);
        break;
      case 'method_reference':
        this.#addReference(node);
        break;
      case 'object_creation_expression':
        this.creations.push(readExpression(node) as Extract<Expression, { is: 'new' }>);
        break;
      case 'assignment_expression':
        this.#assign(
          node.childForFieldName('left'),
          node.childForFieldName('operator')?.text === '=' ? 'set' : 'count',
          node,
          node.childForFieldName('right'),
        );
        break;
      case 'update_expression':
        this.#assign(partsOf(node)[0] ?? null, 'count', node, null);
        break;
      default:
    }
  }

  #give(value: Syntax | undefined): void {
    if (this.#mayGive && value && value.type !== 'null_literal' && this.gives.length < mostGiven) this.gives.push(readExpression(value));
  }

  /** `this::scan` is called by whoever gets it; for what is asked here, by its method. */
  #addReference(node: Syntax): void {
    const [on, ...rest] = partsOf(node);
    const name = rest.at(-1);
    if (!on || name?.type !== 'identifier') return;
    const isOwn = on.type === 'this' || on.type === 'super';
    this.calls.push({ is: 'call', ...(isOwn ? {} : { on: readExpression(on) }), name: name.text, args: [], at: atOf(node) });
  }

  #addVariable(node: Syntax): void {
    const value = node.childForFieldName('value');
    const name = node.childForFieldName('name')?.text;
    if (name === undefined) return;
    const type = typeText(node.childForFieldName('type'));
    this.locals.push({ name, type, annotations: [], ...(value ? { value: readExpression(value) } : {}), at: atOf(node) });
  }

  #assign(left: Syntax | null, how: Assignment['how'], node: Syntax, right: Syntax | null): void {
    if (!left) return;
    const isElement = left.type === 'array_access';
    const target = readExpression(isElement ? (left.childForFieldName('array') ?? left) : left);
    if (target.is !== 'name') return;
    this.assignments.push({
      target: target.path,
      how: isElement ? 'element' : how,
      ...(right ? { value: readExpression(right) } : {}),
      at: atOf(node),
    });
  }
}
