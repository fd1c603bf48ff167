/** Names that follow when the object that they refer to is renamed. */
import { textOf } from '../../text/yaml-access.ts';
import type { YamlMap, YamlNode } from '../../text/yaml-document.ts';
import { kindOf, nameOf, type Resource } from './resource.ts';
import { changeMaps, makeText, withEntry } from './tree.ts';

/** Maps that hold a reference, by the key that they stand under: the field with the name, and the kind that it names. */
const holders: Readonly<Record<string, readonly [field: string, kind: string]>> = {
  configMap: ['name', 'ConfigMap'],
  configMapRef: ['name', 'ConfigMap'],
  configMapKeyRef: ['name', 'ConfigMap'],
  secretRef: ['name', 'Secret'],
  secretKeyRef: ['name', 'Secret'],
  persistentVolumeClaim: ['claimName', 'PersistentVolumeClaim'],
};
/** Fields that name an object by themselves. */
const fields: Readonly<Record<string, string>> = { secretName: 'Secret', serviceAccountName: 'ServiceAccount', serviceName: 'Service' };

function renameField(map: YamlMap, field: string, kind: string, renamed: ReadonlyMap<string, string>): YamlMap {
  const old = map.entries.get(field)?.value;
  const name = old && renamed.get(`${kind}/${textOf(old) ?? ''}`);
  return old && name !== undefined ? withEntry(map, field, makeText(name, old.place)) : map;
}

/** `roleRef`, `scaleTargetRef` and subjects say the kind themselves. */
function renameByKind(map: YamlMap, key: string, renamed: ReadonlyMap<string, string>): YamlMap {
  const inner = map.entries.get(key)?.value;
  if (inner?.kind !== 'map') return map;
  const kind = textOf(inner.entries.get('kind')?.value) ?? 'Deployment';
  const changed = renameField(inner, 'name', kind, renamed);
  return changed === inner ? map : withEntry(map, key, changed);
}

const eachItem = (map: YamlMap, key: string, change: (item: YamlMap) => YamlMap): YamlMap => {
  const list = map.entries.get(key)?.value;
  if (list?.kind !== 'list') return map;
  const items = list.items.map((item): YamlNode => (item.kind === 'map' ? change(item) : item));
  return items.every((item, index) => item === list.items[index]) ? map : withEntry(map, key, { ...list, items });
};

/** What upper layers add may refer to an object by the name that a lower layer gave it. */
export function followFormerNames(resources: readonly Resource[]): readonly Resource[] {
  const taken = new Set(resources.map((resource) => `${kindOf(resource)}/${nameOf(resource)}`));
  const renamed = new Map<string, string>();
  const shared = new Set<string>();
  for (const resource of resources) {
    for (const former of resource.formerNames) {
      const key = `${kindOf(resource)}/${former}`;
      if (taken.has(key)) continue;
      if (renamed.has(key) && renamed.get(key) !== nameOf(resource)) shared.add(key);
      renamed.set(key, nameOf(resource));
    }
  }
  for (const key of shared) renamed.delete(key);
  return renamed.size > 0 ? renameReferences(resources, renamed, false) : resources;
}

/** `custom`: the kustomization configures references of kinds of its own, so that all that look like one follow. */
export function renameReferences(
  resources: readonly Resource[],
  renamed: ReadonlyMap<string, string>,
  custom: boolean,
): readonly Resource[] {
  return resources.map((resource) => {
    const kind = kindOf(resource);
    const root = changeMaps(resource.root, (map) => {
      let result = map;
      for (const [key, [field, target]] of Object.entries(holders)) {
        const inner = result.entries.get(key)?.value;
        if (inner?.kind !== 'map') continue;
        const changed = renameField(inner, field, target, renamed);
        if (changed !== inner) result = withEntry(result, key, changed);
      }
      for (const [field, target] of Object.entries(fields)) result = renameField(result, field, target, renamed);
      result = eachItem(result, 'imagePullSecrets', (item) => renameField(item, 'name', 'Secret', renamed));
      result = renameByKind(result, 'roleRef', renamed);
      result = eachItem(result, 'subjects', (item) =>
        textOf(item.entries.get('kind')?.value) === 'ServiceAccount' ? renameField(item, 'name', 'ServiceAccount', renamed) : item,
      );
      if (kind === 'HorizontalPodAutoscaler' || custom) result = renameByKind(result, 'scaleTargetRef', renamed);
      if (kind === 'Ingress') {
        const service = result.entries.get('service')?.value;
        if (service?.kind === 'map') result = withEntry(result, 'service', renameField(service, 'name', 'Service', renamed));
      }
      return result;
    });
    return root === resource.root || root.kind !== 'map' ? resource : { ...resource, root };
  });
}
