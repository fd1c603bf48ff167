/** Import specifiers of a file that is not worth parsing, found without a parser. Commented-out lines are left out. */
export function scanImports(text: string): string[] {
  const specifiers = new Set<string>();
  const pattern = /\b(?:from|import|require)\s*\(?\s*(['"])([^'"\n]{1,300})\1/g;
  for (const match of text.matchAll(pattern)) {
    const lineStart = text.lastIndexOf('\n', match.index) + 1;
    const before = text.slice(lineStart, Math.min(match.index, lineStart + 400)).trimStart();
    if (before.startsWith('//') || before.startsWith('*') || before.startsWith('/*')) continue;
    if (/^(?:import|export)\s+type\b/.test(before) || endsTypeList(text, lineStart, before)) continue;
    specifiers.add(match[2]!);
  }
  return [...specifiers];
}

/** `} from` that ends an `import type {` of several lines. */
function endsTypeList(text: string, lineStart: number, before: string): boolean {
  if (before.trim() !== '}') return false;
  const open = text.lastIndexOf('{', lineStart);
  return open !== -1 && /\b(?:import|export)\s+type\s*$/.test(text.slice(Math.max(0, open - 40), open));
}

const longestList = 50;
/** Globs of scripts that a file names, such as `routes/*.js`, without those of browser code, tests and builds. */
export function scanGlobs(text: string): string[] {
  const found = new Set<string>();
  for (const [, glob] of text.matchAll(/['"`]([\w.@/-]{0,100}\*[\w.*@/-]{0,100}\.[cm]?[jt]s)['"`]/g)) {
    if (glob!.includes('/') && !/(?:^|\/)(?:public|client|dist|node_modules|lib|tests?|spec|e2e|gulpfile)(?:\/|\.|$)/.test(glob!))
      found.add(glob!);
    if (found.size >= longestList) break;
  }
  return [...found];
}
