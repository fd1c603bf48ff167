/** Cloud Run services, first and second version of the resource. */
import type { Container, EnvEntry, Probe, Setting, Workload } from '../../../facts.ts';
import { withPort } from '../../../text/cloud-run.ts';
import { parseQuantity } from '../../../text/quantity.ts';
import type { AnyFact, Place } from '../../../types.ts';
import { autoscaler, emptyContainer, envEntry, flag, given, sizeOf, stickyRouting, wordsOf, workload } from '../facts.ts';
import { entryOf, get, imageSetting, isClosed, itemsOf, type Node, numberSetting, textOf, textSetting } from '../node.ts';
import { nameOf, type Resource } from '../resource.ts';

/** `512Mi` in bytes, `1000m` in cores. */
function quantity(node: Node | undefined): Setting<number> | undefined {
  const setting = textSetting(node);
  if (!setting?.known) return setting as Setting<number> | undefined;
  const value = parseQuantity(setting.value);
  return value === undefined ? { known: false, because: 'it is no quantity', place: setting.place } : { ...setting, value };
}

function readProbe(node: Node | undefined): Probe | undefined {
  if (node === undefined) return undefined;
  const http = get(node, 'http_get');
  const target = http ?? get(node, 'tcp_socket') ?? get(node, 'grpc');
  const path = http ? (textSetting(get(http, 'path')) ?? ({ known: true, value: '/', place: http.place } as const)) : undefined;
  return given<Probe>({
    type: http ? 'http' : get(node, 'grpc') ? 'grpc' : 'tcp',
    path,
    port: numberSetting(get(target, 'port')),
    place: node.place,
  });
}

function readEnv(container: Node): readonly EnvEntry[] {
  return itemsOf(get(container, 'env')).flatMap((item): EnvEntry[] => {
    const name = textOf(get(item, 'name'));
    if (name === undefined) return [];
    const isSecret = get(item, 'value_source') ?? get(item, 'value_from');
    return [isSecret ? { name, from: { kind: 'secret' }, place: item.place } : envEntry(name, get(item, 'value'), item.place)];
  });
}

function readContainer(container: Node, service: Resource): Container {
  const image = get(container, 'image');
  const place: Place = image?.place ?? container.place;
  const limits = get(container, 'resources', 'limits');
  const memory = quantity(get(limits, 'memory'));
  const cpu = quantity(get(limits, 'cpu'));
  const env = entryOf(container, 'env')?.value;
  const startup = readProbe(get(container, 'startup_probe'));
  return given<Container>({
    ...emptyContainer(textOf(get(container, 'name')) ?? service.label, place),
    image: imageSetting(image),
    command: wordsOf(get(container, 'command')),
    args: wordsOf(get(container, 'args')),
    ports: itemsOf(get(container, 'ports')).flatMap((port) => {
      const number = numberSetting(get(port, 'container_port'));
      return number ? [{ number, place: port.place }] : [];
    }),
    env: readEnv(container),
    envFrom: isClosed(env) ? [] : [{ kind: 'env-file', name: 'set when it is applied', optional: true, place: env!.place }],
    liveness: readProbe(get(container, 'liveness_probe')),
    startup,
    readiness: startup,
    resources: given<Container['resources']>({
      cpuLimit: cpu,
      cpuRequest: cpu,
      memoryLimit: memory,
      memoryRequest: memory,
      place: limits?.place,
    }),
    place: container.place,
    namePlace: place,
  });
}

type Idles = Pick<Workload, 'idles'>;
const throttled = (annotation: Node | undefined, service: Resource): Idles =>
  annotation === undefined || textOf(annotation) === 'true' ? { idles: annotation?.place ?? service.place } : {};

/** "True by default if the parent `resources` field is not set" (google_cloud_run_v2_service, `cpu_idle`). */
function idleContainer(containers: readonly Node[], service: Resource): Idles {
  const resources = get(containers[0], 'resources');
  const idle = get(resources, 'cpu_idle');
  if (resources !== undefined) return flag(idle) ? { idles: idle!.place } : {};
  return containers.length > 0 ? { idles: service.place } : {};
}

export function readCloudRun(service: Resource): readonly AnyFact[] {
  if (service.isOff) return [];
  const template = get(service.body, 'template');
  const isFirst = service.type === 'google_cloud_run_service';
  const spec = isFirst ? get(template, 'spec') : template;
  const annotations = get(template, 'metadata', 'annotations');
  const written = itemsOf(get(spec, 'containers'));
  const containers = withPort(written.map((container) => readContainer(container, service)));
  const idles = isFirst ? throttled(get(annotations, 'run.googleapis.com/cpu-throttling'), service) : idleContainer(written, service);
  const name = nameOf(service, get(service.body, 'name'));
  const scaling = get(template, 'scaling') ?? get(service.body, 'scaling');
  const min = isFirst ? get(annotations, 'autoscaling.knative.dev/minScale') : get(scaling, 'min_instance_count');
  const max = isFirst ? get(annotations, 'autoscaling.knative.dev/maxScale') : get(scaling, 'max_instance_count');
  const affinity = isFirst ? get(annotations, 'run.googleapis.com/sessionAffinity') : get(template, 'session_affinity');
  const facts: AnyFact[] = [
    workload(service, {
      platform: 'cloud-run',
      kind: 'Cloud Run service',
      name,
      containers,
      labels: { [service.address]: 'yes' },
      ...idles,
    }),
    autoscaler(service, {
      kind: 'Cloud Run',
      name,
      target: { kind: 'Cloud Run service', name, place: service.place },
      min: sizeOf(service, min) ?? { known: true, value: 0, place: service.place },
      ...given<{ max: Setting<number> }>({
        max: sizeOf(service, max) ?? { known: false, because: 'the platform decides', place: service.place },
      }),
      resourceMetrics: [],
      otherMetrics: ['concurrency'],
      platform: 'cloud-run',
    }),
  ];
  if (!flag(affinity) || service.isOff) return facts;
  facts.push(
    exposure(service, name),
    stickyRouting(service, affinity!.place, `session affinity of Cloud Run service \`${name}\``, [`Cloud Run ${name}`]),
  );
  return facts;
}

/** Its own address. */
const exposure = (service: Resource, name: string): AnyFact => ({
  kind: 'exposure',
  place: service.place,
  confidence: 'certain',
  value: {
    name: `Cloud Run ${name}`,
    selector: { [service.address]: 'yes' },
    ports: [],
    headless: false,
    purpose: service.purpose,
    namePlace: service.place,
  },
});
