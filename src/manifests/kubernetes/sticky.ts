/** Routing that pins a client to one replica, as the common controllers write it. */
import { entriesOf, entryAt, itemsOf, nodeAt, scalarOf, textOf } from '../../text/yaml-access.ts';
import type { YamlNode } from '../../text/yaml-document.ts';
import type { Fact, Place } from '../../types.ts';
import type { KubernetesObject } from './object.ts';

const isTrue = (text: string): boolean => /^(true|enabled|1|yes|on)$/i.test(text.trim());
const named = (text: string): boolean => text.trim() !== '';
const hashesClient = (text: string): boolean => /\$(binary_)?remote_addr|\$cookie_|\$http_x_forwarded_for|\$http_authorization/.test(text);
const isStickyTarget = (text: string): boolean => /stickiness\.enabled\s*=\s*true/.test(text);
const isClientBalance = (text: string): boolean => /^(source|ip_hash|client_ip)/i.test(text.trim());

/** Annotations by key, with what makes each a pin. */
const stickyAnnotations: Readonly<Record<string, readonly [how: string, pins: (text: string) => boolean]>> = {
  'nginx.ingress.kubernetes.io/affinity': ['cookie affinity of ingress-nginx', named],
  'nginx.ingress.kubernetes.io/upstream-hash-by': ['hashing by client of ingress-nginx', hashesClient],
  'nginx.ingress.kubernetes.io/load-balance': ['hashing by client of ingress-nginx', isClientBalance],
  'ingress.kubernetes.io/affinity': ['cookie affinity of the Ingress controller', named],
  'nginx.org/sticky-cookie-services': ['sticky cookies of the NGINX controller', named],
  'nginx.org/lb-method': ['hashing by client of the NGINX controller', (text) => isClientBalance(text) || hashesClient(text)],
  'alb.ingress.kubernetes.io/target-group-attributes': ['stickiness of the AWS load balancer', isStickyTarget],
  'service.beta.kubernetes.io/aws-load-balancer-target-group-attributes': ['stickiness of the AWS load balancer', isStickyTarget],
  'appgw.ingress.kubernetes.io/cookie-based-affinity': ['cookie affinity of the Azure Application Gateway', isTrue],
  'haproxy.org/cookie-persistence': ['cookie persistence of HAProxy', named],
  'haproxy.org/load-balance': ['balancing by source address of HAProxy', isClientBalance],
  'haproxy-ingress.github.io/affinity': ['cookie affinity of HAProxy', named],
  'haproxy-ingress.github.io/balance-algorithm': ['balancing by source address of HAProxy', isClientBalance],
  'traefik.ingress.kubernetes.io/affinity': ['sticky sessions of Traefik', isTrue],
  'traefik.ingress.kubernetes.io/service.sticky.cookie': ['sticky sessions of Traefik', isTrue],
  'haproxy.router.openshift.io/balance': ['balancing by source address of the OpenShift router', isClientBalance],
  'router.openshift.io/cookie_name': ['the session cookie of the OpenShift router', named],
  'load-balancer.hetzner.cloud/http-sticky-sessions': ['sticky sessions of the Hetzner load balancer', isTrue],
  'service.beta.kubernetes.io/alibaba-cloud-loadbalancer-sticky-session': ['sticky sessions of the Alibaba load balancer', isTrue],
  'service.beta.kubernetes.io/scw-loadbalancer-sticky-sessions': [
    'sticky sessions of the Scaleway load balancer',
    (text) => text === 'cookie' || text === 'table',
  ],
  'service.beta.kubernetes.io/vultr-loadbalancer-sticky-session-enabled': ['sticky sessions of the Vultr load balancer', isTrue],
  'service.kubernetes.io/sticky-session': ['sticky sessions of the load balancer', isTrue],
  'service.beta.kubernetes.io/do-loadbalancer-sticky-sessions-type': [
    'sticky sessions of the DigitalOcean load balancer',
    (text) => text === 'cookies',
  ],
};

/** Headers that tell one client from another; hashing by others spreads requests. */
export const isOfClient = (header: string): boolean =>
  /user|session|cookie|auth|client|forwarded|real-ip|device|token|account|tenant/i.test(header);

/** JSON of a forward action that balances over target groups. */
const albActions = 'alb.ingress.kubernetes.io/actions.';
const isStickyAction = (text: string): boolean =>
  /"targetGroupStickinessConfig"\s{0,9}:\s{0,9}\{[^}]{0,200}"enabled"\s{0,9}:\s{0,9}true/i.test(text);

export const pin = (how: string, to: readonly string[], place: Place, object: KubernetesObject): Fact<'sticky-routing'> => ({
  kind: 'sticky-routing',
  place,
  confidence: 'certain',
  value: { how, to, ...(object.namespace ? { namespace: object.namespace } : {}) },
});

/** Pins that annotations of an object ask for. `to` names the Services behind it. */
export const readStickyAnnotations = (object: KubernetesObject, to: readonly string[]): Fact<'sticky-routing'>[] =>
  entriesOf(nodeAt(object.root, 'metadata', 'annotations')).flatMap(({ key, value }) => {
    const known = Object.hasOwn(stickyAnnotations, key) ? stickyAnnotations[key] : undefined;
    const text = textOf(value);
    if (key.startsWith(albActions) && text && isStickyAction(text))
      return [pin('stickiness of the AWS load balancer', to, value.place, object)];
    return known && text !== undefined && known[1](text) ? [pin(known[0], to, value.place, object)] : [];
  });

/** `sessionAffinity: ClientIP` of a Service. */
export function readServiceAffinity(object: KubernetesObject): Fact<'sticky-routing'>[] {
  const affinity = scalarOf(nodeAt(object.spec, 'sessionAffinity'));
  return affinity?.text === 'ClientIP' ? [pin('`sessionAffinity: ClientIP` of the Service', [object.name], affinity.place, object)] : [];
}

/** The first entry named `key` anywhere below a node (trees are bounded by the reader). */
export function findEntry(node: YamlNode | undefined, key: string): { keyPlace: Place; value: YamlNode } | undefined {
  const own = entryAt(node, key);
  if (own) return own;
  const children = node?.kind === 'map' ? entriesOf(node).map(({ value }) => value) : itemsOf(node);
  for (const child of children) {
    const found = child.kind === 'scalar' ? undefined : findEntry(child, key);
    if (found) return found;
  }
  return undefined;
}

/**
 * The router of OpenShift sets a cookie for every route that it may look into, unless the route says otherwise ("Route-specific
 * annotations", `haproxy.router.openshift.io/disable_cookies`). Passed-through TLS is balanced by source address.
 */
export function readDefaultCookie(object: KubernetesObject, to: readonly string[]): Fact<'sticky-routing'>[] {
  const { annotations } = object;
  const isOff = isTrue(annotations['haproxy.router.openshift.io/disable_cookies'] ?? '');
  const isNamed =
    annotations['router.openshift.io/cookie_name'] !== undefined ||
    isClientBalance(annotations['haproxy.router.openshift.io/balance'] ?? '');
  const isPassedThrough = textOf(nodeAt(object.spec, 'tls', 'termination')) === 'passthrough';
  if (object.group !== 'route.openshift.io' || isOff || isNamed || isPassedThrough) return [];
  const fact = pin('the cookie that the OpenShift router sets by default', to, object.namePlace, object);
  return [{ ...fact, value: { ...fact.value, byDefault: true } }];
}

const hashesOfContour = (policy: YamlNode): boolean =>
  textOf(nodeAt(policy, 'hashSourceIP')) === 'true' || isOfClient(textOf(nodeAt(policy, 'headerHashOptions', 'headerName')) ?? '');

/** Gateway API `sessionPersistence`, Traefik `sticky`, Contour `strategy: Cookie`, below a route. */
export function readRoutePersistence(object: KubernetesObject, to: readonly string[]): Fact<'sticky-routing'>[] {
  const persistence = findEntry(object.spec, 'sessionPersistence');
  if (persistence) return [pin('`sessionPersistence` of the route', to, persistence.keyPlace, object)];
  const sticky = object.group.startsWith('traefik.') ? findEntry(object.spec, 'sticky') : undefined;
  if (sticky) return [pin('sticky sessions of Traefik', to, sticky.keyPlace, object)];
  const policy = object.group === 'projectcontour.io' ? findEntry(object.spec, 'loadBalancerPolicy') : undefined;
  const strategy = textOf(nodeAt(policy?.value, 'strategy'));
  if (policy && strategy === 'Cookie') return [pin('cookie strategy of Contour', to, policy.keyPlace, object)];
  const hashed = itemsOf(nodeAt(policy?.value, 'requestHashPolicies')).some(hashesOfContour);
  return policy && strategy === 'RequestHash' && hashed ? [pin('hashing by client of Contour', to, policy.keyPlace, object)] : [];
}
