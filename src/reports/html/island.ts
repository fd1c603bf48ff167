/** What the script needs to know about the findings, in the order in which the page shows them. */
import { makeVisible } from '../../reporters/visible-text.ts';
import { groupFindings } from './findings.ts';
import type { View } from './view.ts';

export interface Island {
  /** Texts that the script writes. */
  readonly strings: Readonly<Record<'shown' | 'copy' | 'copied' | 'open', string>>;
  readonly choices: Readonly<Record<'service' | 'level' | 'wave' | 'factor', readonly (readonly [value: string, label: string])[]>>;
  readonly findings: readonly IslandFinding[];
}
export interface IslandFinding {
  readonly service: string;
  readonly level: string;
  readonly wave: string;
  readonly factors: readonly number[];
  readonly rule: string;
  readonly new: boolean;
}

const choiceLimit = 500;

export function describeIsland(view: View): Island {
  const { say, assessment, result } = view;
  const factors = new Map(result.rules.map((rule) => [rule.id, rule.factors]));
  const groups = groupFindings(view).map((group) => ({ ...group, service: group.service && makeVisible(group.service) }));
  const added = new Set(assessment.trend?.new);
  const findings = groups.flatMap((group) =>
    group.findings.map(
      ({ level, rule, status, fingerprint }): IslandFinding => ({
        service: group.service ?? '',
        level,
        wave: view.itemOf.get(fingerprint)?.wave ?? '',
        factors: factors.get(rule) ?? [],
        rule,
        new: status === 'new' || added.has(fingerprint),
      }),
    ),
  );
  const used = new Set(findings.flatMap((finding) => finding.factors));
  return {
    strings: {
      shown: say('findings.shown'),
      copy: say('findings.copy'),
      copied: say('findings.copied'),
      open: say('findings.open'),
    },
    choices: {
      service: groups.slice(0, choiceLimit).map(({ service }) => [service ?? '', service ?? say('findings.repository')]),
      level: (['error', 'warning', 'note'] as const).map((level) => [level, say(`level.${level}`)]),
      wave: assessment.waves.map(({ id, title }) => [id, title]),
      factor: assessment.factors
        .filter(({ number }) => used.has(number))
        .map(({ number, title }) => [String(number), `${number} ${title}`]),
    },
    findings,
  };
}
