/** A cached run says what an uncached one says, after every kind of change. */
import { cpSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ChartLoader } from '../../src/manifests/helm/chart.ts';
import { analyse } from '../../src/session.ts';
import type { Result } from '../../src/types.ts';
import { makeFolder, shop, writeFiles } from '../temporary-repository.ts';

const apps = join(import.meta.dirname, '../../fixtures/apps');
const plain = (result: Result): unknown => JSON.parse(JSON.stringify({ ...result, rules: [] }));
/** Files that have only just been written prove nothing by their stamp: these look as if they had been there for a while. */
function settle(root: string): void {
  const before = new Date(Date.now() - 60_000);
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true }))
    if (entry.isFile()) utimesSync(join(entry.parentPath, entry.name), before, before);
}
function expectSame(root: string): void {
  expect(plain(analyse({ root, git: false }))).toEqual(plain(analyse({ root, git: false, cache: false })));
}

describe('the memory between runs', () => {
  beforeEach(() => {
    vi.stubEnv('XDG_CACHE_HOME', makeFolder());
    vi.useFakeTimers({ now: Date.now() + 3_600_000, toFake: ['Date'] });
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllEnvs();
  });

  it.each(readdirSync(apps, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : [])))(
    'changes nothing in %s',
    (app) => {
      const root = makeFolder();
      cpSync(join(apps, app), root, { recursive: true });
      settle(root);
      expectSame(root);
      expectSame(root);
    },
  );

  const sessionInRedis = shop['server.js']!.toString().replace(
    'session({',
    "session({ store: new (require('connect-redis').RedisStore)({}),",
  );

  it('reads a program again when one of its files, the packages, the manifests or the list of files changed', () => {
    const root = makeFolder({ ...shop, 'lib/limits.js': 'module.exports = {};\n', 'unused.js': 'module.exports = 1;\n' });
    const changes: readonly (() => void)[] = [
      () => writeFiles(root, { 'server.js': sessionInRedis }),
      () => writeFiles(root, { 'unused.js': 'module.exports = 2;\n' }),
      () => writeFiles(root, { 'lib/more.js': "require('node-cron').schedule('* * * * *', () => fetch('http://a.example'));\n" }),
      () => writeFiles(root, { 'server.js': `${sessionInRedis}require('./lib/more');\n` }),
      () => rmSync(join(root, 'lib/more.js')),
      () => writeFiles(root, { 'package.json': JSON.stringify({ name: 'shop', scripts: { start: 'node unused.js' } }) }),
      () => writeFiles(root, { 'k8s/deployment.yaml': String(shop['k8s/deployment.yaml']).replace('3', '1') }),
      () => writeFiles(root, shop),
    ];
    const seen = new Set<string>();
    for (const change of [() => undefined, ...changes]) {
      change();
      settle(root);
      expectSame(root);
      seen.add(JSON.stringify(analyse({ root, git: false }).findings));
    }
    expect(seen.size).toBeGreaterThan(3);
  });

  it('renders a chart again when one of its files, what installs it, or the list of files changed', () => {
    const deployment = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: {{ .Values.copies }}
  template:
    spec:
      containers:
        - name: web
          image: {{ include "common.image" . }}
`;
    const files = {
      'chart/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 1.0.0\n',
      'chart/values.yaml': 'copies: 1\ntag: 1.0.0\n',
      'chart/templates/web.yaml': deployment,
      'chart/charts/common/Chart.yaml': 'apiVersion: v2\nname: common\nversion: 1.0.0\ntype: library\n',
      'chart/charts/common/templates/_image.tpl': '{{ define "common.image" }}example/web:{{ .Values.tag }}{{ end }}\n',
      'other/Chart.yaml': 'apiVersion: v2\nname: other\nversion: 1.0.0\n',
      'other/values.yaml': 'copies: 2\ntag: latest\n',
      'other/templates/web.yaml': deployment
        .replace('{{ include "common.image" . }}', 'example/other:{{ .Values.tag }}')
        .replace('web}', 'other}'),
    };
    const application = `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: web}
spec:
  source:
    path: chart
    helm:
      valuesObject: {tag: latest}
`;
    const root = makeFolder(files);
    const changes: readonly (() => void)[] = [
      () => writeFiles(root, { 'chart/values.yaml': 'copies: 3\ntag: latest\n' }),
      () => writeFiles(root, { 'chart/charts/common/templates/_image.tpl': '{{ define "common.image" }}example/web:2.0.0{{ end }}\n' }),
      () => writeFiles(root, { 'chart/values-production.yaml': 'copies: 5\n' }),
      () => writeFiles(root, { 'chart/templates/web.yaml': deployment.replace('kind', '{{ fail "no" }}kind') }),
      () => writeFiles(root, files),
      () => writeFiles(root, { 'argo/web.yaml': application }),
      () => writeFiles(root, { 'argo/web.yaml': application.replace('latest', '3.0.0') }),
      () => rmSync(join(root, 'argo/web.yaml')),
      () => writeFiles(root, { 'other/values.yaml': 'copies: 2\ntag: latest # cloudworthy-ignore image-tag-mutable: for now\n' }),
      () => rmSync(join(root, 'other/Chart.yaml')),
    ];
    const seen = new Set<string>();
    for (const change of [() => undefined, ...changes]) {
      change();
      settle(root);
      expectSame(root);
      expectSame(root);
      seen.add(JSON.stringify(analyse({ root, git: false }).findings));
    }
    expect(seen.size).toBeGreaterThan(6);
  });

  it('renders no chart whose files have not changed', () => {
    const chart = (name: string) => ({
      [`${name}/Chart.yaml`]: `apiVersion: v2\nname: ${name}\nversion: 1.0.0\n`,
      [`${name}/values.yaml`]: 'copies: 1\n',
      [`${name}/templates/web.yaml`]:
        'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {replicas: {{ .Values.copies }}}\n',
    });
    const root = makeFolder({ ...chart('a'), ...chart('b') });
    settle(root);
    const loaded = vi.spyOn(ChartLoader.prototype, 'load');
    const rendered = (): readonly string[] => {
      loaded.mockClear();
      analyse({ root, git: false });
      return loaded.mock.calls.map(([folder]) => folder);
    };
    expect(rendered()).toEqual(['a', 'b']);
    expect(rendered()).toEqual([]);
    writeFiles(root, { 'b/values.yaml': 'copies: 2\n' });
    settle(root);
    expect(rendered()).toEqual(['b']);
    loaded.mockRestore();
  });

  it('reads only the programs that rest on what changed, also where they share modules', () => {
    const program = (name: string): Record<string, string> => ({
      [`${name}/package.json`]: JSON.stringify({ name, scripts: { start: 'node server.js' }, dependencies: { express: '^4.0.0' } }),
      [`${name}/server.js`]: `const { serve } = require('../lib/serve');\nconst { limit } = require('./limits');\nserve(limit);\n`,
      [`${name}/limits.js`]: 'exports.limit = 3;\n',
      [`${name}/Dockerfile`]: `FROM node:20.1.0\nCOPY . .\nCMD ["node", "${name}/server.js"]\n`,
    });
    const serve = `const express = require('express');
const { port } = require('./port');
exports.serve = (limit) => express().get('/health', (request, response) => response.send(limit)).listen(port);\n`;
    const root = makeFolder({
      ...program('a'),
      ...program('b'),
      'lib/serve.js': serve,
      'lib/port.js': 'exports.port = process.env.PORT;\n',
    });
    const changes: readonly (readonly [string, string])[] = [
      ['a/limits.js', "exports.limit = 4;\nsetInterval(() => fetch('https://jobs.example.com'), 1000);\n"],
      ['lib/port.js', 'exports.port = 3000;\n'],
      ['b/limits.js', 'exports.limit = process.env.LIMIT;\n'],
      ['lib/serve.js', serve.replace('/health', '/up')],
      ['lib/port.js', 'exports.port = process.env.PORT;\n'],
    ];
    for (const [path, text] of [['a/limits.js', 'exports.limit = 3;\n'] as const, ...changes]) {
      writeFiles(root, { [path]: text });
      settle(root);
      expectSame(root);
      expectSame(root);
    }
  });

  it('takes nothing from a cache that was damaged', () => {
    const root = makeFolder(shop);
    settle(root);
    expectSame(root);
    const folder = join(process.env['XDG_CACHE_HOME']!, 'cloudworthy');
    for (const name of readdirSync(folder)) writeFileSync(join(folder, name), '{"key":"2');
    expectSame(root);
  });
});
