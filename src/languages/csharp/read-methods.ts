/** Members of a type and their bodies: calls, assignments and lambdas in one walk, to a bounded depth. */
import type { Node } from 'web-tree-sitter';
import { atOf, maxNesting, partsOf } from '../tree-sitter.ts';
import { ExpressionReader, readType } from './read-expressions.ts';
import type { Assignment, Expression, Guard, Method, NewExpression, Variable } from './summary.ts';

interface Scope {
  readonly method: Draft;
  readonly index: number;
  readonly when: readonly Guard[];
  readonly looped: boolean;
  readonly depth: number;
}
type Lists = 'locals' | 'calls' | 'creations' | 'assignments' | 'lookups' | 'returns' | 'loops' | 'reads';
type Draft = { -readonly [K in keyof Method]: K extends Lists ? Method[K][number][] : Method[K] };

const maxGuards = 8;
const members: Readonly<Record<string, string | undefined>> = {
  method_declaration: '',
  constructor_declaration: '<new>',
  destructor_declaration: '<end>',
  property_declaration: '',
  indexer_declaration: '<item>',
};
const isEndless = (test: Expression | undefined): boolean =>
  test === undefined ||
  (test.is === 'literal' && test.value === true) ||
  (test.is === 'not' && /IsCancellationRequested$/.test(test.value.is === 'name' ? (test.value.path.at(-1) ?? '') : '')) ||
  (test.is === 'call' && test.name === 'WaitForNextTickAsync');

/** Its consequence ends with `return` or `throw`. */
function leaves(branch: Node): boolean {
  const consequence = branch.childForFieldName('consequence');
  const last = consequence?.type === 'block' ? partsOf(consequence).at(-1) : consequence;
  return last?.type === 'return_statement' || last?.type === 'throw_statement';
}

export class MethodReader {
  readonly all: Draft[] = [];
  readonly expressions: ExpressionReader;
  readonly #lambdas = new Map<number, number>();

  constructor() {
    this.expressions = new ExpressionReader((node, handedTo) => this.#lambdaOf(node, handedTo));
  }

  /** All methods; of what they read, the fields alone. */
  reading(fields: readonly string[]): readonly Method[] {
    const names = new Set(fields);
    for (const method of this.all) method.reads = method.reads.filter(({ name }) => names.has(name));
    return this.all;
  }

  statements(nodes: readonly Node[], root: Node): void {
    const scope = this.#start('<main>', nodes[0] ?? root);
    this.#inOrder(nodes, scope);
  }

  member(node: Node): void {
    if (!Object.hasOwn(members, node.type)) {
      if (node.type === 'field_declaration') this.#initialisers(node);
      return;
    }
    const modifiers = partsOf(node).flatMap((part) => (part.type === 'modifier' ? [part.text] : []));
    const usual = members[node.type] || (node.childForFieldName('name')?.text ?? '');
    const scope = this.#start(usual === '<new>' && modifiers.includes('static') ? '<static>' : usual, node);
    const { method } = scope;
    method.modifiers = modifiers;
    method.attributes = partsOf(node)
      .filter(({ type }) => type === 'attribute_list')
      .flatMap((list) => partsOf(list).filter(({ type }) => type === 'attribute'))
      .map((attribute) => this.expressions.attribute(attribute));
    const returns = node.childForFieldName('returns') ?? node.childForFieldName('type');
    if (returns) method.returnType = readType(returns).type;
    this.#signature(node.childForFieldName('parameters'), method);
    this.#body(node, scope);
  }

  /** Lambdas and calls in the initialisers of fields belong to the constructor. */
  #initialisers(node: Node): void {
    const isStatic = partsOf(node).some((part) => part.type === 'modifier' && part.text === 'static');
    const scope = this.#start(isStatic ? '<static>' : '<new>', node);
    for (const part of partsOf(node))
      if (part.type === 'variable_declaration') for (const declarator of partsOf(part)) this.#walk(declarator, scope);
  }

  #start(name: string, node: Node): Scope {
    const named = node.childForFieldName('name');
    const method: Draft = {
      name,
      modifiers: [],
      attributes: [],
      parameters: [],
      locals: [],
      calls: [],
      creations: [],
      assignments: [],
      lookups: [],
      returns: [],
      loops: [],
      reads: [],
      at: atOf(named ?? node),
    };
    return { method, index: this.all.push(method) - 1, when: [], looped: false, depth: 0 };
  }

  #signature(list: Node | null, method: Draft): void {
    const parameters: Method['parameters'][number][] = [];
    for (const part of partsOf(list)) {
      if (part.type !== 'parameter') continue;
      const named = part.childForFieldName('name');
      const attributes = partsOf(part)
        .filter(({ type }) => type === 'attribute_list')
        .flatMap((one) => partsOf(one).map((attribute) => this.expressions.attribute(attribute)));
      if (parameters.length === 0 && partsOf(part).some((one) => one.type === 'modifier' && one.text === 'this')) method.extends = true;
      parameters.push({ name: named?.text ?? '', ...readType(part.childForFieldName('type')), attributes, at: atOf(part) });
    }
    method.parameters = parameters;
  }

  #body(node: Node, scope: Scope): void {
    const body =
      node.childForFieldName('body') ??
      partsOf(node).find(({ type }) => type === 'arrow_expression_clause' || type === 'block') ??
      node.childForFieldName('value') ??
      node.childForFieldName('accessors');
    const initializer = partsOf(node).find(({ type }) => type === 'constructor_initializer');
    if (initializer) this.#walk(initializer, scope);
    const accessors = node.childForFieldName('accessors');
    if (accessors && accessors !== body) this.#walk(accessors, scope);
    if (!body) return;
    if (body.type === 'arrow_expression_clause') scope.method.returns.push(this.expressions.read(partsOf(body)[0]));
    this.#walk(body, scope);
  }

  /** The number of a lambda, whoever meets it first: the walk, or an expression that holds it. */
  #lambdaOf(node: Node, handedTo?: string): number {
    const known = this.#lambdas.get(node.id);
    if (known !== undefined) return known;
    const { index, method } = this.#start('<lambda>', node);
    this.#lambdas.set(node.id, index);
    if (handedTo !== undefined) method.handedTo = handedTo;
    return index;
  }

  #lambda(node: Node, scope: Scope): void {
    const index = this.#lambdaOf(node);
    const method = this.all[index]!;
    method.parent = scope.index;
    if (scope.when.length > 0) method.when = scope.when;
    const list = node.childForFieldName('parameters');
    if (list?.type === 'implicit_parameter')
      method.parameters = [{ name: list.text, type: 'var', types: [], attributes: [], at: atOf(list) }];
    else this.#signature(list, method);
    const body = node.childForFieldName('body') ?? partsOf(node).find(({ type }) => type === 'block');
    if (!body) return;
    if (body.type !== 'block') method.returns.push(this.expressions.read(body));
    this.#walk(body, { method, index, when: scope.when, looped: false, depth: scope.depth + 1 });
  }

  #local(node: Node, scope: Scope): void {
    const inner = this.#start(node.childForFieldName('name')?.text ?? '', node);
    inner.method.parent = scope.index;
    const returns = node.childForFieldName('type');
    if (returns) inner.method.returnType = readType(returns).type;
    this.#signature(node.childForFieldName('parameters'), inner.method);
    this.#body(node, { ...inner, when: scope.when, depth: scope.depth + 1 });
  }

  #around({ when, looped }: Scope): { when?: readonly Guard[]; looped?: true } {
    return { ...(when.length > 0 ? { when } : {}), ...(looped ? { looped: true } : {}) };
  }

  #children(node: Node, scope: Scope): void {
    if (node.type === 'block') this.#inOrder(partsOf(node), scope);
    else for (const child of partsOf(node)) this.#walk(child, scope);
  }

  /** What follows `if (test) return;` runs where the test does not hold. */
  #inOrder(nodes: readonly Node[], scope: Scope): void {
    let current = scope;
    for (const node of nodes) {
      this.#walk(node, current);
      const branch = node.type === 'global_statement' ? partsOf(node)[0] : node;
      if (branch?.type !== 'if_statement' || branch.childForFieldName('alternative') || !leaves(branch)) continue;
      current = this.#guarded(current, this.expressions.read(branch.childForFieldName('condition')), false);
    }
  }

  #guarded(scope: Scope, test: Expression, holds: boolean): Scope {
    return { ...scope, when: scope.when.length < maxGuards ? [...scope.when, { test, holds }] : scope.when };
  }

  #walk(node: Node, outer: Scope): void {
    if (outer.depth > maxNesting) return;
    const scope = { ...outer, depth: outer.depth + 1 };
    const { method } = scope;
    switch (node.type) {
      case 'lambda_expression':
      case 'anonymous_method_expression':
        this.#lambda(node, scope);
        return;
      case 'local_function_statement':
        this.#local(node, scope);
        return;
      case 'if_statement':
      case 'conditional_expression':
        this.#branch(node, scope);
        return;
      case 'while_statement':
      case 'for_statement':
      case 'do_statement':
      case 'foreach_statement':
        this.#loop(node, scope);
        return;
      case 'invocation_expression':
        method.calls.push({ call: this.expressions.call(node), ...this.#around(scope) });
        break;
      case 'object_creation_expression':
      case 'implicit_object_creation_expression':
        method.creations.push({ creation: this.expressions.read(node) as NewExpression, ...this.#around(scope) });
        break;
      case 'variable_declaration':
        method.locals.push(...this.variables(node));
        break;
      case 'element_access_expression':
        this.#lookup(node, scope);
        break;
      case 'assignment_expression':
        this.#assign(node.childForFieldName('left'), node.childForFieldName('right'), node, scope);
        break;
      case 'postfix_unary_expression':
      case 'prefix_unary_expression':
        if (/\+\+|--/.test(node.text.slice(0, 2) + node.text.slice(-2))) this.#assign(partsOf(node)[0] ?? null, null, node, scope);
        break;
      case 'return_statement':
        if (partsOf(node)[0]) method.returns.push(this.expressions.read(partsOf(node)[0]));
        break;
      case 'identifier':
        method.reads.push({ name: node.text, at: atOf(node) });
        return;
      default:
    }
    this.#children(node, scope);
  }

  #lookup(node: Node, scope: Scope): void {
    const lookup = this.expressions.read(node);
    if (lookup.is === 'index' && lookup.key.is !== 'other') scope.method.lookups.push({ lookup, ...this.#around(scope) });
  }

  variables(node: Node | undefined): Variable[] {
    const type = readType(node?.childForFieldName('type'));
    return partsOf(node)
      .filter((part) => part.type === 'variable_declarator')
      .map((declarator) => {
        const named = declarator.childForFieldName('name') ?? partsOf(declarator)[0];
        const value = partsOf(declarator).find((part) => part.id !== named?.id && part.type !== 'bracketed_argument_list');
        return {
          name: named?.text ?? '',
          ...type,
          ...(value ? { value: this.expressions.readAs(type.type, value) } : {}),
          at: atOf(named ?? declarator),
        };
      });
  }

  #branch(node: Node, scope: Scope): void {
    const condition = node.childForFieldName('condition');
    if (condition) this.#walk(condition, scope);
    const test = this.expressions.read(condition);
    const [yes, no] = ['consequence', 'alternative'].map((field) => node.childForFieldName(field));
    if (yes) this.#walk(yes, this.#guarded(scope, test, true));
    if (no) this.#walk(no, this.#guarded(scope, test, false));
  }

  #loop(node: Node, scope: Scope): void {
    const condition = node.childForFieldName('condition');
    const isForEach = node.type === 'foreach_statement';
    if (!isForEach && isEndless(condition ? this.expressions.read(condition) : undefined)) scope.method.loops.push(atOf(node));
    if (isForEach) {
      const name = node.childForFieldName('left');
      const over = node.childForFieldName('right');
      if (name?.type === 'identifier')
        scope.method.locals.push({ name: name.text, ...readType(node.childForFieldName('type')), at: atOf(name) });
      if (over) this.#walk(over, scope);
    } else for (const part of partsOf(node)) if (part.id !== node.childForFieldName('body')?.id) this.#walk(part, scope);
    const body = node.childForFieldName('body');
    if (body) this.#walk(body, { ...scope, looped: true });
  }

  #assign(left: Node | null, right: Node | null, node: Node, scope: Scope): void {
    if (!left) return;
    const isElement = left.type === 'element_access_expression';
    const target = this.expressions.read(isElement ? left.childForFieldName('expression') : left);
    if (target.is !== 'name') return;
    const operator = node.childForFieldName('operator')?.text ?? '=';
    const how: Assignment['how'] = isElement ? 'element' : right && operator === '=' ? 'set' : 'change';
    scope.method.assignments.push({
      target: target.path,
      how,
      ...(right ? { value: this.expressions.read(right) } : {}),
      ...this.#around(scope),
      at: atOf(node),
    });
  }
}
