/** The portfolio as one HTML file without a script: nothing is loaded, sent or run. The same results give the same bytes. */
import { createHash } from 'node:crypto';
import { style } from 'virtual:report-page';
import type { Portfolio, SharedCause, TeamWaves } from '../../portfolio/types.ts';
import { makeTell } from '../../reporters/terms.ts';
import { iconSheet, levelBadge, list, scroller, section, verdictBadge } from '../html/bits.ts';
import { type Content, type Markup, prose, raw, html as write } from '../html/markup.ts';
import { makeSay, type Say } from '../html/say.ts';
import type { View } from '../html/view.ts';
import { chooseStep } from './choose-step.ts';
import type { PortfolioFormat } from './portfolio-format.ts';

export const html: PortfolioFormat = {
  id: 'html',
  render: (portfolio, { lang, version }) => `<!doctype html>\n${drawDocument(portfolio, makeSay(lang), version).text}\n`,
};

const policy = (): string => {
  const hash = createHash('sha256').update(style, 'utf8').digest('base64');
  return `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`;
};

const drawDocument = (portfolio: Portfolio, say: Say, version: string): Markup => write`<html lang="${say.lang}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${raw(policy())}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="cloudworthy ${version}">
<title>${say('portfolio.title')}</title>
<style>${raw(style)}</style>
</head>
<body>
${iconSheet}
<a class="skip" href="#content">${say('page.skip')}</a>
<div class="page">
${drawNavigation(portfolio, say)}
<main id="content" tabindex="-1">
<header><p class="eyebrow">${say('portfolio.eyebrow')}</p><h1>${say('portfolio.title')}</h1><p class="lede">${drawAnswer(portfolio, say)}</p></header>
${drawFigures(portfolio, say)}
${drawCauses(portfolio, say)}
${drawTeams(portfolio, say)}
${drawServices(portfolio, say)}
${drawStores(portfolio, say)}
${drawFailures(portfolio, say)}
<footer><p class="muted">${say('page.made', { version })}</p></footer>
</main>
</div>
</body>
</html>`;

function drawNavigation({ causes, teams, services, stores, repositories }: Portfolio, say: Say): Markup {
  const entries: readonly (readonly [string, string, boolean])[] = [
    ['causes', say('portfolio.causes'), causes.length > 0],
    ['teams', say('portfolio.teams'), teams.length > 0],
    ['services', say('services.title'), services.length > 0],
    ['stores', say('portfolio.stores'), stores.length > 0],
    ['failures', say('portfolio.failures'), repositories.some(({ failure }) => failure !== undefined)],
  ];
  return write`<nav aria-label="${say('page.contents')}"><div><ul>${entries.filter(([, , isThere]) => isThere).map(([id, text]) => write`<li><a href="#${id}">${text}</a></li>`)}</ul></div></nav>`;
}

const drawAnswer = ({ services, verdicts, repositories }: Portfolio, say: Say): string =>
  say('portfolio.answer', {
    ready: verdicts.ready,
    services: say.count('services', services.length),
    repositories: say.count('repositories', repositories.filter(({ failure }) => failure === undefined).length),
  });

function drawFigures({ verdicts, effort }: Portfolio, say: Say): Markup {
  const badges = (['ready', 'at risk', 'blocked', 'unknown'] as const).map(
    (verdict) => write`<div><dt>${verdictBadge({ say } as View, verdict)}</dt><dd><b>${say.number(verdicts[verdict])}</b></dd></div>`,
  );
  return write`<dl class="figures">${badges}<div><dt>${say('summary.effort')}</dt><dd><b>${say.number(effort)}</b></dd></div></dl>`;
}

function drawCauses({ causes }: Portfolio, say: Say): Content {
  if (causes.length === 0) return undefined;
  const row = (cause: SharedCause): Markup => {
    const first = chooseStep(cause);
    const solved =
      first && first.services < cause.services.length
        ? write` <span class="muted">${say('portfolio.solves', { n: first.services })}</span>`
        : undefined;
    return write`<tr><td class="number">${say.number(cause.services.length)}</td><td class="number">${say.number(cause.repositories)}</td><th scope="row">${levelBadge({ say } as View, cause.errors > 0 ? 'error' : 'warning')} ${prose(cause.summary)} <code class="muted">${cause.rule}</code></th><td>${prose(first?.next ?? '')}${solved}</td><td class="number">${say.number(cause.effort)}</td></tr>`;
  };
  const head = write`<thead><tr><th scope="col" class="number">${say('services.title')}</th><th scope="col" class="number">${say('portfolio.repositories')}</th><th scope="col">${say('portfolio.cause')}</th><th scope="col">${say('portfolio.next')}</th><th scope="col" class="number">${say('services.effort')}</th></tr></thead>`;
  return section(
    { id: 'causes', title: say('portfolio.causes'), lede: say('portfolio.causes.lede') },
    scroller(say('page.scroll', { name: say('portfolio.causes') }), write`<table>${head}<tbody>${causes.map(row)}</tbody></table>`),
  );
}

function drawTeams({ teams, waves }: Portfolio, say: Say): Content {
  if (teams.length === 0) return undefined;
  const row = (team: TeamWaves): Markup =>
    write`<tr><th scope="row">${team.team ?? say('portfolio.noTeam')}</th><td class="number">${say.number(team.services)}</td><td class="number">${say.number(team.ready)}</td>${team.waves.map(({ effort, items }) => write`<td class="number">${say.number(effort)} <span class="muted">${say.count('items', items)}</span></td>`)}<td class="number">${say.number(team.effort)}</td></tr>`;
  const head = write`<thead><tr><th scope="col">${say('portfolio.team')}</th><th scope="col" class="number">${say('services.title')}</th><th scope="col" class="number">${say('verdict.ready')}</th>${waves.map(({ title }) => write`<th scope="col" class="number">${title}</th>`)}<th scope="col" class="number">${say('services.effort')}</th></tr></thead>`;
  return section(
    { id: 'teams', title: say('portfolio.teams'), lede: say('portfolio.teams.lede') },
    scroller(say('page.scroll', { name: say('portfolio.teams') }), write`<table>${head}<tbody>${teams.map(row)}</tbody></table>`),
  );
}

function drawServices({ services }: Portfolio, say: Say): Content {
  if (services.length === 0) return undefined;
  const tell = makeTell(say.lang);
  const rows = services.map(
    (service) =>
      write`<tr><th scope="row">${service.name}<span class="muted"> ${service.repository}</span></th><td>${service.team ?? ''}</td><td>${verdictBadge({ say } as View, service.verdict)} ${service.answer}</td><td>${tell(`strategy.${service.strategy}`)}</td><td class="number">${say.number(service.effort)}</td></tr>`,
  );
  const head = write`<thead><tr><th scope="col">${say('services.service')}</th><th scope="col">${say('portfolio.team')}</th><th scope="col">${say('services.answer')}</th><th scope="col">${say('services.strategy')}</th><th scope="col" class="number">${say('services.effort')}</th></tr></thead>`;
  return section(
    { id: 'services', title: say('services.title') },
    scroller(say('page.scroll', { name: say('services.title') }), write`<table>${head}<tbody>${rows}</tbody></table>`),
  );
}

const drawStores = ({ stores }: Portfolio, say: Say): Content =>
  stores.length > 0 &&
  section(
    { id: 'stores', title: say('portfolio.stores'), lede: say('portfolio.stores.lede') },
    list(
      stores.map(({ name, technology, services }) => write`<b>${name}</b> ${technology} <span class="muted">${services.join(', ')}</span>`),
    ),
  );

function drawFailures({ repositories }: Portfolio, say: Say): Content {
  const failed = repositories.filter(({ failure }) => failure !== undefined);
  return (
    failed.length > 0 &&
    section(
      { id: 'failures', title: say('portfolio.failures'), lede: say('portfolio.failures.lede') },
      list(failed.map(({ name, failure }) => write`<b>${name}</b> ${failure}`)),
    )
  );
}
