/** What the rules mean, what was not looked at, and what the numbers rest on. */
import type { Confidence, Result, Rule } from '../../types.ts';
import { list, placeRef, section, verdictBadge } from './bits.ts';
import { type Content, codeLines, html, type Markup, prose, webAddress } from './markup.ts';
import type { ShownVerdict, View } from './view.ts';

export function drawRules(view: View): Content {
  const { say, result, findings } = view;
  const used = new Set(findings.map(({ rule }) => rule));
  const known = new Map(result.rules.map((rule) => [rule.id, rule]));
  const ids = [...used].sort();
  if (ids.length === 0) return undefined;
  return section(
    { id: 'rules', title: say('rules.title'), lede: say('rules.lede') },
    ids.map((id) => drawRule(view, id, known.get(id))),
  );
}

function drawRule(view: View, id: string, rule: Rule | undefined): Markup {
  const { say } = view;
  const anchor = view.anchor('rule', id);
  if (!rule) return html`<p class="rule" id="${anchor}"><code>${id}</code></p>`;
  const { docs } = rule;
  const links = docs.references
    .map(webAddress)
    .flatMap((address) => (address === undefined ? [] : [html`<a href="${address}" rel="noreferrer">${address}</a>`]));
  const block = (title: string, text: string): Content =>
    text !== '' && html`<div><p class="label">${title}</p><pre class="sample">${codeLines(text)}</pre></div>`;
  return html`<details class="rule"><summary><span class="grow"><code>${id}</code> ${rule.summary}</span></summary><div class="body" id="${anchor}"><p>${prose(docs.what)}</p><h3>${say('rules.why')}</h3><p>${prose(docs.why)}</p><h3>${say('rules.how')}</h3><p>${prose(docs.how)}</p><div class="sides">${block(say('rules.bad'), docs.bad)}${block(say('rules.good'), docs.good)}</div>${links.length > 0 && html`<p class="label">${say('rules.more')}</p>${list(links)}`}</div></details>`;
}

export function drawGaps(view: View): Markup {
  const { say, result } = view;
  return html`${section({ id: 'gaps', title: say('gaps.title'), lede: say('gaps.lede') }, drawGapTable(view, result))}${drawSuppressed(view, result)}`;
}

function drawGapTable(view: View, { notAssessed }: Result): Content {
  const { say } = view;
  if (notAssessed.length === 0) return html`<p>${say('gaps.none')}</p>`;
  const rows = notAssessed.map(
    ({ reason, message, place, service, failed }) =>
      html`<tr><td>${prose(message)}${service !== undefined && html` <span class="muted">${service}</span>`}</td><td>${place && placeRef(view, place)}</td><td><code>${reason}</code>${failed && html` <span class="pill">${say('gaps.failed')}</span>`}</td></tr>`,
  );
  return html`<table class="stack"><thead><tr><th scope="col">${say('gaps.what')}</th><th scope="col">${say('gaps.where')}</th><th scope="col">${say('gaps.reason')}</th></tr></thead><tbody>${rows}</tbody></table>`;
}

function drawSuppressed(view: View, { suppressed }: Result): Content {
  const { say } = view;
  if (suppressed.length === 0) return undefined;
  const rows = suppressed.map(
    ({ finding, reason, place }) =>
      html`<tr><td>${prose(finding.text)} <code>${finding.rule}</code></td><td>${placeRef(view, place ?? finding.place)}</td><td>${prose(reason)}</td></tr>`,
  );
  return section(
    { id: 'suppressed', title: say('suppressed.title'), lede: say('suppressed.lede') },
    html`<table class="stack"><thead><tr><th scope="col">${say('suppressed.finding')}</th><th scope="col">${say('gaps.where')}</th><th scope="col">${say('suppressed.reason')}</th></tr></thead><tbody>${rows}</tbody></table>`,
  );
}

const verdicts: readonly ShownVerdict[] = ['ready', 'at risk', 'blocked', 'unknown', 'not asked'];
const confidences: readonly Confidence[] = ['certain', 'likely', 'guess'];

export function drawMethod(view: View): Markup {
  const { say, assessment, result, options } = view;
  const { files, read, parsed } = result.counts;
  return section({ id: 'method', title: say('method.title') }, [
    html`<h3>${say('method.verdicts')}</h3>`,
    list(verdicts.map((verdict) => html`${verdictBadge(view, verdict)} ${say(`verdict.${verdict}.means`)}`)),
    html`<h3>${say('method.confidence')}</h3>`,
    list(confidences.map((confidence) => html`<b>${say(`confidence.${confidence}`)}</b>: ${say(`confidence.${confidence}.means`)}`)),
    assessment.assumptions.length > 0 &&
      html`<h3>${say('method.assumptions')}</h3>${list(assessment.assumptions.map((text) => prose(text)))}`,
    html`<p class="muted">${say('method.counts', { files, read, parsed })} ${say('method.nothing-run')} ${say('page.made', { version: options.version })}.</p>`,
  ]);
}
