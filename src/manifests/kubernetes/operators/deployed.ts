/** What the operator of a server makes of its custom resource, written as the Deployment that it amounts to: then one reader serves both. */
import type { FactValues, Probe, Workload } from '../../../facts.ts';
import { noteSecrets } from '../../../text/note-secrets.ts';
import { nodeAt, textOf } from '../../../text/yaml-access.ts';
import type { YamlEntry, YamlMap, YamlNode } from '../../../text/yaml-document.ts';
import type { AnyFact, Fact } from '../../../types.ts';
import { dropAbsent } from '../container.ts';
import type { KubernetesObject } from '../object.ts';
import { readFields } from '../workload.ts';

type Nodes = Readonly<Record<string, YamlNode | undefined>>;

/** Fields of the resource by the names that a Deployment, its pod and its container give them. */
export interface Deployed {
  readonly spec?: Nodes;
  readonly pod?: Nodes;
  readonly container: Nodes;
  readonly containersBeside?: readonly YamlNode[];
  /** Labels that the operator gives the pods, besides those of the resource. */
  readonly labels: Readonly<Record<string, string>>;
}

function mapOf(like: YamlNode, nodes: Nodes): YamlMap {
  const entries = Object.entries(nodes).flatMap(([key, value]): [string, YamlEntry][] =>
    value ? [[key, { key, keyPlace: value.place, value }]] : [],
  );
  return { kind: 'map', entries: new Map(entries), place: like.place };
}

/** The workload that the operator runs. */
export function readDeployed(object: KubernetesObject, { spec, pod, container, containersBeside = [], labels }: Deployed): Workload {
  const main = mapOf(object.spec ?? object.root, { name: nodeAt(object.root, 'metadata', 'name'), ...container });
  const containers: YamlNode = { kind: 'list', items: [main, ...containersBeside], place: main.place };
  const podNode = mapOf(object.root, { spec: mapOf(object.root, { ...pod, containers }) });
  const deployment = { ...object, spec: mapOf(object.root, { replicas: nodeAt(object.spec, 'replicas'), ...spec }) };
  return { ...readFields(deployment, podNode), labels: { ...object.labels, ...labels } };
}

/** The resource without an image: a patch of another that has one. */
export const readPart = (object: KubernetesObject, workload: Workload): Fact<'workload-patch'> => ({
  kind: 'workload-patch',
  place: object.root.place,
  confidence: 'certain',
  value: dropAbsent<FactValues['workload-patch']>({
    kind: object.kind,
    name: object.name,
    replicas: workload.replicas,
    sets: object.spec?.kind === 'map' ? [...object.spec.entries.keys()].sort() : [],
  }),
});

export function readWhole(object: KubernetesObject, workload: Workload): AnyFact[] {
  if (!workload.containers[0]?.image) return [readPart(object, workload)];
  const entries = [...workload.containers, ...workload.initContainers].flatMap(({ env }) => env);
  return [{ kind: 'workload', place: object.root.place, confidence: 'certain', value: workload }, ...noteSecrets(entries, object.purpose)];
}

/** The operator asks the server by itself; nobody has to write the probe. */
export const ownProbe = ({ namePlace }: KubernetesObject): Probe => ({ type: 'exec', place: namePlace });

/** The Service that the operator makes. */
export function exposed(object: KubernetesObject, name: string, selector: Readonly<Record<string, string>>): AnyFact {
  const value = dropAbsent<FactValues['exposure']>({
    name,
    namespace: object.namespace,
    selector,
    ports: [],
    headless: false,
    purpose: object.purpose,
    namePlace: object.namePlace,
  });
  return { kind: 'exposure', place: object.root.place, confidence: 'certain', value };
}

export const kindPlace = (object: KubernetesObject) => nodeAt(object.root, 'kind')?.place ?? object.namePlace;
export const textAt = (object: KubernetesObject, ...path: readonly string[]): string | undefined => textOf(nodeAt(object.spec, ...path));
