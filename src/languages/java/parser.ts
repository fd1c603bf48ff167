/** The tree-sitter parsers of Java and Kotlin. Their WebAssembly is loaded once, and only when a repository holds such files. */
import type { Node, Parser as TreeSitter } from 'web-tree-sitter';
import type { ReadGrammar } from '../language.ts';

const parsers = new Map<string, TreeSitter>();
const loading = new Map<string, Promise<void>>();

async function make(name: string, readGrammar: ReadGrammar): Promise<void> {
  const { Parser, Language } = await import('web-tree-sitter');
  await Parser.init({ wasmBinary: readGrammar('web-tree-sitter') });
  const language = await Language.load(readGrammar(name));
  const parser = new Parser();
  parser.setLanguage(language);
  parsers.set(name, parser);
}

function load(name: string, readGrammar: ReadGrammar): Promise<void> {
  const started = loading.get(name) ?? make(name, readGrammar);
  loading.set(name, started);
  return started;
}

/** Loads the grammars that the files need, all of them when none are named; `parse` works once this is done. */
export async function loadParser(readGrammar: ReadGrammar, paths?: readonly string[]): Promise<void> {
  await load('tree-sitter-java', readGrammar);
  if (!paths || paths.some((path) => path.endsWith('.kt'))) await load('tree-sitter-kotlin', readGrammar);
}

export const isParserLoaded = (): boolean => parsers.has('tree-sitter-java');

/** Lines of old editors end in CR alone: a comment of the grammar ends only at LF. */
export const withLineFeeds = (text: string): string => (text.includes('\r') ? text.replace(/\r(?!\n)/g, '\n') : text);

/** Hands the tree to `read` and frees it. */
function read<T>(name: string, text: string, readTree: (root: Node) => T): T {
  const parser = parsers.get(name);
  if (!parser) throw new Error('the parser is not loaded: await prepareLanguages() first');
  const tree = parser.parse(withLineFeeds(text));
  if (!tree) throw new Error('the parser gave no tree');
  try {
    return readTree(tree.rootNode);
  } finally {
    tree.delete();
  }
}

export const withTree = <T>(text: string, readTree: (root: Node) => T): T => read('tree-sitter-java', text, readTree);
export const withKotlinTree = <T>(text: string, readTree: (root: Node) => T): T => read('tree-sitter-kotlin', text, readTree);
