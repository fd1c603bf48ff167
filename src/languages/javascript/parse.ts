import { type ParserPlugin, parse } from '@babel/parser';
import type { File } from '@babel/types';

export interface Parsed {
  readonly file: File;
  /** The first error that the parser recovered from. */
  readonly error?: { readonly message: string; readonly line: number; readonly column: number };
}
export interface ParseFailure {
  readonly file?: undefined;
  readonly error: { readonly message: string; readonly line: number; readonly column: number };
}

/** Script blocks of Vue and Svelte components are browser code; everything else is parsed as a module, or a script where that fails. */
const pluginsFor = (path: string, decorators: 'decorators-legacy' | 'decorators' = 'decorators-legacy'): ParserPlugin[] => {
  const typescript = /\.[cm]?tsx?$/.test(path);
  const jsx = !/\.[cm]?ts$/.test(path);
  const common: ParserPlugin[] = [decorators, 'decoratorAutoAccessors', 'explicitResourceManagement', 'importAttributes'];
  return [...common, ...(typescript ? (['typescript'] as const) : []), ...(jsx ? (['jsx'] as const) : [])];
};

const positionOf = (error: unknown): { message: string; line: number; column: number } => {
  const { message = 'could not be parsed', loc } = (error ?? {}) as { message?: string; loc?: { line: number; column: number } };
  return { message: message.replace(/ \(\d+:\d+\)$/, ''), line: loc?.line ?? 1, column: (loc?.column ?? 0) + 1 };
};

/** True when the text opens so many brackets that a recursive parser would exhaust the stack. */
function nestsTooDeep(text: string, limit = 1_500): boolean {
  let depth = 0;
  let deepest = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 40 || code === 91 || code === 123) {
      if (++depth > deepest) deepest = depth;
    } else if (code === 41 || code === 93 || code === 125) depth--;
  }
  return deepest > limit;
}

/** Parses one file with Babel, recovering from errors where the rest of the file can still be read. */
export function parseModule(path: string, text: string): Parsed | ParseFailure {
  if (nestsTooDeep(text)) return { error: { message: 'brackets are nested too deeply', line: 1, column: 1 } };
  const plugins = pluginsFor(path);
  if (!plugins.includes('typescript') && text.slice(0, 500).includes('@flow')) return parseWith([...plugins, 'flow'], text);
  const parsed = parseWith(plugins, text);
  if (!parsed.error || !computedAfterDecorator.test(text)) return parsed;
  const again = parseWith(pluginsFor(path, 'decorators'), text);
  return again.error ? parsed : again;
}

/** `@Column() [Unit.ARCHER]: number`: to Babel's older grammar the brackets belong to the decorator, to TypeScript they do not. */
const computedAfterDecorator = /\)\s{0,200}\[/;

function parseWith(plugins: ParserPlugin[], text: string): Parsed | ParseFailure {
  try {
    const file = parse(text, {
      sourceType: 'unambiguous',
      plugins,
      errorRecovery: true,
      attachComment: false,
      allowReturnOutsideFunction: true,
      allowAwaitOutsideFunction: true,
      allowImportExportEverywhere: true,
      allowSuperOutsideMethod: true,
      allowUndeclaredExports: true,
      allowNewTargetOutsideFunction: true,
    });
    const first = file.errors?.find(
      (error) =>
        !/duplicate|already been declared|strict mode|reserved word|Octal|Legacy|decorate parameters/i.test(
          String((error as { message?: string }).message),
        ),
    );
    return first ? { file, error: positionOf(first) } : { file };
  } catch (error) {
    return { error: positionOf(error) };
  }
}
