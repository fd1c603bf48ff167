/** Changes of YAML trees. Every node keeps the place where it is written; what a change sets knows both places. */
import { entryAt } from '../../text/yaml-access.ts';
import type { YamlEntry, YamlList, YamlMap, YamlNode, YamlScalar } from '../../text/yaml-document.ts';
import type { Place } from '../../types.ts';

/** A text that stands at `base` and that the overlay decides at `edit`: there a person would change it. */
export function decidedAt(base: Place, edit: Place): Place {
  const { decidedBy: _, ...own } = base;
  const { decidedBy: __, ...deciding } = edit;
  const isSame = own.path === deciding.path && own.line === deciding.line && own.column === deciding.column;
  return isSame ? own : { ...own, decidedBy: [{ ...deciding, edit: true }] };
}

export const makeText = (text: string, place: Place): YamlScalar => ({ kind: 'scalar', value: text, text, quoted: true, place });
export const makeMap = (entries: readonly YamlEntry[], place: Place): YamlMap => ({
  kind: 'map',
  entries: new Map(entries.map((entry) => [entry.key, entry])),
  place,
});
export const makeList = (items: readonly YamlNode[], place: Place): YamlList => ({ kind: 'list', items, place });
export const makeEntry = (key: string, value: YamlNode, keyPlace: Place = value.place): YamlEntry => ({ key, keyPlace, value });

/** The map with one entry set; an entry that is there keeps its position and the place of its key. */
export function withEntry(map: YamlMap, key: string, value: YamlNode, keyPlace: Place = value.place): YamlMap {
  const entries = new Map(map.entries);
  entries.set(key, { key, keyPlace: entries.get(key)?.keyPlace ?? keyPlace, value });
  return { ...map, entries };
}
export function withoutEntry(map: YamlMap, key: string): YamlMap {
  if (!map.entries.has(key)) return map;
  const entries = new Map(map.entries);
  entries.delete(key);
  return { ...map, entries };
}

/** The new value in the place of an old one. */
export function replaceNode(old: YamlNode | undefined, value: YamlNode): YamlNode {
  return old ? { ...value, place: decidedAt(old.place, value.place) } : value;
}

type Change = (old: YamlNode | undefined) => YamlNode | undefined;

/** The tree with the value below a path of keys changed. `creates`: maps that lack on the way are made, at this place. */
export function changeAt(node: YamlNode, path: readonly string[], change: Change, creates?: Place): YamlNode {
  const [key, ...rest] = path;
  if (key === undefined || node.kind !== 'map') return node;
  const entry = entryAt(node, key);
  if (rest.length === 0) {
    const value = change(entry?.value);
    if (value === entry?.value) return node;
    return value ? withEntry(node, key, value) : withoutEntry(node, key);
  }
  const inner = entry?.value.kind === 'map' ? entry.value : entry === undefined && creates ? makeMap([], creates) : undefined;
  if (!inner) return node;
  const changed = changeAt(inner, rest, change, creates);
  return changed === inner ? node : withEntry(node, key, changed);
}

/** Every map below a node, changed from the leaves up. */
export function changeMaps(node: YamlNode, change: (map: YamlMap) => YamlMap): YamlNode {
  if (node.kind === 'scalar') return node;
  if (node.kind === 'list') {
    const items = node.items.map((item) => changeMaps(item, change));
    return items.every((item, index) => item === node.items[index]) ? node : { ...node, items };
  }
  let result: YamlMap = node;
  for (const { key, value } of node.entries.values()) {
    const changed = changeMaps(value, change);
    if (changed !== value) result = withEntry(result, key, changed);
  }
  return change(result);
}

interface Measure {
  readonly nodes: number;
  readonly depth: number;
}
const measures = new WeakMap<YamlNode, Measure>();
/** Nodes and depth of a tree, without walking shared parts twice: changes may repeat a part many times. */
function measure(node: YamlNode): Measure {
  const known = measures.get(node);
  if (known) return known;
  const children = node.kind === 'map' ? [...node.entries.values()].map(({ value }) => value) : node.kind === 'list' ? node.items : [];
  let nodes = 1;
  let depth = 1;
  for (const child of children) {
    const below = measure(child);
    nodes += below.nodes;
    depth = Math.max(depth, below.depth + 1);
  }
  measures.set(node, { nodes, depth });
  return { nodes, depth };
}

const maxNodes = 100_000;
const maxDepth = 150;
/** False for an object far above real ones in size or depth. */
export function isBounded(node: YamlNode): boolean {
  const { nodes, depth } = measure(node);
  return nodes <= maxNodes && depth <= maxDepth;
}
