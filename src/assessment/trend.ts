/** What changed since an earlier result. */
import type { Finding, KnownFinding, Verdict } from '../types.ts';
import type { Assessment, Trend } from './types.ts';

/** What is known of the earlier result, judged as this one was. */
export interface Earlier {
  readonly assessment: Assessment;
  readonly findings: readonly Finding[];
}
/** How findings of two results belong together; the pipeline does the same for baselines. */
export interface Matched {
  readonly known: ReadonlyMap<Finding, KnownFinding>;
  readonly worse: ReadonlyMap<Finding, KnownFinding>;
  readonly gone: readonly KnownFinding[];
}

export function compareWithEarlier(now: Assessment, findings: readonly Finding[], earlier: Earlier, matched: Matched): Trend {
  const isKnown = (finding: Finding): boolean => matched.known.has(finding);
  return {
    solved: matched.gone.map(({ fingerprint, rule, message, service }) => ({
      fingerprint,
      rule,
      message,
      ...(service === undefined ? {} : { service }),
    })),
    new: findings.filter((finding) => !isKnown(finding)).map(({ fingerprint }) => fingerprint),
    unchanged: findings.filter(isKnown).map(({ fingerprint }) => fingerprint),
    verdicts: compareVerdicts(verdictsOf(earlier.assessment), verdictsOf(now)),
    effort: { before: earlier.assessment.effort, after: now.effort },
  };
}

const verdictsOf = ({ services }: Assessment): ReadonlyMap<string, Verdict> =>
  new Map(services.map(({ service, verdict }) => [service.name, verdict]));

/** Services whose verdict moved, came or went, by name. */
function compareVerdicts(before: ReadonlyMap<string, Verdict>, after: ReadonlyMap<string, Verdict>): Trend['verdicts'] {
  const names = [...new Set([...before.keys(), ...after.keys()])].sort();
  return names
    .map((service) => ({ service, before: before.get(service) ?? ('absent' as const), after: after.get(service) ?? ('absent' as const) }))
    .filter((moved) => moved.before !== moved.after);
}
