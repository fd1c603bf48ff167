/** Sends SARIF to code scanning (GitHub REST API, "Upload an analysis as SARIF data"). */
import { gzipSync } from 'node:zlib';
import { cutText } from '../reporters/visible-text.ts';
import type { WorkflowEvent } from './event.ts';
import type { GitHubApi } from './github-api.ts';

export type UploadOutcome =
  | { readonly kind: 'done' }
  /** Not possible for this repository or token: annotations and summary have to do. */
  | { readonly kind: 'refused'; readonly message: string }
  | { readonly kind: 'failed'; readonly message: string };

const pollLimit = 5;
const pollPauseMs = 2000;
const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));
const noAlerts = 'Findings are shown as annotations and in the summary only.';

const textAt = (body: unknown, name: string): string => {
  const value = (body as Readonly<Record<string, unknown>> | undefined)?.[name];
  return typeof value === 'string' ? cutText(value, 500) : '';
};

function explainRefusal(status: number, event: WorkflowEvent): string | undefined {
  if (status === 403 && event.pullRequest?.fork) return `The token of a run for a fork may only read. ${noAlerts}`;
  if (status === 401 || status === 403)
    return `The token may not write code scanning results: the job needs "security-events: write", a private repository GitHub Code Security. ${noAlerts}`;
  if (status === 404) return `Code scanning is not available for this repository. ${noAlerts}`;
  return undefined;
}

/** GitHub takes the file first and reads it later; what it cannot read it says here. */
async function awaitProcessing(api: GitHubApi, path: string): Promise<UploadOutcome> {
  for (let turn = 0; turn < pollLimit; turn++) {
    if (turn > 0) await pause(pollPauseMs);
    const { status, body } = await api.get(path);
    const state = textAt(body, 'processing_status');
    if (status === 200 && state === 'failed') {
      const errors = (body as { readonly errors?: unknown }).errors;
      const reasons = Array.isArray(errors) ? errors.filter((entry) => typeof entry === 'string').join('; ') : '';
      return { kind: 'failed', message: `GitHub could not read the results: ${cutText(reasons, 500) || 'no reason given'}.` };
    }
    if (status !== 200 || state === 'complete') break;
  }
  return { kind: 'done' };
}

/** @param commit the commit that was analysed, where git tells */
export async function uploadSarif(api: GitHubApi, event: WorkflowEvent, commit: string | undefined, sarif: string): Promise<UploadOutcome> {
  const path = `/repos/${event.repository}/code-scanning/sarifs`;
  const { status, body } = await api.post(path, {
    ...chooseCommit(event, commit),
    sarif: gzipSync(sarif).toString('base64'),
    tool_name: 'cloudworthy',
  });
  const refusal = explainRefusal(status, event);
  if (refusal) return { kind: 'refused', message: refusal };
  if (status !== 202) {
    const why = status === 0 ? 'no answer' : `status ${status}${textAt(body, 'message') && `, ${textAt(body, 'message')}`}`;
    return { kind: 'failed', message: `The results were not uploaded: ${why}. ${noAlerts}` };
  }
  const id = textAt(body, 'id');
  return /^[\w-]+$/.test(id) ? awaitProcessing(api, `${path}/${id}`) : { kind: 'done' };
}

/** A pull request is usually checked out as merged; who checked out its head has results for the head. */
function chooseCommit({ sha, ref, pullRequest }: WorkflowEvent, commit: string | undefined) {
  return pullRequest && commit === pullRequest.headSha
    ? { commit_sha: commit, ref: `refs/pull/${pullRequest.number}/head` }
    : { commit_sha: sha, ref };
}
