/** Many assessments → one portfolio. */

import { type ServiceAssessment, waveIds } from '../assessment/types.ts';
import { findingsFor, servicesOf } from '../text/finding-questions.ts';
import { groupBy } from '../text/group-by.ts';
import type { Finding, Use, Verdict } from '../types.ts';
import type { Outcome, Portfolio, PortfolioService, SharedCause, SharedStore, TeamWaves } from './types.ts';

type Assessed = Extract<Outcome, { result: unknown }>;
const isAssessed = (outcome: Outcome): outcome is Assessed => 'result' in outcome;

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const unique = (texts: readonly string[]): readonly string[] => [...new Set(texts)].sort(compare);
const sum = <T>(items: readonly T[], of: (item: T) => number): number => items.reduce((total, item) => total + of(item), 0);
const verdictRank: Readonly<Record<Verdict, number>> = { blocked: 0, 'at risk': 1, unknown: 2, ready: 3 };
const findingsOf = ({ result }: Assessed): readonly Finding[] => result.allFindings ?? result.findings;
/** Stores, jobs and images that others make are not asked whether they scale. */
const isAsked = ({ targets }: ServiceAssessment): boolean => targets.length > 0;

export function combine(outcomes: readonly Outcome[]): Portfolio {
  const assessed = outcomes.filter(isAssessed);
  const services = listServices(assessed);
  const waves = listWaves(assessed);
  const count = (verdict: Verdict): number => services.filter((service) => service.verdict === verdict).length;
  return {
    repositories: outcomes.map((outcome) => ({
      ...outcome.member,
      services: isAssessed(outcome) ? outcome.assessment.services.length : 0,
      effort: isAssessed(outcome) ? outcome.assessment.effort : 0,
      ...(isAssessed(outcome) ? {} : { failure: outcome.failure }),
    })),
    services,
    verdicts: { blocked: count('blocked'), 'at risk': count('at risk'), unknown: count('unknown'), ready: count('ready') },
    notAsked: sum(assessed, ({ assessment }) => assessment.services.filter((service) => !isAsked(service)).length),
    causes: findCauses(assessed),
    waves,
    teams: planTeams(assessed, waves),
    stores: findStores(assessed),
    effort: sum(assessed, ({ assessment }) => assessment.effort),
  };
}

function listServices(assessed: readonly Assessed[]): readonly PortfolioService[] {
  return assessed
    .flatMap((outcome) =>
      outcome.assessment.services.filter(isAsked).map(
        ({ service, verdict, effort, strategy }): PortfolioService => ({
          repository: outcome.member.name,
          ...(outcome.member.team === undefined ? {} : { team: outcome.member.team }),
          name: service.name,
          kind: service.kind,
          verdict,
          answer: service.answer,
          blockers: service.blockers,
          risks: findingsFor(findingsOf(outcome), service.name).filter(({ level }) => level === 'warning').length,
          effort,
          strategy: strategy.id,
        }),
      ),
    )
    .sort(
      (a, b) =>
        verdictRank[a.verdict] - verdictRank[b.verdict] ||
        b.effort - a.effort ||
        compare(a.repository, b.repository) ||
        compare(a.name, b.name),
    );
}

/** `repository/service` of every service that it counts for; the repository alone, where it counts for none. */
function namesOf(repository: string, finding: Finding): readonly string[] {
  const services = servicesOf(finding);
  return services.length ? services.map((service) => `${repository}/${service}`) : [repository];
}

/** Findings by rule over all repositories; notes cost nobody anything and are left out. */
function findCauses(assessed: readonly Assessed[]): readonly SharedCause[] {
  const found = assessed.flatMap((outcome) =>
    findingsOf(outcome)
      .filter(({ level }) => level !== 'note')
      .flatMap((finding) => namesOf(outcome.member.name, finding).map((service) => ({ outcome, finding, service }))),
  );
  const causes = [...groupBy(found, ({ finding }) => finding.rule)].map(([rule, places]): SharedCause => {
    const repositories = new Set(places.map(({ outcome }) => outcome));
    const known = places[0]!.outcome.result.rules.find(({ id }) => id === rule);
    const solutions = [...groupBy(places, ({ finding }) => finding.next)].map(([next, solved]) => ({
      next,
      services: new Set(solved.map(({ service }) => service)).size,
    }));
    return {
      rule,
      summary: known?.summary ?? rule,
      services: unique(places.map(({ service }) => service)),
      repositories: repositories.size,
      errors: new Set(places.map(({ finding }) => finding).filter(({ level }) => level === 'error')).size,
      effort: sum([...repositories], ({ assessment }) =>
        sum(
          assessment.items.filter((item) => item.rule === rule),
          ({ effort }) => effort,
        ),
      ),
      solutions: solutions.sort((a, b) => b.services - a.services || compare(a.next, b.next)),
      advice: known?.docs.how ?? '',
    };
  });
  return causes.sort(
    (a, b) => Number(b.errors > 0) - Number(a.errors > 0) || b.services.length - a.services.length || compare(a.rule, b.rule),
  );
}

/** An assessment leaves out waves without work: those of any. */
function listWaves(assessed: readonly Assessed[]): Portfolio['waves'] {
  const titles = new Map(assessed.flatMap(({ assessment }) => assessment.waves.map(({ id, title }) => [id, title] as const)));
  return waveIds.flatMap((id) => (titles.has(id) ? [{ id, title: titles.get(id)! }] : []));
}

function planTeams(assessed: readonly Assessed[], order: Portfolio['waves']): readonly TeamWaves[] {
  const teams = [...groupBy(assessed, ({ member }) => member.team ?? '')].map(([team, members]): TeamWaves => {
    const services = members.flatMap(({ assessment }) => assessment.services.filter(isAsked));
    return {
      ...(team === '' ? {} : { team }),
      services: services.length,
      ready: services.filter(({ verdict }) => verdict === 'ready').length,
      effort: sum(members, ({ assessment }) => assessment.effort),
      waves: order.map(({ id }) => {
        const waves = members.flatMap(({ assessment }) => assessment.waves.filter((wave) => wave.id === id));
        return { id, effort: sum(waves, ({ effort }) => effort), items: sum(waves, ({ items }) => items.length) };
      }),
    };
  });
  return teams.sort((a, b) => compare(a.team ?? '\uffff', b.team ?? '\uffff'));
}

/** A name that every repository gives its own container says nothing about a shared one: a host has a dot, and is not of one cluster. */
const ownHost = /^(?:localhost|127\.|0\.0\.0\.0$)|(?:^|\.)(?:svc|cluster\.local|localhost|docker\.internal|example(?:\.\w{1,5})?)$/i;
const isSharedHost = ({ kind, name }: Use): boolean => kind === 'external' && /^[\w-]+(?:\.[\w-]+)+$/.test(name) && !ownHost.test(name);

function findStores(assessed: readonly Assessed[]): readonly SharedStore[] {
  const uses = assessed.flatMap(({ member, assessment }) =>
    assessment.services.flatMap(({ service }) =>
      service.uses
        .filter((use) => isSharedHost(use) && use.technology !== undefined && !/^https?$/.test(use.technology))
        .map((use) => ({ use, repository: member.name, service: `${member.name}/${service.name}` })),
    ),
  );
  return [...groupBy(uses, ({ use }) => `${use.technology} ${use.name.toLowerCase()}`)]
    .filter(([, users]) => new Set(users.map(({ repository }) => repository)).size > 1)
    .map(([, users]) => ({
      name: users[0]!.use.name,
      technology: users[0]!.use.technology!,
      services: unique(users.map(({ service }) => service)),
    }))
    .sort((a, b) => b.services.length - a.services.length || compare(a.name, b.name));
}
