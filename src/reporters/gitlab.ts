import type { Finding, Level, Reporter } from '../types.ts';
import { sortBySeverity } from './order.ts';
import { cutText, makeVisible, printJson } from './visible-text.ts';

/** GitLab knows info, minor, major, critical and blocker (GitLab docs, "Code Quality report format"). */
const severities: Readonly<Record<Level, string>> = { error: 'critical', warning: 'major', note: 'info' };
/** The widget shows one line; a description that fills the page hides the others. */
const descriptionLimit = 1000;

/** Code Quality report of GitLab: what a merge request adds and solves is told by the fingerprints. */
export const gitlab: Reporter = {
  id: 'gitlab',
  render: ({ findings }) => printJson(sortBySeverity(findings).map(describe)),
};

const describe = (finding: Finding) => ({
  description: cutText(describeText(finding), descriptionLimit),
  check_name: finding.rule,
  fingerprint: finding.fingerprint,
  severity: severities[finding.level],
  location: { path: finding.place.path, lines: { begin: finding.place.line, end: finding.place.endLine } },
});

function describeText({ text, service, place, related }: Finding): string {
  const elsewhere = related.find(({ place: other }) => other.path !== place.path)?.place;
  const where = elsewhere ? ` (${makeVisible(elsewhere.path)}:${elsewhere.line})` : '';
  return `${service === undefined ? '' : `${makeVisible(service)}: `}${makeVisible(text)}${where}`;
}
