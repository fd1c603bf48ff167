/** What all parts of the page look things up in. */
import type { Assessment, ServiceAssessment, WaveId, WorkItem } from '../../assessment/types.ts';
import { sortBySeverity, verdicts } from '../../reporters/order.ts';
import type { Finding, Place, Result, Verdict } from '../../types.ts';
import { isSourceLink, type ReportOptions } from '../report.ts';
import { makeSay, type Say } from './say.ts';

/** `not asked`: a store, a job or an image of others, for which nothing was found. */
export type ShownVerdict = Verdict | 'not asked';

export interface View {
  readonly result: Result;
  readonly assessment: Assessment;
  readonly options: ReportOptions;
  readonly say: Say;
  /** Everything that verdicts count, also what a baseline hides; worst first. */
  readonly findings: readonly Finding[];
  readonly finding: ReadonlyMap<string, Finding>;
  readonly item: ReadonlyMap<string, WorkItem>;
  readonly itemOf: ReadonlyMap<string, WorkItem>;
  /** Those that are asked whether they scale, worst first, and the others. */
  readonly asked: readonly ServiceAssessment[];
  readonly others: readonly ServiceAssessment[];
  /** Id of an element, unique on the page and the same on the next run. */
  anchor(kind: 'service' | 'work' | 'finding' | 'rule', key: string): string;
  sourceLink(place: Place): string | undefined;
}

const unasked = new Set(['database', 'third-party', 'job']);

export const shownVerdict = ({ verdict, service }: ServiceAssessment): ShownVerdict =>
  verdict === 'unknown' && unasked.has(service.kind) ? 'not asked' : verdict;

export function makeView(result: Result, assessment: Assessment, options: ReportOptions): View {
  const findings = sortBySeverity(result.allFindings ?? result.findings);
  const ranked = [...assessment.services].sort((a, b) => verdicts.indexOf(a.verdict) - verdicts.indexOf(b.verdict));
  return {
    result,
    assessment,
    options,
    say: makeSay(options.lang),
    findings,
    finding: new Map(findings.map((finding) => [finding.fingerprint, finding])),
    item: new Map(assessment.items.map((item) => [item.id, item])),
    itemOf: new Map(assessment.items.flatMap((item) => item.findings.map((fingerprint) => [fingerprint, item] as const))),
    asked: ranked.filter((service) => shownVerdict(service) !== 'not asked'),
    others: ranked.filter((service) => shownVerdict(service) === 'not asked'),
    anchor: makeAnchors(),
    sourceLink: makeSourceLink(options.sourceLink),
  };
}

function makeAnchors(): View['anchor'] {
  const byKey = new Map<string, string>();
  const taken = new Set<string>();
  return (kind, key) => {
    const known = byKey.get(`${kind} ${key}`);
    if (known !== undefined) return known;
    const stem = `${kind}-${key
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '')
      .slice(0, 60)}`;
    let anchor = stem;
    for (let next = 2; taken.has(anchor); next++) anchor = `${stem}-${next}`;
    taken.add(anchor);
    byKey.set(`${kind} ${key}`, anchor);
    return anchor;
  };
}

function makeSourceLink(template: string | undefined): View['sourceLink'] {
  if (template === undefined || !isSourceLink(template)) return () => undefined;
  return ({ path, line }) => {
    const encoded = path.split('/').map(encodePart).join('/');
    return template.replaceAll('{path}', () => encoded).replaceAll('{line}', String(line));
  };
}

/** Lone surrogates have no form in an address. */
const encodePart = (part: string): string => encodeURIComponent(part.replace(/\p{Cs}/gu, '\ufffd'));

/** Numbers of the wave in the plan, from 1. */
export const waveNumber = ({ assessment }: View, wave: WaveId): number => assessment.waves.findIndex(({ id }) => id === wave) + 1;

/** The first sentence: the fact without its circumstances. */
export function firstSentence(text: string): string {
  const end = /[.!?](?=\s+[\p{Lu}\p{Lo}`])/u.exec(text);
  return end ? text.slice(0, end.index + 1) : text;
}
