/** Import specifiers of a file that is not worth parsing, found without a parser. Commented-out lines are left out. */
export function scanImports(text: string): string[] {
  const specifiers = new Set<string>();
  const pattern = /\b(?:from|import|require)\s*\(?\s*(['"])([^'"\n]{1,300})\1/g;
  for (const match of text.matchAll(pattern)) {
    const lineStart = text.lastIndexOf('\n', match.index) + 1;
    const before = text.slice(lineStart, Math.min(match.index, lineStart + 400)).trimStart();
    if (before.startsWith('//') || before.startsWith('*') || before.startsWith('/*')) continue;
    if (/^(?:import|export)\s+type\b/.test(before)) continue;
    specifiers.add(match[2]!);
  }
  return [...specifiers];
}
