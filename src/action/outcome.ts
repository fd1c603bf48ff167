/** What a run comes to: its outputs and whether it fails. */
import type { Config } from '../config/load-config.ts';
import { countLevels } from '../reporters/order.ts';
import type { Level, Result, Verdict } from '../types.ts';
import type { Written } from './reports.ts';
import type { Runner } from './runner.ts';

/** Worst first. */
const verdicts: readonly Verdict[] = ['blocked', 'at risk', 'unknown', 'ready'];

/** The answer for the repository is that of its worst service. */
export const worstVerdict = ({ services }: Result): Verdict =>
  verdicts.find((verdict) => services.some((service) => service.verdict === verdict)) ?? 'unknown';

const rank: Readonly<Record<Level | 'never', number>> = { never: -1, error: 0, warning: 1, note: 2 };

/** Judges what is shown: an old finding that a pull request does not touch is not its fault. */
export function isFailure({ findings }: Result, failOn: Level | 'never', { maxWarnings }: Config): boolean {
  const tooMany = maxWarnings !== undefined && countLevels(findings).warning > maxWarnings;
  return tooMany || findings.some(({ level }) => rank[level] <= rank[failOn]);
}

/** Counts are of what is shown. Without anything to compare with, nobody knows what is new: the output stays empty. */
export function writeOutputs(runner: Runner, shown: Result, { sarifFile, reportFile }: Written): void {
  const { error, warning, note } = countLevels(shown.findings);
  const outputs = {
    'sarif-file': sarifFile,
    'report-file': reportFile ?? '',
    verdict: worstVerdict(shown),
    'findings-count': shown.findings.length,
    errors: error,
    warnings: warning,
    notes: note,
    'new-findings': countNew(shown) ?? '',
  };
  for (const [name, value] of Object.entries(outputs)) runner.setOutput(name, value);
}

/** New since the commit that was compared with, else what the baseline does not know. */
function countNew({ comparison, findings, hidden }: Result): number | undefined {
  if (comparison) return findings.filter(({ status }) => status === 'new').length;
  return hidden && hidden.baseline > 0 ? findings.length : undefined;
}
