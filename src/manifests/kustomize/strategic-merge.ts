/** Strategic merge as Kubernetes does it: maps merge, known lists merge by key, everything else is replaced. */
import { nodeAt, textOf } from '../../text/yaml-access.ts';
import type { YamlList, YamlMap, YamlNode } from '../../text/yaml-document.ts';
import { replaceNode, withEntry, withoutEntry } from './tree.ts';

/** Keys by which lists of the built-in kinds merge, by the name of the list. https://kubernetes.io/docs/reference/kubernetes-api/ */
const mergeKeys: Readonly<Record<string, readonly string[]>> = {
  containers: ['name'],
  initContainers: ['name'],
  ephemeralContainers: ['name'],
  env: ['name'],
  ports: ['containerPort', 'port'],
  volumes: ['name'],
  volumeMounts: ['mountPath'],
  volumeDevices: ['devicePath'],
  imagePullSecrets: ['name'],
  secrets: ['name'],
  hostAliases: ['ip'],
  topologySpreadConstraints: ['topologyKey'],
  resourceClaims: ['name'],
  webhooks: ['name'],
};
/** Lists of plain values that are united. */
const unitedLists = new Set(['finalizers']);

const directiveOf = (node: YamlNode | undefined): string | undefined => textOf(nodeAt(node, '$patch'));
const isNull = (node: YamlNode): boolean => node.kind === 'scalar' && node.value === null && !node.quoted;

/** A patch without its directives, where nothing is there that it could change. */
function clean(node: YamlNode): YamlNode {
  if (node.kind === 'scalar') return node;
  if (node.kind === 'list') return { ...node, items: node.items.filter((item) => directiveOf(item) === undefined).map(clean) };
  let result: YamlMap = node;
  for (const { key, value } of node.entries.values()) {
    if (key.startsWith('$') || isNull(value)) result = withoutEntry(result, key);
    else result = withEntry(result, key, clean(value));
  }
  return result;
}

/** `undefined`: the patch deletes it. `strategic` is false for custom resources: their lists are replaced. */
export function mergeNode(base: YamlNode, patch: YamlNode, strategic: boolean, key = ''): YamlNode | undefined {
  const directive = directiveOf(patch);
  if (directive === 'delete') return undefined;
  if (directive === 'replace') return replaceNode(base, clean(patch));
  if (base.kind === 'map' && patch.kind === 'map') return mergeMaps(base, patch, strategic);
  if (base.kind === 'list' && patch.kind === 'list' && strategic) return mergeLists(base, patch, key);
  return replaceNode(base, clean(patch));
}

function mergeMaps(base: YamlMap, patch: YamlMap, strategic: boolean): YamlMap {
  let result = base;
  for (const { key, keyPlace, value } of patch.entries.values()) {
    const own = base.entries.get(key)?.value;
    if (key.startsWith('$')) {
      if (key.startsWith('$deleteFromPrimitiveList/')) result = dropItems(result, key.slice(key.indexOf('/') + 1), value);
    } else if (isNull(value)) result = withoutEntry(result, key);
    else {
      const merged = own ? mergeNode(own, value, strategic, key) : directiveOf(value) === 'delete' ? undefined : clean(value);
      result = merged ? withEntry(result, key, merged, keyPlace) : withoutEntry(result, key);
    }
  }
  return result;
}

function dropItems(map: YamlMap, key: string, dropped: YamlNode): YamlMap {
  const list = map.entries.get(key)?.value;
  if (list?.kind !== 'list' || dropped.kind !== 'list') return map;
  const gone = new Set(dropped.items.map(textOf));
  return withEntry(map, key, { ...list, items: list.items.filter((item) => !gone.has(textOf(item))) });
}

/** The key that every item of both lists has. */
function chooseKey(base: YamlList, patch: YamlList, name: string): string | undefined {
  const items = [...base.items, ...patch.items.filter((item) => directiveOf(item) !== 'replace')];
  const keys = Object.hasOwn(mergeKeys, name) ? mergeKeys[name]! : [];
  return keys.find((key) => items.every((item) => textOf(nodeAt(item, key)) !== undefined));
}

/** A patch names the container that it changes; what that lacks stays a matter of the place where it was made. */
const containerLists = new Set(['containers', 'initContainers']);

/** Patched items come first, in the order of the patch, as Kustomize writes them. */
function mergeLists(base: YamlList, patch: YamlList, name: string): YamlNode {
  if (patch.items.some((item) => directiveOf(item) === 'replace')) return replaceNode(base, clean(patch));
  if (unitedLists.has(name)) {
    const known = new Set(base.items.map(textOf));
    return { ...base, items: [...base.items, ...patch.items.filter((item) => !known.has(textOf(item)))] };
  }
  const key = chooseKey(base, patch, name);
  if (key === undefined) return replaceNode(base, clean(patch));
  const idOf = (item: YamlNode): string =>
    key === 'containerPort' || key === 'port'
      ? `${textOf(nodeAt(item, key))}/${textOf(nodeAt(item, 'protocol')) ?? 'TCP'}`
      : textOf(nodeAt(item, key))!;
  const own = new Map(base.items.map((item) => [idOf(item), item]));
  const patched = new Map<string, YamlNode | undefined>();
  for (const item of patch.items) {
    const id = idOf(item);
    const before = patched.get(id) ?? own.get(id);
    const rest = containerLists.has(name) && before ? withoutEntry(item as YamlMap, key) : item;
    patched.set(id, before ? mergeNode(before, rest, true) : directiveOf(item) === 'delete' ? undefined : clean(item));
  }
  const merged = [...patched.values()].flatMap((item) => item ?? []);
  return { ...base, items: [...merged, ...base.items.filter((item) => !patched.has(idOf(item)))] };
}
