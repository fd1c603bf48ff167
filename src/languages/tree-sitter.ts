/** Grammars of tree-sitter. Their WebAssembly is loaded once each, and only when a repository holds such files. */
import type { Node, Parser as TreeSitter } from 'web-tree-sitter';
import type { ReadGrammar } from './language.ts';

const parsers = new Map<string, TreeSitter>();
const loading = new Map<string, Promise<void>>();
let started: Promise<void> | undefined;

async function make(name: string, readGrammar: ReadGrammar): Promise<void> {
  const { Parser, Language } = await import('web-tree-sitter');
  started ??= Parser.init({ wasmBinary: readGrammar('web-tree-sitter') });
  await started;
  const parser = new Parser();
  parser.setLanguage(await Language.load(readGrammar(name)));
  parsers.set(name, parser);
}

/** `withTree` works with the grammar once this is done. */
export function loadGrammar(name: string, readGrammar: ReadGrammar): Promise<void> {
  const known = loading.get(name) ?? make(name, readGrammar);
  loading.set(name, known);
  return known;
}

export const isGrammarLoaded = (name: string): boolean => parsers.has(name);

/** Lines of old editors end in CR alone, which grammars take for a blank. */
export const withLineFeeds = (text: string): string => (text.includes('\r') ? text.replace(/\r(?!\n)/g, '\n') : text);

/** Line, column, end line, end column: from 1, exclusive end, UTF-16 columns. */
export const atOf = ({ startPosition: start, endPosition: end }: Node): readonly [number, number, number, number] => [
  start.row + 1,
  start.column + 1,
  end.row + 1,
  end.column + 1,
];

/** Named children that are no comments. */
export const partsOf = (node: Node | null | undefined): Node[] =>
  (node?.namedChildren ?? []).filter((child): child is Node => child !== null && child.type !== 'comment');

/** Hands the tree to `read` and frees it: what is kept of it must be plain data. */
export function withTree<T>(grammar: string, text: string, read: (root: Node) => T): T {
  const parser = parsers.get(grammar);
  if (!parser) throw new Error('the parser is not loaded: await prepareLanguages() first');
  const tree = parser.parse(withLineFeeds(text));
  if (!tree) throw new Error('the parser gave no tree');
  try {
    return read(tree.rootNode);
  } finally {
    tree.delete();
  }
}

/** Deeper trees than people write are not followed. */
export const maxNesting = 400;
interface Marked<T> {
  readonly isError: boolean;
  readonly isMissing: boolean;
  readonly hasError: boolean;
  readonly children: readonly (T | null)[];
}

/** The first node that a grammar could not make sense of. */
export function findError<T extends Marked<T>>(root: T): T | undefined {
  let node: T | undefined = root.hasError ? root : undefined;
  for (let depth = 0; node && depth < maxNesting; depth++) {
    if (node.isError || node.isMissing) return node;
    node = node.children.find((child) => child?.hasError || child?.isMissing) ?? undefined;
  }
  return undefined;
}
