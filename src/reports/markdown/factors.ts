import type { Assessment } from '../../assessment/types.ts';
import { code, escapeProse } from '../../reporters/markdown-text.ts';
import type { Result } from '../../types.ts';
import { factorMarks, placeOf, table } from './write.ts';

const roman = ['', 'I', 'II', 'III', 'IV', 'V', 'VI', 'VII', 'VIII', 'IX', 'X', 'XI', 'XII', '13', '14', '15'];

/** The scorecard over all services, with the worst that speaks against each factor. */
export function writeFactors({ factors }: Assessment, result: Result): readonly string[] {
  const findings = new Map((result.allFindings ?? result.findings).map((finding) => [finding.fingerprint, finding]));
  return [
    '## Twelve factors',
    '',
    ...table(
      ['', '', 'Factor', 'State', 'Why', 'For example'],
      factors.map(({ number, title, state, because, against, for: signs }) => {
        const worst = against.map((fingerprint) => findings.get(fingerprint)).find((finding) => finding !== undefined);
        const shown = worst
          ? `${placeOf(worst.place)} ${code(worst.rule)}`
          : signs[0]
            ? `${placeOf(signs[0].place)} ${escapeProse(signs[0].text)}`
            : '';
        return [factorMarks[state], roman[number]!, title, state, escapeProse(because), shown];
      }),
    ),
    '',
  ];
}
