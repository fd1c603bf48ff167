/** Which findings were known before. The fingerprint decides; a finding whose surroundings changed is recognised by less. */
import type { Finding, KnownFinding } from '../types.ts';
import { isAtLeast } from './order-findings.ts';

export interface Matched {
  /** What was known of a finding; a finding that is no key is new. */
  readonly known: ReadonlyMap<Finding, KnownFinding>;
  /** Findings that were known and became worse since: news, although nothing is gone. */
  readonly worse: ReadonlyMap<Finding, KnownFinding>;
  /** What was known and is gone. */
  readonly gone: readonly KnownFinding[];
}

type Keyed = Pick<KnownFinding, 'fingerprint' | 'rule' | 'service' | 'path' | 'subject'>;

/** From strict to lenient: the same; in the same file; moved to another file; the service got another name. */
const keys: readonly ((finding: Keyed) => string)[] = [
  ({ fingerprint }) => fingerprint,
  ({ rule, service, subject, path }) => [rule, service ?? '', subject, path].join('\0'),
  ({ rule, service, subject }) => [rule, service ?? '', subject].join('\0'),
  ({ rule, subject, path }) => [rule, subject, path].join('\0'),
];

/** What a later version needs to know a finding again. */
export const toKnown = ({ fingerprint, rule, level, service, place, subject, text }: Finding): KnownFinding => ({
  fingerprint,
  rule,
  level,
  ...(service === undefined ? {} : { service }),
  path: place.path,
  subject,
  message: text,
});

/** Each known finding stands for one finding at most. */
export function matchKnown(findings: readonly Finding[], before: readonly KnownFinding[]): Matched {
  const known = new Map<Finding, KnownFinding>();
  let left = before;
  for (const key of keys) {
    const byKey = new Map<string, KnownFinding[]>();
    for (const entry of left) byKey.set(key(entry), [...(byKey.get(key(entry)) ?? []), entry]);
    const used = new Set<KnownFinding>();
    for (const finding of findings) {
      const entry = known.has(finding) ? undefined : byKey.get(key({ ...finding, path: finding.place.path }))?.shift();
      if (!entry) continue;
      known.set(finding, entry);
      used.add(entry);
    }
    left = left.filter((entry) => !used.has(entry));
  }
  const worse = new Map([...known].filter(([finding, entry]) => !isAtLeast(entry.level, finding.level)));
  for (const finding of worse.keys()) known.delete(finding);
  return { known, worse, gone: left };
}
