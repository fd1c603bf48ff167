/** Hostile input for every adapter of a manifest: each ends in bounded time, throws nothing that the pipeline does not name, and points into the file. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { manifestAdapters } from '../../src/manifests/index.ts';
import type { Adapter } from '../../src/types.ts';
import { liesWithin, placesIn } from './infrastructure.ts';

/** A path that the adapter owns, or reads once the text fits. */
const paths: Readonly<Record<string, string>> = {
  'unread-infrastructure': 'cdk.json',
  ansible: 'group_vars/all.yml',
  rails: 'config/secrets.yml',
  jsonnet: 'web.jsonnet',
  'lock-file': 'package-lock.json',
  'package-json': 'package.json',
  dockerfile: 'Dockerfile',
  'ignore-file': '.dockerignore',
  'process-file': 'Procfile',
  azd: 'azure.yaml',
  beanstalk: '.ebextensions/web.config',
  'image-builder': 'skaffold.yaml',
  'pushed-image': '.github/workflows/cart.yml',
  fly: 'fly.toml',
  'function-host': 'vercel.json',
  railway: 'railway.toml',
  'heroku-yml': 'heroku.yml',
  'heroku-app-json': 'app.json',
  serverless: 'serverless.yml',
  nomad: 'web.nomad.hcl',
  render: 'render.yaml',
  'app-engine': 'app.yaml',
  systemd: 'web.service',
  dotenv: '.env',
  'shell-script': 'start.sh',
  nginx: 'nginx.conf',
  haproxy: 'haproxy.cfg',
  apache: 'httpd.conf',
  caddy: 'Caddyfile',
  traefik: 'traefik.yml',
  envoy: 'envoy.yaml',
  maven: 'pom.xml',
  gradle: 'build.gradle',
  'python-project': 'pyproject.toml',
  'go-module': 'go.mod',
  'java-logging': 'logback.xml',
  'java-settings': 'application.yml',
  keycloak: 'keycloak.json',
  hocon: 'conf/application.conf',
  'server-script': 'configure.cli',
  'java-xml': 'web.xml',
  'dotnet-project': 'Shop.csproj',
  'dotnet-settings': 'appsettings.json',
  'key-file': 'tls.key',
  'cloud-foundry': 'manifest.yml',
  'multitarget-application': 'mta.yaml',
  spinnaker: 'pipeline.json',
  'spinnaker-delivery-config': 'spinnaker.yml',
  'ecs-task-definition': 'task-definition.json',
  compose: 'compose.yaml',
  cloudformation: 'stack.yaml',
  'arm-template': 'azuredeploy.json',
  'container-app': 'containerapp.yaml',
  kubernetes: 'web.yaml',
  'chart-values': 'values-prod.yaml',
  'cloud-foundry-variables': 'vars.yml',
};

const many = (text: string, count: number): string => text.repeat(count);
const nested = (open: string, close: string, depth = 10_000): string => many(open, depth) + many(close, depth);
const texts: Readonly<Record<string, string>> = {
  nothing: '',
  'a blank': ' ',
  'line ends alone': many('\n', 50_000),
  'carriage returns': 'a: 1\r\rb: 2\r',
  'a byte order mark': '\uFEFFservices:\n  web:\n    image: a\n',
  NUL: 'services:\n  web\u0000: {image: "a\u0000b"}\n',
  'a lone surrogate': 'name: "\uD800"\n',
  'escape codes': 'name: "\u001B[31mred"\n',
  'a script': 'name: "<script>alert(1)</script>"\n',
  'conflict markers': '<<<<<<< HEAD\nimage: a\n=======\nimage: b\n>>>>>>> main\n',
  'a number': '1',
  'a text': '"a"',
  'null as JSON': 'null',
  'a list where a map belongs': '- a\n- b\n',
  'a map where lists belong': '{"services": {"a": 1}, "spec": {"containers": {"a": 1}}, "modules": {"a": 1}, "applications": {"a": 1}}',
  'lists where maps belong':
    '{"services": [1], "env": ["a"], "spec": [1], "Resources": [1], "resources": [1], "functions": [[1]], "build": [1]}',
  'texts where maps belong':
    '{"services": "a", "env": "b", "spec": "c", "Resources": "d", "functions": "e", "modules": "f", "deploy": "g"}',
  'nulls where maps belong':
    '{"services": null, "env": null, "spec": null, "Resources": null, "functions": null, "build": null, "deploy": null}',
  'numbers as names': '{"services": {"1": {"image": 1, "ports": 1, "environment": 1}}, "name": 1, "kind": 1, "apiVersion": 1}',
  'keys of the prototype': '{"__proto__": {"env": {"A": "b"}}, "constructor": {"prototype": 1}, "services": {"__proto__": {"image": "a"}}}',
  'nested objects': nested('{"a":', '}'),
  'nested lists': nested('[', ']'),
  'nested blocks': Array.from({ length: 2_000 }, (_, depth) => `${many(' ', depth)}a:\n`).join(''),
  'nested braces': nested('a {\n', '}\n'),
  'nested parentheses': nested('(', ')'),
  'nested elements': nested('<a>', '</a>'),
  'nested interpolation': nested('${a:-', '}'),
  'nested substitution': nested('$(', ')'),
  'an open object': '{"a": ',
  'an open string': 'a = "b',
  'an open block': 'web {\n  image = ',
  'an open heredoc': 'a = <<EOF\nb\n',
  'an open comment': '/* a\n<!-- b\n',
  'an open element': '<a b="',
  'an open section': '[http_service\nport = 1\n',
  'closings alone': '}}}]])))</a>',
  'an alias of itself': 'a: &a\n  b: *a\n',
  'aliases that grow': `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefghi'
    .split('')
    .map((name, index) => `${name}: &${name} [${many(`*${'abcdefgh'[index]},`, 9).slice(0, -1)}]\n`)
    .join('')}`,
  'an unknown alias': 'a: *nobody\n',
  'an unknown tag': 'a: !!js/function "function () { throw 1 }"\nb: !Unknown [1]\n',
  'entities that grow': '<!DOCTYPE a [<!ENTITY b "xxxxxxxxxx"><!ENTITY c "&b;&b;&b;&b;">]><a>&c;</a>',
  'a file of the machine': '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
  'doubled keys': 'a: 1\na: 2\nservices: {web: {image: a}}\nservices: {web: {image: b}}\n',
  'tabs as indentation': 'services:\n\tweb:\n\t\timage: a\n',
  'a long line': `a: ${many('x', 300_000)}\n`,
  'a long name': `${many('x', 100_000)}: 1\n`,
  'a long command': `web: ${many('a && ', 20_000)}b\n`,
  'many keys': Array.from({ length: 5_000 }, (_, index) => `k${index}: v\n`).join(''),
  'many sections': Array.from({ length: 5_000 }, (_, index) => `[s${index}]\nExecStart=/a\nport = ${index}\n`).join(''),
  'many documents': many('---\nkind: Deployment\napiVersion: apps/v1\nmetadata: {name: a}\n', 1_000),
  'many quotes': many('"', 50_000),
  'many backslashes': many('\\\n', 50_000),
  'many dollars': many('$', 50_000),
  'many colons': many('a: ', 20_000),
  'many equals': many('a=', 50_000),
  'a huge number': 'replicas: 1e999\nport: 99999999999999999999999999\ninstances: -1\n',
  'a path out of the root': '{"name": "../../../../etc/passwd", "build": "../../..", "env_file": "/etc/shadow", "path": "../.."}',
};

/** Not linear for one text: seconds of CPU, far above what a busy machine adds. */
const mostSeconds = 4;

function extract(adapter: Adapter, path: string, text: string): void {
  const { facts, notAssessed } = adapter.extract({ path, text });
  for (const place of placesIn([facts, notAssessed])) expect([place, liesWithin(place, { [path]: text })]).toEqual([place, true]);
}

it('every adapter has a path here', () => {
  expect(Object.keys(paths).sort()).toEqual(manifestAdapters.map(({ id }) => id).sort());
});

describe.each(manifestAdapters.map((adapter) => [adapter.id, adapter] as const))('%s', (id, adapter) => {
  const path = paths[id]!;
  it.each(Object.keys(texts))('%s', (name) => {
    const started = process.cpuUsage().user;
    extract(adapter, path, texts[name]!);
    expect((process.cpuUsage().user - started) / 1e6).toBeLessThan(mostSeconds);
  });
  it('any text', () => {
    const words = [
      'a',
      'services',
      'env',
      'image',
      'name',
      ':',
      '=',
      '\n',
      '  ',
      '- ',
      '{',
      '}',
      '[',
      ']',
      '"',
      "'",
      '<',
      '>',
      '/',
      '#',
      '$',
      '${',
      '&a',
      '*a',
      '|',
      '---\n',
      '1',
      ',',
      '(',
      ')',
    ];
    const text = fc.array(fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...words) }, fc.string({ maxLength: 5 })), { maxLength: 40 });
    fc.assert(
      fc.property(text, (parts) => extract(adapter, path, parts.join(''))),
      { numRuns: 100, interruptAfterTimeLimit: 10_000 },
    );
  });
});
