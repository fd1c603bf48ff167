import type { Node } from '@babel/types';
import { EnvReadFinder } from './env-reads.ts';
import { ExpressionReader, keyName, requiredModule, unwrap } from './expressions.ts';
import { parseModule } from './parse.ts';
import { interestingGlobals, interestingMethods, syntaxPasses } from './recognisers/interests.ts';
import { atOf, eachChild, isFunctionNode, type Scope, ScopeTree } from './scopes.ts';
import type { Call, ClassSummary, Expression, FunctionSummary, Guard, ImportSummary, ModuleSummary } from './summary.ts';

/** Where the walk stands. */
export interface Context {
  readonly scope: Scope;
  readonly within?: number;
  readonly class?: number;
  readonly when: readonly Guard[];
  readonly tried: boolean;
  readonly looped: boolean;
}

type Open<T> = { -readonly [K in keyof T]: T[K] };

/** What a syntax pass may ask about the module, after it has been walked. */
export interface SyntaxView {
  readonly path: string;
  readonly program: Node;
  readonly scopes: ScopeTree;
  readonly summary: ModuleSummary;
  scopeAt(node: Node): Scope;
  contextOf(node: Node): Context;
  read(node: Node): Expression;
  functionId(node: Node): number | undefined;
}
/** A look at syntax that expressions do not keep (who writes a variable, in which function). Its result must be plain data. */
export interface SyntaxPass {
  readonly id: string;
  run(view: SyntaxView): readonly unknown[];
}

/** Reads one module into plain data. Depends on nothing but the file. */
export function summarise(path: string, text: string): ModuleSummary {
  const parsed = parseModule(path, text);
  if (!parsed.file)
    return {
      imports: [],
      exports: [],
      reExports: [],
      bindings: [],
      functions: [],
      classes: [],
      calls: [],
      envReads: [],
      passes: {},
      directives: [],
      hashbang: false,
      error: parsed.error,
    };
  const summary = new Summariser(path, parsed.file.program).run();
  return parsed.error ? { ...summary, error: parsed.error } : summary;
}

class Summariser {
  readonly #scopes: ScopeTree;
  readonly #functions: Open<FunctionSummary & { returns: { value: Expression; when?: readonly Guard[] }[] }>[] = [];
  readonly #classes: (Open<ClassSummary> & {
    methods: Record<string, number>;
    fields: Record<string, Expression>;
    staticFields: Record<string, Expression>;
    assigned: Record<string, Expression>;
    injected: Record<string, Expression>;
  })[] = [];
  readonly #functionIds = new Map<Node, number>();
  readonly #classIds = new Map<Node, number>();
  readonly #imports: ImportSummary[] = [];
  readonly #exports: { name: string; value: Expression; when?: readonly Guard[] }[] = [];
  readonly #reExports: { specifier: string; name: string; as: string }[] = [];
  readonly #callNodes: { node: Node; context: Context; result: Call['result']; decorates?: Call['decorates'] }[] = [];
  readonly #contexts = new Map<Node, Context>();
  readonly #reader: ExpressionReader;
  readonly #env = new EnvReadFinder();

  constructor(
    readonly path: string,
    readonly program: Node & { type: 'Program' },
  ) {
    this.#scopes = new ScopeTree(program);
    this.#reader = new ExpressionReader({ functionId: (node) => this.#functionIds.get(node), classId: (node) => this.#classIds.get(node) });
  }

  run(): ModuleSummary {
    this.#number(this.program, undefined);
    const context: Context = { scope: this.#scopes.root, when: [], tried: false, looped: false };
    this.#contexts.set(this.program, context);
    this.#statements(this.program.body as Node[], context, []);
    const summary: ModuleSummary = {
      imports: this.#imports,
      exports: this.#exports,
      reExports: this.#reExports,
      bindings: this.#scopes.bindings.map(({ index: _, ...binding }) => binding),
      functions: this.#functions,
      classes: this.#classes,
      calls: this.#readCalls(),
      envReads: this.#env.finish((node, at) => this.#reader.read(node, at.scope, at.class)),
      passes: {},
      directives: this.program.directives.map((directive) => directive.value.value),
      hashbang: this.program.interpreter != null,
    };
    return { ...summary, passes: this.#runPasses(summary) };
  }

  #runPasses(summary: ModuleSummary): Record<string, readonly unknown[]> {
    const view: SyntaxView = {
      path: this.path,
      program: this.program,
      scopes: this.#scopes,
      summary,
      scopeAt: (node) => this.#contexts.get(node)?.scope ?? this.#scopes.root,
      contextOf: (node) => this.#contexts.get(node) ?? { scope: this.#scopes.root, when: [], tried: false, looped: false },
      read: (node) => this.#read(node, this.#contexts.get(node) ?? { scope: this.#scopes.root, when: [], tried: false, looped: false }),
      functionId: (node) => this.#functionIds.get(node),
    };
    const results: Record<string, readonly unknown[]> = {};
    for (const pass of syntaxPasses) {
      const found = pass.run(view);
      if (found.length > 0) results[pass.id] = found;
    }
    return results;
  }

  /** Gives every function and class its number before anything refers to it. */
  #number(node: Node, parent: number | undefined): void {
    let inner = parent;
    if (isFunctionNode(node)) {
      const fn = node as Node & { id?: { name?: string } | null; params: Node[]; async?: boolean; key?: Node };
      inner = this.#functions.length;
      this.#functionIds.set(node, inner);
      const name = fn.id?.name ?? (fn.key && keyName(fn.key, false));
      this.#functions.push({
        ...(name ? { name } : {}),
        ...(parent === undefined ? {} : { parent }),
        parameters: fn.params.length,
        returns: [],
        async: fn.async ?? false,
        at: atOf(node),
      });
    } else if (node.type === 'ClassDeclaration' || node.type === 'ClassExpression') {
      this.#classIds.set(node, this.#classes.length);
      this.#classes.push({
        ...(node.id ? { name: node.id.name } : {}),
        methods: {},
        fields: {},
        staticFields: {},
        assigned: {},
        injected: {},
        at: atOf(node),
      });
    }
    eachChild(node, (child) => this.#number(child, inner));
  }

  #read(node: Node, context: Context): Expression {
    return this.#reader.read(node, context.scope, context.class);
  }

  #guarded(context: Context): { when?: readonly Guard[] } {
    return context.when.length > 0 ? { when: context.when } : {};
  }

  /** Statements in order; what follows an `if` that always leaves runs only when its test fails. */
  #statements(nodes: readonly Node[], context: Context, stack: readonly Node[]): void {
    let current = context;
    for (const node of nodes) {
      this.#visit(node, current, stack);
      if (node.type === 'IfStatement' && !node.alternate && alwaysLeaves(node.consequent as Node)) {
        current = { ...current, when: [...current.when, { test: this.#read(node.test as Node, current), holds: false }] };
      }
    }
  }

  #visit(node: Node, outer: Context, stack: readonly Node[]): void {
    const scope = this.#scopes.of(node);
    const context = scope && !isFunctionNode(node) ? { ...outer, scope } : outer;
    this.#contexts.set(node, context);
    const inside = [...stack.slice(-6), node];
    if (isFunctionNode(node)) return this.#function(node, context, inside);
    switch (node.type) {
      case 'BlockStatement':
      case 'StaticBlock':
      case 'TSModuleBlock':
        return this.#statements(node.body as Node[], context, inside);
      case 'IfStatement':
      case 'ConditionalExpression':
        return this.#branch(node, context, inside);
      case 'LogicalExpression':
        return this.#logical(node, context, inside);
      case 'TryStatement':
        this.#visit(node.block as Node, { ...context, tried: context.tried || node.handler != null }, inside);
        if (node.handler) this.#visit(node.handler as Node, context, inside);
        if (node.finalizer) this.#visit(node.finalizer as Node, context, inside);
        return;
      case 'ForStatement':
      case 'ForInStatement':
      case 'ForOfStatement':
      case 'WhileStatement':
      case 'DoWhileStatement':
        eachChild(node, (child) => this.#visit(child, { ...context, looped: true }, inside));
        return;
      case 'ClassDeclaration':
      case 'ClassExpression':
        return this.#class(node, context, inside);
    }
    this.#declarations(node, context);
    this.#moduleSyntax(node, context);
    this.#uses(node, context, stack);
    eachChild(node, (child) => this.#visit(child, context, inside));
  }

  #branch(node: Node & { type: 'IfStatement' | 'ConditionalExpression' }, context: Context, stack: readonly Node[]): void {
    const test = this.#read(node.test as Node, context);
    this.#visit(node.test as Node, context, stack);
    this.#visit(node.consequent as Node, { ...context, when: [...context.when, { test, holds: true }] }, stack);
    if (node.alternate) this.#visit(node.alternate as Node, { ...context, when: [...context.when, { test, holds: false }] }, stack);
  }

  #logical(node: Node & { type: 'LogicalExpression' }, context: Context, stack: readonly Node[]): void {
    this.#visit(node.left as Node, context, stack);
    const guard = node.operator === '??' ? [] : [{ test: this.#read(node.left as Node, context), holds: node.operator === '&&' }];
    this.#visit(node.right as Node, { ...context, when: [...context.when, ...guard] }, stack);
  }

  #function(node: Node, context: Context, stack: readonly Node[]): void {
    const id = this.#functionIds.get(node)!;
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
      this.#visit(parameter, inner, stack);
    });
    if (fn.key && fn.computed) this.#visit(fn.key, context, stack);
    if (fn.type === 'FunctionDeclaration')
      this.#assign((fn as unknown as { id?: Node }).id, { k: 'function', id, at: atOf(node) }, context);
    if (fn.type === 'FunctionExpression') {
      const own = (fn as unknown as { id?: Node }).id;
      if (own) this.#assign(own, { k: 'function', id, at: atOf(node) }, inner);
    }
    if (fn.body.type !== 'BlockStatement') this.#functions[id]!.returns.push({ value: this.#read(fn.body, inner) });
    this.#visit(fn.body, inner, stack);
  }

  #class(node: Node & { type: 'ClassDeclaration' | 'ClassExpression' }, context: Context, stack: readonly Node[]): void {
    const id = this.#classIds.get(node)!;
    const summary = this.#classes[id]!;
    if (node.superClass) {
      summary.extends = this.#read(node.superClass as Node, context);
      this.#visit(node.superClass as Node, context, stack);
    }
    if (node.type === 'ClassDeclaration' && node.id) this.#assign(node.id, { k: 'class', id, at: atOf(node) }, context);
    this.#decorators(node, context, { class: id }, stack);
    const inner: Context = { ...context, class: id };
    for (const member of node.body.body as Node[]) this.#classMember(member, inner, id, stack);
  }

  #classMember(member: Node, context: Context, id: number, stack: readonly Node[]): void {
    const summary = this.#classes[id]!;
    const keyed = member as Node & { key?: Node; computed?: boolean; static?: boolean; value?: Node; kind?: string; params?: Node[] };
    const name = keyed.key && keyName(keyed.key, keyed.computed ?? false);
    const fn = this.#functionIds.get(member);
    if (fn !== undefined) {
      this.#functions[fn]!.class = id;
      if (name) summary.methods[name] = fn;
      if (keyed.kind === 'constructor') this.#injected(keyed.params ?? [], context, summary.injected);
      (keyed.params ?? []).forEach((parameter, index) =>
        this.#decorators(parameter, context, { class: id, function: fn, parameter: index }, stack),
      );
    } else if (
      name &&
      (member.type === 'ClassProperty' || member.type === 'ClassPrivateProperty' || member.type === 'ClassAccessorProperty')
    ) {
      if (keyed.value) (keyed.static ? summary.staticFields : summary.fields)[name] = this.#read(keyed.value, context);
      else this.#typed(name, member, context, summary.injected);
    }
    this.#decorators(
      member,
      context,
      { class: id, ...(name ? { member: name } : {}), ...(fn === undefined ? {} : { function: fn }) },
      stack,
    );
    this.#visit(member, context, stack);
  }

  /** `constructor(private readonly db: Db)` makes a field `db` of type `Db`. */
  #injected(parameters: readonly Node[], context: Context, injected: Record<string, Expression>): void {
    for (const parameter of parameters) {
      const inner = parameter.type === 'TSParameterProperty' ? (parameter.parameter as Node) : parameter;
      const target = inner.type === 'AssignmentPattern' ? (inner.left as Node) : inner;
      if (target.type === 'Identifier') this.#typed(target.name, target, context, injected);
    }
  }

  #typed(name: string, node: Node, context: Context, injected: Record<string, Expression>): void {
    const type = typeName(node);
    const binding = type && context.scope.lookup(type);
    if (binding) injected[name] = { k: 'local', binding: binding.index, at: atOf(node) };
  }

  #decorators(node: Node, context: Context, decorates: NonNullable<Call['decorates']>, stack: readonly Node[]): void {
    const { decorators } = node as { decorators?: Node[] | null };
    for (const decorator of decorators ?? []) {
      const expression = unwrap((decorator as Node & { expression: Node }).expression);
      this.#contexts.set(expression, context);
      this.#callNodes.push({ node: expression, context, result: 'used', decorates });
      if (expression.type === 'CallExpression') for (const argument of expression.arguments) this.#visit(argument as Node, context, stack);
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
    } else if (node.type === 'AssignmentExpression') this.#assignment(node, context);
    else if (node.type === 'ReturnStatement' && node.argument && context.within !== undefined) {
      this.#functions[context.within]!.returns.push({ value: this.#read(node.argument as Node, context), ...this.#guarded(context) });
    }
  }

  #assign(id: Node | null | undefined, value: Expression, context: Context): void {
    if (id?.type !== 'Identifier') return;
    context.scope
      .lookup(id.name)
      ?.values.push({ value, ...this.#guarded(context), ...(context.within === undefined ? {} : { within: context.within }) });
  }

  #bindPattern(pattern: Node, value: Expression, context: Context): void {
    switch (pattern.type) {
      case 'Identifier':
        return this.#assign(pattern, value, context);
      case 'AssignmentPattern':
        return this.#bindPattern(
          pattern.left as Node,
          { k: 'or', left: value, right: this.#read(pattern.right as Node, context), at: value.at },
          context,
        );
      case 'RestElement':
        return this.#bindPattern(pattern.argument as Node, value, context);
      case 'TSParameterProperty':
        return this.#bindPattern(pattern.parameter as Node, value, context);
      case 'ObjectPattern':
        for (const property of pattern.properties) {
          if (property.type === 'RestElement') this.#bindPattern(property.argument as Node, value, context);
          else {
            const name = keyName(property.key as Node, property.computed);
            if (name !== undefined)
              this.#bindPattern(property.value as Node, { k: 'member', of: value, name, at: atOf(property) }, context);
          }
        }
        return;
      case 'ArrayPattern':
        pattern.elements.forEach((element, index) => {
          if (element) this.#bindPattern(element as Node, { k: 'member', of: value, name: String(index), at: value.at }, context);
        });
    }
  }

  #assignment(node: Node & { type: 'AssignmentExpression' }, context: Context): void {
    const left = unwrap(node.left as Node);
    const isDefault = node.operator === '||=' || node.operator === '??=';
    if (node.operator !== '=' && !isDefault) return;
    const value = this.#read(node.right as Node, context);
    if (left.type === 'Identifier' || left.type === 'ObjectPattern' || left.type === 'ArrayPattern')
      return this.#bindPattern(left, value, context);
    const target = memberPath(left);
    if (!target) return;
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
          ...this.#guarded(context),
          ...(context.within === undefined ? {} : { within: context.within }),
        });
      return;
    }
    const exported = root === 'module' && path[0] === 'exports' ? path.slice(1) : root === 'exports' ? path : undefined;
    if (exported && exported.length <= 1) this.#exports.push({ name: exported[0] ?? '=', value, ...this.#guarded(context) });
  }

  #moduleSyntax(node: Node, context: Context): void {
    switch (node.type) {
      case 'ImportDeclaration':
        if (node.importKind === 'type') return;
        if (
          node.specifiers.length > 0 &&
          node.specifiers.every((specifier) => specifier.type === 'ImportSpecifier' && specifier.importKind === 'type')
        )
          return;
        this.#imports.push({ specifier: node.source.value, how: 'import', at: atOf(node.source) });
        for (const specifier of node.specifiers) {
          const name =
            specifier.type === 'ImportDefaultSpecifier'
              ? 'default'
              : specifier.type === 'ImportNamespaceSpecifier'
                ? '*'
                : keyName(specifier.imported as Node, false)!;
          this.#assign(specifier.local, { k: 'import', specifier: node.source.value, name, at: atOf(specifier) }, context);
        }
        return;
      case 'TSImportEqualsDeclaration':
        if (node.moduleReference.type === 'TSExternalModuleReference') {
          const specifier = node.moduleReference.expression.value;
          this.#imports.push({ specifier, how: 'require', at: atOf(node) });
          this.#assign(node.id, { k: 'import', specifier, name: '=', at: atOf(node) }, context);
        }
        return;
      case 'TSExportAssignment':
        this.#exports.push({ name: '=', value: this.#read(node.expression as Node, context) });
        return;
      case 'ExportDefaultDeclaration':
        this.#exports.push({ name: 'default', value: this.#readDeclaration(node.declaration as Node, context) });
        return;
      case 'ExportAllDeclaration':
        if (node.exportKind === 'type') return;
        this.#imports.push({ specifier: node.source.value, how: 'export', at: atOf(node.source) });
        this.#reExports.push({ specifier: node.source.value, name: '*', as: '*' });
        return;
      case 'ExportNamedDeclaration':
        return this.#namedExport(node, context);
      case 'CallExpression':
      case 'ImportExpression':
        return this.#dynamicImport(node, context);
    }
  }

  #readDeclaration(node: Node, context: Context): Expression {
    const cls = this.#classIds.get(node);
    if (cls !== undefined) return { k: 'class', id: cls, at: atOf(node) };
    return this.#read(node, context);
  }

  #namedExport(node: Node & { type: 'ExportNamedDeclaration' }, context: Context): void {
    if (node.exportKind === 'type') return;
    if (node.source) this.#imports.push({ specifier: node.source.value, how: 'export', at: atOf(node.source) });
    for (const specifier of node.specifiers) {
      const as = keyName(specifier.exported as Node, false) ?? 'default';
      if (node.source) {
        const name =
          specifier.type === 'ExportNamespaceSpecifier'
            ? '*'
            : specifier.type === 'ExportSpecifier'
              ? (keyName(specifier.local as Node, false) ?? 'default')
              : 'default';
        this.#reExports.push({ specifier: node.source.value, name, as });
      } else if (specifier.type === 'ExportSpecifier')
        this.#exports.push({ name: as, value: this.#read(specifier.local as Node, context) });
    }
    const declaration = node.declaration as (Node & { id?: Node; declarations?: { id: Node }[] }) | null | undefined;
    if (!declaration || declaration.type.startsWith('TS')) return;
    const ids =
      declaration.type === 'VariableDeclaration'
        ? declaration.declarations!.flatMap((declarator) => patternIdentifiers(declarator.id as Node))
        : declaration.id
          ? [declaration.id]
          : [];
    for (const id of ids) if (id.type === 'Identifier') this.#exports.push({ name: id.name, value: this.#read(id, context) });
  }

  #dynamicImport(node: Node, context: Context): void {
    const specifier = requiredModule(node, context.scope);
    if (specifier !== undefined) {
      const how = node.type === 'CallExpression' && (node.callee as Node).type !== 'Import' ? 'require' : 'dynamic';
      this.#imports.push({ specifier, how, at: atOf(node) });
      return;
    }
    const folder = loadedFolder(node, context.scope);
    if (folder) this.#imports.push({ specifier: folder, how: 'folder', at: atOf(node) });
  }

  #uses(node: Node, context: Context, stack: readonly Node[]): void {
    this.#env.see(node, context, stack);
    const isCall =
      node.type === 'CallExpression' ||
      node.type === 'OptionalCallExpression' ||
      node.type === 'NewExpression' ||
      node.type === 'TaggedTemplateExpression';
    if (!isCall) return;
    const parent = stack.at(-1);
    const result = parent?.type === 'ExpressionStatement' ? 'void' : parent?.type === 'AwaitExpression' ? 'awaited' : 'used';
    this.#callNodes.push({ node, context, result });
  }

  #readCalls(): Call[] {
    const calls: Call[] = [];
    for (const { node, context, result, decorates } of this.#callNodes) {
      const isCall = node.type === 'CallExpression' || node.type === 'OptionalCallExpression' || node.type === 'NewExpression';
      const calleeNode = unwrap((isCall ? node.callee : node.type === 'TaggedTemplateExpression' ? node.tag : node) as Node);
      if (!decorates && !this.#interesting(calleeNode, context.scope, 0)) continue;
      if (isCall && requiredModule(node, context.scope) !== undefined) continue;
      const name = (
        calleeNode.type === 'MemberExpression' || calleeNode.type === 'OptionalMemberExpression' ? calleeNode.property : calleeNode
      ) as Node;
      calls.push({
        callee: this.#read(calleeNode, context),
        args: isCall
          ? node.arguments.map((argument) =>
              this.#read((argument.type === 'SpreadElement' ? argument.argument : argument) as Node, context),
            )
          : node.type === 'TaggedTemplateExpression'
            ? [this.#read(node.quasi as Node, context)]
            : [],
        how: decorates ? 'decorator' : node.type === 'NewExpression' ? 'new' : node.type === 'TaggedTemplateExpression' ? 'tag' : 'call',
        at: atOf(node),
        nameAt: atOf(name),
        ...(context.within === undefined ? {} : { within: context.within }),
        ...this.#guarded(context),
        result,
        ...(decorates ? { decorates } : {}),
        ...(context.tried ? { tried: true } : {}),
        ...(context.looped ? { looped: true } : {}),
      });
    }
    return calls;
  }

  /** Worth keeping: leads to an import, a function or class of this module, a known global, or is a method that some library has. */
  #interesting(callee: Node, scope: Scope, depth: number): boolean {
    const method =
      callee.type === 'MemberExpression' || callee.type === 'OptionalMemberExpression'
        ? keyName(callee.property as Node, callee.computed)
        : undefined;
    let root = callee;
    for (;;) {
      root = unwrap(root);
      if (root.type === 'MemberExpression' || root.type === 'OptionalMemberExpression') root = root.object as Node;
      else if (root.type === 'CallExpression' || root.type === 'OptionalCallExpression' || root.type === 'NewExpression') {
        if (requiredModule(root, scope) !== undefined) return true;
        root = root.callee as Node;
      } else break;
    }
    if (root.type === 'ThisExpression' || root.type === 'Super' || isFunctionNode(root)) return true;
    if (root.type !== 'Identifier') return false;
    const binding = scope.lookup(root.name);
    if (!binding) return interestingGlobals.has(root.name);
    if (binding.kind === 'import' || binding.kind === 'function' || binding.kind === 'class') return true;
    if (method !== undefined && interestingMethods.has(method)) return true;
    if (binding.kind === 'parameter' || depth > 4) return false;
    return binding.values.some(({ value }) => this.#leadsSomewhere(value, depth + 1));
  }

  #leadsSomewhere(value: Expression, depth: number): boolean {
    if (depth > 6) return false;
    switch (value.k) {
      case 'import':
      case 'function':
      case 'class':
      case 'this':
        return true;
      case 'member':
      case 'element':
        return this.#leadsSomewhere(value.of, depth + 1);
      case 'call':
        return this.#leadsSomewhere(value.callee, depth + 1);
      case 'or':
      case 'and':
        return this.#leadsSomewhere(value.left, depth + 1) || this.#leadsSomewhere(value.right, depth + 1);
      case 'conditional':
        return this.#leadsSomewhere(value.yes, depth + 1) || this.#leadsSomewhere(value.no, depth + 1);
      case 'global':
        return interestingGlobals.has(value.name);
      case 'local': {
        const binding = this.#scopes.bindings[value.binding]!;
        return binding.kind !== 'parameter' && binding.values.some((assigned) => this.#leadsSomewhere(assigned.value, depth + 1));
      }
      default:
        return false;
    }
  }
}

/** The one identifier of a type annotation: `Db` of `db: Db`. */
function typeName(node: Node): string | undefined {
  const annotation = (node as { typeAnnotation?: { typeAnnotation?: { type: string; typeName?: { type: string; name?: string } } } | null })
    .typeAnnotation?.typeAnnotation;
  return annotation?.type === 'TSTypeReference' && annotation.typeName?.type === 'Identifier' ? annotation.typeName.name : undefined;
}

function memberPath(node: Node): { root: Node; path: string[] } | undefined {
  const path: string[] = [];
  let root = node;
  while (root.type === 'MemberExpression' || root.type === 'OptionalMemberExpression') {
    const name = keyName(root.property as Node, root.computed);
    if (name === undefined) return undefined;
    path.unshift(name);
    root = unwrap(root.object as Node);
  }
  return path.length > 0 ? { root, path } : undefined;
}

function patternIdentifiers(pattern: Node): Node[] {
  if (pattern.type === 'ObjectPattern')
    return pattern.properties.flatMap((property) =>
      patternIdentifiers((property.type === 'RestElement' ? property.argument : property.value) as Node),
    );
  if (pattern.type === 'ArrayPattern') return pattern.elements.flatMap((element) => (element ? patternIdentifiers(element as Node) : []));
  if (pattern.type === 'AssignmentPattern') return patternIdentifiers(pattern.left as Node);
  return pattern.type === 'Identifier' ? [pattern] : [];
}

/** True for a branch that ends in return, throw, continue, break or process.exit. */
function alwaysLeaves(node: Node): boolean {
  const last = node.type === 'BlockStatement' ? (node.body.at(-1) as Node | undefined) : node;
  if (!last) return false;
  if (
    last.type === 'ReturnStatement' ||
    last.type === 'ThrowStatement' ||
    last.type === 'ContinueStatement' ||
    last.type === 'BreakStatement'
  )
    return true;
  return last.type === 'ExpressionStatement' && /^process\.exit$/.test(calleeText(last.expression as Node));
}
const calleeText = (node: Node): string => {
  if (node.type !== 'CallExpression') return '';
  const path = memberPath(node.callee as Node);
  return path?.root.type === 'Identifier' ? [path.root.name, ...path.path].join('.') : '';
};

/** `require(path.join(__dirname, 'models', file))`, `` require(`./routes/${name}`) ``: everything in that folder may be loaded. */
function loadedFolder(node: Node, scope: Scope): string | undefined {
  if (node.type !== 'CallExpression' && node.type !== 'ImportExpression') return undefined;
  const callee = node.type === 'CallExpression' ? unwrap(node.callee as Node) : undefined;
  const isLoad =
    !callee || callee.type === 'Import' || (callee.type === 'Identifier' && callee.name === 'require' && !scope.lookup('require'));
  const argument = (node.type === 'CallExpression' ? node.arguments[0] : node.source) as Node | undefined;
  if (!isLoad || !argument) return undefined;
  return folderOf(unwrap(argument), scope, 0);
}

function folderOf(node: Node, _scope: Scope, depth: number): string | undefined {
  if (depth > 4) return undefined;
  if (node.type === 'TemplateLiteral') {
    const head = node.quasis[0]?.value.cooked ?? '';
    if (/^\.{1,2}\//.test(head)) return head.slice(0, head.lastIndexOf('/') + 1);
    const first = node.expressions[0] as Node | undefined;
    if (head === '' && first?.type === 'Identifier' && first.name === '__dirname')
      return `.${(node.quasis[1]?.value.cooked ?? '/').replace(/[^/]*$/, '') || '/'}`;
    return undefined;
  }
  if (node.type === 'BinaryExpression' && node.operator === '+') {
    let left = node.left as Node;
    while (left.type === 'BinaryExpression') left = left.left as Node;
    if (left.type === 'StringLiteral' && /^\.{1,2}\//.test(left.value)) return left.value.slice(0, left.value.lastIndexOf('/') + 1);
    return left.type === 'Identifier' && left.name === '__dirname' ? './' : undefined;
  }
  if (node.type === 'CallExpression') {
    const path = memberPath(node.callee as Node);
    if (
      path?.path.at(-1) !== 'join' &&
      path?.path.at(-1) !== 'resolve' &&
      !(node.callee.type === 'Identifier' && /^(join|resolve)$/.test(node.callee.name))
    )
      return undefined;
    const words = node.arguments as Node[];
    if (words[0]?.type !== 'Identifier' || words[0].name !== '__dirname') return undefined;
    const parts = words.slice(1).map((word) => (word.type === 'StringLiteral' ? word.value : undefined));
    const known = parts.slice(0, parts.indexOf(undefined) < 0 ? parts.length : parts.indexOf(undefined));
    return `./${known.join('/')}/`.replace(/\/{2,}/g, '/');
  }
  return undefined;
}
