import { describe, expect, it } from 'vitest';
import type { Container, StoreChoice, Value } from '../../src/facts.ts';
import type { AnyFact, Fact } from '../../src/types.ts';
import { at, build, known, makeContainer, makeImage, makePackage, makeWorkload, serviceOf } from './facts.ts';

const path = 'k8s/shop.yaml';
const app = makePackage('', { name: 'shop', scripts: { start: 'node server.js' }, dependencies: ['express'] });
const image = (env: Record<string, string> = {}) =>
  makeImage('Dockerfile', [{ workdir: '/app', copies: [['.', '.']], cmd: ['node', 'server.js'], env }]);
const variable = (name: string, value: string, line = 10) => ({ name, value: known(value, at(path, line)), place: at(path, line) });
const deploy = (container: Partial<Container> = {}, value: Parameters<typeof makeWorkload>[2] = {}, file = path) =>
  makeWorkload(file, 'shop', { containers: [makeContainer('shop', file, { imageName: 'acme/shop', ...container })], ...value });
const shopOf = (facts: readonly AnyFact[], code: readonly AnyFact[] = []) =>
  serviceOf(build([app, ...facts], ['server.js'], { 'server.js': code }), 'shop');
const autoscaler = (max: number, target = 'shop', file = 'k8s/hpa.yaml'): Fact<'autoscaler'> => ({
  kind: 'autoscaler',
  place: at(file),
  confidence: 'certain',
  value: {
    kind: 'HorizontalPodAutoscaler',
    name: 'a',
    target: { kind: 'Deployment', name: target, place: at(file, 6) },
    max: known(max, at(file, 8)),
    resourceMetrics: [],
    otherMetrics: [],
    purpose: 'unknown',
    namePlace: at(file, 2),
  },
});

describe('what the platform puts around a workload', () => {
  const exposure = (file: string, namespace?: string): Fact<'exposure'> => ({
    kind: 'exposure',
    place: at(file),
    confidence: 'certain',
    value: {
      name: 'shop-svc',
      namespace,
      selector: { app: 'shop' },
      ports: [],
      headless: false,
      purpose: 'unknown',
      namePlace: at(file, 2),
    },
  });
  it('is found by names, selectors and namespaces', () => {
    const route: Fact<'traffic-route'> = {
      kind: 'traffic-route',
      place: at('k8s/in.yaml'),
      confidence: 'certain',
      value: {
        name: 'in',
        kind: 'Ingress',
        backends: [{ service: 'shop-svc', place: at('k8s/in.yaml', 9) }],
        hosts: [],
        namePlace: at('k8s/in.yaml', 2),
      },
    };
    const sticky: Fact<'sticky-routing'> = {
      kind: 'sticky-routing',
      place: at('k8s/in.yaml', 5),
      confidence: 'certain',
      value: { how: 'cookie', to: ['shop-svc'] },
    };
    const [deployment] = shopOf([
      image(),
      deploy({}, { namespace: 'prod' }),
      exposure('k8s/svc.yaml'),
      exposure('k8s/other.yaml', 'staging'),
      route,
      sticky,
      autoscaler(5),
      autoscaler(9, 'other'),
    ]).deployments;
    expect(deployment!.exposures.map(({ place }) => place.path)).toEqual(['k8s/svc.yaml']);
    expect(deployment!.routes).toEqual([route]);
    expect(deployment!.sticky).toEqual([sticky]);
    expect(deployment!.autoscalers.map(({ value }) => value.max)).toEqual([known(5, at('k8s/hpa.yaml', 8))]);
  });

  it('stays in its folder where several folders hold the same names', () => {
    const { deployments } = shopOf([
      image(),
      deploy({}, {}, 'blue/a.yaml'),
      deploy({}, {}, 'green/a.yaml'),
      exposure('blue/svc.yaml'),
      autoscaler(5, 'shop', 'green/hpa.yaml'),
    ]);
    expect(deployments.map(({ exposures, autoscalers }) => [exposures.length, autoscalers.length])).toEqual([
      [1, 0],
      [0, 1],
    ]);
  });
});

describe('copies', () => {
  it('are many with the lines that say so, worst first', () => {
    const { copies } = shopOf([image(), deploy({}, { replicas: known(3, at(path, 7)) }), autoscaler(10)]);
    expect(copies).toEqual({
      count: 'many',
      max: 10,
      evidence: [
        { place: at('k8s/hpa.yaml', 8), message: '`maxReplicas: 10` lets it scale to ten copies' },
        { place: at(path, 7), message: '`replicas: 3` runs three copies' },
      ],
    });
  });
  it('are one where all say one, unknown where nobody or a template says', () => {
    expect(shopOf([image(), deploy()]).copies).toEqual({ count: 'one', max: 1, evidence: [] });
    expect(shopOf([image()]).copies.count).toBe('unknown');
    expect(shopOf([image(), deploy({}, { replicas: { known: false, because: 'a template', place: at(path, 7) } })]).copies.count).toBe(
      'unknown',
    );
  });
  it('of development do not count; patches of an overlay do', () => {
    expect(shopOf([image(), deploy({}, { replicas: known(3, at(path, 7)), purpose: 'development' })]).copies.count).toBe('unknown');
    const patch: Fact<'workload-patch'> = {
      kind: 'workload-patch',
      place: at('prod/patch.yaml'),
      confidence: 'certain',
      value: { kind: 'Deployment', name: 'shop', replicas: known(4, at('prod/patch.yaml', 6)), sets: ['replicas'] },
    };
    expect(shopOf([image(), deploy({}, { replicas: known(1, at(path, 7)) }), patch]).copies).toMatchObject({ count: 'many', max: 4 });
  });
  it('count the processes of pm2', () => {
    const processFile: Fact<'process-file'> = {
      kind: 'process-file',
      place: at('ecosystem.config.js'),
      confidence: 'certain',
      value: { manager: 'pm2', scripts: ['server.js'], instances: known('max', at('ecosystem.config.js', 5)) },
    };
    const clustered = makeImage('Dockerfile', [{ workdir: '/app', copies: [['.', '.']], cmd: ['pm2-runtime', 'ecosystem.config.js'] }]);
    const shop = shopOf([clustered, processFile, deploy()]);
    expect(shop.copies.evidence).toEqual([{ place: at('ecosystem.config.js', 5), message: 'pm2 starts one process for each processor' }]);
    expect([shop.copies.count, shop.entries[0]!.path]).toEqual(['many', 'server.js']);
  });
});

describe('the environment', () => {
  const config: Fact<'config-source'> = {
    kind: 'config-source',
    place: at('k8s/config.yaml'),
    confidence: 'certain',
    value: {
      kind: 'config-map',
      name: 'settings',
      keys: ['MODE'],
      entries: [variable('MODE', 'config')],
      purpose: 'unknown',
      namePlace: at('k8s/config.yaml', 2),
    },
  };
  const source = (name: string) => ({ kind: 'config-map' as const, name, place: at(path, 9) });
  it('joins image, sources and entries; the later win', () => {
    const { given, complete, missing } = shopOf([
      image({ MODE: 'image', PORT: '80' }),
      config,
      deploy({ envFrom: [source('settings')], env: [variable('EXTRA', '1')] }),
    ]).deployments[0]!.environment;
    expect(given.map(({ name, value }) => [name, value?.known && value.value])).toEqual([
      ['PORT', '80'],
      ['MODE', 'config'],
      ['EXTRA', '1'],
    ]);
    expect([complete, missing]).toEqual([true, []]);
  });
  it('is incomplete where a source is missing', () => {
    const { complete, missing } = shopOf([image(), deploy({ envFrom: [source('elsewhere')] })]).deployments[0]!.environment;
    expect([complete, missing]).toEqual([false, ['elsewhere']]);
  });
});

describe('conditions and values', () => {
  const memory: StoreChoice = { kind: 'memory', when: [{ env: 'REDIS_URL', test: 'unset' }], place: at('server.js', 4) };
  const redis: StoreChoice = {
    kind: 'external',
    technology: 'redis',
    when: [{ env: 'REDIS_URL', test: 'set' }],
    place: at('server.js', 3),
  };
  const kinds = (facts: readonly AnyFact[]) =>
    shopOf(facts)
      .possibleStores([redis, memory])
      .map(({ kind }) => kind);
  it('leave the stores that can be chosen where the service runs', () => {
    expect(kinds([image(), deploy({ env: [variable('REDIS_URL', 'redis://r')] })])).toEqual(['external']);
    expect(kinds([image(), deploy()])).toEqual(['memory']);
    expect(kinds([image()])).toEqual(['memory', 'external']);
    expect(
      kinds([image(), deploy({ env: [{ name: 'REDIS_URL', from: { kind: 'secret', name: 's', key: 'url' }, place: at(path, 9) }] })]),
    ).toEqual(['external']);
    expect(kinds([image(), deploy({ env: [variable('REDIS_URL', 'redis://r')] }), deploy({}, {}, 'edge/shop.yaml')])).toEqual([
      'memory',
      'external',
    ]);
  });

  it('drop code that never runs in production', () => {
    const listen = (line: number, when: Fact['when']): Fact<'http-server'> => ({
      kind: 'http-server',
      place: at('server.js', line),
      confidence: 'certain',
      value: { library: 'express' },
      when,
    });
    const code = [
      listen(1, [{ env: 'NODE_ENV', test: 'differs', value: 'production' }]),
      listen(2, [{ env: 'NODE_ENV', test: 'equals', value: 'production' }]),
      listen(3, [{ env: 'NODE_ENV', test: 'equals', value: 'test' }]),
      listen(4, [{ env: 'FEATURE', test: 'set' }]),
    ];
    const lines = (facts: readonly AnyFact[]) =>
      shopOf(facts, code)
        .code.all('http-server')
        .map(({ place }) => place.line);
    expect(lines([image()])).toEqual([2, 4]);
    expect(lines([image(), deploy({ env: [variable('NODE_ENV', 'development')] })])).toEqual([2]);
    expect(lines([image(), deploy({ env: [variable('FEATURE', 'on')] })])).toEqual([2, 4]);
  });

  const port: Value = {
    is: 'made',
    callee: { is: 'package', package: '', path: 'Number', place: at('server.js') },
    args: [{ is: 'env', name: 'PORT', fallback: { is: 'literal', value: 3000, place: at('server.js', 7) }, place: at('server.js', 7) }],
    place: at('server.js', 7),
  };
  it('come to what each deployment gives, or to the fallback', () => {
    expect(shopOf([image(), deploy({ env: [variable('PORT', '8080')] })]).literals(port)).toEqual({
      values: [{ value: 8080, place: at(path, 10) }],
      complete: true,
    });
    expect(shopOf([image({ PORT: '80' }), deploy()]).literals(port)).toEqual({
      values: [{ value: 80, place: at('Dockerfile') }],
      complete: true,
    });
    expect(shopOf([image(), deploy()]).literals(port)).toEqual({ values: [{ value: 3000, place: at('server.js', 7) }], complete: true });
    expect(shopOf([image()]).literals(port)).toEqual({ values: [{ value: 3000, place: at('server.js', 7) }], complete: false });
    expect(
      shopOf([
        image(),
        deploy({ env: [{ name: 'PORT', from: { kind: 'config-map', name: 'x', key: 'p' }, place: at(path, 9) }] }),
      ]).literals(port),
    ).toEqual({ values: [], complete: false });
  });
});

describe('the service itself', () => {
  it('stands where it listens, and is http then', () => {
    const listen: Fact<'listen'> = {
      kind: 'listen',
      place: at('server.js', 12),
      confidence: 'certain',
      value: { library: 'express', purpose: 'main' },
      within: 'start/inner',
    };
    const shop = shopOf([image(), deploy()], [listen]);
    expect([shop.kind, shop.place, shop.codeRead]).toEqual(['http', at('server.js', 12), true]);
    expect(shop.reachedFrom(['start']).all('listen')).toEqual([listen]);
    expect(shop.reachedFrom(['other']).size).toBe(0);
  });
});
