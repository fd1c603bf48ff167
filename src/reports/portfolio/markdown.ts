import type { Portfolio, SharedCause } from '../../portfolio/types.ts';
import { escapeProse } from '../../reporters/markdown-text.ts';
import { countOf } from '../../reporters/visible-text.ts';
import { listLimited, table, verdictMarks } from '../markdown/write.ts';
import type { PortfolioFormat } from './portfolio-format.ts';

const mostServices = 500;
const mostNames = 12;

/** All repositories on one page: answers, what many share, who does what in which order. */
export const markdown: PortfolioFormat = {
  id: 'markdown',
  render(portfolio) {
    const lines = [
      '# Which services can autoscale?',
      '',
      ...writeSummary(portfolio),
      ...writeCauses(portfolio),
      ...writeTeams(portfolio),
      ...writeServices(portfolio),
      ...writeStores(portfolio),
      ...writeRepositories(portfolio),
    ];
    return `${lines.join('\n')}\n`;
  },
};

function writeSummary({ repositories, services, verdicts, notAsked, effort }: Portfolio): readonly string[] {
  const failed = repositories.filter(({ failure }) => failure !== undefined).length;
  const counts = (['ready', 'at risk', 'blocked', 'unknown'] as const)
    .filter((verdict) => verdicts[verdict] > 0)
    .map((verdict) => `${verdictMarks[verdict]} ${verdicts[verdict]} ${verdict}`);
  return [
    `**${countOf(services.length, 'service')} in ${countOf(repositories.length - failed, 'repository', 'repositories')}: ${counts.join(', ') || 'nothing to ask'}.** What was found takes ${countOf(effort, 'story point')}.`,
    '',
    ...(notAsked
      ? [
          `${countOf(notAsked, 'store, job or image of others is', 'stores, jobs and images of others are')} not asked whether they scale.`,
          '',
        ]
      : []),
    ...(failed ? [`${countOf(failed, 'repository', 'repositories')} could not be read: see the end.`, ''] : []),
  ];
}

const describeSolution = ({ solutions, services }: SharedCause): string => {
  const [first] = solutions;
  if (!first) return '';
  return first.services === services.length ? escapeProse(first.next) : `${escapeProse(first.next)} (solves ${first.services})`;
};

function writeCauses({ causes }: Portfolio): readonly string[] {
  if (!causes.length) return [];
  return [
    '## What many share',
    '',
    ...table(
      ['Services', 'Repositories', 'What', 'Next step', 'Points', 'Rule'],
      causes.map((cause) => [
        `${cause.errors > 0 ? '🔴' : '🟡'} ${cause.services.length}`,
        String(cause.repositories),
        escapeProse(cause.summary),
        describeSolution(cause),
        String(cause.effort),
        cause.rule,
      ]),
    ),
    '',
  ];
}

function writeTeams({ teams, waves }: Portfolio): readonly string[] {
  if (!teams.length) return [];
  return [
    '## Waves',
    '',
    ...table(
      ['Team', 'Services', 'Ready', ...waves.map(({ title }) => escapeProse(title)), 'Points'],
      teams.map((team) => [
        team.team === undefined ? 'no team' : escapeProse(team.team),
        String(team.services),
        String(team.ready),
        ...team.waves.map(({ effort, items }) => `${effort} (${countOf(items, 'item')})`),
        String(team.effort),
      ]),
    ),
    '',
  ];
}

function writeServices({ services }: Portfolio): readonly string[] {
  if (!services.length) return [];
  const rest = services.length - mostServices;
  return [
    '## Services',
    '',
    ...table(
      ['', 'Service', 'Repository', 'Team', 'Answer', 'Strategy', 'Points'],
      services
        .slice(0, mostServices)
        .map((service) => [
          verdictMarks[service.verdict],
          escapeProse(service.name),
          escapeProse(service.repository),
          escapeProse(service.team ?? ''),
          escapeProse(service.answer),
          service.strategy,
          String(service.effort),
        ]),
    ),
    '',
    ...(rest > 0 ? [`And ${countOf(rest, 'more service')}: the CSV lists all.`, ''] : []),
  ];
}

function writeStores({ stores }: Portfolio): readonly string[] {
  if (!stores.length) return [];
  return [
    '## Stores that several repositories use',
    '',
    ...listLimited(
      stores.map(({ name, technology, services }) => {
        const shown = services.slice(0, mostNames).map(escapeProse).join(', ');
        return `${escapeProse(name)} (${escapeProse(technology ?? 'unknown')}): ${shown}${services.length > mostNames ? ` and ${services.length - mostNames} more` : ''}`;
      }),
      100,
    ),
    '',
  ];
}

function writeRepositories({ repositories }: Portfolio): readonly string[] {
  const failed = repositories.filter(({ failure }) => failure !== undefined);
  const empty = repositories.filter(({ failure, services }) => failure === undefined && services === 0);
  return [
    ...(failed.length
      ? [
          '## Not read',
          '',
          ...listLimited(
            failed.map(({ name, failure }) => `**${escapeProse(name)}** ${escapeProse(failure!)}`),
            200,
          ),
          '',
        ]
      : []),
    ...(empty.length
      ? [
          '## Without a service',
          '',
          ...listLimited(
            empty.map(({ name }) => escapeProse(name)),
            200,
          ),
          '',
        ]
      : []),
  ];
}
