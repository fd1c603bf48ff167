import type { FactValues } from '../../facts.ts';
import { entryAt, itemsOf, nodeAt, scalarOf, textMapOf, textOf } from '../../text/yaml-access.ts';
import type { YamlNode } from '../../text/yaml-document.ts';
import type { AnyFact } from '../../types.ts';
import { dropAbsent } from './container.ts';
import type { KubernetesObject } from './object.ts';
import { numberOrTextSetting, numberSetting } from './settings.ts';

type Autoscaler = FactValues['autoscaler'];
type ResourceMetric = Autoscaler['resourceMetrics'][number];

/** HorizontalPodAutoscaler, all versions from v1 to v2. */
export function readAutoscaler(object: KubernetesObject): AnyFact[] {
  const metrics = itemsOf(nodeAt(object.spec, 'metrics'));
  const resourceMetrics = [...metrics.flatMap(readResourceMetric), ...readFirstVersionMetric(object.spec)];
  const otherMetrics = metrics.flatMap(nameOtherMetric);
  // Without metrics, Kubernetes takes 80 % of the requested CPU.
  if (resourceMetrics.length + otherMetrics.length === 0)
    resourceMetrics.push({ resource: 'cpu', kind: 'utilization', place: object.namePlace });
  return [
    autoscaler(object, {
      target: nodeAt(object.spec, 'scaleTargetRef'),
      min: nodeAt(object.spec, 'minReplicas'),
      max: nodeAt(object.spec, 'maxReplicas'),
      resourceMetrics,
      otherMetrics,
    }),
  ];
}

/** `resource` of v2; `targetAverageUtilization` of v2beta1. */
function readResourceMetric(node: YamlNode): ResourceMetric[] {
  const resource = nodeAt(node, 'resource') ?? nodeAt(node, 'containerResource');
  const name = scalarOf(nodeAt(resource, 'name'));
  if (!name) return [];
  const type = textOf(nodeAt(resource, 'target', 'type'));
  const utilization =
    type === 'Utilization' || Boolean(nodeAt(resource, 'target', 'averageUtilization') ?? nodeAt(resource, 'targetAverageUtilization'));
  return [{ resource: name.text, kind: utilization ? 'utilization' : 'value', place: name.place }];
}

function readFirstVersionMetric(spec: YamlNode | undefined): ResourceMetric[] {
  const target = entryAt(spec, 'targetCPUUtilizationPercentage') ?? entryAt(spec, 'cpuUtilization');
  return target ? [{ resource: 'cpu', kind: 'utilization', place: target.keyPlace }] : [];
}

function nameOtherMetric(node: YamlNode): string[] {
  const type = textOf(nodeAt(node, 'type'));
  if (!type || type === 'Resource' || type === 'ContainerResource') return [];
  const detail = nodeAt(node, type.charAt(0).toLowerCase() + type.slice(1));
  return [textOf(nodeAt(detail, 'metric', 'name')) ?? textOf(nodeAt(detail, 'metricName')) ?? type];
}

/** KEDA ScaledObject. https://keda.sh/docs/latest/reference/scaledobject-spec/ */
export function readScaledObject(object: KubernetesObject): AnyFact[] {
  const triggers = itemsOf(nodeAt(object.spec, 'triggers')).flatMap((trigger) => {
    const type = scalarOf(nodeAt(trigger, 'type'));
    return type ? [{ trigger, type: type.text, place: type.place }] : [];
  });
  const isResource = ({ type }: { type: string }) => type === 'cpu' || type === 'memory';
  const kindOf = (trigger: YamlNode) => textOf(nodeAt(trigger, 'metricType')) ?? textOf(nodeAt(trigger, 'metadata', 'type'));
  return [
    autoscaler(object, {
      target: nodeAt(object.spec, 'scaleTargetRef'),
      min: nodeAt(object.spec, 'minReplicaCount'),
      max: nodeAt(object.spec, 'maxReplicaCount'),
      resourceMetrics: triggers.filter(isResource).map(({ trigger, type, place }) => ({
        resource: type,
        kind: kindOf(trigger) === 'AverageValue' ? 'value' : 'utilization',
        place,
      })),
      otherMetrics: triggers.filter((trigger) => !isResource(trigger)).map(({ type }) => type),
    }),
  ];
}

/** Scaling that stands in the resource itself and goes on to an autoscaler of its name; without fields, copies follow the requests. */
export function readAutoscaling(object: KubernetesObject, node?: YamlNode): AnyFact {
  const metrics = itemsOf(nodeAt(node, 'metrics'));
  const memory = entryAt(node, 'targetMemoryUtilizationPercentage');
  return autoscaler(object, {
    own: node ? 'HorizontalPodAutoscaler' : 'Knative',
    target: nodeAt(object.root, 'metadata'),
    min: nodeAt(node, 'minReplicas'),
    max: nodeAt(node, 'maxReplicas'),
    resourceMetrics: [
      ...metrics.flatMap(readResourceMetric),
      ...readFirstVersionMetric(node),
      ...(memory ? [{ resource: 'memory', kind: 'utilization', place: memory.keyPlace } as const] : []),
    ],
    otherMetrics: node ? metrics.flatMap(nameOtherMetric) : ['requests'],
  });
}

interface Scaling {
  /** The kind of the autoscaler that the object makes for itself. */
  readonly own?: string;
  readonly target: YamlNode | undefined;
  readonly min: YamlNode | undefined;
  readonly max: YamlNode | undefined;
  readonly resourceMetrics: readonly ResourceMetric[];
  readonly otherMetrics: readonly string[];
}

function autoscaler(object: KubernetesObject, scaling: Scaling): AnyFact {
  const name = scalarOf(nodeAt(scaling.target, 'name'));
  const kind = scaling.own ? object.kind : textOf(nodeAt(scaling.target, 'kind'));
  const target = name ? { ...(kind ? { kind } : {}), name: name.text, place: name.place } : undefined;
  const value = dropAbsent<Autoscaler>({
    kind: scaling.own ?? object.kind,
    name: object.name,
    namespace: object.namespace,
    target,
    min: numberSetting(scaling.min),
    max: numberSetting(scaling.max),
    resourceMetrics: scaling.resourceMetrics,
    otherMetrics: scaling.otherMetrics,
    purpose: object.purpose,
    namePlace: object.namePlace,
  });
  return { kind: 'autoscaler', place: object.root.place, confidence: 'certain', value };
}

export function readDisruptionBudget(object: KubernetesObject): AnyFact[] {
  const selector = nodeAt(object.spec, 'selector');
  const plain = selector?.kind === 'map' && !nodeAt(selector, 'matchExpressions');
  const value = dropAbsent<FactValues['disruption-budget']>({
    name: object.name,
    namespace: object.namespace,
    selector: plain ? textMapOf(nodeAt(selector, 'matchLabels')) : undefined,
    minAvailable: numberOrTextSetting(nodeAt(object.spec, 'minAvailable')),
    maxUnavailable: numberOrTextSetting(nodeAt(object.spec, 'maxUnavailable')),
    namePlace: object.namePlace,
  });
  return [{ kind: 'disruption-budget', place: object.root.place, confidence: 'certain', value }];
}
