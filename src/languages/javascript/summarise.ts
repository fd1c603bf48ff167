import type { Node } from '@babel/types';
import { CallCollector } from './collect-calls.ts';
import { type Context, guarded, type SyntaxView, stand, standingOf } from './context.ts';
import { EnvReadFinder } from './env-reads.ts';
import { ExpressionReader, keyName, readEnum, unwrap } from './expressions.ts';
import { ModuleSyntax } from './module-syntax.ts';
import { alwaysLeaves, computedRoot, injections, isSummarised, memberPath, typeName } from './node-shapes.ts';
import { parseModule } from './parse.ts';
import { boundParts, handedTo } from './patterns.ts';
import { pruneBindings } from './prune-bindings.ts';
import { importsItself, syntaxPasses } from './recognisers/interests.ts';
import { atOf, isFunctionNode, ScopeTree } from './scopes.ts';
import {
  type Call,
  type ClassSummary,
  type Expression,
  emptySummary,
  type FunctionSummary,
  type Guard,
  type ModuleSummary,
} from './summary.ts';
import { switchGuards } from './switch-guards.ts';
import { childrenOf, NodeIndex } from './syntax-tree.ts';

type Open<T> = { -readonly [K in keyof T]: T[K] };

/** Reads one module into plain data. Depends on nothing but the file. */
export function summarise(path: string, text: string): ModuleSummary {
  const parsed = parseModule(path, text);
  if (!parsed.file) return { ...emptySummary, error: parsed.error };
  const summary = new Summariser(path, text, parsed.file.program).run();
  return parsed.error ? { ...summary, error: parsed.error } : summary;
}

type OpenClass = Open<ClassSummary> & {
  methods: Record<string, number>;
  fields: Record<string, Expression>;
  staticFields: Record<string, Expression>;
  assigned: Record<string, Expression>;
  injected: Record<string, Expression>;
  tokens?: Record<string, Expression>;
  handed?: ClassSummary['handed'];
};

class Summariser {
  readonly #scopes: ScopeTree;
  readonly #functions: Open<FunctionSummary & { returns: { value: Expression; when?: readonly Guard[] }[] }>[] = [];
  readonly #classes: OpenClass[] = [];
  readonly #module: ModuleSyntax;
  readonly #calls: CallCollector;
  readonly #nowhere: Context;
  /** Nodes around the one that is visited, itself last. */
  readonly #ancestors: Node[] = [];
  readonly #reader: ExpressionReader;
  readonly #env = new EnvReadFinder();

  constructor(
    readonly path: string,
    readonly text: string,
    readonly program: Node & { type: 'Program' },
  ) {
    this.#scopes = new ScopeTree(program);
    this.#nowhere = { scope: this.#scopes.root, when: [], tried: false, looped: false };
    const read = (node: Node, context: Context): Expression => this.#read(node, context);
    this.#calls = new CallCollector(this.#scopes, read, importsItself.test(text));
    this.#module = new ModuleSyntax(
      read,
      (id, value, context) => this.#assign(id, value, context),
      (node) => this.#scopes.numberOf(node),
    );
    this.#reader = new ExpressionReader({ numberOf: (node) => this.#scopes.numberOf(node) });
  }

  run(): ModuleSummary {
    this.#open();
    this.#statements(this.program.body as Node[], this.#nowhere);
    const calls = this.#calls.finish();
    this.#module.finish(this.#scopes.bindings, calls);
    const summary: ModuleSummary = {
      imports: this.#module.imports,
      exports: this.#module.exports,
      reExports: this.#module.reExports,
      bindings: this.#scopes.bindings.map(({ index: _, ...binding }) => binding),
      functions: this.#functions,
      classes: this.#classes,
      calls,
      envReads: this.#env.finish((node, at) => this.#reader.read(node, at.scope, at.class)),
      passes: {},
      directives: this.program.directives.map((directive) => directive.value.value),
      hashbang: this.program.interpreter != null,
    };
    return pruneBindings({ ...summary, passes: this.#runPasses(summary) });
  }

  #runPasses(summary: ModuleSummary): Record<string, readonly unknown[]> {
    const index = new NodeIndex(this.program);
    const contextOf = (node: Node): Context => standingOf(node) ?? this.#nowhere;
    const view: SyntaxView = {
      nodes: (...types) => index.of(types),
      path: this.path,
      program: this.program,
      scopes: this.#scopes,
      summary,
      contextOf,
      scopeAt: (node) => contextOf(node).scope,
      read: (node) => this.#read(node, contextOf(node)),
      functionId: (node) => this.#scopes.numberOf(node),
    };
    const results: Record<string, readonly unknown[]> = {};
    for (const pass of syntaxPasses) {
      if (pass.text && !pass.text.some((pattern) => pattern.test(this.text))) continue;
      const found = pass.run(view);
      if (found.length > 0) results[pass.id] = found;
    }
    return results;
  }

  /** Opens a summary for every function and class before anything refers to it. */
  #open(): void {
    for (const { node, parent } of this.#scopes.functions) {
      const fn = node as Node & { id?: { name?: string } | null; params: Node[]; async?: boolean; key?: Node };
      const name = fn.id?.name ?? (fn.key && keyName(fn.key, false));
      this.#functions.push({
        ...(name ? { name } : {}),
        ...(parent === undefined ? {} : { parent }),
        parameters: fn.params.length,
        returns: [],
        async: fn.async ?? false,
        at: atOf(node),
      });
    }
    for (const node of this.#scopes.classes) {
      const { id } = node as { id?: { name?: string } | null };
      this.#classes.push({
        ...(id?.name ? { name: id.name } : {}),
        methods: {},
        fields: {},
        staticFields: {},
        assigned: {},
        injected: {},
        at: atOf(node),
      });
    }
  }

  #read(node: Node, context: Context): Expression {
    return this.#reader.read(node, context.scope, context.class);
  }

  /** Statements in order; what follows an `if` that always leaves runs only when its test fails. */
  #statements(nodes: readonly Node[], context: Context): void {
    let current = context;
    for (const node of nodes) {
      this.#visit(node, current);
      if (node.type === 'IfStatement' && !node.alternate && alwaysLeaves(node.consequent as Node)) {
        current = { ...current, when: [...current.when, { test: this.#read(node.test as Node, current), holds: false }] };
      }
    }
  }

  #visit(node: Node, outer: Context): void {
    if (isFunctionNode(node)) {
      stand(node, outer);
      this.#ancestors.push(node);
      this.#function(node, outer);
    } else {
      const scope = this.#scopes.of(node);
      const context = scope ? { ...outer, scope } : outer;
      stand(node, context);
      if (childrenOf(node).length === 0 && !isSummarised(node)) return;
      this.#ancestors.push(node);
      this.#enter(node, context);
    }
    this.#ancestors.pop();
  }

  #enter(node: Node, context: Context): void {
    switch (node.type) {
      case 'BlockStatement':
      case 'StaticBlock':
      case 'TSModuleBlock':
        return this.#statements(node.body as Node[], context);
      case 'IfStatement':
      case 'ConditionalExpression':
        return this.#branch(node, context);
      case 'LogicalExpression':
        return this.#logical(node, context);
      case 'SwitchStatement':
        return this.#switch(node, context);
      case 'SwitchCase':
        if (node.test) this.#visit(node.test as Node, context);
        return this.#statements(node.consequent as Node[], context);
      case 'TryStatement':
        this.#visit(node.block as Node, { ...context, tried: context.tried || node.handler != null });
        if (node.handler) this.#visit(node.handler as Node, context);
        if (node.finalizer) this.#visit(node.finalizer as Node, context);
        return;
      case 'ForStatement':
      case 'ForInStatement':
      case 'ForOfStatement':
      case 'WhileStatement':
      case 'DoWhileStatement':
        return this.#inside(node, { ...context, looped: true });
      case 'ClassDeclaration':
      case 'ClassExpression':
        return this.#class(node, context);
    }
    if (isSummarised(node)) {
      this.#declarations(node, context);
      this.#module.see(node, context);
      this.#uses(node, context);
    }
    this.#inside(node, context);
  }

  #inside(node: Node, context: Context): void {
    for (const child of childrenOf(node)) this.#visit(child, context);
  }

  #branch(node: Node & { type: 'IfStatement' | 'ConditionalExpression' }, context: Context): void {
    this.#env.see(node, context, this.#ancestors);
    const test = this.#read(node.test as Node, context);
    this.#visit(node.test as Node, context);
    this.#visit(node.consequent as Node, { ...context, when: [...context.when, { test, holds: true }] });
    if (node.alternate) this.#visit(node.alternate as Node, { ...context, when: [...context.when, { test, holds: false }] });
  }

  #switch(node: Node & { type: 'SwitchStatement' }, context: Context): void {
    this.#env.see(node, context, this.#ancestors);
    this.#visit(node.discriminant as Node, context);
    const guards = switchGuards(node, (inner) => this.#read(inner, context));
    for (const [index, one] of node.cases.entries()) this.#visit(one, { ...context, when: [...context.when, ...guards[index]!] });
  }

  #logical(node: Node & { type: 'LogicalExpression' }, context: Context): void {
    this.#env.see(node, context, this.#ancestors);
    this.#visit(node.left as Node, context);
    const guard = node.operator === '??' ? [] : [{ test: this.#read(node.left as Node, context), holds: node.operator === '&&' }];
    this.#visit(node.right as Node, { ...context, when: [...context.when, ...guard] });
  }

  #function(node: Node, context: Context): void {
    const id = this.#scopes.numberOf(node)!;
    const fn = node as Node & { params: Node[]; body: Node; decorators?: Node[]; key?: Node; computed?: boolean };
    const scope = this.#scopes.of(node)!;
    // A function that only exists in one branch runs under the conditions of that branch.
    const inner: Context = { ...context, scope, within: id, tried: false, looped: false };
    fn.params.forEach((parameter, index) => {
      this.#bindPattern(
        parameter,
        { k: 'parameter', function: id, index, rest: parameter.type === 'RestElement', at: atOf(parameter) },
        inner,
      );
      this.#visit(parameter, inner);
    });
    if (fn.key && fn.computed) this.#visit(fn.key, context);
    if (fn.type === 'FunctionDeclaration')
      this.#assign((fn as unknown as { id?: Node }).id, { k: 'function', id, at: atOf(node) }, context);
    if (fn.type === 'FunctionExpression') {
      const own = (fn as unknown as { id?: Node }).id;
      if (own) this.#assign(own, { k: 'function', id, at: atOf(node) }, inner);
    }
    if (fn.body.type !== 'BlockStatement') this.#functions[id]!.returns.push({ value: this.#read(fn.body, inner) });
    this.#visit(fn.body, inner);
  }

  #class(node: Node & { type: 'ClassDeclaration' | 'ClassExpression' }, context: Context): void {
    const id = this.#scopes.numberOf(node)!;
    const summary = this.#classes[id]!;
    if (node.superClass) {
      summary.extends = this.#read(node.superClass as Node, context);
      this.#visit(node.superClass as Node, context);
    }
    if (node.type === 'ClassDeclaration' && node.id) this.#assign(node.id, { k: 'class', id, at: atOf(node) }, context);
    this.#decorators(node, context, { class: id });
    const inner: Context = { ...context, class: id };
    for (const member of node.body.body as Node[]) this.#classMember(member, inner, id);
  }

  #classMember(member: Node, context: Context, id: number): void {
    const summary = this.#classes[id]!;
    const keyed = member as Node & { key?: Node; computed?: boolean; static?: boolean; value?: Node; kind?: string; params?: Node[] };
    const name = keyed.key && keyName(keyed.key, keyed.computed ?? false);
    const fn = this.#scopes.numberOf(member);
    if (fn !== undefined) {
      this.#functions[fn]!.class = id;
      if (keyed.kind === 'get') this.#functions[fn]!.getter = true;
      // `set db(given)` only takes what `get db()` gives.
      if (name && !(keyed.kind === 'set' && Object.hasOwn(summary.methods, name))) summary.methods[name] = fn;
      if (keyed.kind === 'constructor') this.#injected(keyed.params ?? [], context, summary, fn);
      (keyed.params ?? []).forEach((parameter, index) =>
        this.#decorators(parameter, context, { class: id, function: fn, parameter: index }),
      );
    } else if (name && /^Class(?:Private|Accessor)?Property$/.test(member.type)) {
      if (keyed.value) (keyed.static ? summary.staticFields : summary.fields)[name] = this.#read(keyed.value, context);
      else this.#injected([member], context, summary);
    }
    this.#decorators(member, context, { class: id, ...(name ? { member: name } : {}), ...(fn === undefined ? {} : { function: fn }) });
    this.#visit(member, context);
  }

  /** `constructor(private readonly db: Db)` makes a field `db` of type `Db`; `@Inject(DB)` says what is handed over. */
  #injected(members: readonly Node[], context: Context, summary: OpenClass, fn?: number): void {
    if (fn !== undefined) summary.handed = handedTo(fn, members);
    for (const { name, type, token, node } of injections(members)) {
      const binding = type && context.scope.lookup(type);
      if (binding) summary.injected[name] = { k: 'local', binding: binding.index, at: atOf(node) };
      if (token) summary.tokens = { ...summary.tokens, [name]: this.#read(token, context) };
    }
  }

  #decorators(node: Node, context: Context, decorates: NonNullable<Call['decorates']>): void {
    const { decorators } = node as { decorators?: Node[] | null };
    for (const decorator of decorators ?? []) {
      const expression = unwrap((decorator as Node & { expression: Node }).expression);
      stand(expression, context);
      this.#calls.add(expression, context, 'used', decorates);
      if (expression.type === 'CallExpression') for (const argument of expression.arguments) this.#visit(argument as Node, context);
    }
  }

  #declarations(node: Node, context: Context): void {
    if (node.type === 'VariableDeclarator') {
      const id = node.id as Node;
      if (node.init) this.#bindPattern(id, this.#read(node.init as Node, context), context);
      const type = typeName(id);
      if (type && id.type === 'Identifier') {
        const binding = context.scope.lookup(id.name);
        if (binding) binding.type = type;
      }
    } else if (node.type === 'TSEnumDeclaration')
      this.#assign(
        node.id,
        readEnum(node, (inner) => this.#read(inner, context)),
        context,
      );
    else if (node.type === 'AssignmentExpression') this.#assignment(node, context);
    else if (node.type === 'ReturnStatement' && node.argument && context.within !== undefined) {
      this.#functions[context.within]!.returns.push({ value: this.#read(node.argument as Node, context), ...guarded(context) });
    }
  }

  #assign(id: Node | null | undefined, value: Expression, context: Context): void {
    if (id?.type !== 'Identifier') return;
    context.scope
      .lookup(id.name)
      ?.values.push({ value, ...guarded(context), ...(context.within === undefined ? {} : { within: context.within }) });
  }

  #bindPattern(pattern: Node, value: Expression, context: Context): void {
    for (const [id, part] of boundParts(pattern, value, (node) => this.#read(node, context))) this.#assign(id, part, context);
  }

  #assignment(node: Node & { type: 'AssignmentExpression' }, context: Context): void {
    const left = unwrap(node.left as Node);
    const isDefault = node.operator === '||=' || node.operator === '??=';
    if (node.operator !== '=' && !isDefault) return;
    const value = this.#read(node.right as Node, context);
    if (left.type === 'Identifier' || left.type === 'ObjectPattern' || left.type === 'ArrayPattern')
      return this.#bindPattern(left, value, context);
    const target = memberPath(left);
    if (!target) {
      const written = context.scope.lookup(computedRoot(left) ?? '');
      if (written) written.open = true;
      return;
    }
    const { root, path } = target;
    if (root.type === 'ThisExpression' && context.class !== undefined && path.length === 1) {
      this.#classes[context.class]!.assigned[path[0]!] ??= value;
    } else if (root.type === 'Identifier') this.#memberAssignment(root.name, path, value, context);
  }

  #memberAssignment(root: string, path: readonly string[], value: Expression, context: Context): void {
    const binding = context.scope.lookup(root);
    if (binding) {
      if (path.length <= 4)
        binding.properties.push({
          path,
          value,
          ...guarded(context),
          ...(context.within === undefined ? {} : { within: context.within }),
        });
      return;
    }
    this.#module.assignExport(root, path, value, context);
  }

  #uses(node: Node, context: Context): void {
    this.#env.see(node, context, this.#ancestors);
    const isCall =
      node.type === 'CallExpression' ||
      node.type === 'OptionalCallExpression' ||
      node.type === 'NewExpression' ||
      node.type === 'TaggedTemplateExpression';
    if (!isCall) return;
    const parent = this.#ancestors.at(-2);
    const result = parent?.type === 'ExpressionStatement' ? 'void' : parent?.type === 'AwaitExpression' ? 'awaited' : 'used';
    this.#calls.add(node, context, result);
  }
}
