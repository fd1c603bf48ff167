/** Pins in the policies of meshes, gateways and clouds. */
import { entryAt, itemsOf, nodeAt, scalarOf, textOf } from '../../text/yaml-access.ts';
import type { YamlNode } from '../../text/yaml-document.ts';
import type { Fact, Place } from '../../types.ts';
import type { KubernetesObject } from './object.ts';
import { findEntry, isOfClient, pin } from './sticky.ts';

/** What a policy pins, if it does. */
interface Pin {
  readonly how: string;
  readonly to: readonly string[];
  readonly place: Place;
}
type PolicyReader = (object: KubernetesObject) => readonly Pin[];

const hostName = (host: string | undefined): string[] => (host ? [host.split(/[.:]/)[0]!] : []);
/** Names under `targetRef` or `targetRefs`. */
const targetsOf = ({ spec }: KubernetesObject): string[] =>
  [nodeAt(spec, 'targetRef'), ...itemsOf(nodeAt(spec, 'targetRefs'))].flatMap((node) => textOf(nodeAt(node, 'name')) ?? []);
const istio: PolicyReader = ({ spec }) => {
  const hash = findEntry(spec, 'consistentHash');
  const header = textOf(nodeAt(hash?.value, 'httpHeaderName'));
  const pins = ['httpCookie', 'useSourceIp'].some((key) => entryAt(hash?.value, key)) || (header !== undefined && isOfClient(header));
  return hash && pins
    ? [{ how: 'consistent hashing by client of Istio', to: hostName(textOf(nodeAt(spec, 'host'))), place: hash.keyPlace }]
    : [];
};

/** GKE BackendConfig and GCPBackendPolicy, RoutePolicy of Azure. */
const affinityOf =
  (how: string): PolicyReader =>
  (object) => {
    const affinity = findEntry(object.spec, 'sessionAffinity');
    const type = textOf(nodeAt(affinity?.value, 'affinityType')) ?? textOf(nodeAt(affinity?.value, 'type'));
    return affinity && type && type.toUpperCase() !== 'NONE' ? [{ how, to: targetsOf(object), place: affinity.keyPlace }] : [];
  };

const envoyGateway: PolicyReader = (object) => {
  const hash = entryAt(nodeAt(object.spec, 'loadBalancer'), 'consistentHash');
  const type = textOf(nodeAt(hash?.value, 'type'));
  const header = textOf(nodeAt(hash?.value, 'header', 'name')) ?? '';
  const pins = type === 'SourceIP' || type === 'Cookie' || (type === 'Header' && isOfClient(header));
  return hash && pins ? [{ how: 'consistent hashing by client of Envoy Gateway', to: targetsOf(object), place: hash.keyPlace }] : [];
};

const gatewayPersistence: PolicyReader = (object) => {
  const persistence = entryAt(object.spec, 'sessionPersistence');
  return persistence ? [{ how: '`sessionPersistence` of the Gateway API', to: targetsOf(object), place: persistence.keyPlace }] : [];
};

const traefikService: PolicyReader = ({ spec, name }) => {
  const sticky = findEntry(spec, 'sticky');
  const services = collectNames(spec);
  return sticky ? [{ how: 'sticky sessions of Traefik', to: [...new Set([name, ...services])], place: sticky.keyPlace }] : [];
};
const collectNames = (spec: YamlNode | undefined): string[] =>
  itemsOf(nodeAt(spec, 'weighted', 'services')).flatMap((service) => textOf(nodeAt(service, 'name')) ?? []);

/** VirtualServer of the NGINX controller: a cookie, or a method that hashes the client, for each upstream. */
const nginxUpstreams: PolicyReader = ({ spec }) =>
  itemsOf(nodeAt(spec, 'upstreams')).flatMap((upstream): Pin[] => {
    const to = hostName(textOf(nodeAt(upstream, 'service')));
    const cookie = entryAt(upstream, 'sessionCookie');
    if (cookie && scalarOf(nodeAt(cookie.value, 'enable'))?.value === true)
      return [{ how: 'the session cookie of the NGINX controller', to, place: cookie.keyPlace }];
    const method = scalarOf(nodeAt(upstream, 'lb-method'));
    const pins = method && /ip_hash|\$remote_addr|\$cookie_/.test(method.text);
    return pins ? [{ how: 'hashing by client of the NGINX controller', to, place: method.place }] : [];
  });

const kong: PolicyReader = ({ root, spec }) => {
  const algorithm = scalarOf(nodeAt(spec, 'algorithm') ?? nodeAt(root, 'upstream', 'algorithm'));
  if (algorithm?.text === 'sticky-sessions') return [{ how: 'sticky sessions of Kong', to: [], place: algorithm.place }];
  const on = nodeAt(spec, 'hashOn') ?? nodeAt(root, 'upstream', 'hash_on');
  const input = textOf(nodeAt(on, 'input')) ?? textOf(on);
  const header = textOf(nodeAt(on, 'header'));
  const pins = nodeAt(on, 'cookie') || /^(?:ip|consumer|cookie)$/.test(input ?? '') || (header !== undefined && isOfClient(header));
  return algorithm?.text === 'consistent-hashing' && pins
    ? [{ how: 'consistent hashing by client of Kong', to: [], place: algorithm.place }]
    : [];
};

const ambassador: PolicyReader = ({ spec }) => {
  const balancer = entryAt(spec, 'load_balancer');
  const header = textOf(nodeAt(balancer?.value, 'header'));
  const pins = nodeAt(balancer?.value, 'cookie') || nodeAt(balancer?.value, 'source_ip') || (header !== undefined && isOfClient(header));
  return balancer && pins
    ? [{ how: 'hashing by client of Emissary', to: hostName(textOf(nodeAt(spec, 'service'))), place: balancer.keyPlace }]
    : [];
};

const apisix: PolicyReader = ({ spec, name }) => {
  const balancer = entryAt(spec, 'loadbalancer');
  const key = textOf(nodeAt(balancer?.value, 'key')) ?? '';
  const pins = textOf(nodeAt(balancer?.value, 'type')) === 'chash' && (/remote_addr/.test(key) || isOfClient(key));
  return balancer && pins ? [{ how: 'hashing by client of APISIX', to: [name], place: balancer.keyPlace }] : [];
};

/** Target groups that the AWS controller makes for the Gateway API. */
const awsTargetGroups: PolicyReader = (object) => {
  const attributes = findEntry(object.spec, 'targetGroupAttributes');
  const sticky = itemsOf(attributes?.value).find(
    (item) => textOf(nodeAt(item, 'key')) === 'stickiness.enabled' && textOf(nodeAt(item, 'value')) === 'true',
  );
  const name = textOf(nodeAt(object.spec, 'targetReference', 'name'));
  return sticky ? [{ how: 'stickiness of the AWS load balancer', to: name ? [name] : [], place: sticky.place }] : [];
};

/** Filters that people write for Envoy itself: sessions kept by a cookie, and routes that hash over the client. */
const envoyFilter: PolicyReader = ({ spec }) =>
  itemsOf(nodeAt(spec, 'configPatches')).flatMap((patch): Pin[] => {
    const value = nodeAt(patch, 'patch', 'value');
    const name = nodeAt(value, 'name');
    if (name && textOf(name) === 'envoy.filters.http.stateful_session')
      return [{ how: 'stateful sessions of Envoy', to: [], place: name.place }];
    const hash = findEntry(value, 'hash_policy');
    const pins = itemsOf(hash?.value).some(
      (policy) =>
        nodeAt(policy, 'cookie') ||
        textOf(nodeAt(policy, 'connection_properties', 'source_ip')) === 'true' ||
        isOfClient(textOf(nodeAt(policy, 'header', 'header_name')) ?? ''),
    );
    return hash && pins ? [{ how: 'a hash policy of Envoy', to: [], place: hash.keyPlace }] : [];
  });

const kuma: PolicyReader = ({ spec }) =>
  itemsOf(nodeAt(spec, 'to')).flatMap((to): Pin[] => {
    const hash = findEntry(nodeAt(to, 'default', 'loadBalancer'), 'hashPolicies');
    const pins = itemsOf(hash?.value).some((policy) => {
      const type = textOf(nodeAt(policy, 'type')) ?? '';
      return /^(?:SourceIP|Cookie)$/.test(type) || (type === 'Header' && isOfClient(textOf(nodeAt(policy, 'header', 'name')) ?? ''));
    });
    const name = textOf(nodeAt(to, 'targetRef', 'name'));
    return hash && pins ? [{ how: 'hashing by client of Kuma', to: hostName(name), place: hash.keyPlace }] : [];
  });

const consul: PolicyReader = ({ spec, name }) => {
  const hash = entryAt(nodeAt(spec, 'loadBalancer'), 'hashPolicies');
  const pins = itemsOf(hash?.value).some(
    (policy) =>
      textOf(nodeAt(policy, 'sourceIP')) === 'true' ||
      textOf(nodeAt(policy, 'field')) === 'cookie' ||
      (textOf(nodeAt(policy, 'field')) === 'header' && isOfClient(textOf(nodeAt(policy, 'fieldValue')) ?? '')),
  );
  return hash && pins ? [{ how: 'hashing by client of Consul', to: [name], place: hash.keyPlace }] : [];
};

const policies: Readonly<Record<string, PolicyReader>> = {
  'networking.istio.io/DestinationRule': istio,
  'networking.istio.io/EnvoyFilter': envoyFilter,
  'kuma.io/MeshLoadBalancingStrategy': kuma,
  'consul.hashicorp.com/ServiceResolver': consul,
  'networking.gke.io/GCPBackendPolicy': affinityOf('session affinity of the Google load balancer'),
  'cloud.google.com/BackendConfig': affinityOf('session affinity of the Google load balancer'),
  'alb.networking.azure.io/RoutePolicy': affinityOf('session affinity of the Azure Application Gateway'),
  'gateway.envoyproxy.io/BackendTrafficPolicy': envoyGateway,
  'gateway.networking.k8s.io/BackendLBPolicy': gatewayPersistence,
  'gateway.networking.x-k8s.io/XBackendTrafficPolicy': gatewayPersistence,
  'traefik.io/TraefikService': traefikService,
  'traefik.containo.us/TraefikService': traefikService,
  'k8s.nginx.org/VirtualServer': nginxUpstreams,
  'k8s.nginx.org/VirtualServerRoute': nginxUpstreams,
  'configuration.konghq.com/KongUpstreamPolicy': kong,
  'configuration.konghq.com/KongIngress': kong,
  'getambassador.io/Mapping': ambassador,
  'apisix.apache.org/ApisixUpstream': apisix,
  'gateway.k8s.aws/TargetGroupConfiguration': awsTargetGroups,
};

export const isTrafficPolicy = ({ group, kind }: KubernetesObject): boolean => Object.hasOwn(policies, `${group}/${kind}`);

export function readTrafficPolicy(object: KubernetesObject): Fact<'sticky-routing'>[] {
  return policies[`${object.group}/${object.kind}`]!(object).map(({ how, to, place }) => pin(how, to, place, object));
}
