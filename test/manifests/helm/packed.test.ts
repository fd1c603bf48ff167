import { describe, expect, it } from 'vitest';
import { analyse } from '../../../src/session.ts';
import { packed } from '../../tar.ts';
import { makeFolder } from '../../temporary-repository.ts';
import { metadata } from './chart.ts';

const workload = `apiVersion: apps/v1
kind: Deployment
metadata: { name: cache }
spec:
  replicas: 2
  selector: { matchLabels: { app: cache } }
  template:
    metadata: { labels: { app: cache } }
    spec:
      containers:
        - name: cache
          image: registry.example.com/cache:{{ .Values.tag }}
          ports: [{ containerPort: 80 }]
          {{- if .Values.probe.enabled }}
          readinessProbe: { httpGet: { path: /, port: 80 } }
          {{- end }}
`;
const chart = packed([
  { name: 'cache/Chart.yaml', text: metadata.replace('web', 'cache') },
  { name: 'cache/values.yaml', text: 'tag: latest\nprobe: { enabled: false }\n' },
  { name: 'cache/templates/a.yaml', text: workload },
  { name: 'cache/templates/_b.tpl', text: '{{ define "side" }}\n- name: side\n  image: side:latest\n{{ end }}' },
]);
const dependency = 'dependencies:\n  - { name: cache, version: 1.x.x, repository: "https://charts.example.com" }\n';

function find(values: string, more: Readonly<Record<string, string>> = {}, archive: string | Buffer = chart) {
  const root = makeFolder({
    'shop/Chart.yaml': metadata + dependency,
    'shop/values.yaml': values,
    'shop/charts/cache-1.0.0.tgz': archive,
    ...more,
  });
  const rules = ['image-tag-mutable', 'probe-missing'];
  const { findings, notAssessed, services } = analyse({ root, rules, git: false, cache: false, config: false });
  const told = findings.map(
    ({ rule, place, related }) =>
      `${rule} ${[place, ...related.map((one) => one.place)].map(({ path, line }) => `${path}:${line}`).join(' ')}`,
  );
  return { told, notes: notAssessed.map(({ reason, place }) => `${reason} ${place?.path}`), services: services.map(({ name }) => name) };
}

describe('a packed chart', () => {
  it('is rendered, and what it decides by itself is nobody’s to edit', () => {
    expect(find('')).toEqual({ told: [], notes: [], services: ['cache'] });
  });
  it('is told at the values that the repository gives it', () => {
    expect(find('cache:\n  tag: stable\n  probe:\n    enabled: false\n').told).toEqual([
      'image-tag-mutable shop/values.yaml:2',
      'probe-missing shop/values.yaml:4',
    ]);
  });
  it('prints into a template that stands in the repository', () => {
    const template = 'kind: Pod\napiVersion: v1\nmetadata: {name: x}\nspec:\n  containers:\n    {{- include "side" . | nindent 4 }}\n';
    expect(find('', { 'shop/templates/x.yaml': template }).told).toContain('image-tag-mutable shop/templates/x.yaml:6');
  });
  it('is named when it cannot be read', () => {
    expect(find('', {}, 'no archive').notes).toEqual(['chart-dependency shop/Chart.yaml']);
  });
});
