/** The bundled action on pull requests: what the change concerns is shown and judged, everything is uploaded. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { git, makeWorkTree, shop, writeFiles } from '../temporary-repository.ts';
import { makeBundle } from './bundle.ts';
import { answerFiles, answerUpload, type ChangedFile, isUpload, readUpload, serveApi } from './fake-api.ts';
import { annotations, runAction } from './runner-shim.ts';

let bundle: string;
beforeAll(() => {
  bundle = makeBundle();
}, 120_000);

const unknown = { head: 'c'.repeat(40), base: 'd'.repeat(40) };

interface PullRequestInput {
  readonly changedFiles: number;
  readonly fork?: boolean;
  readonly head?: string;
  readonly base?: string;
}
/** The event as GitHub sends it, with the members that matter. */
const pullRequest = ({ changedFiles, fork = false, head = unknown.head, base = unknown.base }: PullRequestInput) => ({
  name: 'pull_request',
  sha: 'e'.repeat(40),
  ref: 'refs/pull/7/merge',
  payload: {
    action: 'synchronize',
    number: 7,
    pull_request: {
      number: 7,
      changed_files: changedFiles,
      head: { sha: head, repo: { full_name: fork ? 'stranger/shop' : 'owner/shop' } },
      base: { sha: base, repo: { full_name: 'owner/shop' } },
    },
  },
});

/** `replicas: 1` became 3: line 6 of the manifest. */
const scaled: ChangedFile = {
  filename: 'k8s/deployment.yaml',
  status: 'modified',
  changes: 2,
  patch:
    '@@ -3,7 +3,7 @@ kind: Deployment\n metadata:\n   name: shop\n spec:\n-  replicas: 1\n+  replicas: 3\n   selector:\n     matchLabels: { app: shop }\n   template:',
};
const other = (index: number): ChangedFile => ({ filename: `docs/${index}.md`, status: 'added', changes: 1, patch: '@@ -0,0 +1 @@\n+x' });

describe('a checkout without history', () => {
  it('shows on the manifest line what the change makes wrong in old code', async () => {
    const api = await serveApi((request) => answerFiles([scaled], request));
    const event = pullRequest({ changedFiles: 1 });
    const run = await runAction({ bundle, workspace: makeWorkTree(shop), event, inputs: { token: 't' }, apiUrl: api.url });
    expect(run.status).toBe(1);
    const lines = annotations(run.stdout, 'error');
    expect(lines.some((line) => line.includes('file=k8s/deployment.yaml,line=6,') && line.includes('session-in-memory'))).toBe(true);
    expect(lines.every((line) => line.includes('k8s/deployment.yaml'))).toBe(true);
    expect(run.stdout).not.toContain('image-runs-as-root');
    expect(run.summary).toMatch(/\d+ findings that the change does not concern not shown/);
    expect(run.outputs['new-findings']).toBe('');
  });

  it('passes when the change concerns nothing that was found, and uploads everything all the same', async () => {
    const api = await serveApi((request) => answerFiles([other(1)], request) ?? answerUpload(request));
    const inputs = { token: 't', upload: 'true' };
    const run = await runAction({
      bundle,
      workspace: makeWorkTree(shop),
      event: pullRequest({ changedFiles: 1 }),
      inputs,
      apiUrl: api.url,
    });
    expect(run.status).toBe(0);
    expect(annotations(run.stdout, 'error')).toEqual([]);
    expect(run.outputs).toMatchObject({ 'findings-count': '0', errors: '0', verdict: 'blocked' });
    const { log, ...fields } = readUpload(api.requests.find(isUpload)!);
    expect(fields).toMatchObject({ commit_sha: 'e'.repeat(40), ref: 'refs/pull/7/merge' });
    expect(log.runs[0]!.results!.map(({ ruleId }) => ruleId)).toContain('session-in-memory');
  });

  it('reads every page of the changed files', async () => {
    const files = [...Array.from({ length: 230 }, (_, index) => other(index)), scaled];
    const api = await serveApi((request) => answerFiles(files, request));
    const run = await runAction({
      bundle,
      workspace: makeWorkTree(shop),
      event: pullRequest({ changedFiles: 231 }),
      inputs: { token: 't' },
      apiUrl: api.url,
    });
    expect(api.requests.map(({ url }) => url.replace(/.*\?/, ''))).toEqual([
      'per_page=100&page=1',
      'per_page=100&page=2',
      'per_page=100&page=3',
    ]);
    expect(annotations(run.stdout, 'error').length).toBeGreaterThan(0);
  });

  it('counts a file without a patch as touched as a whole', async () => {
    const api = await serveApi((request) => answerFiles([{ filename: 'server.js', status: 'modified', changes: 90_000 }], request));
    const event = pullRequest({ changedFiles: 1 });
    const run = await runAction({ bundle, workspace: makeWorkTree(shop), event, inputs: { token: 't' }, apiUrl: api.url });
    expect(annotations(run.stdout, 'error').some((line) => line.includes('file=server.js,line=4'))).toBe(true);
  });

  it.each([
    ['GitHub tells less than everything', 200, { token: 't' }],
    ['the token may not read', 403, { token: 't' }],
    ['there is no token', 200, {}],
  ])('shows everything when %s', async (_, status, inputs) => {
    const api = await serveApi((request) => (status === 200 ? answerFiles([other(1)], request) : { status, body: { message: 'no' } }));
    const event = pullRequest({ changedFiles: 4000 });
    const run = await runAction({ bundle, workspace: makeWorkTree(shop), event, inputs, apiUrl: api.url });
    expect(run.status).toBe(1);
    expect(run.stdout).toContain('file=server.js,line=4');
    expect(annotations(run.stdout, 'notice').some((line) => line.includes('could not be found out'))).toBe(true);
  });

  it('shows everything when asked to', async () => {
    const api = await serveApi(() => undefined);
    const inputs = { token: 't', 'changed-only': 'false' };
    const run = await runAction({
      bundle,
      workspace: makeWorkTree(shop),
      event: pullRequest({ changedFiles: 1 }),
      inputs,
      apiUrl: api.url,
    });
    expect(api.requests).toEqual([]);
    expect(run.stdout).toContain('file=server.js,line=4');
  });
});

describe('a fork', () => {
  it('is judged as usual; its token, which may only read, costs the alerts', async () => {
    const api = await serveApi((request) =>
      isUpload(request) ? { status: 403, body: { message: 'Resource not accessible by integration' } } : answerFiles([scaled], request),
    );
    const event = pullRequest({ changedFiles: 1, fork: true });
    const inputs = { token: 't', upload: 'true' };
    const run = await runAction({ bundle, workspace: makeWorkTree(shop), event, inputs, apiUrl: api.url });
    expect(run.status).toBe(1);
    expect(annotations(run.stdout, 'notice').filter((line) => line.includes('fork'))).toHaveLength(1);
    expect(annotations(run.stdout, 'error').length).toBeGreaterThan(0);
    expect(run.summary).toContain('Can it autoscale?');
  });
});

describe('a checkout with history', () => {
  const before = { ...shop, 'k8s/deployment.yaml': String(shop['k8s/deployment.yaml']).replace('replicas: 3', 'replicas: 1') };

  /** As actions/checkout leaves it: the merge of the branch into its base. */
  function makeMerged(change: Readonly<Record<string, string>>) {
    const workspace = makeWorkTree(before);
    git(workspace, 'branch', '-M', 'main');
    const base = git(workspace, 'rev-parse', 'HEAD').trim();
    git(workspace, 'checkout', '-q', '-b', 'topic');
    writeFiles(workspace, change);
    git(workspace, 'commit', '-q', '-a', '-m', 'change');
    const head = git(workspace, 'rev-parse', 'HEAD').trim();
    git(workspace, 'checkout', '-q', 'main');
    writeFileSync(join(workspace, 'README.md'), '# Shop\n');
    git(workspace, 'add', 'README.md');
    git(workspace, 'commit', '-q', '-m', 'base moved on');
    git(workspace, 'checkout', '-q', '--detach');
    git(workspace, 'merge', '-q', '--no-ff', '-m', 'merge', 'topic');
    return { workspace, event: pullRequest({ changedFiles: 1, head, base }) };
  }

  it('tells what is new without asking GitHub', async () => {
    const api = await serveApi(() => undefined);
    const { workspace, event } = makeMerged({ 'k8s/deployment.yaml': String(shop['k8s/deployment.yaml']) });
    const run = await runAction({ bundle, workspace, event, inputs: { token: 't' }, apiUrl: api.url });
    expect(api.requests).toEqual([]);
    expect(run.status).toBe(1);
    expect(annotations(run.stdout, 'error').some((line) => line.includes('file=k8s/deployment.yaml,line=6,'))).toBe(true);
    expect(run.summary).toMatch(/since [0-9a-f]+: \d+ new, \d+ unchanged, \d+ solved/);
    expect(run.outputs['new-findings']).toMatch(/^\d+$/);
  });

  it('tells what is solved', async () => {
    const { workspace, event } = makeMerged({ Dockerfile: `${shop['Dockerfile']}`.replace('WORKDIR', 'USER node\nWORKDIR') });
    const run = await runAction({ bundle, workspace, event });
    expect(run.summary).toMatch(/ 0 new, \d+ unchanged, [1-9]\d* solved/);
    expect(run.outputs['new-findings']).toBe('0');
  });
});
