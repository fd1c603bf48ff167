import type { Value } from '../../../facts.ts';

/** A path as far as it can be read. When it is not complete, `text` is the known tail. */
export interface PathText {
  readonly text: string;
  readonly complete: boolean;
}
export const rootPath: PathText = { text: '', complete: true };
export const unknownPath: PathText = { text: '', complete: false };
const maximumPaths = 20;

/** The paths that a value may come to: strings, templates, lists and choices of them. */
export function pathsOf(value: Value | undefined): readonly PathText[] {
  switch (value?.is) {
    case 'literal':
      return typeof value.value === 'string' ? [{ text: value.value, complete: true }] : [unknownPath];
    case 'list':
      return value.items.slice(0, maximumPaths).flatMap(pathsOf);
    case 'choice':
      return value.options
        .filter(({ value: option }) => option.is !== 'literal' || option.value !== null)
        .flatMap(({ value: option }) => pathsOf(option));
    case 'text':
      return [textPath(value.parts)];
    case 'env':
      return value.fallback?.is === 'literal' && value.fallback.value === '' ? [rootPath, unknownPath] : [unknownPath];
    default:
      return [unknownPath];
  }
}

/** What follows the last part that could not be read. */
function textPath(parts: readonly Value[]): PathText {
  let text = '';
  let complete = true;
  for (const part of parts) {
    if (part.is === 'literal' && part.value !== null) text += String(part.value);
    else {
      text = '';
      complete = false;
    }
  }
  return { text, complete };
}

/** True for what can be the first argument of `use(path, …)`. */
export const isPathLike = (value: Value | undefined): boolean => {
  switch (value?.is) {
    case 'literal':
      return typeof value.value === 'string';
    case 'text':
    case 'env':
      return true;
    case 'list':
      return value.items.length > 0 && value.items.every(isPathLike);
    case 'choice':
      return value.options.length > 0 && value.options.some(({ value: option }) => isPathLike(option));
    default:
      return false;
  }
};

/** Joins a prefix and a path with single slashes; the tail of an unknown prefix stays known. */
export function joinPath(prefix: PathText, path: PathText): PathText {
  if (!path.complete) return path;
  const text = `${prefix.text}/${path.text}`.replace(/\/{2,}/g, '/').replace(/(.)\/$/, '$1');
  return { text: text || '/', complete: prefix.complete };
}

/** `{id}`, `:id(\\d+)`, `[id]` → `:id`; `*`, `(.*)`, `:path*`, `{*rest}` → `*`. */
export function normalisePath(path: string): string {
  const text = path.startsWith('/') || path === '*' ? path : `/${path}`;
  return text
    .replace(/\{\*[^}]*\}|\{[\w-]+\*\d*\}|\(\.\*\)|:\w+\(\.[*+]\)|:\w+[*+]|\*\w+|\*{2,}/g, '*')
    .replace(/\{([\w-]+)\??\}/g, ':$1')
    .replace(/:([\w-]+)\([^()]*\)/g, ':$1')
    .replace(/^\*$/, '/*');
}
