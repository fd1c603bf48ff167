/** The tree-sitter parser of Java. Its WebAssembly is loaded once, and only when a repository holds Java. */
import type { Node, Parser as TreeSitter } from 'web-tree-sitter';
import type { ReadGrammar } from '../language.ts';

let parser: TreeSitter | undefined;
let loading: Promise<void> | undefined;

async function load(readGrammar: ReadGrammar): Promise<void> {
  const { Parser, Language } = await import('web-tree-sitter');
  await Parser.init({ wasmBinary: readGrammar('web-tree-sitter') });
  const language = await Language.load(readGrammar('tree-sitter-java'));
  const made = new Parser();
  made.setLanguage(language);
  parser = made;
}

/** Loads the grammar; `parse` works once this is done. */
export const loadParser = (readGrammar: ReadGrammar): Promise<void> => (loading ??= load(readGrammar));

export const isParserLoaded = (): boolean => parser !== undefined;

/** Hands the tree to `read` and frees it. */
export function withTree<T>(text: string, read: (root: Node) => T): T {
  if (!parser) throw new Error('the Java parser is not loaded: await prepareLanguages() first');
  const tree = parser.parse(text);
  if (!tree) throw new Error('the Java parser gave no tree');
  try {
    return read(tree.rootNode);
  } finally {
    tree.delete();
  }
}
