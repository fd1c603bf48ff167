import type { ReportingDescriptor } from 'sarif';
import type { Level, Rule } from '../../types.ts';
import { cutText } from '../visible-text.ts';

/** GitHub shows at most this much of `fullDescription`. */
const descriptionLimit = 1024;
/** GitHub shows at most ten tags. */
const tagLimit = 10;
const problemSeverity: Readonly<Record<Level, string>> = { error: 'error', warning: 'warning', note: 'recommendation' };

/** A rule as GitHub shows it beside an alert. */
export function describeRule(rule: Rule): ReportingDescriptor {
  const { id, summary, level, docs, securitySeverity } = rule;
  return {
    id,
    name: id.replace(/(?:^|-)(.)/g, (_, letter: string) => letter.toUpperCase()),
    shortDescription: { text: endSentence(summary.charAt(0).toUpperCase() + summary.slice(1)) },
    fullDescription: { text: cutText(`${docs.what} ${docs.why}`, descriptionLimit) },
    ...(docs.references[0] ? { helpUri: docs.references[0] } : {}),
    help: { text: helpAsText(rule), markdown: helpAsMarkdown(rule) },
    defaultConfiguration: { level },
    properties: {
      tags: tagsOf(rule),
      precision: 'high',
      'problem.severity': problemSeverity[level],
      ...(securitySeverity === undefined ? {} : { 'security-severity': securitySeverity }),
    },
  };
}

function tagsOf({ category, factors, securitySeverity }: Rule): string[] {
  const security = securitySeverity === undefined ? [] : ['security'];
  return ['cloud-native', category, ...security, ...factors.map((factor) => `factor-${factor}`)].slice(0, tagLimit);
}

function helpAsText({ docs }: Rule): string {
  return [docs.what, `Why: ${docs.why}`, `How: ${docs.how}`, `Bad:\n${docs.bad}`, `Good:\n${docs.good}`, ...docs.references].join('\n\n');
}

function helpAsMarkdown({ docs }: Rule): string {
  const references = docs.references.map((url) => `- <${url}>`).join('\n');
  return [
    docs.what,
    `**Why it matters.** ${docs.why}`,
    `**What to do.** ${docs.how}`,
    `Bad:\n\n${fence(docs.bad)}`,
    `Good:\n\n${fence(docs.good)}`,
    ...(references ? [`References:\n\n${references}`] : []),
  ].join('\n\n');
}

const fence = (code: string): string => `\`\`\`\n${code.trimEnd()}\n\`\`\``;

/** With a full stop, as SARIF2001 asks of messages. */
export function endSentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
