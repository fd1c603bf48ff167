/** `--fix`, `--fix-unsafe`, `--diff` and `fix`, run as users run them. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { replaceTexts } from '../../src/files/host/replace-text.ts';
import { type Files, git, makeFolder, makeWorkTree } from '../temporary-repository.ts';

const root = join(import.meta.dirname, '../..');
const dist = join(root, 'node_modules/.cache', `fix-test-${process.pid}`);
beforeAll(() => {
  expect(spawnSync(process.execPath, ['build/build.mjs', `--outdir=${dist}`], { cwd: root, encoding: 'utf8' }).stderr).toBe('');
}, 120_000);
afterAll(() => rmSync(dist, { recursive: true, force: true }));

function run(cwd: string, ...words: readonly string[]) {
  const env = { PATH: process.env['PATH'], HOME: makeFolder() };
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(dist, 'cli.js'), ...words], { cwd, env, encoding: 'utf8' });
  return { status, stdout, stderr };
}

const shop: Files = {
  'package.json': JSON.stringify({ name: 'shop', scripts: { start: 'node server.js' }, dependencies: { express: '^4.0.0' } }),
  'package-lock.json': '{}',
  'server.js': `const express = require('express');
const app = express();
app.get('/healthz', (request, response) => response.send('ok'));
app.listen(process.env.PORT || 3000);
`,
  Dockerfile: 'FROM node:22.1.0\nWORKDIR /app\nCOPY . .\nRUN npm ci\n# comes last\nCMD ["npm", "start"]\n',
  'k8s/deployment.yaml': `apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
spec:
  replicas: 3
  selector:
    matchLabels: { app: shop }
  template:
    metadata:
      labels: { app: shop }
    spec:
      containers:
        - name: shop # the web
          image: registry.example.com/shop:1.0.0
`,
};
const rules = ['--rule', 'signal-lost', '--rule', 'probe-missing', '--rule', 'resources-missing'];
const read = (folder: string, path: string): string => readFileSync(join(folder, path), 'utf8');

describe('--fix', () => {
  it('applies the safe fixes, tells what it did, and changes nothing the second time', () => {
    const cwd = makeWorkTree(shop);
    const { status, stderr, stdout } = run(cwd, 'fix', '--fail-on', 'warning', '-f', 'concise', ...rules);
    expect(stderr).toContain('Fixed 2 findings in 2 files.');
    expect(stderr).toContain('Dockerfile:6 signal-lost: Run `node server.js` as process 1');
    expect(stderr).toContain('1 more finding can be fixed with --fix-unsafe');
    expect(status).toBe(1);
    expect(stdout.trim().split('\n')).toHaveLength(1);
    expect(stdout).toContain('resources-missing');
    expect(read(cwd, 'Dockerfile')).toBe(String(shop['Dockerfile']).replace('["npm", "start"]', '["node", "server.js"]'));
    const deployment = read(cwd, 'k8s/deployment.yaml');
    expect(deployment).toBe(
      `${shop['k8s/deployment.yaml']}          readinessProbe:\n            httpGet:\n              path: /healthz\n              port: 3000\n`,
    );
    expect(run(cwd, '--fix', ...rules).stderr).not.toContain('Fixed');
    expect(read(cwd, 'k8s/deployment.yaml')).toBe(deployment);
  });

  it('--fix-unsafe leaves nothing that a fix could remove', () => {
    const cwd = makeWorkTree(shop);
    expect(run(cwd, '--fix-unsafe', '--fail-on', 'warning', ...rules).status).toBe(0);
    expect(run(cwd, '--diff', '--fix-unsafe', ...rules)).toMatchObject({ status: 0, stdout: '' });
  });

  it('--diff writes nothing; git can apply it, and then nothing is left', () => {
    const cwd = makeWorkTree(shop);
    const { status, stdout } = run(cwd, '--diff', ...rules);
    expect(status).toBe(1);
    expect(git(cwd, 'status', '--porcelain')).toBe('');
    writeFileSync(join(cwd, 'fix.patch'), stdout);
    git(cwd, 'apply', 'fix.patch');
    expect(run(cwd, '--diff', ...rules).status).toBe(0);
    expect(read(cwd, 'Dockerfile')).toContain('CMD ["node", "server.js"]');
  });

  it('shows no secret in a diff', () => {
    const secret = 'hunter2-Xk29dPq81';
    const cwd = makeWorkTree({
      ...shop,
      'compose.yaml': `services:\n  shop:\n    build: .\n    environment:\n      DB_PASSWORD: "${secret}"\n    user: root\n`,
    });
    const { stdout } = run(cwd, '--diff', '--fix-unsafe', '--rule', 'image-runs-as-root');
    expect(stdout).toContain('DB_PASSWORD');
    expect(stdout).not.toContain(secret);
  });
});

describe('writing back', () => {
  const change = { path: 'a.txt', before: 'one\n', after: 'two\n' };
  it('keeps a byte order mark', () => {
    const folder = makeFolder({ 'a.txt': '\uFEFFone\n' });
    expect(replaceTexts(folder, [change])).toEqual([]);
    expect(read(folder, 'a.txt')).toBe('\uFEFFtwo\n');
  });
  it('writes nothing when one of the files was changed meanwhile', () => {
    const folder = makeFolder({ 'a.txt': 'one\n', 'b.txt': 'newer\n' });
    expect(replaceTexts(folder, [change, { path: 'b.txt', before: 'old\n', after: 'x\n' }])).toEqual([
      { path: 'b.txt', why: 'it was changed meanwhile' },
    ]);
    expect(read(folder, 'a.txt')).toBe('one\n');
  });
  it('refuses links, folders behind links, paths that lead out, other encodings and what exists already', () => {
    const outside = makeFolder({ 'a.txt': 'one\n' });
    const folder = makeFolder({ 'latin.txt': Buffer.from([0x6f, 0xe9, 0x0a]), 'wide.txt': Buffer.from('\uFEFFone\n', 'utf16le') });
    symlinkSync(join(outside, 'a.txt'), join(folder, 'a.txt'));
    symlinkSync(outside, join(folder, 'link'));
    mkdirSync(join(folder, 'real'));
    const refused = [
      change,
      { ...change, path: 'link/a.txt' },
      { ...change, path: '../a.txt' },
      { ...change, path: join(outside, 'a.txt') },
      { path: 'latin.txt', before: 'o\uFFFD\n', after: 'x' },
      { path: 'wide.txt', before: 'one\n', after: 'x' },
      { path: 'latin.txt', after: 'x' },
      { path: 'link/new.txt', after: 'x' },
      { path: 'gone.txt', before: 'one\n', after: 'x' },
    ];
    for (const each of refused) expect(replaceTexts(folder, [each]), each.path).toHaveLength(1);
    expect(replaceTexts(folder, [{ path: 'real/deeper/new.txt', after: 'x' }])).toEqual([]);
    expect(read(folder, 'real/deeper/new.txt')).toBe('x');
    expect(read(outside, 'a.txt')).toBe('one\n');
  });
});
