import { homeOf, isOfNone } from '../text/finding-questions.ts';
import type { Finding, Level, Result, ServiceResult, Verdict } from '../types.ts';
import type { Tell } from './terms.ts';

/** Worst first. */
export const levels: readonly Level[] = ['error', 'warning', 'note'];

const rank: Readonly<Record<Level, number>> = { error: 0, warning: 1, note: 2 };

/** Findings with the worst first; the pipeline's order stays within a level. */
export function sortBySeverity(findings: readonly Finding[]): readonly Finding[] {
  return [...findings].sort((a, b) => rank[a.level] - rank[b.level]);
}

/** Verdicts, those that ask for work first. */
export const verdicts: readonly Verdict[] = ['blocked', 'at risk', 'unknown', 'ready'];

/** Services with the worst first; those of one verdict keep their order, which is by name. */
export function sortByVerdict(services: readonly ServiceResult[]): readonly ServiceResult[] {
  return [...services].sort((a, b) => verdicts.indexOf(a.verdict) - verdicts.indexOf(b.verdict));
}

/** How many findings there are of each level. */
export function countLevels(findings: readonly Finding[]): Readonly<Record<Level, number>> {
  const counts = { error: 0, warning: 0, note: 0 };
  for (const { level } of findings) counts[level]++;
  return counts;
}

/** Findings of services that the result does not list, of several, or of none: facts of the repository as a whole. */
export function findingsOutsideServices(result: Result): readonly Finding[] {
  const names = new Set(result.services.map(({ name }) => name));
  return result.findings.filter((finding) => !names.has(homeOf(finding) ?? ''));
}

/** What counts for no service at all. */
export function findingsOfNone(findings: readonly Finding[], services: readonly Pick<ServiceResult, 'name'>[]): readonly Finding[] {
  const names = new Set(services.map(({ name }) => name));
  return findings.filter((finding) => isOfNone(finding, names));
}

/** `2 errors, 1 warning`; notes are left out. */
export function countSerious(findings: readonly Finding[], tell: Tell): string {
  const { error, warning } = countLevels(findings);
  return [error && tell.count('n.error', error), warning && tell.count('n.warning', warning)].filter(Boolean).join(', ');
}
