/** The built-in transformers of a kustomization: namespace, prefix and suffix, annotations, replicas, images. */
import { entriesOf, itemsOf, nodeAt, scalarOf, textOf } from '../../text/yaml-access.ts';
import type { YamlMap, YamlNode } from '../../text/yaml-document.ts';
import { addPairs, templatePaths } from './labels.ts';
import { renameReferences } from './references.ts';
import { isNamespaced, keepsName, kindOf, nameOf, type Resource, withRoot } from './resource.ts';
import { changeAt, changeMaps, makeText, replaceNode, withEntry } from './tree.ts';

const setText = (value: YamlNode) => (old: YamlNode | undefined) => replaceNode(old, value);

export function applyNamespace(resources: readonly Resource[], kustomization: YamlNode): readonly Resource[] {
  const namespace = scalarOf(nodeAt(kustomization, 'namespace'));
  if (!namespace) return resources;
  const accounts = new Set(resources.filter((resource) => kindOf(resource) === 'ServiceAccount').map(nameOf));
  return resources.map((resource) => {
    if (kindOf(resource) === 'Namespace') {
      const root = changeAt(resource.root, ['metadata', 'name'], setText(namespace));
      return { ...withRoot(resource, root), formerNames: [...resource.formerNames, nameOf(resource)] };
    }
    const moved = isNamespaced(resource)
      ? changeAt(resource.root, ['metadata', 'namespace'], setText(namespace), namespace.place)
      : resource.root;
    return withRoot(resource, moveSubjects(moved, namespace, accounts));
  });
}

/** Bindings follow the ServiceAccounts that move; others stay where they were. */
function moveSubjects(root: YamlNode, namespace: YamlNode, accounts: ReadonlySet<string>): YamlNode {
  const moves = (item: YamlNode): boolean => {
    const name = textOf(nodeAt(item, 'name')) ?? '';
    return textOf(nodeAt(item, 'kind')) === 'ServiceAccount' && (name === 'default' || accounts.has(name));
  };
  return changeAt(root, ['subjects'], (list) => {
    if (list?.kind !== 'list') return list;
    const items = list.items.map((item) => (moves(item) ? changeAt(item, ['namespace'], setText(namespace), namespace.place) : item));
    return { ...list, items };
  });
}

export function applyNames(resources: readonly Resource[], kustomization: YamlNode): readonly Resource[] {
  const prefix = textOf(nodeAt(kustomization, 'namePrefix')) ?? '';
  const suffix = textOf(nodeAt(kustomization, 'nameSuffix')) ?? '';
  if (prefix.length + suffix.length === 0 || prefix.length + suffix.length > 500) return resources;
  const renamed = new Map<string, string>();
  const named = resources.map((resource) => {
    const before = nameOf(resource);
    if (keepsName(resource) || before === '') return resource;
    const after = prefix + before + suffix;
    renamed.set(`${kindOf(resource)}/${before}`, after);
    const root = changeAt(resource.root, ['metadata', 'name'], (old) => old && makeText(after, old.place));
    return { ...withRoot(resource, root), formerNames: [...resource.formerNames, before] };
  });
  return renameReferences(named, renamed, nodeAt(kustomization, 'configurations') !== undefined);
}

export function applyAnnotations(resources: readonly Resource[], kustomization: YamlNode): readonly Resource[] {
  const pairs = entriesOf(nodeAt(kustomization, 'commonAnnotations'));
  if (pairs.length === 0) return resources;
  return resources.map((resource) => {
    const template = templatePaths[kindOf(resource)];
    const own = addPairs(resource.root, ['metadata', 'annotations'], pairs);
    return withRoot(resource, template ? addPairs(own, [...template, 'annotations'], pairs) : own);
  });
}

const countedKinds = new Set(['Deployment', 'ReplicaSet', 'StatefulSet', 'ReplicationController']);

export function applyReplicas(resources: readonly Resource[], kustomization: YamlNode): readonly Resource[] {
  const counts = itemsOf(nodeAt(kustomization, 'replicas')).flatMap((item) => {
    const name = textOf(nodeAt(item, 'name'));
    const count = scalarOf(nodeAt(item, 'count'));
    return name !== undefined && count ? [{ name, count }] : [];
  });
  if (counts.length === 0) return resources;
  return resources.map((resource) => {
    const given = counts.findLast(({ name }) => name === nameOf(resource) || resource.formerNames.includes(name));
    if (!given || !countedKinds.has(kindOf(resource))) return resource;
    return withRoot(resource, changeAt(resource.root, ['spec', 'replicas'], setText(given.count), given.count.place));
  });
}

interface ImageChange {
  readonly name: string;
  readonly newName?: string;
  readonly newTag?: string;
  readonly digest?: string;
  readonly tagSuffix?: string;
  /** The line that decides which version runs. */
  readonly deciding: YamlNode;
}

function readImageChanges(kustomization: YamlNode): readonly ImageChange[] {
  return itemsOf(nodeAt(kustomization, 'images')).flatMap((item): ImageChange[] => {
    const name = textOf(nodeAt(item, 'name'));
    const fields = ['digest', 'newTag', 'tagSuffix', 'newName'].map((key) => scalarOf(nodeAt(item, key)));
    const deciding = fields.find(Boolean);
    if (name === undefined || !deciding) return [];
    const [digest, newTag, tagSuffix, newName] = fields.map((field) => field?.text);
    return [
      {
        name,
        ...(newName ? { newName } : {}),
        ...(newTag ? { newTag } : {}),
        ...(digest ? { digest } : {}),
        ...(tagSuffix ? { tagSuffix } : {}),
        deciding,
      },
    ];
  });
}

/** `registry:5000/name:tag@digest`: a colon after the last slash begins the tag. */
function splitImage(image: string): { readonly name: string; readonly tag: string; readonly digest: string } {
  const at = image.indexOf('@');
  const plain = at < 0 ? image : image.slice(0, at);
  const digest = at < 0 ? '' : image.slice(at);
  const colon = plain.indexOf(':', plain.lastIndexOf('/') + 1);
  return colon < 0 ? { name: plain, tag: '', digest } : { name: plain.slice(0, colon), tag: plain.slice(colon), digest };
}

function changeImage(image: YamlNode, changes: readonly ImageChange[]): YamlNode {
  return changes.reduce((current, change) => {
    const { name, tag, digest } = splitImage(textOf(current) ?? '');
    // A name may hold the tag that it means.
    if (name !== change.name && name + tag !== change.name) return current;
    const version = change.digest
      ? `${change.newTag ? `:${change.newTag}` : ''}@${change.digest}`
      : change.newTag
        ? `:${change.newTag}`
        : change.tagSuffix
          ? `${tag}${change.tagSuffix}`
          : `${tag}${digest}`;
    return replaceNode(current, makeText((change.newName ?? name) + version, change.deciding.place));
  }, image);
}

export function applyImages(resources: readonly Resource[], kustomization: YamlNode): readonly Resource[] {
  const changes = readImageChanges(kustomization);
  if (changes.length === 0) return resources;
  const changeContainers = (map: YamlMap): YamlMap => {
    let result = map;
    for (const key of ['containers', 'initContainers']) {
      const list = result.entries.get(key)?.value;
      if (list?.kind !== 'list') continue;
      const items = list.items.map((item) => changeAt(item, ['image'], (image) => image && changeImage(image, changes)));
      result = withEntry(result, key, { ...list, items });
    }
    return result;
  };
  return resources.map((resource) => withRoot(resource, changeMaps(resource.root, changeContainers)));
}
