/** The GitHub Action: one analysis, shown as annotations, summary, files and, when asked for, alerts. */
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { findTarget, pathExists } from '../files/host/find-root.ts';
import { resolveCommit } from '../files/host/git-history.ts';
import { github } from '../reporters/github.ts';
import { markdown } from '../reporters/markdown.ts';
import { analyseFolder, readBaseline, readConfig, UsageError } from '../session.ts';
import type { Result } from '../types.ts';
import { findChange } from './change.ts';
import { readEvent, type WorkflowEvent } from './event.ts';
import { type GitHubApi, openApi } from './github-api.ts';
import { type Inputs, readInputs } from './inputs.ts';
import { isFailure, writeOutputs } from './outcome.ts';
import { render, writeReports } from './reports.ts';
import { Runner } from './runner.ts';
import { uploadSarif } from './upload.ts';

const usageExit = 2;
const expected = new Set(['UsageError', 'ConfigError']);
const publicApi = 'https://api.github.com';

interface Run {
  readonly inputs: Inputs;
  readonly runner: Runner;
  readonly event: WorkflowEvent;
  readonly api?: GitHubApi;
  readonly workspace: string;
  readonly temporary: string;
}

function checkPath(workspace: string, path: string): string {
  const full = resolve(workspace, path);
  if (!pathExists(full)) throw new UsageError(`Input "path": there is no file or folder "${path}".`);
  return full;
}

/** Returns the exit code. */
async function work(run: Run): Promise<number> {
  const { inputs, runner, workspace, event, api } = run;
  const { root, paths } = findTarget([checkPath(workspace, inputs.path)]);
  const config = readConfig(root, inputs.config && resolve(workspace, inputs.config));
  const baseline = readBaseline(root, config, inputs.baseline && resolve(workspace, inputs.baseline));
  const { limits, notices } = await findChange(root, { event, api, changedOnly: inputs.changedOnly });
  const result = await analyseFolder({ root, paths, minSeverity: inputs.minSeverity, config, cache: false, baseline, ...limits });
  if (!result.services.length && !result.findings.length && result.counts.parsed === 0) {
    throw new UsageError(`Nothing to analyse in "${inputs.path}": no code, image or manifest was found.`);
  }
  const sarif = show(run, result);
  for (const message of notices) runner.tell('notice', message);
  if (inputs.upload) await upload(run, root, sarif);
  return isFailure(result, inputs.failOn ?? config.failOn ?? 'error', config) ? 1 : 0;
}

/** Returns the SARIF of everything. */
function show(run: Run, shown: Result): string {
  const { inputs, runner } = run;
  const whole = { ...shown, findings: shown.allFindings ?? shown.findings };
  const written = writeReports(whole, shown, inputs, run);
  if (inputs.annotations) runner.group('cloudworthy', render(github, shown));
  if (inputs.summary) runner.addSummary(render(markdown, shown));
  writeOutputs(runner, shown, written);
  return written.sarif;
}

/** Alerts are an addition: what keeps them away does not fail the run. */
async function upload({ api, event, runner }: Run, root: string, sarif: string): Promise<void> {
  if (!api || !event.repository) {
    runner.tell('warning', 'The results were not uploaded: that needs the input "token" and a repository on GitHub.');
    return;
  }
  const outcome = await uploadSarif(api, event, resolveCommit(root, 'HEAD'), sarif);
  if (outcome.kind === 'done') runner.print('Results were uploaded to code scanning.\n');
  else runner.tell(outcome.kind === 'refused' ? 'notice' : 'warning', outcome.message);
}

function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return expected.has(error.name) || 'code' in error ? error.message : `internal error: ${error.stack ?? error.message}`;
}

/** Runs the action in the environment that the runner gives; returns the exit code. */
export async function runAction(env: NodeJS.ProcessEnv): Promise<number> {
  const runner = new Runner(env);
  try {
    const inputs = readInputs(env);
    return await work({
      inputs,
      runner,
      event: readEvent(env),
      api: openApi(env['GITHUB_API_URL'] || publicApi, inputs.token),
      workspace: env['GITHUB_WORKSPACE'] || process.cwd(),
      temporary: env['RUNNER_TEMP'] || tmpdir(),
    });
  } catch (error) {
    runner.tell('error', explain(error));
    return usageExit;
  }
}
