import type { Comparison, Finding, NotAssessed, Reporter, Result, ServiceResult } from '../types.ts';
import { countLevels, sortBySeverity } from './order.ts';
import { printJson } from './visible-text.ts';

/** Version of the output's form (`schemas/result.schema.json`): the minor grows with new members, the major when one changes or goes. */
export const formatVersion = '1.4';

/** Everything in the result as data, for other programs. No machine paths and no time, so that equal trees give equal bytes. */
export const json: Reporter = {
  id: 'json',
  asksForFixes: true,
  render: (result, { version }) => printJson(describeResult(result, version)),
};

export function describeResult(result: Result, version: string) {
  const factors = new Map(result.rules.map((rule) => [rule.id, rule.factors]));
  const describe = (finding: Finding) => ({
    ...describeFinding(finding, factors.get(finding.rule) ?? []),
    fix: describeFix(result, finding),
  });
  return {
    version: formatVersion,
    tool: { name: 'cloudworthy', version },
    counts: countEverything(result),
    services: result.services.map(describeService),
    findings: sortBySeverity(result.findings).map(describe),
    comparison: result.comparison && describeComparison(result.comparison),
    hidden: result.hidden && { baseline: result.hidden.baseline, untouched: result.hidden.untouched },
    notAssessed: result.notAssessed.map(describeNotAssessed),
    suppressed: result.suppressed.map(({ finding, reason, place }) => ({ finding: describe(finding), reason, place })),
    rules: result.rules.map(({ id, category, summary, level, effort, factors: numbers }) => ({
      id,
      category,
      summary,
      level,
      effort,
      factors: numbers,
    })),
  };
}

function describeService(service: ServiceResult) {
  const { name, root, kind, place, verdict, answer, blockers, gates, platforms, read, copies, images, workloads, uses } = service;
  return {
    name,
    root,
    kind,
    place,
    verdict,
    answer,
    blockers,
    gates: gates?.map(({ id, state }) => ({ id, state })),
    platforms,
    read,
    copies,
    images,
    workloads,
    uses,
    evidence: service.evidence.map(({ id, gate, factors, data, text, place: at }) => ({ id, gate, factors, data, text, place: at })),
    links: service.links.map(({ from, to, because, confidence, places }) => ({ from, to, because, confidence, places })),
    notAssessed: service.notAssessed,
  };
}

function countEverything(result: Result) {
  const { error, warning, note } = countLevels(result.findings);
  const { files, read, parsed } = result.counts;
  return {
    services: result.services.length,
    findings: result.findings.length,
    errors: error,
    warnings: warning,
    notes: note,
    suppressed: result.suppressed.length,
    notAssessed: result.notAssessed.length,
    files,
    read,
    parsed,
  };
}

function describeFinding(finding: Finding, factors: readonly number[]) {
  const { rule, category, level, confidence, service, messageId, data, text, consequence, next, place, related } = finding;
  return {
    rule,
    category,
    level,
    confidence,
    service,
    concerns: finding.concerns?.map(({ service: name, level: there }) => ({ service: name, level: there })),
    factors,
    effort: finding.effort,
    messageId,
    data,
    text,
    consequence,
    next,
    additions: finding.additions?.map(({ id, data: filled }) => ({ id, data: filled })),
    place,
    related: related.map(({ place: at, message }) => ({ place: at, message })),
    subject: finding.subject,
    fingerprint: finding.fingerprint,
    status: finding.status,
  };
}

/** The best way to remove it, if there is one. */
function describeFix(result: Result, finding: Finding) {
  const [fix] = result.fixes(finding);
  return fix && { title: fix.title, safe: fix.safe };
}

const describeComparison = ({ since, new: added, unchanged, solved }: Comparison) => ({
  since,
  new: added,
  unchanged,
  solved: solved.map(({ fingerprint, rule, level, service, path, subject, message }) => ({
    fingerprint,
    rule,
    level,
    service,
    path,
    subject,
    message,
  })),
});

const describeNotAssessed = ({ reason, message, place, service, failed }: NotAssessed) => ({ reason, message, place, service, failed });
