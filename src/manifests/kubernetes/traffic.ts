import type { FactValues } from '../../facts.ts';
import { entriesOf, itemsOf, nodeAt, scalarOf, textMapOf, textOf } from '../../text/yaml-access.ts';
import type { YamlNode } from '../../text/yaml-document.ts';
import type { AnyFact } from '../../types.ts';
import { dropAbsent } from './container.ts';
import type { KubernetesObject } from './object.ts';
import { numberOrTextSetting, numberSetting, textSetting } from './settings.ts';
import { readDefaultCookie, readRoutePersistence, readServiceAffinity, readStickyAnnotations } from './sticky.ts';

type Exposure = FactValues['exposure'];
type Backend = FactValues['traffic-route']['backends'][number];

export function readService(object: KubernetesObject): AnyFact[] {
  const selector = nodeAt(object.spec, 'selector');
  const value = dropAbsent<Exposure>({
    name: object.name,
    namespace: object.namespace,
    type: textOf(nodeAt(object.spec, 'type')),
    selector: selector?.kind === 'map' && selector.entries.size > 0 ? textMapOf(selector) : undefined,
    ports: itemsOf(nodeAt(object.spec, 'ports')).flatMap(readPort),
    affinity: textSetting(nodeAt(object.spec, 'sessionAffinity')),
    headless: textOf(nodeAt(object.spec, 'clusterIP'))?.toLowerCase() === 'none',
    purpose: object.purpose,
    namePlace: object.namePlace,
  });
  return [
    { kind: 'exposure', place: object.root.place, confidence: 'certain', value },
    ...readServiceAffinity(object),
    ...readStickyAnnotations(object, [object.name]),
  ];
}

function readPort(node: YamlNode): Exposure['ports'][number][] {
  const port = numberSetting(nodeAt(node, 'port'));
  if (!port) return [];
  const target = numberOrTextSetting(nodeAt(node, 'targetPort'));
  return [dropAbsent<Exposure['ports'][number]>({ port, target, name: textOf(nodeAt(node, 'name')), place: target?.place ?? port.place })];
}

/** Keys under which routes of all kinds name the Service that they send traffic to. */
const backendNameKeys: Readonly<Record<string, readonly (readonly string[])[]>> = {
  Ingress: [['service', 'name'], ['serviceName']],
  VirtualService: [['host']],
  IngressRoute: [['name']],
  IngressRouteTCP: [['name']],
  HTTPProxy: [['name']],
  Route: [['name']],
};
/** Keys that hold a backend or a list of them. */
const backendKeys: Readonly<Record<string, ReadonlySet<string>>> = {
  Ingress: new Set(['backend', 'defaultBackend']),
  VirtualService: new Set(['destination']),
  IngressRoute: new Set(['services']),
  IngressRouteTCP: new Set(['services']),
  HTTPProxy: new Set(['services']),
  Route: new Set(['to', 'alternateBackends']),
};
const gatewayBackends = new Set(['backendRefs']);

/** Ingress, Gateway API routes and the routes of Istio, Traefik, Contour and OpenShift. */
export function readRoute(object: KubernetesObject): AnyFact[] {
  const keys = backendKeys[object.kind] ?? gatewayBackends;
  const names = backendNameKeys[object.kind] ?? [['name']];
  const backends = collect(object.spec, keys).flatMap((node) => readBackend(node, names));
  const to = [...new Set(backends.map(({ service }) => service))];
  const value = dropAbsent<FactValues['traffic-route']>({
    name: object.name,
    namespace: object.namespace,
    kind: object.kind,
    backends,
    hosts: readHosts(object.spec),
    namePlace: object.namePlace,
  });
  return [
    { kind: 'traffic-route', place: object.root.place, confidence: 'certain', value },
    ...readStickyAnnotations(object, to),
    ...readDefaultCookie(object, to),
    ...readRoutePersistence(object, to),
  ];
}

/** Every value under one of the keys, lists flattened. */
function collect(node: YamlNode | undefined, keys: ReadonlySet<string>): YamlNode[] {
  if (node?.kind === 'list') return node.items.flatMap((item) => collect(item, keys));
  return entriesOf(node).flatMap(({ key, value }) => {
    if (keys.has(key)) return value.kind === 'list' ? [...value.items] : [value];
    return value.kind === 'scalar' ? [] : collect(value, keys);
  });
}

function readBackend(node: YamlNode, names: readonly (readonly string[])[]): Backend[] {
  const kind = textOf(nodeAt(node, 'kind'));
  if (kind !== undefined && kind !== 'Service') return [];
  const name = names.map((path) => scalarOf(nodeAt(node, ...path))).find(Boolean);
  if (!name) return [];
  const port =
    nodeAt(node, 'service', 'port', 'number') ??
    nodeAt(node, 'service', 'port', 'name') ??
    nodeAt(node, 'servicePort') ??
    nodeAt(node, 'port');
  const number = scalarOf(nodeAt(port, 'number') ?? port);
  const known = typeof number?.value === 'number' || typeof number?.value === 'string' ? number.value : undefined;
  return [dropAbsent<Backend>({ service: name.text.split('.')[0]!, port: known, place: name.place })];
}

const readHosts = (spec: YamlNode | undefined): string[] => {
  const lists = [nodeAt(spec, 'hostnames'), nodeAt(spec, 'hosts')].flatMap(itemsOf).map(textOf);
  const rules = itemsOf(nodeAt(spec, 'rules')).map((rule) => textOf(nodeAt(rule, 'host')));
  return [...new Set([...lists, ...rules, textOf(nodeAt(spec, 'host'))])].filter((host) => host !== undefined);
};
