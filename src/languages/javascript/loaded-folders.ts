import type { Node } from '@babel/types';
import { keyName, unwrap } from './expressions.ts';
import { memberPath } from './node-shapes.ts';
import type { Scope } from './scopes.ts';
import { fromStartFolder, startFolderMark } from './start-folder.ts';
import type { Expression } from './summary.ts';

/** Packages whose one function loads every module of a folder. */
export const folderLoaders = ['require-directory', 'require-dir', 'require-all', 'require-tree', 'include-all'] as const;
const loaders: ReadonlySet<string> = new Set(folderLoaders);

/** `require(path.join(__dirname, 'models', file))`, `` require(`./routes/${name}`) ``: everything in that folder may be loaded. */
export function loadedFolder(node: Node, scope: Scope): string | undefined {
  if (node.type !== 'CallExpression' && node.type !== 'ImportExpression') return undefined;
  const callee = node.type === 'CallExpression' ? unwrap(node.callee as Node) : undefined;
  const isLoad =
    !callee || callee.type === 'Import' || (callee.type === 'Identifier' && callee.name === 'require' && !scope.lookup('require'));
  const argument = (node.type === 'CallExpression' ? node.arguments[0] : node.source) as Node | undefined;
  if (!argument) return undefined;
  return isLoad ? folderOf(unwrap(argument), scope, 0) : (loadersFolder(node, scope) ?? pluginFolder(node, scope));
}

/** `requireDirectory(module, './api')`, `requireAll({ dirname: path.join(__dirname, 'api') })`; without a folder, that of the module itself. */
function loadersFolder(node: Node & { type: 'CallExpression' | 'ImportExpression' }, scope: Scope): string | undefined {
  if (node.type !== 'CallExpression' || node.callee.type !== 'Identifier') return undefined;
  const loader = scope.lookup(node.callee.name)?.values[0]?.value;
  if (loader?.k !== 'import' || !loaders.has(loader.specifier)) return undefined;
  const given = (node.arguments as Node[]).map(unwrap).filter((argument) => argument.type !== 'Identifier' || argument.name !== 'module');
  const named = given.flatMap((argument) => (argument.type === 'ObjectExpression' ? valuesNamed(argument, 'dirname') : [argument]));
  if (named.length === 0) return given.length === 0 ? './' : undefined;
  const [first] = named;
  if (first?.type === 'StringLiteral') return /^\.{1,2}(?:\/|$)/.test(first.value) ? `${first.value}/`.replace(/\/{2,}/g, '/') : undefined;
  const started = first && fromStartFolder(first);
  if (started?.whole && started.path !== '') return `${startFolderMark}${started.path}/`;
  return first && folderOf(first, scope, 0);
}

const valuesNamed = (object: Node & { type: 'ObjectExpression' }, name: string): readonly Node[] =>
  object.properties.flatMap((property) =>
    property.type === 'ObjectProperty' && keyName(property.key as Node, property.computed) === name ? [unwrap(property.value as Node)] : [],
  );

/** `register(autoload, { dir: path.join(__dirname, 'routes') })`: a library loads the folder. */
function pluginFolder(node: Node & { type: 'CallExpression' | 'ImportExpression' }, scope: Scope): string | undefined {
  const options = node.type === 'CallExpression' ? (node.arguments[1] as Node | undefined) : undefined;
  const [dir] = options?.type === 'ObjectExpression' ? valuesNamed(options, 'dir') : [];
  return dir && folderOf(dir, scope, 0);
}

/** `__dirname`, `import.meta.dirname`. */
const isOwnFolder = (node: Node): boolean => (node.type === 'Identifier' ? node.name === '__dirname' : isOfMeta(node, 'dirname'));
/** `join(import.meta.url, 'plugins')` of desm. */
const isOwnUrl = (node: Node): boolean => isOfMeta(node, 'url');
const isOfMeta = (node: Node, name: string): boolean =>
  node.type === 'MemberExpression' && node.object.type === 'MetaProperty' && keyName(node.property as Node, node.computed) === name;

export function folderOf(node: Node, scope: Scope, depth: number): string | undefined {
  if (depth > 4) return undefined;
  if (node.type === 'Identifier') {
    if (isOwnFolder(node)) return './';
    const values = scope.lookup(node.name)?.values ?? [];
    return values.length === 1 ? folderOfExpression(values[0]!.value) : undefined;
  }
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

/** The folder that a name stands for: `const file = path.join(__dirname, 'models', name)`, `` `${process.cwd()}/app/api` ``. */
function folderOfExpression(value: Expression): string | undefined {
  const isJoin = value.k === 'call' && value.callee.k === 'member' && /^(?:join|resolve)$/.test(value.callee.name);
  const [first, ...rest] = value.k === 'text' ? value.parts : isJoin ? value.args : [];
  if (!first) return undefined;
  const base = first.k === 'global' && first.name === '__dirname' ? './' : isStartCall(first) ? startFolderMark : undefined;
  if (base === undefined) return undefined;
  const texts = rest.map((part) => (part.k === 'literal' ? String(part.value) : undefined));
  const known = texts.slice(0, texts.indexOf(undefined) < 0 ? texts.length : texts.indexOf(undefined)).join(isJoin ? '/' : '');
  // Text that goes on with a name holds the start of it behind its last slash.
  const folder = isJoin || texts.every((text) => text !== undefined) ? known : known.slice(0, known.lastIndexOf('/') + 1);
  const path = `${folder.replace(/^\/+/, '')}/`.replace(/\/{2,}/g, '/');
  // The folder in which the program starts holds all of it.
  return base === startFolderMark && path === '/' ? undefined : path === '/' ? base : `${base}${path}`;
}
const isStartCall = (value: Expression): boolean =>
  value.k === 'call' &&
  value.args.length === 0 &&
  (value.callee.k === 'member' ? value.callee.name === 'cwd' : value.callee.k === 'global' && value.callee.name === 'process.cwd');

/** `a + b + c` as its parts. */
function summandsOf(node: Node): readonly Node[] {
  const parts: Node[] = [];
  let left = node;
  for (; left.type === 'BinaryExpression' && left.operator === '+'; left = left.left as Node) parts.unshift(left.right as Node);
  return [left, ...parts];
}
