/** Import statements of the tree as plain data. */

import type { Node } from 'web-tree-sitter';
import { atOf, partsOf } from '../tree-sitter.ts';
import type { ImportSummary } from './summary.ts';

/** `import a.b as c, d`; `from a import b as c`. */
export function readImports(node: Node): readonly ImportSummary[] {
  return node.type === 'import_from_statement' ? [importedFrom(node)] : partsOf(node).map(imported);
}

function imported(part: Node): ImportSummary {
  const aliased = part.type === 'aliased_import';
  const module = (aliased ? part.childForFieldName('name') : part)?.text ?? '';
  const as = aliased ? (part.childForFieldName('alias')?.text ?? '') : module.split('.')[0]!;
  return { module, as, at: atOf(part) };
}

function importedFrom(node: Node): ImportSummary {
  const module = node.childForFieldName('module_name');
  const names = node.childrenForFieldName('name').flatMap((part) => {
    if (!part) return [];
    const name = (part.type === 'aliased_import' ? part.childForFieldName('name') : part)?.text ?? '';
    return [{ name, as: part.type === 'aliased_import' ? (part.childForFieldName('alias')?.text ?? name) : name }];
  });
  const all = partsOf(node).some(({ type }) => type === 'wildcard_import') ? [{ name: '*', as: '*' }] : [];
  return { module: module?.text.replace(/\s/g, '') ?? '', names: [...names, ...all], at: atOf(node) };
}

/** What only checkers of types import, `if TYPE_CHECKING:`. */
export const typeImports = (block: Node | null): readonly ImportSummary[] =>
  partsOf(block).flatMap((part) => (/^import(?:_from)?_statement$/.test(part.type) ? readImports(part) : []));
