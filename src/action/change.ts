/** What a pull request changes: told by git where the history is there, else by GitHub. */
import { findMergeBase, resolveCommit } from '../files/host/git-history.ts';
import type { AnalyseOptions } from '../session.ts';
import { fetchChangedLines, touchesPlace } from './changed-lines.ts';
import type { PullRequest, WorkflowEvent } from './event.ts';
import type { GitHubApi } from './github-api.ts';

export interface Change {
  readonly limits: Pick<AnalyseOptions, 'changed' | 'compareTo'>;
  /** What a reader must know about what is shown. */
  readonly notices: readonly string[];
}
export interface ChangeInput {
  readonly event: WorkflowEvent;
  readonly api?: GitHubApi;
  readonly changedOnly: boolean;
}

const everything: Change = { limits: {}, notices: [] };

/** The commit to compare with: of the merge that the runner checks out its first parent, which is newer than the event's base. */
function findBase(root: string, { headSha, baseSha }: PullRequest): string | undefined {
  const isMerge = resolveCommit(root, 'HEAD^2') === headSha;
  const base = resolveCommit(root, isMerge ? 'HEAD^1' : baseSha);
  return base !== undefined && findMergeBase(root, base) !== undefined ? base : undefined;
}

export async function findChange(root: string, { event, api, changedOnly }: ChangeInput): Promise<Change> {
  const { pullRequest } = event;
  if (!pullRequest) return everything;
  const base = findBase(root, pullRequest);
  if (!changedOnly) return base === undefined ? everything : { limits: { compareTo: base }, notices: [] };
  if (base !== undefined) return { limits: { changed: { since: base } }, notices: [] };
  const lines = api && event.repository ? await fetchChangedLines(api, event, pullRequest) : undefined;
  if (lines) return { limits: { changed: { touches: (place) => touchesPlace(lines, place) } }, notices: [] };
  return {
    limits: {},
    notices: [
      'What this pull request changes could not be found out, so all findings are shown. Give actions/checkout "fetch-depth: 0", or the job "pull-requests: read".',
    ],
  };
}
