import type { Node } from '@babel/types';
import type { SyntaxPass, SyntaxView } from '../context.ts';
import { keyName, unwrap } from '../expressions.ts';
import { atOf } from '../scopes.ts';
import type { Expression } from '../summary.ts';
import { ancestorsOf, parentOf } from '../syntax-tree.ts';
import { entryNames } from './process-state-entries.ts';
import { type Holder, holderType, type StateItem, type Storing, type Use } from './process-state-holders.ts';
import { isDated, readAs } from './process-state-reads.ts';
import { countsUp, isAssign, isEmpty, isInFinally, isMember, isName } from './process-state-shapes.ts';
import { isConnectionId, makesClient, opensOfPackage, type Stored, storedBy, strongest } from './process-state-stored.ts';

const adders = new Set(['push', 'unshift', 'set', 'add', 'splice']);
const removers = new Set(['delete', 'pop', 'shift', 'clear', 'splice', 'remove']);
const getters = new Set(['get', 'find', 'at', 'values']);

interface Reference {
  readonly variable: string;
  readonly imported?: Expression;
  /** Only one entry of the variable. */
  readonly entry?: true;
}

class StateReader {
  readonly items: StateItem[] = [];
  readonly #holders = new Map<string, Holder>();
  readonly #classNames = new Map<number, string>();
  /** Classes by name; of several with one name, the first. */
  readonly #named = new Map<string, number>();
  readonly #globals = new Set<string>();
  readonly #parameters = new Set<number>();
  /** Variables by the bindings that stand for one entry of them. */
  #entries: ReadonlyMap<number, string> = new Map();
  /** Names that may stand for a holder: no other identifier needs its scope looked up. */
  #watched: ReadonlySet<string> = new Set();

  constructor(readonly view: SyntaxView) {}

  run(): StateItem[] {
    for (const statement of (this.view.program as Node & { body: Node[] }).body) {
      this.#declarations(statement);
      this.#global(statement);
    }
    for (const [index, { node, parent }] of this.view.scopes.functions.entries()) if (parent === undefined) this.#locals(node, index);
    for (const node of this.view.nodes('ClassDeclaration', 'ClassExpression')) this.#fields(node);
    for (const holder of this.#holders.values()) this.items.push({ holder });
    const watched = this.view.scopes.bindings.filter(
      ({ index, top, name, values }) =>
        this.#holders.has(localKey(index)) || (top && (this.#holders.has(name) || isOwnImport(values[0]?.value))),
    );
    const handed = this.#handed();
    if (this.#holders.size > 0) this.#entries = entryNames(this.view, (expression) => this.#held(expression));
    const entries = [...this.#entries.keys()].map((index) => this.view.scopes.bindings[index]!.name);
    this.#watched = new Set([...watched.map(({ name }) => name), ...handed, ...entries, ...this.#globals]);
    if (this.#watched.size > 0 || this.#holders.size > 0) this.#uses();
    return this.#kept();
  }

  /** The variable that an expression names. */
  #held(expression: Expression): string | undefined {
    let variable: string | undefined;
    if (expression.k === 'member' && expression.of.k === 'this') variable = `${expression.of.class}.${expression.name}`;
    else if (expression.k === 'local') {
      const binding = this.view.scopes.bindings[expression.binding];
      variable = binding?.top ? binding.name : localKey(expression.binding);
    }
    return variable !== undefined && this.#holders.has(variable) ? variable : undefined;
  }

  /** Parameters that are written into like a container and named like one: a caller may hand over its own. */
  #handed(): ReadonlySet<string> {
    const written = new Set<string>();
    for (const { left } of this.view.nodes('AssignmentExpression'))
      if (left.type === 'MemberExpression' && left.computed && left.object.type === 'Identifier') written.add(left.object.name);
    for (const { callee } of this.view.nodes('CallExpression'))
      if (isMember(callee as Node) && callee.type === 'MemberExpression' && callee.object.type === 'Identifier')
        if (adders.has(keyName(callee.property as Node, callee.computed) ?? '')) written.add(callee.object.name);
    const names = new Set([...written].filter((name) => containerName.test(name)));
    for (const { kind, index, name } of this.view.scopes.bindings) if (kind === 'parameter' && names.has(name)) this.#parameters.add(index);
    return this.#parameters.size > 0 ? names : new Set();
  }

  /** Reads of what nothing here writes, and uses while the module loads, tell nothing. */
  #kept(): StateItem[] {
    const written = new Set(
      this.items.flatMap((item) => ('imported' in item && item.imported.does !== 'read' ? [item.imported.variable] : [])),
    );
    return this.items.filter((item) => {
      if ('holder' in item) return true;
      const use = 'imported' in item ? item.imported : item.use;
      return use.within !== undefined && (!('imported' in item) || written.has(use.variable));
    });
  }

  #declarations(statement: Node): void {
    const node = (statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement) as Node | null | undefined;
    if (node?.type !== 'VariableDeclaration') return;
    for (const { id, init } of node.declarations) {
      if (id.type !== 'Identifier') continue;
      const type = holderType(init as Node | null);
      if (!type || (node.kind === 'const' && (type === 'value' || type === 'number'))) continue;
      if (type === 'value' && this.#isClientOfPackage(id)) continue;
      this.#holders.set(id.name, {
        variable: id.name,
        name: id.name,
        at: atOf(id),
        type,
        ...(init ? { init: atOf(unwrap(init as Node)) } : {}),
      });
    }
  }

  /** `let client; try { client = connect() } catch {}`: an object of a package, made while the module loads and never replaced. */
  #isClientOfPackage(id: Node & { type: 'Identifier' }): boolean {
    const values = this.view.scopeAt(id).lookup(id.name)?.values ?? [];
    const made = values.filter(({ value }) => value.k !== 'literal');
    return made.length > 0 && made.every(({ value, within }) => within === undefined && makesClient(value, this.view));
  }

  /** `module.exports = (io) => { const users = []; io.on(…) }`: what a function that runs once declares for those inside of it. */
  #locals(node: Node, local: number): void {
    const { body } = node as Node & { body?: Node };
    if (body?.type !== 'BlockStatement') return;
    for (const statement of body.body) {
      if (statement.type !== 'VariableDeclaration') continue;
      for (const { id, init } of statement.declarations) {
        const type = id.type === 'Identifier' ? holderType(init as Node | null) : undefined;
        if (id.type !== 'Identifier' || !type || type === 'value' || (type === 'number' && statement.kind === 'const')) continue;
        const binding = this.view.scopeAt(id).lookup(id.name);
        const variable = binding && localKey(binding.index);
        if (variable) this.#holders.set(variable, { variable, name: id.name, at: atOf(id), type, local });
      }
    }
  }

  /** `global.onlineUsers = new Map()`. */
  #global(statement: Node): void {
    const assignment = statement.type === 'ExpressionStatement' ? (statement.expression as Node) : undefined;
    const left = assignment?.type === 'AssignmentExpression' ? (assignment.left as Node) : undefined;
    const name = left && globalName(left);
    const type = name === undefined ? undefined : holderType((assignment as Node & { right: Node }).right);
    if (!left || name === undefined || !type || type === 'value') return;
    this.#globals.add(name);
    this.#holders.set(`global.${name}`, { variable: `global.${name}`, name, at: atOf(left), type });
  }

  #fields(node: Node & { type: 'ClassDeclaration' | 'ClassExpression' }): void {
    const [first] = node.body.body as Node[];
    const own = first && this.view.contextOf(first).class;
    if (node.id && own !== undefined) {
      this.#classNames.set(own, node.id.name);
      if (!this.#named.has(node.id.name)) this.#named.set(node.id.name, own);
    }
    for (const member of node.body.body as Node[]) {
      if (member.type !== 'ClassProperty' && member.type !== 'ClassPrivateProperty') continue;
      const name = keyName(member.key as Node, member.type === 'ClassProperty' && (member.computed ?? false));
      const type = member.decorators?.length ? undefined : holderType(member.value as Node | null);
      const index = this.view.contextOf(member).class;
      if (!name || !type || index === undefined) continue;
      this.#hold(index, name, member.key as Node, type, member.static ?? false);
    }
    this.#constructed(node);
  }

  /** `this.users = []` in the constructor. */
  #constructed(node: Node & { type: 'ClassDeclaration' | 'ClassExpression' }): void {
    const built = node.body.body.find((member) => member.type === 'ClassMethod' && member.kind === 'constructor');
    if (built?.type !== 'ClassMethod') return;
    for (const statement of built.body.body) {
      const assignment = statement.type === 'ExpressionStatement' ? statement.expression : undefined;
      if (assignment?.type !== 'AssignmentExpression' || assignment.left.type !== 'MemberExpression') continue;
      const name = keyName(assignment.left.property as Node, assignment.left.computed);
      const type = holderType(assignment.right as Node);
      const index = this.view.contextOf(assignment).class;
      if (assignment.left.object.type !== 'ThisExpression' || !name || !type || type === 'value' || index === undefined) continue;
      this.#hold(index, name, assignment.left.property as Node, type, false);
    }
  }

  #hold(index: number, name: string, node: Node, type: Holder['type'], isStatic: boolean): void {
    const variable = `${index}.${name}`;
    const known = this.#holders.get(variable);
    // `users: Map<string, User>;` waits for `this.users = new Map()`.
    if (!known || (known.type === 'value' && !known.isStatic))
      this.#holders.set(variable, {
        variable,
        name: name.replace(/^#/, ''),
        at: known?.at ?? atOf(node),
        type,
        class: index,
        ...(this.#classNames.has(index) ? { className: this.#classNames.get(index)! } : {}),
        ...(isStatic ? { isStatic } : {}),
      });
  }

  /** Every use, in order of the text, what stands outside first. */
  #uses(): void {
    const named = this.view.nodes('Identifier').filter(({ name }) => this.#watched.has(name));
    const members = this.view.nodes('MemberExpression').filter(({ object }) => object.type === 'ThisExpression' || this.#isNamed(object));
    const found = [...named, ...members].sort((a, b) => a.start! - b.start! || b.end! - a.end!);
    for (const node of found) {
      const used = this.#reference(node);
      if (used) this.#use(used, node, [...ancestorsOf(node)].reverse());
    }
  }
  #isNamed(object: Node): boolean {
    return object.type === 'Identifier' && (this.#named.has(object.name) || (this.#globals.size > 0 && globalObject.test(object.name)));
  }

  #reference(node: Node): Reference | undefined {
    if (node.type === 'Identifier') {
      const parent = parentOf(node);
      if (!parent || isName(node, parent)) return undefined;
      const binding = this.view.scopeAt(node).lookup(node.name);
      if (!binding && this.#globals.has(node.name)) return { variable: `global.${node.name}` };
      if (binding && this.#holders.has(localKey(binding.index))) return { variable: localKey(binding.index) };
      const whole = binding && this.#entries.get(binding.index);
      if (whole !== undefined) return { variable: whole, entry: true };
      if (binding && this.#parameters.has(binding.index)) return { variable: localKey(binding.index), imported: this.view.read(node) };
      if (binding?.top && isOwnImport(binding.values[0]?.value)) return { variable: node.name, imported: this.view.read(node) };
      return binding?.top && this.#holders.has(node.name) ? { variable: node.name } : undefined;
    }
    if (node.type !== 'MemberExpression') return undefined;
    const ofGlobal = globalName(node);
    if (ofGlobal !== undefined && this.#globals.has(ofGlobal)) return { variable: `global.${ofGlobal}` };
    const owner = this.#owner(node.object as Node);
    const name = owner === undefined ? undefined : keyName(node.property as Node, node.computed);
    const variable = `${owner}.${name}`;
    return name !== undefined && this.#holders.has(variable) ? { variable } : undefined;
  }

  /** The class that `this` or a class name stands for. */
  #owner(object: Node): number | undefined {
    if (object.type === 'ThisExpression') return this.view.contextOf(object).class;
    return object.type === 'Identifier' ? this.#named.get(object.name) : undefined;
  }

  #use({ variable, imported, entry }: Reference, start: Node, ancestors: readonly Node[]): void {
    let node = start;
    let depth = 0;
    let last: string | undefined;
    let isPart = entry === true;
    const stack = [...ancestors];
    for (;;) {
      const parent = stack.at(-1);
      if (!parent) break;
      if (isMember(parent) && parent.object === node) {
        last = keyName(parent.property as Node, parent.computed) ?? '[]';
        depth++;
      } else if (
        (parent.type === 'CallExpression' || parent.type === 'OptionalCallExpression') &&
        parent.callee === node &&
        getters.has(last ?? '') &&
        isMember(stack.at(-2))
      ) {
        last = undefined;
        isPart = true;
      } else if (parent.type !== 'TSNonNullExpression' && parent.type !== 'TSAsExpression') break;
      node = stack.pop()!;
    }
    const parent = stack.at(-1);
    if (!parent) return;
    const effect = countsUp(node, parent, start) ? ({ does: 'count' } as const) : this.#effect(node, parent, last, depth);
    // An imported name is often a library: only what changes it matters, and only a container's own writes.
    if (imported && (effect.does === 'read' ? depth === 0 : effect.does === 'assign')) return;
    // The name of an entry is read where the variable is: only what changes the entry tells more.
    if (entry && (depth === 0 || (effect.does !== 'add' && effect.does !== 'count'))) return;
    const { within } = this.view.contextOf(start);
    const as = readAs(node, stack, depth, last);
    const use: Use = {
      variable,
      at: atOf(start),
      ...(within === undefined ? {} : { within }),
      ...effect,
      reads: effect.does === 'read' || (stack.at(-2)?.type !== 'ExpressionStatement' && effect.does !== 'add' && effect.does !== 'assign'),
      ...(last === undefined ? {} : { method: last }),
      ...(as ? { as } : {}),
      ...(isPart || depth > 1 ? { deep: true } : {}),
      ...((isPart || last !== undefined) && stack.slice(-2).some(({ type }) => type === 'AwaitExpression') ? { awaited: true } : {}),
      finally: isInFinally(ancestors),
    };
    this.items.push(imported ? { imported: use, of: this.#ownerExpression(start, ancestors, imported) } : { use });
  }

  /** `db.users` of `db.users.push(x)`: the container may be a member of what is imported. */
  #ownerExpression(start: Node, ancestors: readonly Node[], imported: Expression): Expression {
    const parent = ancestors.at(-1);
    const isNested = isMember(parent) && parent.object === start && isMember(ancestors.at(-2));
    return isNested ? this.view.read(parent) : imported;
  }

  #effect(node: Node, parent: Node, last: string | undefined, depth: number): Pick<Use, 'does'> & Partial<Storing> {
    if (parent.type === 'AssignmentExpression' && parent.left === node) return this.#assignment(parent, node, depth);
    if (parent.type === 'UpdateExpression') return { does: 'count' };
    if (parent.type === 'UnaryExpression' && parent.operator === 'delete') return { does: 'remove' };
    const isCallee = (parent.type === 'CallExpression' || parent.type === 'OptionalCallExpression') && parent.callee === node;
    if (isCallee && last !== undefined) {
      if (adders.has(last) && (last !== 'splice' || parent.arguments.length > 2)) return this.#added(last, parent.arguments as Node[]);
      if (removers.has(last)) return { does: 'remove' };
    }
    if (parent.type === 'CallExpression' && parent.arguments[0] === node && isAssign(parent.callee as Node))
      return { does: 'add', ...this.#storing(parent.arguments.slice(1) as Node[]) };
    return { does: 'read' };
  }

  #assignment(parent: Node & { type: 'AssignmentExpression' }, node: Node, depth: number): Pick<Use, 'does'> & Partial<Storing> {
    if (parent.operator !== '=' && !/^(?:\|\||\?\?|&&)=$/.test(parent.operator))
      return depth > 0 || /^[-+*]=$/.test(parent.operator) ? { does: 'count' } : { does: 'assign' };
    if (depth === 0) return { does: 'assign', ...this.#storing([parent.right as Node]) };
    const member = unwrap(node);
    const key = isMember(member) && member.computed ? [member.property as Node] : [];
    return { does: 'add', ...this.#storing([parent.right as Node], key) };
  }

  #added(method: string, args: readonly Node[]): Pick<Use, 'does'> & Partial<Storing> {
    return {
      does: 'add',
      ...(method === 'set' ? this.#storing(args.slice(1, 2), args.slice(0, 1)) : this.#storing(args.slice(method === 'splice' ? 2 : 0))),
    };
  }

  /** The key only counts where the value itself tells nothing: `revoked[token] = true`. */
  #storing(values: readonly Node[], keys: readonly Node[] = []): Storing {
    // `notes.push(this)`: a model that keeps its own instances.
    const read = (node: Node): Stored => (node.type === 'ThisExpression' ? 'instance' : storedBy(this.view.read(node), this.view));
    const plain = values.map((value) => unwrap(value));
    const stored = strongest(plain.map(read));
    const [only] = plain;
    const made = only?.type === 'NewExpression' && only.callee.type === 'Identifier' ? only.callee.name : undefined;
    const value = only && this.view.read(only);
    const isKeyed = keys.length > 0 && !keys.some((key) => isConnectionId(this.view.read(unwrap(key)), this.view));
    return {
      stored: stored === 'literal' ? strongest(keys.map(read)) : stored,
      ...(stored === 'literal' && keys.length > 0 ? { byKey: true } : {}),
      ...(made ? { made } : {}),
      ...(value && isConnectionId(value, this.view) ? { names: 'connection' } : {}),
      ...(only && isEmpty(only) ? { empty: true } : {}),
      ...(only?.type === 'ObjectExpression' && only.properties.length > 1 ? { written: true } : {}),
      ...(value && isKeyed && opensOfPackage(value, this.view) ? { opened: true } : {}),
      ...(isDated(only) ? { dated: true } : {}),
    };
  }
}

/** What programs call the people, rooms and things that they keep for their clients. */
const containerName =
  /(?:user|player|room|client|session|game|socket|message|member|connection|online|store|state|cart|order|lobby|lobbies|match|peer|participant|channel|chat|vote|poll|score|todo|task)(?:s|es)?(?:Map|List|Table|Store|By[A-Z]\w{0,20})?$/i;

const localKey = (binding: number): string => `@${binding}`;
const globalObject = /^global(?:This)?$/;
const globalName = (node: Node): string | undefined =>
  isMember(node) && node.object.type === 'Identifier' && globalObject.test(node.object.name)
    ? keyName(node.property as Node, node.computed)
    : undefined;

/** `@app/rooms`, `src/rooms`: what aliases and base folders of projects are called. */
const ownFolder =
  /^@?(?:api|app|backend|common|config|controllers?|core|data|db|domain|features?|game|handlers?|helpers?|infra(?:structure)?|lib|libs|managers?|middlewares?|models?|modules?|repositories|routes?|server|services?|shared|sockets?|src|state|stores?|utils?)\//;
/** Comes from another module of the program, not from a package. */
function isOwnImport(value: Expression | undefined): boolean {
  const from = value?.k === 'member' ? value.of : value;
  return from?.k === 'import' && (/^(?:\.|@\/|@[\w-]+$|~|#|\$lib)/.test(from.specifier) || ownFolder.test(from.specifier));
}

/** Variables and fields that outlive a request, with every use. */
export const processStatePass: SyntaxPass = {
  id: 'process-state',
  run: (view) => (/\.[jt]sx$|\.vue$|\.d\.ts$/.test(view.path) ? [] : new StateReader(view).run()),
};
