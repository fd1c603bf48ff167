/** What changed since an earlier result. */
import type { Matched } from '../findings/match-known.ts';
import type { Finding, Verdict } from '../types.ts';
import type { Assessment, Trend } from './types.ts';

/** `earlier`: the earlier result, judged as this one was. `matched`: how the findings of both belong together. */
export function compareWithEarlier(now: Assessment, findings: readonly Finding[], earlier: Assessment, matched: Matched): Trend {
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
    verdicts: compareVerdicts(verdictsOf(earlier), verdictsOf(now)),
    effort: { before: earlier.effort, after: now.effort },
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
