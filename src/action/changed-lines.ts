/** What a pull request touches, asked of GitHub: the usual checkout holds one commit only, so that git cannot tell. */
import type { Place } from '../types.ts';
import type { PullRequest, WorkflowEvent } from './event.ts';
import type { GitHubApi } from './github-api.ts';
import { type LineRange, readTouchedLines } from './patch.ts';

/** Ranges by path from the top of the repository; `all`: the diff is too large to be told, or binary. */
export type ChangedLines = ReadonlyMap<string, readonly LineRange[] | 'all'>;

const perPage = 100;
/** The endpoint ends at 3,000 files (GitHub REST API, "List pull requests files"). */
const maxPages = 30;

interface ChangedFile {
  readonly filename: string;
  readonly status: string;
  readonly changes: number;
  readonly patch?: string;
}
const isChangedFile = (value: unknown): value is ChangedFile =>
  typeof value === 'object' && value !== null && typeof (value as ChangedFile).filename === 'string';

function touchedLines({ status, patch, changes }: ChangedFile): readonly LineRange[] | 'all' {
  if (status === 'removed') return [];
  if (typeof patch === 'string') return readTouchedLines(patch);
  return changes === 0 && status === 'renamed' ? [] : 'all';
}

/** `undefined` when GitHub does not tell everything: then nothing may be left out. */
export async function fetchChangedLines(
  api: GitHubApi,
  { repository }: WorkflowEvent,
  { number, changedFiles }: PullRequest,
): Promise<ChangedLines | undefined> {
  const changed = new Map<string, readonly LineRange[] | 'all'>();
  for (let page = 1; page <= maxPages; page++) {
    const { status, body } = await api.get(`/repos/${repository}/pulls/${number}/files?per_page=${perPage}&page=${page}`);
    if (status !== 200 || !Array.isArray(body)) return undefined;
    for (const file of body.filter(isChangedFile)) changed.set(file.filename, touchedLines(file));
    if (body.length < perPage) break;
  }
  return changed.size >= changedFiles ? changed : undefined;
}

export function touchesPlace(changed: ChangedLines, { path, line, endLine }: Place): boolean {
  const ranges = changed.get(path);
  if (ranges === undefined || ranges === 'all') return ranges === 'all';
  return ranges.some(({ from, to }) => from <= endLine && line <= to);
}
