import type { Node } from '@babel/types';
import type { Context } from './context.ts';
import { keyName, unwrap } from './expressions.ts';
import { atOf, type OpenBinding } from './scopes.ts';
import type { EnvRead, Expression } from './summary.ts';

interface Sighting {
  readonly name: string;
  readonly node: Node;
  readonly context: Context;
  readonly fallback?: Node;
  readonly optional: boolean;
  /** The variable of the module that keeps the value. */
  readonly kept?: string;
}

/** Calls that pass a missing value on: `Number(process.env.PORT) || 3000`. */
const passing = new Set(['Number', 'parseInt', 'parseFloat', 'String', 'Boolean', 'JSON.parse']);

/** Finds reads of `process.env` and whether the code copes without the variable. */
export class EnvReadFinder {
  readonly #found: Sighting[] = [];
  /** Variables that a condition asks for; `false`: without a value the code gives up. */
  readonly #asked = new Map<OpenBinding, boolean>();

  see(node: Node, context: Context, ancestors: readonly Node[]): void {
    if (node.type === 'MemberExpression' || node.type === 'OptionalMemberExpression') {
      const name = isEnvironment(node.object as Node, context) ? keyName(node.property as Node, node.computed) : undefined;
      if (name !== undefined && isVariableName(name) && !isTold(ancestors))
        this.#found.push({ name, node, context: outsideOfTest(node, context, ancestors), ...usage(node, ancestors) });
    } else if (
      node.type === 'VariableDeclarator' &&
      node.init &&
      node.id.type === 'ObjectPattern' &&
      isEnvironment(node.init as Node, context)
    ) {
      for (const property of node.id.properties) {
        if (property.type === 'RestElement') continue;
        const name = keyName(property.key as Node, property.computed);
        const fallback = property.value.type === 'AssignmentPattern' ? (property.value.right as Node) : undefined;
        const local = fallback ? undefined : nameOf(property.value as Node);
        if (name !== undefined && isVariableName(name))
          this.#found.push({
            name,
            node: property,
            context,
            ...(fallback ? { fallback } : {}),
            optional: false,
            ...(local ? { kept: local } : {}),
          });
      }
    } else if (node.type === 'IfStatement' || node.type === 'ConditionalExpression') {
      this.#ask(node.test as Node, context, !(node.type === 'IfStatement' && rejects(node.consequent as Node)));
    } else if (node.type === 'LogicalExpression') {
      this.#ask(node.left as Node, context, !isThrow(unwrap(node.right as Node)));
    }
  }

  /** `if (key)`, `if (!key)`, `key && …`: whoever asks copes, unless it gives up. */
  #ask(test: Node, context: Context, copes: boolean): void {
    const asked = unwrap(test);
    if (asked.type === 'UnaryExpression' && asked.operator === '!') return this.#ask(asked.argument as Node, context, copes);
    if (asked.type === 'LogicalExpression') {
      this.#ask(asked.left as Node, context, copes);
      return this.#ask(asked.right as Node, context, copes);
    }
    // `if (mode === 'none')`: without a value the other branch runs.
    if (asked.type === 'BinaryExpression' && /^[!=]==?$/.test(asked.operator) && asked.left.type !== 'PrivateName')
      return this.#ask(asked.left as Node, context, copes);
    const binding = asked.type === 'Identifier' ? context.scope.lookup(asked.name) : undefined;
    if (binding) this.#asked.set(binding, copes && this.#asked.get(binding) !== false);
  }

  #copesWithout({ kept, context }: Sighting): boolean {
    const binding = kept === undefined ? undefined : context.scope.lookup(kept);
    return binding !== undefined && this.#asked.get(binding) === true;
  }

  finish(read: (node: Node, context: Context) => Expression): EnvRead[] {
    return this.#found.map(({ name, node, context, fallback, optional, ...sighting }) => ({
      name,
      at: atOf(node),
      hasDefault: fallback !== undefined,
      ...(fallback ? { fallback: read(fallback, context) } : {}),
      optional: optional || this.#copesWithout({ name, node, context, optional, ...sighting }),
      ...(context.within === undefined ? {} : { within: context.within }),
      ...(context.when.length > 0 ? { when: context.when } : {}),
    }));
  }
}

const isVariableName = (name: string): boolean => /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && name !== 'hasOwnProperty';

function isEnvironment(source: Node, context: Context): boolean {
  const node = unwrap(source);
  if (node.type === 'Identifier') {
    const values = context.scope.lookup(node.name)?.values ?? [];
    const [only] = values;
    return (
      values.length === 1 &&
      only!.value.k === 'member' &&
      only!.value.name === 'env' &&
      only!.value.of.k === 'global' &&
      only!.value.of.name === 'process'
    );
  }
  if (node.type !== 'MemberExpression' && node.type !== 'OptionalMemberExpression') return false;
  const object = unwrap(node.object as Node);
  return (
    keyName(node.property as Node, node.computed) === 'env' &&
    object.type === 'Identifier' &&
    object.name === 'process' &&
    isOfNode(context.scope.lookup('process'))
  );
}

/** `process` as it is everywhere, or imported from the module of that name. */
const isOfNode = (binding: OpenBinding | undefined): boolean => {
  const value = binding?.values[0]?.value;
  return binding === undefined || (value?.k === 'import' && /^(?:node:)?process$/.test(value.specifier));
};

const nameOf = (node: Node): string | undefined => (node.type === 'Identifier' ? node.name : undefined);

/** `new Error(`… ${process.env.KEY}`)`, or the same printed: a text for people, which nothing works with. */
function isTold(ancestors: readonly Node[]): boolean {
  for (let i = ancestors.length - 2; i >= 0; i--) {
    const parent = ancestors[i]!;
    if (/^(?:TemplateLiteral|BinaryExpression|LogicalExpression|TS(?:As|NonNull)Expression)$/.test(parent.type)) continue;
    if (parent.type === 'NewExpression') return parent.callee.type === 'Identifier' && /Error$/.test(parent.callee.name);
    const owner =
      parent.type === 'CallExpression' && parent.callee.type === 'MemberExpression' ? (parent.callee.object as Node) : undefined;
    return owner?.type === 'Identifier' && owner.name === 'console';
  }
  return false;
}

/** `process.env.ID && process.env.KEY`: the second is asked for as the first is, whether that one is set or not. */
function outsideOfTest(node: Node, context: Context, ancestors: readonly Node[]): Context {
  const parent = ancestors.at(-2);
  const isAsked = parent?.type === 'LogicalExpression' && parent.operator === '&&' && parent.right === node;
  return isAsked ? { ...context, when: context.when.slice(0, -1) } : context;
}

/** Looks at what stands around a read: a default, a test, a comparison, a variable that keeps it. */
function usage(node: Node, ancestors: readonly Node[]): { fallback?: Node; optional: boolean; kept?: string } {
  let child = node;
  for (let i = ancestors.length - 2; i >= 0; i--) {
    const parent = ancestors[i]!;
    if (parent.type === 'LogicalExpression') {
      // The alternative of something else, or read only when something else holds.
      if (parent.left !== child) return { optional: true };
      if (parent.operator === '&&') return { optional: true };
      const right = unwrap(parent.right as Node);
      return right.type === 'Identifier' && right.name === 'undefined'
        ? { optional: true }
        : isThrow(right)
          ? { optional: false }
          : { fallback: right, optional: true };
    }
    if (parent.type === 'ConditionalExpression')
      return { optional: parent.test === child, ...(parent.test === child ? { fallback: parent.alternate as Node } : {}) };
    if (parent.type === 'IfStatement') return { optional: parent.test === child && !rejects(parent.consequent as Node) };
    if (parent.type === 'BinaryExpression') {
      if (parent.operator === '+') return { optional: false };
      child = parent;
      if (i === 0 || !/If|Conditional|Logical|Unary/.test(ancestors[i - 1]!.type)) return { optional: true };
      continue;
    }
    // `!process.env.X`, `!!process.env.X`, `Boolean(process.env.X)` that no condition asks: a switch that is off by default.
    if (isSwitch(parent) && !(i > 0 && (isSwitch(ancestors[i - 1]!) || /If|Conditional|Logical/.test(ancestors[i - 1]!.type))))
      return { optional: true };
    if (
      parent.type === 'UnaryExpression' ||
      parent.type === 'TSAsExpression' ||
      parent.type === 'TSNonNullExpression' ||
      parent.type === 'ParenthesizedExpression'
    ) {
      child = parent;
      continue;
    }
    if (parent.type === 'CallExpression' && parent.callee !== child && isPassing(parent.callee as Node)) {
      if (saysOptional(parent.callee as Node)) return { optional: true };
      child = parent;
      continue;
    }
    if (parent.type === 'CallExpression' && parent.arguments[0] === child) {
      if (readsSwitch.test(calleeName(parent.callee as Node))) return { optional: true };
      const fallback = fallbackBeside(parent.arguments[1] as Node | undefined);
      if (fallback) return { fallback, optional: true };
    }
    if (parent.type === 'OptionalMemberExpression' || parent.type === 'OptionalCallExpression') {
      child = parent;
      if (i > 0 && ancestors[i - 1]!.type === 'LogicalExpression') continue;
      return { optional: true };
    }
    if (parent.type === 'MemberExpression' || (parent.type === 'CallExpression' && parent.callee === child)) {
      child = parent;
      continue;
    }
    if (parent.type === 'ObjectProperty' && parent.value === child) return { optional: isForOthers(ancestors, i) };
    // `[process.env.A, process.env.B, 3000].find(…)`: one of several.
    if (parent.type === 'ArrayExpression') return { optional: true };
    if (parent.type === 'AssignmentExpression' && parent.left === child) return { optional: true };
    const kept = parent.type === 'VariableDeclarator' ? nameOf(parent.id as Node) : undefined;
    return { optional: false, ...(kept ? { kept } : {}) };
  }
  return { optional: false };
}

/** `parseOptionalNumber(…)`, `toOptionalBoolean(…)`. */
const saysOptional = (callee: Node): boolean => callee.type === 'Identifier' && /[a-z]Optional|^optional/.test(callee.name);

/** `toBoolean(process.env.X)`, `isTruthy(process.env.X)`: a switch that is off by default. */
const readsSwitch = /bool|truthy|^is_?(?:true|on|enabled)|flag/i;
const calleeName = (callee: Node): string =>
  callee.type === 'Identifier'
    ? callee.name
    : callee.type === 'MemberExpression'
      ? (keyName(callee.property as Node, callee.computed) ?? '')
      : '';
/** `toNumber(process.env.PORT, 3000)`: functions of the repository take the value to use instead; texts there may be names and messages. */
const fallbackBeside = (argument: Node | undefined): Node | undefined => (argument && standsInstead(argument) ? argument : undefined);
const standsInstead = (node: Node): boolean =>
  node.type === 'NumericLiteral' ||
  node.type === 'BooleanLiteral' ||
  (node.type === 'Identifier' && /default|fallback/i.test(node.name)) ||
  (node.type === 'BinaryExpression' &&
    /^[*+/-]$/.test(node.operator) &&
    standsInstead(node.left as Node) &&
    standsInstead(node.right as Node));

const validates = /^(?:safeParse|parse|validate|validateSync|decode|cast)(?:Async)?$/;
const answers = /^(?:json|jsonp|send|render)$/;
/**
 * The outermost object around `ancestors[at]` is handed to a validator, which tells what it copes without
 * (`schema.parse({ host: process.env.HOST })`), or is an answer, which leaves out what is not set (`json({ logo: process.env.LOGO })`).
 */
function isForOthers(ancestors: readonly Node[], at: number): boolean {
  let i = at;
  while (i > 0 && /^Object(?:Property|Expression)$/.test(ancestors[i]!.type)) i--;
  const call = ancestors[i]!;
  if (call.type !== 'CallExpression') return false;
  if (call.callee.type === 'Identifier') return answers.test(call.callee.name);
  const name = call.callee.type === 'MemberExpression' ? keyName(call.callee.property as Node, call.callee.computed) : undefined;
  return name !== undefined && (validates.test(name) || answers.test(name));
}

const isSwitch = (node: Node): boolean =>
  (node.type === 'UnaryExpression' && node.operator === '!') ||
  (node.type === 'CallExpression' && node.callee.type === 'Identifier' && node.callee.name === 'Boolean');
const isPassing = (callee: Node): boolean => {
  if (saysOptional(callee)) return true;
  if (callee.type === 'Identifier') return passing.has(callee.name);
  return (
    callee.type === 'MemberExpression' &&
    callee.object.type === 'Identifier' &&
    callee.property.type === 'Identifier' &&
    passing.has(`${callee.object.name}.${callee.property.name}`)
  );
};
const isThrow = (node: Node): boolean =>
  node.type === 'CallExpression' && node.callee.type === 'Identifier' && /fail|throw|required|assert|panic|die/i.test(node.callee.name);
/** `if (!process.env.X) throw`: the variable is required. */
const rejects = (node: Node): boolean => {
  const statements = node.type === 'BlockStatement' ? (node.body as Node[]) : [node];
  return statements.some(
    (statement) =>
      statement.type === 'ThrowStatement' ||
      (statement.type === 'ExpressionStatement' &&
        statement.expression.type === 'CallExpression' &&
        /exit|fail|throw/i.test(
          JSON.stringify(
            (statement.expression.callee as { property?: { name?: string }; name?: string }).property?.name ??
              (statement.expression.callee as { name?: string }).name ??
              '',
          ),
        )),
  );
};
