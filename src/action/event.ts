/** What made the workflow run, from the runner's variables and the event's payload. */
import { readBytes } from '../files/host/read.ts';

export interface PullRequest {
  readonly number: number;
  readonly headSha: string;
  readonly baseSha: string;
  /** How many files it changes. */
  readonly changedFiles: number;
  /** Comes from another repository, whose runs get a token that may only read. */
  readonly fork: boolean;
}
export interface WorkflowEvent {
  readonly name: string;
  readonly sha: string;
  readonly ref: string;
  /** `owner/name`; empty when the variable holds something else. */
  readonly repository: string;
  readonly pullRequest?: PullRequest;
}

/** GitHub refuses payloads above 25 MB. */
const payloadLimit = 32 * 1024 * 1024;
const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null;
const isSha = (value: unknown): value is string => typeof value === 'string' && /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/.test(value);

/** The member at a path of names; `undefined` when one is missing. */
function pick(value: unknown, ...names: readonly string[]): unknown {
  return names.reduce<unknown>((current, name) => (isObject(current) ? current[name] : undefined), value);
}

function readPayload(file: string | undefined): unknown {
  if (!file) return undefined;
  const result = readBytes('', file, { follow: true, maxBytes: payloadLimit });
  if (!('bytes' in result)) return undefined;
  try {
    return JSON.parse(result.bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}

function readPullRequest(payload: unknown): PullRequest | undefined {
  const pull = pick(payload, 'pull_request');
  const [number, headSha, baseSha] = [pick(pull, 'number'), pick(pull, 'head', 'sha'), pick(pull, 'base', 'sha')];
  if (!Number.isSafeInteger(number) || !isSha(headSha) || !isSha(baseSha)) return undefined;
  const changedFiles = pick(pull, 'changed_files');
  return {
    number: number as number,
    headSha,
    baseSha,
    changedFiles: typeof changedFiles === 'number' ? changedFiles : 0,
    fork: pick(pull, 'head', 'repo', 'full_name') !== pick(pull, 'base', 'repo', 'full_name'),
  };
}

const isRepository = (name: string): boolean => /^[\w.-]{1,100}\/[\w.-]{1,100}$/.test(name);

export function readEvent(env: NodeJS.ProcessEnv): WorkflowEvent {
  const name = env['GITHUB_EVENT_NAME'] ?? '';
  const repository = env['GITHUB_REPOSITORY'] ?? '';
  return {
    name,
    sha: env['GITHUB_SHA'] ?? '',
    ref: env['GITHUB_REF'] ?? '',
    repository: isRepository(repository) ? repository : '',
    // `pull_request_target` runs on the base branch, where the lines of the change do not exist.
    pullRequest: name === 'pull_request' ? readPullRequest(readPayload(env['GITHUB_EVENT_PATH'])) : undefined,
  };
}
