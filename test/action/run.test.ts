/** The bundled action on a push: what it shows, writes and ends with. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Log } from 'sarif';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Finding } from '../../src/types.ts';
import { type Files, makeFolder, makeWorkTree, shop } from '../temporary-repository.ts';
import { makeBundle } from './bundle.ts';
import { answerUpload, isUpload, readUpload, serveApi } from './fake-api.ts';
import { annotations, listCommands, node, nodeVersion, runAction } from './runner-shim.ts';

let bundle: string;
beforeAll(() => {
  bundle = makeBundle();
}, 120_000);

const readLog = (file: string): Log => JSON.parse(readFileSync(file, 'utf8')) as Log;

describe(`a push, with Node ${nodeVersion}${node === process.execPath ? ' of the tests' : ''}`, () => {
  it('fails, annotates, summarises and fills every output without asking anybody', async () => {
    const api = await serveApi(() => undefined);
    const { status, stdout, stderr, outputs, summary, temporary } = await runAction({
      bundle,
      workspace: makeWorkTree(shop),
      apiUrl: api.url,
    });
    expect(stderr).toBe('');
    expect(status).toBe(1);
    expect(api.requests).toEqual([]);
    expect(
      annotations(stdout, 'error').some((line) => line.includes('file=server.js,line=4') && line.includes('k8s/deployment.yaml:6')),
    ).toBe(true);
    expect(summary).toContain('Can it autoscale?');
    expect(outputs).toEqual({
      'sarif-file': join(temporary, 'cloudworthy.sarif'),
      'report-file': '',
      verdict: 'blocked',
      'findings-count': expect.stringMatching(/^\d+$/),
      errors: expect.stringMatching(/^[1-9]\d*$/),
      warnings: expect.stringMatching(/^\d+$/),
      notes: expect.stringMatching(/^\d+$/),
      'new-findings': '',
    });
    const count = Number(outputs['errors']) + Number(outputs['warnings']) + Number(outputs['notes']);
    expect(Number(outputs['findings-count'])).toBe(count);
    const { results, automationDetails } = readLog(outputs['sarif-file']!).runs[0]!;
    expect(results).toHaveLength(count);
    expect(automationDetails).toBeUndefined();
  });

  it('ends as fail-on says, and shows nothing that is turned off', async () => {
    const inputs = { 'fail-on': 'never', annotations: 'false', summary: 'false' };
    const { status, stdout, summary } = await runAction({ bundle, workspace: makeWorkTree(shop), inputs });
    expect({ status, stdout, summary }).toEqual({ status: 0, stdout: '', summary: '' });
  });

  it('writes what was asked for where it was asked for', async () => {
    const workspace = makeWorkTree({ ...Object.fromEntries(Object.entries(shop).map(([path, text]) => [`apps/shop/${path}`, text])) });
    const inputs = {
      path: 'apps/shop',
      format: 'junit=out/junit.xml\ncsv',
      'sarif-file': 'out/result.sarif',
      category: 'shop',
      'min-severity': 'error',
    };
    const { outputs, temporary } = await runAction({ bundle, workspace, inputs });
    expect(outputs['report-file']).toBe(join(workspace, 'out/junit.xml'));
    expect(readFileSync(join(workspace, 'out/junit.xml'), 'utf8')).toContain('<testsuite name="shop"');
    expect(readFileSync(join(temporary, 'cloudworthy-csv.csv'), 'utf8')).toContain('session-in-memory');
    const [run] = readLog(join(workspace, 'out/result.sarif')).runs;
    expect(run!.automationDetails).toEqual({ id: 'shop/' });
    expect(run!.results!.every(({ level }) => level === 'error')).toBe(true);
    expect(run!.results![0]!.locations![0]!.physicalLocation!.artifactLocation!.uri).toMatch(/^apps\/shop\//);
    expect(outputs['warnings']).toBe('0');
  });

  it('leaves out what a baseline knows', async () => {
    const workspace = makeWorkTree(shop);
    const { outputs: before } = await runAction({ bundle, workspace, inputs: { format: 'json' } });
    const findings = (JSON.parse(readFileSync(before['report-file']!, 'utf8')) as { findings: Finding[] }).findings.map(
      ({ rule, level, service, place, subject, text, fingerprint }) => ({
        rule,
        level,
        service,
        path: place.path,
        subject,
        message: text,
        fingerprint,
      }),
    );
    const kept = findings.filter(({ rule }) => rule !== 'session-in-memory');
    const baseline = { 'baseline.json': JSON.stringify({ version: 1, findings: kept }) };
    const next = await runAction({ bundle, workspace: makeWorkTree({ ...shop, ...baseline }), inputs: { baseline: 'baseline.json' } });
    expect(next.stdout).not.toContain('baseline.json');
    expect(next.outputs).toMatchObject({ 'findings-count': '1', errors: '1', 'new-findings': '1' });
    expect(next.summary).toContain('in the baseline not shown');
  });

  it.each([
    [{ 'fail-on': 'fatal' }, 'Input "fail-on" is "fatal"'],
    [{ annotations: 'yes' }, 'Input "annotations" is "yes"'],
    [{ format: 'junitt' }, 'Did you mean "junit"?'],
    [{ path: 'missing' }, 'no file or folder "missing"'],
    [{ config: 'missing.yml' }, 'missing.yml'],
    [{ baseline: 'missing.json' }, 'missing.json'],
  ])('says what is wrong with %j', async (inputs, message) => {
    const { status, stdout } = await runAction({ bundle, workspace: makeWorkTree(shop), inputs });
    expect(status).toBe(2);
    expect(annotations(stdout, 'error')).toEqual([expect.stringContaining(message)]);
  });

  it('does not take nothing for success', async () => {
    const { status, stdout } = await runAction({ bundle, workspace: makeFolder({ 'notes.txt': 'nothing here\n' }) });
    expect(status).toBe(2);
    expect(annotations(stdout, 'error')).toEqual([expect.stringContaining('Nothing to analyse')]);
  });

  it('uploads the SARIF file for the commit of the run', async () => {
    const api = await serveApi(answerUpload);
    const inputs = { upload: 'true', token: 'secret-token', category: 'web' };
    const sha = 'b'.repeat(40);
    const event = { name: 'push', payload: {}, sha, ref: 'refs/heads/feature' };
    const { status, stdout } = await runAction({ bundle, workspace: makeWorkTree(shop), inputs, event, apiUrl: api.url });
    expect(status).toBe(1);
    expect(stdout).not.toContain('secret-token');
    expect(stdout).toContain('Results were uploaded');
    expect(api.requests.map(({ method }) => method)).toEqual(['POST', 'GET']);
    const request = api.requests.find(isUpload)!;
    expect(request.headers).toMatchObject({ authorization: 'Bearer secret-token', accept: 'application/vnd.github+json' });
    const { log, ...fields } = readUpload(request);
    expect(fields).toEqual({ commit_sha: sha, ref: 'refs/heads/feature', tool_name: 'cloudworthy' });
    expect(log.runs).toHaveLength(1);
    expect(log.runs[0]!.automationDetails).toEqual({ id: 'web/' });
    expect(log.runs[0]!.results!.map(({ ruleId }) => ruleId)).toContain('session-in-memory');
  });

  it.each([
    [401, 'notice', 'security-events: write'],
    [403, 'notice', 'security-events: write'],
    [404, 'notice', 'not available'],
    [413, 'warning', 'status 413'],
    [422, 'warning', 'it is\\e[31m broken%0A'.slice(0, 8)],
  ] as const)('falls back when GitHub answers %i', async (status, kind, message) => {
    const api = await serveApi((request) =>
      isUpload(request) ? { status, body: { message: 'it is\u001b[31m broken\n::error::x' } } : undefined,
    );
    const workspace = makeWorkTree(shop);
    const run = await runAction({ bundle, workspace, inputs: { upload: 'true', token: 't', 'fail-on': 'never' }, apiUrl: api.url });
    expect(run.status).toBe(0);
    expect(annotations(run.stdout, kind).some((line) => line.includes(message))).toBe(true);
    expect(annotations(run.stdout, 'error').length).toBeGreaterThan(0);
    expect(annotations(run.stdout, 'error').every((line) => line.includes('file='))).toBe(true);
    expect(run.summary).toContain('Can it autoscale?');
  });

  it('says so when GitHub could not read the results, or does not answer', async () => {
    const api = await serveApi((request) =>
      isUpload(request) ? answerUpload(request) : { status: 200, body: { processing_status: 'failed', errors: ['bad region'] } },
    );
    const inputs = { upload: 'true', token: 't', annotations: 'false' };
    const refused = await runAction({ bundle, workspace: makeWorkTree(shop), inputs, apiUrl: api.url });
    expect(annotations(refused.stdout, 'warning')).toEqual([expect.stringContaining('bad region')]);
    const silent = await runAction({ bundle, workspace: makeWorkTree(shop), inputs });
    expect(annotations(silent.stdout, 'warning')).toEqual([expect.stringContaining('no answer')]);
  });

  it('asks types as the command line does, with nothing installed', async () => {
    const workspace = join(import.meta.dirname, '../../fixtures/rules/liveness-checks-dependency/bad-interface');
    const { outputs } = await runAction({ bundle, workspace, inputs: { 'fail-on': 'never', path: '.' } });
    expect(readLog(outputs['sarif-file']!).runs[0]!.results!.map(({ ruleId }) => ruleId)).toContain('liveness-checks-dependency');
  });
});

/** A service in which nine rules find something. */
const makeService = (name: string): Files => ({
  [`${name}/package.json`]: JSON.stringify({
    name,
    scripts: { start: 'node server.js' },
    dependencies: { express: '^4.0.0', 'express-session': '^1.0.0' },
  }),
  [`${name}/server.js`]: `const express = require('express');
const session = require('express-session');
const app = express();
app.use(session({ secret: process.env.SECRET }));
app.get('/', async (request, response) => response.json(await (await fetch('http://other.example.com/x')).json()));
app.listen(process.env.PORT);
`,
  [`${name}/Dockerfile`]: 'FROM node\nWORKDIR /app\nCOPY . .\nCMD npm start\n',
});

describe('limits', () => {
  it("keeps to GitHub's with 5,000 findings", { timeout: 180_000 }, async () => {
    const services = Array.from({ length: 720 }, (_, index) => makeService(`services/service-${index}`));
    const api = await serveApi(answerUpload);
    const inputs = { upload: 'true', token: 't' };
    const run = await runAction({ bundle, workspace: makeWorkTree(Object.assign({}, ...services)), inputs, apiUrl: api.url });
    expect(run.status).toBe(1);
    const count = Number(run.outputs['findings-count']);
    expect(count).toBeGreaterThanOrEqual(5000);
    for (const kind of ['error', 'warning', 'notice'] as const) {
      const lines = annotations(run.stdout, kind);
      expect(lines).toHaveLength(10);
      expect(lines[9]).toMatch(/more (?:error|warning|note)s in the summary$/);
      expect(lines.every((line) => line.length < 4096)).toBe(true);
    }
    expect(Buffer.byteLength(run.summary)).toBeGreaterThan(100_000);
    expect(Buffer.byteLength(run.summary)).toBeLessThan(900_000);
    expect(run.summary).toMatch(/more entries left out/);
    expect(readUpload(api.requests.find(isUpload)!).log.runs[0]!.results).toHaveLength(count);
    expect(api.requests.find(isUpload)!.body.length).toBeLessThan(10_000_000);
  });
});

describe('a hostile repository', () => {
  const names = [
    '::error::owned',
    '##[add-mask]owned',
    '\n::set-output name=verdict::ready',
    '\u001b[31m\u202e',
    '<img src=x onerror=alert(1)>',
    '[click](https:example.com)`|',
    '%0A::error::%0D',
    '@everyone #1',
    "'; touch owned; '",
    '$(touch owned)',
  ];

  it('injects no command, output, markup or shell word', async () => {
    const files = Object.assign({}, ...names.map((name) => makeService(name)), {
      'k8s/a.yaml': `apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: "x\\n::error::owned" }\nspec: { replicas: 3, template: { spec: { containers: [{ name: "<b>", image: "::warning::x" }] } } }\n`,
    });
    const workspace = makeWorkTree(files);
    const { status, stdout, stderr, outputs, summary } = await runAction({ bundle, workspace });
    expect({ status, stderr }).toEqual({ status: 1, stderr: '' });
    expect(Number(outputs['findings-count'])).toBeGreaterThan(names.length * 5);
    expect(new Set(listCommands(stdout))).toEqual(new Set(['group', 'error', 'warning', 'notice', 'endgroup']));
    for (const kind of ['error', 'warning', 'notice'] as const) {
      expect(annotations(stdout, kind).length).toBeLessThanOrEqual(10);
      expect(annotations(stdout, kind).every((line) => /^::\w+ (?:file=[^:,]+,line=\d+|title=cloudworthy::\d+ more)/.test(line))).toBe(
        true,
      );
    }
    expect(outputs['verdict']).toBe('blocked');
    expect(Object.keys(outputs)).toHaveLength(8);
    expect(stdout + summary).not.toMatch(/\u001b|\u202e/);
    expect(summary).not.toMatch(/<img|<script|<b>x|\]\(|@everyone|(?<!&)#1|^\s*::/m);
    const again = await runAction({ bundle, workspace });
    expect(again.stdout).toBe(stdout);
  });
});
