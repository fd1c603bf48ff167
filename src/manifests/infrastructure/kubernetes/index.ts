/** Resources of the Kubernetes provider: the same objects, with the names of Terraform. */
import type { Container, EnvEntry, EnvSource, FactValues, Probe, Setting, Volume, Workload } from '../../../facts.ts';
import { parseQuantity } from '../../../text/quantity.ts';
import type { AnyFact, Place } from '../../../types.ts';
import { autoscaler, emptyContainer, envEntry, given, sizeOf, wordsOf, workload } from '../facts.ts';
import {
  booleanOf,
  booleanSetting,
  entriesOf,
  get,
  imageSetting,
  isClosed,
  itemsOf,
  type Node,
  numberSetting,
  textOf,
  textSetting,
} from '../node.ts';
import type { Reader, Resource } from '../resource.ts';

const texts = (node: Node | undefined): Record<string, string> =>
  Object.fromEntries(
    entriesOf(node).flatMap(({ key, value }) => {
      const text = textOf(value);
      return text === undefined ? [] : [[key, text] as const];
    }),
  );
const metadata = (resource: Resource): { name: string; namespace?: string } => {
  const name = textOf(get(resource.body, 'metadata', 'name')) ?? resource.label;
  const namespace = textOf(get(resource.body, 'metadata', 'namespace'));
  return namespace === undefined ? { name } : { name, namespace };
};

function quantity(node: Node | undefined): Setting<number> | undefined {
  const setting = textSetting(node);
  if (!setting?.known) return setting as Setting<number> | undefined;
  const value = parseQuantity(setting.value);
  return value === undefined ? undefined : { ...setting, value };
}
/** Ports may have names. */
function portSetting(node: Node | undefined): Setting<number | string> | undefined {
  const number = numberSetting(node);
  return number?.known ? number : textSetting(node);
}

function readProbe(node: Node | undefined): Probe | undefined {
  if (node === undefined || (node.is === 'map' && node.maybe)) return undefined;
  const http = get(node, 'http_get');
  const exec = get(node, 'exec');
  const command = wordsOf(get(exec, 'command'));
  return given<Probe>({
    type: http ? 'http' : exec ? 'exec' : get(node, 'grpc') ? 'grpc' : 'tcp',
    path: http ? (textSetting(get(http, 'path')) ?? { known: true, value: '/', place: http.place }) : undefined,
    port: portSetting(get(http ?? get(node, 'tcp_socket') ?? get(node, 'grpc'), 'port')),
    command: command?.known ? command.value : undefined,
    place: node.place,
  });
}

function readEnv(container: Node): readonly EnvEntry[] {
  return itemsOf(get(container, 'env')).flatMap((item): EnvEntry[] => {
    const name = textOf(get(item, 'name'));
    if (name === undefined) return [];
    const from = get(item, 'value_from');
    if (!from) return [envEntry(name, get(item, 'value'), item.place)];
    const secret = get(from, 'secret_key_ref');
    const map = get(from, 'config_map_key_ref');
    const source = secret ?? map;
    const reference = given<NonNullable<EnvEntry['from']>>({
      kind: secret ? 'secret' : map ? 'config-map' : 'field',
      name: textOf(get(source, 'name')),
      key: textOf(get(source, 'key')),
      optional: true,
    });
    return [{ name, from: reference, place: item.place }];
  });
}
function readEnvFrom(container: Node): readonly EnvSource[] {
  const listed = itemsOf(get(container, 'env_from')).flatMap((item): EnvSource[] => {
    const secret = get(item, 'secret_ref');
    const name = textOf(get(secret ?? get(item, 'config_map_ref'), 'name'));
    return [{ kind: secret ? 'secret' : 'config-map', name: name ?? 'set when it is applied', optional: true, place: item.place }];
  });
  const env = get(container, 'env');
  return isClosed(env) ? listed : [...listed, { kind: 'env-file', name: 'set when it is applied', optional: true, place: env!.place }];
}

function readContainer(container: Node): Container {
  const nameNode = get(container, 'name');
  const place: Place = nameNode?.place ?? container.place;
  const resources = get(container, 'resources');
  const security = get(container, 'security_context');
  return given<Container>({
    ...emptyContainer(textOf(nameNode) ?? 'container', place),
    image: imageSetting(get(container, 'image')),
    command: wordsOf(get(container, 'command')),
    args: wordsOf(get(container, 'args')),
    workingDir: textSetting(get(container, 'working_dir')),
    ports: itemsOf(get(container, 'port')).flatMap((port) => {
      const number = numberSetting(get(port, 'container_port'));
      return number ? [given<Container['ports'][number]>({ number, name: textOf(get(port, 'name')), place: port.place })] : [];
    }),
    env: readEnv(container),
    envFrom: readEnvFrom(container),
    readiness: readProbe(get(container, 'readiness_probe')),
    liveness: readProbe(get(container, 'liveness_probe')),
    startup: readProbe(get(container, 'startup_probe')),
    resources: given<Container['resources']>({
      cpuRequest: quantity(get(resources, 'requests', 'cpu')),
      memoryRequest: quantity(get(resources, 'requests', 'memory')),
      cpuLimit: quantity(get(resources, 'limits', 'cpu')),
      memoryLimit: quantity(get(resources, 'limits', 'memory')),
      place: resources?.place,
    }),
    security: given<Container['security']>({
      runAsNonRoot: booleanSetting(get(security, 'run_as_non_root')),
      readOnlyRootFilesystem: booleanSetting(get(security, 'read_only_root_filesystem')),
      privileged: booleanSetting(get(security, 'privileged')),
    }),
    place: container.place,
  });
}

function readVolumes(pod: Node | undefined): readonly Volume[] {
  return itemsOf(get(pod, 'volume')).flatMap((volume): Volume[] => {
    const name = textOf(get(volume, 'name'));
    if (name === undefined) return [];
    const claim = get(volume, 'persistent_volume_claim', 'claim_name');
    const host = get(volume, 'host_path', 'path');
    const source = textSetting(claim ?? host);
    const type: Volume['type'] = claim ? 'claim' : host ? 'host-path' : get(volume, 'empty_dir') ? 'empty-dir' : 'other';
    return [{ name, type, ...(source ? { source } : {}), place: volume.place }];
  });
}

const readWorkload =
  (kind: string): Reader =>
  (resource) => {
    if (resource.isOff) return [];
    const spec = get(resource.body, 'spec');
    const pod = get(spec, 'template', 'spec');
    const spread = get(pod, 'topology_spread_constraint') ?? get(pod, 'affinity', 'pod_anti_affinity');
    const strategy = get(spec, 'strategy');
    const type = textSetting(get(strategy, 'type'));
    const containers = itemsOf(get(pod, 'container')).map(readContainer);
    if (!containers.length) return [];
    const { name, namespace } = metadata(resource);
    const more = given<Partial<Workload>>({
      namespace,
      replicas: sizeOf(resource, get(spec, 'replicas')),
      gracePeriod: numberSetting(get(pod, 'termination_grace_period_seconds')),
      hostNetwork: booleanSetting(get(pod, 'host_network')),
      spread: spread?.place,
      strategy: type ? { type, place: strategy!.place } : undefined,
    });
    return [
      workload(resource, {
        platform: 'kubernetes',
        kind,
        name,
        containers,
        labels: texts(get(spec, 'template', 'metadata', 'labels')),
        volumes: readVolumes(pod),
        claimTemplates: itemsOf(get(spec, 'volume_claim_template')).flatMap((claim) => textOf(get(claim, 'metadata', 'name')) ?? []),
        longRunning: kind !== 'Job' && kind !== 'CronJob',
        ...more,
      }),
    ];
  };

const readService: Reader = (resource) => {
  const spec = get(resource.body, 'spec');
  if (resource.isOff) return [];
  const { name, namespace } = metadata(resource);
  const affinity = get(spec, 'session_affinity');
  const labels = get(spec, 'selector');
  const isKnown = labels?.is === 'map' && !labels.open && entriesOf(labels).every(({ value }) => textOf(value) !== undefined);
  const value = given<FactValues['exposure']>({
    name,
    namespace,
    type: textOf(get(spec, 'type')),
    selector: isKnown ? texts(labels) : undefined,
    ports: itemsOf(get(spec, 'port')).flatMap((port) => {
      const number = numberSetting(get(port, 'port'));
      const target = portSetting(get(port, 'target_port'));
      return number ? [{ port: number, ...(target ? { target } : {}), place: port.place }] : [];
    }),
    affinity: textSetting(affinity),
    headless: textOf(get(spec, 'cluster_ip')) === 'None',
    purpose: resource.purpose,
    namePlace: resource.place,
  });
  const facts: AnyFact[] = [{ kind: 'exposure', place: resource.place, confidence: 'certain', value }];
  if (textOf(affinity) !== 'ClientIP') return facts;
  const sticky = given<FactValues['sticky-routing']>({ how: '`sessionAffinity: ClientIP`', to: [name], namespace });
  return [...facts, { kind: 'sticky-routing', place: affinity!.place, confidence: 'certain', value: sticky }];
};

const readAutoscaler: Reader = (resource) => {
  const spec = get(resource.body, 'spec');
  const target = get(spec, 'scale_target_ref');
  const targetName = textOf(get(target, 'name'));
  const { name, namespace } = metadata(resource);
  if (targetName === undefined) return [];
  const cpu = get(spec, 'target_cpu_utilization_percentage');
  const metrics = itemsOf(get(spec, 'metric')).flatMap((metric) => {
    const by = get(metric, 'resource');
    const measured = textOf(get(by, 'name'));
    const isShare = textOf(get(by, 'target', 'type')) === 'Utilization';
    return measured === undefined
      ? []
      : [{ resource: measured, kind: isShare ? ('utilization' as const) : ('value' as const), place: by!.place }];
  });
  return [
    autoscaler(resource, {
      kind: 'HorizontalPodAutoscaler',
      name,
      ...given<{ namespace: string; min: Setting<number>; max: Setting<number> }>({
        namespace,
        min: sizeOf(resource, get(spec, 'min_replicas')),
        max: sizeOf(resource, get(spec, 'max_replicas')),
      }),
      target: { kind: textOf(get(target, 'kind')) ?? 'Deployment', name: targetName, place: target!.place },
      resourceMetrics: cpu ? [...metrics, { resource: 'cpu', kind: 'utilization', place: cpu.place }] : metrics,
      otherMetrics: [],
    }),
  ];
};

/** Cookie affinity of ingress controllers, as annotations. */
const readIngress: Reader = (resource) => {
  const annotations = entriesOf(get(resource.body, 'metadata', 'annotations'));
  const pin = annotations.find(
    ({ key, value }) =>
      (/nginx\.ingress\.kubernetes\.io\/affinity$/.test(key) && textOf(value) === 'cookie') ||
      (/alb\.ingress\.kubernetes\.io\/target-group-attributes$/.test(key) && /stickiness\.enabled=true/.test(textOf(value) ?? '')) ||
      (/appgw\.ingress\.kubernetes\.io\/cookie-based-affinity$/.test(key) && booleanOf(value) === true),
  );
  if (!pin || resource.isOff) return [];
  const { namespace } = metadata(resource);
  const value = given<FactValues['sticky-routing']>({
    how: `\`${pin.key}\` of an ingress`,
    to: backendsOf(get(resource.body, 'spec'), 0),
    namespace,
  });
  return [{ kind: 'sticky-routing', place: pin.keyPlace, confidence: 'certain', value }];
};
function backendsOf(node: Node | undefined, depth: number): readonly string[] {
  if (node === undefined || depth > 8) return [];
  if (node.is === 'list') return node.items.flatMap((item) => backendsOf(item, depth + 1));
  const own = textOf(get(node, 'service', 'name')) ?? textOf(get(node, 'service_name'));
  return own === undefined ? entriesOf(node).flatMap(({ value }) => backendsOf(value, depth + 1)) : [own];
}

const kinds: Readonly<Record<string, Reader>> = {
  deployment: readWorkload('Deployment'),
  stateful_set: readWorkload('StatefulSet'),
  daemon_set: readWorkload('DaemonSet'),
  daemonset: readWorkload('DaemonSet'),
  job: readWorkload('Job'),
  service: readService,
  horizontal_pod_autoscaler: readAutoscaler,
  ingress: readIngress,
};
const versions = ['', '_v1', '_v2', '_v2beta2'];
export const kubernetesReaders: Readonly<Record<string, Reader>> = Object.fromEntries(
  Object.entries(kinds).flatMap(([kind, reader]) => versions.map((version) => [`kubernetes_${kind}${version}`, reader])),
);
