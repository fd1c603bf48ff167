import { describe, expect, it } from 'vitest';
import type { Container } from '../../src/facts.ts';
import type { AnyFact } from '../../src/types.ts';
import { at, build, known, makeComposeService, makeContainer, makeImage, makePackage, makeWorkload, namesOf, serviceOf } from './facts.ts';

const workloadOf = (path: string, name: string, imageName: string, value: Parameters<typeof makeWorkload>[2] = {}) =>
  makeWorkload(path, name, { containers: [makeContainer(name, path, { imageName })], ...value });
const server = (root: string, name: string, scripts: Record<string, string> = { start: 'node server.js' }) =>
  makePackage(root, { name, scripts, dependencies: ['express'] });
const imageIn = (folder: string, cmd: readonly string[] = ['node', 'server.js']) =>
  makeImage(folder === '' ? 'Dockerfile' : `${folder}/Dockerfile`, [{ workdir: '/app', copies: [['.', '.']], cmd }]);
const namesOfDeployments = (service: ReturnType<typeof serviceOf>) => service.deployments.map(({ workload }) => workload.value.name);

describe('what is a service', () => {
  it('leaves out roots of workspaces, libraries, client apps and tests', () => {
    const repository = build([
      makePackage('', { name: 'root', workspaces: ['apps/*', 'packages/*'], scripts: { start: 'turbo run start' } }),
      server('apps/api', '@acme/api'),
      makePackage('apps/site', { name: 'site', scripts: { start: 'vite', build: 'vite build' }, dependencies: ['react'] }),
      makePackage('packages/db', { name: '@acme/db', main: 'index.js', dependencies: ['pg'] }),
      server('test/server', 'test-server'),
    ]);
    expect(repository.services.map(({ name, root }) => [name, root])).toEqual([['api', 'apps/api']]);
    expect(repository.notAssessed).toMatchObject([{ reason: 'no-manifest', service: 'api', failed: false }]);
  });

  it('leaves out programs that people run by hand, but not what waits for work', () => {
    const started = (root: string, name: string, dependencies: readonly string[]) =>
      makePackage(root, { name, scripts: { start: 'node index.js' }, dependencies });
    const repository = build([
      started('packages/writer', 'writer', ['commander', 'chalk']),
      started('packages/mailer', 'mailer', ['commander', 'bullmq']),
      started('packages/admin', 'admin', ['yargs', 'express']),
    ]);
    expect(repository.services.map(({ name }) => name)).toEqual(['admin', 'mailer']);
  });

  it('takes a client app that nginx serves for a service without code', () => {
    const image = makeImage('site/Dockerfile', [
      { name: 'build', workdir: '/app', copies: [['.', '.']] },
      { from: 'nginx:1.27', copies: [['/app/dist', '/usr/share/nginx/html', 'build']] },
    ]);
    const site = serviceOf(build([makePackage('site', { name: 'site', scripts: { start: 'vite' } }), image]), 'site');
    expect([site.kind, site.codeRead, site.code.size]).toEqual(['http', false, 0]);
  });

  it('knows databases, jobs and images whose source is elsewhere', () => {
    const repository = build([
      workloadOf('k8s/db.yaml', 'db', 'docker.io/library/postgres:16'),
      workloadOf('k8s/seed.yaml', 'seed', 'acme/seed', { kind: 'Job', longRunning: false }),
      workloadOf('k8s/billing.yaml', 'billing', 'registry.example/acme/billing:1'),
    ]);
    expect(namesOf(repository)).toEqual(['billing:unknown', 'db:database', 'seed:job']);
    expect(repository.notAssessed.map(({ reason, service }) => [reason, service])).toEqual([['no-code', 'billing']]);
  });

  it('gives names that are unique and stable', () => {
    const facts = [server('shop/api', 'api'), server('admin/api', 'api')];
    expect(namesOf(build(facts))).toEqual(namesOf(build([...facts].reverse())));
    expect(build(facts).services.map(({ name }) => name)).toEqual(['admin/api', 'shop/api']);
  });
});

describe('workloads and code', () => {
  const cart = [server('cart', 'cart'), imageIn('cart')];
  const user = [server('user', 'user'), imageIn('user')];

  it('are joined by the name of the image, with the reason', () => {
    const repository = build([...cart, ...user, workloadOf('k8s/a.yaml', 'basket', 'registry.example/acme/cart-service:1.2')]);
    const service = serviceOf(repository, 'cart');
    expect(namesOfDeployments(service)).toEqual(['basket']);
    expect(service.links.at(-1)).toEqual({
      from: 'Deployment basket',
      to: 'cart',
      because: 'its image is named cart-service',
      confidence: 'likely',
      places: [at('k8s/a.yaml', 5)],
    });
    expect(service.deployments[0]!.image?.fact.place.path).toBe('cart/Dockerfile');
  });

  it('are joined by what skaffold and scripts call the image', () => {
    const files = {
      'skaffold.yaml': 'build:\n  artifacts:\n  - image: acme/basket\n    context: cart\n',
      Makefile: 'image:\n\tdocker build -t acme/people:1 -f user/Dockerfile user && echo done\n',
    };
    const repository = build(
      [...cart, ...user, workloadOf('k8s/a.yaml', 'a', 'acme/basket'), workloadOf('k8s/b.yaml', 'b', 'acme/people')],
      files,
    );
    expect(namesOfDeployments(serviceOf(repository, 'cart'))).toEqual(['a']);
    expect(namesOfDeployments(serviceOf(repository, 'user'))).toEqual(['b']);
  });

  it('are joined by a guess only where one of each is left', () => {
    const alone = build([...cart, workloadOf('k8s/a.yaml', 'frontdoor', 'acme/frontdoor')]);
    expect(serviceOf(alone, 'cart').links.at(-1)).toMatchObject({ confidence: 'guess' });
    const two = build([...cart, ...user, workloadOf('k8s/a.yaml', 'frontdoor', 'acme/frontdoor')]);
    expect(namesOf(two)).toEqual(['cart:worker', 'user:worker', 'frontdoor:unknown']);
  });

  it('leave sidecars to themselves', () => {
    const path = 'k8s/cart.yaml';
    const pod = makeWorkload(path, 'cart', {
      containers: [
        makeContainer('app', path, { imageName: 'acme/cart' }),
        makeContainer('proxy', path, { imageName: 'envoyproxy/envoy:v1' }),
      ],
    });
    const repository = build([...cart, pod]);
    expect(namesOf(repository)).toEqual(['cart:worker', 'proxy:third-party']);
    expect(serviceOf(repository, 'cart').deployments.map(({ container }) => container.name)).toEqual(['app']);
  });
});

describe('several programs of one source', () => {
  const app = server('', 'shop', { start: 'node server.js', worker: 'node worker.js' });
  const run = (path: string, name: string, line: number, args?: readonly string[], value = {}) =>
    makeComposeService(path, name, { context: '', line, container: args ? { args: known(args, at(path, line + 2)) } : {}, ...value });

  it('are services of their own where one manifest runs them side by side', () => {
    const repository = build(
      [app, imageIn(''), run('compose.yaml', 'web', 1), run('compose.yaml', 'jobs', 9, ['npm', 'run', 'worker'])],
      ['server.js', 'worker.js'],
    );
    expect(repository.services.map(({ name, entries }) => [name, entries[0]!.path])).toEqual([
      ['jobs', 'worker.js'],
      ['shop', 'server.js'],
    ]);
  });

  it('are one service where a development manifest starts it in another way', () => {
    const dev = run('docker-compose.dev.yml', 'web', 1, ['npx', 'nodemon', 'src/server.js'], { purpose: 'development' });
    const repository = build([app, imageIn(''), run('compose.yaml', 'web', 1), dev], ['server.js', 'src/server.js']);
    expect(repository.services.map(({ name, deployments }) => [name, deployments.map(({ purpose }) => purpose)])).toEqual([
      ['shop', ['unknown', 'development']],
    ]);
    expect(repository.services[0]!.entries.map(({ path }) => path)).toEqual(['server.js']);
  });
});

describe('one image with several packages', () => {
  it('is one service with the programs of all', () => {
    const manager = makeImage('Dockerfile', [
      {
        workdir: '/app',
        copies: [['.', '.']],
        cmd: ['npx', 'concurrently', 'cd apps/web && node server.js', 'cd apps/jobs && node worker.js'],
      },
    ]);
    const root = makePackage('', { name: 'root', workspaces: ['apps/*'] });
    const [service, ...more] = build(
      [root, server('apps/web', 'web'), server('apps/jobs', 'jobs'), manager],
      ['apps/web/server.js', 'apps/jobs/worker.js'],
    ).services;
    expect(more).toEqual([]);
    expect([service!.codeRead, service!.entries.map(({ path }) => path)]).toEqual([true, ['apps/web/server.js', 'apps/jobs/worker.js']]);
  });
});

describe('Compose files', () => {
  const envFile = (path: string, entries: Record<string, string>): AnyFact => ({
    kind: 'env-file',
    place: at(path),
    confidence: 'certain',
    value: {
      sample: false,
      purpose: 'unknown',
      entries: Object.entries(entries).map(([name, value], index) => ({
        name,
        value: known(value, at(path, index + 1)),
        place: at(path, index + 1),
      })),
    },
  });
  const written = (text: string, line: number): Container['image'] => ({
    known: false,
    because: 'a variable',
    written: text,
    place: at('compose.yaml', line),
  });

  it('take names of images and Dockerfiles from the .env file beside them', () => {
    const variables = envFile('.env', { TAG: '7.4', CACHE: 'redis:${TAG}', CART: './src/cart/Dockerfile' });
    const cache = makeComposeService('compose.yaml', 'store', { container: { image: written('${CACHE}', 3) } });
    const cart = makeComposeService('compose.yaml', 'cart', {
      line: 6,
      build: { context: '', dockerfile: '${CART}', args: {}, place: at('compose.yaml', 7) },
    });
    const facts = [
      server('src/cart', 'cart'),
      makeImage('src/cart/Dockerfile', [{ cmd: ['node', 'server.js'], copies: [['src/cart', '.']] }]),
      cache,
      cart,
    ];
    expect(namesOf(build([...facts, variables], ['src/cart/server.js']))).toContain('store:database');
    expect(serviceOf(build([...facts, variables], ['src/cart/server.js']), 'cart').deployments).toHaveLength(1);
    expect(namesOf(build(facts, ['src/cart/server.js']))).not.toContain('store:database');
  });

  it('whose builds are all tests are files for tests', () => {
    const path = 'docker-compose.yml';
    const test = makeComposeService(path, 'suite', { context: '', container: { args: known(['npm', 'run', 'test:unit'], at(path, 3)) } });
    const directory = makeComposeService(path, 'directory', { line: 8, container: { image: known('acme/directory:1.0', at(path, 9)) } });
    const shop = server('', 'shop', { start: 'node server.js' });
    expect(namesOf(build([shop, imageIn(''), test, directory], ['server.js']))).toEqual(['shop:worker']);
    const web = makeComposeService(path, 'web', { context: '', line: 12 });
    expect(namesOf(build([shop, imageIn(''), test, directory, web], ['server.js']))).toContain('directory:unknown');
  });

  it('hold jobs by name, unless they serve or are started again', () => {
    const path = 'docker-compose.yml';
    const shop = server('', 'shop', { start: 'node server.js', migrate: 'node migrate.js' });
    const web = makeComposeService(path, 'web', { context: '' });
    const migrate = (value = {}) =>
      makeComposeService(path, 'shop-migrate', {
        context: '',
        line: 5,
        container: { args: known(['node', 'migrate.js'], at(path, 7)) },
        ...value,
      });
    const kindOf = (fact: AnyFact) =>
      build([shop, imageIn(''), web, fact], ['server.js', 'migrate.js']).services.find(({ name }) => name === 'shop-migrate')?.kind;
    expect(kindOf(migrate())).toBe('job');
    expect(kindOf(migrate({ restart: 'always' }))).not.toBe('job');
  });

  it('build nothing of the root where the context holds no Dockerfile', () => {
    const probe = makeComposeService('docker-compose.yml', 'probe', { context: 'probe' });
    const shop = serviceOf(build([server('', 'shop'), imageIn(''), probe], ['server.js']), 'shop');
    expect(shop.deployments).toEqual([]);
  });

  it('run the image that starts something, not a base beside it', () => {
    const base = makeImage('docker/base.Dockerfile', [{ copies: [['.', '.']] }]);
    const pod = workloadOf('k8s/shop.yaml', 'shop', 'acme/shop:1.0');
    const [deployment] = serviceOf(build([server('', 'shop'), base, imageIn(''), pod], ['server.js']), 'shop').deployments;
    expect(deployment!.image?.fact.place.path).toBe('Dockerfile');
  });

  it('count numbered services of one image as copies', () => {
    const path = 'docker-compose.yml';
    const core = (name: string, image: string, line: number) =>
      makeComposeService(path, name, { line, container: { image: known(image, at(path, line + 1)) } });
    expect(namesOf(build([core('core1', 'acme/node:2', 1), core('core2', 'acme/node:2', 4), core('rules1', 'acme/node:2', 7)]))).toEqual([
      'core:unknown',
      'rules1:unknown',
    ]);
  });
});

describe('Compose overlays', () => {
  const app = server('', 'shop', { start: 'node server.js', dev: 'nodemon server.js' });
  const overlay = (path: string, purpose: 'development' | 'production' | 'unknown', value: Parameters<typeof makeComposeService>[2]) =>
    makeComposeService(path, 'web', { purpose, ...value });
  const base = makeComposeService('docker-compose.yml', 'web', {
    context: '',
    container: { env: [{ name: 'A', value: known('base', at('docker-compose.yml', 6)), place: at('docker-compose.yml', 6) }] },
  });

  it('are laid over the base and never judged alone', () => {
    const path = 'docker-compose.prod.yml';
    const prod = overlay(path, 'production', {
      replicas: known(3, at(path, 5)),
      container: { env: [{ name: 'B', value: known('prod', at(path, 6)), place: at(path, 6) }] },
    });
    const [deployment, ...more] = serviceOf(build([app, imageIn(''), base, prod], ['server.js']), 'shop').deployments;
    expect(more).toEqual([]);
    expect(deployment!.purpose).toBe('production');
    expect(deployment!.environment.given.map(({ name, place }) => [name, place.path])).toEqual([
      ['A', 'docker-compose.yml'],
      ['B', path],
    ]);
    expect(deployment!.workload.value.replicas).toEqual(known(3, at(path, 5)));
  });

  it('of development leave the base as it is', () => {
    const path = 'docker-compose.override.yml';
    const local = overlay(path, 'unknown', { container: { args: known(['npm', 'run', 'dev'], at(path, 3)) } });
    const { deployments } = serviceOf(build([app, imageIn(''), base, local], ['server.js']), 'shop');
    expect(deployments.map(({ purpose, process }) => [purpose, process.steps[0]!.words.join(' ')])).toEqual([
      ['unknown', 'node server.js'],
      ['development', 'npm run dev'],
    ]);
  });

  it('without a base are dropped', () => {
    expect(build([overlay('docker-compose.prod.yml', 'production', {})]).services).toEqual([]);
  });
});
