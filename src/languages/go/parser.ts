/** The grammar of Go. */
import type { Node } from 'web-tree-sitter';
import type { ReadGrammar } from '../language.ts';
import { isGrammarLoaded, loadGrammar, withTree } from '../tree-sitter.ts';

const grammar = 'tree-sitter-go';

export const loadParser = (readGrammar: ReadGrammar): Promise<void> => loadGrammar(grammar, readGrammar);
export const isParserLoaded = (): boolean => isGrammarLoaded(grammar);
export const withGoTree = <T>(text: string, read: (root: Node) => T): T => withTree(grammar, text, read);
