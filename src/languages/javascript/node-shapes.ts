import type { Node } from '@babel/types';
import { keyName, unwrap } from './expressions.ts';

/** The one identifier of a type annotation: `Db` of `db: Db`. */
export function typeName(node: Node): string | undefined {
  const annotation = (node as { typeAnnotation?: { typeAnnotation?: { type: string; typeName?: { type: string; name?: string } } } | null })
    .typeAnnotation?.typeAnnotation;
  return annotation?.type === 'TSTypeReference' && annotation.typeName?.type === 'Identifier' ? annotation.typeName.name : undefined;
}

interface Injection {
  readonly name: string;
  readonly type?: string;
  /** What a decorator asks the container for: `@Inject(ORDERS)`. */
  readonly token?: Node;
  readonly node: Node;
}

/** Parameters of a constructor, or fields, that a container may fill. */
export function injections(members: readonly Node[]): readonly Injection[] {
  return members.flatMap((member) => {
    const inner = member.type === 'TSParameterProperty' ? (member.parameter as Node) : member;
    const target = inner.type === 'AssignmentPattern' ? (inner.left as Node) : inner;
    const keyed = target as Node & { key?: Node; computed?: boolean };
    const name = target.type === 'Identifier' ? target.name : keyed.key && keyName(keyed.key, keyed.computed ?? false);
    if (!name) return [];
    const type = typeName(target);
    const token = tokenOf(member) ?? tokenOf(target);
    return [{ name, ...(type ? { type } : {}), ...(token ? { token } : {}), node: target }];
  });
}

function tokenOf(node: Node): Node | undefined {
  const { decorators } = node as { decorators?: readonly { expression: Node }[] | null };
  for (const { expression } of decorators ?? []) {
    const isNamed = expression.type === 'CallExpression' && expression.callee.type === 'Identifier';
    if (isNamed && /^inject$/i.test((expression.callee as Node & { name: string }).name))
      return expression.arguments[0] as Node | undefined;
  }
  return undefined;
}

export function memberPath(node: Node): { root: Node; path: string[] } | undefined {
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

/** `result` of `result[key]`. */
export function computedRoot(node: Node): string | undefined {
  const root = node.type === 'MemberExpression' && node.computed ? unwrap(node.object as Node) : undefined;
  return root?.type === 'Identifier' ? root.name : undefined;
}

export function patternIdentifiers(pattern: Node): Node[] {
  if (pattern.type === 'ObjectPattern')
    return pattern.properties.flatMap((property) =>
      patternIdentifiers((property.type === 'RestElement' ? property.argument : property.value) as Node),
    );
  if (pattern.type === 'ArrayPattern') return pattern.elements.flatMap((element) => (element ? patternIdentifiers(element as Node) : []));
  if (pattern.type === 'AssignmentPattern') return patternIdentifiers(pattern.left as Node);
  return pattern.type === 'Identifier' ? [pattern] : [];
}

/** True for a branch that ends in return, throw, continue, break or process.exit. */
export function alwaysLeaves(node: Node): boolean {
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
export const calleeText = (node: Node): string => {
  if (node.type !== 'CallExpression') return '';
  const path = memberPath(node.callee as Node);
  return path?.root.type === 'Identifier' ? [path.root.name, ...path.path].join('.') : '';
};

const summarised: ReadonlySet<string> = new Set([
  'VariableDeclarator',
  'TSEnumDeclaration',
  'AssignmentExpression',
  'ReturnStatement',
  'ImportDeclaration',
  'TSImportEqualsDeclaration',
  'TSExportAssignment',
  'ExportDefaultDeclaration',
  'ExportAllDeclaration',
  'ExportNamedDeclaration',
  'ImportExpression',
  'CallExpression',
  'OptionalCallExpression',
  'NewExpression',
  'TaggedTemplateExpression',
  'MemberExpression',
  'OptionalMemberExpression',
]);
/** The node binds, calls, imports or exports; of others only what is inside matters. */
export const isSummarised = ({ type }: Node): boolean => summarised.has(type);
