import type { Result } from '../types.ts';
import type { Tell } from './terms.ts';

/** Ids of commits are shown as git abbreviates them. */
export const shortCommit = (commit: string): string => (/^[0-9a-f]{40,64}$/.test(commit) ? commit.slice(0, 12) : commit);

/** What a comparison says and what a baseline or a change left out, a phrase each; nothing where neither was asked for. */
export function describeNews({ comparison, hidden }: Result, tell: Tell): readonly string[] {
  const phrases: string[] = [];
  if (comparison) {
    const { since, unchanged, solved } = comparison;
    phrases.push(tell('news.since', { since: shortCommit(since), new: comparison.new, unchanged, solved: solved.length }));
  }
  if (hidden?.baseline) phrases.push(tell.count('news.baseline', hidden.baseline));
  if (hidden?.untouched) phrases.push(tell.count('news.untouched', hidden.untouched));
  return phrases;
}
