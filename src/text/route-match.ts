/** Compares a path that somebody asks with the paths that routes answer. */

/** True when a route's path (`:name` one segment, `*` the rest) answers a path. Case and trailing slashes do not count. */
export function routeAnswers(route: string, path: string): boolean {
  const wanted = segmentsOf(path);
  const given = segmentsOf(route);
  for (const [index, segment] of given.entries()) {
    if (segment === '*') return true;
    const asked = wanted[index];
    if (segment.endsWith('*') && asked?.startsWith(segment.slice(0, -1))) return true;
    if (segment.startsWith(':') && (asked !== undefined || segment.endsWith('?'))) continue;
    if (asked !== segment && !(segment.includes(':') && asked !== undefined)) return false;
  }
  return wanted.length <= given.length;
}

/** True when a path may end in the known tail of a route whose prefix could not be read. */
export function tailAnswers(tail: string, path: string): boolean {
  const given = segmentsOf(tail);
  const wanted = segmentsOf(path);
  if (given.length === 0) return true;
  return wanted.some((_, start) => routeAnswers(given.join('/'), wanted.slice(start).join('/')));
}

const segmentsOf = (path: string): string[] =>
  (path.split(/[?#]/)[0] ?? '')
    .toLowerCase()
    .split('/')
    .filter((segment) => segment !== '');
