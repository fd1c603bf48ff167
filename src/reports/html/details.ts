/** For the architect: one service with everything that decides about it. */
import type { Gate, ServiceAssessment } from '../../assessment/types.ts';
import type { Link } from '../../types.ts';
import { describeKind, gateBadge, list, placeRef, section, shortList, verdictAndAnswer } from './bits.ts';
import { drawFactor, drawSides } from './factors.ts';
import { type Content, html, type Markup, prose } from './markup.ts';
import { shownVerdict, type View } from './view.ts';

const linkLimit = 30;
/** A system with this many services or fewer shows them opened. */
const openLimit = 2;
/** More services than this stay folded on paper: their answers and gates are in the table. */
const printLimit = 6;

export function drawDetails(view: View): Markup {
  const { say, asked, others } = view;
  const services = [...asked, ...others];
  return section({ id: 'details', title: say('details.title'), lede: say('details.lede') }, [
    services.length === 0 && html`<p>${say('services.none')}</p>`,
    services.length > printLimit && html`<p class="print-only muted">${say('details.folded')}</p>`,
    services.map((service) =>
      drawService(view, service, { open: asked.length <= openLimit && asked.includes(service), many: services.length > printLimit }),
    ),
  ]);
}

interface Folding {
  readonly open: boolean;
  readonly many: boolean;
}

function drawService(view: View, assessed: ServiceAssessment, { open, many }: Folding): Markup {
  const { say } = view;
  const { service, gates, strategy, factors, effort } = assessed;
  const head = html`<h3>${service.name}</h3> <span class="grow">${verdictAndAnswer(view, shownVerdict(assessed), service.answer)}</span><span class="points">${say.count('points', effort)}</span>`;
  const facts = html`<p class="muted">${describeKind(view, service.kind, service.platforms)}${service.root !== undefined && html` · ${say('details.folder')} <code>${service.root === '' ? '.' : service.root}</code>`} · ${placeRef(view, service.place)}</p>`;
  return html`<details class="service${many && ' many'}"${open && html` open`}><summary>${head}</summary><div class="body" id="${view.anchor('service', service.name)}">${facts}${[
    html`<h4>${say('details.strategy', { title: strategy.title })}</h4>${list(strategy.reasons.map((reason) => prose(reason)))}`,
    gates.length > 0 && html`<h4>${say('details.gates')}</h4><div class="gates">${gates.map((gate) => drawGate(view, gate))}</div>`,
    factors.length > 0 &&
      html`<div class="screen-only"><h4>${say('details.factors')}</h4><div class="scorecard">${factors.map((factor) => drawFactor(view, factor))}</div></div>`,
    service.links.length > 0 && html`<h4>${say('details.links')}</h4>${shortList(view, service.links, linkLimit, drawLink(view))}`,
    service.notAssessed.length > 0 && html`<h4>${say('details.gaps')}</h4>${list(service.notAssessed.map((text) => prose(text)))}`,
  ]}</div></details>`;
}

function drawGate(view: View, gate: Gate): Markup {
  const { say } = view;
  const change: Content =
    gate.wouldChange.length > 0 && html`<p class="label">${say('details.change')}</p>${list(gate.wouldChange.map((text) => prose(text)))}`;
  return html`<section class="gate-card"><h5>${gate.title}</h5><p>${gateBadge(view, gate.state)} <span class="muted">${say(`confidence.${gate.confidence}`)}</span></p>${drawSides(view, gate)}${change}</section>`;
}

const drawLink =
  (view: View) =>
  ({ from, to, because, confidence, places }: Link): Markup =>
    html`<code>${from}</code> → <code>${to}</code> ${prose(because)} <span class="muted">${view.say(`confidence.${confidence}`)}</span>${places.slice(0, 1).map((place) => html` ${placeRef(view, place)}`)}`;
