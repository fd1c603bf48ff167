/** The twelve factors, and the later three, as a scorecard. */
import type { Evidence, Finding, ServiceResult } from '../types.ts';
import { byLevel, isAsked, whatItIs } from './gates.ts';
import { countLevels, countOf, type PhraseId, type Say } from './phrases.ts';
import type { Factor, ServiceAssessment } from './types.ts';

const numbers = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];
const titleOf = (say: Say, number: number): string => say(`factor.${number}` as PhraseId);

/** Errors violate it, and so do warnings when nothing is right; notes leave something to be wished for. */
function decideState(against: readonly Finding[], signs: readonly Evidence[]): Factor['state'] {
  if (against.some(({ level }) => level === 'error')) return 'violated';
  if (against.some(({ level }) => level === 'warning')) return signs.length ? 'partly' : 'violated';
  if (against.length) return 'partly';
  return signs.length ? 'met' : 'not assessed';
}

function sayWhy(against: readonly Finding[], signs: readonly Evidence[], say: Say): string {
  const data = { against: countLevels(say, against), signs: countOf(say, signs.length, 'sign') };
  if (against.length && signs.length) return say('factor.because.both', data);
  if (against.length) return say('factor.because.against', data);
  return signs.length ? say('factor.because.for', data) : say('factor.because.none');
}

/** Of which factors a finding speaks. */
export type FactorsOf = (finding: Finding) => readonly number[];

export function judgeFactors(service: ServiceResult, findings: readonly Finding[], factorsOf: FactorsOf, say: Say): readonly Factor[] {
  return numbers.map((number) => {
    const against = findings.filter((finding) => factorsOf(finding).includes(number)).toSorted(byLevel);
    const signs = isAsked(service) ? service.evidence.filter(({ factors }) => factors.includes(number)) : [];
    const notAsked = !isAsked(service) && !against.length;
    return {
      number,
      title: titleOf(say, number),
      state: decideState(against, signs),
      for: signs,
      against: against.map(({ fingerprint }) => fingerprint),
      because: notAsked ? say('factor.because.other', { what: whatItIs(say, service) }) : sayWhy(against, signs, say),
    };
  });
}

const stateOrder: readonly Factor['state'][] = ['violated', 'partly', 'met', 'not assessed'];
/** Over all services that are asked, and what was found outside of them: the worst decides. */
export function sumFactors(
  services: readonly ServiceAssessment[],
  outside: readonly Finding[],
  factorsOf: FactorsOf,
  say: Say,
): readonly Factor[] {
  const asked = services.filter(({ service, factors }) => isAsked(service) || factors.some(({ against }) => against.length > 0));
  return numbers.map((number) => {
    const own = asked.flatMap(({ factors }) => factors.filter((factor) => factor.number === number));
    const against = outside.filter((finding) => factorsOf(finding).includes(number)).toSorted(byLevel);
    const count = (state: Factor['state']): number => own.filter((factor) => factor.state === state).length;
    const states = stateOrder.filter((state) => count(state) > 0).map((state) => say(`factor.overall.${state}`, { count: count(state) }));
    const text = states.length
      ? say('factor.overall', { states: states.join(', '), services: countOf(say, own.length, 'service') })
      : say('factor.overall.nobody');
    return {
      number,
      title: titleOf(say, number),
      state: worst(own, against),
      for: own.flatMap((factor) => factor.for),
      against: [...own.flatMap((factor) => factor.against), ...against.map(({ fingerprint }) => fingerprint)],
      because: against.length ? say('factor.overall.repository', { text, against: countLevels(say, against) }) : text,
    };
  });
}

function worst(own: readonly Factor[], outside: readonly Finding[]): Factor['state'] {
  const states = new Set(own.map(({ state }) => state));
  if (states.has('violated') || outside.some(({ level }) => level === 'error')) return 'violated';
  if (states.has('partly') || outside.length) return 'partly';
  return states.has('met') ? 'met' : 'not assessed';
}
