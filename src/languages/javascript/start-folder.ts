import type { Node } from '@babel/types';
import { memberPath } from './node-shapes.ts';

/** Marks a specifier that is seen from the folder in which the program is started, which is its package's. */
export const startFolderMark = 'cwd:';

interface Path {
  readonly path: string;
  /** False where more follows that nobody can read. */
  readonly whole: boolean;
}

const isStartFolder = (node: Node | undefined): boolean =>
  node?.type === 'CallExpression' &&
  node.callee.type === 'MemberExpression' &&
  memberPath(node.callee as Node)?.path.at(-1) === 'cwd' &&
  node.arguments.length === 0;

function joined(words: readonly Node[]): Path {
  const known: string[] = [];
  for (const word of words) {
    if (word.type !== 'StringLiteral') return { path: known.join('/'), whole: false };
    known.push(word.value);
  }
  return { path: known.join('/'), whole: true };
}

/** `path.resolve('./config')`, `path.join(process.cwd(), 'config', name)`, `process.cwd() + '/config'`. */
export function fromStartFolder(node: Node): Path | undefined {
  if (node.type === 'BinaryExpression' && node.operator === '+')
    return isStartFolder(node.left as Node) ? joined([node.right as Node]) : undefined;
  if (node.type !== 'CallExpression') return undefined;
  const name = node.callee.type === 'Identifier' ? node.callee.name : memberPath(node.callee as Node)?.path.at(-1);
  const [first, ...rest] = node.arguments as Node[];
  if (isStartFolder(first) && (name === 'join' || name === 'resolve')) return joined(rest);
  const isRelative = first?.type === 'StringLiteral' && !first.value.startsWith('/');
  return name === 'resolve' && isRelative ? joined([first, ...rest]) : undefined;
}
