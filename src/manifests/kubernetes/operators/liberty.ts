/**
 * Applications of Open Liberty and WebSphere Liberty, and of the Runtime Component operator that both are made of: a Deployment, its
 * Service and its autoscaler in one resource. https://github.com/OpenLiberty/open-liberty-operator/tree/main/doc
 */
import { booleanOf, entryAt, itemsOf, nodeAt, scalarOf } from '../../../text/yaml-access.ts';
import type { AnyFact } from '../../../types.ts';
import type { KubernetesObject } from '../object.ts';
import { readAutoscaling } from '../scaling.ts';
import { pin } from '../sticky.ts';
import { exposed, readDeployed, readWhole } from './deployed.ts';

/** Copies start and stop with the requests. */
const isKnative = ({ spec }: KubernetesObject): boolean => booleanOf(nodeAt(spec, 'createKnativeService')) === true;

const readFields = (object: KubernetesObject, labels: Readonly<Record<string, string>>) => {
  const at = (...path: readonly string[]) => nodeAt(object.spec, ...path);
  const perCopy = at('statefulSet', 'storage', 'volumeClaimTemplate');
  return readDeployed(object, {
    spec: {
      strategy: at('deployment', 'updateStrategy') ?? at('statefulSet', 'updateStrategy'),
      ...(perCopy ? { volumeClaimTemplates: { kind: 'list', items: [perCopy], place: perCopy.place } } : {}),
      // Where something scales it, the operator takes no number (`replicas` in the API reference).
      ...(at('autoscaling') || isKnative(object) ? { replicas: undefined } : {}),
    },
    pod: { volumes: at('volumes'), initContainers: at('initContainers'), affinity: at('affinity') },
    container: {
      image: at('applicationImage'),
      env: at('env'),
      envFrom: at('envFrom'),
      resources: at('resources'),
      volumeMounts: at('volumeMounts'),
      securityContext: at('securityContext'),
      livenessProbe: at('probes', 'liveness'),
      readinessProbe: at('probes', 'readiness'),
      startupProbe: at('probes', 'startup'),
    },
    containersBeside: itemsOf(at('sidecarContainers')),
    labels,
  });
};

export function readLiberty(object: KubernetesObject): AnyFact[] {
  const labels = { 'app.kubernetes.io/instance': object.name };
  const workload = readFields(object, labels);
  const storage = entryAt(nodeAt(object.spec, 'statefulSet'), 'storage');
  const isSpread = booleanOf(nodeAt(object.spec, 'topologySpreadConstraints', 'disableOperatorDefaults')) !== true;
  const affinity = scalarOf(nodeAt(object.spec, 'service', 'sessionAffinity', 'type'));
  const scaling = nodeAt(object.spec, 'autoscaling');
  return [
    ...readWhole(object, {
      ...workload,
      ...(storage && workload.claimTemplates.length === 0 ? { claimTemplates: ['storage'] } : {}),
      ...(isSpread && !workload.spread ? { spread: object.namePlace } : {}),
    }),
    exposed(object, object.name, labels),
    ...(scaling ? [readAutoscaling(object, scaling)] : []),
    ...(isKnative(object) ? [readAutoscaling(object)] : []),
    ...(affinity?.text === 'ClientIP' ? [pin('`sessionAffinity: ClientIP` of the Service', [object.name], affinity.place, object)] : []),
  ];
}
