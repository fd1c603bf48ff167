/** Takes out what is no news: findings of the baseline, and findings that a change does not concern. */
import type { Comparison, Finding, HiddenFindings, NotAssessed } from '../types.ts';
import { applyBaseline, type Baseline } from './baseline.ts';
import { selectChanged, type Touches } from './changed.ts';
import { matchKnown, toKnown } from './match-known.ts';

/** An earlier commit, analysed with the same settings. */
export interface EarlierFindings {
  readonly commit: string;
  /** Within the scope of the report. */
  readonly findings: readonly Finding[];
}
export interface CompareInput {
  /** All findings, before the scope of the report is applied. */
  readonly findings: readonly Finding[];
  readonly isInScope: (finding: Finding) => boolean;
  readonly baseline?: Baseline;
  readonly earlier?: EarlierFindings;
  /** Present: only what the change concerns is kept. */
  readonly touches?: Touches;
  readonly ran: ReadonlySet<string>;
  readonly complete: boolean;
}
export interface Compared {
  readonly findings: readonly Finding[];
  readonly allFindings?: readonly Finding[];
  readonly comparison?: Comparison;
  readonly hidden?: HiddenFindings;
  readonly notAssessed: readonly NotAssessed[];
}

/** Marks every finding, and counts. */
function compareWithEarlier(
  findings: readonly Finding[],
  earlier: EarlierFindings | undefined,
): { readonly marked: readonly Finding[]; readonly comparison?: Comparison } {
  if (!earlier) return { marked: findings };
  const { known, gone } = matchKnown(findings, earlier.findings.map(toKnown));
  const marked = findings.map((finding): Finding => ({ ...finding, status: known.has(finding) ? 'unchanged' : 'new' }));
  return {
    marked,
    comparison: { since: earlier.commit, new: findings.length - known.size, unchanged: known.size, solved: gone },
  };
}

export function compareFindingsWithKnown(input: CompareInput): Compared {
  const { baseline, earlier, touches, isInScope, ran, complete } = input;
  if (!baseline && !earlier && !touches) return { findings: input.findings.filter(isInScope), notAssessed: [] };
  const applied = baseline && applyBaseline({ findings: input.findings, baseline, ran, complete });
  const inScope = input.findings.filter(isInScope);
  const { marked, comparison } = compareWithEarlier(inScope, earlier);
  const unknown = marked.filter((_, index) => !applied?.known.has(inScope[index]!));
  const shown = touches ? selectChanged(unknown, touches) : unknown;
  return {
    findings: shown,
    allFindings: marked,
    ...(comparison ? { comparison } : {}),
    hidden: { baseline: marked.length - unknown.length, untouched: unknown.length - shown.length },
    notAssessed: applied?.notAssessed ?? [],
  };
}
