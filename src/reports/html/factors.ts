/** The twelve factors as a scorecard, and the platforms side by side. */
import type { Factor, Target } from '../../assessment/types.ts';
import {
  evidenceItem,
  factorBadge,
  factorMark,
  findingItem,
  list,
  scroller,
  section,
  serviceLink,
  shortList,
  verdictBadge,
} from './bits.ts';
import { type Content, html, type Markup, prose } from './markup.ts';
import type { View } from './view.ts';

const evidenceLimit = 8;

export function drawFactors(view: View): Markup {
  const { say, assessment } = view;
  const { factors } = assessment;
  return section({ id: 'factors', title: say('factors.title'), lede: say('factors.lede') }, [
    factors.length === 0
      ? html`<p>${say('factors.none')}</p>`
      : html`<div class="scorecard">${factors.map((factor) => drawFactor(view, factor))}</div>`,
    drawMatrix(view),
  ]);
}

/** One row: number, name and state; why; evidence when opened. */
export function drawFactor(view: View, factor: Factor): Markup {
  const head = html`<span class="ordinal">${factor.number}</span><span class="grow"><b>${factor.title}</b> <span class="because">${prose(factor.because)}</span></span>${factorBadge(view, factor.state)}`;
  if (factor.for.length + factor.against.length === 0) return html`<div class="factor flat">${head}</div>`;
  return html`<details class="factor"><summary>${head}</summary>${drawSides(view, factor)}</details>`;
}

/** Evidence on both sides. */
export function drawSides(view: View, { for: right, against }: Pick<Factor, 'for' | 'against'>): Markup {
  const { say } = view;
  const side = (title: string, content: Content): Markup =>
    html`<div><p class="label">${title}</p>${content || html`<p class="muted">${say('details.nothing')}</p>`}</div>`;
  return html`<div class="sides">${side(say('factors.for', { n: right.length }), shortList(view, right, evidenceLimit, evidenceItem(view), 'ticks'))}${side(
    say('factors.against', { n: against.length }),
    shortList(view, against, evidenceLimit, (fingerprint) => findingItem(view, fingerprint), 'plain'),
  )}</div>`;
}

function drawMatrix(view: View): Content {
  const { say, asked, assessment } = view;
  if (asked.length < 2) return undefined;
  const heads = assessment.factors.map(
    ({ number, title }) =>
      html`<th scope="col" class="gate"><span title="${title}">${number}<span class="hidden-text"> ${title}</span></span></th>`,
  );
  const rows = asked.map(({ service, factors }) => {
    const cells = assessment.factors.map(
      ({ number }) =>
        html`<td class="gate">${factorMark(view, factors.find((factor) => factor.number === number)?.state ?? 'not assessed')}</td>`,
    );
    return html`<tr><th scope="row">${serviceLink(view, service.name)}</th>${cells}</tr>`;
  });
  return html`<h3>${say('factors.byService')}</h3>${scroller(
    say('page.scroll', { name: say('factors.byService') }),
    html`<table class="matrix"><thead><tr><th scope="col">${say('services.service')}</th>${heads}</tr></thead><tbody>${rows}</tbody></table>`,
  )}`;
}

export function drawTargets(view: View): Markup {
  const { say, asked } = view;
  const targets = [...new Set(asked.flatMap((service) => service.targets.map(({ target }) => target)))];
  return section(
    { id: 'targets', title: say('targets.title'), lede: say('targets.lede') },
    targets.length === 0
      ? html`<p>${say('targets.none')}</p>`
      : scroller(say('page.scroll', { name: say('targets.title') }), drawTargetTable(view, targets)),
  );
}

function drawTargetTable(view: View, targets: readonly Target[]): Markup {
  const { say, asked } = view;
  const rows = asked.map(({ service, targets: fits }) => {
    const cells = targets.map((target) => {
      const fit = fits.find((entry) => entry.target === target);
      if (!fit) return html`<td>–</td>`;
      const numbers = [say.count('blockers', fit.blockers), say.count('risks', fit.risks), say.count('points', fit.effort)].join(' · ');
      const reasons =
        fit.reasons.length > 0 &&
        html`<details class="why"><summary>${say('targets.reasons')}</summary>${list(fit.reasons.map((reason) => prose(reason)))}</details>`;
      return html`<td>${verdictBadge(view, fit.verdict)}<span class="muted block">${numbers}</span>${reasons}</td>`;
    });
    return html`<tr><th scope="row">${serviceLink(view, service.name)}</th>${cells}</tr>`;
  });
  return html`<table class="targets"><thead><tr><th scope="col">${say('services.service')}</th>${targets.map((target) => html`<th scope="col">${say(`target.${target}`)}</th>`)}</tr></thead><tbody>${rows}</tbody></table>`;
}
