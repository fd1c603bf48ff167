/** Which kustomizations belong together, and which of them nobody else uses. */
import { purposeOf } from '../../text/purpose.ts';
import { itemsOf, nodeAt, textOf } from '../../text/yaml-access.ts';
import { readYaml } from '../../text/yaml-document.ts';
import type { ExpanderFiles } from '../../types.ts';
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

function readNode(path: string, files: ExpanderFiles): Node {
  const text = files.text(path);
  const root = text === undefined ? undefined : readYaml({ path, text }).documents[0];
  const folder = folderOf(path);
  const uses = ['resources', 'bases', 'components'].flatMap((list) =>
    itemsOf(nodeAt(root, list)).flatMap((item) => {
      const target = resolvePath(folder, textOf(item) ?? '');
      const used = target === undefined ? undefined : findKustomization(target, files);
      return used === undefined || used === path ? [] : [used];
    }),
  );
  return { uses, component: textOf(nodeAt(root, 'kind')) === 'Component' };
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
