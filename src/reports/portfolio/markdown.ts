import type { Portfolio, SharedCause } from '../../portfolio/types.ts';
import { escapeProse } from '../../reporters/markdown-text.ts';
import { makeTell, type Tell } from '../../reporters/terms.ts';
import { listLimited, table, verdictMarks } from '../markdown/write.ts';
import { chooseStep } from './choose-step.ts';
import type { PortfolioFormat } from './portfolio-format.ts';

const mostServices = 500;
const mostNames = 12;

/** All repositories on one page: answers, what many share, who does what in which order. */
export const markdown: PortfolioFormat = {
  id: 'markdown',
  render(portfolio, { lang }) {
    const tell = makeTell(lang);
    const lines = [
      `# ${tell('portfolio.title')}`,
      '',
      ...writeSummary(portfolio, tell),
      ...writeCauses(portfolio, tell),
      ...writeTeams(portfolio, tell),
      ...writeServices(portfolio, tell),
      ...writeStores(portfolio, tell),
      ...writeRepositories(portfolio, tell),
    ];
    return `${lines.join('\n')}\n`;
  },
};

function writeSummary({ repositories, services, verdicts, notAsked, effort }: Portfolio, tell: Tell): readonly string[] {
  const failed = repositories.filter(({ failure }) => failure !== undefined).length;
  const counts = (['ready', 'at risk', 'blocked', 'unknown'] as const)
    .filter((verdict) => verdicts[verdict] > 0)
    .map((verdict) => `${verdictMarks[verdict]} ${tell('counted.verdict', { n: verdicts[verdict], verdict: tell(`verdict.${verdict}`) })}`);
  return [
    tell('portfolio.summary', {
      services: tell.count('n.service', services.length),
      repositories: tell.count('n.repository', repositories.length - failed),
      counts: counts.join(', ') || tell('report.nothing'),
      points: tell.count('n.point', effort),
    }),
    '',
    ...(notAsked ? [tell.count('portfolio.not-asked', notAsked), ''] : []),
    ...(failed ? [tell('portfolio.failed', { repositories: tell.count('n.repository', failed) }), ''] : []),
  ];
}

const describeSolution = (cause: SharedCause, tell: Tell): string => {
  const first = chooseStep(cause);
  if (!first) return '';
  return first.services === cause.services.length
    ? escapeProse(first.next)
    : tell('portfolio.solves', { next: escapeProse(first.next), n: first.services });
};

function writeCauses({ causes }: Portfolio, tell: Tell): readonly string[] {
  if (!causes.length) return [];
  return [
    `## ${tell('portfolio.causes')}`,
    '',
    ...table(
      [
        tell('column.services'),
        tell('column.repositories'),
        tell('column.what'),
        tell('column.next'),
        tell('column.points'),
        tell('column.rule'),
      ],
      causes.map((cause) => [
        `${cause.errors > 0 ? '🔴' : '🟡'} ${cause.services.length}`,
        String(cause.repositories),
        escapeProse(cause.summary),
        describeSolution(cause, tell),
        String(cause.effort),
        cause.rule,
      ]),
    ),
    '',
  ];
}

function writeTeams({ teams, waves }: Portfolio, tell: Tell): readonly string[] {
  if (!teams.length) return [];
  return [
    `## ${tell('portfolio.waves')}`,
    '',
    ...table(
      [
        tell('column.team'),
        tell('column.services'),
        tell('column.ready'),
        ...waves.map(({ title }) => escapeProse(title)),
        tell('column.points'),
      ],
      teams.map((team) => [
        team.team === undefined ? tell('portfolio.no-team') : escapeProse(team.team),
        String(team.services),
        String(team.ready),
        ...team.waves.map(({ effort, items }) => `${effort} (${tell.count('n.item', items)})`),
        String(team.effort),
      ]),
    ),
    '',
  ];
}

function writeServices({ services }: Portfolio, tell: Tell): readonly string[] {
  if (!services.length) return [];
  const rest = services.length - mostServices;
  return [
    `## ${tell('portfolio.services')}`,
    '',
    ...table(
      [
        '',
        tell('column.service'),
        tell('column.repository'),
        tell('column.team'),
        tell('column.answer'),
        tell('column.strategy'),
        tell('column.points'),
      ],
      services
        .slice(0, mostServices)
        .map((service) => [
          verdictMarks[service.verdict],
          escapeProse(service.name),
          escapeProse(service.repository),
          escapeProse(service.team ?? ''),
          escapeProse(service.answer),
          tell(`strategy.${service.strategy}`),
          String(service.effort),
        ]),
    ),
    '',
    ...(rest > 0 ? [tell.count('portfolio.rest', rest), ''] : []),
  ];
}

function writeStores({ stores }: Portfolio, tell: Tell): readonly string[] {
  if (!stores.length) return [];
  return [
    `## ${tell('portfolio.stores')}`,
    '',
    ...listLimited(
      stores.map(({ name, technology, services }) => {
        const shown = services.slice(0, mostNames).map(escapeProse).join(', ');
        return `${escapeProse(name)} (${escapeProse(technology ?? tell('kind.unknown'))}): ${services.length > mostNames ? tell('report.more', { names: shown, n: services.length - mostNames }) : shown}`;
      }),
      100,
      tell,
    ),
    '',
  ];
}

function writeRepositories({ repositories }: Portfolio, tell: Tell): readonly string[] {
  const failed = repositories.filter(({ failure }) => failure !== undefined);
  const empty = repositories.filter(({ failure, services }) => failure === undefined && services === 0);
  return [
    ...(failed.length
      ? [
          `## ${tell('portfolio.unread')}`,
          '',
          ...listLimited(
            failed.map(({ name, failure }) => `**${escapeProse(name)}** ${escapeProse(failure!)}`),
            200,
            tell,
          ),
          '',
        ]
      : []),
    ...(empty.length
      ? [
          `## ${tell('portfolio.empty')}`,
          '',
          ...listLimited(
            empty.map(({ name }) => escapeProse(name)),
            200,
            tell,
          ),
          '',
        ]
      : []),
  ];
}
