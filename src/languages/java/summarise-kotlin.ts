/** A parsed Kotlin file → the same `JavaFile` that Java gives: properties are fields, companions static, top-level functions a class of their own. */
import type { Node } from 'web-tree-sitter';
import type { SourceFile } from '../../types.ts';
import { findError, maxNesting } from '../tree-sitter.ts';
import { isType, kotlinType, readDelegate, readKotlin, readKotlinAnnotation, readKotlinCall } from './kotlin-expressions.ts';
import { withKotlinTree } from './parser.ts';
import { atOf, partsOf, typeArguments } from './summarise-expressions.ts';
import {
  type Annotation,
  type Assignment,
  type At,
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

export const summariseKotlin = (file: SourceFile): JavaFile => withKotlinTree(file.text, (root) => readFile(root, file.path));

function readFile(root: Node, path: string): JavaFile {
  const parts = partsOf(root);
  const types: Type[] = [];
  const functions = parts.filter(({ type }) => type === 'function_declaration');
  for (const part of parts) readType(part, '', types, 0);
  const name = `${path.slice(path.lastIndexOf('/') + 1).replace(/\.kt$/, '')}Kt`;
  if (functions.length > 0 || parts.some(({ type }) => type === 'property_declaration'))
    types.push({
      ...emptyType(name, atOf(functions[0] ?? root)),
      fields: fieldsOf(parts, ['static']),
      methods: [...functions.map((one) => readFunction(one)), ...initialisersOf(parts, '<static>')],
    });
  const header = parts.find(({ type }) => type === 'package_header');
  const error = findError(root);
  return {
    package: header ? (partsOf(header)[0]?.text.replace(/\s+/g, '') ?? '') : '',
    imports: parts.filter(({ type }) => type === 'import').map(readImport),
    types,
    ...(error ? { error: atOf(error) } : {}),
  };
}

const readImport = (node: Node): Import => ({
  name: partsOf(node)[0]?.text.replace(/\s+/g, '') ?? '',
  wildcard: /\.\s*\*\s*$/.test(node.text),
  isStatic: false,
  at: atOf(node),
});

const emptyType = (name: string, at: At): Type => ({
  name,
  kind: 'class',
  modifiers: [],
  annotations: [],
  interfaces: [],
  fields: [],
  methods: [],
  at,
});

function readModifiers(node: Node): { modifiers: string[]; annotations: Annotation[] } {
  const lists = partsOf(node).filter(({ type }) => type === 'modifiers' || type === 'parameter_modifiers');
  const parts = lists.flatMap((list) => partsOf(list));
  return {
    modifiers: parts.filter(({ type }) => type !== 'annotation').map(({ text }) => text),
    annotations: parts.filter(({ type }) => type === 'annotation').map(readKotlinAnnotation),
  };
}

const kinds = /^(?:class_declaration|object_declaration|companion_object)$/;

function readType(node: Node, outer: string, types: Type[], depth: number): void {
  if (!kinds.test(node.type) || depth > 20) return;
  const nameNode = partsOf(node).find(({ type }) => type === 'identifier');
  const own = nameNode?.text ?? 'Companion';
  const name = outer === '' ? own : `${outer}.${own}`;
  const members = partsOf(partsOf(node).find(({ type }) => /class_body$/.test(type)) ?? null);
  const { modifiers, annotations } = readModifiers(node);
  const parents = partsOf(partsOf(node).find(({ type }) => type === 'delegation_specifiers') ?? null).flatMap((one) =>
    partsOf(one).slice(0, 1),
  );
  const superclass = parents.find(({ type }) => type === 'constructor_invocation');
  const primary = partsOf(node).find(({ type }) => type === 'primary_constructor');
  const parameters = primary
    ? partsOf(primary)
        .flatMap((list) => partsOf(list))
        .filter(({ type }) => type === 'class_parameter')
    : [];
  const isStatic = node.type !== 'class_declaration';
  const companions = members.filter(({ type }) => type === 'companion_object');
  const companionMembers = companions.flatMap((one) => partsOf(partsOf(one).find(({ type }) => /class_body$/.test(type)) ?? null));
  const isInterface = node.children.some((child) => child?.type === 'interface');
  types.push({
    name,
    kind: isInterface ? 'interface' : 'class',
    modifiers,
    annotations,
    ...(superclass ? { superclass: kotlinType(partsOf(superclass)[0]) } : {}),
    interfaces: parents.filter(isType).map(kotlinType),
    fields: [
      ...parameters.flatMap(readProperty),
      ...fieldsOf(members, isStatic ? ['static'] : []),
      ...fieldsOf(companionMembers, ['static']),
    ],
    methods: [
      ...(parameters.length > 0 ? [makeMethod('<init>', parameters, undefined, atOf(primary!))] : []),
      ...[...members, ...companionMembers].flatMap(readMember),
      ...initialisersOf(members, isStatic ? '<static>' : '<instance>'),
      ...initialisersOf(companionMembers, '<static>'),
    ],
    at: atOf(nameNode ?? node),
  });
  for (const member of members) if (member.type !== 'companion_object') readType(member, name, types, depth + 1);
}

/** `val` and `var` in the constructor are fields. */
function readProperty(parameter: Node): Field[] {
  const keyword = parameter.children.find((child) => child?.type === 'val' || child?.type === 'var')?.type;
  if (!keyword) return [];
  const { modifiers, annotations } = readModifiers(parameter);
  return [{ ...readVariable(parameter), annotations, modifiers: keyword === 'val' ? [...modifiers, 'final'] : modifiers }];
}

/** The identifier and type of a parameter or variable. */
function readVariable(node: Node): Variable {
  const { annotations } = readModifiers(node);
  const name = partsOf(node).find(({ type }) => type === 'identifier');
  return { name: name?.text ?? '', type: kotlinType(partsOf(node).find(isType)), annotations, at: atOf(name ?? node) };
}

/** Without a declared type, the type is that of what is made. */
function readDeclaration(node: Node): Variable | undefined {
  const parts = partsOf(node);
  const index = parts.findIndex(({ type }) => type === 'variable_declaration');
  if (index < 0) return undefined;
  const variable = readVariable(parts[index]!);
  const valueNode = parts.slice(index + 1).find(({ type }) => !/^(?:getter|setter|property_delegate|type_constraints)$/.test(type));
  const delegate = parts.find(({ type }) => type === 'property_delegate');
  const value = valueNode ? readKotlin(valueNode) : delegate && readDelegate(delegate);
  const type = variable.type || (value?.is === 'new' ? value.type : value?.is === 'text' || value?.is === 'sum' ? 'String' : 'var');
  return { ...variable, type, ...(value ? { value } : {}) };
}

const fieldsOf = (members: readonly Node[], extra: readonly string[]): Field[] =>
  members
    .filter(({ type }) => type === 'property_declaration')
    .flatMap((node) => {
      const variable = readDeclaration(node);
      const { modifiers, annotations } = readModifiers(node);
      const isFixed = node.children.some((child) => child?.type === 'val');
      const of = typeArguments(node.text.slice(0, 300).split(/[{;]/)[0]!);
      return variable
        ? [
            {
              ...variable,
              annotations,
              modifiers: [...modifiers, ...extra, ...(isFixed ? ['final'] : [])],
              ...(of === undefined ? {} : { of }),
            },
          ]
        : [];
    });

/** Blocks that properties begin with do as much as initialisers: `val router = Router.router(vertx).apply { … }`, `val client by lazy { … }`. */
const initialisersOf = (members: readonly Node[], name: '<instance>' | '<static>'): Method[] =>
  members
    .filter((node) => node.type === 'property_declaration' && node.text.includes('{'))
    .flatMap((node) => {
      const value = partsOf(node).filter(({ type }) => !/^(?:modifiers|variable_declaration|getter|setter|type_constraints)$/.test(type));
      return value.filter((one) => one.text.includes('{')).map((one) => makeMethod(name, [], one, atOf(node)));
    });

function readMember(node: Node): Method[] {
  if (node.type === 'function_declaration') return [readFunction(node)];
  if (node.type === 'anonymous_initializer') return [makeMethod('<instance>', [], node, atOf(node))];
  if (node.type !== 'secondary_constructor') return [];
  return [makeMethod('<init>', parametersOf(node), node, atOf(node))];
}

const parametersOf = (node: Node): readonly Node[] =>
  partsOf(partsOf(node).find(({ type }) => type === 'function_value_parameters') ?? null);

function readFunction(node: Node): Method {
  const name = node.childForFieldName('name') ?? partsOf(node).find(({ type }) => type === 'identifier') ?? node;
  const body = partsOf(node).find(({ type }) => type === 'function_body');
  const returns = partsOf(node).findLast(isType);
  const gives = !returns || isValueType(kotlinType(returns)) ? givenBy(body, returns === undefined) : [];
  return {
    ...makeMethod(name.text, parametersOf(node), body, atOf(name)),
    ...(gives.length > 0 ? { gives } : {}),
    ...readModifiers(node),
    ...(returns ? { returns: kotlinType(returns) } : {}),
  };
}

/** `= dir + name`, or what `return` says; without a declared type only what is plainly text or a file. */
function givenBy(body: Node | undefined, isPlain: boolean): readonly Expression[] {
  const [only] = partsOf(body ?? null);
  if (!only) return [];
  if (only.type !== 'block') {
    const given = readKotlin(only);
    return !isPlain || given.is === 'text' || given.is === 'sum' || (given.is === 'new' && given.type === 'File') ? [given] : [];
  }
  return isPlain
    ? []
    : returnedIn(only, 0)
        .slice(0, mostGiven)
        .map((node) => readKotlin(node));
}

function returnedIn(node: Node, depth: number): readonly Node[] {
  if (depth > maxNesting || /^(?:lambda_literal|function_declaration|object_literal|anonymous_function)$/.test(node.type)) return [];
  if (node.type === 'return_expression')
    return partsOf<Node>(node)
      .slice(0, 1)
      .filter(({ text }) => text !== 'null');
  return partsOf<Node>(node).flatMap((part) => returnedIn(part, depth + 1));
}

/** Annotations of a parameter stand before it in the list. */
function readParameters(list: readonly Node[]): Variable[] {
  return list.flatMap((node, index) => {
    if (node.type !== 'parameter' && node.type !== 'class_parameter') return [];
    const before = list[index - 1];
    const annotations = before?.type === 'parameter_modifiers' ? partsOf(before).filter(({ type }) => type === 'annotation') : [];
    const variable = readVariable(node);
    const value = defaultOf(node, list[index + 1]);
    return [
      {
        ...variable,
        annotations: [...variable.annotations, ...annotations.map(readKotlinAnnotation)],
        ...(value ? { value: readKotlin(value) } : {}),
      },
    ];
  });
}

/** What a parameter is where the caller gives nothing: it follows that of a function, and ends that of a class. */
function defaultOf(node: Node, next: Node | undefined): Node | undefined {
  if (node.type === 'parameter') return next && !/^parameter(?:_modifiers)?$/.test(next.type) ? next : undefined;
  const parts = partsOf(node);
  return parts.slice(parts.findLastIndex(isType) + 1)[0];
}

function makeMethod(name: string, parameters: readonly Node[], body: Node | undefined, at: At): Method {
  const read = new Body();
  if (body) read.walk(body, 0);
  const { locals, calls, creations, assignments } = read;
  return { name, modifiers: [], annotations: [], parameters: readParameters(parameters), locals, calls, creations, assignments, at };
}

/** Collects what a body does, lambdas included. */
class Body {
  readonly locals: Variable[] = [];
  readonly calls: Extract<Expression, { is: 'call' }>[] = [];
  readonly creations: Extract<Expression, { is: 'new' }>[] = [];
  readonly assignments: Assignment[] = [];

  walk(node: Node, depth: number): void {
    if (depth > maxNesting) return;
    this.#read(node);
    for (const child of node.namedChildren) if (child) this.walk(child, depth + 1);
  }

  #read(node: Node): void {
    if (node.type === 'call_expression') this.#addCall(node);
    else if (node.type === 'while_statement') this.#addLoop(node);
    else if (node.type === 'property_declaration') {
      const variable = readDeclaration(node);
      if (variable) this.locals.push(variable);
    } else if (node.type === 'assignment') this.#assign(node);
    else if (node.type === 'unary_expression' && node.children.some((child) => child?.type === '++' || child?.type === '--')) {
      const target = partsOf(node)[0] && readKotlin(partsOf(node)[0]!);
      if (target?.is === 'name') this.assignments.push({ target: target.path, how: 'count', at: atOf(node) });
    } else if (node.type === 'index_expression' && node.parent?.type !== 'assignment') this.#index('get', node, []);
  }

  #addCall(node: Node): void {
    const made = readKotlinCall(node);
    if (made.is === 'call') this.calls.push(made);
    else this.creations.push(made);
  }

  /** `while (isActive) { …; delay(900_000) }` is a call of `while`: a timer of its own. */
  #addLoop(node: Node): void {
    if (
      /^while\s*\(\s*(?:true|(?:this\.)?(?:coroutineContext\.)?isActive)\s*\)/.test(node.text.slice(0, 80)) &&
      /\bdelay\s*\(/.test(node.text)
    )
      this.calls.push({ is: 'call', name: 'while', args: [], at: atOf(node) });
  }

  /** `map[key] = value` is `map.put(key, value)`. */
  #index(name: 'get' | 'put', node: Node, more: readonly Expression[]): void {
    const [on, key] = partsOf(node);
    if (!on || !key) return;
    this.calls.push({ is: 'call', on: readKotlin(on), name, args: [readKotlin(key), ...more], at: atOf(node) });
  }

  #assign(node: Node): void {
    const [left, right] = [partsOf(node)[0], partsOf(node).at(-1)];
    if (!left || !right) return;
    const value = readKotlin(right);
    if (left.type === 'index_expression') return this.#index('put', left, [value]);
    const target = readKotlin(left);
    const how = node.children.some((child) => child?.type === '=') ? 'set' : 'count';
    if (target.is === 'name') this.assignments.push({ target: target.path, how, value, at: atOf(node) });
  }
}
