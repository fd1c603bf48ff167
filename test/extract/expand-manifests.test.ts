import { describe, expect, it } from 'vitest';
import { expandManifests } from '../../src/extract/expand-manifests.ts';
import { extractManifests } from '../../src/extract/extract-manifests.ts';
import { kubernetesAdapter } from '../../src/manifests/kubernetes/adapter.ts';
import { indexPlatform } from '../../src/model/platform-index.ts';
import { atOnce } from '../../src/steps.ts';
import { LineMap } from '../../src/text/positions.ts';
import type { AnyFact, Expander, Fact, VirtualDocument } from '../../src/types.ts';

const deployment = (replicas: number) => `apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: ${replicas}
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: web, image: shop/web }] }
`;
const service = `apiVersion: v1
kind: Service
metadata: { name: web }
spec: { selector: { app: web }, ports: [{ port: 80 }] }
`;
const document = (path: string, text: string, over: Partial<VirtualDocument> = {}): VirtualDocument => ({
  path,
  text,
  places: new LineMap(path, text),
  ...over,
});
const expander: Expander = {
  id: 'two-sets',
  roots: (paths) => paths.filter((path) => path.endsWith('/root')),
  expand: () => ({
    documents: [
      document('x/deployment.yaml', deployment(1), { set: 'small' }),
      document('x/deployment.yaml', deployment(3), { set: 'large' }),
      document('x/deployment.yaml', deployment(1), { set: 'laptop', purpose: 'development' }),
      document('x/service.yaml', service, { set: 'large' }),
      document('x/tests/pod.yaml', deployment(9)),
    ],
    consumed: ['x/service.yaml'],
    notAssessed: [],
  }),
};
const broken: Expander = {
  ...expander,
  expand() {
    throw new TypeError('no');
  },
};
const input = (expanders: readonly Expander[]) => ({
  adapters: [kubernetesAdapter],
  expanders,
  files: { has: () => false, under: () => [], text: () => undefined, derive: () => undefined },
  paths: ['x/root', 'x/service.yaml', 'y/service.yaml'],
  roleOf: (path: string) => (path.includes('/tests/') ? ('test' as const) : ('production' as const)),
  derive: <T>(path: string, _kind: string, make: (file: { path: string; text: string }) => T) => make({ path, text: service }),
});
const workloadsOf = (facts: readonly AnyFact[]) => facts.filter((fact): fact is Fact<'workload'> => fact.kind === 'workload');

describe('documents that several files make', () => {
  it('give facts that know their set and what it is for', () => {
    const found = workloadsOf(atOnce(expandManifests(input([expander]))).facts);
    expect(found.map(({ set, value }) => [set, value.purpose])).toEqual([
      ['small', 'unknown'],
      ['large', 'unknown'],
      ['laptop', 'development'],
    ]);
  });

  it('say which judged sets exclude each other', () => {
    expect(atOnce(expandManifests(input([expander]))).sets).toEqual([['large', 'small']]);
  });

  it('take the place of the files that they were made of', () => {
    const { facts } = atOnce(extractManifests(input([expander])));
    const exposures = facts.filter(({ kind }) => kind === 'exposure').map(({ place, set }) => [place.path, set]);
    expect(exposures).toEqual([
      ['x/service.yaml', 'large'],
      ['y/service.yaml', undefined],
    ]);
  });

  it('are named when making them fails, and cost nothing else', () => {
    const { facts, notAssessed } = atOnce(extractManifests(input([broken])));
    expect(facts.map(({ place }) => place.path)).toEqual(['x/service.yaml', 'y/service.yaml']);
    expect(notAssessed).toMatchObject([{ reason: 'internal-error', place: { path: 'x/root' }, failed: true }]);
  });

  it('belong together within one set only', () => {
    const { facts } = atOnce(expandManifests(input([expander])));
    const workloads = workloadsOf(facts);
    const platform = indexPlatform(facts, workloads);
    expect(workloads.map((workload) => [workload.set, platform.around(workload).exposures.length])).toEqual([
      ['small', 0],
      ['large', 1],
      ['laptop', 0],
    ]);
  });
});
