import { itemsOf, nodeAt, textMapOf, textOf } from '../../text/yaml-access.ts';
import type { YamlMap, YamlNode } from '../../text/yaml-document.ts';

/** One object on its way through the layers. */
export interface Resource {
  readonly root: YamlMap;
  /** The file that it was read from, or the kustomization that generates it. */
  readonly path: string;
  /** Names and namespaces that it had in lower layers: patches may use them. */
  readonly formerNames: readonly string[];
  /** Made by a generator: other layers may merge into it. */
  readonly generated: boolean;
}

export const kindOf = ({ root }: Resource): string => textOf(nodeAt(root, 'kind')) ?? '';
export const nameOf = ({ root }: Resource): string => textOf(nodeAt(root, 'metadata', 'name')) ?? '';
export const namespaceOf = ({ root }: Resource): string | undefined => textOf(nodeAt(root, 'metadata', 'namespace'));
export const labelsOf = ({ root }: Resource): Readonly<Record<string, string>> => textMapOf(nodeAt(root, 'metadata', 'labels'));
export const annotationsOf = ({ root }: Resource): Readonly<Record<string, string>> => textMapOf(nodeAt(root, 'metadata', 'annotations'));

export function groupOf(root: YamlNode): string {
  const apiVersion = textOf(nodeAt(root, 'apiVersion')) ?? '';
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? '' : apiVersion.slice(0, slash);
}
export function versionOf(root: YamlNode): string {
  const apiVersion = textOf(nodeAt(root, 'apiVersion')) ?? '';
  return apiVersion.slice(apiVersion.indexOf('/') + 1);
}

/** Objects of a document; members of a List are objects of their own. */
export function readResources(root: YamlNode, path: string): readonly Resource[] {
  if (root.kind === 'list') return root.items.flatMap((item) => readResources(item, path));
  if (root.kind !== 'map') return [];
  const kind = textOf(nodeAt(root, 'kind'));
  if (!kind) return [];
  if (kind.endsWith('List') && nodeAt(root, 'items')?.kind === 'list')
    return itemsOf(nodeAt(root, 'items')).flatMap((item) => readResources(item, path));
  return [{ root, path, formerNames: [], generated: false }];
}

export const identityOf = (resource: Resource): string =>
  [groupOf(resource.root), kindOf(resource), namespaceOf(resource) ?? '', nameOf(resource)].join('\0');

const clusterKinds = new Set([
  'Namespace',
  'Node',
  'PersistentVolume',
  'StorageClass',
  'CustomResourceDefinition',
  'ClusterRole',
  'ClusterRoleBinding',
  'PriorityClass',
  'IngressClass',
  'RuntimeClass',
  'GatewayClass',
  'APIService',
  'MutatingWebhookConfiguration',
  'ValidatingWebhookConfiguration',
  'ValidatingAdmissionPolicy',
  'ValidatingAdmissionPolicyBinding',
  'PodSecurityPolicy',
  'SecurityContextConstraints',
  'ClusterIssuer',
  'CSIDriver',
  'VolumeAttachment',
  'VolumeSnapshotClass',
]);
export const isNamespaced = (resource: Resource): boolean => !clusterKinds.has(kindOf(resource));
/** Kustomize leaves these names alone. */
export const keepsName = (resource: Resource): boolean =>
  ['Namespace', 'CustomResourceDefinition', 'APIService'].includes(kindOf(resource));

export const withRoot = (resource: Resource, root: YamlNode): Resource =>
  root === resource.root || root.kind !== 'map' ? resource : { ...resource, root };
