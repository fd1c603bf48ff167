/** The tree-sitter parser of Python. Its WebAssembly is loaded once, and only when a repository holds such files. */
import type { Node, Parser as TreeSitter } from 'web-tree-sitter';
import type { ReadGrammar } from '../language.ts';

let parser: TreeSitter | undefined;
let loading: Promise<void> | undefined;

async function load(readGrammar: ReadGrammar): Promise<void> {
  const { Parser, Language } = await import('web-tree-sitter');
  await Parser.init({ wasmBinary: readGrammar('web-tree-sitter') });
  const language = await Language.load(readGrammar('tree-sitter-python'));
  const made = new Parser();
  made.setLanguage(language);
  parser = made;
}

/** `withTree` works once this is done. */
export function loadParser(readGrammar: ReadGrammar): Promise<void> {
  loading ??= load(readGrammar);
  return loading;
}

export const isParserLoaded = (): boolean => parser !== undefined;

/** Hands the tree to `read` and frees it. */
export function withTree<T>(text: string, read: (root: Node) => T): T {
  if (!parser) throw new Error('the parser is not loaded: await prepareLanguages() first');
  // Lines of old editors end in CR alone: to the grammar it is a blank.
  const tree = parser.parse(text.replace(/\r(?!\n)/g, '\n'));
  if (!tree) throw new Error('the parser gave no tree');
  try {
    return read(tree.rootNode);
  } finally {
    tree.delete();
  }
}
