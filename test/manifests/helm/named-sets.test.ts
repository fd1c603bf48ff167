/** Sets of values that `cloudworthy.yml` names, through a whole session. */
import { expect, it } from 'vitest';
import { analyse } from '../../../src/session.ts';
import { makeFolder } from '../../temporary-repository.ts';

const deployment = `apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: 2
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers:
        - name: web
          image: registry.example.com/web:{{ .Values.tag }}
`;
const files = {
  'chart/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 1.0.0\n',
  'chart/values.yaml': 'tag: latest\n',
  'chart/templates/web.yaml': deployment,
  'environments/cluster-7.yaml': 'tag: 1.4.2\n',
};

it('decide what is judged', () => {
  const judge = (over: Readonly<Record<string, string>>) =>
    analyse({ root: makeFolder({ ...files, ...over }), cache: false, rules: ['image-tag-mutable'] }).findings.map(
      ({ place }) => `${place.path}:${place.line}`,
    );
  expect(judge({})).toEqual(['chart/values.yaml:1']);
  expect(judge({ 'cloudworthy.yml': 'helm:\n  sets:\n    prod: [values.yaml, ../environments/cluster-7.yaml]\n' })).toEqual([]);
});
