/** `commonLabels` and `labels` of a kustomization, at the places where Kustomize itself writes them. */
import { entriesOf, itemsOf, nodeAt, scalarOf } from '../../text/yaml-access.ts';
import type { YamlEntry, YamlMap, YamlNode } from '../../text/yaml-document.ts';
import { kindOf, type Resource, withRoot } from './resource.ts';
import { changeAt, makeMap, withEntry } from './tree.ts';

type Path = readonly string[];

/** Where each kind keeps its pods' metadata. */
export const templatePaths: Readonly<Record<string, Path>> = {
  Deployment: ['spec', 'template', 'metadata'],
  StatefulSet: ['spec', 'template', 'metadata'],
  DaemonSet: ['spec', 'template', 'metadata'],
  ReplicaSet: ['spec', 'template', 'metadata'],
  ReplicationController: ['spec', 'template', 'metadata'],
  Job: ['spec', 'template', 'metadata'],
  CronJob: ['spec', 'jobTemplate', 'spec', 'template', 'metadata'],
};

const ownSelector: Path = ['spec', 'selector', 'matchLabels'];
const podSpec = ['spec', 'template', 'spec'];
/** Which pods a pod is placed near, apart from or evenly among. */
const placement: readonly Path[] = [
  ...['podAffinity', 'podAntiAffinity'].flatMap((affinity) => [
    [
      ...podSpec,
      'affinity',
      affinity,
      'preferredDuringSchedulingIgnoredDuringExecution',
      'podAffinityTerm',
      'labelSelector',
      'matchLabels',
    ],
    [...podSpec, 'affinity', affinity, 'requiredDuringSchedulingIgnoredDuringExecution', 'labelSelector', 'matchLabels'],
  ]),
  [...podSpec, 'topologySpreadConstraints', 'labelSelector', 'matchLabels'],
];

/** Selectors that are written where there is none yet. */
const createdSelectors: Readonly<Record<string, Path>> = {
  Service: ['spec', 'selector'],
  ReplicationController: ['spec', 'selector'],
  Deployment: ownSelector,
  StatefulSet: ownSelector,
  DaemonSet: ownSelector,
  ReplicaSet: ownSelector,
};
/** Selectors that get labels when they are there. */
const extendedSelectors: Readonly<Record<string, readonly Path[]>> = {
  Deployment: placement,
  StatefulSet: placement,
  Job: [ownSelector],
  CronJob: [['spec', 'jobTemplate', ...ownSelector]],
  PodDisruptionBudget: [ownSelector],
  NetworkPolicy: [
    ['spec', 'podSelector', 'matchLabels'],
    ['spec', 'ingress', 'from', 'podSelector', 'matchLabels'],
    ['spec', 'egress', 'to', 'podSelector', 'matchLabels'],
  ],
};

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

const setPairs = (map: YamlMap, pairs: readonly YamlEntry[]): YamlMap =>
  pairs.reduce((result, { key, keyPlace, value }) => withEntry(result, key, value, keyPlace), map);

/** The map at a path with the pairs set, made where there is none. */
export function addPairs(root: YamlNode, path: Path, pairs: readonly YamlEntry[]): YamlNode {
  const [first] = pairs;
  if (!first) return root;
  const change = (old: YamlNode | undefined): YamlMap =>
    setPairs(old?.kind === 'map' ? old : makeMap([], old?.place ?? first.keyPlace), pairs);
  return changeAt(root, path, change, first.keyPlace);
}

/** Maps that are there with the pairs set: in every item of the lists on the way. */
function extendPairs(node: YamlNode, path: Path, pairs: readonly YamlEntry[]): YamlNode {
  if (node.kind === 'list') {
    const items = node.items.map((item) => extendPairs(item, path, pairs));
    return items.every((item, index) => item === node.items[index]) ? node : { ...node, items };
  }
  if (node.kind !== 'map') return node;
  const [key, ...rest] = path;
  if (key === undefined) return setPairs(node, pairs);
  return changeAt(node, [key], (old) => old && extendPairs(old, rest, pairs));
}

export function applyLabels(resources: readonly Resource[], kustomization: YamlNode): readonly Resource[] {
  const labellings = readLabellings(kustomization).filter(({ pairs }) => pairs.length > 0);
  if (labellings.length === 0) return resources;
  return resources.map((resource) => {
    const kind = kindOf(resource);
    let { root }: { root: YamlNode } = resource;
    for (const { pairs, selectors, templates } of labellings) {
      root = addPairs(root, ['metadata', 'labels'], pairs);
      const template = templatePaths[kind];
      if (templates && template) root = addPairs(root, [...template, 'labels'], pairs);
      if (!selectors) continue;
      const created = createdSelectors[kind];
      if (created) root = addPairs(root, created, pairs);
      for (const path of extendedSelectors[kind] ?? []) root = extendPairs(root, path, pairs);
    }
    return withRoot(resource, root);
  });
}
