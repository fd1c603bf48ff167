/** Findings that a team knows and has not solved yet, kept in a file of the repository so that only new ones are shown. */
import { ConfigError } from '../config/load-config.ts';
import { parseConfigText } from '../config/parse-config.ts';
import { checkShape, list, type ObjectShape, text } from '../text/shape.ts';
import type { Finding, KnownFinding, NotAssessed, Place } from '../types.ts';
import { maskLine } from './excerpt.ts';
import { type Matched, matchKnown, toKnown } from './match-known.ts';

export interface Baseline {
  /** As the user named it. */
  readonly path: string;
  readonly findings: readonly KnownFinding[];
  place(finding: KnownFinding): Place;
}

const version = 1;
const maxProblems = 20;
const shape: ObjectShape = {
  type: 'object',
  description: 'Findings that are known.',
  required: ['version', 'findings'],
  keys: {
    version: { type: 'number', description: 'Version of the form of this file.' },
    findings: list(
      {
        type: 'object',
        description: 'One finding.',
        required: ['rule', 'level', 'path', 'subject', 'message', 'fingerprint'],
        keys: {
          rule: text('Id of the rule.'),
          level: text('A finding that became worse since is shown.', ['error', 'warning', 'note']),
          service: text('Name of the service.'),
          path: text('File in which it was found.'),
          subject: text('What was found.'),
          message: text('For people; not compared.'),
          fingerprint: text('Identity of the finding.'),
        },
      },
      'Sorted by path, rule, service and subject.',
    ),
  },
};

/** Throws `ConfigError` with `file:line` of every mistake. */
export function parseBaseline(path: string, source: string): Baseline {
  const parsed = parseConfigText({ path: 'baseline.json', text: source });
  const at = (place: Place): string => `${path}:${place.line}`;
  const problems = parsed.problems.length
    ? parsed.problems.map(({ place, message }) => `${at(place)}: ${message}`)
    : checkShape(shape, parsed.data).map((problem) => `${at(parsed.place(problem.at))}: ${[...problem.at, problem.message].join(': ')}`);
  const data = parsed.data as { version: number; findings: readonly KnownFinding[] };
  if (!problems.length && data.version !== version)
    problems.push(
      `${at(parsed.place(['version']))}: version ${data.version} of this file is not known; this program writes version ${version}`,
    );
  if (problems.length) throw new ConfigError(problems.slice(0, maxProblems).join('\n'));
  return {
    path,
    findings: data.findings,
    place: (finding) => ({ ...parsed.place(['findings', data.findings.indexOf(finding)]), path }),
  };
}
const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const compareKnown = (a: KnownFinding, b: KnownFinding): number =>
  compareText(a.path, b.path) ||
  compareText(a.rule, b.rule) ||
  compareText(a.service ?? '', b.service ?? '') ||
  compareText(a.subject, b.subject) ||
  compareText(a.fingerprint, b.fingerprint);

/** Messages hold no secrets by contract; what looks like one is hidden all the same, because this file is committed. */
const hideSecrets = ({ rule, level, service, path, subject, message, fingerprint }: KnownFinding): KnownFinding => ({
  rule,
  level,
  ...(service === undefined ? {} : { service }),
  path,
  subject,
  message: maskLine(message, 0, []),
  fingerprint,
});

/** One member a line and no line numbers: a diff shows which findings came and went. */
export const printBaseline = (findings: readonly Finding[]): string => printKnown(findings.map(toKnown));

function printKnown(findings: readonly KnownFinding[]): string {
  const entries = findings.toSorted(compareKnown).map(hideSecrets);
  return `${JSON.stringify({ version, findings: entries }, null, 2)}\n`;
}

/** Without what is solved; what is left gets the path and the words of today. `findings`: all of the repository. */
export function pruneBaseline(
  { findings: before }: Baseline,
  findings: readonly Finding[],
): { readonly text: string; readonly removed: number } {
  const { known, worse, gone } = matchKnown(findings, before);
  return { text: printKnown([...[...known.keys()].map(toKnown), ...worse.values()]), removed: gone.length };
}

export interface BaselineInput {
  readonly findings: readonly Finding[];
  readonly baseline: Baseline;
  /** Rules that ran: an entry of another one cannot be called unused. */
  readonly ran: ReadonlySet<string>;
  /** False when only a part of the repository was read. */
  readonly complete: boolean;
}

/** Matches findings with the baseline, and says which of its entries match nothing any more. */
export function applyBaseline({
  findings,
  baseline,
  ran,
  complete,
}: BaselineInput): Matched & { readonly notAssessed: readonly NotAssessed[] } {
  const matched = matchKnown(findings, baseline.findings);
  const unused = complete ? matched.gone.filter(({ rule }) => ran.has(rule)) : [];
  if (!unused.length) return { ...matched, notAssessed: [] };
  const what = unused.length === 1 ? '1 entry of the baseline matches' : `${unused.length} entries of the baseline match`;
  const message = `${what} nothing any more: \`cloudworthy baseline prune\` removes what is solved.`;
  return { ...matched, notAssessed: [{ reason: 'unused-baseline', message, place: baseline.place(unused[0]!), failed: false }] };
}
