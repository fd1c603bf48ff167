/** Patterns of .dockerignore (Go's filepath.Match, `**`, `!`) and, near enough for plain names, of .gitignore. Linear matching, no regular expressions. */

/** Matches one path segment against a glob with `*` and `?`; backtracks to the last star only. */
function matchSegment(pattern: string, text: string): boolean {
  let star = -1;
  let resume = 0;
  let at = 0;
  let from = 0;
  while (from < text.length) {
    if (at < pattern.length && (pattern[at] === '?' || pattern[at] === text[from])) {
      at++;
      from++;
    } else if (pattern[at] === '*') {
      star = at++;
      resume = from;
    } else if (star >= 0) {
      at = star + 1;
      from = ++resume;
    } else return false;
  }
  while (pattern[at] === '*') at++;
  return at === pattern.length;
}

/** True when the pattern matches the path or one of its parent folders. */
function matchPath(pattern: readonly string[], path: readonly string[]): boolean {
  let reachable = new Set([0]);
  for (const segment of path) {
    const next = new Set<number>();
    for (const at of expandStars(pattern, reachable)) {
      if (at === pattern.length) return true;
      if (pattern[at] === '**') next.add(at);
      else if (matchSegment(pattern[at]!, segment)) next.add(at + 1);
    }
    reachable = next;
    if (reachable.size === 0) return false;
  }
  return expandStars(pattern, reachable).has(pattern.length);
}

/** `**` also matches no segment at all. */
function expandStars(pattern: readonly string[], at: ReadonlySet<number>): ReadonlySet<number> {
  const all = new Set(at);
  for (const index of all) if (pattern[index] === '**') all.add(index + 1);
  return all;
}

const segmentsOf = (path: string): readonly string[] => path.split('/').filter((segment) => segment !== '' && segment !== '.');

/** The pattern that decides that a path is left out of a build context; `undefined` when it is sent. Path and patterns are relative to the context. */
export function findDockerIgnore(patterns: readonly string[], path: string): string | undefined {
  const segments = segmentsOf(path);
  let found: string | undefined;
  for (const line of patterns) {
    const negated = line.startsWith('!');
    const pattern = segmentsOf(negated ? line.slice(1).trim() : line);
    if (pattern.length > 0 && pattern.length < 50 && matchPath(pattern, segments)) found = negated ? undefined : line;
  }
  return found;
}

/** The pattern of a .gitignore that hides a path relative to its folder. Patterns without an inner slash match at any depth. */
export function findGitIgnore(patterns: readonly string[], path: string): string | undefined {
  const anywhere = patterns.map((line) => {
    const bare = line.replace(/^!/, '');
    const deep = bare.replace(/\/$/, '').includes('/') ? bare : `**/${bare}`;
    return { line, pattern: line.startsWith('!') ? `!${deep}` : deep };
  });
  const hit = findDockerIgnore(
    anywhere.map(({ pattern }) => pattern),
    path,
  );
  return anywhere.find(({ pattern }) => pattern === hit)?.line;
}
