import type { Assessment } from '../../assessment/types.ts';
import { code, escapeProse } from '../../reporters/markdown-text.ts';
import type { Tell } from '../../reporters/terms.ts';
import type { Result } from '../../types.ts';
import { listLimited, placeOf } from './write.ts';

const most = 30;

/** What is better and what is worse since the earlier result. */
export function writeTrend({ trend }: Assessment, result: Result, tell: Tell): readonly string[] {
  if (!trend) return [];
  const { effort, solved, unchanged, verdicts } = trend;
  const added = new Set(trend.new);
  const news = (result.allFindings ?? result.findings).filter(({ fingerprint }) => added.has(fingerprint));
  const counts = {
    solved: solved.length,
    new: news.length,
    unchanged: unchanged.length,
    before: tell.count('n.point', effort.before),
    after: effort.after,
  };
  const list = (title: string, lines: readonly string[]): readonly string[] =>
    lines.length ? [title, '', ...listLimited(lines, most, tell), ''] : [];
  return [
    `## ${tell('trend.title')}`,
    '',
    tell('trend.counts', counts),
    '',
    ...list(
      tell('trend.verdicts'),
      verdicts.map(
        ({ service, before, after }) => `**${escapeProse(service)}** ${tell(`verdict.${before}`)} → ${tell(`verdict.${after}`)}`,
      ),
    ),
    ...list(
      tell('trend.solved'),
      solved.map(
        ({ message, rule, service }) =>
          `${service === undefined ? '' : `**${escapeProse(service)}** `}${escapeProse(message)} ${code(rule)}`,
      ),
    ),
    ...list(
      tell('trend.new'),
      news.map(
        ({ text, rule, service, place }) =>
          `${service === undefined ? '' : `**${escapeProse(service)}** `}${escapeProse(text)} ${placeOf(place)} ${code(rule)}`,
      ),
    ),
  ];
}
