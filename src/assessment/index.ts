/** Judges a result as a whole: gates, factors, work, strategy, targets, map. The same result gives the same assessment. */
import { matchKnown, toKnown } from '../findings/match-known.ts';
import { findingsFor, isOfNone } from '../text/finding-questions.ts';
import type { Finding, Result, ServiceResult } from '../types.ts';
import { type FactorsOf, judgeFactors, sumFactors } from './factors.ts';
import { judgeGates } from './gates.ts';
import { drawMap } from './map.ts';
import { countOf, english, type Say } from './phrases.ts';
import { chooseStrategy } from './strategy.ts';
import { compareTargets } from './targets.ts';
import { compareWithEarlier } from './trend.ts';
import type { Assessment, ServiceAssessment, WorkItem } from './types.ts';
import { decideVerdict } from './verdict.ts';
import { linkItems, makeWaves } from './waves.ts';
import { makeItems } from './work-items.ts';

export { isAsked } from './gates.ts';
export { readSavedResult, SavedResultError } from './saved-result.ts';

/** What of a result is judged: all of it is in a saved one. */
export type Judged = Omit<Result, 'root' | 'excerpt' | 'text'>;

export interface AssessOptions {
  /** An earlier result to compare with. */
  readonly earlier?: Judged;
  /** The language of what is said; default English. */
  readonly say?: Say;
}

const rank = { error: 0, warning: 1, note: 2 } as const;
/** A saved result has the worst first; within a level both keep the pipeline's order. */
const inOrder = (findings: readonly Finding[]): readonly Finding[] => findings.toSorted((a, b) => rank[a.level] - rank[b.level]);

interface Judging {
  readonly result: Judged;
  readonly findings: readonly Finding[];
  /** Those that count for no service. */
  readonly outside: readonly Finding[];
  readonly items: readonly WorkItem[];
  readonly factorsOf: FactorsOf;
  readonly summaries: ReadonlyMap<string, string>;
  readonly say: Say;
}

function assessService(service: ServiceResult, { findings: all, outside, items, factorsOf, summaries, say }: Judging): ServiceAssessment {
  const findings = findingsFor(all, service.name);
  const gates = judgeGates(service, findings, say);
  const decided = decideVerdict(service, { gates, findings, outside }, say);
  /** A result that leaves findings out still knows how many blockers there were. */
  const isPartial = service.blockers > findings.filter(({ level }) => level === 'error').length;
  const verdict = isPartial ? service.verdict : decided.verdict;
  const isSaid = isPartial || (verdict === service.verdict && !outside.length);
  return {
    service: isSaid ? service : { ...service, ...decided },
    verdict,
    gates,
    factors: judgeFactors(service, findings, factorsOf, say),
    strategy: chooseStrategy({ service, verdict, findings, summaries }, say),
    targets: compareTargets({ service, verdict, findings }, say),
    effort: items.filter(({ services }) => services.includes(service.name)).reduce((sum, { effort }) => sum + effort, 0),
  };
}

function listAssumptions({ notAssessed, suppressed, hidden }: Judged, say: Say): readonly string[] {
  const left = hidden ? hidden.baseline + hidden.untouched : 0;
  return [
    say('assumption.order'),
    say('assumption.effort'),
    say('assumption.targets'),
    say('assumption.static'),
    ...(notAssessed.length ? [say('assumption.unread', { count: countOf(say, notAssessed.length, 'part') })] : []),
    ...(suppressed.length ? [say('assumption.suppressed', { count: countOf(say, suppressed.length, 'finding') })] : []),
    ...(left ? [say('assumption.hidden', { count: countOf(say, left, 'finding') })] : []),
  ];
}

export function assess(result: Judged, { earlier, say = english }: AssessOptions = {}): Assessment {
  const findings = inOrder(result.allFindings ?? result.findings);
  const factors = new Map(result.rules.map((rule) => [rule.id, rule.factors]));
  const factorsOf: FactorsOf = ({ rule }) => factors.get(rule) ?? [];
  const summaries = new Map(result.rules.map((rule) => [rule.id, rule.summary]));
  const items = linkItems(makeItems(findings, result, say));
  const names = new Set(result.services.map(({ name }) => name));
  const outside = findings.filter((finding) => isOfNone(finding, names));
  const judging = { result, findings, outside, items, factorsOf, summaries, say };
  const services = result.services.map((service) => assessService(service, judging));
  const assessment: Assessment = {
    services,
    factors: sumFactors(services, outside, factorsOf, say),
    items,
    waves: makeWaves(items, services, findings, say),
    outside: outside.map(({ fingerprint }) => fingerprint),
    map: drawMap(services, say),
    effort: items.reduce((sum, { effort }) => sum + effort, 0),
    assumptions: listAssumptions(result, say),
  };
  return earlier ? { ...assessment, trend: compare(assessment, findings, earlier, say) } : assessment;
}

function compare(now: Assessment, findings: readonly Finding[], earlier: Judged, say: Say): Assessment['trend'] {
  const before = earlier.allFindings ?? earlier.findings;
  return compareWithEarlier(now, findings, assess(earlier, { say }), matchKnown(findings, before.map(toKnown)));
}
