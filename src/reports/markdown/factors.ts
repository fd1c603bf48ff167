import type { Assessment } from '../../assessment/types.ts';
import { code, escapeProse } from '../../reporters/markdown-text.ts';
import type { Tell } from '../../reporters/terms.ts';
import type { Result } from '../../types.ts';
import { factorMarks, placeOf, table } from './write.ts';

const roman = ['', 'I', 'II', 'III', 'IV', 'V', 'VI', 'VII', 'VIII', 'IX', 'X', 'XI', 'XII', '13', '14', '15'];

/** The scorecard over all services, with the worst that speaks against each factor. */
export function writeFactors({ factors }: Assessment, result: Result, tell: Tell): readonly string[] {
  const findings = new Map((result.allFindings ?? result.findings).map((finding) => [finding.fingerprint, finding]));
  return [
    `## ${tell('report.factors')}`,
    '',
    ...table(
      ['', '', tell('column.factor'), tell('column.state'), tell('column.why'), tell('column.example')],
      factors.map(({ number, title, state, because, against, for: signs }) => {
        const worst = against.map((fingerprint) => findings.get(fingerprint)).find((finding) => finding !== undefined);
        const shown = worst
          ? `${placeOf(worst.place)} ${code(worst.rule)}`
          : signs[0]
            ? `${placeOf(signs[0].place)} ${escapeProse(signs[0].text)}`
            : '';
        return [factorMarks[state], roman[number]!, title, tell(`factor.${state}`), escapeProse(because), shown];
      }),
    ),
    '',
  ];
}
