/** The built-in transformers of a kustomization: namespace, prefix and suffix, labels, annotations, replicas, images. */
import { entriesOf, itemsOf, nodeAt, scalarOf, textOf } from '../../text/yaml-access.ts';
import type { YamlEntry, YamlMap, YamlNode } from '../../text/yaml-document.ts';
import { renameReferences } from './references.ts';
import { isNamespaced, keepsName, kindOf, nameOf, type Resource } from './resource.ts';
import { changeAt, changeMaps, makeMap, makeText, replaceNode, withEntry } from './tree.ts';

const withRoot = (resource: Resource, root: YamlNode): Resource =>
  root === resource.root || root.kind !== 'map' ? resource : { ...resource, root };
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

/** Where each kind keeps its pods' metadata. */
const templatePaths: Readonly<Record<string, readonly string[]>> = {
  Deployment: ['spec', 'template', 'metadata'],
  StatefulSet: ['spec', 'template', 'metadata'],
  DaemonSet: ['spec', 'template', 'metadata'],
  ReplicaSet: ['spec', 'template', 'metadata'],
  ReplicationController: ['spec', 'template', 'metadata'],
  Job: ['spec', 'template', 'metadata'],
  CronJob: ['spec', 'jobTemplate', 'spec', 'template', 'metadata'],
};
const selectorPaths: Readonly<Record<string, readonly string[]>> = {
  Service: ['spec', 'selector'],
  ReplicationController: ['spec', 'selector'],
  Deployment: ['spec', 'selector', 'matchLabels'],
  StatefulSet: ['spec', 'selector', 'matchLabels'],
  DaemonSet: ['spec', 'selector', 'matchLabels'],
  ReplicaSet: ['spec', 'selector', 'matchLabels'],
  PodDisruptionBudget: ['spec', 'selector', 'matchLabels'],
  NetworkPolicy: ['spec', 'podSelector', 'matchLabels'],
};
/** Kinds whose selector is written where there is none yet. */
const alwaysSelect = new Set(['Service', 'Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'ReplicationController']);

interface Labelling {
  readonly pairs: readonly YamlEntry[];
  readonly selectors: boolean;
  readonly templates: boolean;
}

function readLabellings(kustomization: YamlNode): readonly Labelling[] {
  const isTrue = (node: YamlNode | undefined): boolean => scalarOf(node)?.value === true;
  const listed = itemsOf(nodeAt(kustomization, 'labels')).map((item) => ({
    pairs: entriesOf(nodeAt(item, 'pairs')),
    selectors: isTrue(nodeAt(item, 'includeSelectors')),
    templates: isTrue(nodeAt(item, 'includeTemplates')) || isTrue(nodeAt(item, 'includeSelectors')),
  }));
  return [...listed, { pairs: entriesOf(nodeAt(kustomization, 'commonLabels')), selectors: true, templates: true }];
}

function addPairs(root: YamlNode, path: readonly string[], pairs: readonly YamlEntry[], creates: boolean): YamlNode {
  const [first] = pairs;
  if (!first || (!creates && nodeAt(root, ...path)?.kind !== 'map')) return root;
  return changeAt(
    root,
    path,
    (old) => {
      let map: YamlMap = old?.kind === 'map' ? old : makeMap([], old?.place ?? first.keyPlace);
      for (const { key, keyPlace, value } of pairs) map = withEntry(map, key, value, keyPlace);
      return map;
    },
    first.keyPlace,
  );
}

export function applyLabels(resources: readonly Resource[], kustomization: YamlNode): readonly Resource[] {
  const labellings = readLabellings(kustomization).filter(({ pairs }) => pairs.length > 0);
  if (labellings.length === 0) return resources;
  return resources.map((resource) => {
    const kind = kindOf(resource);
    let { root }: { root: YamlNode } = resource;
    for (const { pairs, selectors, templates } of labellings) {
      root = addPairs(root, ['metadata', 'labels'], pairs, true);
      const template = templatePaths[kind];
      if (templates && template) root = addPairs(root, [...template, 'labels'], pairs, true);
      const selector = selectorPaths[kind];
      if (selectors && selector) root = addPairs(root, selector, pairs, alwaysSelect.has(kind));
    }
    return withRoot(resource, root);
  });
}

export function applyAnnotations(resources: readonly Resource[], kustomization: YamlNode): readonly Resource[] {
  const pairs = entriesOf(nodeAt(kustomization, 'commonAnnotations'));
  if (pairs.length === 0) return resources;
  return resources.map((resource) => {
    const template = templatePaths[kindOf(resource)];
    const own = addPairs(resource.root, ['metadata', 'annotations'], pairs, true);
    return withRoot(resource, template ? addPairs(own, [...template, 'annotations'], pairs, true) : own);
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
    if (name !== change.name) return current;
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
