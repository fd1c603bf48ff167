/** The grammars of Java and Kotlin. */
import type { Node } from 'web-tree-sitter';
import type { ReadGrammar } from '../language.ts';
import { isGrammarLoaded, loadGrammar, withTree } from '../tree-sitter.ts';

/** Loads the grammars that the files need, all of them when none are named. */
export async function loadParser(readGrammar: ReadGrammar, paths?: readonly string[]): Promise<void> {
  await loadGrammar('tree-sitter-java', readGrammar);
  if (!paths || paths.some((path) => path.endsWith('.kt'))) await loadGrammar('tree-sitter-kotlin', readGrammar);
}

export const isParserLoaded = (): boolean => isGrammarLoaded('tree-sitter-java');
export const withJavaTree = <T>(text: string, read: (root: Node) => T): T => withTree('tree-sitter-java', text, read);
/** The scanner of the grammar looks for the end of `@name` behind a line end for ever, where the text stops there. */
export const withKotlinTree = <T>(text: string, read: (root: Node) => T): T =>
  withTree('tree-sitter-kotlin', text.endsWith('\n') ? text : `${text}\n`, read);
