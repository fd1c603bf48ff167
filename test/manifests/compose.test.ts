import { describe, expect, it } from 'vitest';
import { composeAdapter } from '../../src/manifests/compose/index.ts';
import { interpolate } from '../../src/manifests/compose/interpolate.ts';
import { factsOf, knownOf, read } from './read.ts';

const services = (body: string, path = 'compose.yaml') => {
  const indented = body.replace(/^(?=.)/gm, '  ');
  return factsOf(read(composeAdapter, path, `services:\n${indented}`), 'workload').map(({ value }) => value);
};
const service = (body: string, path?: string) => services(`web:\n${body.replace(/^(?=.)/gm, '  ')}`, path)[0]!;
const container = (body: string) => service(body).containers[0]!;

describe('classify', () => {
  it.each(['docker-compose.yml', 'compose.prod.yaml', 'infra/dev-compose.yml', 'docker-stack.yml'])('owns %s', (path) => {
    expect(composeAdapter.classify(path)).toBe(true);
  });
  it('tells other files by their content', () => {
    expect(composeAdapter.classify('stack.yml', 'version: "3"\nservices:\n  # first\n  web:\n    image: a\n')).toBe(true);
    expect(composeAdapter.classify('services.yaml', 'services:\n  _defaults:\n    autowire: true\n')).toBe(false);
    expect(composeAdapter.classify('k8s.yaml', 'apiVersion: v1\nservices:\n  web:\n    image: a\n')).toBe(false);
    expect(composeAdapter.classify('.travis.yml', 'services:\n  - docker\n')).toBe(false);
    expect(composeAdapter.classify('.github/workflows/docker-compose.yml', 'services:\n  web:\n    image: a\n')).toBe(false);
  });
  it('reads the first format, which had no sections', () => {
    expect(factsOf(read(composeAdapter, 'docker-compose.yml', 'web:\n  build: .\ndb:\n  image: mysql\n'), 'workload')).toHaveLength(2);
    expect(factsOf(read(composeAdapter, 'docker-compose.yml', 'jobs:\n  image: a\nother: 1\n'), 'workload')).toHaveLength(0);
  });
});

describe('interpolation', () => {
  it.each([
    ['$A-${B:-b}-${C-c}-$$D', '$A-b-c-$D', ['A'], ['B', 'C']],
    ['${A:-${B:-${C:-deep}}}', 'deep', [], ['A', 'B', 'C']],
    ['${A:?needed}/${B?}', '${A:?needed}/${B?}', ['A', 'B'], []],
    ['${A:-http://{x}}', 'http://{x}', [], ['A']],
    ['${', '${', [], []],
  ])('%s', (text, expected, unknown, defaulted) => {
    expect(interpolate(text)).toEqual({ text: expected, unknown, defaulted });
  });
  it('is bounded', () => {
    expect(interpolate('${A:-'.repeat(5000)).text.length).toBeLessThan(30_000);
  });
});

describe('services', () => {
  it('reads build, image and what they depend on', () => {
    expect(service('build: .', 'apps/web/compose.yml').build).toMatchObject({ context: 'apps/web', args: {} });
    const { build } = service(
      'build:\n  context: ../api\n  dockerfile: ./docker/Dockerfile\n  target: run\n  args:\n    - A=1\n    - TOKEN=s3cret-value',
      'deploy/compose.yml',
    );
    expect(build).toMatchObject({ context: 'api', dockerfile: 'api/docker/Dockerfile', target: 'run', args: { A: '1' } });
    expect(service('build: https://github.com/a/b.git').build).toBeUndefined();
    expect(service('build: ../..', 'a/compose.yml').build).toBeUndefined();
    expect(knownOf(container('image: "app:${TAG:-2}"').image)).toBe('app:2');
    expect(container('image: "app:${TAG}"').image?.known).toBe(false);
  });
  it('reads ports in both forms', () => {
    const { ports } = container(
      'ports:\n  - 8080:80\n  - "127.0.0.1:${P:-5000}:53/udp"\n  - 3000-3001\n  - {target: 90, published: "9090", protocol: tcp}\nexpose: [80, 7000]',
    );
    expect(ports.map(({ number, hostPort, protocol }) => [knownOf(number), knownOf(hostPort), protocol])).toEqual([
      [80, 8080, undefined],
      [53, 5000, 'udp'],
      [3000, undefined, undefined],
      [3001, undefined, undefined],
      [90, 9090, 'tcp'],
      [7000, undefined, undefined],
    ]);
  });
  it('reads volumes in all forms', () => {
    const { volumes, containers } = service(
      'volumes:\n  - ./data:/data\n  - named:/var/lib:ro\n  - /cache\n  - "${DIR:-./x}:/x"\n  - {type: bind, source: /etc, target: /e, read_only: true}\ntmpfs: /tmp',
    );
    expect(volumes.map(({ type }) => type)).toEqual(['bind', 'named', 'ephemeral', 'bind', 'bind', 'tmpfs']);
    expect(containers[0]!.mounts.map(({ path, readOnly }) => [knownOf(path), readOnly])).toEqual([
      ['/data', false],
      ['/var/lib', true],
      ['/cache', false],
      ['/x', false],
      ['/e', true],
      ['/tmp', false],
    ]);
  });
  it('reads deployment keys of Swarm', () => {
    const value = service(
      'stop_grace_period: 1m30s\nnetwork_mode: host\ninit: true\nuser: "0"\ndeploy:\n  replicas: ${N:-3}\n  update_config: {order: start-first, parallelism: 2}\n  resources:\n    limits: {cpus: "0.5", memory: 512M}\n    reservations: {memory: 256mb}',
    );
    expect([knownOf(value.replicas), knownOf(value.gracePeriod), knownOf(value.hostNetwork), knownOf(value.strategy?.type)]).toEqual([
      3,
      90,
      true,
      'start-first',
    ]);
    const { resources, init, security } = value.containers[0]!;
    expect([knownOf(resources.cpuLimit), knownOf(resources.memoryLimit), knownOf(resources.memoryRequest)]).toEqual([
      0.5,
      512 * 1024 ** 2,
      256 * 1024 ** 2,
    ]);
    expect([init, knownOf(security.runAsUser)]).toEqual([true, 0]);
  });
  it('splits commands without a shell and keeps entrypoint apart', () => {
    const { command, args } = container('entrypoint: ["tini", "--"]\ncommand: npm run "start it"');
    expect([knownOf(command), knownOf(args)]).toEqual([
      ['tini', '--'],
      ['npm', 'run', 'start it'],
    ]);
  });
  it.each([
    ['healthcheck: {test: curl -f http://localhost:80/h || exit 1}', 'http', false],
    ['healthcheck: {test: ["CMD", "wget", "-q", "http://web:80/h"]}', 'http', false],
    ['healthcheck: {test: ["CMD-SHELL", "pg_isready"]}', 'exec', false],
    ['healthcheck: {test: ["NONE"]}', 'exec', true],
    ['healthcheck: {disable: true}', 'exec', true],
  ])('%s', (body, type, disabled) => {
    expect(container(body).healthcheck).toMatchObject(disabled ? { type, disabled } : { type });
  });
  it('fills extends of the same file and names those of others', () => {
    const [base, web] = services(
      'base:\n  image: a\n  environment: {A: 1}\n  depends_on: [db]\nweb:\n  extends: base\n  environment: {B: 2}\n',
    );
    expect(base!.dependsOn).toEqual(['db']);
    expect(knownOf(web!.containers[0]!.image)).toBe('a');
    expect(web!.containers[0]!.env.map(({ name }) => name)).toEqual(['A', 'B']);
    expect(service('extends: {file: ../common.yml, service: base}', 'a/compose.yml').extends).toEqual({
      service: 'base',
      file: 'common.yml',
    });
    expect(services('a: {extends: b, image: x}\nb: {extends: a, image: y}\n')).toHaveLength(2);
  });
  it('merges anchors', () => {
    const text = 'x-common: &common\n  restart: always\n  environment: &env {A: 1}\nservices:\n  web:\n    <<: *common\n    image: a\n';
    expect(factsOf(read(composeAdapter, 'compose.yml', text), 'workload')[0]!.value).toMatchObject({
      restart: 'always',
      containers: [{ env: [{ name: 'A' }] }],
    });
  });
  it('tells what runs once and what a profile is for', () => {
    const [migrate, web, tool] = services(
      'migrate: {image: a}\nweb:\n  image: a\n  depends_on: {migrate: {condition: service_completed_successfully}}\ntool: {image: a, profiles: [dev]}\n',
    );
    expect([migrate!.longRunning, web!.longRunning, tool!.purpose]).toEqual([false, true, 'development']);
  });
  it('finds sticky routing of Traefik', () => {
    const text = 'services:\n  web:\n    image: a\n    labels:\n      - traefik.http.services.web.loadbalancer.sticky.cookie=true\n';
    expect(factsOf(read(composeAdapter, 'compose.yml', text), 'sticky-routing')).toMatchObject([
      { place: { line: 5 }, value: { to: ['web'] } },
    ]);
  });
});

describe('environment', () => {
  const body =
    'environment:\n  - PLAIN=1\n  - FROM_SHELL\n  - DB_PASSWORD=hunter2-x\n  - ADMIN_PASSWORD=${ADMIN_PASSWORD:-hunter3-x}\n  - API_KEY=${API_KEY}\n  - URL=postgres://u:hunter4-x@db:5432/x\nenv_file: [.env, {path: ./b.env, required: false}]';
  const extraction = read(composeAdapter, 'deploy/compose.yml', `services:\n  web:\n${body.replace(/^/gm, '    ')}\n`);
  it('keeps no secret, but the address', () => {
    expect(JSON.stringify(extraction)).not.toMatch(/hunter/);
    const { env, envFrom } = factsOf(extraction, 'workload')[0]!.value.containers[0]!;
    expect(env.map(({ name, value, from }) => [name, knownOf(value), value?.known, from?.kind])).toEqual([
      ['PLAIN', '1', true, undefined],
      ['FROM_SHELL', undefined, undefined, 'shell'],
      ['DB_PASSWORD', undefined, false, undefined],
      ['ADMIN_PASSWORD', undefined, false, undefined],
      ['API_KEY', undefined, false, undefined],
      ['URL', 'postgres://u:***@db:5432/x', true, undefined],
    ]);
    expect(envFrom).toMatchObject([{ name: 'deploy/.env' }, { name: 'deploy/b.env', optional: true }]);
  });
  it('names them as facts', () => {
    expect(factsOf(extraction, 'secret').map(({ value, place }) => [value.env, value.origin, value.holder, place.line])).toEqual([
      ['DB_PASSWORD', 'literal', 'manifest', 6],
      ['ADMIN_PASSWORD', 'fallback', 'manifest', 7],
      ['URL', 'literal', 'manifest', 9],
    ]);
  });
});

describe('hostile input', () => {
  it.each([
    ['a huge list', `services:\n  web:\n    image: a\n    volumes:\n${'      - x:/x\n'.repeat(20_000)}`],
    ['deep nesting', `services:\n  web: ${'['.repeat(5000)}`],
    [
      'an alias bomb',
      `a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d]\nf: [*e,*e,*e,*e,*e,*e,*e]\nservices: {web: {image: a}}\n`,
    ],
    ['a merge conflict', 'services:\n<<<<<<< HEAD\n  web: {image: a}\n=======\n  web: {image: b}\n>>>>>>> x\n'],
    ['NUL bytes', 'services:\n  web:\n    image: "a\0b"\n'],
    ['other shapes', 'services: [1, {a: b}, null]\n'],
  ])('%s', (_, text) => {
    const started = performance.now();
    const { notAssessed } = read(composeAdapter, 'compose.yml', text);
    expect(notAssessed.every(({ place }) => place?.path === 'compose.yml')).toBe(true);
    expect(performance.now() - started).toBeLessThan(8000);
  });
});
