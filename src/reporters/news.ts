import type { Result } from '../types.ts';
import { countOf } from './visible-text.ts';

/** Ids of commits are shown as git abbreviates them. */
export const shortCommit = (commit: string): string => (/^[0-9a-f]{40,64}$/.test(commit) ? commit.slice(0, 12) : commit);

/** What a comparison says and what a baseline or a change left out, a phrase each; nothing where neither was asked for. */
export function describeNews({ comparison, hidden }: Result): readonly string[] {
  const phrases: string[] = [];
  if (comparison) {
    const { since, unchanged, solved } = comparison;
    phrases.push(`since ${shortCommit(since)}: ${comparison.new} new, ${unchanged} unchanged, ${solved.length} solved`);
  }
  if (hidden?.baseline) phrases.push(`${countOf(hidden.baseline, 'known finding')} in the baseline not shown`);
  if (hidden?.untouched) phrases.push(`${countOf(hidden.untouched, 'finding')} that the change does not concern not shown`);
  return phrases;
}
