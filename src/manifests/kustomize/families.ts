/** Which kustomizations belong together, and which of them nobody else uses. */
import { purposeOf } from '../../text/purpose.ts';
import { itemsOf, nodeAt, textOf } from '../../text/yaml-access.ts';
import { readYaml } from '../../text/yaml-document.ts';
import type { ExpanderFiles, SourceFile } from '../../types.ts';
import { findKustomization, folderOf, resolvePath } from './layer.ts';

/** Kustomizations that share bases. */
export interface Family {
  readonly members: readonly string[];
  /** Those that are built: overlays that no other uses, and bases that only development uses. */
  readonly tops: readonly string[];
}

interface Node {
  readonly uses: readonly string[];
  readonly component: boolean;
}

/** A kustomization as it is written. */
function readReferences(file: SourceFile): { readonly references: readonly string[]; readonly component: boolean } {
  const root = readYaml(file).documents[0];
  const references = ['resources', 'bases', 'components'].flatMap((list) => itemsOf(nodeAt(root, list)).map((item) => textOf(item) ?? ''));
  return { references, component: textOf(nodeAt(root, 'kind')) === 'Component' };
}

function readNode(path: string, files: ExpanderFiles): Node {
  const { references, component } = files.derive(path, 'kustomize:references:1', readReferences) ?? { references: [], component: false };
  const folder = folderOf(path);
  const uses = references.flatMap((reference) => {
    const target = resolvePath(folder, reference);
    const used = target === undefined ? undefined : findKustomization(target, files);
    return used === undefined || used === path ? [] : [used];
  });
  return { uses, component };
}

/** Sample and test folders come last, so that a family is not left out for one of them. */
const aside = /(^|\/)(examples?|samples?|tests?|docs?|e2e|fixtures|testdata|vendor)\//;
const forDevelopers = (path: string): boolean => ['development', 'test'].includes(purposeOf(path));

/** Families by the member that stands for each. */
export function findFamilies(paths: readonly string[], files: ExpanderFiles): ReadonlyMap<string, Family> {
  const nodes = new Map(paths.map((path) => [path, readNode(path, files)]));
  const users = new Map<string, string[]>();
  for (const [path, { uses }] of nodes) for (const used of uses) users.set(used, [...(users.get(used) ?? []), path]);
  const families = new Map<string, Family>();
  const seen = new Set<string>();
  for (const start of nodes.keys()) {
    if (seen.has(start)) continue;
    const members: string[] = [];
    const open = [start];
    for (let path = open.pop(); path !== undefined; path = open.pop()) {
      if (seen.has(path)) continue;
      seen.add(path);
      members.push(path);
      open.push(...(nodes.get(path)?.uses ?? []), ...(users.get(path) ?? []));
    }
    members.sort((a, b) => Number(aside.test(a)) - Number(aside.test(b)) || (a < b ? -1 : 1));
    families.set(members[0]!, { members, tops: chooseTops(members, nodes, users) });
  }
  return families;
}

function chooseTops(
  members: readonly string[],
  nodes: ReadonlyMap<string, Node>,
  users: ReadonlyMap<string, readonly string[]>,
): readonly string[] {
  const whole = members.filter((path) => !nodes.get(path)?.component);
  const tops = whole.filter((path) => (users.get(path) ?? []).length === 0);
  // Only a cycle has no top: then each stands for itself, and the build says what is wrong.
  if (tops.length === 0) return whole.slice(0, 1);
  if (!tops.every(forDevelopers)) return tops;
  const bases = whole.filter((path) => users.has(path) && users.get(path)!.every((user) => tops.includes(user)) && !forDevelopers(path));
  return [...tops, ...bases];
}
