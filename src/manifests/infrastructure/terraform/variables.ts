/** Values of variables from `.tfvars` files. */
import { purposeOf } from '../../../text/purpose.ts';
import type { TreeFiles } from '../../../types.ts';
import { type Node, textOf, unknown } from '../node.ts';
import { folderOf } from '../paths.ts';
import { Evaluator, type Resolver, type Scope } from './evaluate.ts';
import type { HclFile, Instance, ParsedHcl } from './module.ts';

export type VariableValues = ReadonlyMap<string, Node>;

const isVariableFile = (path: string): boolean => path.endsWith('.tfvars');
const isLoadedAlways = (path: string): boolean => /(?:^|\/)(?:terraform\.tfvars|[^/]+\.auto\.tfvars)$/.test(path);

/** Variable files hold constants only. */
const constants: Omit<Resolver, 'files'> = {
  variable: () => undefined,
  local: () => undefined,
  output: () => undefined,
  data: () => undefined,
};
const nowhere = (file: HclFile): Instance => ({
  source: {
    folder: folderOf(file.path),
    resources: [],
    data: [],
    calls: [],
    variables: new Map(),
    locals: new Map(),
    outputs: new Map(),
    isApplied: false,
  },
  address: '',
  root: folderOf(file.path),
  isLibrary: false,
  given: new Map(),
  known: new Map(),
  children: new Map(),
  depth: 0,
});

export interface VariableFiles {
  /** Values for the root module in this folder. */
  for(folder: string): { readonly values: VariableValues; readonly any: boolean };
}

/**
 * Files that Terraform loads by itself, and those that stand in the folder or below it for `-var-file`: where they differ,
 * the value depends on which one is chosen.
 */
export function readVariableFiles(parsed: readonly ParsedHcl[], files: TreeFiles): VariableFiles {
  const moduleFolders = new Set(parsed.filter(({ file }) => !isVariableFile(file.path)).map(({ file }) => folderOf(file.path)));
  const byFolder = new Map<string, { path: string; values: Map<string, Node> }[]>();
  for (const { file, body } of parsed) {
    const { path } = file;
    if (!isVariableFile(path)) continue;
    const evaluator = new Evaluator({ ...constants, files });
    const scope: Scope = { instance: nowhere(file), file, names: new Map() };
    const values = new Map(body.attributes.map(({ name, value }) => [name, evaluator.evaluate(value, scope)]));
    const folder = folderOf(path);
    byFolder.set(folder, [...(byFolder.get(folder) ?? []), { path, values }]);
  }
  return {
    for(folder) {
      const below = [...byFolder].filter(
        ([one]) => one === folder || (one.startsWith(folder === '' ? '' : `${folder}/`) && !moduleFolders.has(one)),
      );
      const all = below.flatMap(([one, list]) => list.map((file) => ({ ...file, here: one === folder })));
      const chosen = all.filter(({ path, here }) => !(here && isLoadedAlways(path)) && !['development', 'test'].includes(purposeOf(path)));
      const values = new Map<string, Node>();
      for (const { path, values: given, here } of all)
        if (here && isLoadedAlways(path)) for (const [name, node] of given) values.set(name, node);
      for (const name of new Set(chosen.flatMap((file) => [...file.values.keys()]))) {
        const nodes = chosen.flatMap((file) => file.values.get(name) ?? []);
        values.set(name, agree(nodes, chosen.length, values.get(name)));
      }
      return { values, any: all.length > 0 };
    },
  };
}

/** One value when every file that may be chosen says the same. */
function agree(nodes: readonly Node[], fileCount: number, always: Node | undefined): Node {
  const [first] = nodes;
  const text = textOf(first);
  const isSure = nodes.length === fileCount && (fileCount === 1 || (text !== undefined && nodes.every((node) => textOf(node) === text)));
  return isSure ? first! : (always ?? unknown('it depends on the variable file', first!.place));
}
