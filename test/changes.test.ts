/** Sessions that compare the work tree with a baseline or an earlier commit. */
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { findComparedCommit } from '../src/files/compared-commit.ts';
import { openEarlierTree } from '../src/files/earlier-tree.ts';
import { analyse, printBaseline, readBaseline, UsageError } from '../src/session.ts';
import type { Finding, Result } from '../src/types.ts';
import { git, makeFolder, makeWorkTree, shop, writeFiles } from './temporary-repository.ts';

beforeEach(() => {
  process.env['XDG_CACHE_HOME'] = makeFolder();
});

const deployment = shop['k8s/deployment.yaml'] as string;
const server = shop['server.js'] as string;
const probes = `          readinessProbe:
            httpGet: { path: /, port: 3000 }
`;
const oneCopy = { ...shop, 'k8s/deployment.yaml': deployment.replace('replicas: 3', 'replicas: 1') };
const where = ({ rule, place }: Finding): string => `${rule} ${place.path}:${place.line}`;
const shown = (result: Result): readonly string[] => result.findings.map(where).sort();
const commit = (root: string): void => {
  git(root, 'add', '-A');
  git(root, 'commit', '-q', '-m', 'next');
};

describe('what a change concerns', () => {
  it('is shown on the manifest line that makes old code wrong', () => {
    const root = makeWorkTree(oneCopy);
    writeFiles(root, { 'k8s/deployment.yaml': deployment });
    const [finding] = analyse({ root, rules: ['session-in-memory'], changed: {} }).findings;
    expect(finding).toMatchObject({ level: 'error', status: 'new', place: { path: 'k8s/deployment.yaml', line: 6 } });
    expect(finding!.related[0]!.place).toMatchObject({ path: 'server.js', line: 4 });
  });

  it('is what a deleted line or a deleted file leaves behind', () => {
    const budget = `apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: { name: shop }
spec:
  maxUnavailable: 1
  selector: { matchLabels: { app: shop } }
`;
    const root = makeWorkTree({ ...shop, 'k8s/deployment.yaml': deployment + probes, 'k8s/budget.yaml': budget });
    const rules = ['probe-missing', 'disruption-budget-missing'];
    expect(shown(analyse({ root, rules, changed: {} }))).toEqual([]);
    writeFiles(root, { 'k8s/deployment.yaml': deployment });
    rmSync(join(root, 'k8s/budget.yaml'));
    const result = analyse({ root, rules, changed: {} });
    expect(shown(result)).toEqual(['disruption-budget-missing k8s/deployment.yaml:4', 'probe-missing k8s/deployment.yaml:14']);
    expect(result.comparison).toMatchObject({ new: 2, unchanged: 0 });
  });

  it('leaves everything else out, but not out of verdicts and of all findings', () => {
    const root = makeWorkTree(shop);
    writeFiles(root, { 'README.md': 'hello\n', 'server.js': server.replace("'hello'", "'bye'") });
    const result = analyse({ root, changed: {} });
    const all = analyse({ root });
    expect(result.findings).toEqual([]);
    expect(result.hidden).toEqual({ baseline: 0, untouched: all.findings.length });
    expect(result.allFindings!.map(where)).toEqual(all.findings.map(where));
    expect(result.services[0]!.verdict).toBe('blocked');
    expect(all).not.toHaveProperty('comparison');
  });

  it('follows lines through renamed files and commits of the branch', () => {
    const root = makeWorkTree(shop);
    git(root, 'branch', '-M', 'main');
    git(root, 'checkout', '-q', '-b', 'topic');
    renameSync(join(root, 'k8s'), join(root, 'deploy'));
    commit(root);
    const rules = ['session-in-memory', 'resources-missing'];
    const moved = analyse({ root, rules, changed: {} });
    expect([shown(moved), moved.comparison]).toMatchObject([[], { new: 0, solved: [] }]);
    writeFiles(root, { 'deploy/deployment.yaml': deployment.replace('name: shop\n          image', 'name: web\n          image') });
    expect(shown(analyse({ root, rules, changed: {} }))).toEqual(['resources-missing deploy/deployment.yaml:14']);
  });

  it('counts what is solved', () => {
    const root = makeWorkTree(shop);
    writeFiles(root, { 'server.js': server.replace(/^.*session.*$/gm, '') });
    const { comparison } = analyse({ root, rules: ['session-in-memory'], compareTo: 'HEAD' });
    expect(comparison).toMatchObject({ new: 0, unchanged: 0, solved: [{ rule: 'session-in-memory', path: 'server.js' }] });
    expect(comparison!.since).toBe(git(root, 'rev-parse', 'HEAD').trim());
  });

  it('is told in a folder of the work tree, too, and with files of CRLF', () => {
    const folder = Object.fromEntries(
      Object.entries(oneCopy).map(([path, text]) => [`app/${path}`, (text as string).replaceAll('\n', '\r\n')]),
    );
    const root = makeWorkTree(folder);
    writeFiles(root, { 'app/k8s/deployment.yaml': deployment });
    const result = analyse({ root: join(root, 'app'), rules: ['session-in-memory', 'resources-missing'], changed: {} });
    expect(shown(result)).toEqual(['session-in-memory k8s/deployment.yaml:6']);
  });

  it('needs git and a commit that exists', () => {
    const root = makeWorkTree(shop);
    expect(() => analyse({ root, changed: { since: 'nowhere' } })).toThrow(/git knows no commit "nowhere"/);
    expect(() => analyse({ root, changed: { since: '--output=x' } })).toThrow(UsageError);
    expect(() => analyse({ root, changed: {}, git: false })).toThrow(UsageError);
    expect(() => analyse({ root: makeFolder(shop), changed: {} })).toThrow('There is no commit to compare with.');
  });
});

describe('the commit that is compared with', () => {
  it('is where the branch left the default branch, or the other one that was named', () => {
    const root = makeWorkTree(shop);
    const head = () => git(root, 'rev-parse', 'HEAD').trim();
    git(root, 'branch', '-M', 'main');
    const start = head();
    expect(findComparedCommit(root)).toBe(start);
    git(root, 'checkout', '-q', '-b', 'topic');
    writeFiles(root, { 'a.txt': '1' });
    commit(root);
    const topic = head();
    git(root, 'checkout', '-q', 'main');
    writeFiles(root, { 'b.txt': '1' });
    commit(root);
    git(root, 'checkout', '-q', 'topic');
    expect(findComparedCommit(root)).toBe(start);
    expect(findComparedCommit(root, 'main')).toBe(start);
    git(root, 'update-ref', 'refs/remotes/origin/main', topic);
    expect(findComparedCommit(root)).toBe(topic);
  });
});

describe('an earlier version', () => {
  it('is read from git where the work tree differs: links, odd names, deleted and changed files', () => {
    const odd = 'odd\n"name" é.txt';
    const root = makeWorkTree({ ...shop, [odd]: 'odd\n', 'a/real.txt': 'real\n', 'gone.txt': 'gone\n' });
    git(root, 'rm', '-q', '--cached', 'gone.txt');
    git(root, 'commit', '-q', '--amend', '-m', 'start');
    const before = readFileSync(join(root, 'server.js'), 'utf8');
    writeFiles(root, { 'server.js': 'changed', 'fresh.txt': 'fresh', [odd]: 'changed' });
    rmSync(join(root, 'Dockerfile'));
    const tree = openEarlierTree(root, findComparedCommit(root, 'HEAD')!)!;
    expect(tree.text('server.js')).toBe(before);
    expect(tree.text(odd)).toBe('odd\n');
    expect(tree.text('Dockerfile')).toBe(shop['Dockerfile']);
    expect(tree.text('a/real.txt')).toBe('real\n');
    expect([tree.text('fresh.txt'), tree.text('gone.txt'), tree.text('../x')]).toEqual([undefined, undefined, undefined]);
    expect(tree.listing.paths).not.toContain('fresh.txt');
  });

  it('gives the same findings as a checkout of it', () => {
    const root = makeWorkTree(shop);
    const expected = analyse({ root, cache: false }).findings.length;
    writeFiles(root, { 'server.js': '', 'package.json': '{}' });
    rmSync(join(root, 'Dockerfile'));
    const { comparison } = analyse({ root, compareTo: 'HEAD' });
    expect(comparison!.unchanged + comparison!.solved.length).toBe(expected);
  });
});

it('a hostile repository starts nothing when it is compared', () => {
  const root = makeWorkTree(oneCopy);
  const trap = join(root, 'trapped');
  const script = join(root, '.git/trap.sh');
  writeFiles(root, { '.git/trap.sh': `#!/bin/sh\necho "$0" >> '${trap}'\ncat\n`, '.gitattributes': '* filter=trap diff=trap\n' });
  chmodSync(script, 0o755);
  for (const hook of ['post-checkout', 'post-index-change', 'pre-auto-gc', 'reference-transaction']) {
    writeFiles(root, { [`.git/hooks/${hook}`]: `#!/bin/sh\necho hook >> '${trap}'\n` });
    chmodSync(join(root, '.git/hooks', hook), 0o755);
  }
  const settings = {
    'filter.trap.clean': script,
    'filter.trap.smudge': script,
    'filter.trap.process': script,
    'filter.trap.required': 'true',
    'diff.trap.command': script,
    'diff.trap.textconv': script,
    'diff.external': script,
    'core.fsmonitor': script,
    'core.pager': script,
    'core.sshCommand': script,
    'remote.origin.url': root,
    'remote.origin.uploadpack': script,
    'remote.origin.promisor': 'true',
    'extensions.partialClone': 'origin',
    'alias.ls-tree': `!${script}`,
  };
  for (const [name, value] of Object.entries(settings)) git(root, 'config', name, value);
  rmSync(trap, { force: true });
  const blob = git(root, 'rev-parse', 'HEAD:server.js').trim();
  writeFiles(root, { 'k8s/deployment.yaml': deployment });
  expect(analyse({ root, rules: ['session-in-memory'], changed: {} }).findings.length).toBe(1);
  rmSync(join(root, '.git/objects', blob.slice(0, 2), blob.slice(2)));
  writeFiles(root, { 'server.js': `${server}\n` });
  analyse({ root, rules: ['session-in-memory'], changed: {} });
  expect(existsSync(trap) ? readFileSync(trap, 'utf8') : 'nothing ran').toBe('nothing ran');
  for (const words of [
    ['diff', 'HEAD'],
    ['cat-file', '-p', blob],
  ]) {
    rmSync(trap, { force: true });
    spawnSync('git', ['-c', 'filter.trap.process=', ...words], { cwd: root, timeout: 5000, killSignal: 'SIGKILL' });
    expect(existsSync(trap), `the trap works for git ${words[0]}`).toBe(true);
  }
});

describe('a baseline', () => {
  const baselineOf = (root: string) => {
    writeFiles(root, { 'known.json': printBaseline(analyse({ root }).findings) });
    return readBaseline(root, false, join(root, 'known.json'))!;
  };
  it('hides what it knows, but not from verdicts', () => {
    const root = makeWorkTree(shop);
    const before = analyse({ root });
    const result = analyse({ root, baseline: baselineOf(root) });
    expect([result.findings, result.hidden]).toEqual([[], { baseline: before.findings.length, untouched: 0 }]);
    expect(result.services.map(({ verdict }) => verdict)).toEqual(before.services.map(({ verdict }) => verdict));
    expect(result.notAssessed).toEqual(before.notAssessed);
  });
  it('shows what is new and what became worse', () => {
    const root = makeWorkTree({ ...oneCopy, 'k8s/deployment.yaml': (oneCopy['k8s/deployment.yaml'] as string) + probes });
    const baseline = baselineOf(root);
    writeFiles(root, { 'k8s/deployment.yaml': deployment });
    const rules = analyse({ root, baseline }).findings.map(({ rule }) => rule);
    expect(rules).toContain('probe-missing');
    expect(rules).toContain('session-in-memory');
    expect(rules).not.toContain('resources-missing');
  });
  it('knows findings after lines moved, code was formatted and files got other names', () => {
    const root = makeWorkTree(shop);
    const baseline = baselineOf(root);
    writeFiles(root, { 'server.js': `// first\n\n${server.replaceAll("'", '"').replaceAll('({ ', '({\n  ')}` });
    renameSync(join(root, 'k8s'), join(root, 'deploy'));
    const result = analyse({ root, baseline });
    expect(result.findings.map(where)).toEqual([]);
    expect(result.notAssessed.filter(({ reason }) => reason === 'unused-baseline')).toEqual([]);
  });
  it('names entries that are solved, when everything was judged', () => {
    const root = makeWorkTree(shop);
    const baseline = baselineOf(root);
    writeFiles(root, { 'server.js': server.replace(/^.*session.*$/gm, '') });
    const notes = (options: object) =>
      analyse({ root, baseline, ...options }).notAssessed.filter(({ reason }) => reason === 'unused-baseline');
    expect(notes({}).length).toBe(1);
    expect(notes({ rules: ['resources-missing'] })).toEqual([]);
    expect(notes({ paths: ['k8s'] })).toEqual([]);
  });
  it('is found by the configuration, inside the repository only', () => {
    const root = makeWorkTree({
      ...shop,
      'cloudworthy.yml': 'baseline: ci/known.json\n',
      'ci/known.json': '{ "version": 1, "findings": [] }',
    });
    const config = { base: '', rules: {}, ignore: [], exclude: [], baseline: 'ci/known.json' };
    expect(readBaseline(root, config)).toMatchObject({ path: 'ci/known.json', findings: [] });
    expect(readBaseline(root, false)).toBeUndefined();
    expect(() => readBaseline(root, { ...config, baseline: 'none.json' })).toThrow('none.json:1: the baseline cannot be read');
    writeFiles(root, { 'cloudworthy.yml': 'baseline: ../known.json\n' });
    expect(() => analyse({ root })).toThrow('cloudworthy.yml:1: baseline: "../known.json" leads out of the repository');
  });
});
