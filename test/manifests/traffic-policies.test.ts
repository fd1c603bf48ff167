/** Each gateway's way to pin a client, and its neighbour that does not. */
import { describe, expect, it } from 'vitest';
import { kubernetesAdapter } from '../../src/manifests/kubernetes/adapter.ts';
import type { Fact } from '../../src/types.ts';

const pins = (text: string): Fact<'sticky-routing'>[] =>
  kubernetesAdapter.extract({ path: 'k8s/edge.yaml', text }).facts.filter((fact) => fact.kind === 'sticky-routing');
const object = (apiVersion: string, kind: string, spec: string): string =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: edge}\nspec: ${spec}\n`;

describe('policies', () => {
  it.each([
    [
      'networking.istio.io/v1',
      'DestinationRule',
      '{host: api.shop.svc, trafficPolicy: {loadBalancer: {consistentHash: {httpHeaderName: x-user-id}}}}',
      'api',
    ],
    [
      'networking.istio.io/v1',
      'DestinationRule',
      '{host: api, subsets: [{trafficPolicy: {loadBalancer: {consistentHash: {useSourceIp: true}}}}]}',
      'api',
    ],
    ['cloud.google.com/v1', 'BackendConfig', '{sessionAffinity: {affinityType: CLIENT_IP}}', undefined],
    ['networking.gke.io/v1', 'GCPBackendPolicy', '{default: {sessionAffinity: {type: GENERATED_COOKIE}}, targetRef: {name: api}}', 'api'],
    [
      'alb.networking.azure.io/v1',
      'RoutePolicy',
      '{default: {sessionAffinity: {affinityType: application-cookie}}, targetRef: {name: api}}',
      'api',
    ],
    [
      'gateway.envoyproxy.io/v1alpha1',
      'BackendTrafficPolicy',
      '{targetRefs: [{name: api}], loadBalancer: {type: ConsistentHash, consistentHash: {type: SourceIP}}}',
      'api',
    ],
    ['gateway.networking.k8s.io/v1alpha2', 'BackendLBPolicy', '{targetRefs: [{name: api}], sessionPersistence: {type: Cookie}}', 'api'],
    ['traefik.io/v1alpha1', 'TraefikService', '{weighted: {sticky: {cookie: {}}, services: [{name: api}]}}', 'api'],
    ['k8s.nginx.org/v1', 'VirtualServer', '{upstreams: [{service: api, sessionCookie: {enable: true, name: srv}}]}', 'api'],
    ['k8s.nginx.org/v1', 'VirtualServer', '{upstreams: [{service: api, lb-method: ip_hash}]}', 'api'],
    ['configuration.konghq.com/v1beta1', 'KongUpstreamPolicy', '{algorithm: consistent-hashing, hashOn: {input: ip}}', undefined],
    ['getambassador.io/v3alpha1', 'Mapping', '{service: "api:80", load_balancer: {policy: ring_hash, cookie: {name: s}}}', 'api'],
    ['apisix.apache.org/v2', 'ApisixUpstream', '{loadbalancer: {type: chash, key: remote_addr}}', 'edge'],
    [
      'gateway.k8s.aws/v1beta1',
      'TargetGroupConfiguration',
      '{targetReference: {name: api}, defaultConfiguration: {targetGroupAttributes: [{key: stickiness.enabled, value: "true"}]}}',
      'api',
    ],
  ])('%s %s pins: %s', (apiVersion, kind, spec, to) => {
    const found = pins(object(apiVersion, kind, spec));
    expect(found).toHaveLength(1);
    expect(found[0]!.place.line).toBe(4);
    if (to) expect(found[0]!.value.to).toContain(to);
    else expect(found[0]!.value.to).toEqual([]);
  });

  it.each([
    [
      'networking.istio.io/v1',
      'DestinationRule',
      '{host: api, trafficPolicy: {loadBalancer: {consistentHash: {httpHeaderName: x-shard}}}}',
    ],
    ['networking.istio.io/v1', 'DestinationRule', '{host: api, trafficPolicy: {loadBalancer: {simple: LEAST_REQUEST}}}'],
    ['cloud.google.com/v1', 'BackendConfig', '{sessionAffinity: {affinityType: NONE}}'],
    ['gateway.envoyproxy.io/v1alpha1', 'BackendTrafficPolicy', '{targetRefs: [{name: api}], loadBalancer: {type: LeastRequest}}'],
    ['traefik.io/v1alpha1', 'TraefikService', '{weighted: {services: [{name: api}]}}'],
    ['k8s.nginx.org/v1', 'VirtualServer', '{upstreams: [{service: api, sessionCookie: {enable: false}, lb-method: least_conn}]}'],
    ['configuration.konghq.com/v1beta1', 'KongUpstreamPolicy', '{algorithm: round-robin, hashOn: {input: ip}}'],
    ['getambassador.io/v3alpha1', 'Mapping', '{service: api, load_balancer: {policy: round_robin}}'],
    ['apisix.apache.org/v2', 'ApisixUpstream', '{loadbalancer: {type: roundrobin}}'],
    [
      'gateway.k8s.aws/v1beta1',
      'TargetGroupConfiguration',
      '{defaultConfiguration: {targetGroupAttributes: [{key: stickiness.enabled, value: "false"}]}}',
    ],
  ])('%s %s does not: %s', (apiVersion, kind, spec) => {
    expect(pins(object(apiVersion, kind, spec))).toEqual([]);
  });
});

describe('annotations', () => {
  const route = (annotation: string): string =>
    `apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: edge\n  annotations:\n    ${annotation}\nspec: {defaultBackend: {service: {name: api, port: {number: 80}}}}\n`;
  const action = (enabled: boolean): string =>
    `alb.ingress.kubernetes.io/actions.api: '{"type":"forward","forwardConfig":{"targetGroups":[],"targetGroupStickinessConfig":{"enabled":${enabled},"durationSeconds":20}}}'`;
  it.each([
    [action(true), 1],
    [action(false), 0],
    ['nginx.ingress.kubernetes.io/affinity: cookie', 1],
    ['nginx.ingress.kubernetes.io/affinity: ""', 0],
    ['haproxy.org/load-balance: roundrobin', 0],
    ['haproxy.org/load-balance: source', 1],
    ['router.openshift.io/cookie_name: shop', 1],
    ['appgw.ingress.kubernetes.io/cookie-based-affinity: "true"', 1],
  ])('%s', (annotation, count) => {
    expect(pins(route(annotation))).toHaveLength(count);
  });
});

describe('serverless', () => {
  const service = (annotations: string): string => `apiVersion: serving.knative.dev/v1
kind: Service
metadata: {name: api}
spec:
  template:
    metadata:
      annotations: ${annotations}
    spec:
      containers: [{image: shop/api, ports: [{containerPort: 8080}]}]
`;
  const facts = (annotations: string) => kubernetesAdapter.extract({ path: 'service.yaml', text: service(annotations) }).facts;

  it('reads a Knative Service with the limits of its scaling', () => {
    const [workload, scaler] = facts('{autoscaling.knative.dev/max-scale: "4"}');
    expect(workload).toMatchObject({ kind: 'workload', value: { platform: 'other', kind: 'Knative Service', name: 'api' } });
    expect(scaler).toMatchObject({ kind: 'autoscaler', value: { max: { value: 4 }, target: { name: 'api' } } });
  });

  it('knows Cloud Run by its annotations, and its session affinity', () => {
    const [workload, scaler, , pin] = facts('{run.googleapis.com/sessionAffinity: "true", autoscaling.knative.dev/maxScale: 9}');
    expect(workload).toMatchObject({ value: { platform: 'cloud-run', kind: 'Cloud Run service' } });
    expect(scaler).toMatchObject({ value: { platform: 'cloud-run', max: { value: 9 } } });
    expect(pin).toMatchObject({ kind: 'sticky-routing', value: { to: ['api'] }, place: { line: 7 } });
  });
});
