/** In front of the session: when nothing has changed since an earlier run, its result is given again, and no analyser is loaded. */

import { openFiles } from './files/access.ts';
import { keepAnswer, type Question, recallAnswer } from './files/kept-answer.ts';
import { openTexts } from './findings/excerpt.ts';
import { type AnalyseOptions, findOrigin, listRules, type Origin } from './opening.ts';
import type { Finding, Fix, FixFailure, Place, Result } from './types.ts';

export interface RepeatOptions {
  /** False: nobody will ask for fixes. */
  readonly fixes: boolean;
}

/** A result as it is kept: what it computes when asked is computed before. */
interface SavedResult extends Omit<Result, 'rules' | 'excerpt' | 'text' | 'fixes' | 'fixFailures'> {
  readonly rules: readonly string[];
  readonly secrets: readonly (readonly [path: string, places: readonly Place[]])[];
  /** Of `findingsOf`, in their order; absent: nobody asked for them. */
  readonly fixes?: readonly (readonly Fix[])[];
  readonly fixFailures: readonly FixFailure[];
}

/** Everything that fixes can be asked for. */
const findingsOf = ({ findings, allFindings, suppressed }: Pick<Result, 'findings' | 'allFindings' | 'suppressed'>): readonly Finding[] => [
  ...findings,
  ...(allFindings ?? []),
  ...suppressed.map(({ finding }) => finding),
];

/** `undefined`: the result depends on more than the files and the options. */
function questionOf(options: AnalyseOptions, origin: Origin): Question | undefined {
  const { changed, compareTo, overlay, keeper, cache, onProgress: _, root: __, ...asked } = options;
  if (changed || compareTo !== undefined || overlay?.size || keeper || cache === false) return undefined;
  const { listing, config, nested, baseline } = origin;
  const today = options.today ?? new Date().toISOString().slice(0, 10);
  return { listing, asked: { ...asked, config, nested, baseline: options.baseline ?? baseline, today }, version: __VERSION__ };
}

function reopen({ rules, secrets, fixes, fixFailures, ...saved }: SavedResult, { listing }: Origin): Result {
  const files = openFiles({ listing, overlay: new Map() });
  const known = new Map(listRules().map((rule) => [rule.id, rule]));
  const fixesOf = new Map(findingsOf(saved).map((finding, index) => [finding, fixes?.[index] ?? []]));
  return {
    ...saved,
    rules: rules.map((id) => known.get(id)!),
    ...openTexts((path) => files.text(path), new Map(secrets)),
    fixes: (finding) => fixesOf.get(finding) ?? [],
    fixFailures: () => fixFailures,
  };
}

function save(result: Result, secrets: ReadonlyMap<string, readonly Place[]>, { fixes }: RepeatOptions): SavedResult {
  const { rules, excerpt: _, text: __, fixes: fixesOf, fixFailures, ...plain } = result;
  const made = fixes ? findingsOf(result).map((finding) => fixesOf(finding)) : undefined;
  return { ...plain, rules: rules.map(({ id }) => id), secrets: [...secrets], fixes: made, fixFailures: fixFailures() };
}

/**
 * Like `analyseFolder`, for whoever only prints: the fixes of a repeated result cannot be completed.
 * @throws UsageError when a rule, service or commit that was asked for does not exist
 * @throws ConfigError when a configuration file is wrong
 */
export async function analyseOrRepeat(options: AnalyseOptions, wants: RepeatOptions): Promise<Result> {
  const began = Date.now();
  const origin = findOrigin(options);
  const question = questionOf(options, origin);
  const known = question && (recallAnswer(question) as SavedResult | undefined);
  if (known && (known.fixes || !wants.fixes)) return reopen(known, origin);
  const { analyseOrigin } = await import('./session.ts');
  const { result, secrets, restsOn } = await analyseOrigin(options, origin);
  if (question) keepAnswer(question, restsOn, began, save(result, secrets, wants));
  return result;
}
