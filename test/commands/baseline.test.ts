/** Baselines, changes and limits on the command line, run as users run it. */
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeFolder, makeWorkTree, shop, writeFiles } from '../temporary-repository.ts';

const root = join(import.meta.dirname, '../..');
const dist = join(root, 'node_modules/.cache', `baseline-test-${process.pid}`);

beforeAll(() => {
  const build = spawnSync(process.execPath, ['build/build.mjs', `--outdir=${dist}`], { cwd: root, encoding: 'utf8' });
  expect(build.stderr).toBe('');
}, 120_000);
afterAll(() => rmSync(dist, { recursive: true, force: true }));

const run = (cwd: string, ...words: readonly string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(dist, 'cli.js'), ...words], {
    cwd,
    env: { PATH: process.env['PATH'], HOME: makeFolder() },
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
};
const deployment = shop['k8s/deployment.yaml'] as string;
const oneCopy = { ...shop, 'k8s/deployment.yaml': deployment.replace('replicas: 3', 'replicas: 1') };
const rule = ['--rule', 'disruption-budget-blocks', '--rule', 'resources-missing', '--rule', 'image-runs-as-root'];

describe('baseline', () => {
  it('create writes what is found; check then shows and counts only what is new', () => {
    const cwd = makeWorkTree(oneCopy);
    const created = run(cwd, 'baseline', 'create');
    expect(created).toMatchObject({ status: 0, stdout: expect.stringMatching(/^Wrote \d+ findings to cloudworthy\.baseline\.json\./) });
    const text = readFileSync(join(cwd, 'cloudworthy.baseline.json'), 'utf8');
    const known = JSON.parse(text).findings.length;
    const same = run(cwd, '--baseline', 'cloudworthy.baseline.json', '--fail-on', 'note');
    expect([same.status, same.stdout.replace(/\s+/g, ' ')]).toEqual([
      0,
      expect.stringContaining(`${known} known findings in the baseline not shown`),
    ]);
    writeFiles(cwd, {
      'cloudworthy.yml': 'baseline: cloudworthy.baseline.json\n',
      'k8s/deployment.yaml': deployment.replace('- name: shop', '- name: web'),
    });
    const configured = run(cwd, '-f', 'concise', '--fail-on', 'warning', ...rule);
    expect([configured.status, configured.stdout]).toEqual([
      1,
      expect.stringMatching(/^k8s\/deployment\.yaml:14:\d+: warning resources-missing[^\n]*\n$/),
    ]);
    expect(run(cwd, '-f', 'concise', '--no-baseline', ...rule).stdout.split('\n').length).toBeGreaterThan(2);
  });

  it('create overwrites only when it is told to', () => {
    const cwd = makeWorkTree(shop);
    writeFileSync(join(cwd, 'known.json'), 'mine');
    const refused = run(cwd, 'baseline', 'create', '--output', 'known.json');
    expect([refused.status, refused.stderr]).toEqual([2, expect.stringContaining('known.json exists already; it was left as it is')]);
    expect(readFileSync(join(cwd, 'known.json'), 'utf8')).toBe('mine');
    expect(run(cwd, 'baseline', 'create', '--output', 'known.json', '--force').status).toBe(0);
    expect(JSON.parse(readFileSync(join(cwd, 'known.json'), 'utf8')).version).toBe(1);
  });

  it('prune takes out what is solved', () => {
    const cwd = makeWorkTree(shop);
    run(cwd, 'baseline', 'create');
    writeFiles(cwd, { Dockerfile: `${shop['Dockerfile']}USER node\n` });
    expect(run(cwd, 'check', '--baseline', 'cloudworthy.baseline.json').stdout).toContain(
      '1 entry of the baseline matches nothing any more',
    );
    const pruned = run(cwd, 'baseline', 'prune');
    expect([pruned.status, pruned.stdout]).toEqual([
      0,
      expect.stringMatching(/^Took 1 of \d+ findings out of cloudworthy\.baseline\.json\.\n$/),
    ]);
    expect(readFileSync(join(cwd, 'cloudworthy.baseline.json'), 'utf8')).not.toContain('image-runs-as-root');
    expect(run(cwd, 'baseline', 'prune').stdout).toMatch(/^Took 0 of/);
  });

  it('that is broken or missing exits 2 and says where', () => {
    const cwd = makeWorkTree({ ...shop, 'broken.json': '{\n  "version": 1,\n  "findings": [ { "rule": 1 } ]\n}\n' });
    const broken = run(cwd, '--baseline', 'broken.json');
    expect([broken.status, broken.stdout, broken.stderr]).toEqual([2, '', expect.stringMatching(/^cloudworthy: broken\.json:3: /)]);
    expect(run(cwd, '--baseline', 'none.json')).toMatchObject({
      status: 2,
      stderr: 'cloudworthy: none.json:1: the baseline cannot be read\n',
    });
    expect(run(cwd, 'baseline', 'prune', '--baseline', 'broken.json').status).toBe(2);
  });
});

describe('changes', () => {
  it('--changed reports, and counts for the exit code, only what the change concerns', () => {
    const cwd = makeWorkTree(shop);
    expect(run(cwd, '--changed', '--fail-on', 'note').status).toBe(0);
    writeFiles(cwd, { Dockerfile: `${shop['Dockerfile']}`.replace('node:20.1.0', 'node:20.2.0') });
    const changed = run(cwd, '--changed', '-f', 'concise', '--fail-on', 'note', ...rule);
    expect([changed.status, changed.stdout]).toEqual([1, expect.stringMatching(/^Dockerfile:1:1: warning image-runs-as-root[^\n]*\n$/)]);
    expect(run(cwd, '--since', 'HEAD', '-f', 'concise', '--fail-on', 'note', ...rule)).toEqual(changed);
  });
  it('--compare-to shows all and counts only what is new', () => {
    const cwd = makeWorkTree(shop);
    const same = run(cwd, '--compare-to', 'HEAD', '-f', 'json', '--fail-on', 'note', ...rule);
    const { findings, comparison } = JSON.parse(same.stdout);
    expect([same.status, findings.map(({ status }: { status: string }) => status), comparison.new]).toEqual([
      0,
      ['unchanged', 'unchanged'],
      0,
    ]);
    writeFiles(cwd, { 'k8s/deployment.yaml': deployment.replace('- name: shop', '- name: web') });
    expect(run(cwd, '--compare-to', 'HEAD', '--fail-on', 'warning', ...rule).status).toBe(1);
  });
  it('that cannot be told are wrong usage', () => {
    const cwd = makeWorkTree(shop);
    expect(run(cwd, '--since', 'nowhere')).toMatchObject({ status: 2, stdout: '', stderr: expect.stringContaining('no commit "nowhere"') });
    expect(run(cwd, '--changed', '--compare-to', 'HEAD').status).toBe(2);
    expect(run(makeFolder(shop), '--changed').stderr).toBe('cloudworthy: There is no commit to compare with.\n');
  });
});

describe('--max-warnings', () => {
  it('fails when there are more, also from the configuration', () => {
    const cwd = makeWorkTree(shop);
    expect(run(cwd, '--max-warnings', '2', ...rule).status).toBe(0);
    expect(run(cwd, '--max-warnings', '1', ...rule)).toMatchObject({
      status: 1,
      stderr: 'cloudworthy: 2 warnings found, more than the 1 that --max-warnings allows.\n',
    });
    expect(run(cwd, '--max-warnings', '0', '--exit-zero', ...rule).status).toBe(0);
    expect(run(cwd, '--max-warnings', 'few').status).toBe(2);
    writeFiles(cwd, { 'cloudworthy.yml': 'maxWarnings: 1\n' });
    expect(run(cwd, ...rule).status).toBe(1);
  });
});
