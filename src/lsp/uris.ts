/** File URIs ↔ paths. Clients write the same file in different ways (`file:///c%3A/`), so what they wrote is kept for open files. */
import { join, relative, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Range } from 'vscode-languageserver/node';
import type { Place } from '../types.ts';

/** `undefined` for what is no file: `untitled:`, `git:`, another machine's. */
export function toFile(uri: string): string | undefined {
  try {
    return uri.startsWith('file:') ? fileURLToPath(uri) : undefined;
  } catch {
    return undefined;
  }
}
export const toUri = (root: string, path: string): string => pathToFileURL(join(root, path)).href;

/** Path from a root, with `/`; `undefined` when the file lies outside. */
export function pathBelow(root: string, file: string): string | undefined {
  const path = relative(root, file).split(sep).join('/');
  return path === '' || path.startsWith('../') || path === '..' || path.startsWith('/') || /^[a-z]:/i.test(path) ? undefined : path;
}

/** Lines and columns of both count UTF-16 units; ours from 1. */
export const toRange = ({ line, column, endLine, endColumn }: Place): Range => ({
  start: { line: Math.max(0, line - 1), character: Math.max(0, column - 1) },
  end: { line: Math.max(0, endLine - 1), character: Math.max(0, endColumn - 1) },
});
