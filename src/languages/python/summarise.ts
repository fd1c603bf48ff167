/** Reads one Python file into plain data: one walk over its tree, to a bounded depth. */
import type { Node } from 'web-tree-sitter';
import type { SourceFile } from '../../types.ts';
import { atOf, findError, partsOf } from '../tree-sitter.ts';
import { withPythonTree } from './parser.ts';
import { ExpressionReader } from './summarise-expressions.ts';
import { readImports, typeImports } from './summarise-imports.ts';
import { entryIn, pathOf } from './summarise-targets.ts';
import type {
  Around,
  Assignment,
  At,
  Call,
  ClassSummary,
  Expression,
  FunctionSummary,
  Guard,
  ImportSummary,
  ModuleSummary,
  Parameter,
  Read,
} from './summary.ts';

/** Deeper trees than people write are not followed. */
const maxNesting = 300;
const maxGuards = 8;

interface Scope {
  readonly within?: number;
  readonly class?: number;
  readonly when: readonly Guard[];
  readonly looped: boolean;
  readonly tried: boolean;
  readonly depth: number;
}

type Draft<T> = { -readonly [K in keyof T]: T[K] };
type FunctionDraft = Draft<FunctionSummary> & { returns: FunctionSummary['returns'][number][]; globals: string[] };

export const summarisePython = (file: SourceFile): ModuleSummary => withPythonTree(file.text, (root) => new Summariser().summarise(root));
class Summariser {
  readonly imports: ImportSummary[] = [];
  readonly typeImports: ImportSummary[] = [];
  readonly assignments: Assignment[] = [];
  readonly calls: Call[] = [];
  readonly functions: FunctionDraft[] = [];
  readonly classes: ClassSummary[] = [];
  readonly reads: Read[] = [];
  readonly items: ModuleSummary['items'][number][] = [];
  readonly #lambdas = new Map<number, number>();
  readonly #expressions = new ExpressionReader((node) => this.#lambdaOf(node));
  error: At | undefined;

  summarise(root: Node): ModuleSummary {
    const error = findError(root);
    if (error) this.error = atOf(error);
    this.#block(root, { when: [], looped: false, tried: false, depth: 0 });
    const { imports, assignments, calls, functions, classes, items } = this;
    const changed = new Set(assignments.map(({ target }) => target.at(-1)));
    const imported = new Set(imports.flatMap(({ names, as = '' }) => names?.map((one) => one.as) ?? [as]));
    const isKept = ([first = '', second]: readonly string[]) =>
      changed.has(first) || imported.has(first) || (/^(?:self|cls)$/.test(first) && changed.has(second));
    // `request.app.state.orders`: what the application carries.
    const isCarried = (path: readonly string[]) => path.length > 2 && path.indexOf('state') > 0;
    const reads = this.reads.filter(({ path, within }) => within !== undefined && (isKept(path) || isCarried(path)));
    const forTypes = this.typeImports.length > 0 ? { typeImports: this.typeImports } : {};
    return { imports, ...forTypes, assignments, calls, functions, classes, reads, items, ...(this.error ? { error: this.error } : {}) };
  }

  #block(node: Node | null, scope: Scope): void {
    for (const child of partsOf(node)) this.#visit(child, scope);
  }

  #visit(node: Node, scope: Scope, result: Call['result'] = 'used'): void {
    if (scope.depth > maxNesting) {
      this.error ??= atOf(node);
      return;
    }
    const deeper = { ...scope, depth: scope.depth + 1 };
    const handler = handlers[node.type];
    if (handler) handler.call(this, node, deeper, result);
    else this.#block(node, deeper);
  }

  #around({ within, when }: Scope): Around {
    return { ...(within === undefined ? {} : { within }), ...(when.length > 0 ? { when } : {}) };
  }

  statement(node: Node, scope: Scope): void {
    for (const child of partsOf(node)) this.#visit(child, scope, 'void');
  }

  awaited(node: Node, scope: Scope): void {
    for (const child of partsOf(node)) this.#visit(child, scope, 'awaited');
  }

  call(node: Node, scope: Scope, result: Call['result']): void {
    const callee = node.childForFieldName('function');
    const name = callee?.type === 'attribute' ? callee.childForFieldName('attribute') : callee;
    this.calls.push({
      call: this.#expressions.call(node),
      nameAt: atOf(name ?? node),
      result,
      ...this.#around(scope),
      ...(scope.looped ? { looped: true } : {}),
      ...(scope.tried ? { tried: true } : {}),
      ...(scope.class === undefined || scope.within !== undefined ? {} : { class: scope.class }),
    });
    this.#block(node, scope);
  }

  /** The number of a lambda, whoever meets it first: the walk, or an expression that holds it. */
  #lambdaOf(node: Node): number {
    const known = this.#lambdas.get(node.startIndex);
    if (known !== undefined) return known;
    const id = this.#function('<lambda>', node, { when: [], looped: false, tried: false, depth: 0 }, []);
    this.#lambdas.set(node.startIndex, id);
    return id;
  }

  lambda(node: Node, scope: Scope): void {
    const id = this.#lambdaOf(node);
    if (scope.within !== undefined) this.functions[id]!.parent = scope.within;
    const body = node.childForFieldName('body');
    if (!body) return;
    this.#visit(body, { within: id, when: [], looped: false, tried: false, depth: scope.depth });
    this.functions[id]!.returns.push({ value: this.#expressions.read(body) });
  }

  #function(name: string, node: Node, scope: Scope, decorators: readonly Expression[]): number {
    const [named, gives] = ['name', 'return_type'].map((field) => node.childForFieldName(field));
    const draft: FunctionDraft = {
      name,
      parameters: [],
      decorators,
      returns: [],
      async: node.children[0]?.type === 'async',
      globals: [],
      at: atOf(named ?? node),
      ...(scope.within === undefined ? {} : { parent: scope.within }),
      ...(scope.class !== undefined && scope.within === undefined ? { class: scope.class } : {}),
      ...(gives ? { gives: this.#expressions.read(gives) } : {}),
    };
    const id = this.functions.push(draft) - 1;
    draft.parameters = this.#parameters(node.childForFieldName('parameters'));
    return id;
  }

  #parameters(node: Node | null): readonly Parameter[] {
    return partsOf(node).flatMap((part): readonly Parameter[] => {
      if (part.type === 'identifier') return [{ name: part.text }];
      if (!/parameter/.test(part.type) && !/splat/.test(part.type)) return [];
      const name = part.childForFieldName('name')?.text ?? partsOf(part)[0]?.text ?? '';
      const value = part.childForFieldName('value');
      const type = part.childForFieldName('type');
      return [
        {
          name: name.replace(/^\*+/, ''),
          ...(value ? { default: this.#expressions.read(value) } : {}),
          ...(type ? { type: this.#expressions.read(type) } : {}),
        },
      ];
    });
  }

  definition(node: Node, scope: Scope, decorators: readonly Expression[] = []): void {
    const id = this.#function(node.childForFieldName('name')?.text ?? '', node, scope, decorators);
    // Defaults are made once, where the function stands.
    this.#block(node.childForFieldName('parameters'), scope);
    const { depth } = scope;
    this.#block(node.childForFieldName('body'), { within: id, when: [], looped: false, tried: false, depth });
  }

  classDefinition(node: Node, scope: Scope, decorators: readonly Expression[] = []): void {
    const name = node.childForFieldName('name');
    const given = partsOf(node.childForFieldName('superclasses'));
    const bases = given.filter(({ type }) => type !== 'keyword_argument');
    const metaclass = given.find((one) => one.childForFieldName('name')?.text === 'metaclass')?.childForFieldName('value')?.text;
    const id =
      this.classes.push({
        name: name?.text ?? '',
        bases: bases.map((base) => this.#expressions.read(base)),
        decorators,
        at: atOf(name ?? node),
        ...(metaclass === undefined ? {} : { metaclass: metaclass.slice(0, 100) }),
        ...(scope.within === undefined ? {} : { within: scope.within }),
        ...(scope.class === undefined ? {} : { parent: scope.class }),
      }) - 1;
    this.#block(node.childForFieldName('body'), { class: id, when: scope.when, looped: false, tried: false, depth: scope.depth });
  }

  decorated(node: Node, scope: Scope): void {
    const decorators = partsOf(node).filter(({ type }) => type === 'decorator');
    for (const decorator of decorators) this.#block(decorator, scope);
    const read = decorators.map((decorator) => this.#expressions.read(partsOf(decorator)[0]));
    const inner = node.childForFieldName('definition');
    if (inner?.type === 'function_definition') this.definition(inner, scope, read);
    else if (inner?.type === 'class_definition') this.classDefinition(inner, scope, read);
  }

  assignment(node: Node, scope: Scope): void {
    const [left, right, type] = ['left', 'right', 'type'].map((field) => node.childForFieldName(field));
    for (const part of [right, type]) if (part) this.#visit(part, scope);
    const value: Expression = right ? this.#expressions.read(right) : { is: 'unknown', at: atOf(node) };
    const how = node.type === 'augmented_assignment' ? 'change' : 'set';
    if (!right && scope.class === undefined) return;
    this.#assign(left, value, scope, how, type ? this.#expressions.read(type) : undefined, !right);
  }

  #assign(left: Node | null | undefined, value: Expression, scope: Scope, how: Assignment['how'], type?: Expression, bare = false): void {
    if (!left) return;
    if (left.type === 'pattern_list' || left.type === 'tuple_pattern' || left.type === 'list_pattern') {
      for (const [index, part] of partsOf(left).slice(0, 100).entries()) {
        const item = value.is === 'list' ? value.items[index] : undefined;
        this.#assign(part, item ?? { is: 'unknown', at: atOf(part) }, scope, how);
      }
      return;
    }
    const entry = left.type === 'identifier' ? undefined : entryIn(left);
    const target = pathOf(entry ? entry.childForFieldName('value') : left);
    if (!target) return;
    this.assignments.push({
      target,
      ...(entry ? { key: this.#expressions.read(entry.childForFieldName('subscript')) } : {}),
      how: entry && entry !== left && how === 'set' ? 'change' : how,
      value: bare ? { is: 'name', name: '<required>', at: value.at } : value,
      ...(type ? { type } : {}),
      ...(scope.class !== undefined && scope.within === undefined ? { class: scope.class } : {}),
      ...this.#around(scope),
      at: atOf(left),
    });
  }

  deletion(node: Node, scope: Scope): void {
    for (const part of partsOf(node)) this.#assign(part, { is: 'unknown', at: atOf(part) }, scope, 'delete');
  }

  global(node: Node, scope: Scope): void {
    if (scope.within !== undefined) this.functions[scope.within]!.globals.push(...partsOf(node).map(({ text }) => text));
  }

  returns(node: Node, scope: Scope): void {
    this.#block(node, scope);
    const value = partsOf(node)[0];
    if (scope.within === undefined || !value) return;
    const { when } = scope;
    this.functions[scope.within]!.returns.push({ value: this.#expressions.read(value), ...(when.length > 0 ? { when } : {}) });
  }

  branch(node: Node, scope: Scope): void {
    const condition = node.childForFieldName('condition');
    if (condition) this.#visit(condition, scope);
    const test = this.#expressions.read(condition);
    if (isTypeChecking(test)) {
      this.typeImports.push(...typeImports(node.childForFieldName('consequence')));
      return;
    }
    this.#block(node.childForFieldName('consequence'), guarded(scope, { test, holds: true }));
    let rest = guarded(scope, { test, holds: false });
    for (const part of node.childrenForFieldName('alternative')) {
      if (part?.type === 'elif_clause') {
        const inner = part.childForFieldName('condition');
        if (inner) this.#visit(inner, rest);
        const other = this.#expressions.read(inner);
        this.#block(part.childForFieldName('consequence'), guarded(rest, { test: other, holds: true }));
        rest = guarded(rest, { test: other, holds: false });
      } else if (part) this.#block(part.childForFieldName('body'), rest);
    }
  }

  choice(node: Node, scope: Scope): void {
    const [yes, test, no] = partsOf(node);
    if (!yes || !test || !no) return;
    this.#visit(test, scope);
    const read = this.#expressions.read(test);
    this.#visit(yes, guarded(scope, { test: read, holds: true }));
    this.#visit(no, guarded(scope, { test: read, holds: false }));
  }

  loop(node: Node, scope: Scope): void {
    const left = node.childForFieldName('left');
    if (left) {
      const over = node.childForFieldName('right');
      this.#assign(left, this.#expressions.read(over), scope, 'loop');
    }
    for (const part of partsOf(node)) this.#visit(part, part.type === 'block' ? { ...scope, looped: true } : scope);
  }

  /** `[client.send(text) for client in clients]`: calls for each, as in a loop. */
  comprehension(node: Node, scope: Scope): void {
    const [body] = partsOf(node);
    const isCall = scope.within !== undefined && (body?.type === 'call' || body?.type === 'await');
    for (const part of partsOf(node)) {
      const left = part.type === 'for_in_clause' && isCall ? part.childForFieldName('left') : null;
      if (left) this.#assign(left, this.#expressions.read(part.childForFieldName('right')), scope, 'loop');
      this.#visit(part, part === body && isCall ? { ...scope, looped: true } : scope);
    }
  }

  attempt(node: Node, scope: Scope): void {
    const isHandled = partsOf(node).some(({ type }) => type === 'except_clause' || type === 'except_group_clause');
    for (const part of partsOf(node)) this.#visit(part, part.type === 'block' && isHandled ? { ...scope, tried: true } : scope);
  }

  resources(node: Node, scope: Scope): void {
    for (const part of partsOf(node)) {
      this.#visit(part, scope);
      const named = part.type === 'as_pattern' ? part : partsOf(part).find(({ type }) => type === 'as_pattern');
      const target = named?.childForFieldName('alias');
      if (named && target) this.#assign(partsOf(target)[0] ?? target, this.#expressions.read(partsOf(named)[0]), scope, 'set');
    }
  }

  imported(node: Node, scope: Scope): void {
    const around = { ...(scope.tried ? { tried: true as const } : {}), ...this.#around(scope) };
    for (const one of readImports(node)) this.imports.push({ ...one, ...around });
  }

  item(node: Node, scope: Scope): void {
    this.#block(node, scope);
    const item = this.#expressions.read(node);
    if (item.is === 'item') this.items.push({ item, ...(scope.tried ? { tried: true as const } : {}), ...this.#around(scope) });
  }

  name(node: Node, scope: Scope): void {
    const path = pathOf(node);
    if (path) this.reads.push({ path, at: atOf(node), ...(scope.within === undefined ? {} : { within: scope.within }) });
    else this.#block(node, scope);
  }

  /** The name of an argument is no read. */
  keyword(node: Node, scope: Scope): void {
    const value = node.childForFieldName('value');
    if (value) this.#visit(value, scope);
  }
}

type Handler = (this: Summariser, node: Node, scope: Scope, result: Call['result']) => void;
const { prototype } = Summariser;
const handlers: Readonly<Record<string, Handler>> = Object.assign(Object.create(null), {
  expression_statement: prototype.statement,
  await: prototype.awaited,
  call: prototype.call,
  lambda: prototype.lambda,
  function_definition(this: Summariser, node: Node, scope: Scope) {
    this.definition(node, scope);
  },
  class_definition(this: Summariser, node: Node, scope: Scope) {
    this.classDefinition(node, scope);
  },
  decorated_definition: prototype.decorated,
  assignment: prototype.assignment,
  augmented_assignment: prototype.assignment,
  delete_statement: prototype.deletion,
  global_statement: prototype.global,
  nonlocal_statement: prototype.global,
  return_statement: prototype.returns,
  if_statement: prototype.branch,
  conditional_expression: prototype.choice,
  for_statement: prototype.loop,
  while_statement: prototype.loop,
  list_comprehension: prototype.comprehension,
  generator_expression: prototype.comprehension,
  set_comprehension: prototype.comprehension,
  try_statement: prototype.attempt,
  with_clause: prototype.resources,
  import_statement: prototype.imported,
  import_from_statement: prototype.imported,
  future_import_statement: () => undefined,
  subscript: prototype.item,
  identifier: prototype.name,
  attribute: prototype.name,
  keyword_argument: prototype.keyword,
} satisfies Record<string, unknown>);

const guarded = (scope: Scope, guard: Guard): Scope => (scope.when.length < maxGuards ? { ...scope, when: [...scope.when, guard] } : scope);

const isTypeChecking = (test: Expression): boolean =>
  (test.is === 'name' && test.name === 'TYPE_CHECKING') || (test.is === 'attribute' && test.name === 'TYPE_CHECKING');
