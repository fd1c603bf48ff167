/**
 * Names that a module may export, found without a parser: an index of many `export * from` asks each of them for a name that one
 * has. A name too many costs a parse, none may be missing (ECMA-262, ExportDeclaration; TypeScript's own forms).
 */
export interface ScannedExports {
  readonly names: readonly string[];
  /** It has what cannot be told from its text: forwards of others, CommonJS, patterns. */
  readonly open: boolean;
}

const open: ScannedExports = { names: [], open: true };
const declared =
  /^\s+(?:declare\s+|abstract\s+|async\s+|const\s+(?=enum\b))*(?:(?:class|function|enum|namespace|module)\b\s*\*?\s*([\w$\u{80}-\u{10ffff}]+)|(const|let|var)\s+([\w$\u{80}-\u{10ffff}]+))/u;
const list = /^\s*\{([^{}]*)\}/;
/** More declarators of one statement: `export const a = 1, b = 2`. */
const furtherDeclarator = /,\s*(?:\/\*[^*]*\*\/\s*|\/\/[^\n]*\n\s*)*([\w$\u{80}-\u{10ffff}]+)\s*(?:$|[,;:=\n])/gmu;

/** Names of a list, as others see them: `a`, `a as b`. */
function namesOf(written: string): readonly string[] {
  return written
    .replaceAll(/\/\*[^*]*\*\/|\/\/[^\n]*/g, '')
    .split(',')
    .map((part) => /([\w$\u{80}-\u{10ffff}]+|['"][^'"]*['"])\s*$/u.exec(part)?.[1]?.replaceAll(/['"]/g, '') ?? '');
}

export function scanExports(text: string): ScannedExports {
  if (/\bexports\b|\bexport\s*(?:=|\*|import\b|\/|@)|\\u/.test(text)) return open;
  const names: string[] = [];
  let hasVariables = false;
  for (const { index } of text.matchAll(/\bexport\b/g)) {
    const after = text.slice(index + 6, index + 4000);
    const written = list.exec(after);
    const found = written ? undefined : declared.exec(after);
    if (written) names.push(...namesOf(written[1]!));
    else if (!found && /^\s*\{|^\s+(?:const|let|var|function|class|enum|abstract|async|declare|namespace|module)\b/.test(after))
      return open;
    const name = found?.[1] ?? found?.[3];
    if (name !== undefined) names.push(name);
    hasVariables ||= found?.[2] !== undefined;
  }
  if (hasVariables) for (const [, name] of text.matchAll(furtherDeclarator)) names.push(name!);
  return { names: [...new Set(names)], open: false };
}
