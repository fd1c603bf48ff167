/** Knative Services, also as Cloud Run writes them: copies start and stop with the requests. */
import type { FactValues } from '../../facts.ts';
import { withPort } from '../../text/cloud-run.ts';
import { itemsOf, nodeAt, scalarOf, textMapOf, textOf } from '../../text/yaml-access.ts';
import type { AnyFact } from '../../types.ts';
import { dropAbsent } from './container.ts';
import type { KubernetesObject } from './object.ts';
import { numberSetting } from './settings.ts';
import { pin } from './sticky.ts';
import { readFields } from './workload.ts';

/** Written by gcloud and by people who deploy to Cloud Run; a Knative of one's own has none of them. */
const isCloudRun = (object: KubernetesObject, template: Readonly<Record<string, string>>): boolean =>
  [object.annotations, object.labels, template].some((map) =>
    Object.keys(map).some((key) => key.startsWith('run.googleapis.com/') || key.startsWith('cloud.googleapis.com/')),
  );

/** Limits of scaling stand on the revision, of later versions also on the service. */
function scaleLimit(object: KubernetesObject, ...names: readonly string[]) {
  const revision = nodeAt(object.root, 'spec', 'template', 'metadata', 'annotations');
  const service = nodeAt(object.root, 'metadata', 'annotations');
  const found = names.flatMap((name) => [nodeAt(revision, name), nodeAt(service, name)]).find(Boolean);
  return numberSetting(found);
}

/** It is its own address. */
const addressOf = ({ name, namespace, purpose, namePlace, root }: KubernetesObject): AnyFact => ({
  kind: 'exposure',
  place: root.place,
  confidence: 'certain',
  value: dropAbsent<FactValues['exposure']>({
    name,
    namespace,
    selector: { 'serving.knative.dev/service': name },
    ports: [],
    headless: false,
    purpose,
    namePlace,
  }),
});

export function readServerless(object: KubernetesObject): AnyFact[] {
  const template = nodeAt(object.spec, 'template');
  if (itemsOf(nodeAt(template, 'spec', 'containers')).length === 0) return [];
  const annotations = textMapOf(nodeAt(template, 'metadata', 'annotations'));
  const onCloudRun = isCloudRun(object, annotations);
  const kind = onCloudRun ? 'Cloud Run service' : 'Knative Service';
  const { replicas: _, ...fields } = readFields(object, template);
  const throttling = scalarOf(nodeAt(template, 'metadata', 'annotations', 'run.googleapis.com/cpu-throttling'));
  const idles = onCloudRun && textOf(throttling) !== 'false' ? { idles: throttling?.place ?? object.namePlace } : {};
  const labels = { ...fields.labels, 'serving.knative.dev/service': object.name };
  const containers = onCloudRun ? withPort(fields.containers) : fields.containers;
  const value = { ...fields, ...idles, labels, containers, platform: onCloudRun ? ('cloud-run' as const) : ('other' as const), kind };
  const scaler = dropAbsent<FactValues['autoscaler']>({
    kind: onCloudRun ? 'Cloud Run' : 'Knative',
    name: object.name,
    namespace: object.namespace,
    target: { kind, name: object.name, place: object.namePlace },
    min: scaleLimit(object, 'autoscaling.knative.dev/minScale', 'autoscaling.knative.dev/min-scale', 'run.googleapis.com/minScale'),
    max: scaleLimit(object, 'autoscaling.knative.dev/maxScale', 'autoscaling.knative.dev/max-scale', 'run.googleapis.com/maxScale'),
    resourceMetrics: [],
    otherMetrics: ['requests'],
    platform: value.platform,
    purpose: object.purpose,
    namePlace: object.namePlace,
  });
  const affinity = scalarOf(nodeAt(template, 'metadata', 'annotations', 'run.googleapis.com/sessionAffinity'));
  return [
    { kind: 'workload', place: object.root.place, confidence: 'certain', value },
    { kind: 'autoscaler', place: object.root.place, confidence: 'certain', value: scaler },
    addressOf(object),
    ...(textOf(affinity) === 'true' ? [pin('session affinity of Cloud Run', [object.name], affinity!.place, object)] : []),
  ];
}
