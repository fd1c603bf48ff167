/** Input that wants to break the analysis: each is named with file and reason, the rest is analysed, time is bounded, nothing is executed. */
import { chmodSync, existsSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { reporters } from '../src/reporters/index.ts';
import { analyse } from '../src/session.ts';
import type { Result } from '../src/types.ts';
import { type Files, makeFolder, makeWorkTree, shop } from './temporary-repository.ts';

const options = { cache: false, git: false, rules: ['session-in-memory'] };
const boundMs = 15_000;

/** Analyses the shop with hostile files beside it; the shop's own finding must survive. */
function survive(files: Files, prepare?: (root: string) => void): Result {
  const root = makeFolder({ ...shop, ...files });
  prepare?.(root);
  const start = performance.now();
  const result = analyse({ root, ...options });
  expect(performance.now() - start).toBeLessThan(boundMs);
  expect(result.findings.map(({ place }) => `${place.path}:${place.line}`)).toContain('server.js:4');
  return result;
}
const named = (result: Result, path: string) =>
  result.notAssessed.filter(({ place }) => place?.path === path).map(({ reason, place }) => `${reason}:${place!.line}`);

const deployment = shop['k8s/deployment.yaml'] as string;
const bomb = `apiVersion: v1\nkind: ConfigMap\ndata:\n  a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefghij'
  .split('')
  .map((name, index) => `  ${name}: &${name} [${Array(9).fill(`*${'abcdefghij'[index]}`).join(',')}]`)
  .join('\n')}\n`;

describe('a damaged file is named, the rest is analysed', () => {
  it.each([
    ['half-written YAML', 'k8s/half.yaml', 'apiVersion: v1\nkind: Service\nmetadata:\n  name: [a, {b: "c\n'],
    [
      'merge-conflict markers',
      'k8s/merge.yaml',
      deployment.replace('  replicas: 3', '<<<<<<< ours\n  replicas: 3\n=======\n  replicas: 4\n>>>>>>> theirs'),
    ],
    ['a broken package.json', 'services/a/package.json', '{ "name": "a", '],
    ['nesting in a package.json', 'services/a/package.json', `{"name":"a","x":${'['.repeat(10_000)}${']'.repeat(10_000)}}`],
    ['nesting in YAML', 'k8s/deep.yaml', `apiVersion: v1\nkind: ConfigMap\ndata: ${'['.repeat(10_000)}${']'.repeat(10_000)}\n`],
    ['an alias bomb', 'k8s/bomb.yaml', bomb],
    ['NUL bytes', 'k8s/binary.yaml', `apiVersion: v1\nkind: Service\n\0\0\n`],
    ['a large manifest', 'k8s/large.yaml', `apiVersion: v1\nkind: ConfigMap\ndata:\n${'  key: value\n'.repeat(250_000)}`],
  ])('%s', (_, path, text) => {
    const reasons = named(survive({ [path]: text }), path);
    expect(reasons).not.toEqual([]);
    expect(reasons.join()).not.toContain('internal-error');
  });

  it('thousands of workloads and tens of thousands of objects cost time in proportion', () => {
    const many = Array.from({ length: 800 }, (_, index) => deployment.replaceAll(/^( {2}name: ).*$/gm, `$1w${index}`)).join('\n---\n');
    const small = Array.from({ length: 10_000 }, (_, index) => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c${index}}\n`);
    const { counts } = survive({ 'k8s/many.yaml': many, 'k8s/small.yaml': small.join('---\n') });
    expect(counts.parsed).toBeGreaterThan(2);
  });

  const server = "const app = require('express')();\napp.listen(3000);\n";
  const entry = (text: string | Uint8Array): Files => ({
    'worker/package.json': JSON.stringify({ name: 'worker', scripts: { start: 'node main.js' }, dependencies: { express: '1' } }),
    'worker/Dockerfile': 'FROM node:20.1.0\nCOPY . .\nCMD ["node", "main.js"]\n',
    'worker/main.js': text,
  });
  it.each([
    ['a syntax error', `${server}const a = ;\n`],
    ['merge-conflict markers', `${server}<<<<<<< ours\nlet a;\n=======\nlet b;\n>>>>>>> theirs\n`],
    ['deep nesting', `${server}const a = ${'[\n'.repeat(10_000)}${']'.repeat(10_000)};\n`],
    ['deep calls', `${server}${'f(\n'.repeat(10_000)}${')'.repeat(10_000)};\n`],
    ['NUL bytes', "require('express');\0\n"],
    ['too much text', `${server}${'// filler\n'.repeat(250_000)}`],
  ])('%s in code', (_, text) => {
    const reasons = named(survive(entry(text)), 'worker/main.js');
    expect(reasons).not.toEqual([]);
    expect(reasons.join()).not.toContain('internal-error');
  });

  it('a file that may not be read', () => {
    const result = survive({ 'k8s/locked.yaml': deployment }, (root) => chmodSync(join(root, 'k8s/locked.yaml'), 0));
    expect(named(result, 'k8s/locked.yaml')).toEqual(process.getuid?.() === 0 ? [] : ['unreadable:1']);
  });
  it('links that lead out, around and to nothing', () => {
    const result = survive({}, (root) => {
      symlinkSync('/etc', join(root, 'k8s/etc'));
      symlinkSync('..', join(root, 'k8s/up'));
      symlinkSync('gone.yaml', join(root, 'k8s/link.yaml'));
    });
    expect(['k8s/etc', 'k8s/up', 'k8s/link.yaml'].map((path) => named(result, path))).toEqual([
      ['link-outside:1'],
      ['link-loop:1'],
      ['link-broken:1'],
    ]);
  });
});

describe('odd but valid input is analysed', () => {
  it.each([
    ['a byte order mark', (text: string) => `\ufeff${text}`],
    ['UTF-16', (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le')],
    ['CRLF', (text: string) => text.replaceAll('\n', '\r\n')],
  ])('%s', (_, change) => {
    const root = makeFolder(Object.fromEntries(Object.entries(shop).map(([path, text]) => [path, change(text as string)])));
    const [finding] = analyse({ root, ...options }).findings;
    expect([finding?.place.path, finding?.place.line, finding?.level]).toEqual(['server.js', 4, 'error']);
  });

  it('giant lines and minified bundles cost little', () => {
    const giant = `require('express-session');var a="${'x'.repeat(1_500_000)}";`;
    const minified = `!function(){${'var a=function(b){return b+1};a(1);'.repeat(20_000)}}();`;
    const commands = `FROM node:20.1.0\nRUN ${'a && '.repeat(50_000)}b\nCMD ["node","server.js"]\n`;
    survive({
      'public/giant.js': giant,
      'public/app.js': minified,
      'tool/Dockerfile': commands,
      'tool/.env': `A=${'x'.repeat(1_000_000)}\n`,
    });
  });
  it('50 MB files are not read whole', () => {
    const result = survive({
      'public/video.js': Buffer.alloc(50 * 1024 * 1024, 'x'),
      'k8s/dump.yaml': Buffer.alloc(50 * 1024 * 1024, 'a: 1\n'),
      'package-lock.json': Buffer.alloc(5 * 1024 * 1024, ' '),
    });
    expect(named(result, 'package-lock.json')).toEqual([]);
    expect(named(result, 'k8s/dump.yaml')).toEqual([]);
  });
});

describe('names and values from the repository', () => {
  const names = ['a\nb', 'esc\u001b[31mred', '<script>alert(1)</script>', 'right\u202eleft', '::error::x', '%0A'];
  it.each(names)('%j in a path or value cannot leave its place in any output', (name) => {
    const files = Object.fromEntries(Object.entries(shop).map(([path, text]) => [`services/${name.replaceAll('/', '|')}/${path}`, text]));
    const result = analyse({ root: makeFolder(files), ...options });
    expect(result.findings).toHaveLength(1);
    for (const reporter of reporters) {
      const text = reporter.render(result, { color: false, width: 80, links: false, version: '0.0.0', verbose: true });
      expect(text).not.toContain('\u001b');
      expect(text).not.toContain('\u202e');
      expect(text).not.toMatch(/^::error::x/m);
      if (name === 'a\nb') expect(text).not.toContain('services/a\nb');
      if (reporter.id === 'markdown') expect(text).not.toContain('<script>');
    }
  });
});

describe('secrets', () => {
  const secrets = ['s3cr3t-Passw0rd-9x', 'AKIAIOSFODNN7QWERTYU', 'Zm9vYmFyYmF6cXV4MTIzNDU2'];
  it('are in no output', () => {
    const files: Files = {
      ...shop,
      'server.js': `${shop['server.js']}const password = '${secrets[0]}';\nconst key = '${secrets[1]}';\nrequire('pg').Pool({ connectionString: 'postgres://app:${secrets[0]}@db:5432/app' });\n`,
      '.env': `DB_PASSWORD=${secrets[0]}\nAWS_ACCESS_KEY_ID=${secrets[1]}\nSESSION_SECRET=${secrets[2]}\n`,
      Dockerfile: `FROM node:20\nENV API_TOKEN=${secrets[2]}\nARG DB_PASSWORD=${secrets[0]}\nCOPY . .\nCMD node server.js --token=${secrets[2]}\n`,
      'docker-compose.yml': `services:\n  shop:\n    build: .\n    environment:\n      DB_PASSWORD: ${secrets[0]}\n      DATABASE_URL: postgres://app:${secrets[0]}@db/app\n`,
    };
    const result = analyse({ root: makeWorkTree(files), cache: false });
    for (const reporter of reporters) {
      const text = reporter.render(result, { color: false, width: 100, links: false, version: '0.0.0', verbose: true });
      for (const secret of secrets) expect(`${reporter.id}: ${text.includes(secret)}`).toBe(`${reporter.id}: false`);
    }
    const { excerpt: _, text: __, ...data } = result;
    for (const secret of secrets) expect(JSON.stringify(data)).not.toContain(secret);
  });
});

it('nothing of the repository is executed', () => {
  const root = makeFolder(shop);
  const trace = join(root, 'executed');
  const touch = `require('fs').writeFileSync(${JSON.stringify(trace)}, '')`;
  const hostile = {
    'package.json': JSON.stringify({
      name: 'shop',
      scripts: { start: 'node server.js', preinstall: `touch ${trace}` },
      dependencies: { 'express-session': '1' },
    }),
    'cloudworthy.config.js': touch,
    '.eslintrc.js': touch,
    'ecosystem.config.js': `${touch}; module.exports = { apps: [] }`,
    'config/default.js': touch,
    'server.js': `${touch};\n${shop['server.js']}`,
    '.git/config': `[core]\n\tfsmonitor = touch ${trace}\n`,
  };
  const target = makeFolder({ ...shop, ...hostile });
  analyse({ root: target, cache: false });
  expect(existsSync(trace)).toBe(false);
});

it('values that hold themselves are remembered by no cache, and harm none', () => {
  const circular = `const fs = require('fs');\nconst app = require('express')();\nconst paths = { dir: './data' };\npaths.self = paths;\napp.post('/x', (req, res) => fs.writeFileSync(paths.self, req.body));\napp.listen(80);\n`;
  const root = makeFolder({ 'package.json': shop['package.json']!, 'server.js': circular });
  const run = () => analyse({ root, git: false, rules: ['local-file-state'] }).findings.map(({ place }) => place.line);
  expect(run()).toEqual([5]);
  expect(run()).toEqual([5]);
});
