import { homeOf } from '../text/finding-questions.ts';
import { groupBy } from '../text/group-by.ts';
import type { Finding, Reporter, Result } from '../types.ts';
import { findingsOutsideServices, sortBySeverity } from './order.ts';
import { makeVisible } from './visible-text.ts';
import { escapeXml, writeAttributes, xmlHead } from './xml.ts';

/** JUnit XML as Jenkins, Azure Pipelines and GitLab read it: a suite for each service, a failure for each finding. */
export const junit: Reporter = {
  id: 'junit',
  render(result) {
    const suites = listSuites(result);
    const tests = suites.reduce((sum, { findings }) => sum + Math.max(findings.length, 1), 0);
    const failures = result.findings.length;
    const head = `<testsuites${writeAttributes({ name: 'cloudworthy', tests, failures, errors: 0, time: 0 })}>`;
    return `${[xmlHead, head, ...suites.flatMap(writeSuite), '</testsuites>'].join('\n')}\n`;
  },
};

interface Suite {
  readonly name: string;
  /** What a suite without findings says. */
  readonly answer: string;
  readonly findings: readonly Finding[];
}

function listSuites(result: Result): readonly Suite[] {
  const byService = groupBy(sortBySeverity(result.findings), homeOf);
  const suites = result.services.map(({ name, answer }) => ({ name, answer, findings: byService.get(name) ?? [] }));
  const outside = sortBySeverity(findingsOutsideServices(result));
  return outside.length > 0 || suites.length === 0
    ? [...suites, { name: 'whole repository', answer: 'No findings', findings: outside }]
    : suites;
}

function writeSuite({ name, answer, findings }: Suite): readonly string[] {
  const counts = { tests: Math.max(findings.length, 1), failures: findings.length, errors: 0, skipped: 0, time: 0 };
  const cases = findings.length ? findings.flatMap((finding) => writeCase(name, finding)) : [writePassed(name, answer)];
  return [`  <testsuite${writeAttributes({ name, ...counts })}>`, ...cases, '  </testsuite>'];
}

/** A suite without any case is taken for a run that broke off. */
const writePassed = (suite: string, answer: string): string =>
  `    <testcase${writeAttributes({ name: `can it autoscale? ${answer}`, classname: suite, time: 0 })}/>`;

function writeCase(suite: string, finding: Finding): readonly string[] {
  const { rule, place, level, text } = finding;
  const name = `${rule} ${place.path}:${place.line}`;
  return [
    `    <testcase${writeAttributes({ name, classname: suite, file: place.path, line: place.line, time: 0 })}>`,
    `      <failure${writeAttributes({ message: text, type: level })}>${explain(finding).map(escapeXml).join('\n')}</failure>`,
    '    </testcase>',
  ];
}

const explain = ({ consequence, next, place, related }: Finding): readonly string[] => [
  consequence,
  `Next: ${next}`,
  ...[{ place, message: 'found here' }, ...related.slice(0, 20)].map((entry) =>
    makeVisible(`${entry.place.path}:${entry.place.line}: ${entry.message}`),
  ),
];
