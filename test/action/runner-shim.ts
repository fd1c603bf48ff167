/** Runs the bundled action as a GitHub runner does: inputs and files through the environment, the exit code as the outcome. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

const own = join(import.meta.dirname, 'runtime/node_modules/.bin/node');
/** Node 24 from `npm ci --prefix test/action/runtime` where it is installed, else whatever runs the tests. */
export const node = existsSync(own) && Number(process.versions.node.split('.')[0]) < 24 ? own : process.execPath;
export const nodeVersion = spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout.trim();

export interface ActionRun {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
  /** The runner's folder for temporary files. */
  readonly temporary: string;
}
export interface ActionCall {
  readonly bundle: string;
  readonly workspace: string;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly event?: { readonly name: string; readonly payload: object; readonly sha?: string; readonly ref?: string };
  readonly apiUrl?: string;
}

/** `name<<delimiter`, value, delimiter, as the runner reads it. */
export function readOutputs(text: string): Record<string, string> {
  const outputs: Record<string, string> = {};
  const lines = text.split('\n');
  while (lines.length > 0) {
    const head = /^([\w-]+)<<(.+)$/.exec(lines.shift()!);
    if (!head) continue;
    const value: string[] = [];
    while (lines.length > 0 && lines[0] !== head[2]) value.push(lines.shift()!);
    lines.shift();
    outputs[head[1]!] = value.join('\n');
  }
  return outputs;
}

/** Inputs that a workflow does not give have the default of action.yml. */
const defaults = { path: '.', 'changed-only': 'true', annotations: 'true', summary: 'true', upload: 'false' };

export async function runAction({ bundle, workspace, inputs = {}, event, apiUrl }: ActionCall): Promise<ActionRun> {
  const temporary = realpathSync(mkdtempSync(join(tmpdir(), 'cloudworthy-runner-')));
  onTestFinished(() => rmSync(temporary, { recursive: true, force: true }));
  const files = { output: join(temporary, 'output'), summary: join(temporary, 'summary.md'), event: join(temporary, 'event.json') };
  mkdirSync(join(temporary, 'home'));
  writeFileSync(files.output, '');
  writeFileSync(files.summary, '');
  writeFileSync(files.event, JSON.stringify(event?.payload ?? {}));
  const env = {
    PATH: process.env['PATH'],
    HOME: join(temporary, 'home'),
    ...Object.fromEntries(Object.entries({ ...defaults, ...inputs }).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value])),
    GITHUB_ACTIONS: 'true',
    GITHUB_API_URL: apiUrl ?? 'http://127.0.0.1:9',
    GITHUB_EVENT_NAME: event?.name ?? 'push',
    GITHUB_EVENT_PATH: files.event,
    GITHUB_OUTPUT: files.output,
    GITHUB_REF: event?.ref ?? 'refs/heads/main',
    GITHUB_REPOSITORY: 'owner/shop',
    GITHUB_SHA: event?.sha ?? 'a'.repeat(40),
    GITHUB_STEP_SUMMARY: files.summary,
    GITHUB_WORKSPACE: workspace,
    RUNNER_TEMP: temporary,
  };
  const { status, stdout, stderr } = await run(node, [join(bundle, 'index.mjs')], { cwd: workspace, env });
  return {
    status,
    stdout,
    stderr,
    outputs: readOutputs(readFileSync(files.output, 'utf8')),
    summary: readFileSync(files.summary, 'utf8'),
    temporary,
  };
}

/** Not `spawnSync`: the API that the action asks answers in this process. */
function run(command: string, words: readonly string[], options: { cwd: string; env: NodeJS.ProcessEnv }) {
  return new Promise<{ status: number | null; stdout: string; stderr: string }>((resolve, reject) => {
    const child = spawn(command, words, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []];
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() }));
  });
}

/** What the runner takes for a command: `::name …::` at the start of a line, `##[name` anywhere (actions/runner, ActionCommand). */
export const listCommands = (stdout: string): string[] =>
  stdout
    .split(/\r\n|\r|\n/)
    .flatMap((line) => [
      ...(/^\s*::([\w-]+)/.exec(line)?.slice(1, 2) ?? []),
      ...[...line.matchAll(/##\[([\w-]+)/g)].map(([, name]) => `##[${name}`),
    ]);

export const annotations = (stdout: string, kind: 'error' | 'warning' | 'notice'): string[] =>
  stdout.split('\n').filter((line) => line.startsWith(`::${kind} `));
