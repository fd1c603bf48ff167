/** Takes out findings that somebody accepted with a reason, and names suppressions that do nothing. */

import ignore from 'ignore';
import type { Config, FolderConfig, IgnoreEntry } from '../config/load-config.ts';
import type { RawFinding } from '../rules/run-rules.ts';
import type { Suppression } from '../text/suppressions.ts';
import type { NotAssessed, Place } from '../types.ts';

export interface Suppressed {
  readonly finding: RawFinding;
  readonly reason: string;
  readonly place: Place;
}
export interface SuppressInput {
  readonly findings: readonly RawFinding[];
  /** Suppressions that stand in files, by path. */
  readonly inFiles: ReadonlyMap<string, readonly Suppression[]>;
  readonly config: Config;
  readonly nested: readonly FolderConfig[];
  /** Rules that ran: a suppression of another one cannot be called unused. */
  readonly ran: ReadonlySet<string>;
  readonly known: ReadonlySet<string>;
  /** YYYY-MM-DD. */
  readonly today: string;
}

/** One suppression of either kind. */
interface Candidate {
  readonly rules: readonly string[];
  readonly reason: string;
  readonly until?: string;
  readonly place: Place;
  covers(place: Place): boolean;
}

const fromFile = (suppression: Suppression): Candidate => ({
  ...suppression,
  covers: ({ path, line }) => path === suppression.place.path && line >= suppression.from && line <= suppression.to,
});

function fromConfig(entry: IgnoreEntry): Candidate {
  const patterns = ignore().add([...entry.patterns]);
  const prefix = entry.base ? `${entry.base}/` : '';
  return {
    ...entry,
    covers({ path }) {
      if (!path.startsWith(prefix)) return false;
      const relative = path.slice(prefix.length);
      return ignore.isPathValid(relative) && patterns.ignores(relative);
    },
  };
}

const note = (reason: string, message: string, place: Place): NotAssessed => ({ reason, message, place, failed: false });
const isNamed = (rules: readonly string[], id: string): boolean => rules.includes(id) || rules.includes('*');

/** Mistakes that keep a suppression from being honoured. */
function judgeSuppressions(suppressions: readonly Suppression[], known: ReadonlySet<string>): NotAssessed[] {
  return suppressions.flatMap(({ rules, problem, place }) => {
    if (problem) return [note('invalid-suppression', `This suppression is not honoured: ${problem}.`, place)];
    const unknown = rules.filter((id) => id !== '*' && !known.has(id));
    return unknown.map((id) => note('invalid-suppression', `This suppression names "${id.slice(0, 60)}", which is no rule.`, place));
  });
}

export function applySuppressions(input: SuppressInput): {
  kept: readonly RawFinding[];
  suppressed: readonly Suppressed[];
  notAssessed: readonly NotAssessed[];
} {
  const inFiles = [...input.inFiles.values()].flat();
  const candidates = [
    ...inFiles.filter(({ problem }) => !problem).map(fromFile),
    ...[input.config, ...input.nested].flatMap((config) => config.ignore).map(fromConfig),
  ];
  const isExpired = ({ until }: Candidate): boolean => until !== undefined && until < input.today;
  const valid = candidates.filter((candidate) => !isExpired(candidate));
  const used = new Set<Candidate>();
  const kept: RawFinding[] = [];
  const suppressed: Suppressed[] = [];
  for (const finding of input.findings) {
    const places = [finding.place, ...(finding.made ?? [])];
    const match = valid.find((candidate) => isNamed(candidate.rules, finding.rule) && places.some((place) => candidate.covers(place)));
    if (!match) kept.push(finding);
    else {
      used.add(match);
      const { made: _, ...shown } = finding;
      suppressed.push({ finding: shown, reason: match.reason, place: match.place });
    }
  }
  const judged = (rules: readonly string[]): boolean => rules.every((id) => input.ran.has(id) || id === '*');
  const notAssessed = [
    ...judgeSuppressions(inFiles, input.known),
    ...candidates
      .filter(isExpired)
      .map(({ rules, until, place }) => note('expired-suppression', `The suppression of ${rules.join(', ')} ended on ${until}.`, place)),
    ...valid
      .filter((candidate) => !used.has(candidate) && judged(candidate.rules))
      .map(({ rules, place }) => note('unused-suppression', `The suppression of ${rules.join(', ')} suppresses nothing.`, place)),
  ];
  return { kept, suppressed, notAssessed };
}
