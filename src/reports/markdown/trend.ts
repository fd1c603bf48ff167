import type { Assessment } from '../../assessment/types.ts';
import { code, escapeProse } from '../../reporters/markdown-text.ts';
import { countOf } from '../../reporters/visible-text.ts';
import type { Result } from '../../types.ts';
import { listLimited, placeOf } from './write.ts';

const most = 30;

/** What is better and what is worse since the earlier result. */
export function writeTrend({ trend }: Assessment, result: Result): readonly string[] {
  if (!trend) return [];
  const { effort, solved, unchanged, verdicts } = trend;
  const added = new Set(trend.new);
  const news = (result.allFindings ?? result.findings).filter(({ fingerprint }) => added.has(fingerprint));
  const counts = `${solved.length} solved, ${news.length} new, ${unchanged.length} unchanged`;
  const list = (title: string, lines: readonly string[]): readonly string[] =>
    lines.length ? [title, '', ...listLimited(lines, most), ''] : [];
  return [
    '## Since the earlier result',
    '',
    `${counts}. Effort went from ${countOf(effort.before, 'story point')} to ${effort.after}.`,
    '',
    ...list(
      'Answers that changed:',
      verdicts.map(({ service, before, after }) => `**${escapeProse(service)}** ${before} → ${after}`),
    ),
    ...list(
      'Solved:',
      solved.map(
        ({ message, rule, service }) =>
          `${service === undefined ? '' : `**${escapeProse(service)}** `}${escapeProse(message)} ${code(rule)}`,
      ),
    ),
    ...list(
      'New:',
      news.map(
        ({ text, rule, service, place }) =>
          `${service === undefined ? '' : `**${escapeProse(service)}** `}${escapeProse(text)} ${placeOf(place)} ${code(rule)}`,
      ),
    ),
  ];
}
