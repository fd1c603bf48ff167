import type { Node } from '@babel/types';
import { keyName, unwrap } from './expressions.ts';
import { memberPath } from './node-shapes.ts';
import type { Scope } from './scopes.ts';
import { fromStartFolder, startFolderMark } from './start-folder.ts';

/** `require(path.join(__dirname, 'models', file))`, `` require(`./routes/${name}`) ``: everything in that folder may be loaded. */
export function loadedFolder(node: Node, scope: Scope): string | undefined {
  if (node.type !== 'CallExpression' && node.type !== 'ImportExpression') return undefined;
  const callee = node.type === 'CallExpression' ? unwrap(node.callee as Node) : undefined;
  const isLoad =
    !callee || callee.type === 'Import' || (callee.type === 'Identifier' && callee.name === 'require' && !scope.lookup('require'));
  const argument = (node.type === 'CallExpression' ? node.arguments[0] : node.source) as Node | undefined;
  if (!argument) return undefined;
  return isLoad ? folderOf(unwrap(argument), scope, 0) : pluginFolder(node, scope);
}

/** `register(autoload, { dir: path.join(__dirname, 'routes') })`: a library loads the folder. */
function pluginFolder(node: Node & { type: 'CallExpression' | 'ImportExpression' }, scope: Scope): string | undefined {
  const options = node.type === 'CallExpression' ? (node.arguments[1] as Node | undefined) : undefined;
  if (options?.type !== 'ObjectExpression') return undefined;
  for (const property of options.properties) {
    if (property.type !== 'ObjectProperty' || keyName(property.key as Node, property.computed) !== 'dir') continue;
    return folderOf(unwrap(property.value as Node), scope, 0);
  }
  return undefined;
}

/** `__dirname`, `import.meta.dirname`. */
const isOwnFolder = (node: Node): boolean => (node.type === 'Identifier' ? node.name === '__dirname' : isOfMeta(node, 'dirname'));
/** `join(import.meta.url, 'plugins')` of desm. */
const isOwnUrl = (node: Node): boolean => isOfMeta(node, 'url');
const isOfMeta = (node: Node, name: string): boolean =>
  node.type === 'MemberExpression' && node.object.type === 'MetaProperty' && keyName(node.property as Node, node.computed) === name;

export function folderOf(node: Node, scope: Scope, depth: number): string | undefined {
  if (depth > 4) return undefined;
  if (node.type === 'TemplateLiteral') {
    const head = node.quasis[0]?.value.cooked ?? '';
    if (/^\.{1,2}\//.test(head)) return head.slice(0, head.lastIndexOf('/') + 1);
    const first = node.expressions[0] as Node | undefined;
    if (head === '' && first && isOwnFolder(first)) return `.${(node.quasis[1]?.value.cooked ?? '/').replace(/[^/]*$/, '') || '/'}`;
    return undefined;
  }
  if (node.type === 'BinaryExpression' && node.operator === '+') {
    const parts = summandsOf(node);
    const [first, second] = parts;
    if (first?.type === 'StringLiteral' && /^\.{1,2}\//.test(first.value)) return first.value.slice(0, first.value.lastIndexOf('/') + 1);
    if (!first || !isOwnFolder(first)) return undefined;
    const path = second?.type === 'StringLiteral' && second.value.startsWith('/') ? second.value : '/';
    return `.${path.slice(0, path.lastIndexOf('/') + 1)}`;
  }
  const started = fromStartFolder(node);
  if (started) return started.whole || started.path === '' ? undefined : `${startFolderMark}${started.path}/`;
  if (node.type === 'CallExpression') {
    const path = memberPath(node.callee as Node);
    if (
      path?.path.at(-1) !== 'join' &&
      path?.path.at(-1) !== 'resolve' &&
      !(node.callee.type === 'Identifier' && /^(join|resolve)$/.test(node.callee.name))
    )
      return undefined;
    const words = node.arguments as Node[];
    if (words.length === 1 && words[0]!.type === 'BinaryExpression') return folderOf(words[0]!, scope, depth + 1);
    if (!words[0] || !(isOwnFolder(words[0]) || isOwnUrl(words[0]))) return undefined;
    const parts = words.slice(1).map((word) => (word.type === 'StringLiteral' ? word.value : undefined));
    const known = parts.slice(0, parts.indexOf(undefined) < 0 ? parts.length : parts.indexOf(undefined));
    return `./${known.join('/')}/`.replace(/\/{2,}/g, '/');
  }
  return undefined;
}

/** `a + b + c` as its parts. */
function summandsOf(node: Node): readonly Node[] {
  const parts: Node[] = [];
  let left = node;
  for (; left.type === 'BinaryExpression' && left.operator === '+'; left = left.left as Node) parts.unshift(left.right as Node);
  return [left, ...parts];
}
