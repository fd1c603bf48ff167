/** Reads one Go file into plain data: one walk over its tree, to a bounded depth. */
import type { Node } from 'web-tree-sitter';
import type { SourceFile } from '../../types.ts';
import { atOf, findError, partsOf } from '../tree-sitter.ts';
import { isConstrained } from './build-constraints.ts';
import { withGoTree } from './parser.ts';
import { type Packed, pack, unpack } from './shared-data.ts';
import { ExpressionReader, textOfLiteral } from './summarise-expressions.ts';
import { isPlain, lastingReads, pathOf } from './summarise-reads.ts';
import { entryIn, isPause } from './summarise-shapes.ts';
import { readTypes } from './summarise-types.ts';
import type {
  Around,
  Assignment,
  At,
  Call,
  Expression,
  FileSummary,
  FunctionSummary,
  Guard,
  ImportSummary,
  LiteralSummary,
  Parameter,
  Read,
  TypeSummary,
} from './summary.ts';

/** Deeper trees than people write are not followed. */
const maxNesting = 300;
const maxGuards = 8;

interface Scope {
  readonly within?: number;
  readonly when: readonly Guard[];
  readonly looped: boolean;
  readonly depth: number;
}
type Draft<T> = { -readonly [K in keyof T]: T[K] };
type FunctionDraft = Draft<FunctionSummary> & { returns: FunctionSummary['returns'][number][] };

const nothing: FileSummary = {
  package: '',
  excluded: true,
  imports: [],
  assignments: [],
  calls: [],
  functions: [],
  types: [],
  literals: [],
  reads: [],
  names: [],
};

/** Go 1.26 lets `new` take a value, which the grammar does not know: then it is read as any other function. */
const withValues = (text: string): string => text.replace(/(?<![\w.])new\((?![\s*[]|map\[|chan\b|func\b|struct\b|interface\b)/g, 'neW(');

export function summariseGo({ text }: SourceFile): FileSummary {
  if (isConstrained(text)) return nothing;
  const read = (root: Node) => new Summariser().summarise(root);
  const first = withGoTree(text, read);
  const other = first.error ? withValues(text) : text;
  if (other === text) return first;
  const second = withGoTree(other, read);
  return second.error ? first : second;
}

/** As it is kept: what stands in several places is written once. */
export const packGo = (file: SourceFile): Packed => pack(summariseGo(file));
export const unpackGo = (packed: Packed): FileSummary => unpack(packed) as FileSummary;

const atTop: Scope = { when: [], looped: false, depth: 0 };

class Summariser {
  readonly imports: ImportSummary[] = [];
  readonly assignments: Assignment[] = [];
  readonly calls: Call[] = [];
  readonly functions: FunctionDraft[] = [];
  readonly types: TypeSummary[] = [];
  readonly literals: LiteralSummary[] = [];
  readonly reads: Read[] = [];
  readonly #numbers = new Map<number, number>();
  readonly expressions = new ExpressionReader((node) => this.#literalOf(node));
  error: At | undefined;

  summarise(root: Node): FileSummary {
    const error = findError(root);
    if (error) this.error = atOf(error);
    const clause = partsOf(root).find(({ type }) => type === 'package_clause');
    this.#block(root, atTop);
    const { imports, assignments, calls, functions, types, literals } = this;
    const reads = lastingReads(this);
    const name = partsOf(clause)[0]?.text ?? '';
    return {
      package: name,
      imports,
      assignments,
      calls,
      functions,
      types,
      literals,
      reads,
      names: [...this.expressions.names],
      ...(this.error ? { error: this.error } : {}),
    };
  }

  #block(node: Node | null | undefined, scope: Scope): void {
    for (const child of partsOf(node)) this.visit(child, scope);
  }

  visit(node: Node, scope: Scope): void {
    if (scope.depth > maxNesting) {
      this.error ??= atOf(node);
      return;
    }
    const deeper = { ...scope, depth: scope.depth + 1 };
    const handler = Object.hasOwn(handlers, node.type) ? handlers[node.type] : undefined;
    if (handler) handler.call(this, node, deeper);
    else this.#block(node, deeper);
  }

  around({ within, when }: Scope): Around {
    return { ...(within === undefined ? {} : { within }), ...(when.length > 0 ? { when } : {}) };
  }

  imported(node: Node): void {
    const path = node.childForFieldName('path');
    const name = node.childForFieldName('name');
    if (path) this.imports.push({ path: textOfLiteral(path), ...(name ? { as: name.text } : {}), at: atOf(node) });
  }

  call(node: Node, scope: Scope, how: Call['how'] = 'plain'): void {
    const callee = node.childForFieldName('function');
    const name = callee?.type === 'selector_expression' ? callee.childForFieldName('field') : callee;
    const call = this.expressions.read(node);
    if (call.is !== 'call') return;
    const looped = scope.looped ? { looped: true as const } : {};
    if (!isPlain(call.callee)) this.calls.push({ call, nameAt: atOf(name ?? node), how, ...this.around(scope), ...looped });
    const [target, key] = call.args;
    if (call.callee.is === 'name' && call.callee.name === 'delete' && target && key) {
      const path = pathOf(target);
      if (path) this.assignments.push({ target: path, key, how: 'delete', value: key, ...this.around(scope), ...looped, at: atOf(node) });
    }
    if (callee && callee.type !== 'identifier') this.visit(callee, scope);
    this.#block(node.childForFieldName('arguments'), scope);
  }

  started(node: Node, scope: Scope): void {
    const how = node.type === 'go_statement' ? 'go' : 'defer';
    for (const part of partsOf(node)) {
      if (part.type === 'call_expression') this.call(part, scope, how);
      else this.visit(part, scope);
    }
  }

  /** The number of a function literal, whoever meets it first: the walk, or an expression that holds it. */
  #literalOf(node: Node): number {
    const known = this.#numbers.get(node.startIndex);
    if (known !== undefined) return known;
    const id = this.#function('', node);
    this.#numbers.set(node.startIndex, id);
    return id;
  }

  literal(node: Node, scope: Scope): void {
    const id = this.#literalOf(node);
    if (scope.within !== undefined) this.functions[id]!.parent = scope.within;
    this.#block(node.childForFieldName('body'), { within: id, when: [], looped: false, depth: scope.depth });
  }

  #function(name: string, node: Node): number {
    const named = node.childForFieldName('name');
    const result = node.childForFieldName('result');
    const results =
      result?.type === 'parameter_list' ? this.#parameters(result).map(({ type }) => type) : result ? [this.expressions.read(result)] : [];
    const receiver = this.#parameters(node.childForFieldName('receiver'))[0];
    const draft: FunctionDraft = {
      name,
      ...(receiver ? { receiver } : {}),
      parameters: this.#parameters(node.childForFieldName('parameters')),
      results,
      returns: [],
      at: atOf(named ?? node),
    };
    return this.functions.push(draft) - 1;
  }

  #parameters(node: Node | null): readonly Parameter[] {
    return partsOf(node).flatMap((part): readonly Parameter[] => {
      const written = part.childForFieldName('type');
      const own = this.expressions.read(written);
      const type: Expression = part.type === 'variadic_parameter_declaration' ? { is: 'holder', kind: 'list', of: own, at: own.at } : own;
      const names = part.childrenForFieldName('name').flatMap((name) => (name ? [name.text] : []));
      return names.length > 0 ? names.map((name) => ({ name, type })) : [{ name: '', type }];
    });
  }

  definition(node: Node, scope: Scope): void {
    const id = this.#function(node.childForFieldName('name')?.text ?? '', node);
    this.#block(node.childForFieldName('body'), { within: id, when: [], looped: false, depth: scope.depth });
  }

  typeDefinition(node: Node): void {
    this.types.push(...readTypes(node, this.expressions));
  }

  composite(node: Node, scope: Scope): void {
    const literal = this.expressions.read(node);
    if (literal.is === 'composite' && (literal.type.is === 'name' || literal.type.is === 'selector'))
      this.literals.push({ literal, ...this.around(scope) });
    this.#block(node.childForFieldName('body'), scope);
  }

  /** Names of keys are no reads. */
  keyed(node: Node, scope: Scope): void {
    const key = node.childForFieldName('key');
    const [inner] = key ? partsOf(key) : [];
    if (inner && inner.type !== 'identifier') this.visit(inner, scope);
    const value = node.childForFieldName('value');
    if (value) this.#block(value, scope);
  }

  /** `var a, b T = x, y`, also of constants. */
  declaration(node: Node, scope: Scope): void {
    const names = node.childrenForFieldName('name').filter((name) => name !== null && name.type === 'identifier');
    const type = node.childForFieldName('type');
    const values = partsOf(node.childForFieldName('value'));
    const constant = node.type === 'const_spec' ? { constant: true as const } : {};
    const declared = type ? { type: this.expressions.read(type) } : {};
    for (const [index, name] of names.slice(0, 100).entries())
      this.#assign(name, this.#valueAt(values, index, names.length), scope, 'declare', { ...constant, ...declared });
    for (const value of values) this.visit(value, scope);
  }

  #valueAt(values: readonly Node[], index: number, count: number): Pick<Assignment, 'value' | 'result'> {
    if (values.length === 1 && count > 1) return { value: this.expressions.read(values[0]), result: index };
    const value = values[index];
    return { value: value ? this.expressions.read(value) : { is: 'unknown', at: [1, 1, 1, 1] } };
  }

  assignment(node: Node, scope: Scope): void {
    const targets = partsOf(node.childForFieldName('left'));
    const right = node.childForFieldName('right');
    const values = partsOf(right);
    const operator = node.childForFieldName('operator')?.text ?? '';
    const how = node.type === 'short_var_declaration' ? 'declare' : operator === '=' || operator === '' ? 'set' : 'change';
    for (const [index, target] of targets.slice(0, 100).entries())
      this.#assign(target, this.#valueAt(values, index, targets.length), scope, how, {});
    for (const target of targets) if (target.type !== 'identifier') this.#block(target, scope);
    for (const value of values) this.visit(value, scope);
  }

  step(node: Node, scope: Scope): void {
    const [target] = partsOf(node);
    if (target) this.#assign(target, { value: { is: 'unknown', at: atOf(node) } }, scope, 'change', {});
  }

  #assign(
    left: Node,
    value: Pick<Assignment, 'value' | 'result'>,
    scope: Scope,
    how: Assignment['how'],
    more: Pick<Assignment, 'constant' | 'type'>,
  ): void {
    const entry = left.type === 'identifier' ? undefined : entryIn(left);
    const written = this.expressions.read(entry ? entry.childForFieldName('operand') : left);
    const target = pathOf(written);
    if (!target || target[0] === '_') return;
    const isInside = entry !== undefined && entry !== left;
    this.assignments.push({
      target,
      ...(entry ? { key: this.expressions.read(entry.childForFieldName('index')) } : {}),
      ...(isInside && left.type === 'selector_expression' ? { field: left.childForFieldName('field')?.text ?? '' } : {}),
      how: isInside ? 'change' : how,
      ...value,
      ...more,
      ...this.around(scope),
      ...(scope.looped ? { looped: true } : {}),
      at: atOf(left),
    });
  }

  returns(node: Node, scope: Scope): void {
    this.#block(node, scope);
    const [list] = partsOf(node);
    if (scope.within === undefined || !list) return;
    const values = partsOf(list).map((value) => this.expressions.read(value));
    this.functions[scope.within]!.returns.push({ values, ...(scope.when.length > 0 ? { when: scope.when } : {}) });
  }

  branch(node: Node, scope: Scope): void {
    const first = node.childForFieldName('initializer');
    const condition = node.childForFieldName('condition');
    for (const part of [first, condition]) if (part) this.visit(part, scope);
    const test = this.expressions.read(condition);
    this.#block(node.childForFieldName('consequence'), guarded(scope, { test, holds: true }));
    const other = node.childForFieldName('alternative');
    if (other) this.visit(other, guarded(scope, { test, holds: false }));
  }

  cases(node: Node, scope: Scope): void {
    const value = node.childForFieldName('value');
    for (const part of [node.childForFieldName('initializer'), value]) if (part) this.visit(part, scope);
    const left = value && this.expressions.read(value);
    const parts = partsOf(node).filter(({ type }) => /_case$/.test(type));
    const tests = parts.map((part) => this.#caseTest(part, left));
    for (const [index, part] of parts.entries()) {
      const own = tests[index];
      const others = tests.flatMap((test): readonly Guard[] => (test ? [{ test, holds: false, rest: true }] : []));
      const isDefault = part.type === 'default_case' && others.length > 0;
      const guards: readonly Guard[] = isDefault
        ? others.slice(0, maxGuards / 2)
        : [{ test: own ?? { is: 'unknown', at: atOf(part) }, holds: true }];
      this.#block(part, guards.reduce(guarded, scope));
    }
  }

  /** `case "a", "b"` of a switch over `left`, or over conditions. */
  #caseTest(part: Node, left: Expression | null | undefined): Expression | undefined {
    const tests = partsOf(part.childForFieldName('value')).map((value): Expression => {
      const right = this.expressions.read(value);
      return left ? { is: 'binary', operator: '==', left, right, at: right.at } : right;
    });
    return tests.length === 0
      ? undefined
      : tests.reduce((first, second): Expression => ({ is: 'binary', operator: '||', left: first, right: second, at: first.at }));
  }

  loop(node: Node, scope: Scope): void {
    const range = partsOf(node).find(({ type }) => type === 'range_clause');
    const over = range?.childForFieldName('right');
    const names = partsOf(range?.childForFieldName('left'));
    for (const [index, name] of names.slice(0, 2).entries())
      this.#assign(name, { value: this.expressions.read(over), result: index }, scope, 'loop', {});
    for (const part of partsOf(node)) {
      if (part === range) continue;
      // `for busy() { time.Sleep(…) }` waits for something, and does nothing again and again.
      this.visit(part, part.type === 'block' ? { ...scope, looped: !isPause(part) } : scope);
    }
    if (over) this.visit(over, scope);
  }

  name(node: Node, { within }: Scope): void {
    const path = pathOf(this.expressions.read(node));
    if (path) this.reads.push({ path, at: atOf(node), ...(within === undefined ? {} : { within }) });
  }

  selector(node: Node, scope: Scope): void {
    const path = pathOf(this.expressions.read(node));
    if (path) this.reads.push({ path, at: atOf(node), ...(scope.within === undefined ? {} : { within: scope.within }) });
    else this.#block(node, scope);
  }
}

const guarded = (scope: Scope, guard: Guard): Scope => ({ ...scope, when: [...scope.when, guard].slice(-maxGuards) });

type Handler = (this: Summariser, node: Node, scope: Scope) => void;
const { prototype } = Summariser;
const ignored: Handler = () => {};
const handlers: Readonly<Record<string, Handler>> = {
  import_spec: prototype.imported,
  call_expression(this: Summariser, node: Node, scope: Scope) {
    this.call(node, scope);
  },
  go_statement: prototype.started,
  defer_statement: prototype.started,
  func_literal: prototype.literal,
  function_declaration: prototype.definition,
  method_declaration: prototype.definition,
  type_declaration: prototype.typeDefinition,
  composite_literal: prototype.composite,
  keyed_element: prototype.keyed,
  var_spec: prototype.declaration,
  const_spec: prototype.declaration,
  short_var_declaration: prototype.assignment,
  assignment_statement: prototype.assignment,
  inc_statement: prototype.step,
  dec_statement: prototype.step,
  return_statement: prototype.returns,
  if_statement: prototype.branch,
  expression_switch_statement: prototype.cases,
  for_statement: prototype.loop,
  identifier: prototype.name,
  selector_expression: prototype.selector,
  package_clause: ignored,
  label_name: ignored,
  parameter_list: ignored,
};
