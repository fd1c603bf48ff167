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

interface Written {
  readonly references: readonly string[];
  readonly component: boolean;
  /** Lists others and changes nothing in them. */
  readonly plain: boolean;
}

interface Node {
  readonly uses: readonly string[];
  readonly component: boolean;
  /** Holds kustomizations alone, as they are. */
  readonly collects: boolean;
}

const lists = new Set(['apiVersion', 'kind', 'metadata', 'resources', 'bases']);

/** A kustomization as it is written. */
function readReferences(file: SourceFile): Written {
  const root = readYaml(file).documents[0];
  const references = ['resources', 'bases', 'components'].flatMap((list) => itemsOf(nodeAt(root, list)).map((item) => textOf(item) ?? ''));
  const plain = root?.kind === 'map' && [...root.entries.keys()].every((key) => lists.has(key));
  return { references, component: textOf(nodeAt(root, 'kind')) === 'Component', plain };
}

const nothing: Written = { references: [], component: false, plain: false };

function readNode(path: string, files: ExpanderFiles): Node {
  const { references, component, plain } = files.derive(path, 'kustomize:references:2', readReferences) ?? nothing;
  const folder = folderOf(path);
  const uses = references.flatMap((reference) => {
    const target = resolvePath(folder, reference);
    const used = target === undefined ? undefined : findKustomization(target, files);
    return used === undefined || used === path ? [] : [used];
  });
  return { uses, component, collects: plain && uses.length > 1 && uses.length === references.length };
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

/** `resources: [dev, staging, prod]`: each is an environment of its own, and only together with the others by this list. */
function collectsEnvironments(path: string, nodes: ReadonlyMap<string, Node>): boolean {
  const node = nodes.get(path)!;
  return node.collects && node.uses.some(forDevelopers) && !node.uses.every(forDevelopers);
}

function chooseTops(
  members: readonly string[],
  nodes: ReadonlyMap<string, Node>,
  users: ReadonlyMap<string, readonly string[]>,
): readonly string[] {
  const whole = members.filter((path) => !nodes.get(path)?.component);
  const unused = whole.filter((path) => (users.get(path) ?? []).length === 0);
  const tops = [...new Set(unused.flatMap((path) => (collectsEnvironments(path, nodes) ? nodes.get(path)!.uses : [path])))];
  // Only a cycle has no top: then each stands for itself, and the build says what is wrong.
  if (tops.length === 0) return whole.slice(0, 1);
  if (!tops.every(forDevelopers)) return tops;
  const bases = whole.filter((path) => users.has(path) && users.get(path)!.every((user) => tops.includes(user)) && !forDevelopers(path));
  return [...tops, ...bases];
}
