/** Every service with its answer, why, and its gates. */
import type { GateId, ServiceAssessment } from '../../assessment/types.ts';
import { levelFor } from '../../text/finding-questions.ts';
import { describeKind, gateMark, levelBadge, list, scroller, section, serviceLink, shortList, verdictAndAnswer } from './bits.ts';
import { type Content, html, type Markup, prose } from './markup.ts';
import { firstSentence, shownVerdict, type View } from './view.ts';

export const gateIds: readonly GateId[] = [
  'second-copy-safe',
  'any-copy-serves',
  'copy-replaceable',
  'platform-scales',
  'same-build-observable',
];
const reasonLimit = 3;
const ofNoneLimit = 8;

export function drawServices(view: View): Markup {
  const { say, asked, others } = view;
  return section({ id: 'services', title: say('services.title'), lede: say('services.lede') }, [
    asked.length === 0
      ? html`<p>${say('services.none')}</p>`
      : scroller(say('page.scroll', { name: say('services.title') }), drawTable(view, asked)),
    drawOfNone(view),
    others.length > 0 && drawOthers(view, others),
  ]);
}

/** What no verdict counts, beside the verdicts: worst first, one for each root cause. */
function drawOfNone(view: View): Content {
  const { say, assessment } = view;
  const outside = new Set(assessment.outside);
  const serious = view.findings.filter(({ fingerprint, level }) => outside.has(fingerprint) && level !== 'note');
  if (!serious.length) return false;
  const causes = new Map(serious.map((finding) => [view.itemOf.get(finding.fingerprint)?.id ?? finding.rule, finding] as const).reverse());
  const shown = [...causes.values()].reverse();
  return html`<h3>${say('services.none-of')}</h3><p class="lede">${say('services.none-of.lede')}</p>${shortList(
    view,
    shown,
    ofNoneLimit,
    ({ fingerprint, level, text }) =>
      html`${levelBadge(view, level)} <a href="#${view.anchor('finding', fingerprint)}">${prose(firstSentence(text))}</a>`,
  )}`;
}

function drawTable(view: View, services: readonly ServiceAssessment[]): Markup {
  const { say } = view;
  const gateHeads = gateIds.map((id) => html`<th scope="col" class="gate">${say(`gate.${id}`)}</th>`);
  return html`<table class="services"><thead><tr><th scope="col">${say('services.service')}</th><th scope="col">${say('services.answer')}</th>${gateHeads}<th scope="col">${say('services.strategy')}</th><th scope="col" class="number">${say('services.effort')}</th></tr></thead><tbody>${services.map(
    (service) => drawRow(view, service),
  )}</tbody></table>`;
}

function drawRow(view: View, assessed: ServiceAssessment): Markup {
  const { say } = view;
  const { service, gates, strategy, effort } = assessed;
  const marks = gateIds.map(
    (id) =>
      html`<td class="gate" data-label="${say(`gate.${id}`)}">${gateMark(view, gates.find((gate) => gate.id === id)?.state ?? 'unknown')}</td>`,
  );
  return html`<tr><th scope="row"><span class="name">${serviceLink(view, service.name)}</span><span class="muted">${describeKind(view, service.kind, service.platforms)}</span></th><td class="reasons">${verdictAndAnswer(view, shownVerdict(assessed), service.answer)}${drawReasons(view, assessed)}</td>${marks}<td data-label="${say('services.strategy')}">${strategy.title}</td><td class="number" data-label="${say('services.effort')}">${say.number(effort)}</td></tr>`;
}

/** The worst findings, one for each root cause. */
function drawReasons(view: View, { service }: ServiceAssessment): Content {
  const seen = new Set<string>();
  const reasons = view.findings.filter((finding) => {
    const cause = view.itemOf.get(finding.fingerprint)?.id ?? finding.rule;
    const level = levelFor(finding, service.name);
    if (level === undefined || level === 'note' || seen.has(cause) || seen.size >= reasonLimit) return false;
    seen.add(cause);
    return true;
  });
  return list(
    reasons.map(({ fingerprint, text }) => html`<a href="#${view.anchor('finding', fingerprint)}">${prose(firstSentence(text))}</a>`),
    'plain small',
  );
}

function drawOthers(view: View, services: readonly ServiceAssessment[]): Markup {
  const { say } = view;
  return html`<h3>${say('services.others')}</h3><p class="lede">${say('services.others.lede')}</p>${list(
    services.map(
      ({ service }) =>
        html`${serviceLink(view, service.name)} <span class="muted">${describeKind(view, service.kind, service.platforms)} · ${service.answer}</span>`,
    ),
    'columns',
  )}`;
}
