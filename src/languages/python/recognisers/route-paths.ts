/** Paths of routes as their frameworks write them, in one form: `:name` one segment, `*` the rest. */
import type { Value } from '../../../facts.ts';

export interface PathText {
  readonly text: string;
  /** False when a part that comes before could not be read: then `text` is the known tail. */
  readonly complete: boolean;
}
const unread: PathText = { text: '', complete: false };
export const noPath: PathText = { text: '', complete: true };

/** What a value says of a path. */
export function pathOf(value: Value | undefined): PathText {
  if (!value) return noPath;
  if (value.is === 'literal') return value.value === null ? noPath : { text: String(value.value), complete: true };
  if (value.is === 'text') return pathOfParts(value.parts);
  if (value.is === 'choice' && value.options.length === 1) return pathOf(value.options[0]!.value);
  return unread;
}

function pathOfParts(parts: readonly Value[]): PathText {
  let path = noPath;
  for (const part of parts.map(pathOf)) path = part.complete ? { text: path.text + part.text, complete: path.complete } : unread;
  return path;
}

export const joinPaths = (before: PathText, after: PathText): PathText =>
  after.complete ? { text: `${before.text.replace(/\/+$/, '')}/${after.text.replace(/^\/+/, '')}`, complete: before.complete } : after;

/** `/users/<int:id>`, `/users/{id}`, `/files/{path:path}`, `/files/<path:name>`. */
export function normalise(path: string): string {
  const text = path
    .replace(/<(?:path|re\([^<>]{0,200}\)|regex\([^<>]{0,200}\)):\w+>|\{\w+:path\}|<path:\w+>/g, '*')
    .replace(/<(?:[\w.()", =]{1,80}:)?(\w+)>/g, ':$1')
    .replace(/\{(\w+)(?::[^{}]{0,200})?\}/g, ':$1')
    .replace(/\/{2,}/g, '/');
  const cut = text.indexOf('*');
  const whole = cut >= 0 ? `${text.slice(0, cut)}*` : text;
  return whole.startsWith('/') ? whole : `/${whole}`;
}

/** A pattern of `re_path`: groups become names, whatever else is not plain becomes the rest. */
export function fromPattern(pattern: string): string {
  const text = pattern
    .slice(0, 500)
    .replace(/^\^/, '')
    .replace(/(?:\/\?)?\$$/, '')
    .replace(/\\([-./_])/g, '$1')
    .replace(/\(\?P<(\w+)>[^()]{0,100}\)/g, '<$1>')
    .replace(/\([^()?]{0,100}\)/g, '<group>')
    .replace(/\/\?/g, '/');
  const odd = text.search(/[\\[\](){}*+?|^$]/);
  return odd >= 0 ? `${text.slice(0, odd)}<path:rest>` : text;
}
