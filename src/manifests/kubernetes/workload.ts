import type { Container, Volume, Workload } from '../../facts.ts';
import { noteSecrets } from '../../text/note-secrets.ts';
import { booleanOf, entryAt, itemsOf, nodeAt, textMapOf, textOf } from '../../text/yaml-access.ts';
import type { YamlEntry, YamlNode } from '../../text/yaml-document.ts';
import type { AnyFact, Fact, Place } from '../../types.ts';
import { dropAbsent, readContainer, readLeftOut } from './container.ts';
import type { KubernetesObject } from './object.ts';
import { booleanSetting, numberOrTextSetting, numberSetting, textSetting } from './settings.ts';

/** Where each kind keeps its pod, as a path below the object. Rollout (Argo) and DeploymentConfig (OpenShift) are Deployments in all that matters here. */
const podPaths: Readonly<Record<string, readonly string[]>> = {
  Pod: [],
  Deployment: ['spec', 'template'],
  StatefulSet: ['spec', 'template'],
  DaemonSet: ['spec', 'template'],
  ReplicaSet: ['spec', 'template'],
  ReplicationController: ['spec', 'template'],
  Job: ['spec', 'template'],
  CronJob: ['spec', 'jobTemplate', 'spec', 'template'],
  Rollout: ['spec', 'template'],
  DeploymentConfig: ['spec', 'template'],
};
const workloadGroups = new Set(['', 'apps', 'extensions', 'batch', 'argoproj.io', 'apps.openshift.io']);
const endsByItself = new Set(['Job', 'CronJob']);

export const isWorkload = (object: KubernetesObject): boolean => Object.hasOwn(podPaths, object.kind) && workloadGroups.has(object.group);

/** A workload, or the patch that it turns out to be. */
export function readWorkload(object: KubernetesObject): AnyFact[] {
  const pod = nodeAt(object.root, ...podPaths[object.kind]!);
  const containers = itemsOf(nodeAt(pod, 'spec', 'containers'));
  const value = readFields(object, pod);
  if (isPartial(object, containers)) return [readPatch(object, containers, value), ...readReferrer(object)];
  const entries = [...value.containers, ...value.initContainers].flatMap(({ env }) => env);
  return [{ kind: 'workload', place: object.root.place, confidence: 'certain', value }, ...noteSecrets(entries, object.purpose)];
}

/** All that a workload says, whether it is whole or not. */
export function readFields(object: KubernetesObject, pod: YamlNode | undefined): Workload {
  const containers = itemsOf(nodeAt(pod, 'spec', 'containers'));
  const podSpec = nodeAt(pod, 'spec');
  return dropAbsent<Workload>({
    platform: 'kubernetes',
    kind: object.kind,
    name: object.name,
    namespace: object.namespace,
    purpose: object.purpose,
    longRunning: runsOn(object, pod, podSpec),
    labels: readLabels(object, pod),
    replicas: numberSetting(nodeAt(object.spec, 'replicas')),
    containers: containers.map((node) => readContainer(node, podSpec)).map((container) => withStream(container, object)),
    initContainers: itemsOf(nodeAt(podSpec, 'initContainers')).map((node) => readContainer(node, podSpec)),
    volumes: itemsOf(nodeAt(podSpec, 'volumes')).flatMap(readVolume),
    claimTemplates: itemsOf(nodeAt(object.spec, 'volumeClaimTemplates')).flatMap(
      (claim) => textOf(nodeAt(claim, 'metadata', 'name')) ?? [],
    ),
    strategy: readStrategy(entryAt(object.spec, 'strategy') ?? entryAt(object.spec, 'updateStrategy')),
    gracePeriod: numberSetting(nodeAt(podSpec, 'terminationGracePeriodSeconds')),
    hostNetwork: booleanSetting(nodeAt(podSpec, 'hostNetwork')),
    spread: readSpread(podSpec, object.namespace),
    leftOut: readLeftOut(podSpec),
    build: undefined,
    dependsOn: [],
    annotations: { ...textMapOf(nodeAt(pod, 'metadata', 'annotations')), ...object.annotations },
    profiles: [],
    restart: textOf(nodeAt(podSpec, 'restartPolicy')),
    namePlace: object.namePlace,
  });
}

/**
 * A change trigger puts the digest that a tag of an image stream had into the container: what stands there is never pulled
 * (docs.openshift.com, "Triggering updates on image stream changes").
 */
function withStream(container: Container, { kind, spec, annotations }: KubernetesObject): Container {
  const streams = itemsOf(nodeAt(spec, 'triggers')).flatMap((trigger) => nodeAt(trigger, 'imageChangeParams') ?? []);
  const names = kind === 'DeploymentConfig' ? streams.flatMap((params) => itemsOf(nodeAt(params, 'containerNames')).map(textOf)) : [];
  const written = annotations['image.openshift.io/triggers'] ?? '';
  const isSet = names.includes(container.name) || (written.length < 10_000 && written.includes(`@.name==\\"${container.name}\\"`));
  return isSet ? { ...container, streamed: true } : container;
}

function readSpread(podSpec: YamlNode | undefined, namespace: string | undefined): Place | undefined {
  const entry = entryAt(podSpec, 'topologySpreadConstraints') ?? entryAt(nodeAt(podSpec, 'affinity'), 'podAntiAffinity');
  const required = itemsOf(nodeAt(entry?.value, 'requiredDuringSchedulingIgnoredDuringExecution'));
  const preferred = itemsOf(nodeAt(entry?.value, 'preferredDuringSchedulingIgnoredDuringExecution'));
  const terms = [...required, ...preferred.flatMap((item) => nodeAt(item, 'podAffinityTerm') ?? [])];
  return terms.length > 0 && terms.every((term) => looksElsewhere(term, namespace)) ? undefined : entry?.keyPlace;
}

/** A term that keeps away from pods of other namespaces only says nothing of the workload's own copies. */
function looksElsewhere(term: YamlNode, namespace: string | undefined): boolean {
  const namespaces = itemsOf(nodeAt(term, 'namespaces')).map(textOf);
  return namespace !== undefined && namespaces.length > 0 && !nodeAt(term, 'namespaceSelector') && !namespaces.includes(namespace);
}

/** Pods have the labels that their selector asks for, else the API refuses the workload: a fragment may show only the selector. */
function readLabels(object: KubernetesObject, pod: YamlNode | undefined): Record<string, string> {
  const labels = nodeAt(pod, 'metadata', 'labels');
  const selector = nodeAt(object.spec, 'selector');
  return textMapOf(labels ?? (pod ? undefined : (nodeAt(selector, 'matchLabels') ?? selector)));
}

/** Jobs, test pods of charts and pods that are not restarted end by themselves. */
function runsOn(object: KubernetesObject, pod: YamlNode | undefined, podSpec: YamlNode | undefined): boolean {
  if (endsByItself.has(object.kind)) return false;
  const hook = object.annotations['helm.sh/hook'] ?? textMapOf(nodeAt(pod, 'metadata', 'annotations'))['helm.sh/hook'];
  if (hook && object.kind === 'Pod') return false;
  const restart = textOf(nodeAt(podSpec, 'restartPolicy'));
  return restart === undefined || restart === 'Always';
}

/**
 * Patches and overlays hold only what they change. A whole workload has containers with images, and in `apps/v1` a selector
 * (it is required there). https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#selector
 */
function isPartial(object: KubernetesObject, containers: readonly YamlNode[]): boolean {
  if (nodeAt(object.spec, 'workloadRef')) return true;
  if (containers.length === 0 || !containers.every((container) => nodeAt(container, 'image'))) return true;
  return object.group === 'apps' && object.version === 'v1' && !nodeAt(object.spec, 'selector');
}

/** What a patch sets, so that nobody calls it missing in the base. */
function readPatch(object: KubernetesObject, containers: readonly YamlNode[], workload: Workload): Fact<'workload-patch'> {
  const podSpec = nodeAt(object.root, ...podPaths[object.kind]!, 'spec');
  const sets = new Set<string>();
  for (const node of [object.spec, podSpec, ...containers]) if (node?.kind === 'map') for (const key of node.entries.keys()) sets.add(key);
  const value = dropAbsent<Fact<'workload-patch'>['value']>({
    kind: object.kind,
    name: object.name,
    replicas: numberSetting(nodeAt(object.spec, 'replicas')),
    sets: [...sets].sort(),
    workload: nodeAt(object.spec, 'workloadRef') ? undefined : workload,
  });
  return { kind: 'workload-patch', place: object.root.place, confidence: 'certain', value };
}

/** A Rollout that takes its pods from a Deployment decides how many copies of it run, and how they are replaced. */
function readReferrer(object: KubernetesObject): Fact<'workload-patch'>[] {
  const reference = nodeAt(object.spec, 'workloadRef');
  const name = textOf(nodeAt(reference, 'name'));
  if (name === undefined) return [];
  const value = dropAbsent<Fact<'workload-patch'>['value']>({
    kind: textOf(nodeAt(reference, 'kind')) ?? 'Deployment',
    name,
    replicas: numberSetting(nodeAt(object.spec, 'replicas')),
    sets: ['replicas', 'strategy'],
    by: { kind: object.kind, name: object.name },
  });
  return [{ kind: 'workload-patch', place: object.root.place, confidence: 'certain', value }];
}

function readStrategy(entry: YamlEntry | undefined): Workload['strategy'] {
  const type = textSetting(nodeAt(entry?.value, 'type'));
  const rolling = nodeAt(entry?.value, 'rollingUpdate') ?? nodeAt(entry?.value, 'rollingParams') ?? nodeAt(entry?.value, 'canary');
  if (entry?.value.kind !== 'map') return undefined;
  const known =
    type ??
    ({
      known: true,
      value: rolling && !nodeAt(entry.value, 'canary') ? 'RollingUpdate' : (entry.value.entries.keys().next().value ?? 'RollingUpdate'),
      place: entry.keyPlace,
    } as const);
  return dropAbsent<NonNullable<Workload['strategy']>>({
    type: known,
    maxUnavailable: numberOrTextSetting(nodeAt(rolling, 'maxUnavailable')),
    place: entry.keyPlace,
  });
}

/** Volume sources by the key that names them. */
const volumeSources: readonly (readonly [key: string, type: Volume['type'], source?: string])[] = [
  ['hostPath', 'host-path', 'path'],
  ['emptyDir', 'empty-dir'],
  ['persistentVolumeClaim', 'claim', 'claimName'],
  ['configMap', 'config', 'name'],
  ['secret', 'secret', 'secretName'],
  ['ephemeral', 'ephemeral'],
];

function readVolume(node: YamlNode): Volume[] {
  const name = textOf(nodeAt(node, 'name'));
  if (!name) return [];
  for (const [key, type, sourceKey] of volumeSources) {
    const entry = entryAt(node, key);
    if (!entry) continue;
    return [
      dropAbsent<Volume>({
        name,
        type,
        source: sourceKey ? textSetting(nodeAt(entry.value, sourceKey)) : undefined,
        readOnly: booleanOf(nodeAt(entry.value, 'readOnly')),
        optional: booleanOf(nodeAt(entry.value, 'optional')),
        place: nodeAt(entry.value, sourceKey ?? '')?.place ?? entry.keyPlace,
      }),
    ];
  }
  return [{ name, type: 'other', place: node.place }];
}
