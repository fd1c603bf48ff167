/** Fixes that know more than one place: the port that is really served, what only root may do, what has to be there first. */
import { describe, expect, it } from 'vitest';
import { printDiff } from '../../src/commands/diff.ts';
import { fixFolder } from '../../src/session.ts';
import { type Files, makeFolder } from '../temporary-repository.ts';

const base: Files = {
  'package.json': '{ "name": "shop", "private": true, "scripts": { "start": "node server.js" }, "dependencies": { "express": "^4.0.0" } }',
  'server.js': `const express = require('express');
const app = express();
app.get('/healthz', (request, response) => response.send('ok'));
app.listen(3000);
`,
  Dockerfile: 'FROM node:22.11.0\nWORKDIR /app\nCOPY . .\nRUN npm ci\nCMD ["node", "server.js"]\n',
};
const run = (rule: string, files: Files) =>
  fixFolder({ root: makeFolder({ ...base, ...files }), rules: [rule], cache: false, git: false, config: false }, { unsafe: true });
const compose = (...lines: readonly string[]): string =>
  `services:\n  shop:\n    build: .\n${lines.map((line) => `    ${line}\n`).join('')}`;

describe('a health check of Compose', () => {
  const check = (port: number) =>
    `["CMD", "node", "-e", "fetch('http://127.0.0.1:${port}/healthz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]`;
  it.each([
    ['of the code', ['ports: ["80:3000"]'], 3000],
    ['of the command line', ['command: ["node", "server.js", "--port=80"]'], 80],
    ['of the command line, in two words', ['command: ["node", "server.js", "--port", "8080"]', 'ports: ["80:8080"]'], 8080],
  ])('asks the port %s', async (_, lines, port) => {
    const { files } = await run('probe-missing', { 'compose.yaml': compose(...lines) });
    expect(files[0]?.after).toContain(`    healthcheck:\n      test: ${check(port)}\n      interval: 30s\n`);
  });
  it.each([
    ['the command names a port that nobody can read', ['command: ["node", "server.js", "--port", "$$WEB"]']],
    ['another port is published', ['ports: ["80:4000"]']],
  ])('is not made when %s', async (_, lines) => {
    expect((await run('probe-missing', { 'compose.yaml': compose(...lines) })).files).toEqual([]);
  });
  it('writes its words below each other where the file does', async () => {
    const { files } = await run('probe-missing', { 'compose.yaml': compose('command:', '  - node', '  - server.js') });
    expect(files[0]?.after).toContain('    healthcheck:\n      test:\n        - CMD\n        - node\n');
  });
});

describe('another user than root', () => {
  const server = (text: string): Files => ({ 'server.js': String(base['server.js']).replace('app.listen', `${text}\napp.listen`) });
  const write = "app.post('/', (q, r) => { require('fs').writeFileSync('uploads/' + q.query.name, 'x'); r.end(); });";
  const userImage = String(base['Dockerfile']).replace('CMD', 'USER node\nCMD');
  const lowBase = 'FROM node:22.11.0 AS base\nEXPOSE 80\nFROM base\nWORKDIR /app\nCOPY . .\nCMD ["node", "server.js"]\n';
  it.each<readonly [string, Files, boolean]>([
    ['runs the program', {}, true],
    ['cannot open a low port', { 'server.js': String(base['server.js']).replace('3000', '80') }, false],
    ['cannot open a low port that is given', { 'compose.yaml': compose('environment:', '  PORT: "80"') }, false],
    ['cannot write beside the program', server(write), false],
    [
      'can write what it was given',
      { ...server(write), Dockerfile: String(base['Dockerfile']).replace('npm ci', 'npm ci && chown -R node .') },
      true,
    ],
    ['cannot write into a new volume', { 'compose.yaml': `${compose('volumes: ["data:/data"]')}volumes:\n  data:\n` }, false],
    [
      'is given up for root where volumes hold its files',
      { 'compose.yaml': compose('user: "0:0"', 'volumes: ["./data:/data"]'), Dockerfile: userImage },
      false,
    ],
    ['is that of the image where nothing is kept', { 'compose.yaml': compose('user: "0:0"'), Dockerfile: userImage }, true],
    ['cannot open a low port that an earlier stage exposes', { Dockerfile: lowBase }, false],
  ])('%s', async (_, files, expected) => {
    expect((await run('image-runs-as-root', files)).files.length > 0).toBe(expected);
  });
});

it('says which Secret has to be there first', async () => {
  const { applied } = await run('hardcoded-credential', {
    'server.js': `const jwt = require('jsonwebtoken');\n${base['server.js']}app.get('/t', (q, r) => r.send(jwt.sign({}, 'kT9x!vQ2pLw8zR')));\n`,
    'package.json': String(base['package.json']).replace('"express"', '"jsonwebtoken": "^9.0.0", "express"'),
    'k8s.yaml':
      'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: shop }\nspec:\n  selector: { matchLabels: { app: shop } }\n  template:\n    metadata: { labels: { app: shop } }\n    spec:\n      containers:\n        - name: shop\n          image: example.org/shop:1.0.0\n',
  });
  expect(applied.map(({ fix }) => fix.title)).toEqual([
    'Read it from `JWT_SECRET`; then change the value, which everybody knows. First the Secret `shop` needs the key `jwt-secret`',
  ]);
});

it('shows a new file as one that was not there', async () => {
  const { files, before, after } = await run('credential-in-image', {
    '.env': 'DB_PASSWORD=hunter22x\n',
    'server.js': 'process.env.DB_PASSWORD\n',
  });
  expect(files.map((file) => printDiff(file, before, after))).toEqual(['--- /dev/null\n+++ b/.dockerignore\n@@ -0,0 +1,1 @@\n+.env']);
});

describe('a secret of a manifest', () => {
  const pod = (entry: string): string =>
    `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: shop\nspec:\n  template:\n    spec:\n      containers:\n        - name: shop\n          image: example.org/shop:1.0.0\n          env:\n${entry}`;
  it.each([
    [
      'k8s.yaml',
      pod("            - name: DB_PASSWORD # of the orders\n              value: 'maple-4417-river'\n"),
      pod(
        '            - name: DB_PASSWORD # of the orders\n              valueFrom:\n                secretKeyRef:\n                  name: shop\n                  key: db-password\n',
      ),
    ],
    [
      'k8s.yaml',
      pod('            - { name: DB_PASSWORD, value: maple-4417-river }\n'),
      pod('            - { name: DB_PASSWORD, valueFrom: { secretKeyRef: { name: shop, key: db-password } } }\n'),
    ],
    [
      'compose.yaml',
      compose('environment:', '  - DB_PASSWORD=maple-4417-river'),
      compose('environment:', '  - DB_PASSWORD=${DB_PASSWORD:?}'),
    ],
    [
      'compose.yaml',
      compose('environment:', '  DB_PASSWORD: "${OWN:-maple-4417-river}"'),
      compose('environment:', '  DB_PASSWORD: "${OWN:?}"'),
    ],
  ])('leaves %s', async (path, before, after) => {
    expect((await run('hardcoded-credential', { [path]: before })).files).toMatchObject([{ path, after }]);
  });
  it('stays beside Secrets of the same file, among which a missing one would look forgotten', async () => {
    const others = '---\napiVersion: v1\nkind: Secret\nmetadata: { name: mail }\n';
    const text = pod('            - name: DB_PASSWORD\n              value: maple-4417-river\n') + others;
    expect((await run('hardcoded-credential', { 'k8s.yaml': text })).files).toEqual([]);
  });
});

describe('what it was made for', () => {
  const limiter: Files = {
    'server.js': String(base['server.js']).replace(
      'app.listen',
      "app.use(require('express-rate-limit')({ windowMs: 60000, max: 20 }));\napp.listen",
    ),
  };
  const withLimit = (range: string): Files => ({
    ...limiter,
    'package.json': String(base['package.json']).replace('"express"', `"express-rate-limit": "${range}", "express"`),
  });
  it.each([
    ['^7.0.0', true],
    ['^5.0.0', false],
  ])('express-rate-limit %s takes the store: %s', async (range, expected) => {
    expect((await run('rate-limit-in-memory', withLimit(range))).files.length > 0).toBe(expected);
  });

  const boot = (version: string): Files => ({
    'pom.xml': `<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion><parent><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-parent</artifactId><version>${version}</version></parent><groupId>org.example</groupId><artifactId>shop</artifactId><version>1.0.0</version><dependencies><dependency><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-web</artifactId></dependency></dependencies><build><plugins><plugin><groupId>org.springframework.boot</groupId><artifactId>spring-boot-maven-plugin</artifactId></plugin></plugins></build></project>\n`,
    'src/main/java/org/example/Shop.java':
      'package org.example;\n\nimport org.springframework.boot.SpringApplication;\nimport org.springframework.boot.autoconfigure.SpringBootApplication;\n\n@SpringBootApplication\npublic class Shop {\n  public static void main(String[] args) {\n    SpringApplication.run(Shop.class, args);\n  }\n}\n',
  });
  it('asks the groups of Actuator that tell readiness and liveness', async () => {
    const manifest = boot('3.3.4');
    const { before } = await run('probe-missing', {
      ...manifest,
      'pom.xml': String(manifest['pom.xml']).replace(
        '</dependencies>',
        '<dependency><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-actuator</artifactId></dependency></dependencies>',
      ),
      'package.json': '{}',
      'server.js': '',
      Dockerfile: 'FROM eclipse-temurin:21.0.4_7-jre\nCOPY target/shop.jar /app.jar\nCMD ["java", "-jar", "/app.jar"]\n',
      'k8s.yaml':
        'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: shop }\nspec:\n  template:\n    spec:\n      containers:\n        - name: shop\n          image: example.org/shop:1.0.0\n          ports: [{ containerPort: 8080 }]\n',
    });
    const [ready, both] = before.findings.flatMap((finding) => before.fixes(finding));
    expect(ready).toMatchObject({ safe: true, title: 'Add a readiness probe that asks `/actuator/health/readiness`' });
    expect(both?.safe).toBe(false);
    expect(both?.edits[0]?.text).toContain('livenessProbe:\n            httpGet:\n              path: /actuator/health/liveness\n');
  });
  it.each([
    ['2.7.18', ['src/main/resources/application.properties']],
    ['2.0.4.RELEASE', []],
  ])('Spring Boot %s knows graceful shutdown: %j', async (version, paths) => {
    const root = makeFolder(boot(version));
    const { files, before } = await fixFolder(
      { root, rules: ['shutdown-not-graceful'], cache: false, git: false, config: false },
      { unsafe: true },
    );
    expect(before.findings).toHaveLength(1);
    expect(files.map(({ path }) => path)).toEqual(paths);
  });
});

it('names an autoscaler as the file names the workload, not as an overlay does', async () => {
  const deployment =
    'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  selector: { matchLabels: { app: web } }\n  template:\n    metadata: { labels: { app: web } }\n    spec:\n      containers:\n        - name: web\n          image: example.org/web:1.0.0\n          ports: [{ containerPort: 8080 }]\n          resources: { requests: { cpu: 100m } }\n';
  const { files } = await run('autoscaler-missing', {
    'k8s/base/web.yaml': deployment,
    'k8s/base/kustomization.yaml': 'namePrefix: live-\nresources: [web.yaml]\n',
  });
  expect(files[0]?.after).toContain(
    'metadata:\n  name: web\nspec:\n  scaleTargetRef:\n    apiVersion: apps/v1\n    kind: Deployment\n    name: web\n',
  );
});

it('keeps sessions of fastify in Redis, with what its store needs', async () => {
  const { files, after } = await run('session-in-memory', {
    'package.json':
      '{\n  "name": "shop",\n  "private": true,\n  "scripts": { "start": "node server.js" },\n  "dependencies": {\n    "@fastify/session": "^11.0.0",\n    "fastify": "^5.0.0"\n  }\n}\n',
    'server.js':
      "const app = require('fastify')();\nconst session = require('@fastify/session');\n\napp.register(session, { secret: process.env.SESSION_SECRET });\napp.listen({ port: 3000, host: '0.0.0.0' });\n",
  });
  expect(after.findings).toEqual([]);
  expect(files.map(({ after: text }) => text)).toEqual([
    '{\n  "name": "shop",\n  "private": true,\n  "scripts": { "start": "node server.js" },\n  "dependencies": {\n    "@fastify/session": "^11.0.0",\n    "connect-redis": "^9.0.0",\n    "express-session": "^1.18.2",\n    "fastify": "^5.0.0",\n    "redis": "^5.8.0"\n  }\n}\n',
    "const app = require('fastify')();\nconst session = require('@fastify/session');\nconst { RedisStore } = require('connect-redis');\nconst { createClient } = require('redis');\n\nconst redisClient = createClient({ url: process.env.REDIS_URL });\nredisClient.on('error', console.error);\nredisClient.connect().catch(console.error);\n\napp.register(session, { secret: process.env.SESSION_SECRET, store: new RedisStore({ client: redisClient }) });\napp.listen({ port: 3000, host: '0.0.0.0' });\n",
  ]);
});
