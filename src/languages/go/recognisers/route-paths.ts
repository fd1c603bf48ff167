/** Paths of routes as their frameworks write them, in one form: `:name` one segment, `*` the rest. */
import type { Value } from '../../../facts.ts';

export interface PathText {
  readonly text: string;
  /** False when a part that comes before could not be read: then `text` is the known tail. */
  readonly complete: boolean;
}
export const unread: PathText = { text: '', complete: false };
export const noPath: PathText = { text: '', complete: true };

/** Everything that a value says of a path. */
export function pathsOf(value: Value | undefined, depth = 0): readonly PathText[] {
  if (!value || depth > 4) return [unread];
  if (value.is === 'literal') return [value.value === null ? noPath : { text: String(value.value), complete: true }];
  if (value.is === 'text') return [pathOfParts(value.parts)];
  if (value.is === 'choice') return value.options.slice(0, 12).flatMap((option) => pathsOf(option.value, depth + 1));
  return [unread];
}

/** A prefix that a variable may give is empty where nothing sets it. */
const ofVariable = ({ fallback }: Extract<Value, { is: 'env' }>): PathText =>
  fallback && fallback.is !== 'unknown' ? pathsOf(fallback)[0]! : noPath;

function pathOfParts(parts: readonly Value[]): PathText {
  let path = noPath;
  for (const part of parts.map((one) => (one.is === 'env' ? ofVariable(one) : pathsOf(one)[0]!)))
    path = part.complete ? { text: path.text + part.text, complete: path.complete } : unread;
  return path;
}

export const joinPaths = (before: PathText, after: PathText): PathText =>
  after.complete ? { text: `${before.text.replace(/\/+$/, '')}/${after.text.replace(/^\/+/, '')}`, complete: before.complete } : after;

/** `/users/:id`, `/users/{id}`, `/files/*path`, `/files/{path...}`, `/files/{name:[a-z]+}`. */
export function normalise(path: string): string {
  const text = path
    .replace(/\{\$\}$/, '')
    .replace(/\{\w+\.\.\.\}|\{\w+:\.[*+]\}/g, '*')
    .replace(/\{(\w+)(?::(?:[^{}]|\{[^{}]{0,20}\}){0,200})?\}/g, ':$1')
    .replace(/\/{2,}/g, '/');
  const cut = text.search(/[*+]/);
  const whole = cut >= 0 ? `${text.slice(0, cut)}*` : text;
  const rooted = whole.startsWith('/') ? whole : `/${whole}`;
  return rooted.length > 1 && rooted.endsWith('/') ? rooted.slice(0, -1) : rooted;
}
