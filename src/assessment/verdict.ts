/** The answer for one service, over its gates. Blockers decide; sums only order the work. */
import type { Verdict } from '../types.ts';
import { type Against, type Asked, isAsked, whatItIs } from './gates.ts';
import { countOf, type PhraseId, type Say } from './phrases.ts';
import type { Gate } from './types.ts';

export interface Answer {
  readonly verdict: Verdict;
  /** One sentence. */
  readonly answer: string;
}

/** Why nothing can be said in favour of a service, if so. */
function whyUnknown({ workloads, images, read, root }: Asked): PhraseId | undefined {
  if (!workloads.length && !images.length) return 'answer.no-manifest';
  if (read.code) return undefined;
  if (root === undefined) return 'answer.code-absent';
  return read.unreadLanguage === undefined ? 'answer.code-unread' : 'answer.language-unread';
}

export interface Grounds {
  readonly gates: readonly Gate[];
  /** What counts for the service. */
  readonly findings: readonly Against[];
  /** What belongs to no service. */
  readonly outside: readonly Pick<Against, 'level'>[];
}

/** A yes never hides what was found in the repository around it. */
function sayReady(outside: Grounds['outside'], say: Say): string {
  const count = (level: 'error' | 'warning'): number => outside.filter((one) => one.level === level).length;
  const [errors, warnings] = [count('error'), count('warning')];
  if (!errors && !warnings) return say('answer.ready');
  const both = { errors: countOf(say, errors, 'error'), warnings: countOf(say, warnings, 'warning') };
  const found = errors && warnings ? say('answer.errors-and-warnings', both) : errors ? both.errors : both.warnings;
  return say('answer.ready-but', { found });
}

export function decideVerdict(service: Asked, { gates, findings, outside }: Grounds, say: Say): Answer {
  const blockers = findings.filter(({ level }) => level === 'error').length;
  const risks = findings.filter(({ level }) => level === 'warning').length;
  if (gates.some(({ state }) => state === 'closed'))
    return { verdict: 'blocked', answer: say('answer.blocked', { blockers: countOf(say, blockers, 'blocker') }) };
  const found = risks ? say('answer.risks-found', { risks: countOf(say, risks, 'risk') }) : '';
  if (!isAsked(service)) return { verdict: 'unknown', answer: say('answer.not-asked', { what: whatItIs(say, service), risks: found }) };
  const why = whyUnknown(service);
  if (why) return { verdict: 'unknown', answer: say(why, { risks: found, language: service.read.unreadLanguage ?? '' }) };
  if (gates.some(({ state }) => state === 'at risk'))
    return { verdict: 'at risk', answer: say('answer.at-risk', { risks: countOf(say, risks, 'risk') }) };
  const unsure = gates.find(({ state }) => state === 'unknown');
  return unsure
    ? { verdict: 'unknown', answer: say('answer.unsure', { why: say(`unsure.${unsure.id}`) }) }
    : { verdict: 'ready', answer: sayReady(outside, say) };
}
