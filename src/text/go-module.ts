/** What go.mod and go.work say, line by line. */

export interface GoModule {
  readonly name?: { readonly text: string; readonly line: number; readonly column: number };
  /** Modules that a local folder stands in for, the folder as written. */
  readonly replaces: readonly { readonly path: string; readonly folder: string }[];
  /** Paths of the modules that it needs. */
  readonly requires: readonly string[];
  /** Folders of a workspace, as written. */
  readonly uses: readonly string[];
}

const mostLines = 5000;
const unquote = (text: string): string => text.replace(/^["`]|["`]$/g, '');

export function readGoModule(text: string): GoModule {
  const replaces: GoModule['replaces'][number][] = [];
  const requires: string[] = [];
  const uses: string[] = [];
  let name: GoModule['name'];
  let block: string | undefined;
  for (const [index, written] of text.split('\n', mostLines).entries()) {
    const line = written.slice(0, 1000).replace(/\r$/, '');
    const [code = ''] = line.split('//');
    const words = code.trim().split(/\s+/).filter(Boolean);
    if (words[0] === ')') block = undefined;
    else if (words[1] === '(') block = words[0];
    else if (words.length > 0) {
      const [directive, ...rest] = block === undefined ? words : [block, ...words];
      const [first = ''] = rest.map(unquote);
      const at = { line: index + 1, column: line.indexOf(first) + 1 };
      if (directive === 'module' && first !== '') name ??= { text: first, ...at };
      else if (directive === 'require') requires.push(first);
      else if (directive === 'use') uses.push(first);
      else if (directive === 'replace') {
        const folder = unquote(rest[rest.indexOf('=>') + 1] ?? '');
        if (rest.includes('=>') && /^\.{0,2}\//.test(folder)) replaces.push({ path: first, folder });
      }
    }
  }
  return { ...(name ? { name } : {}), replaces, requires, uses };
}

/** `github.com/labstack/echo/v4` is a version of `github.com/labstack/echo`, `gopkg.in/yaml.v3` of `gopkg.in/yaml`. */
export const withoutMajorVersion = (path: string): string =>
  path.replace(/\/v\d{1,3}(?=\/|$)/, '').replace(/^(gopkg\.in\/[^/]+(?:\/[^/]+)?)\.v\d{1,3}(?=\/|$)/, '$1');
