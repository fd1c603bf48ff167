/** Files of platforms: what they say as facts, and what hostile ones cost. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { platformAdapters } from '../../src/manifests/platforms/index.ts';
import type { Adapter } from '../../src/types.ts';
import { factsOf, knownOf, read } from './read.ts';

const adapterOf = (id: string): Adapter => platformAdapters.find((adapter) => adapter.id === id)!;
const workloadsOf = (id: string, path: string, text: string) =>
  factsOf(read(adapterOf(id), path, text), 'workload').map(({ value }) => value);

describe('fly.toml', () => {
  const text = `app = "shop"
kill_timeout = "1m30s"
[build]
dockerfile = "../docker/Dockerfile.api"
[build.args]
A = "b"
[env]
LOG_LEVEL = "info"
API_TOKEN = "q8Zk3Jm2Lp0Wx7"
[processes]
web = "node web.js --port 8080"
worker = "node worker.js"
[[services]]
internal_port = 8080
processes = ["web"]
auto_stop_machines = true
min_machines_running = 2
[[services.http_checks]]
path = "/ready"
[[services.tcp_checks]]
[[vm]]
size = "shared-cpu-1x"
memory = "2gb"
processes = ["web"]
[mounts]
source = "data"
destination = "/data"
processes = ["worker"]
[deploy]
release_command = "node migrate.js"
`;
  it('has a workload for each process group and one for the release', () => {
    const all = workloadsOf('fly', 'apps/api/fly.toml', text);
    expect(all.map(({ name, kind, longRunning }) => [name, kind, longRunning])).toEqual([
      ['shop-web', 'Fly app', true],
      ['shop-worker', 'Fly app', true],
      ['shop-release', 'Fly release command', false],
    ]);
    const [web, worker] = all;
    expect(web!.build).toMatchObject({ context: 'apps/api', dockerfile: 'apps/docker/Dockerfile.api', conventional: true });
    expect(knownOf(web!.gracePeriod)).toBe(90);
    expect(knownOf(web!.stopSignal)).toBe('SIGINT');
    expect(web!.replicas?.known).toBe(false);
    const container = web!.containers[0]!;
    expect(knownOf(container.args)).toEqual(['node', 'web.js', '--port', '8080']);
    expect(container.readiness).toMatchObject({ type: 'http', path: { value: '/ready' } });
    expect(knownOf(container.resources.memoryLimit)).toBe(2 * 1024 ** 3);
    expect(container.env.map(({ name, value }) => [name, value?.known])).toEqual([
      ['LOG_LEVEL', true],
      ['API_TOKEN', false],
    ]);
    expect(web!.volumes).toEqual([]);
    expect(worker!.volumes).toMatchObject([{ name: 'data', type: 'claim' }]);
    expect(worker!.containers[0]!.ports).toEqual([]);
  });
  it('scales between what keeps running and what was made', () => {
    const [scaler, ...others] = factsOf(read(adapterOf('fly'), 'fly.toml', text), 'autoscaler');
    expect(scaler!.value).toMatchObject({ name: 'shop', min: { value: 2 }, max: { known: false }, target: { name: 'shop-web' } });
    expect(others).toEqual([]);
  });
  it('is known by its content where the name may be that of another tool', () => {
    expect(adapterOf('fly').classify('fly.staging.toml', '[http_service]\n')).toBe(true);
    expect(adapterOf('fly').classify('fly.staging.toml', 'wings = 2\n')).toBe(false);
    expect(read(adapterOf('fly'), 'fly.toml', 'wings = 2\n').facts).toEqual([]);
  });
});

describe('render.yaml', () => {
  const text = `services:
  - type: web
    name: api
    runtime: docker
    rootDir: apps/api
    dockerfilePath: ./docker/Dockerfile
    dockerContext: ../..
    healthCheckPath: /ready
    preDeployCommand: npm run migrate
    maxShutdownDelaySeconds: 60
    scaling: { minInstances: 2, maxInstances: 5, targetMemoryPercent: 70 }
    envVars:
      - key: PORT
        value: 4000
      - key: SESSION_SECRET
        generateValue: true
      - fromGroup: shared
  - type: cron
    name: nightly
    runtime: node
    schedule: "0 3 * * *"
    startCommand: node nightly.js
  - type: web
    name: site
    runtime: static
    staticPublishPath: dist
  - type: keyvalue
    name: cache
envVarGroups:
  - name: shared
    envVars: [{ key: LOG_LEVEL, value: info }]
`;
  it('has a workload for each program', () => {
    const all = workloadsOf('render', 'render.yaml', text);
    expect(all.map(({ name, kind, longRunning }) => [name, kind, longRunning])).toEqual([
      ['api', 'Render web service', true],
      ['api-pre-deploy', 'Render pre-deploy command', false],
      ['nightly', 'Render cron job', false],
    ]);
    const [api] = all;
    expect(api!.build).toMatchObject({ context: '', dockerfile: 'apps/api/docker/Dockerfile' });
    expect(knownOf(api!.gracePeriod)).toBe(60);
    expect(api!.replicas).toBeUndefined();
    expect(api!.containers[0]!.env.map(({ name, value, from }) => [name, knownOf(value) ?? from?.kind])).toEqual([
      ['PORT', '4000'],
      ['SESSION_SECRET', 'secret'],
      ['LOG_LEVEL', 'info'],
    ]);
    expect(factsOf(read(adapterOf('render'), 'render.yaml', text), 'autoscaler')).toMatchObject([
      { value: { min: { value: 2 }, max: { value: 5 }, otherMetrics: ['memory'] } },
    ]);
  });
  it('leaves a service of another repository alone', () => {
    expect(
      workloadsOf('render', 'render.yaml', 'services:\n  - { type: web, name: a, runtime: node, repo: "https://example.org/x" }\n'),
    ).toEqual([]);
  });
});

describe('app.yaml', () => {
  it('is told from other files of this name', () => {
    const owns = (path: string, text: string): boolean => adapterOf('app-engine').classify(path, text);
    expect(owns('app.yaml', 'runtime: nodejs22\n')).toBe(true);
    expect(owns('worker.yaml', 'runtime: python312\nservice: worker\nentrypoint: python main.py\n')).toBe(true);
    expect(owns('worker.yaml', 'runtime: python312\n')).toBe(false);
    expect(owns('app.yaml', 'name: shop\nservices:\n  - name: web\n')).toBe(false);
    expect(owns('app.yaml', 'apiVersion: v1\nkind: ConfigMap\ndata:\n  runtime: nodejs22\n')).toBe(false);
    expect(owns('app.yaml', 'runtime: edge\n')).toBe(false);
  });
  it('scales by itself unless it says otherwise', () => {
    const scalerOf = (text: string) =>
      factsOf(read(adapterOf('app-engine'), 'app.yaml', text), 'autoscaler').map(({ value }) => [value.min, value.max]);
    expect(scalerOf('runtime: nodejs22\n')).toMatchObject([[{ value: 0 }, { known: false }]]);
    expect(scalerOf('runtime: nodejs\nenv: flex\n')).toMatchObject([[{ value: 2 }, { known: false }]]);
    expect(scalerOf('runtime: nodejs22\nbasic_scaling: { max_instances: 3 }\n')).toMatchObject([[{ value: 0 }, { value: 3 }]]);
    expect(scalerOf('runtime: nodejs22\nmanual_scaling: { instances: 3 }\n')).toEqual([]);
  });
  it('is no program when it serves files only', () => {
    expect(workloadsOf('app-engine', 'app.yaml', 'runtime: python39\nhandlers:\n  - { url: /assets, static_dir: www }\n')).toHaveLength(1);
    expect(
      workloadsOf(
        'app-engine',
        'app.yaml',
        'runtime: python39\nhandlers:\n  - { url: /, static_files: www/index.html, upload: www/index.html }\n  - { url: "/(.*)", static_dir: www }\n',
      ),
    ).toEqual([]);
  });
});

describe('railway', () => {
  it('adds up the copies of all regions', () => {
    const [one] = workloadsOf(
      'railway',
      'apps/api/railway.json',
      '{"deploy": {"multiRegionConfig": {"a": {"numReplicas": 2}, "b": {"numReplicas": 3}}, "drainingSeconds": 12, "preDeployCommand": ["npm run migrate"]}}',
    );
    expect(one).toMatchObject({ name: 'api', replicas: { value: 5 }, gracePeriod: { value: 12 }, build: { context: 'apps/api' } });
  });
});

describe('heroku.yml', () => {
  it('has a workload for each process', () => {
    const all = workloadsOf(
      'heroku-yml',
      'heroku.yml',
      'build:\n  docker:\n    web: docker/Dockerfile\n    jobs: { dockerfile: jobs/Dockerfile, target: run }\nrelease:\n  command: [npm run migrate]\n  image: web\nrun:\n  web: node server.js\n  clock: { command: [node clock.js], image: jobs }\n',
    );
    expect(all.map(({ name, longRunning, build }) => [name, longRunning, build?.dockerfile, build?.target])).toEqual([
      ['web', true, 'docker/Dockerfile', undefined],
      ['jobs', true, 'jobs/Dockerfile', 'run'],
      ['clock', true, 'jobs/Dockerfile', 'run'],
      ['release', false, 'docker/Dockerfile', undefined],
    ]);
  });
});

describe('jobs of Nomad', () => {
  const text = `variable "tag" {}
job "shop" {
  group "web" {
    network {
      port "http" { to = 8080 }
      port "admin" {}
    }
    volume "data" {
      type   = "host"
      source = "data"
    }
    task "server" {
      config {
        image   = "example.org/shop:\${var.tag}"
        command = "node"
        args    = ["server.js", "--port", "8080"]
      }
      env = {
        MODE = "live"
        ADDR = "\${NOMAD_ADDR_http}"
      }
      resources { memory = 256 }
      service {
        port = "http"
        check {
          type = "tcp"
        }
      }
      volume_mount {
        volume      = "data"
        destination = "/data"
      }
    }
    task "migrate" {
      lifecycle { hook = "prestart" }
      config { image = "x" }
    }
  }
  group "jobs" {
    count = var.jobs
    task "worker" { driver = "exec" }
  }
}
`;
  it('have a workload for each group', () => {
    const [web, jobs] = workloadsOf('nomad', 'shop.nomad.hcl', text);
    expect(web).toMatchObject({ name: 'shop-web', kind: 'Nomad group', replicas: { value: 1 }, gracePeriod: { value: 5 } });
    expect(web!.containers).toHaveLength(1);
    const container = web!.containers[0]!;
    expect(container.image).toMatchObject({ known: false });
    expect(knownOf(container.args)).toEqual(['node', 'server.js', '--port', '8080']);
    expect(container.ports).toMatchObject([{ name: 'http', number: { value: 8080 } }]);
    expect(container.readiness).toMatchObject({ type: 'tcp', port: { value: 8080 } });
    expect(container.mounts).toMatchObject([{ volume: 'data', path: { value: '/data' } }]);
    expect(knownOf(container.resources.memoryLimit)).toBe(256 * 1024 ** 2);
    expect(jobs).toMatchObject({ name: 'shop-jobs', replicas: { known: false } });
  });
});

const deep = (open: string, close: string): string => open.repeat(3000) + close.repeat(3000);
const long = 'x'.repeat(200_000);

/** Each value of a good file in turn as something that it should not be. */
const odd = [
  '',
  '[]',
  '{}',
  '[[], {}]',
  '-1',
  '1e400',
  '"../../../../etc/passwd"',
  '"${X:-$(y)}"',
  `"${'a'.repeat(20_000)}"`,
  '"\\u0000"',
  'true',
  `${'['.repeat(60)}${']'.repeat(60)}`,
];
function mutate(good: string, value = /(?<=[\w"]: ?)(?:"[^"\n]*"|[\w./-]+)/g): readonly string[] {
  const places = [...good.matchAll(value)];
  return places.flatMap(({ index, 0: text }, at) =>
    [0, 1, 2, 3].map((turn) => good.slice(0, index) + odd[(at * 4 + turn) % odd.length]! + good.slice(index + text.length)),
  );
}
const brokenYaml: readonly string[] = [
  '\t- x: [',
  `a: ${deep('[', ']')}`,
  `a: ${deep('{a: ', '}')}`,
  'a: &a [*a, *a]\n',
  `a: &x [1,1]\n${Array.from({ length: 30 }, (_, index) => `b${index}: &b${index} [*${index ? `b${index - 1}` : 'x'}, *${index ? `b${index - 1}` : 'x'}]`).join('\n')}`,
  '<<<<<<< HEAD\na: 1\n',
  '--- \n...\n--- x\n',
  `a: "${'y'.repeat(300_000)}"`,
];

/** Whatever a file of a platform holds: an answer in bounded time, and no crash. */
const hostile: Readonly<Record<string, readonly [path: string, texts: readonly string[]]>> = {
  fly: [
    'fly.toml',
    [
      '',
      'app = 1',
      'app = ""',
      'app = []',
      'app = {}',
      `app = "${long}"`,
      'app = "a"\nservices = 3',
      'app = "a"\nservices = [1, "x", []]',
      'app = "a"\n[[services]]\n[[services]]\n',
      'app = "a"\nhttp_service = "x"',
      'app = "a"\nhttp_service = [1]',
      'app = "a"\nhttp_service = { internal_port = "x" }',
      'app = "a"\nhttp_service = { internal_port = -1 }',
      'app = "a"\nhttp_service = { internal_port = 1e400 }',
      'app = "a"\nhttp_service = { internal_port = nan, checks = 3 }',
      'app = "a"\nhttp_service = { checks = [[]] }',
      'app = "a"\nhttp_service = { processes = "app", min_machines_running = "two" }',
      'app = "a"\nkill_timeout = -5',
      'app = "a"\nkill_timeout = "soon"',
      'app = "a"\nkill_timeout = 99999999999999999999',
      'app = "a"\nkill_signal = 9',
      'app = "a"\nmounts = 1',
      'app = "a"\nmounts = ["x"]',
      'app = "a"\n[mounts]\n',
      'app = "a"\n[[mounts]]\n[[mounts]]\n',
      'app = "a"\nvm = 1',
      'app = "a"\n[[vm]]\nmemory = "many"',
      'app = "a"\n[[vm]]\nmemory = 99999999999\ncpus = "x"',
      'app = "a"\nprocesses = []',
      'app = "a"\nprocesses = { a = 1, b = [], c = "" }',
      `app = "a"\n[processes]\n${Array.from({ length: 3000 }, (_, index) => `p${index} = "node ${index}"`).join('\n')}`,
      'app = "a"\n[processes]\n__proto__ = "node x"\nconstructor = "node y"',
      `app = "a"\n[processes]\nweb = "${'"'.replace('"', '\\"').repeat(2000)}"`,
      'app = "a"\nenv = 1',
      'app = "a"\nenv = { A = [], B = {}, C = 1.5, D = 2024-01-01 }',
      `app = "a"\n[env]\n${Array.from({ length: 5000 }, (_, index) => `V${index} = "x"`).join('\n')}`,
      `app = "a"\n[env]\nA = "${long}"`,
      'app = "a"\nbuild = "x"',
      'app = "a"\nbuild = { dockerfile = "../../../../etc/passwd" }',
      'app = "a"\nbuild = { dockerfile = "https://example.org/Dockerfile", image = 3 }',
      'app = "a"\nbuild = { image = "${IMAGE}" }',
      'app = "a"\ndeploy = 1',
      'app = "a"\ndeploy = { strategy = [], release_command = {} }',
      'app = "a"\ndeploy = { release_command = "" }',
      'app = "a"\nchecks = 1',
      'app = "a"\nchecks = { a = 1, b = { port = "x" } }',
      'app = "a"\nchecks = [ { type = "http" } ]',
      `app = "a"\nx = ${deep('[', ']')}`,
      `app = "a"\n${'[a]\n'.repeat(10)}`,
      '<<<<<<< HEAD\napp = "a"\n',
    ],
  ],
  render: [
    'render.yaml',
    [
      ...mutate(
        'services:\n  - type: web\n    name: api\n    runtime: docker\n    rootDir: apps\n    dockerfilePath: x\n    dockerContext: y\n    healthCheckPath: /z\n    numInstances: 2\n    disk: { name: d, mountPath: /d }\n    scaling: { minInstances: 1, maxInstances: 2, targetCPUPercent: 3 }\n    envVars:\n      - key: A\n        value: b\n      - fromGroup: g\nenvVarGroups:\n  - name: g\n    envVars:\n      - key: B\n        value: c\n',
      ),
      ...brokenYaml.map((text) => `services: 1\n${text}`),
      `services:\n${Array.from({ length: 3000 }, (_, index) => `  - { type: web, name: s${index} }`).join('\n')}`,
      'envVarGroups:\n  - name: g\n    envVars: [{ fromGroup: g }]\nservices: []\n',
    ],
  ],
  'app-engine': [
    'app.yaml',
    [
      ...mutate(
        'runtime: nodejs22\nservice: a\nenv: flex\ninstance_class: F1\nentrypoint: node x\nnetwork: { session_affinity: true }\nresources: { cpu: 1, memory_gb: 2 }\nautomatic_scaling: { min_instances: 1, max_instances: 2 }\nliveness_check: { path: /a }\nreadiness_check: { path: /b }\nenv_variables: { A: b }\nhandlers: [{ url: /a, script: auto }]\n',
      ).map((text) => `runtime: nodejs22\n${text}`),
      ...brokenYaml.map((text) => `runtime: nodejs22\n${text}`),
    ],
  ],
  railway: [
    'railway.json',
    [
      ...mutate(
        '{"build": {"builder": "DOCKERFILE", "dockerfilePath": "x"}, "deploy": {"startCommand": "node x", "healthcheckPath": "/h", "numReplicas": 2, "drainingSeconds": 3, "cronSchedule": "x", "preDeployCommand": ["y"], "multiRegionConfig": {"a": {"numReplicas": 2}}}}',
      ),
      '',
      '[]',
      '3',
      '{"deploy": []}',
      `{"deploy": ${deep('[', ']')}}`,
      `{"deploy": ${deep('{"a":', '}')}}`,
      '{"__proto__": {"deploy": {}}, "deploy": {"numReplicas": "x"}}',
      `{"deploy": {"startCommand": "${long}"}}`,
    ],
  ],
  'heroku-yml': [
    'heroku.yml',
    [
      ...mutate(
        'build:\n  docker:\n    web: Dockerfile\n    jobs: { dockerfile: x, target: y }\nrelease: { command: [a], image: web }\nrun:\n  web: node x\n  jobs: { command: [b], image: jobs }\nsetup:\n  config: { A: b }\n',
      ),
      ...brokenYaml,
      `run:\n${Array.from({ length: 3000 }, (_, index) => `  p${index}: node x`).join('\n')}`,
    ],
  ],
  serverless: [
    'serverless.yml',
    [
      ...mutate(
        'service: a\nprovider:\n  name: aws\n  environment: { A: b, C: d }\nfunctions:\n  f:\n    handler: x\n    environment: { API_KEY: e }\n',
      ),
      ...brokenYaml,
    ],
  ],
  nomad: [
    'shop.nomad',
    [
      ...mutate(
        'job "a" {\n  type = "service"\n  group "b" {\n    count = 2\n    network {\n      port "p" {\n        to = 80\n      }\n    }\n    scaling {\n      min = 1\n      max = 2\n    }\n    volume "v" {\n      type = "host"\n    }\n    service {\n      port = "p"\n      check {\n        type = "http"\n        path = "/"\n      }\n    }\n    task "t" {\n      kill_timeout = "5s"\n      config {\n        image = "i"\n        command = "c"\n        args = ["d"]\n        ports = ["p"]\n      }\n      env {\n        A = "b"\n      }\n      resources {\n        memory = 3\n      }\n      volume_mount {\n        volume = "v"\n        destination = "/d"\n      }\n    }\n  }\n}\n',
        /(?<== )(?:"[^"\n]*"|\d+)/g,
      ),
      'job "a" {',
      `job "a" { ${'group "g" { '.repeat(2000)}${'}'.repeat(2000)} }`,
      `job "a" {\n  group "g" {\n    task "t" {\n      config {\n        args = ${deep('[', ']')}\n      }\n    }\n  }\n}\n`,
      'job "a" {\n  group "g" {\n    task = 3\n    network = []\n    service = "x"\n  }\n}\n',
      'job {\n  group {\n    task {\n      config = { image = [] }\n      env = 3\n    }\n  }\n}\n',
      `${Array.from({ length: 1000 }, (_, index) => `job "j${index}" {\n}\n`).join('')}`,
      `job "a" {\n${Array.from({ length: 1000 }, (_, index) => `  group "g${index}" {\n    task "t" {\n    }\n  }\n`).join('')}}\n`,
    ],
  ],
  'heroku-app-json': [
    'app.json',
    [
      ...mutate('{"formation": {"web": {"quantity": 2, "size": "x"}}, "env": {"A": "b", "B": {"value": "c", "required": true}}}'),
      '{"formation": []}',
      '{"formation": {"web": 3}, "env": []}',
      `{"formation": ${deep('[', ']')}}`,
      '{"formation": {"__proto__": {"quantity": 5}}}',
      `{"formation": {}, "env": {"SECRET": "${long}"}}`,
      '{"formation": {}, "addons": "heroku-redis"}',
      '{"formation": {}, "addons": [1, null, {}, {"plan": 3}, {"plan": "constructor"}, {"plan": "heroku-redis", "as": []}]}',
    ],
  ],
  azd: [
    'azure.yaml',
    [
      'services: 1',
      'services: []',
      'services: {a: 1}',
      'services: {a: {host: appservice}}',
      'services: {a: {project: [], host: containerapp}}',
      'services: {a: {project: ../../.., host: containerapp}}',
      'services: {a: {project: /etc, host: containerapp}}',
      'services: {a: {project: "https://x", host: appservice}}',
      'services: {a: {project: "$HOME", host: appservice}}',
      'services: {a: {project: ., host: [appservice]}}',
      'services: {a: {project: ., host: containerapp, docker: x}}',
      'services: {a: {project: ., host: containerapp, docker: {path: ../../../Dockerfile, context: ../../..}}}',
      'services: {a: {project: ., host: containerapp, docker: {path: [], context: {}}}}',
      'services: {__proto__: {project: ., host: appservice}, constructor: {project: ., host: appservice}}',
      `services: {a: {project: "${long}", host: appservice}}`,
      `services: {"${long}": {project: ., host: appservice}}`,
      `services:\n${Array.from({ length: 2000 }, (_, index) => `  s${index}: {project: ./s${index}, host: appservice}\n`).join('')}`,
      `services: ${deep('[', ']')}`,
      `services: {a: ${deep('{b: ', '}')}}`,
      'services: &a {x: *a}',
      'services: {a: {project: ., host: appservice',
      'services: {a: {project: ., host: appservice}}\n---\nservices: {b: {project: ., host: appservice}}',
      '<<<<<<< a\nservices: {}\n=======\n>>>>>>> b\n',
    ].map((text) => `name:\n  host: x\n${text}`),
  ],
};

describe.each(Object.keys(hostile))('hostile input of %s', (id) => {
  const [path, texts] = hostile[id]!;
  it('is answered', () => {
    expect(texts.length).toBeGreaterThanOrEqual(20);
    for (const text of texts) {
      const before = process.cpuUsage().user;
      const { facts, notAssessed } = read(adapterOf(id), path, text);
      expect(notAssessed.filter(({ reason }) => reason === 'internal-error')).toEqual([]);
      expect(facts.length).toBeLessThan(1000);
      expect((process.cpuUsage().user - before) / 1e6).toBeLessThan(4);
      JSON.stringify(facts);
    }
  });
  it('never throws on pieces of good files in any order', () => {
    const pieces = texts.filter((text) => text.length < 200).flatMap((text) => text.split(/(?<=[\n{}[\]:,])/));
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 12 }), (parts) => {
        const text = parts.join('');
        const { notAssessed } = adapterOf(id).classify(path, text) ? read(adapterOf(id), path, text) : { notAssessed: [] };
        expect(notAssessed.filter(({ reason }) => reason === 'internal-error')).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});
