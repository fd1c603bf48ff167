import type { Purpose } from '../../facts.ts';
import { purposeOf } from '../../text/purpose.ts';
import { entryAt, itemsOf, nodeAt, textMapOf, textOf } from '../../text/yaml-access.ts';
import type { YamlNode } from '../../text/yaml-document.ts';
import type { Place } from '../../types.ts';
import { fillParameters, readParameters } from './template-parameters.ts';

/** One object of the Kubernetes API, as a file writes it. */
export interface KubernetesObject {
  /** API group without version; `''` is the core group. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly purpose: Purpose;
  /** Place of `metadata.name`, else of the kind. */
  readonly namePlace: Place;
  readonly root: YamlNode;
  readonly spec: YamlNode | undefined;
}

/** Objects below a document: itself, or the members of a `List` or an OpenShift `Template`. */
export function readObjects(root: YamlNode, path: string): KubernetesObject[] {
  const kind = textOf(nodeAt(root, 'kind'));
  const apiVersion = textOf(nodeAt(root, 'apiVersion'));
  if (!kind || !apiVersion) return [];
  if (kind.endsWith('List') && nodeAt(root, 'items')?.kind === 'list')
    return itemsOf(nodeAt(root, 'items')).flatMap((item) => readObjects(item, path));
  if (kind === 'Template' && nodeAt(root, 'objects')?.kind === 'list') {
    const parameters = readParameters(root);
    return itemsOf(nodeAt(root, 'objects')).flatMap((item) => readObjects(fillParameters(item, parameters), path));
  }
  const metadata = nodeAt(root, 'metadata');
  const name = nodeAt(metadata, 'name');
  if (name && isUnfinished(textOf(name) ?? textOf(nodeAt(metadata, 'generateName')))) return [];
  const slash = apiVersion.indexOf('/');
  const namespace = textOf(nodeAt(metadata, 'namespace'));
  return [
    {
      group: slash < 0 ? '' : apiVersion.slice(0, slash),
      version: apiVersion.slice(slash + 1),
      kind,
      name: textOf(name) ?? textOf(nodeAt(metadata, 'generateName')) ?? '',
      ...(namespace ? { namespace } : {}),
      labels: textMapOf(nodeAt(metadata, 'labels')),
      annotations: textMapOf(nodeAt(metadata, 'annotations')),
      purpose: purposeOfObject(path, namespace),
      namePlace: (textOf(name) === undefined ? entryAt(root, 'kind')?.value : name)!.place,
      root,
      spec: nodeAt(root, 'spec'),
    },
  ];
}

/** A chart whose values are given elsewhere comes without its names: no cluster takes `-pv`. */
const isUnfinished = (name: string | undefined): boolean => name === undefined || name === '' || name.startsWith('-');

/** The path tells first, then the namespace (`staging`). */
function purposeOfObject(path: string, namespace: string | undefined): Purpose {
  const purpose = purposeOf(path);
  return purpose === 'unknown' && namespace ? purposeOf(`${namespace}/x`) : purpose;
}
