import { describe, expect, it } from 'vitest';
import type { FactKind, FactValues } from '../../src/facts.ts';
import { kubernetesAdapter } from '../../src/manifests/kubernetes/adapter.ts';

const extract = (text: string, path = 'deploy/app.yaml') => kubernetesAdapter.extract({ path, text });
const valuesOf = <K extends FactKind>(kind: K, text: string, path?: string): FactValues[K][] =>
  extract(text, path)
    .facts.filter((fact) => fact.kind === kind)
    .map((fact) => fact.value as FactValues[K]);

const deployment = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: api
  namespace: shop
spec:
  replicas: 3
  selector:
    matchLabels: {app: api}
  strategy:
    type: Recreate
  template:
    metadata:
      labels: {app: api}
    spec:
      terminationGracePeriodSeconds: 45
      shareProcessNamespace: true
      securityContext: {runAsUser: 1000}
      containers:
        - name: api
          image: registry.example.com/api:1.4.2
          command: ["node", "--max-old-space-size=400", "server.js"]
          ports:
            - {name: http, containerPort: 8080}
          env:
            - {name: HOST, value: db}
            - {name: DATABASE, value: "postgres://$(HOST)/shop"}
            - {name: DB_PASSWORD, value: correct-horse-battery}
            - name: LEVEL
              valueFrom: {configMapKeyRef: {name: settings, key: level, optional: true}}
          envFrom:
            - secretRef: {name: api-secrets}
          resources:
            requests: {cpu: 250m, memory: 256Mi}
            limits: {memory: 0.5Gi}
          readinessProbe:
            httpGet: {path: /ready, port: http}
          lifecycle:
            preStop: {exec: {command: [sh, -c, "sleep 12"]}}
          volumeMounts: [{name: data, mountPath: /data}]
      volumes:
        - {name: data, persistentVolumeClaim: {claimName: files}}
        - {name: logs, hostPath: {path: /var/log/api}}
`;

describe('workloads', () => {
  const [workload] = valuesOf('workload', deployment);
  it('reads a Deployment with exact places', () => {
    expect(workload).toMatchObject({
      kind: 'Deployment',
      name: 'api',
      namespace: 'shop',
      longRunning: true,
      labels: { app: 'api' },
      replicas: { known: true, value: 3, place: { line: 7, column: 13, endColumn: 14 } },
      strategy: { type: { value: 'Recreate', place: { line: 11 } } },
      gracePeriod: { value: 45 },
      namePlace: { line: 4, column: 9 },
    });
    expect(workload!.volumes).toMatchObject([
      { name: 'data', type: 'claim', source: { value: 'files' } },
      { name: 'logs', type: 'host-path', source: { value: '/var/log/api' } },
    ]);
  });

  it('reads a container', () => {
    const container = workload!.containers[0]!;
    expect(container).toMatchObject({
      image: { value: 'registry.example.com/api:1.4.2' },
      init: true,
      readiness: { type: 'http', path: { value: '/ready' }, port: { value: 'http' }, place: { line: 36 } },
      resources: { cpuRequest: { value: 0.25 }, memoryRequest: { value: 268435456 }, memoryLimit: { value: 536870912 } },
      preStop: { seconds: 12 },
      security: { runAsUser: { value: 1000 } },
      mounts: [{ volume: 'data', path: { value: '/data' } }],
    });
    expect(container.liveness).toBeUndefined();
  });

  it('expands references between variables and keeps no secret', () => {
    const env = workload!.containers[0]!.env;
    expect(env.map(({ name }) => name)).toEqual(['HOST', 'DATABASE', 'DB_PASSWORD', 'LEVEL']);
    expect(env[1]!.value).toMatchObject({ known: true, value: 'postgres://db/shop' });
    expect(env[2]!.value).toMatchObject({ known: false });
    expect(env[3]!.from).toEqual({ kind: 'config-map', name: 'settings', key: 'level', optional: true });
    expect(JSON.stringify(extract(deployment))).not.toContain('correct-horse');
  });

  it('reads members of a List, CronJobs and hook pods as what they are', () => {
    const text = `apiVersion: v1
kind: List
items:
- apiVersion: batch/v1
  kind: CronJob
  metadata: {name: nightly}
  spec: {schedule: "0 3 * * *", jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: a}]}}}}}
- apiVersion: v1
  kind: Pod
  metadata: {name: check, annotations: {helm.sh/hook: test}}
  spec: {containers: [{name: a, image: a}]}
- apiVersion: serving.knative.dev/v1
  kind: Service
  metadata: {name: function}
`;
    expect(valuesOf('workload', text)).toMatchObject([
      { name: 'nightly', longRunning: false },
      { name: 'check', longRunning: false },
    ]);
    expect(valuesOf('exposure', text)).toEqual([]);
  });

  it('takes partial objects for patches', () => {
    const patch = 'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: api}\nspec:\n  replicas: 5\n';
    expect(valuesOf('workload', patch)).toEqual([]);
    expect(valuesOf('workload-patch', patch)).toMatchObject([{ name: 'api', replicas: { value: 5 }, sets: ['replicas'] }]);
  });

  it('keeps what a placeholder decides unknown', () => {
    const [open] = valuesOf('workload', deployment.replace('replicas: 3', 'replicas: ${REPLICAS}'));
    expect(open!.replicas).toMatchObject({ known: false, place: { line: 7 } });
  });

  it.each([
    ['deploy/dev/app.yaml', 'development'],
    ['overlays/staging/app.yaml', 'production'],
    ['k8s/app.yaml', 'unknown'],
  ])('%s is for %s', (path, purpose) => {
    expect(valuesOf('workload', deployment, path)[0]!.purpose).toBe(purpose);
  });
});

describe('config', () => {
  it('never keeps the values of a Secret', () => {
    const text = `apiVersion: v1
kind: Secret
metadata: {name: api-secrets}
stringData: {PASSWORD: hunter2hunter2, NOTE: plain words}
data: {TOKEN: c3VwZXItc2VjcmV0LXRva2Vu}
`;
    const [secret] = valuesOf('config-source', text);
    expect(secret).toMatchObject({ kind: 'secret', name: 'api-secrets', keys: ['PASSWORD', 'NOTE', 'TOKEN'] });
    expect(secret!.entries.every(({ value }) => value?.known === false)).toBe(true);
    expect(JSON.stringify(extract(text))).not.toMatch(/hunter2|plain words|c3VwZXI|super-secret/);
  });
});

describe('traffic', () => {
  it('reads Services, their affinity and Ingress cookies', () => {
    const text = `apiVersion: v1
kind: Service
metadata: {name: api}
spec:
  selector: {app: api}
  sessionAffinity: ClientIP
  ports:
  - {port: 80, targetPort: http}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: edge
  annotations:
    nginx.ingress.kubernetes.io/affinity: cookie
    alb.ingress.kubernetes.io/target-group-attributes: stickiness.enabled=false
spec:
  rules:
  - host: shop.example.com
    http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: api, port: {number: 80}}}}]}
`;
    expect(valuesOf('exposure', text)).toMatchObject([{ name: 'api', selector: { app: 'api' }, ports: [{ target: { value: 'http' } }] }]);
    expect(valuesOf('traffic-route', text)).toMatchObject([
      { kind: 'Ingress', hosts: ['shop.example.com'], backends: [{ service: 'api', port: 80 }] },
    ]);
    const sticky = extract(text).facts.filter(({ kind }) => kind === 'sticky-routing');
    expect(sticky.map(({ place, value }) => [place.line, (value as FactValues['sticky-routing']).to])).toEqual([
      [6, ['api']],
      [15, ['api']],
    ]);
  });

  it('reads session persistence of Gateway API routes', () => {
    const text = `apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: edge}
spec:
  rules:
  - backendRefs: [{name: api, port: 80}]
    sessionPersistence: {type: Cookie}
`;
    expect(valuesOf('sticky-routing', text)).toMatchObject([{ to: ['api'] }]);
  });
});

describe('scaling', () => {
  it.each([
    ['autoscaling/v1', 'targetCPUUtilizationPercentage: 70', [{ resource: 'cpu', kind: 'utilization' }], []],
    [
      'autoscaling/v2',
      'metrics: [{type: Resource, resource: {name: memory, target: {type: AverageValue, averageValue: 1Gi}}}]',
      [{ resource: 'memory', kind: 'value' }],
      [],
    ],
    [
      'autoscaling/v2beta1',
      'metrics: [{type: Resource, resource: {name: cpu, targetAverageUtilization: 50}}]',
      [{ resource: 'cpu', kind: 'utilization' }],
      [],
    ],
    ['autoscaling/v2', 'metrics: [{type: Pods, pods: {metric: {name: queue_length}}}]', [], ['queue_length']],
    ['autoscaling/v2', 'behavior: {}', [{ resource: 'cpu', kind: 'utilization' }], []],
  ])('reads %s with %s', (version, metrics, resourceMetrics, otherMetrics) => {
    const text = `apiVersion: ${version}\nkind: HorizontalPodAutoscaler\nmetadata: {name: a}\nspec:\n  scaleTargetRef: {kind: Deployment, name: api}\n  maxReplicas: 4\n  ${metrics}\n`;
    expect(valuesOf('autoscaler', text)).toMatchObject([
      { target: { kind: 'Deployment', name: 'api', place: { line: 5 } }, max: { value: 4 }, resourceMetrics, otherMetrics },
    ]);
  });

  it('reads KEDA and budgets', () => {
    const text = `apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata: {name: worker}
spec: {scaleTargetRef: {name: worker}, minReplicaCount: 0, triggers: [{type: rabbitmq}, {type: cpu, metricType: Utilization}]}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: worker}
spec: {maxUnavailable: 25%, selector: {matchLabels: {app: worker}}}
`;
    expect(valuesOf('autoscaler', text)).toMatchObject([
      { min: { value: 0 }, otherMetrics: ['rabbitmq'], resourceMetrics: [{ resource: 'cpu' }] },
    ]);
    expect(valuesOf('disruption-budget', text)).toMatchObject([{ selector: { app: 'worker' }, maxUnavailable: { value: '25%' } }]);
  });
});

describe('what cannot be judged', () => {
  it('names templates once for a chart', () => {
    const template = 'apiVersion: v1\nkind: Service\nmetadata:\n  name: {{ include "shop.name" . }}\n';
    const first = extract(template, 'charts/shop/templates/service.yaml');
    expect(first).toEqual({ facts: [], notAssessed: [expect.objectContaining({ reason: 'template', failed: false })] });
    expect(extract(`{{- if .Values.on }}\n${template}{{- end }}\n`, 'charts/shop/templates/sub/a.yaml')).toEqual(first);
    expect(extract(template, 'deploy/service.yaml').notAssessed).toMatchObject([{ reason: 'template' }]);
  });

  it('reads plain YAML whose texts hold actions', () => {
    const text = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: alerts}\ndata:\n  rules: |\n    {{ $labels.pod }} is down\n';
    expect(valuesOf('config-source', text)).toMatchObject([{ name: 'alerts', keys: ['rules'] }]);
  });

  it('names a broken document and reads the rest', () => {
    const { facts, notAssessed } = extract(`${deployment}---\nkind: [\n`);
    expect(facts.map(({ kind }) => kind)).toEqual(['workload', 'secret']);
    expect(notAssessed).toMatchObject([{ reason: 'syntax-error', failed: true }]);
  });

  it.each(['spec: []', 'metadata: 3', 'spec: {template: {spec: {containers: {a: 1}}}}', 'metadata: {name: [x]}'])('survives %s', (part) => {
    expect(() => extract(`apiVersion: apps/v1\nkind: Deployment\n${part}\n`)).not.toThrow();
  });
});

describe('classify', () => {
  it.each([
    ['a/x.yaml', 'apiVersion: v1\nkind: Service\n', true],
    ['a/x.yaml', 'services:\n  web:\n    image: a\n', false],
    ['a/package.json', '{"apiVersion": 1, "kind": 2}', false],
    ['k8s/x.json', '{\n "apiVersion": "v1",\n "kind": "Service" }', true],
  ])('%s', (path, head, expected) => {
    expect(kubernetesAdapter.classify(path, head)).toBe(expected);
  });
});
